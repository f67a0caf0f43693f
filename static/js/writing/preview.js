// The preview of what is typed: as wide as a phone, or as a desktop.
/** @type {HTMLElement} */
const frame = document.querySelector(".preview-frame")
/** @type {NodeListOf<HTMLElement>} */
const buttons = document.querySelectorAll("button[data-width]")
for (const button of buttons) {
  button.addEventListener("click", () => {
    frame.dataset.width = button.dataset.width
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button))
  })
}
