// Going to a field of the story form, wherever it is folded away.

/** @param {Element} element whose folded groups are opened */
export function unfold(element) {
  for (let group = element.closest("details"); group; group = group.parentElement.closest("details")) group.open = true
}

/** @param {Element} element that is unfolded and gets the focus */
export function goTo(element) {
  unfold(element)
  const editor = element.closest(".field-body")?.querySelector("[contenteditable=true]")
  const target = /** @type {HTMLElement} */ (editor ?? element)
  target.focus()
  target.scrollIntoView({ block: "center" })
}
