// What becomes of the words, said beside the buttons.

const gettext = window.gettext ?? ((/** @type {string} */ text) => text)

/** @param {Date} [moment] */
export function clock(moment = new Date()) {
  return moment.toLocaleTimeString(document.documentElement.lang || "id", { hour: "2-digit", minute: "2-digit" })
}

/** @param {string} words */
export function say(words) {
  const place = document.getElementById("save-status")
  if (place && place.textContent !== words) place.textContent = words
}

export const words = {
  kept: () => `${gettext("What you type is kept:")} ${clock()}`,
  onDevice: () => gettext("On this device only; waiting for the network"),
  nowhere: () => gettext("This browser cannot keep what you type. Save often."),
  saving: () => gettext("Saving…"),
  savingLater: () => gettext("No network. It is saved by itself as soon as there is one."),
  /** @param {string} reason */
  refused: (reason) => `${gettext("Kept on this device; it goes on by itself.")} ${reason}`,
  loggedOut: () => gettext("You are logged out. Log in again; it goes on by itself."),
}
