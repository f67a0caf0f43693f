// What a form holds, as plain data: what the browser would post, without buttons, keys and files.

/**
 * @param {HTMLFormElement} form
 * @returns {import("./device.js").Content}
 */
export function contentOf(form) {
  /** @type {import("./device.js").Content} */
  const content = {}
  for (const [name, value] of new FormData(form)) {
    if (name.startsWith("_") || name === "csrfmiddlewaretoken" || name.includes("__prefix__")) continue
    if (typeof value !== "string") continue
    content[name] ??= []
    content[name].push(value)
  }
  /** @type {NodeListOf<HTMLInputElement>} */
  const boxes = form.querySelectorAll("input[type=checkbox]:not(:checked)")
  for (const { name } of boxes) if (name && !name.startsWith("_") && !name.includes("__prefix__")) content[name] ??= []
  return content
}
