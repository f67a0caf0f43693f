// The review of a story: its keys, who else is there, and a note that is not lost by leaving. Without this script the page
// works by links and buttons.
import { headers } from "../session.js"

const EVERY = 15_000 // milliseconds
const OFF = "pekon-review-keys-off" // this browser's choice

const page = /** @type {HTMLElement} */ (document.querySelector(".review-page"))
const decision = /** @type {HTMLFormElement} */ (document.getElementById("review-acts"))
const help = /** @type {HTMLDetailsElement} */ (document.getElementById("review-keys"))
const switchBox = /** @type {HTMLInputElement} */ (document.getElementById("review-keys-on"))

// --- Keys -----------------------------------------------------------------------------------------------------------

/** @type {Record<string, string>} */
const LINKS = { n: "review-next", p: "review-previous", e: "review-edit" }

help.hidden = false
switchBox.checked = !localStorage.getItem(OFF)
switchBox.addEventListener("change", () => {
  if (switchBox.checked) localStorage.removeItem(OFF)
  else localStorage.setItem(OFF, "1")
})

/** @param {EventTarget} target where letters are typed or chosen */
const takesLetters = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])"))

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && !event.repeat
  if (!isPlain || event.defaultPrevented || takesLetters(event.target) || !switchBox.checked) return
  if (event.key === "?") {
    event.preventDefault()
    help.open = !help.open
    help.querySelector("summary").focus()
    return
  }
  const link = document.getElementById(LINKS[event.key] ?? "")
  if (!link) return
  event.preventDefault()
  link.click()
})

// --- A note that is typed and not sent ------------------------------------------------------------------------------

const note = /** @type {HTMLTextAreaElement} */ (decision.querySelector("textarea"))
let isSent = false
decision.addEventListener("submit", () => {
  isSent = true
})
window.addEventListener("beforeunload", (event) => {
  if (note?.value && !isSent) event.preventDefault()
})
window.addEventListener("pageshow", () => {
  isSent = false
})

// --- Who else is here -----------------------------------------------------------------------------------------------

const { presence, presencePage, version } = page.dataset
const name = `${presencePage}${performance.timeOrigin}`.slice(0, 40)
const people = document.getElementById("review-people")

/** @param {string} act */
const tell = (act) =>
  fetch(presence, {
    method: "POST",
    body: new URLSearchParams({ do: act, page: name }),
    headers: headers(),
    keepalive: act === "leave",
  })

async function ask() {
  if (document.visibilityState !== "visible") return
  try {
    const answer = await tell("")
    if (answer.ok) show(await answer.json())
  } catch {
    // Who is here is a courtesy: without an answer, the page stays as it is.
  }
}

/** @param {{ people: { me: boolean, words: string }[], version: number }} state */
function show(state) {
  const words = state.people.filter((person) => !person.me).map((person) => person.words)
  const shown = [...people.children].map((line) => line.textContent)
  if (words.join("\n") !== shown.join("\n")) {
    people.replaceChildren(
      ...words.map((text) => {
        const line = document.createElement("p")
        line.textContent = text
        return line
      }),
    )
  }
  document.getElementById("review-old").hidden = state.version <= Number(version)
}

ask()
setInterval(ask, EVERY)
document.addEventListener("visibilitychange", ask)
window.addEventListener("pagehide", () => {
  tell("leave").catch(() => {})
})
