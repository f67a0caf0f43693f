// What other programs put into the clipboard, made into HTML that the editor knows: bold stays bold, lists stay lists,
// tables stay tables, and words of different cells and blocks never run together. Pure functions, without the editor.
// Text without HTML: lines.js. Cases with expected results, program by program: tests/browser/pastes.toml.

const GONE =
  "script, style, meta, link, title, xml, noscript, template, svg, object, embed, audio, video, canvas, button, select, " +
  "input, textarea, del, colgroup, wbr, .EOP, .ProseMirror-trailingBreak"
const EMBEDS = ".twitter-tweet, .twitter-video, .instagram-media, .tiktok-embed, .text-post-media, .fb-post, .fb-video"
const PERMANENT = ["data-instgrm-permalink", "data-text-post-permalink", "cite", "data-href"]
const REDIRECTS = { "www.google.com/url": "q", "l.facebook.com/l.php": "u", "l.instagram.com/": "u" }
const MARKS = new Set(["STRONG", "EM", "SUP", "SUB", "A"])
const BLOCKS = new Set(
  "P H2 H3 UL OL LI BLOCKQUOTE TABLE TBODY THEAD TFOOT TR TD TH HR DIV SECTION ARTICLE MAIN HEADER FOOTER ADDRESS CENTER DETAILS SUMMARY PRE DL DT DD FIELDSET FORM ASIDE NAV FIGURE FIGCAPTION CAPTION".split(
    " ",
  ),
)
const BLOCK = [...BLOCKS].map((name) => name.toLowerCase()).join(", ")
const RENAMED = { B: "strong", I: "em", H1: "h2", H4: "h3", H5: "h3", H6: "h3" }
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f)+$/u
const KEPT = new Set(["href", "start", "colspan", "rowspan"])
const BULLET = /^[\s\u00a0]*[•·▪●◦‣⁃][\s\u00a0]+/
const BLANK = /^[\s\u00a0]*$/

/** @param {Element} element */
const styleOf = (element) => element.getAttribute("data-style") ?? ""

/**
 * The page's policy refuses styles and handlers in everything that is parsed, and says so each time. So they get names
 * that mean nothing.
 *
 * @param {string} html
 */
const inert = (html) =>
  html
    .replace(/<style\b[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) =>
      tag.replace(/\sstyle\s*=/gi, " data-style=").replace(/\son\w+\s*=/gi, " data-on="),
    )

/** @param {Element} element */
const unwrap = (element) => element.replaceWith(...element.childNodes)

/**
 * @param {Element} element
 * @param {string} name
 */
function renamed(element, name) {
  const made = element.ownerDocument.createElement(name)
  for (const kept of ["data-style", "href", "class"]) {
    const value = element.getAttribute(kept)
    if (value !== null) made.setAttribute(kept, value)
  }
  made.append(...element.childNodes)
  element.replaceWith(made)
  return made
}

/**
 * @param {Element} element
 * @param {string} name
 */
function wrapContent(element, name) {
  const inner = element.ownerDocument.createElement(name)
  inner.append(...element.childNodes)
  element.append(inner)
}

/** @param {Node} node */
const isBlock = (node) => node instanceof Element && BLOCKS.has(node.tagName)

/** @param {Node} node */
const holdsBlocks = (node) => node instanceof Element && (isBlock(node) || node.querySelector(BLOCK) !== null)

// --- One kind of source after the other --------------------------------------------------------------------------

/**
 * Word writes lists as paragraphs, each with its mark and its depth.
 *
 * @param {HTMLElement} body
 */
function wordLists(body) {
  /** @type {{ list: Element, level: number }[]} */
  let open = []
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const level = Number(/mso-list:\s*l\d+\s+level(\d+)/i.exec(styleOf(paragraph))?.[1] ?? 0)
    if (!level) {
      open = []
      continue
    }
    const mark = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)))
    const name = /^[\s\u00a0(]*[\da-z]{1,4}[.)]/i.test(mark?.textContent ?? "") ? "OL" : "UL"
    mark?.remove()
    if (open[0]?.list.nextElementSibling !== paragraph) open = []
    while (
      open.length &&
      (open.at(-1).level > level || (open.at(-1).level === level && open.at(-1).list.tagName !== name))
    )
      open.pop()
    const item = body.ownerDocument.createElement("li")
    if (open.at(-1)?.level !== level) {
      const list = body.ownerDocument.createElement(name)
      const parent = open.at(-1)?.list.lastElementChild
      if (parent) parent.append(list)
      else paragraph.before(list)
      open.push({ list, level })
    }
    open.at(-1).list.append(item)
    item.append(...paragraph.childNodes)
    paragraph.remove()
  }
}

/**
 * Word's pages in the browser have a list for every item.
 *
 * @param {HTMLElement} body
 */
