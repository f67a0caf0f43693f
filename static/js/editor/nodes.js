// What a text may hold besides words: photos and stories to read also. The text stores their ids alone
// (news/content/richtext.py); the editor asks for the rest to show it.
import { Node } from "django-prose-editor/editor"
import { element, find } from "pekon/picker"

const translate = window.gettext ?? ((/** @type {string} */ text) => text)

/** @typedef {import("pekon/picker").Item} Item */

/**
 * What is known of photos or stories, asked for in one request for all that a text refers to.
 *
 * @param {string} url
 */
function known(url) {
  /** @type {Map<string, Promise<Item | undefined>>} */
  const items = new Map()
  /** @type {Map<string, (item: Item | undefined) => void>} */
  let wanted = new Map()

  async function ask() {
    const waiting = wanted
    wanted = new Map()
    /** @type {Item[]} */
    let found = []
    try {
      found = await find(url, [...waiting.keys()])
    } catch {
      // Without a connection the text can be written all the same.
    }
    for (const [id, tell] of waiting) tell(found.find((item) => String(item.id) === id))
  }

  return {
    /** @param {Item} item */
    add: (item) => items.set(String(item.id), Promise.resolve(item)),
    /** @param {string} id */
    get(id) {
      const there = items.get(id)
      if (there) return there
      if (!wanted.size) setTimeout(ask)
      /** @type {Promise<Item | undefined>} */
      const promise = new Promise((resolve) => wanted.set(id, resolve))
      items.set(id, promise)
      return promise
    },
  }
}

/**
 * @param {string} name the attribute
 */
function reference(name) {
  return {
    default: /** @type {any} */ (null),
    /** @param {HTMLElement} dom */
    parseHTML: (dom) => dom.getAttribute(name),
    /** @param {Record<string, string>} attributes */
    renderHTML: (attributes) => ({ [name]: attributes.id }),
  }
}

/**
 * Where a new block goes: below the one in which the cursor is, or in place of an empty paragraph. A text always ends
 * with a paragraph to write on in.
 *
 * @param {any} state
 * @param {object} node
 */
function below(state, node) {
  const { $to, to } = state.selection
  const end = $to.depth ? $to.after(1) : to
  const isEmpty = $to.depth === 1 && $to.parent.type.name === "paragraph" && !$to.parent.content.size
  const isLast = end === state.doc.content.size
  return /** @type {const} */ ([
    { from: isEmpty ? $to.before(1) : end, to: end },
    isLast ? [node, { type: "paragraph" }] : [node],
  ])
}

/**
 * The command that puts what was picked into the text.
 *
 * @param {any} node
 */
function inserting(node) {
  return (/** @type {Item} */ item) =>
    (/** @type {any} */ { commands, state }) => {
      node.storage.items.add(item)
      return commands.insertContentAt(...below(state, { type: node.name, attrs: { id: String(item.id) } }))
    }
}

/** A photo inside the text, with a caption for this text; without one, readers see the photo's own. */
export const Photo = Node.create({
  name: "photo",
  group: "block",
  content: "text*",
  marks: "",
  draggable: true,
  isolating: true,
  defining: true,
  addOptions: () => ({ url: "" }),
  addStorage() {
    return { items: known(this.options.url) }
  },
  addAttributes: () => ({ id: reference("data-photo") }),
  parseHTML: () => [{ tag: "figure[data-photo]", contentElement: "figcaption" }],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes, ["figcaption", 0]],
  addCommands() {
    return { insertPhoto: inserting(this) }
  },
  addNodeView() {
    return (/** @type {any} */ { node }) => {
      const image = element("img", { alt: "", className: "editor-photo" })
      const about = element("p", { className: "editor-photo-note" })
      const caption = element("figcaption", {})
      const picture = element("div", { contentEditable: "false" }, image, about)
      const dom = element("figure", { className: "editor-figure" }, picture, caption)
      caption.setAttribute("data-placeholder", translate("Caption in this story; empty: the photo's own"))
      caption.classList.toggle("is-empty", !node.content.size)
      this.storage.items.get(node.attrs.id).then((/** @type {Item | undefined} */ item) => {
        if (item) {
          image.src = item.preview_url || item.thumbnail_url || ""
          image.alt = item.alt || item.label
          const missing = item.is_described ? "" : translate("has no description for blind readers yet")
          about.textContent = [item.caption, item.credit, missing, item.note].filter(Boolean).join(" · ")
        } else about.textContent = `${translate("Photo")} ${node.attrs.id}`
      })
      return {
        dom,
        contentDOM: caption,
        ignoreMutation: (/** @type {MutationRecord} */ change) => !caption.contains(change.target),
        update(/** @type {any} */ changed) {
          caption.classList.toggle("is-empty", !changed.content.size)
          return changed.type.name === "photo" && changed.attrs.id === node.attrs.id
        },
      }
    }
  },
  addKeyboardShortcuts() {
    const leave = () => {
      const { $from } = this.editor.state.selection
      if ($from.parent.type.name !== this.name) return false
      return this.editor
        .chain()
        .insertContentAt($from.after(), { type: "paragraph" })
        .focus($from.after() + 1)
        .run()
    }
    return { Enter: leave }
  },
})

/** "Baca juga": another story, of which readers see the title of today. */
export const Story = Node.create({
  name: "story",
  group: "block",
  atom: true,
  draggable: true,
  addOptions: () => ({ url: "" }),
  addStorage() {
    return { items: known(this.options.url) }
  },
  addAttributes: () => ({ id: reference("data-article") }),
  parseHTML: () => [{ tag: "aside[data-article]" }],
  renderHTML: ({ HTMLAttributes }) => ["aside", HTMLAttributes],
  addCommands() {
    return { insertStory: inserting(this) }
  },
  addNodeView() {
    return (/** @type {any} */ { node }) => {
      const title = element("span", { textContent: "…" })
      const dom = element("aside", { className: "editor-story" }, element("b", {}, translate("Read also")), " ", title)
      this.storage.items.get(node.attrs.id).then((/** @type {Item | undefined} */ item) => {
        title.textContent = item?.label ?? translate("A story that readers cannot see now: it is left out.")
      })
      return { dom }
    }
  },
})
