// The row of buttons above the text. Signs are drawn here (SVG), because an icon font is 128 KB. Buttons say what is
// switched on (aria-pressed), and follow the text once a frame, so that a keystroke does not wait for them.
import { Extension } from "django-prose-editor/editor"
import { choose, element } from "pekon/picker"

const translate = window.gettext ?? ((/** @type {string} */ text) => text)
const SVG = "http://www.w3.org/2000/svg"

/** Paths in a square of 24, drawn as lines. */
const SIGNS = {
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M11 5h6M7 19h6M14 5l-4 14",
  bulletList: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
  orderedList: "M10 6h10M10 12h10M10 18h10M4 4.5 5.5 4v5M4 14.5c0-1 2.5-1 2.5.5 0 1-2.5 2-2.5 3.5h2.7",
  blockquote: "M10 8H5v5h4c0 2-1 3-3 3M19 8h-5v5h4c0 2-1 3-3 3",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  unlink: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1M4 4l16 16",
  superscript: "M4 8l8 10M12 8 4 18M16 6c0-2 4-2 4 .3 0 1.7-4 2.7-4 4.7h4",
  subscript: "M4 5l8 10M12 5 4 15M16 15c0-2 4-2 4 .3 0 1.7-4 2.7-4 4.7h4",
  horizontalRule: "M4 12h16",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  story: "M5 4h14v16H5zM8 8h8M8 12h8M8 16h5",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14M15 5v14",
  undo: "M8 5 4 9l4 4M4 9h9a6 6 0 0 1 0 11H9",
  redo: "m16 5 4 4-4 4M20 9h-9a6 6 0 0 0 0 11h4",
  comment: "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12.5h5",
  fullscreen: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
}

/** @typedef {{ name: string, title: string, keys?: string, sign?: keyof typeof SIGNS, text?: string,
 *              run: (editor: any) => void, active?: (editor: any) => boolean, shown?: (editor: any) => boolean,
 *              reads?: boolean }} Tool `reads`: it changes nothing in the text */

/**
 * @param {any} editor
 * @param {{ articles: string }} urls
 */
export async function editLink(editor, urls) {
  const now = editor.getAttributes("link").href ?? ""
  const chosen = await choose({
    url: urls.articles,
    title: translate("Link to a story, or type an address"),
    words: now,
    typed: (text) => {
      const address = /^(https?:\/\/|mailto:|tel:|\/)\S+$/.test(text)
        ? text
        : /^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(text)
          ? `https://${text}`
          : ""
      return address ? { id: 0, label: address, url: address, note: translate("Link to this address") } : null
    },
    more: now ? [{ label: translate("Remove the link"), value: { id: 0, label: "", url: "" } }] : [],
  })
  const chain = editor.chain().focus()
  if (!chosen) chain.run()
  else if (!chosen.url) chain.extendMarkRange("link").unsetLink().run()
  else if (editor.state.selection.empty && !editor.isActive("link")) {
    chain
      .insertContent({ type: "text", text: chosen.label, marks: [{ type: "link", attrs: { href: chosen.url } }] })
      .run()
  } else chain.extendMarkRange("link").setLink({ href: chosen.url }).run()
}

/**
 * @param {any} editor
 * @param {{ photos: string, articles: string }} urls
 * @returns {Tool[][]}
 */
