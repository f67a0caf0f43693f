// The panel of comments beside a story (news/newsroom/comments.py): sends its forms without leaving the page, so that
// nothing that is typed in the story is disturbed, and ties threads to their words in the text. Without this script the
// forms work as any other.
import { headers, renew, token } from "../session.js"
import { unfold } from "../story/go-to.js"
import { suggestPeople } from "./mentions.js"
import { readingSurface } from "./reading.js"

const gettext = window.gettext ?? ((/** @type {string} */ text) => text)
const PATIENCE = 30_000 // milliseconds that one request may take
const KEPT = "pekon-comment:" // what is typed in a box outlives the page, in this tab alone

/** @typedef {import("pekon/comments/quotes").Quote} Quote */
/** @typedef {import("pekon/editor/comments").Surface} Surface */

/** @type {HTMLElement & { surface?: Surface }} */
const panel = document.getElementById("comments")
const threads = document.getElementById("comment-threads")
const start = /** @type {HTMLFormElement} */ (document.getElementById("comment-new"))
const box = start.querySelector("textarea")
const said = panel.querySelector(".comment-said")
const { people, person, session } = panel.dataset
const story = /** @type {HTMLFormElement} */ (document.querySelector("form#article_form"))
const isBeside = window.matchMedia("(min-width: 70rem)")
/** @type {Surface} */
let text = null

/** @param {string} id */
const comment = (id) => document.getElementById(`comment-${id}`)

// --- The words that are commented on --------------------------------------------------------------------------------

/** @param {Quote | null} quote what the next comment is about; nothing: the whole story */
function about(quote) {
  const { words = "", prefix = "", suffix = "" } = quote ?? {}
  for (const [name, value] of Object.entries({ quote: words, prefix, suffix })) {
    const field = /** @type {HTMLInputElement} */ (start.querySelector(`[name=${name}]`))
    field.value = value
  }
  start.querySelector(".comment-quote").textContent = words
  start.querySelector(".comment-about").toggleAttribute("hidden", !quote)
}

/** @param {Quote | null} quote */
function ask(quote) {
  if (quote || !box.value) about(quote)
  box.focus({ preventScroll: true })
  start.scrollIntoView({ block: "nearest" })
}

/** @param {string} id */
function activate(id) {
  for (const thread of threads.querySelectorAll(".thread")) {
    thread.classList.toggle("is-active", thread === comment(id))
  }
  text?.activate(id)
}

/** @param {string} id */
function open(id) {
  const found = comment(id)
  if (!found) return
  unfold(found)
  const thread = /** @type {HTMLElement} */ (found.closest(".thread"))
  activate(thread.dataset.thread)
  found.focus({ preventScroll: true })
  found.scrollIntoView({ block: isBeside.matches ? "nearest" : "start" })
}

panel.addEventListener("comments:ask", (event) => ask(/** @type {CustomEvent} */ (event).detail))
panel.addEventListener("comments:open", (event) => open(/** @type {CustomEvent} */ (event).detail))
// A click while somebody writes: the thread comes into sight beside the text, and the cursor stays where it is.
panel.addEventListener("comments:click", (event) => {
  const id = /** @type {CustomEvent} */ (event).detail
  activate(id)
  if (isBeside.matches) comment(id)?.scrollIntoView({ block: "nearest" })
  else offer(gettext("Show the comment"), () => open(id))
})
start.querySelector(".comment-unquote").addEventListener("click", () => {
  about(null)
  box.focus()
})

// --- A button over the text: to comment on chosen words, and on narrow pages to a word's comment --------------------

const chip = document.createElement("button")
let act = () => {}
Object.assign(chip, { type: "button", className: "comment-chip", hidden: true })
chip.addEventListener("pointerdown", (event) => event.preventDefault()) // the words stay chosen
chip.addEventListener("click", () => {
  putAway()
  act()
})

function putAway() {
  chip.hidden = true
}

/** @param {string} words @param {() => void} run */
function offer(words, run) {
  act = run
  chip.textContent = words
  chip.hidden = false
}

