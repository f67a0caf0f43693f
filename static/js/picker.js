// A dialog that finds photos or stories and gives back the one that was chosen. What it asks is JSON from
// news/newsroom/pickers.py. Whoever opens it gets the focus back when it closes.
const translate = window.gettext ?? ((/** @type {string} */ text) => text)
const WAIT = 200 // milliseconds after the last letter

/**
 * @typedef {object} Item a photo or story
 * @property {number} id
 * @property {string} label
 * @property {string} [note] a second line
 * @property {boolean} [usable] false: shown, and not offered
 * @property {boolean} [own] one's own story
 * @property {string} [url] a story's address
 * @property {string} [thumbnail_url] a photo's small picture; empty: it is being made
 * @property {string} [preview_url]
 * @property {string} [caption]
 * @property {string} [credit]
 * @property {string} [alt]
 * @property {boolean} [is_described] whether the photo has a description, or needs none
 */

/**
 * @typedef {object} Options
 * @property {string} url where to ask
 * @property {string} title what stands above the dialog
 * @property {boolean} [pictures] show photos in a grid
 * @property {string} [words] what is searched for at first
 * @property {(typed: string) => Item | null} [typed] a choice made of what was typed, such as an address
 * @property {{ label: string, value: Item }[]} [more] further buttons below the results
 */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} properties
 * @param {...(Node | string)} children
 */
export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

/**
 * The items with these ids, for those that a text refers to already.
 *
 * @param {string} url
 * @param {(string | number)[]} ids
 * @returns {Promise<Item[]>}
 */
export async function find(url, ids) {
  const asked = new URLSearchParams(ids.map((id) => ["id", String(id)]))
  const response = await fetch(`${url}?${asked}`, { headers: { Accept: "application/json" } })
  return response.ok ? (await response.json()).results : []
}

/**
 * @param {Options} options
 * @returns {Promise<Item | null>} what was chosen; null if the dialog was closed
 */
export function choose(options) {
  return new Promise((resolve) => {
    /** @type {Item | null} */
    let chosen = null
    let page = 1
    let asked = 0
    let timer = 0

    const heading = element("h2", { id: "picker-title", textContent: options.title })
    const close = element("button", { type: "button", className: "picker-close", textContent: "×" })
    close.setAttribute("aria-label", translate("Close"))
    const field = element("input", { type: "search", id: "picker-words", value: options.words ?? "" })
    field.autocomplete = "off"
    const label = element("label", { htmlFor: field.id, textContent: translate("Search") })
    const said = element("p", { className: "picker-said" })
    said.setAttribute("role", "status")
    const list = element("ul", { className: options.pictures ? "picker-photos" : "picker-rows" })
    const further = element("button", { type: "button", className: "picker-more", hidden: true })
    further.textContent = translate("Show more")
    const others = (options.more ?? []).map(({ label, value }) => {
      const button = element("button", { type: "button", className: "picker-more", textContent: label })
      button.addEventListener("click", () => take(value))
      return button
    })
    const head = element("div", { className: "picker-head" }, heading, close)
    const dialog = element("dialog", { className: "picker" }, head, label, field, said, list, further, ...others)
    dialog.setAttribute("aria-labelledby", heading.id)

    /** @param {Item} item */
    function take(item) {
      chosen = item
      dialog.close()
    }

    /** @param {Item} item */
    function row(item) {
      const button = element("button", { type: "button", disabled: item.usable === false })
      if (options.pictures) {
        button.append(
          item.thumbnail_url
            ? element("img", { src: item.thumbnail_url, alt: "", width: 112, height: 112, loading: "lazy" })
            : element("span", { className: "picker-none", textContent: translate("is being made") }),
        )
      }
      button.append(element("span", { className: "picker-label", textContent: item.label }))
      const notes = [item.own ? translate("your own") : "", item.note, item.credit].filter(Boolean)
      if (notes.length) button.append(element("span", { className: "picker-note", textContent: notes.join(" · ") }))
      button.addEventListener("click", () => take(item))
      return element("li", {}, button)
    }

    /** @param {number} wanted the page of results */
    async function ask(wanted) {
      const query = new URLSearchParams({ q: field.value, page: String(wanted) })
      const number = ++asked
      said.textContent = translate("Searching…")
      try {
        const response = await fetch(`${options.url}?${query}`, { headers: { Accept: "application/json" } })
        if (!response.ok) throw new Error(String(response.status))
        const { results, more } = await response.json()
        if (number !== asked) return // a newer question is on its way
        page = wanted
        const rows = results.map(row)
        if (wanted === 1) {
          const typed = options.typed?.(field.value.trim())
          list.replaceChildren(...(typed ? [row(typed)] : []), ...rows)
        } else {
          list.append(...rows)
          rows[0]?.querySelector("button").focus()
        }
        further.hidden = !more
        said.textContent = list.childElementCount ? "" : translate("Nothing was found.")
      } catch {
        if (number === asked) said.textContent = translate("It did not work. Try again.")
      }
    }

    /** @param {number} step */
    function move(step) {
      const buttons = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("button:not(:disabled)")])
      const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step
      if (at < 0) field.focus()
      else buttons[Math.min(at, buttons.length - 1)]?.focus()
    }

    field.addEventListener("input", () => {
      clearTimeout(timer)
      timer = window.setTimeout(ask, WAIT, 1)
    })
    dialog.addEventListener("keydown", (event) => {
      const steps = options.pictures
        ? { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }
        : { ArrowDown: 1, ArrowUp: -1 }
      const isTyping = event.target === field
      const step = steps[/** @type {keyof typeof steps} */ (event.key)]
      if (isTyping && event.key === "Enter") move(1)
      else if (step && !(isTyping && event.key !== "ArrowDown")) move(step)
      else return
      event.preventDefault()
    })
    further.addEventListener("click", () => ask(page + 1))
    close.addEventListener("click", () => dialog.close())
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close() // beside it
    })
    dialog.addEventListener("close", () => {
      clearTimeout(timer)
      asked += 1
      dialog.remove()
      resolve(chosen)
    })

    document.body.append(dialog)
    dialog.showModal()
    field.focus()
    field.select()
    ask(1)
  })
}
