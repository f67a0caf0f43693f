// The front page desk: rows are moved by their buttons without loading the page, or dragged; stories are chosen in a
// dialog. Without it the same buttons post the form, which comes back rearranged.
import { choose } from "./picker.js"

const translate = window.gettext ?? ((/** @type {string} */ text) => text)
const form = /** @type {HTMLFormElement} */ (document.querySelector(".front-form"))
const said = /** @type {HTMLElement} */ (form.querySelector(".front-changed"))
let isChanged = "changed" in form.dataset

function changed() {
  isChanged = true
  said.hidden = false
}

/** @param {Element} row */
function listOf(row) {
  return /** @type {HTMLElement} */ (row.closest(".front-rows"))
}

/**
 * Put the row into a list, and give its fields and buttons that slot's names.
 *
 * @param {Element} row
 * @param {HTMLElement} list
 * @param {Element | null} before the row that follows
 */
function put(row, list, before) {
  list.insertBefore(row, before)
  const { slot } = list.dataset
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (row.querySelectorAll("input"))) {
    field.name = `${slot}-${field.name.split("-")[1]}`
  }
  changed()
}

/**
 * Without scripts a button says its row's place to the server; so it has to be right when such a button is left alone.
 */
function number() {
  for (const list of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(".front-rows"))) {
    ;[...list.children].forEach((row, place) => {
      for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (row.querySelectorAll("[data-move]"))) {
        button.value = `${button.dataset.move}:${list.dataset.slot}:${place}`
      }
    })
  }
}

/**
 * @param {HTMLElement} list
 * @param {number} step
 */
function neighbour(list, step) {
  const lists = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".front-rows")])
  return lists[lists.indexOf(list) + step]
}

/**
 * @param {Element} row
 * @param {string} way
 */
function move(row, way) {
  const list = listOf(row)
  if (way === "up" && row.previousElementSibling) put(row, list, row.previousElementSibling)
  else if (way === "down" && row.nextElementSibling) put(row, list, row.nextElementSibling.nextElementSibling)
  else if (way === "up" && neighbour(list, -1)) put(row, neighbour(list, -1), null)
  else if (way === "down" && neighbour(list, 1)) put(row, neighbour(list, 1), neighbour(list, 1).firstElementChild)
}

/** @param {Element} row */
function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling
  /** @type {HTMLElement} */
  const beside = next?.querySelector("[data-move=remove]") ?? listOf(row).closest("section")
  row.remove()
  changed()
  beside.focus()
}

form.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("[data-move]")
  if (!(button instanceof HTMLElement)) return
  event.preventDefault()
  const row = /** @type {Element} */ (button.closest(".front-row"))
  if (button.dataset.move === "remove") remove(row)
  else {
    move(row, button.dataset.move ?? "")
    button.focus()
  }
  number()
})

// Choosing a story: its number goes into the field that the page has without scripts.
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll(".front-choose"))) {
  const add = /** @type {HTMLElement} */ (button.parentElement?.querySelector(".front-number"))
  const [field, send] = [add.querySelector("input"), add.querySelector("button")]
  button.hidden = false
  add.hidden = true
  button.addEventListener("click", async () => {
    const item = await choose({ url: button.dataset.stories ?? "", title: button.dataset.title ?? "" })
    if (!item || !field || !send) return
    field.value = String(item.id)
    isChanged = false
    form.requestSubmit(send)
  })
}

// Dragging, for mouse, pen and finger alike.
/** @type {Element | null} */
let dragged = null

/** @param {PointerEvent} event */
function drag(event) {
  if (!dragged) return
  const below = document.elementFromPoint(event.clientX, event.clientY)
  const list = /** @type {HTMLElement | null} */ (below?.closest(".front-slot")?.querySelector(".front-rows") ?? null)
  if (!list) return
  const others = [...list.children].filter((row) => row !== dragged)
  const before = others.find((row) => {
    const { top, height } = row.getBoundingClientRect()
    return event.clientY < top + height / 2
  })
  if (dragged.parentElement !== list || dragged.nextElementSibling !== (before ?? null))
    put(dragged, list, before ?? null)
}

function drop() {
  dragged?.classList.remove("is-dragged")
  form.classList.remove("is-dragging")
  dragged = null
  number()
}

for (const grip of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(".front-grip"))) {
  grip.hidden = false
  grip.title = translate("Drag")
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault()
    grip.setPointerCapture(event.pointerId)
    dragged = grip.closest(".front-row")
    dragged?.classList.add("is-dragged")
    form.classList.add("is-dragging")
  })
  grip.addEventListener("pointermove", drag)
  grip.addEventListener("pointerup", drop)
  grip.addEventListener("pointercancel", drop)
}

form.addEventListener("input", changed)
form.addEventListener("submit", () => {
  isChanged = false
})
window.addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault()
})
