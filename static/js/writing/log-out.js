// Logging out: what is typed on this device is sent first, and is then deleted here, because the next person at this
// device is somebody else.
import { headers } from "../session.js"
import * as device from "./device.js"

/** @type {HTMLFormElement} */
const menu = document.querySelector("#logout-form")

/**
 * @param {number} person
 * @returns {Promise<boolean>} whether everything is at the server
 */
async function sendAll(person) {
  try {
    for (const copy of await device.waiting(person)) {
      const answer = await fetch(menu.dataset.copies, {
        method: "POST",
        body: JSON.stringify(copy),
        headers: headers(),
      })
      if (!answer.ok) return false
    }
    return true
  } catch {
    return false
  }
}

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target)
  if (!menu || form.getAttribute("action") !== menu.getAttribute("action")) return
  event.preventDefault()
  const person = Number(menu.dataset.person)
  if (!(await sendAll(person)) && !window.confirm(menu.dataset.question)) return
  await device.clear(person).catch(() => {})
  form.submit()
})
