// Turns web push on and off for this device, on the page of choices about notices.
import { headers } from "../session.js"

const panel = document.getElementById("push-device")
const { key, device, worker, scope } = panel.dataset
const on = /** @type {HTMLButtonElement} */ (document.getElementById("push-on"))
const off = /** @type {HTMLButtonElement} */ (document.getElementById("push-off"))
const failed = document.getElementById("push-failed")

/** @param {boolean} isOn */
function show(isOn) {
  document.getElementById("push-is-on").hidden = !isOn
  document.getElementById("push-is-off").hidden = isOn
  on.hidden = isOn
  off.hidden = !isOn
}

/** @param {PushSubscription | null} subscription */
async function tell(subscription) {
  const body = JSON.stringify(subscription)
  const answer = await fetch(device, { method: "POST", body, headers: headers() })
  if (!answer.ok) throw new Error(String(answer.status))
}

async function turnOn() {
  const registration = await navigator.serviceWorker.register(worker, { scope })
  const subscription =
    (await registration.pushManager.getSubscription()) ??
    (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
  await tell(subscription)
}

async function turnOff() {
  await tell(null)
  const registration = await navigator.serviceWorker.getRegistration(scope)
  await (await registration?.pushManager.getSubscription())?.unsubscribe()
}

/**
 * @param {() => Promise<void>} act
 * @param {boolean} isOn what holds if the act succeeds
 */
async function attempt(act, isOn) {
  failed.hidden = true
  on.disabled = off.disabled = true
  try {
    await act()
    show(isOn)
  } catch {
    if (Notification.permission === "denied") document.getElementById("push-cannot").hidden = false
    else failed.hidden = false
  } finally {
    on.disabled = off.disabled = false
  }
  if (on.hidden) off.focus()
  else on.focus()
}

if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  show(panel.dataset.on === "yes")
  on.addEventListener("click", () => attempt(turnOn, true))
  off.addEventListener("click", () => attempt(turnOff, false))
} else {
  document.getElementById("push-cannot").hidden = false
}
