// Suggests people while somebody types a name behind an at sign. What it asks is JSON from news/newsroom/comments.py.
// Arrows and Enter choose.
import { Suggestions } from "../suggestions.js"

const gettext = window.gettext ?? ((/** @type {string} */ text) => text)
const WAIT = 150 // milliseconds after the last letter

/**
 * @param {HTMLTextAreaElement} area
 * @param {string} url
 */
export function suggestPeople(area, url) {
  if (area.dataset.suggests) return
  area.dataset.suggests = "people"
  const suggestions = new Suggestions(area, { className: "mention-list", label: gettext("People"), take })
  let timer = 0
  let asked = 0

  /** The name that is being typed; nothing if the cursor is not behind an at sign. */
  function typed() {
    const before = area.value.slice(0, area.selectionStart)
    return /(?:^|[\s(])@(\p{L}[\p{L}.' ]{0,40}|)$/u.exec(before)?.[1]
  }

  /** @param {string} name */
  function take(name) {
    const end = area.selectionStart
    const start = end - (typed() ?? "").length
    area.setRangeText(`${name} `, start, end, "end")
    suggestions.offer([])
    area.dispatchEvent(new Event("input", { bubbles: true }))
  }

  async function ask() {
    const word = typed()
    const number = ++asked
    if (word === undefined) {
      suggestions.offer([])
      return
    }
    try {
      const query = new URLSearchParams({ q: word })
      const answer = await fetch(`${url}?${query}`, { headers: { Accept: "application/json" } })
      if (!answer.ok || number !== asked) return
      const { people } = await answer.json()
      const isWanted = number === asked && document.activeElement === area && typed() !== undefined
      suggestions.offer(isWanted ? people : [], 0)
    } catch {
      suggestions.offer([]) // typing goes on without suggestions
    }
  }

  area.addEventListener("input", () => {
    clearTimeout(timer)
    if (typed() === undefined) {
      asked += 1
      suggestions.offer([])
    } else timer = window.setTimeout(ask, WAIT)
  })
  area.addEventListener("keydown", (event) => {
    if (event.isComposing || !suggestions.count) return
    if (event.key === "Enter" || event.key === "Tab") take(suggestions.marked)
    else if (event.key === "Escape") suggestions.offer([])
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") suggestions.move(event.key === "ArrowDown" ? 1 : -1)
    else return
    event.preventDefault()
    event.stopPropagation()
  })
}