function groups(editor, urls) {
  const mark = (/** @type {keyof typeof SIGNS} */ name, /** @type {string} */ title, keys = "") => ({
    name,
    title,
    keys,
    sign: name,
    run: (/** @type {any} */ editor) => editor.chain().focus().toggleMark(name).run(),
    active: (/** @type {any} */ editor) => editor.isActive(name),
  })
  const heading = (/** @type {number} */ level, /** @type {string} */ title) => ({
    name: `heading${level}`,
    title,
    keys: `Ctrl+Alt+${level}`,
    text: `H${level}`,
    run: (/** @type {any} */ editor) => editor.chain().focus().toggleHeading({ level }).run(),
    active: (/** @type {any} */ editor) => editor.isActive("heading", { level }),
  })
  const inTable = (/** @type {string} */ name, /** @type {string} */ title, /** @type {string} */ text) => ({
    name,
    title,
    text,
    run: (/** @type {any} */ editor) => editor.chain().focus()[name]().run(),
    shown: (/** @type {any} */ editor) => editor.isActive("table"),
  })
  /** @type {Tool[]} */
  const pickers = urls.articles
    ? [
        {
          name: "photo",
          title: translate("Insert a photo"),
          sign: "photo",
          async run(editor) {
            const item = await choose({ url: urls.photos, title: translate("Choose a photo"), pictures: true })
            if (item) editor.chain().focus().insertPhoto(item).run()
            else editor.commands.focus()
          },
        },
        {
          name: "story",
          title: translate("Read also"),
          sign: "story",
          async run(editor) {
            const item = await choose({ url: urls.articles, title: translate("Choose a story to read also") })
            if (item) editor.chain().focus().insertStory(item).run()
            else editor.commands.focus()
          },
        },
      ]
    : []
  /** @type {Tool[][]} */
  const all = [
    [heading(2, translate("Heading")), heading(3, translate("Smaller heading"))],
    [
      mark("bold", translate("Bold"), "Ctrl+B"),
      mark("italic", translate("Italic"), "Ctrl+I"),
      {
        name: "link",
        title: translate("Link"),
        keys: "Ctrl+K",
        sign: "link",
        run: (editor) => editLink(editor, urls),
        active: (editor) => editor.isActive("link"),
      },
    ],
    [
      {
        name: "bulletList",
        title: translate("Bulleted list"),
        keys: "Ctrl+Shift+8",
        sign: "bulletList",
        run: (editor) => editor.chain().focus().toggleBulletList().run(),
        active: (editor) => editor.isActive("bulletList"),
      },
      {
        name: "orderedList",
        title: translate("Numbered list"),
        keys: "Ctrl+Shift+7",
        sign: "orderedList",
        run: (editor) => editor.chain().focus().toggleOrderedList().run(),
        active: (editor) => editor.isActive("orderedList"),
      },
      {
        name: "blockquote",
        title: translate("Quote"),
        keys: "Ctrl+Shift+B",
        sign: "blockquote",
        run: (editor) => editor.chain().focus().toggleBlockquote().run(),
        active: (editor) => editor.isActive("blockquote"),
      },
    ],
    pickers,
    [
      {
        name: "table",
        title: translate("Table"),
        sign: "table",
        run: (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 2, withHeaderRow: true }).run(),
        active: (editor) => editor.isActive("table"),
      },
      mark("superscript", translate("Superscript"), "Ctrl+."),
      mark("subscript", translate("Subscript"), "Ctrl+,"),
    ],
    [
      inTable("addRowAfter", translate("Add a row"), "+R"),
      inTable("deleteRow", translate("Remove the row"), "−R"),
      inTable("addColumnAfter", translate("Add a column"), "+C"),
      inTable("deleteColumn", translate("Remove the column"), "−C"),
      inTable("toggleHeaderRow", translate("First row is a heading"), "H"),
      inTable("deleteTable", translate("Remove the table"), "×"),
    ],
    [
      { name: "undo", title: translate("Undo"), keys: "Ctrl+Z", sign: "undo", run: (editor) => editor.commands.undo() },
      { name: "redo", title: translate("Redo"), keys: "Ctrl+Y", sign: "redo", run: (editor) => editor.commands.redo() },
      {
        name: "fullscreen",
        title: translate("Full screen"),
        keys: "Ctrl+Shift+F",
        sign: "fullscreen",
        run: (editor) => editor.commands.toggleFullscreen(),
        reads: true,
        active: (editor) => editor.view.dom.closest(".body-editor").classList.contains("is-full"),
      },
    ],
  ]
  if (editor.commands.comment) {
    all.splice(-1, 0, [
      {
        name: "comment",
        title: translate("Comment on these words"),
        keys: "Ctrl+Alt+M",
        sign: "comment",
        run: (editor) => editor.commands.comment(),
        reads: true,
      },
    ])
  }
  return all.filter((group) => group.length)
}