document.addEventListener("input", putAway)
document.addEventListener("pointerdown", (event) => {
  if (event.target !== chip) putAway()
})
document.addEventListener("selectionchange", () => {
  if (story) return // the editor's tools have a button for it
  const quote = text?.chosen()
  if (quote) offer(gettext("Comment on these words"), () => ask(quote))
  else putAway()
})
document.addEventListener("keydown", (event) => {
  const isShortcut = event.altKey && (event.ctrlKey || event.metaKey) && event.code === "KeyM"
  if (!isShortcut || event.defaultPrevented) return
  event.preventDefault()
  ask(text?.chosen() ?? null)
})

// --- Threads ----------------------------------------------------------------------------------------------------------

const quotedThreads = () => /** @type {HTMLElement[]} */ ([...threads.querySelectorAll("[data-quote]")])

/** What only a script can do with the threads: their quotes lead to the words, their boxes suggest people. */
function dress() {
  for (const area of panel.querySelectorAll("textarea")) suggestPeople(area, people)
  for (const thread of quotedThreads()) {
    const quote = thread.querySelector(".comment-quote")
    if (quote.querySelector("button")) continue
    const button = document.createElement("button")
    button.type = "button"
    button.title = gettext("Show these words in the text")
    button.append(...quote.childNodes)
    button.addEventListener("click", () => {
      activate(thread.dataset.thread)
      text?.go(thread.dataset.thread)
    })
    quote.append(button)
  }
  if (text) tie()
}

/** Draw the words in the text, and put the threads into its order. */
function tie() {
  const given = quotedThreads()
  text.show(
    given.map(({ dataset }) => ({
      id: dataset.thread,
      words: dataset.quote,
      prefix: dataset.prefix,
      suffix: dataset.suffix,
    })),
  )
  const places = new Map(given.map((thread) => [thread, text.place(thread.dataset.thread)]))
  for (const [thread, place] of places) {
    thread.querySelector(".comment-changed").toggleAttribute("hidden", Boolean(place?.isExact))
  }
  const at = (/** @type {HTMLElement} */ thread) => places.get(thread)?.start ?? Number.POSITIVE_INFINITY
  const sorted = [...given].sort((one, other) => at(one) - at(other) || 0)
  if (sorted.some((thread, number) => thread !== given[number])) given[0].parentElement.append(...sorted)
}

/** @param {string} html */
function show(html) {
  const boxes = () => /** @type {NodeListOf<HTMLTextAreaElement>} */ (threads.querySelectorAll("textarea"))
  const typed = [...boxes()].filter((area) => area.value !== area.defaultValue).map(({ id, value }) => ({ id, value }))
  const wasOpen = document.getElementById("comments-resolved")?.hasAttribute("open")
  threads.innerHTML = html
  document.getElementById("comments-resolved")?.toggleAttribute("open", Boolean(wasOpen))
  for (const { id, value } of typed) fill(id, value)
  dress()
}

/** @param {string} id of a box @param {string} value */
function fill(id, value) {
  const area = /** @type {HTMLTextAreaElement} */ (document.getElementById(id))
  if (!area) return
  area.value = value
  area.closest("details")?.setAttribute("open", "")
}

// --- Sending ------------------------------------------------------------------------------------------------------------

/** @param {FormData} body @param {string} address @returns {Promise<Response>} */
async function post(body, address) {
  body.set("csrfmiddlewaretoken", token())
  return fetch(address, { method: "POST", body, headers: headers(), signal: AbortSignal.timeout(PATIENCE) })
}

/** @type {Set<HTMLFormElement>} */
const busy = new Set()

