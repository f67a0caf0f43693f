// The text of a story that this person reads and cannot change: draws which words have comments, and offers to comment on
// chosen words. It is a `Surface` (static/js/editor/comments.js) as the editor is.
import { find, quoted, Words } from "./quotes.js"

/** @typedef {import("pekon/comments/quotes").Quote} Quote */
/** @typedef {{ node: Text, at: number }} Where */

/** What is no part of the story's own text: the page adds it. */
const ADDED = ".dateline, .sign-off, aside, .also, script"
const BLOCKS = "p, h2, h3, li, blockquote, td, th, figcaption, figure, br, hr, div"

/**
 * @param {HTMLElement} text
 * @param {HTMLElement} panel
 * @returns {import("pekon/editor/comments").Surface}
 */
export function readingSurface(text, panel) {
  /** @type {(Quote & { id: string })[]} */
  let anchors = []
  /** @type {Map<string, { start: number, isExact: boolean }>} */
  const places = new Map()
  let active = ""

  function wordsOf() {
    /** @type {Words<Where>} */
    const words = new Words()
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
      const isAdded = node instanceof Element && node.matches(ADDED)
      return isAdded ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT
    })
    /** @type {Element} */
    let block = null
    while (walker.nextNode()) {
      const node = walker.currentNode
      if (node instanceof Element) {
        if (node.matches("br, hr")) words.part(null)
        continue
      }
      const around = node.parentElement.closest(BLOCKS)
      if (around !== block) words.part(null)
      block = around
      const letters = /** @type {Text} */ (node)
      // The page puts " - " between the dateline and the text.
      const skipped = node.previousSibling instanceof Element && node.previousSibling.matches(".dateline") ? 3 : 0
      words.add(letters.data.slice(skipped), (at) => ({ node: letters, at: at + skipped }))
    }
    return words
  }

  /** @param {string} id @param {Where[]} wanted */
  function wrap(id, wanted) {
    /** @type {Map<Text, [number, number]>} */
    const parts = new Map()
    for (const where of wanted) {
      if (!where) continue
      const part = parts.get(where.node)
      parts.set(where.node, [part?.[0] ?? where.at, where.at + 1])
    }
    let isFirst = true
    for (const [node, [from, to]] of parts) {
      const piece = node.splitText(from)
      piece.splitText(to - from)
      const mark = document.createElement("mark")
      mark.className = `comment-words${id === active ? " is-active" : ""}`
      mark.dataset.comment = id
      if (isFirst) {
        mark.tabIndex = 0
        mark.setAttribute("role", "link")
      }
      isFirst = false
      piece.replaceWith(mark)
      mark.append(piece)
    }
  }

  function draw() {
    for (const mark of text.querySelectorAll("mark.comment-words")) mark.replaceWith(...mark.childNodes)
    text.normalize()
    places.clear()
    for (const anchor of anchors) {
      const words = wordsOf()
      const place = find(words.text, anchor)
      if (!place) continue
      places.set(anchor.id, place)
      wrap(anchor.id, words.places.slice(place.start, place.end))
    }
  }

  /** @param {Event} event */
  function open(event) {
    const mark = /** @type {HTMLElement} */ (/** @type {Element} */ (event.target).closest("mark.comment-words"))
    if (!mark || !getSelection().isCollapsed) return
    event.preventDefault()
    panel.dispatchEvent(new CustomEvent("comments:open", { detail: mark.dataset.comment }))
  }

  text.addEventListener("click", open)
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter") open(event)
  })

  return {
    show(given) {
      anchors = given
      draw()
    },
    chosen() {
      const selection = getSelection()
      if (selection.isCollapsed || !selection.rangeCount) return null
      const range = selection.getRangeAt(0)
      if (!text.contains(range.commonAncestorContainer)) return null
      const words = wordsOf()
      const inside = words.places.map((where) => where && range.comparePoint(where.node, where.at) === 0)
      const from = inside.indexOf(true)
      const to = inside.lastIndexOf(true)
      // A point at the range's end is in it, and the letter behind that point is not.
      const last = words.places[to]
      const isBeyond = last && last.node === range.endContainer && last.at >= range.endOffset
      return from < 0 ? null : quoted(words.text, from, isBeyond ? to : to + 1)
    },
    activate(id) {
      if (id === active) return
      active = id
      for (const mark of /** @type {NodeListOf<HTMLElement>} */ (text.querySelectorAll("mark.comment-words"))) {
        mark.classList.toggle("is-active", mark.dataset.comment === id)
      }
    },
    go(id) {
      const mark = /** @type {HTMLElement} */ (text.querySelector(`mark[data-comment="${id}"]`))
      mark?.focus()
      mark?.scrollIntoView({ block: "center" })
      return Boolean(mark)
    },
    place: (id) => places.get(id) ?? null,
    moved: () => ({}),
  }
}
