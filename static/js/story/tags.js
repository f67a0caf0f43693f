// The tag field: suggestions for the word that is being typed, and a note which of the typed tags would be new ones. What it
// asks is JSON from news/newsroom/tag_suggestions.py.
import { Suggestions } from "../suggestions.js"

const gettext = window.gettext ?? ((/** @type {string} */ text) => text)
const WAIT = 150 // milliseconds after the last letter

/** @param {HTMLElement} place */
function start(place) {
  const input = place.querySelector("input")
  const note = place.querySelector("[data-new-tags]")
  input.setAttribute("role", "combobox")
  input.setAttribute("aria-expanded", "false")
  const suggestions = new Suggestions(input, { className: "tag-suggestions", label: gettext("Suggestions"), take })
  let timer = 0
  let asked = 0

  /** The place of the word at the cursor, between commas. */
  function word() {
    const cursor = input.selectionStart ?? input.value.length
    const from = input.value.lastIndexOf(",", cursor - 1) + 1
    const next = input.value.indexOf(",", cursor)
    return { from, to: next < 0 ? input.value.length : next }
  }

  /** @param {string} name */
  function take(name) {
    const { from, to } = word()
    const after = input.value.slice(to).replace(/^[,\s]+/, "")
    const before = `${input.value.slice(0, from).trimEnd()}${from ? " " : ""}${name}, `
    input.value = before + after
    input.setSelectionRange(before.length, before.length)
    suggestions.offer([])
    input.dispatchEvent(new Event("input", { bubbles: true }))
  }

  async function ask() {
    const { from, to } = word()
    const number = ++asked
    const query = new URLSearchParams({ q: input.value.slice(from, to).trim(), tags: input.value })
    try {
      const response = await fetch(`${place.dataset.tags}?${query}`, { headers: { Accept: "application/json" } })
      if (!response.ok || number !== asked) return
      const answer = await response.json()
      if (number !== asked) return
      const isFocused = document.activeElement === input
      suggestions.offer(isFocused ? answer.suggestions : [])
      note.textContent = answer.new.length ? `${gettext("New tag:")} ${answer.new.join(", ")}` : ""
    } catch {
      suggestions.offer([]) // typing goes on without suggestions
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer)
    timer = window.setTimeout(ask, WAIT)
  })
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return
    if (event.key === "Enter") {
      event.preventDefault()
      const { from, to } = word()
      const name = suggestions.marked ?? input.value.slice(from, to).trim()
      if (name) take(name)
    } else if (event.key === "Escape" && suggestions.count) {
      event.stopPropagation()
      suggestions.offer([])
    } else if (suggestions.count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault()
      suggestions.move(event.key === "ArrowDown" ? 1 : -1)
    }
  })
}

for (const place of document.querySelectorAll("[data-tags]")) start(/** @type {HTMLElement} */ (place))
