// A list of suggestions below a field that is typed in: WAI-ARIA's pattern of a combobox with a list. The field keeps the
// focus; when to ask, and what its keys do, is the field's own script.
let lists = 0

export class Suggestions {
  #at = -1

  /**
   * @param {HTMLInputElement | HTMLTextAreaElement} field
   * @param {{ className: string, label: string, take: (name: string) => void }} list `take` puts a name into the field
   */
  constructor(field, { className, label, take }) {
    this.field = field
    this.take = take
    lists += 1
    this.list = document.createElement("ul")
    Object.assign(this.list, { id: `suggestions-${lists}`, className, hidden: true })
    this.list.setAttribute("role", "listbox")
    this.list.setAttribute("aria-label", label)
    field.after(this.list)
    field.setAttribute("aria-autocomplete", "list")
    field.setAttribute("aria-controls", this.list.id)
    field.addEventListener("blur", () => this.offer([]))
  }

  get #rows() {
    return /** @type {HTMLElement[]} */ ([...this.list.children])
  }

  get count() {
    return this.list.children.length
  }

  /** The marked name; nothing if none is marked. */
  get marked() {
    return this.#rows[this.#at]?.textContent
  }

  /**
   * @param {string[]} names
   * @param {number} [at] which one is marked at once; by default none
   */
  offer(names, at = -1) {
    this.list.replaceChildren(
      ...names.map((name, number) => {
        const row = document.createElement("li")
        row.id = `${this.list.id}-${number}`
        row.setAttribute("role", "option")
        row.textContent = name
        row.addEventListener("pointerdown", (event) => {
          event.preventDefault() // the field keeps the focus
          this.take(name)
        })
        return row
      }),
    )
    this.list.hidden = !names.length
    if (this.field.getAttribute("role") === "combobox") {
      this.field.setAttribute("aria-expanded", String(Boolean(names.length)))
    }
    this.#mark(names.length ? at : -1)
  }

  /** @param {1 | -1} step to the next name, or the one before; from the last to the first */
  move(step) {
    const from = this.#at < 0 && step < 0 ? 0 : this.#at
    this.#mark((from + step + this.count) % this.count)
  }

  /** @param {number} at */
  #mark(at) {
    this.#at = at
    this.#rows.forEach((row, number) => {
      row.setAttribute("aria-selected", String(number === at))
    })
    if (at < 0) this.field.removeAttribute("aria-activedescendant")
    else this.field.setAttribute("aria-activedescendant", this.#rows[at].id)
  }
}
