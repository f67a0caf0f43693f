// A session that ended while a story is open: asks for a log-in in another tab, where second factors work too. The page
// notices by itself when the person is back.

const gettext = window.gettext ?? ((/** @type {string} */ text) => text)

/** @type {HTMLDialogElement} */
let dialog = null

/**
 * @param {string} address of the log-in
 * @param {boolean} stranger whether somebody else is logged in now
 */
export function askToLogIn(address, stranger) {
  if (!dialog) {
    dialog = document.createElement("dialog")
    dialog.className = "log-in"
    dialog.setAttribute("aria-labelledby", "log-in-title")
    const title = document.createElement("h2")
    title.id = "log-in-title"
    title.textContent = gettext("You are logged out")
    const why = document.createElement("p")
    why.setAttribute("role", "status")
    const link = document.createElement("a")
    link.className = "button"
    link.target = "_blank"
    link.textContent = gettext("Log in")
    link.href = address
    const later = document.createElement("button")
    later.type = "button"
    later.className = "button quiet-button"
    later.textContent = gettext("Go on writing")
    later.addEventListener("click", () => dialog.close())
    dialog.append(title, why, link, " ", later)
    document.body.append(dialog)
  }
  dialog.querySelector("p").textContent = stranger
    ? gettext(
        "Somebody else is logged in on this device now. Log in as yourself; what you typed stays here until then.",
      )
    : gettext("What you typed is on this device. Log in again in a new tab; it is sent by itself after that.")
  if (!dialog.open) dialog.showModal()
}

export function loggedIn() {
  dialog?.close()
}
