// Shows in the text which words have comments, follows them while somebody types, and offers to comment on chosen words.
// The text itself never holds a mark of them: they are drawn over it (ProseMirror's decorations). What the panel beside
// the text (static/js/comments/panel.js) asks of it is a `Surface`.
import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { find, quoted, Words, wholeWords } from "pekon/comments/quotes"

const PAUSE = 400 // milliseconds after the last change until marks cover whole words again, and lost ones are looked for
const KEY = new pm.state.PluginKey("comments")

/** @typedef {import("pekon/comments/quotes").Quote} Quote */
/** @typedef {Quote & { id: string }} Anchor */
/** @typedef {{ id: string, from: number, to: number }} Mark places in the document */

/** @param {any} doc */
function wordsOf(doc) {
  /** @type {Words<number>} */
  const words = new Words()
  doc.descendants((/** @type {any} */ node, /** @type {number} */ at) => {
    if (node.isText) words.add(node.text, (offset) => at + offset)
    else words.part(at)
  })
  return words
}

/**
 * Offsets in the words of what stands from one place in the document to another.
 *
 * @param {Words<number>} words
 * @param {number} from
 * @param {number} to
 * @returns {[number, number]}
 */
function offsets(words, from, to) {
  const start = words.places.findIndex((place) => place >= from)
  const after = words.places.findIndex((place) => place >= to)
  return start < 0 ? [0, 0] : [start, after < 0 ? words.text.length : after]
}

/**
 * Where a mark stands after a change. What is typed right before or behind it is no part of it; what is typed over its
 * first or last words is. Nothing if it is gone, or was replaced together with the text around it.
 *
 * @param {Mark} mark
 * @param {any} change
 * @returns {Mark | null}
 */
function follow({ id, from, to }, change) {
  let [start, end] = [from, to]
  for (const map of change.mapping.maps) {
    let [before, behind] = [1, -1]
    let isWithin = true
    map.forEach((/** @type {number} */ old, /** @type {number} */ oldEnd) => {
      if (old <= start && start < oldEnd) before = -1
      if (old < end && end <= oldEnd) behind = 1
      if (old < start && end < oldEnd) isWithin = false
    })
    if (!isWithin) return null
    start = map.map(start, before)
    end = map.map(end, behind)
  }
  return start < end ? { id, from: start, to: end } : null
}

/** @param {Quote} one @param {Quote} other */
const same = (one, other) => one.words === other.words && one.prefix === other.prefix && one.suffix === other.suffix

/** @param {any} state @param {number} at @returns {Mark | undefined} */
const markAt = (state, at) =>
  KEY.getState(state).marks.find((/** @type {Mark} */ { from, to }) => from <= at && at <= to)

