// The panel of checks: asks again when typing has paused (news/newsroom/story_checks.py), one request at a time, and leads
// to the words that a finding is about. What somebody leaves as it is stays hidden in this browser until its words change.
import { headers } from "../session.js"
import { contentOf } from "../writing/content.js"
import { goTo } from "./go-to.js"

const PAUSE = 3_000 // milliseconds after the last change
const PATIENCE = 15_000 // milliseconds that one request may take
const MOST_LEFT = 200 // findings of one story that this browser remembers …
const MOST_STORIES = 50 // … and the stories
const STORED = "pekon-checks"
const gettext = window.gettext ?? ((/** @type {string} */ text) => text)

/** @type {HTMLFormElement} */
const form = document.querySelector("form#article_form")
const panel = document.getElementById("checks")
const list = panel?.querySelector("[data-checks-list]")

// --- What is left as it is ----------------------------------------------------------------------------------------

/** The stored story, or the form of one that is not stored yet. */
const story = () => value("_copy_article") || value("_copy_key")

/** @returns {Record<string, string[]>} story → keys of findings, the story that was changed last at the end */
function everywhere() {
  try {
    return JSON.parse(localStorage.getItem(STORED)) ?? {}
  } catch {
    return {}
  }
}

const left = () => everywhere()[story()] ?? []

/** @param {string[]} keys */
function leave(keys) {
  const { [story()]: _before, ...others } = everywhere()
  const kept = Object.entries(others).slice(1 - MOST_STORIES)
  if (keys.length) kept.push([story(), keys.slice(-MOST_LEFT)])
  try {
    localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(kept)))
  } catch {
    // a browser that stores nothing: they come back with the next look
  }
}

// --- What is shown ------------------------------------------------------------------------------------------------

const all = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[data-check]")])

/** Hide what is left, and say how much there is to look at. */
function show() {
  const keys = left()
  for (const finding of all()) {
    finding.hidden = keys.includes(finding.dataset.check) && Boolean(finding.querySelector("[data-leave]"))
    for (const button of finding.querySelectorAll("button")) button.hidden = false
  }
  for (const group of list.querySelectorAll(".check-list")) {
    const isEmpty = !group.querySelector("li:not([hidden])")
    const title = /** @type {HTMLElement} */ (group.previousElementSibling)
    title.hidden = isEmpty
  }
  const hidden = all().filter((finding) => finding.hidden).length
  const open = all().length - hidden
  const note = /** @type {HTMLElement} */ (panel.querySelector("[data-checks-left]"))
  note.hidden = !hidden
  note.querySelector("span").textContent = gettext("Left as they are: %(count)s").replace("%(count)s", String(hidden))
  const badge = /** @type {HTMLElement} */ (document.querySelector(".checks-count"))
  badge.hidden = !open
  badge.textContent = gettext("Findings: %(count)s").replace("%(count)s", String(open))
}

/** Say it to those who do not see it, once it has changed. */
function say() {
  const badge = /** @type {HTMLElement} */ (document.querySelector(".checks-count"))
  panel.querySelector("[data-checks-said]").textContent = badge.hidden ? gettext("Nothing found") : badge.textContent
}

/** @param {string} html the list as the server writes it */
function replace(html) {
  const answered = new DOMParser().parseFromString(html, "text/html").body
  const focused = document.activeElement
  const held = list.contains(focused) ? /** @type {HTMLElement} */ (focused.closest("[data-check]")) : null
  const which = held && [...held.querySelectorAll("a, button")].indexOf(focused)
  list.replaceChildren(...answered.childNodes)
  show()
  say()
  if (!held) return
  const same = all().find((finding) => finding.dataset.check === held.dataset.check)
  const again = same && !same.hidden ? same.querySelectorAll("a, button")[which] : panel
  if (again instanceof HTMLElement) again.focus({ preventScroll: true })
}

// --- Asking -------------------------------------------------------------------------------------------------------

let timer = 0
let asked = ""
let busy = false

function later() {
  clearTimeout(timer)
  timer = window.setTimeout(ask, PAUSE)
}

async function ask() {
  if (busy || document.visibilityState === "hidden") {
    later()
    return
  }
  const content = JSON.stringify(contentOf(form))
  if (content === asked) return
  busy = true
  try {
    const answer = await fetch(panel.dataset.checks, {
      method: "POST",
      body: JSON.stringify({
        key: value("_copy_key"),
        number: 1,
        article: Number(value("_copy_article")) || null,
        content: JSON.parse(content),
      }),
      headers: headers(),
      signal: AbortSignal.timeout(PATIENCE),
    })
    if (answer.ok) {
      asked = content
      replace((await answer.json()).html)
    }
  } catch {
    // no network: what is shown stays, and the next change asks again
  } finally {
    busy = false
  }
}

/** @param {string} name */
function value(name) {
  return /** @type {HTMLInputElement} */ (form.querySelector(`[name=${name}]`)).value
}

// --- Going to the words -------------------------------------------------------------------------------------------

/** @param {HTMLElement} finding */
function lead(finding) {
  const { field, words } = finding.dataset
  if (field === "body" && words && selectInText(words)) return
  const target = document.getElementById(field === "gallery" ? "gallery-group" : `id_${field}`)
  if (!target) return
  goTo(target)
  if (!words || !(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return
  const at = target.value.indexOf(words)
  if (at >= 0) target.setSelectionRange(at, at + words.length)
}

/**
 * Select the first place in the body that has these words.
 *
 * @param {string} words
 */
function selectInText(words) {
  const place = /** @type {any} */ (form.querySelector(".field-body .ProseMirror"))
  const editor = place?.editor
  if (!editor) return false
  let from = -1
  editor.state.doc.descendants((/** @type {any} */ node, /** @type {number} */ at) => {
    if (from >= 0) return false
    if (!node.isTextblock) return true
    const text = node.textBetween(0, node.content.size, "\n", " ").replaceAll("\u00a0", " ")
    const index = text.indexOf(words)
    if (index >= 0) from = at + 1 + index
    return false
  })
  if (from < 0) return false
  editor.commands.setTextSelection({ from, to: from + words.length })
  editor.commands.focus(undefined, { scrollIntoView: false })
  const { node } = editor.view.domAtPos(from)
  ;(node instanceof Element ? node : node.parentElement).scrollIntoView({ block: "center" })
  return true
}

function listen() {
  list.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button")
    const finding = /** @type {HTMLElement} */ (button?.closest("[data-check]"))
    if (!finding) return
    if (button.matches("[data-go]")) lead(finding)
    if (!button.matches("[data-leave]")) return
    leave([...left(), finding.dataset.check])
    show()
    panel.focus({ preventScroll: true })
  })
  panel.querySelector("[data-checks-left] button").addEventListener("click", () => {
    leave([])
    show()
    panel.focus({ preventScroll: true })
  })
}

if (form && panel?.dataset.checks) {
  listen()
  show()
  later() // for what takes the server too long while a form is opened
  form.addEventListener("input", later)
  form.addEventListener("change", later)
  django.jQuery(form).on("change", later) // Django's search fields tell jQuery alone
}