/** @param {HTMLFormElement} form @param {HTMLElement} button */
async function send(form, button) {
  if (busy.has(form)) return // the first press is on its way
  busy.add(form)
  const error = form.querySelector(".comment-error")
  error.textContent = ""
  said.textContent = gettext("Sending…")
  const body = new FormData(form, button)
  const address = form.getAttribute("action")
  try {
    let answer = await post(body, address)
    const isRefused = answer.status === 403 // the session may be a new one, after a log-in in another tab
    if (isRefused && (await renew(session, Number(person))) === "fresh") answer = await post(body, address)
    const given = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {}
    if (!answer.ok) throw new Error(answer.status === 401 ? loggedOut() : given.error || notSent())
    done(form, given)
  } catch (failure) {
    said.textContent = ""
    const isOurs = failure instanceof Error && failure.constructor === Error
    error.textContent = isOurs ? failure.message : notSent()
  } finally {
    busy.delete(form)
  }
}

const notSent = () => gettext("Not sent. What you typed is still here: try again.")
const loggedOut = () => gettext("You are logged out. Log in again in another tab, then send it once more.")

/** @param {HTMLFormElement} form @param {{ threads: string, comment: number, key: string }} given */
function done(form, given) {
  const area = form.querySelector("textarea")
  if (area) {
    area.value = area.defaultValue
    forget(area)
  }
  if (form === start) {
    about(null)
    const key = /** @type {HTMLInputElement} */ (start.querySelector("[name=_form_key]"))
    key.value = given.key // the next comment is another one
  }
  show(given.threads)
  said.textContent = gettext("Saved.")
  const shown = comment(String(given.comment))
  const fold = shown?.closest("details")
  if (fold && !fold.open) threads.querySelector("summary").focus()
  else open(String(given.comment))
}

panel.addEventListener("submit", (event) => {
  event.preventDefault()
  send(/** @type {HTMLFormElement} */ (event.target), /** @type {SubmitEvent} */ (event).submitter)
})
panel.addEventListener("keydown", (event) => {
  const { form } = /** @type {HTMLTextAreaElement} */ (event.target)
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form) return
  event.preventDefault()
  form.requestSubmit(form.querySelector(".button[name=do]"))
})

// --- What is typed and not sent -------------------------------------------------------------------------------------

/** @param {HTMLTextAreaElement} area */
const keyOf = (area) => `${KEPT}${person}:${start.getAttribute("action")}:${area.id}`

/** @param {HTMLTextAreaElement} area */
function forget(area) {
  sessionStorage.removeItem(keyOf(area))
}

panel.addEventListener("input", (event) => {
  const area = /** @type {HTMLTextAreaElement} */ (event.target)
  if (area.value === area.defaultValue) return forget(area)
  const quote = area === box ? Object.fromEntries(new FormData(start)) : {}
  const kept = { value: area.value, words: quote.quote, prefix: quote.prefix, suffix: quote.suffix }
  try {
    sessionStorage.setItem(keyOf(area), JSON.stringify(kept))
  } catch {
    // This browser keeps nothing; the box has it.
  }
})

function restore() {
  for (const area of panel.querySelectorAll("textarea")) {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(area)) ?? "null")
    if (!kept || area.value !== area.defaultValue) continue
    fill(area.id, kept.value)
    if (area === box && kept.words) about(kept)
  }
}

document.getElementById("logout-form")?.addEventListener("submit", () => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEPT)) sessionStorage.removeItem(key)
})

// --- Beginning ------------------------------------------------------------------------------------------------------------

function begin() {
  text = panel.surface
  tie()
  if (/^#comment-\d+$/.test(location.hash)) open(location.hash.slice("#comment-".length))
}

const read = document.getElementById("story-text")
if (read) panel.surface = readingSurface(read, panel)
// Where the words of comments stand now goes along when the story is saved, and not each time that somebody looks at what is
// typed (contentOf).
let isSent = false
story?.addEventListener(
  "submit",
  () => {
    isSent = true
  },
  true,
)
story?.addEventListener("formdata", (event) => {
  const moved = (isSent && text?.moved()) || {}
  if (Object.keys(moved).length) event.formData.set("_anchors", JSON.stringify(moved))
})
document.body.append(chip)
dress()
restore()
if (panel.surface) begin()
else panel.addEventListener("comments:text", begin)