/** @param {keyof typeof SIGNS} name */
function sign(name) {
  const svg = document.createElementNS(SVG, "svg")
  const path = document.createElementNS(SVG, "path")
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: "20",
    height: "20",
    "aria-hidden": "true",
  })) {
    svg.setAttribute(key, value)
  }
  path.setAttribute("d", SIGNS[name])
  svg.append(path)
  return svg
}

/** @param {Tool} tool */
function button(tool) {
  const title = tool.keys ? `${tool.title} (${tool.keys})` : tool.title
  const made = element(
    "button",
    { type: "button", className: "editor-tool", title },
    tool.sign ? sign(tool.sign) : tool.text,
  )
  made.setAttribute("aria-label", tool.title)
  if (tool.active) made.setAttribute("aria-pressed", "false")
  made.dataset.tool = tool.name
  return made
}

export const Toolbar = Extension.create({
  name: "toolbar",
  addOptions: () => ({ place: /** @type {any} */ (null), urls: { photos: "", articles: "" } }),
  onCreate() {
    const { place, urls } = this.options
    const { editor } = this
    const tools = groups(editor, urls).map((group) => group.map((tool) => ({ tool, made: button(tool) })))
    place.setAttribute("role", "toolbar")
    place.setAttribute("aria-label", translate("Text tools"))
    for (const group of tools) {
      place.append(element("div", { className: "editor-tools" }, ...group.map(({ made }) => made)))
    }
    const all = tools.flat()
    for (const { tool, made } of all) {
      made.addEventListener("mousedown", (event) => event.preventDefault()) // the text keeps the focus
      made.addEventListener("click", () => {
        if (editor.isEditable || tool.reads) tool.run(editor) // while somebody else has the turn, the text can be read
      })
    }

    // One stop for Tab; arrows go from button to button (ARIA's pattern of a toolbar).
    let stop = all[0].made
    for (const { made } of all) made.tabIndex = made === stop ? 0 : -1
    place.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const there = all.map(({ made }) => made).filter((made) => !made.hidden)
      const at = there.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: there.length - 1 }[event.key]
      if (at < 0 || next === undefined) return
      event.preventDefault()
      there[(next + there.length) % there.length].focus()
    })
    place.addEventListener("focusin", (/** @type {FocusEvent} */ event) => {
      const made = all.find((each) => each.made === event.target)?.made
      if (!made) return
      stop.tabIndex = -1
      stop = made
      stop.tabIndex = 0
    })

    let frame = 0
    const follow = () => {
      frame = 0
      if (editor.isDestroyed) return
      for (const { tool, made } of all) {
        if (tool.active) made.setAttribute("aria-pressed", String(tool.active(editor)))
        if (tool.shown) made.hidden = !tool.shown(editor)
      }
      for (const group of place.children) group.hidden = ![...group.children].some((made) => !made.hidden)
    }
    editor.on("transaction", () => {
      if (!frame) frame = requestAnimationFrame(follow)
    })
    follow()
  },
  addCommands() {
    return {
      toggleFullscreen:
        () =>
        (/** @type {any} */ { editor }) => {
          const whole = editor.view.dom.closest(".body-editor")
          document.documentElement.classList.toggle("has-full-editor", whole.classList.toggle("is-full"))
          requestAnimationFrame(() => editor.commands.focus())
          return true
        },
    }
  },
  addKeyboardShortcuts() {
    const { urls } = this.options
    return {
      "Mod-k": (/** @type {any} */ { editor }) => {
        editLink(editor, urls)
        return true
      },
      "Mod-Shift-f": (/** @type {any} */ { editor }) => editor.commands.toggleFullscreen(),
      "Alt-F10": (/** @type {any} */ { editor }) => {
        editor.view.dom.closest(".body-editor").querySelector('.editor-tool[tabindex="0"]').focus()
        return true
      },
      Escape: (/** @type {any} */ { editor }) => {
        const isFull = editor.view.dom.closest(".body-editor").classList.contains("is-full")
        return isFull && editor.commands.toggleFullscreen()
      },
    }
  },
})