function joinLists(body) {
  for (const list of body.querySelectorAll("ul, ol")) {
    const before = list.previousElementSibling
    const isNext = list.previousSibling === before || BLANK.test(list.previousSibling?.textContent ?? "")
    const start = Number(list.getAttribute("start") ?? 1)
    if (!before || !isNext || before.tagName !== list.tagName) continue
    if (list.tagName === "OL" && start !== before.childElementCount + Number(before.getAttribute("start") ?? 1))
      continue
    before.append(...list.childNodes)
    list.remove()
  }
}

/**
 * WhatsApp's pages keep the sender's lines as they are, without elements.
 *
 * @param {HTMLElement} body
 */
function whatsApp(body) {
  for (const element of body.querySelectorAll(".copyable-text, .selectable-text")) {
    const texts = body.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (!text.nodeValue.includes("\n")) continue
      const pieces = text.nodeValue.split("\n").flatMap((line) => [body.ownerDocument.createElement("br"), line])
      const fragment = body.ownerDocument.createDocumentFragment()
      fragment.append(...pieces.slice(1))
      texts.currentNode = fragment.lastChild ?? text
      text.parentNode.replaceChild(fragment, text)
    }
  }
}

/**
 * A video or post of another site becomes its link, which readers see as a box.
 *
 * @param {HTMLElement} body
 */
