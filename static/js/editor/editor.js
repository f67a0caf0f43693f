// The editor of a story's text: makes one of every `<textarea data-editor>`. The text area stays the form's field, and
// gets the HTML shortly after the last keystroke and before the form is sent.
import {
  Blockquote,
  Bold,
  BulletList,
  Document,
  Dropcursor,
  Editor,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  HorizontalRule,
  Italic,
  Link,
  ListItem,
  OrderedList,
  Paragraph,
  Subscript,
  Superscript,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  Text,
} from "django-prose-editor/editor"
import { Comments } from "pekon/editor/comments"
import { Photo, Story } from "pekon/editor/nodes"
import { Pasting } from "pekon/editor/pasting"
import { Toolbar } from "pekon/editor/toolbar"
import { SmartQuotes } from "pekon/editor/typing"
import { element } from "pekon/picker"

const translate = window.gettext ?? ((/** @type {string} */ text) => text)
const PAUSE = 300 // milliseconds without a keystroke until the form's field gets the text
const LONGEST = 1500 // milliseconds until it gets it in any case
const SPEED = 180 // words per minute, as on readers' pages (news/readers/pages/article.py)
/** The only signs that are typed to make a list, a heading or a quote; asterisks stay asterisks. */
const TYPED = ["bulletList", "orderedList", "heading", "blockquote", "smartQuotes"]

/** A link without the library's own dialog and shortcut. */
const PlainLink = Link.extend({
  addKeyboardShortcuts: () => ({}),
  addAttributes: () => ({
    href: { default: /** @type {any} */ (null) },
    title: { default: /** @type {any} */ (null) },
  }),
})

/** A numbered list as the form stores it, without the library's own attributes and styles. */
const PlainOrderedList = OrderedList.extend({
  addAttributes: () => ({
    start: { default: 1, parseHTML: (/** @type {HTMLElement} */ dom) => Number(dom.getAttribute("start")) || 1 },
    type: { default: /** @type {any} */ (null) },
  }),
  addNodeView: () => null,
})

/** A table without the library's widths, which it writes as styles. */
const PlainTable = Table.extend({ addNodeView: () => null })

/** @param {string} html */
const orNothing = (html) => (/^<p><\/p>$/.test(html) ? "" : html)

/**
 * @param {HTMLTextAreaElement} textarea
 * @returns {any} the editor
 */
export function makeEditor(textarea) {
  const { photos = "", articles = "" } = textarea.dataset
  const uploads = textarea.parentElement.querySelector("input[data-photos=text]")
  const comments = textarea.form?.id === "article_form" ? document.getElementById("comments") : null
  const toolbar = element("div", { className: "editor-toolbar" })
  const place = element("div", { className: "editor-notes" })
  place.setAttribute("role", "status")
  const text = element("div", { className: "editor-text" })
  const count = element("output", { className: "editor-count" })
  const whole = element("div", { className: "body-editor" }, toolbar, place, text, count)
  textarea.after(whole)
  textarea.hidden = true

  const editor = new Editor({
    element: text,
    content: textarea.value,
    editable: !textarea.disabled,
    injectCSS: false, // the page's policy refuses it; static/css/editor.css has the rules
    enableInputRules: TYPED,
    enablePasteRules: ["link"],
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": textarea.labels[0]?.textContent.replace(/:\s*$/, "") ?? "",
        lang: "id",
        spellcheck: "true",
      },
    },
    extensions: [
      Document,
      Paragraph,
      Text,
      History,
      Dropcursor.configure({ color: false, class: "editor-dropcursor" }),
      Gapcursor,
      HardBreak,
      Heading.configure({ levels: [2, 3] }),
      Bold,
      Italic,
      Superscript,
      Subscript,
      BulletList,
      PlainOrderedList.configure({ enableListAttributes: false }),
      ListItem,
      Blockquote,
      HorizontalRule,
      PlainLink.configure({ protocols: ["http", "https", "mailto", "tel"], autolink: false, linkOnPaste: true }),
      PlainTable.configure({ resizable: false }),
      TableRow,
      TableHeader,
      TableCell,
      Photo.configure({ url: photos }),
      Story.configure({ url: articles }),
      ...(comments ? [Comments.configure({ panel: comments })] : []),
      SmartQuotes,
      Pasting.configure({ input: uploads, place }),
      Toolbar.configure({ place: toolbar, urls: { photos, articles } }),
    ],
  })

  let timer = 0
  let since = 0

  /** Give the form's field the text of now. */
  function store() {
    clearTimeout(timer)
    since = 0
    const html = orNothing(editor.getHTML())
    if (html === textarea.value) return
    textarea.value = html
    textarea.dispatchEvent(new Event("input", { bubbles: true }))
    setTimeout(tell) // a task of its own, so that neither is long
  }

  function tell() {
    const words = editor.state.doc
      .textBetween(0, editor.state.doc.content.size, " ", " ")
      .split(/\s+/)
      .filter(Boolean).length
    const minutes = Math.max(1, Math.round(words / SPEED))
    count.value = translate("%(words)s words · %(minutes)s min to read")
      .replace("%(words)s", words.toLocaleString(document.documentElement.lang))
      .replace("%(minutes)s", String(minutes))
  }

  editor.on("update", () => {
    since ||= Date.now()
    clearTimeout(timer)
    const left = since + LONGEST - Date.now()
    timer = window.setTimeout(store, Math.max(0, Math.min(PAUSE, left)))
  })
  editor.on("blur", store)
  textarea.form?.addEventListener("submit", store, true)
  textarea.form?.addEventListener("formdata", (event) => {
    store()
    event.formData.set(textarea.name, textarea.value)
  })
  for (const leaving of ["pagehide", "visibilitychange"]) document.addEventListener(leaving, store)
  textarea.labels[0]?.addEventListener("click", () => editor.commands.focus())
  textarea.addEventListener("editor:set", () => editor.commands.setContent(textarea.value))
  tell()
  textarea.dispatchEvent(new CustomEvent("editor:ready", { bubbles: true, detail: { editor } }))
  return editor
}

for (const textarea of /** @type {NodeListOf<HTMLTextAreaElement>} */ (
  document.querySelectorAll("textarea[data-editor]")
)) {
  makeEditor(textarea)
}
