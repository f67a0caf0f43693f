// What is looked at in a page, from inside it; tests/pages/looks.py asks. It knows addresses, landmarks and tags, no
// class of the design's. Each function returns what it found, in words.
;({
  /** @param {Element} element */
  shown(element) {
    if (!element.getClientRects().length) return false
    if (element.closest("details:not([open])") && !element.closest("summary")) return false
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    return style.visibility === "visible" && box.width > 1 && box.height > 1 && style.clipPath !== "inset(50%)"
  },

  /** @param {Element} element */
  name(element) {
    const text = (element.textContent || element.getAttribute("alt") || "").trim().replace(/\s+/g, " ").slice(0, 60)
    return `<${element.localName}${element.className ? ` class="${element.className}"` : ""}> ${text}`
  },

  // Whether the element may be wider than the screen: something above it scrolls sideways by itself, or hides it.
  /** @param {Element} element */
  inScroller(element) {
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement)
      if (getComputedStyle(above).overflowX !== "visible") return true
    return false
  },

  // Of the element or of the words in it, which may reach out of it.
  /** @param {Element} element */
  rightEdge(element) {
    const edges = [element.getBoundingClientRect().right]
    if (getComputedStyle(element).overflowX === "visible")
      for (const node of element.childNodes)
        if (node.nodeType === Node.TEXT_NODE) {
          const range = new Range()
          range.selectNode(node)
          edges.push(range.getBoundingClientRect().right)
        }
    return Math.max(...edges)
  },

  // Sideways scroll, or what reaches beyond the screen to the right while the page hides it.
  sideways() {
    const wide = document.documentElement.clientWidth
    const found = []
    if (document.scrollingElement.scrollWidth > innerWidth)
      found.push(`the page is ${document.scrollingElement.scrollWidth} px wide on a screen of ${innerWidth}`)
    for (const element of document.body.querySelectorAll("*"))
      if (this.shown(element) && !this.inScroller(element) && this.rightEdge(element) > wide + 1)
        found.push(`beyond the screen: ${this.name(element)}`)
    return found.slice(0, 5)
  },

  // Text that its own box cuts off: what a reader cannot scroll to.
  clipped() {
    const cuts = (/** @type {string} */ value) => value === "hidden" || value === "clip"
    return [...document.body.querySelectorAll("*")]
      .filter((element) => {
        if (!this.shown(element) || !element.textContent.trim() || element.closest("svg")) return false
        const style = getComputedStyle(element)
        return (
          (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1) ||
          (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1)
        )
      })
      .map(this.name)
      .slice(0, 5)
  },

  // How much of the screen is covered by what does not scroll away, in percent.
  covered() {
    const fixed = [...document.body.querySelectorAll("*")].filter(
      (element) => this.shown(element) && ["fixed", "sticky"].includes(getComputedStyle(element).position),
    )
    scrollTo(0, document.documentElement.scrollHeight / 2)
    const heights = fixed
      .map((element) => element.getBoundingClientRect())
      .map((box) => Math.max(0, Math.min(box.bottom, innerHeight) - Math.max(box.top, 0)))
    scrollTo(0, 0)
    return Math.round((100 * Math.max(0, ...heights)) / innerHeight)
  },

  // What there is to read, in order, without the controls that a script adds: they say nothing.
  texts() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found = []
    while (walk.nextNode()) {
      const element = walk.currentNode.parentElement
      const text = walk.currentNode.textContent.trim().replace(/\s+/g, " ")
      if (
        text &&
        !element.closest("button, dialog, output, script, style, noscript, [aria-live], [role=status]") &&
        element.checkVisibility({ contentVisibilityAuto: false })
      )
        found.push(text)
    }
    return found
  },

  // Landmarks and headings: one h1, in main; no level left out; what is read first comes first.
  outline() {
    const found = []
    const one = (/** @type {string} */ selector) => {
      const all = document.querySelectorAll(selector)
      if (all.length !== 1) found.push(`${all.length} × ${selector}`)
      return all[0]
    }
    const main = one("main")
    const title = one("h1")
    if (main && title && !main.contains(title)) found.push("the h1 stands outside main")
    let level = 0
    for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
      const next = Number(heading.localName[1])
      if (next > level + 1) found.push(`h${level} is followed by ${this.name(heading)}`)
      level = next
    }
    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    if (title && headings[0] !== title) found.push(`before the h1 stands ${this.name(headings[0])}`)
    return found
  },

  // Where there is no style, the page reads from the top down as its source does, and says everything that it says
  // with its style.
  unstyled() {
    const before = this.texts()
    const found = []
    for (const sheet of document.styleSheets) sheet.disabled = true
    for (const element of document.querySelectorAll("[style]")) element.removeAttribute("style")
    const after = this.texts()
    const lost = before.filter((text) => !after.includes(text))
    if (lost.length) found.push(`lost without style: ${lost.slice(0, 3).join(" | ")}`)
    let low = -Infinity
    for (const element of document.querySelectorAll("h1, h2, h3, h4, h5, h6, main p")) {
      if (!this.shown(element)) continue
      const top = element.getBoundingClientRect().top
      if (top < low - 1) found.push(`stands above what comes before it: ${this.name(element)}`)
      low = top
    }
    return found
  },

  // The longest paragraph: its letters in a full line, and their size in px.
  measure() {
    const paragraphs = [...document.querySelectorAll("p")].filter(this.shown)
    const paragraph = paragraphs.sort((a, b) => b.textContent.length - a.textContent.length)[0]
    const walk = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT)
    /** @type {Record<number, number>} */
    const lines = {}
    const range = new Range()
    while (walk.nextNode())
      for (let at = 0; at < walk.currentNode.textContent.length; at++) {
        range.setStart(walk.currentNode, at)
        range.setEnd(walk.currentNode, at + 1)
        const line = Math.round(range.getBoundingClientRect().bottom / 4)
        lines[line] = (lines[line] || 0) + 1
      }
    return { letters: Math.max(...Object.values(lines)), size: parseFloat(getComputedStyle(paragraph).fontSize) }
  },

  // Links of the page's head and navigation that a finger cannot reach or hit.
  navigation() {
    /** @type {NodeListOf<HTMLDetailsElement>} */
    const folded = document.querySelectorAll("header details, nav details")
    for (const details of folded) details.open = true
    const links = [...document.querySelectorAll("header a[href], nav a[href]")].filter(
      (link) => !link.closest("main") && this.shown(link) && link.getBoundingClientRect().right > 0,
    )
    const found = links.length < 5 ? [`only ${links.length} links`] : []
    for (const link of links) {
      link.scrollIntoView({ block: "center", inline: "center", behavior: "instant" })
      const box = link.getBoundingClientRect()
      const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
      if (box.height < 24 || box.width < 24)
        found.push(`${Math.round(box.width)} × ${Math.round(box.height)} px: ${this.name(link)}`)
      else if (!there || !(link.contains(there) || there.contains(link))) found.push(`covered: ${this.name(link)}`)
    }
    return found
  },
})