function embeds(body) {
  for (const element of body.querySelectorAll(`iframe, ${EMBEDS}`)) {
    const links = [...element.querySelectorAll("a[href]")]
    const named = PERMANENT.map((name) => element.getAttribute(name)).find(Boolean)
    const address = element.getAttribute("src") ?? named ?? links.at(-1)?.getAttribute("href") ?? ""
    const paragraph = body.ownerDocument.createElement("p")
    if (/^(https?:)?\/\//.test(address)) {
      const link = body.ownerDocument.createElement("a")
      link.setAttribute("href", address.replace(/^\/\//, "https://"))
      link.textContent = link.getAttribute("href")
      paragraph.append(link)
    }
    element.replaceWith(paragraph)
  }
}

/**
 * Pictures do not come along. Emoji that are drawn as pictures are text.
 *
 * @param {HTMLElement} body
 * @returns {string[]} the addresses of the pictures
 */
function pictures(body) {
  const found = []
  for (const image of body.querySelectorAll("img, v\\:imagedata")) {
    const alt = image.getAttribute("data-plain-text") ?? image.getAttribute("alt") ?? ""
    const sides = ["width", "height"].map((name) => image.getAttribute(name))
    if (EMOJI.test(alt)) image.replaceWith(alt)
    else {
      if (!sides.some((side) => side !== null && Number.parseInt(side, 10) <= 2))
        found.push(image.getAttribute("src") ?? "")
      image.remove()
    }
  }
  return found
}

/** @param {HTMLElement} body */
function links(body) {
  for (const link of body.querySelectorAll("a")) {
    let href = (link.getAttribute("href") ?? "").trim()
    try {
      const address = new URL(href)
      const parameter = REDIRECTS[/** @type {keyof typeof REDIRECTS} */ (address.host + address.pathname)]
      href = (parameter && address.searchParams.get(parameter)) || href
    } catch {
      // Not an absolute address.
    }
    if (!/^(https?:|mailto:|tel:|\/)/i.test(href) || BLANK.test(link.textContent)) unwrap(link)
    else link.setAttribute("href", href)
  }
}

/**
 * Bold, italic, raised and lowered, whether by element or by style. A style that takes it back wins: Google Docs puts
 * everything into a <b> that is not bold.
 *
 * @param {HTMLElement} body
 */
function marks(body) {
  for (const element of body.querySelectorAll(Object.keys(RENAMED).join(", "))) {
    renamed(element, RENAMED[/** @type {keyof typeof RENAMED} */ (element.tagName)])
  }
  for (const element of [...body.querySelectorAll("*")]) {
    const style = styleOf(element)
    const isHeading = element.closest("h2, h3") !== null
    const isBold = /font-weight:\s*(bold|bolder|[6-9]00)/i.test(style)
    const isPlain = /font-weight:\s*(normal|lighter|[1-4]00)/i.test(style)
    if (element.tagName === "STRONG") {
      if (isHeading || isPlain) unwrap(element)
      continue
    }
    if (element.tagName === "EM") {
      if (/font-style:\s*normal/i.test(style)) unwrap(element)
      continue
    }
    if (isBold && !isHeading && !["TABLE", "TBODY", "TR", "UL", "OL", "BODY"].includes(element.tagName)) {
      wrapContent(element, "strong")
    }
    if (
      /font-style:\s*(italic|oblique)/i.test(style) &&
      !["TABLE", "TBODY", "TR", "UL", "OL"].includes(element.tagName)
    ) {
      wrapContent(element, "em")
    }
    if (/vertical-align:\s*super/i.test(style) && !["SUP", "TD", "TH", "TR"].includes(element.tagName))
      wrapContent(element, "sup")
    if (/vertical-align:\s*sub/i.test(style) && !["SUB", "TD", "TH", "TR"].includes(element.tagName))
      wrapContent(element, "sub")
  }
  for (const element of [...body.querySelectorAll("*")]) {
    if (!isBlock(element) && !MARKS.has(element.tagName) && element.tagName !== "BR") unwrap(element)
  }
}

// --- From a tree of anything to blocks ---------------------------------------------------------------------------

/**
 * The content of an element as blocks: paragraphs, headings, lists, quotes, tables, rules.
 *
 * @param {Node} container
 * @param {Element[]} around the marks that stand around the content
 * @returns {Element[]}
 */
function flow(container, around = []) {
  const document = container.ownerDocument
  /** @type {Element[]} */
  const blocks = []
  /** @type {Node[]} */
  let run = []

  /** @param {string} name */
  function flush(name = "p") {
    for (const words of lines(run)) {
      const made = document.createElement(name)
      made.append(...words)
      if (!tidy(made)) continue
      for (const mark of around) {
        const copy = /** @type {Element} */ (mark.cloneNode(false))
        copy.append(...made.childNodes)
        made.append(copy)
      }
      blocks.push(made)
    }
    run = []
  }

  for (const child of [...container.childNodes]) {
    if (!holdsBlocks(child)) {
      run.push(child)
      continue
    }
    const element = /** @type {Element} */ (child)
    flush()
    if (MARKS.has(element.tagName)) blocks.push(...flow(element, [element, ...around]))
    else if (element.tagName === "H2" || element.tagName === "H3") {
      run = [...element.childNodes]
      flush(element.tagName)
    } else if (element.tagName === "UL" || element.tagName === "OL") blocks.push(...list(element))
    else if (element.tagName === "BLOCKQUOTE") blocks.push(...wrapped(element, flow(element)))
    else if (element.tagName === "TABLE") blocks.push(...table(element))
    else if (element.tagName === "HR") blocks.push(document.createElement("hr"))
    else blocks.push(...flow(element, around))
  }
  flush()
  return blocks
}

/**
 * @param {Element} element
 * @param {Element[]} content
 */
function wrapped(element, content) {
  if (!content.length) return []
  const made = element.ownerDocument.createElement(element.tagName)
  made.append(...content)
  return [made]
}

/**
 * Inline content, apart at every empty line.
 *
 * @param {Node[]} run
 * @returns {Node[][]}
 */
function lines(run) {
  /** @type {Node[][]} */
  const found = [[]]
  let breaks = 0
  for (const node of run) {
    const isBreak = node instanceof Element && node.tagName === "BR"
    const isSpace = !isBreak && node instanceof Text && BLANK.test(node.nodeValue)
    if (isBreak) breaks += 1
    else if (!isSpace) breaks = 0
    if (breaks > 1) {
      if (found.at(-1).length) found.push([])
    } else found.at(-1).push(node)
  }
  return found
}

/**
 * Plain spaces, none at the ends, no empty marks.
 *
 * @param {Element} block
 * @returns {boolean} whether anything is left
 */
function tidy(block) {
  const texts = [...textNodes(block)]
  for (const text of texts) text.nodeValue = text.nodeValue.replace(/[\s\u00a0]+/g, " ")
  for (const mark of [...block.querySelectorAll("strong, em, sup, sub, a")]) if (!mark.textContent) mark.remove()
  const ends = /** @type {const} */ ([
    ["firstChild", /^ /],
    ["lastChild", / $/],
  ])
  for (const [end, space] of ends) {
    for (let node = block[end]; node; node = block[end]) {
      const isBreak = node instanceof Element && node.tagName === "BR"
      if (!isBreak && !BLANK.test(node.textContent)) {
        const own = [...textNodes(block)].filter((text) => text.nodeValue)
        const text = end === "firstChild" ? own[0] : own.at(-1)
        text.nodeValue = text.nodeValue.replace(space, "")
        break
      }
      node.remove()
    }
  }
  for (const br of block.querySelectorAll("br")) {
    for (const [side, space] of /** @type {const} */ ([
      ["previousSibling", / $/],
      ["nextSibling", /^ /],
    ])) {
      const text = br[side]
      if (text instanceof Text) text.nodeValue = text.nodeValue.replace(space, "")
    }
  }
  return !BLANK.test(block.textContent)
}

/**
 * @param {Element} block
 * @returns {Generator<Text>}
 */
function* textNodes(block) {
  const walker = block.ownerDocument.createTreeWalker(block, NodeFilter.SHOW_TEXT)
  for (let text = walker.nextNode(); text; text = walker.nextNode()) yield/** @type {Text} */ (text)
}

/** @param {Element} element */
function list(element) {
  const made = element.ownerDocument.createElement(element.tagName)
  const start = element.getAttribute("start")
  if (start && start !== "1" && element.tagName === "OL") made.setAttribute("start", start)
  for (const child of [...element.childNodes]) {
    const isList = child instanceof Element && (child.tagName === "UL" || child.tagName === "OL")
    if (isList && made.lastElementChild) made.lastElementChild.append(...list(/** @type {Element} */ (child)))
    else if (isList || !BLANK.test(child.textContent)) {
      const holder = element.ownerDocument.createElement("div")
      holder.append(child instanceof Element && child.tagName === "LI" ? renamed(child, "div") : child)
      const content = flow(holder).map((block) => (/^H[23]$/.test(block.tagName) ? renamed(block, "p") : block))
      if (!content.length) continue
      const item = element.ownerDocument.createElement("li")
      if (content[0].tagName !== "P") item.append(element.ownerDocument.createElement("p"))
      item.append(...content)
      made.append(item)
    }
  }
  return made.childElementCount ? [made] : []
}

/**
 * A table of one column or row of cells, or one that only lays out a page, is not a table: its cells become paragraphs.
 *
 * @param {Element} element
 */
function table(element) {
  const document = element.ownerDocument
  const rows = [...element.querySelectorAll("tr")].filter((row) => row.closest("table") === element)
  const captions = [...element.children].filter((child) => child.tagName === "CAPTION").flatMap((child) => flow(child))
  const made = document.createElement("table")
  const loose = []
  let columns = 0
  for (const row of rows) {
    const cells = [...row.children].filter((cell) => cell.tagName === "TD" || cell.tagName === "TH")
    const tr = document.createElement("tr")
    for (const cell of cells) {
      const td = document.createElement(cell.tagName)
      for (const name of ["colspan", "rowspan"]) {
        const span = Number.parseInt(cell.getAttribute(name) ?? "1", 10)
        if (span > 1 && span < 100) td.setAttribute(name, String(span))
      }
      const content = flow(cell)
      loose.push(...content.map((block) => block.cloneNode(true)))
      td.append(...content)
      tr.append(td)
    }
    if (tr.textContent.trim()) made.append(tr)
    columns = Math.max(columns, cells.length)
  }
  const isLayout = element.getAttribute("role") === "presentation" || element.querySelector("table") !== null
  const blocks = isLayout || columns < 2 ? /** @type {Element[]} */ (loose) : made.childElementCount ? [made] : []
  return [...captions, ...blocks]
}

/**
 * Paragraphs that begin with a bullet are a list.
 *
 * @param {Element[]} blocks
 */
function bullets(blocks) {
  const isItem = blocks.map((block) => block.tagName === "P" && BULLET.test(block.textContent))
  /** @type {Element[]} */
  const found = []
  blocks.forEach((block, at) => {
    if (!isItem[at] || !(isItem[at - 1] || isItem[at + 1])) found.push(block)
    else {
      const first = [...textNodes(block)].find((text) => text.nodeValue.trim())
      first.nodeValue = first.nodeValue.replace(BULLET, "").replace(/^[•·▪●◦‣⁃]/, "")
      const item = block.ownerDocument.createElement("li")
      tidy(block)
      item.append(block)
      if (!isItem[at - 1]) found.push(block.ownerDocument.createElement("ul"))
      found.at(-1).append(item)
    }
  })
  return found
}

/**
 * @param {string} html
 * @returns {{ html: string, pictures: string[] }} the cleaned HTML, and the pictures that did not come along
 */
export function cleaned(html) {
  const isLoose = /<t[dr]\b/i.test(html) && !/<table\b/i.test(html)
  const { body } = new DOMParser().parseFromString(inert(isLoose ? `<table>${html}</table>` : html), "text/html")
  const comments = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT)
  const remarks = []
  while (comments.nextNode()) remarks.push(comments.currentNode)
  for (const remark of remarks) remark.parentNode.removeChild(remark)
  for (const element of body.querySelectorAll(GONE)) element.remove()
  const isInline = body.querySelector(`${BLOCK}, br, h1, h4, h5, h6, iframe`) === null
  whatsApp(body)
  wordLists(body)
  embeds(body)
  const left = pictures(body)
  links(body)
  marks(body)
  const made = body.ownerDocument.createElement("div")
  if (isInline && !body.querySelector("br, p")) {
    made.append(...body.childNodes)
    for (const text of textNodes(made)) text.nodeValue = text.nodeValue.replace(/[\s\u00a0]+/g, " ")
  } else {
    made.append(...bullets(flow(body)))
    joinLists(made)
  }
  for (const element of made.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) if (!KEPT.has(name)) element.removeAttribute(name)
  }
  return { html: made.innerHTML, pictures: left }
}
