// The story form loses no word. What is typed is on this device within a second and at the server every few seconds, as
// a working copy (news/newsroom/working_copies.py). Its buttons save by fetch, which is tried again until there is an
// answer. Without this script the form works as any other.
import { headers } from "../session.js"
import { contentOf } from "./content.js"
import * as device from "./device.js"
import { Line, Refused } from "./line.js"
import { askToLogIn, loggedIn } from "./log-in.js"
import { watchPeople } from "./presence.js"
import { say, words } from "./status.js"

const LOOK = 700 // milliseconds between two looks at what is typed
const SEND = 4_000 // milliseconds between two copies at the server
const KEEPALIVE_MOST = 60_000 // bytes that browsers send for a page that is being left

/** @type {HTMLFormElement} */
const form = document.querySelector("form#article_form")
const { copies, logIn, person: personText, presence } = document.getElementById("writing").dataset
const person = Number(personText)
const key = hidden("_copy_key").value
const article = Number(hidden("_copy_article").value) || null

/** @param {string} name */
function hidden(name) {
  return /** @type {HTMLInputElement} */ (form.querySelector(`[name=${name}]`))
}

// --- What is typed ------------------------------------------------------------------------------------------------

let number = Number(hidden("_copy_number").value)
let typed = JSON.stringify(contentOf(form)) // as last seen
let onDevice = number // the number of the newest copy on this device …
let atServer = number // … and at the server
let saving = false
let left = false // the form is stored, and the page is being left

/** @returns {device.Copy} */
const copy = () => ({ key, person, number, article, content: JSON.parse(typed) })

/** Whether something was typed since the last look; then it has a new number. */
function look() {
  if (left) return false
  const now = JSON.stringify(contentOf(form))
  if (now === typed) return false
  typed = now
  number += 1
  hidden("_copy_number").value = String(number)
  return true
}

async function keepOnDevice() {
  look()
  if (onDevice === number || left) return
  const latest = copy()
  onDevice = latest.number
  try {
    await device.put(latest)
    if (!navigator.onLine && !saving) say(words.onDevice())
  } catch {
    say(words.nowhere())
  }
}

const line = new Line(copies, person, (state, stranger, reason) => {
  if (state === "done") loggedIn()
  if (state === "waiting") say(reason ? words.refused(reason) : saving ? words.savingLater() : words.onDevice())
  if (state === "logged-out") {
    say(words.loggedOut())
    askToLogIn(logIn, Boolean(stranger))
  }
  if (state === "sending") loggedIn()
  if (state === "sending" && saving) say(words.saving())
})

let sending = false

async function sendToServer() {
  if (sending || saving || left || atServer === number) return
  sending = true
  try {
    /** @type {device.Copy} */
    let latest = null
    await line.send(copies, () => {
      if (saving || left || atServer === number) return null
      latest = copy()
      return JSON.stringify(latest)
    })
    if (latest) {
      atServer = latest.number
      await device.forget(latest)
      if (!saving) say(words.kept())
    }
  } catch (error) {
    atServer = number // what is typed next is tried again
    say(error instanceof Refused && error.message ? error.message : words.onDevice())
  } finally {
    sending = false
  }
}

setInterval(keepOnDevice, LOOK)
setInterval(sendToServer, SEND)

/** The page is left, or put aside as phones do before they end it. */
function leave() {
  keepOnDevice()
  if (left || atServer === number) return
  const body = JSON.stringify(copy())
  if (body.length < KEEPALIVE_MOST) {
    fetch(copies, { method: "POST", body, headers: headers(), keepalive: true }).catch(() => {})
  }
}

window.addEventListener("pagehide", leave)
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") leave()
})

// --- Getting it back ----------------------------------------------------------------------------------------------

/** Send what another page of this person left on the device; if it belongs to this story, the form offers it. */
async function sendLeftBehind() {
  const others = (await device.waiting(person)).filter((kept) => kept.key !== key)
  let ours = false
  for (const kept of others) {
    try {
      await line.send(copies, () => JSON.stringify(kept))
      ours ||= kept.article === article
    } catch (error) {
      if (!(error instanceof Refused)) continue
      if (error.status !== 400) continue // it stays on the device: the reason may pass
    }
    await device.forget(kept)
  }
  if (ours && !look() && !saving) location.reload()
}

sendLeftBehind().catch(() => {})

// Back to a page that the browser has kept as it was: what is stored may be newer.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload()
})

// --- Saving -------------------------------------------------------------------------------------------------------

form.addEventListener("submit", async (event) => {
  const button = /** @type {HTMLButtonElement} */ (event.submitter)
  if (event.defaultPrevented || button?.formTarget === "_blank") return
  event.preventDefault()
  if (saving) return // the first press is on its way
  saving = true
  form.classList.add("saving")
  await keepOnDevice()
  const body = new FormData(form, button)
  const sent = number
  try {
    const answer = await line.send(form.getAttribute("action") || location.href, () => body)
    if (answer?.location) await followTo(answer.location, sent)
    else showAsPage(button)
  } catch {
    showAsPage(button)
  }
})

/**
 * The form is stored. What was typed after the press becomes the working copy of the stored story.
 *
 * @param {string} address
 * @param {number} sent
 */
async function followTo(address, sent) {
  look()
  left = true
  const stored = Number(/\/article\/(\d+)\/change\//.exec(address)?.[1]) || article
  const later = { ...copy(), article: stored }
  await device.forget({ ...later, number: sent }).catch(() => {})
  if (number > sent && stored) {
    await device.put(later).catch(() => {})
    const kept = await fetch(copies, {
      method: "POST",
      body: JSON.stringify(later),
      headers: headers(),
    }).catch(() => /** @type {Response} */ (null))
    if (kept?.ok) {
      await device.forget(later).catch(() => {})
      location.replace(`${address.replace(/[?#].*/, "")}?copy=${key}`)
      return
    }
  }
  location.replace(address)
}

/**
 * Nothing was stored, and the answer is a page that says why. The same form sent again in the usual way shows it.
 *
 * @param {HTMLButtonElement} button
 */
function showAsPage(button) {
  left = true
  if (button?.name) {
    const pressed = document.createElement("input")
    Object.assign(pressed, { type: "hidden", name: button.name, value: button.value })
    form.append(pressed)
  }
  form.submit()
}

if (presence) watchPeople(presence, form)
