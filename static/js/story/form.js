// The story form: what follows from the region and the kind, a title that shows its length, the menu of acts, and
// mistakes that are found by themselves. Without script all of it can be sent as well.
import { goTo } from "./go-to.js"

const gettext = window.gettext ?? ((/** @type {string} */ text) => text)
/** @type {HTMLFormElement} */
const form = document.querySelector("form#article_form")

/** @param {string} id */
const field = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id))

// --- What the region says: the zone beside times, and the place that opens the text ----------------------------------

function followRegion() {
  const region = /** @type {HTMLSelectElement} */ (document.getElementById("id_region"))
  if (!region?.dataset.regions) return
  /** @type {Record<string, [zone: string, place: string]>} */
  const regions = JSON.parse(region.dataset.regions)
  const dateline = field("id_dateline")
  let before = region.value
  // Both kinds of list: Django's search field tells jQuery alone.
  django.jQuery(region).on("change", () => {
    const [zone, place] = regions[region.value] ?? ["", ""]
    for (const shown of document.querySelectorAll(".zone")) shown.textContent = zone
    const proposed = regions[before]?.[1] ?? ""
    if (dateline && (dateline.value === proposed || !dateline.value)) dateline.value = place
    before = region.value
  })
}

// --- Fields of one line that wrap, and grow with their text ---------------------------------------------------------

/** @param {HTMLTextAreaElement} area */
function growing(area) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) event.preventDefault()
  })
  if (CSS.supports("field-sizing", "content")) return
  const fit = () => {
    area.rows = 1
    while (area.scrollHeight > area.clientHeight && area.rows < 12) area.rows += 1
  }
  area.addEventListener("input", fit)
  fit()
}

/** @param {HTMLElement} guide */
function countLetters(guide) {
  const area = field(guide.dataset.guide)
  const { usual, most } = guide.dataset
  const show = () => {
    const count = [...area.value.trim()].length
    guide.classList.toggle("story-too-long", count > Number(most))
    guide.textContent = gettext("%(count)s letters; usually about %(usual)s, at most %(most)s")
      .replace("%(count)s", String(count))
      .replace("%(usual)s", usual)
      .replace("%(most)s", most)
  }
  area.addEventListener("input", show)
  show()
}

// --- Groups, menus, mistakes -----------------------------------------------------------------------------------------------

function openByKind() {
  const kind = /** @type {HTMLSelectElement} */ (document.getElementById("id_kind"))
  kind?.addEventListener("change", () => {
    for (const group of document.querySelectorAll("details[data-kinds]")) {
      const kinds = /** @type {HTMLElement} */ (group).dataset.kinds.split(" ")
      if (kinds.includes(kind.value)) group.setAttribute("open", "")
    }
  })
}

/** @param {HTMLDetailsElement} menu */
function closing(menu) {
  const close = () => {
    menu.open = false
  }
  document.addEventListener("click", (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) close()
  })
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    close()
    menu.querySelector("summary").focus()
  })
}

function showMistakes() {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".errornote a[href^='#']"))
  for (const link of links) {
    link.addEventListener("click", (event) => {
      const target = document.getElementById(link.hash.slice(1))
      if (!target) return
      event.preventDefault()
      goTo(target)
    })
  }
  const first = links[0] && document.getElementById(links[0].hash.slice(1))
  if (first) goTo(first)
}

function saveByKeyboard() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    form.requestSubmit(form.querySelector("button[name=_save]"))
  })
}

if (form) {
  followRegion()
  for (const area of form.querySelectorAll("textarea.one-line")) growing(/** @type {HTMLTextAreaElement} */ (area))
  for (const guide of form.querySelectorAll("[data-guide]")) countLetters(/** @type {HTMLElement} */ (guide))
  openByKind()
  for (const menu of form.querySelectorAll("details.bar-menu")) closing(/** @type {HTMLDetailsElement} */ (menu))
  saveByKeyboard()
  window.addEventListener("load", showMistakes) // the body editor is there by then
}
