// Rows in order (bylines, gallery): buttons move a row up and down, and every row's number follows from its place. Dragging
// comes from adminsortable2, which numbers stored rows alone.
const gettext = window.gettext ?? ((/** @type {string} */ text) => text)

/** @param {Element} body whose rows are numbered anew, unless their numbers say the same order already */
function number(body) {
  const places = /** @type {NodeListOf<HTMLInputElement>} */ (
    body.querySelectorAll("tr.form-row:not(.empty-form) input._reorder_")
  )
  const numbers = [...places].map((place) => Number(place.value))
  if (numbers.every((each, index) => each > 0 && (index === 0 || each >= numbers[index - 1]))) return
  places.forEach((place, index) => {
    place.value = String(index + 1)
  })
}

/**
 * @param {Element} row
 * @param {string} words
 * @param {string} glyph
 * @param {(row: Element) => Element | null} neighbour
 * @param {InsertPosition} where
 */
function button(row, words, glyph, neighbour, where) {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "row-move"
  made.textContent = glyph
  made.setAttribute("aria-label", words)
  made.addEventListener("click", () => {
    const other = neighbour(row)
    if (!other?.matches("tr.form-row:not(.empty-form)")) return
    other.insertAdjacentElement(where, row)
    number(row.parentElement)
    made.form?.dispatchEvent(new Event("input", { bubbles: true }))
    made.focus()
  })
  return made
}

/** @param {Element} row */
function movable(row) {
  if (!row.querySelector("input._reorder_")) return
  const place = row.querySelector("td.original")
  place.append(
    button(row, gettext("Move up"), "↑", (each) => each.previousElementSibling, "beforebegin"),
    button(row, gettext("Move down"), "↓", (each) => each.nextElementSibling, "afterend"),
  )
}

for (const group of document.querySelectorAll("form .story-rows")) {
  for (const row of group.querySelectorAll("tr.form-row:not(.empty-form)")) movable(row)
  group.addEventListener("formset:added", (event) => {
    movable(/** @type {Element} */ (event.target))
    number(/** @type {Element} */ (event.target).parentElement)
  })
}
document.addEventListener(
  "submit",
  () => {
    for (const body of document.querySelectorAll("form .story-rows tbody")) number(body)
  },
  true,
)
