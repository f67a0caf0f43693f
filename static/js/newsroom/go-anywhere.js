// Go anywhere: Ctrl K (⌘ K) opens a dialog; arrows choose one of the places that the server finds, Enter goes there.

const WAIT = 150
/** @type {HTMLDialogElement} */
const dialog = document.querySelector("#go-anywhere")

/** @param {{name: string, about: string, url: string}} place @param {number} number */
function option(place, number) {
  const item = document.createElement("li")
  const about = document.createElement("span")
  item.id = `place-${number}`
  item.setAttribute("role", "option")
  item.dataset.url = place.url
  item.textContent = place.name
  about.textContent = place.about
  item.append(about)
  return item
}

/** @param {Element} item @param {MouseEvent | KeyboardEvent} event with Ctrl or ⌘ for a new tab */
function go(item, event) {
  const { url } = /** @type {HTMLElement} */ (item).dataset
  if (event.ctrlKey || event.metaKey) window.open(url)
  else location.assign(url)
}

if (dialog) {
  const opener = document.getElementById("go-anywhere-open")
  const input = dialog.querySelector("input")
  const list = dialog.querySelector("ul")
  /** @type {HTMLElement} */
  const status = dialog.querySelector("[data-empty]")
  let chosen = 0
  let asked = 0
  let timer = 0

  const choose = (/** @type {number} */ number) => {
    const options = [...list.children]
    chosen = options.length ? (number + options.length) % options.length : 0
    for (const [place, item] of options.entries()) item.setAttribute("aria-selected", String(place === chosen))
    options[chosen]?.scrollIntoView({ block: "nearest" })
    input.setAttribute("aria-activedescendant", options[chosen]?.id ?? "")
  }

  const ask = async () => {
    asked += 1
    const question = asked
    try {
      const answer = await fetch(`${dialog.dataset.url}?${new URLSearchParams({ q: input.value })}`)
      if (!answer.ok || question !== asked) return
      const { places } = await answer.json()
      list.replaceChildren(...places.map(option))
      status.textContent = places.length ? "" : status.dataset.empty
      choose(0)
    } catch {
      // The line is away; Enter still asks the list of stories.
    }
  }

  const open = () => {
    if (dialog.open) return
    dialog.showModal()
    input.select()
    ask()
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    event.preventDefault()
    open()
  })
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    open()
  })
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close()
  })
  list.addEventListener("click", (event) => go(/** @type {HTMLElement} */ (event.target).closest("li"), event))
  input.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(ask, WAIT)
  })
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1)
    else if (event.key === "ArrowUp") choose(chosen - 1)
    else if (event.key === "Enter" && list.children.length) go(list.children[chosen], event)
    else if (event.key === "Escape")
      dialog.close() // and not only what is typed
    else return
    event.preventDefault()
  })
}