export const Comments = Extension.create({
  name: "comments",
  addOptions: () => ({ panel: /** @type {any} */ (null) }),

  addCommands() {
    const { panel } = this.options
    return {
      /** Ask the panel for a comment on the chosen words; without any, show the one in which the cursor stands. */
      comment:
        () =>
        (/** @type {any} */ { state }) => {
          const { from, to, empty } = state.selection
          const there = empty ? markAt(state, from) : null
          const words = wordsOf(state.doc)
          const detail = there ? there.id : empty ? null : quoted(words.text, ...offsets(words, from, to))
          panel.dispatchEvent(new CustomEvent(there ? "comments:open" : "comments:ask", { detail }))
          return true
        },
    }
  },

  addKeyboardShortcuts() {
    return { "Mod-Alt-m": (/** @type {any} */ { editor }) => editor.commands.comment() }
  },

  addProseMirrorPlugins() {
    const { panel } = this.options
    const { Decoration, DecorationSet } = pm.view
    /** The open comments with a quote, as they are stored. @type {Map<string, Anchor>} */
    const anchors = new Map()
    /** How their words stood in the text when they were found. @type {Map<string, Quote & { isExact: boolean }>} */
    const began = new Map()
    let active = ""

    /** The marks of all anchors: those that are there cover whole words, the others are looked for.
     *
     * @param {Mark[]} marks
     * @param {any} doc
     * @returns {Mark[]}
     */
    function drawn(marks, doc) {
      const words = wordsOf(doc)
      return [...anchors].flatMap(([id, anchor]) => {
        const there = marks.find((mark) => mark.id === id)
        const place = there ? null : find(words.text, anchor)
        if (!there && !place) return []
        const [start, end] = there
          ? wholeWords(words.text, ...offsets(words, there.from, there.to))
          : [place.start, place.end]
        if (start >= end) return []
        if (place && !began.has(id)) began.set(id, { ...quoted(words.text, start, end), isExact: place.isExact })
        return [{ id, from: words.places[start], to: words.places[end - 1] + 1 }]
      })
    }

    /** @param {Mark[]} marks @param {any} doc */
    function state(marks, doc) {
      const shown = marks.map(({ id, from, to }) =>
        Decoration.inline(from, to, { class: `comment-words${id === active ? " is-active" : ""}` }),
      )
      return { marks, shown: DecorationSet.create(doc, shown) }
    }

    let timer = 0
    return [
      new Plugin({
        key: KEY,
        state: {
          init: (/** @type {any} */ _config, /** @type {any} */ { doc }) => state([], doc),
          apply(/** @type {any} */ change, /** @type {any} */ before) {
            if (change.getMeta(KEY)) return state(drawn(before.marks, change.doc), change.doc)
            if (!change.docChanged) return before
            const marks = before.marks.map((/** @type {Mark} */ mark) => follow(mark, change)).filter(Boolean)
            return state(marks, change.doc)
          },
        },
        props: {
          decorations: (/** @type {any} */ now) => KEY.getState(now).shown,
          handleClick(/** @type {any} */ view, /** @type {number} */ at) {
            const there = markAt(view.state, at)
            if (there) panel.dispatchEvent(new CustomEvent("comments:click", { detail: there.id }))
            return false
          },
        },
        view(/** @type {any} */ view) {
          const draw = () => view.dispatch(view.state.tr.setMeta(KEY, true).setMeta("addToHistory", false))
          const marks = () => /** @type {Mark[]} */ (KEY.getState(view.state).marks)
          const markOf = (/** @type {string} */ id) => marks().find((mark) => mark.id === id)

          /** @type {Surface} */
          const surface = {
            show(given) {
              for (const id of anchors.keys()) if (!given.some((one) => one.id === id)) anchors.delete(id)
              for (const anchor of given) if (!anchors.has(anchor.id)) anchors.set(anchor.id, anchor)
              draw()
            },
            chosen() {
              const { from, to, empty } = view.state.selection
              const words = wordsOf(view.state.doc)
              return empty ? null : quoted(words.text, ...offsets(words, from, to))
            },
            activate(id) {
              if (id === active) return
              active = id
              draw()
            },
            go(id) {
              const there = markOf(id)
              if (!there) return false
              const selection = pm.state.TextSelection.create(view.state.doc, there.from, there.to)
              view.dispatch(view.state.tr.setSelection(selection))
              view.focus()
              view.dom.querySelector(".comment-words.is-active")?.scrollIntoView({ block: "center" })
              return true
            },
            place(id) {
              const there = markOf(id)
              return there ? { start: there.from, isExact: began.get(id)?.isExact ?? true } : null
            },
            moved() {
              const words = wordsOf(view.state.doc)
              /** @type {Record<string, string[]>} */
              const found = {}
              for (const { id, from, to } of marks()) {
                const now = quoted(words.text, ...offsets(words, from, to))
                const first = began.get(id)
                const isNew = now && !same(now, anchors.get(id)) && (first?.isExact || !same(now, first))
                if (isNew) found[id] = [now.words, now.prefix, now.suffix]
              }
              return found
            },
          }
          panel.surface = surface
          panel.dispatchEvent(new CustomEvent("comments:text"))

          return {
            update(/** @type {any} */ changed, /** @type {any} */ before) {
              if (changed.state.doc === before.doc || !anchors.size) return
              clearTimeout(timer)
              timer = window.setTimeout(() => {
                if (!view.isDestroyed) draw()
              }, PAUSE)
            },
            destroy: () => clearTimeout(timer),
          }
        },
      }),
    ]
  },
})

/**
 * The text on the page, as the panel sees it.
 *
 * @typedef {object} Surface
 * @property {(anchors: Anchor[]) => void} show draw these comments' words
 * @property {() => Quote | null} chosen the words that are selected
 * @property {(id: string) => void} activate set one comment's words apart; "": none
 * @property {(id: string) => boolean} go bring its words into sight, and the focus to them
 * @property {(id: string) => { start: number, isExact: boolean } | null} place where its words stand; null: nowhere
 * @property {() => Record<string, string[]>} moved quotes that differ from the stored ones, by comment
 */
