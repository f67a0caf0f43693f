// Menus: one is open at a time. It closes by Escape, by a click outside and when the focus leaves it.

/** @returns {NodeListOf<HTMLDetailsElement>} */
const open = () => document.querySelectorAll("details.menu[open]")

/** @param {EventTarget | null} [inside] what keeps its menu open */
function close(inside) {
  for (const menu of open()) {
    if (!(inside instanceof Node && menu.contains(inside))) menu.open = false
  }
}

document.addEventListener("click", (event) => close(event.target))
document.addEventListener("focusin", (event) => close(event.target))
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return
  for (const menu of open()) {
    menu.open = false
    menu.querySelector("summary").focus()
  }
})
