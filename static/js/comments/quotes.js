// Finds words in a text again that were quoted from it. The server does the same, over the same words
// (news/content/quotes.py): blocks are set apart by a space, and spaces count once. Pure functions.

const LONGEST = 300
const CONTEXT = 40
const ENOUGH = 8
const EDGE = 20
const TRIED = 500
const UNSEEN = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/ // the server stores none of them

/** @typedef {{ words: string, prefix: string, suffix: string }} Quote */
/** @typedef {{ start: number, end: number, isExact: boolean }} Place offsets in `Words.text` */

/**
 * The words of a text, each letter with its place there.
 *
 * @template Where
 */
export class Words {
  text = ""
  /** @type {Where[]} */
  places = []
  /** @type {Where} */
  #gap = undefined

  /**
   * @param {string} letters
   * @param {(at: number) => Where} where the place of each
   */
  add(letters, where) {
    for (let at = 0; at < letters.length; at += 1) {
      const letter = letters[at]
      if (UNSEEN.test(letter)) continue
      if (/\s/.test(letter)) {
        this.#gap ??= where(at)
        continue
      }
      if (this.#gap !== undefined && this.text) this.#put(" ", this.#gap)
      this.#gap = undefined
      this.#put(letter, where(at))
    }
  }

  /**
   * A block begins or ends.
   *
   * @param {Where} where
   */
  part(where) {
    this.#gap ??= where
  }

  /**
   * @param {string} letter
   * @param {Where} where
   */
  #put(letter, where) {
    this.text += letter
    this.places.push(where)
  }
}

/**
 * The words from one offset to another as a quote, whole words; nothing if there are none.
 *
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {Quote | null}
 */
export function quoted(text, from, to) {
  let [start, end] = wholeWords(text, from, Math.min(to, text.length))
  while (start < end && text[start] === " ") start += 1
  end = Math.min(end, start + LONGEST)
  while (end > start && text[end - 1] === " ") end -= 1
  if (start >= end) return null
  return {
    words: whole(text.slice(start, end)),
    prefix: whole(text.slice(Math.max(0, start - CONTEXT), start)),
    suffix: whole(text.slice(end, end + CONTEXT)),
  }
}

/**
 * The same part of the text without a word that is cut in two.
 *
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {[number, number]}
 */
export function wholeWords(text, from, to) {
  const isInside = (/** @type {number} */ at) => /^[\p{L}\p{N}]{2}$/u.test(text.slice(at - 1, at + 1))
  let [start, end] = [from, to]
  while (start > 0 && start < end && isInside(start)) start -= 1
  while (end < text.length && end > start && isInside(end)) end += 1
  return [start, end]
}

/** Without half a letter at an edge, such as half an emoji.
 *
 * @param {string} text
 */
const whole = (text) => text.replace(/^[\udc00-\udfff]/, "").replace(/[\ud800-\udbff]$/, "")

/**
 * @param {string} text
 * @param {Quote} quote
 * @returns {Place | null}
 */
export function find(text, { words, prefix, suffix }) {
  if (!words) return null
  const exact = (/** @type {number} */ start) => ({ start, end: start + words.length, isExact: true })
  const there = text.indexOf(prefix + words + suffix)
  if (there >= 0) return exact(there + prefix.length)
  /** @type {number[]} */
  const starts = []
  for (let at = text.indexOf(words); at >= 0 && starts.length < TRIED; at = text.indexOf(words, at + 1)) starts.push(at)
  if (starts.length) {
    const likeness = (/** @type {number} */ start) =>
      shared([...text.slice(Math.max(0, start - CONTEXT), start)].reverse(), [...prefix].reverse()) +
      shared([...text.slice(start + words.length, start + words.length + CONTEXT)], [...suffix])
    return exact(starts.reduce((best, start) => (likeness(start) > likeness(best) ? start : best)))
  }
  const before = prefix.slice(-EDGE)
  const after = suffix.slice(0, EDGE)
  if (Math.min(before.length, after.length) < ENOUGH || !text.includes(before)) return null
  const start = text.indexOf(before) + before.length
  const end = text.indexOf(after, start)
  if (end <= start || end > start + 2 * words.length + EDGE || !text.slice(start, end).trim()) return null
  return { start, end, isExact: false }
}

/**
 * @param {string[]} one
 * @param {string[]} other
 */
function shared(one, other) {
  let at = 0
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1
  return at
}
