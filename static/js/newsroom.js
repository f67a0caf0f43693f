// The story form: the zone beside a time follows the chosen region, leaving with unsaved text asks first,
// and the body editor's buttons speak the newsroom's language (the editor itself only knows English).
const region = document.getElementById("id_region")
if (region?.dataset.zones) {
  const zones = new Map(region.dataset.zones.split(",").map((pair) => pair.split(":")))
  region.addEventListener("change", () => {
    for (const zone of document.querySelectorAll(".zone")) zone.textContent = zones.get(region.value) ?? ""
  })
}

const form = document.getElementById("article_form")
let typed = false
form?.addEventListener("input", () => { typed = true })
form?.addEventListener("submit", () => { typed = false })
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault() })

const translate = window.gettext ?? ((text) => text)
function translateButton(button) {
  for (const name of ["title", "aria-label"]) {
    const said = button.getAttribute(name)
    if (said && translate(said) !== said) button.setAttribute(name, translate(said))
  }
}
function translateToolbars() {
  document.querySelectorAll(".prose-menubar button").forEach(translateButton)
  for (const option of document.querySelectorAll(".prose-menubar__option > *")) {
    const said = option.textContent.toLowerCase()
    if (translate(said) !== said) option.textContent = translate(said)
  }
}
function nameEditors() {
  for (const editor of document.querySelectorAll(".ProseMirror[contenteditable]:not([aria-label])")) {
    const label = editor.closest(".form-row")?.querySelector("label")
    if (label) editor.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""))
  }
}
if (form) {
  translateToolbars()
  nameEditors()
  new MutationObserver(() => { translateToolbars(); nameEditors() }).observe(form, { subtree: true, attributeFilter: ["title"], childList: true })
}
