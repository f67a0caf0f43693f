// Text without HTML, as chats, PDF viewers and spreadsheets put it into the clipboard, made into blocks. Pure functions.
// Cases with expected results: tests/browser/pastes.toml.

const ENDED = /[.!?:;…”"»)]\s*$/

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")

/**
 * Chats mark bold with asterisks and italic with underscores. They are marks only where they plainly stand around
 * words: not in 2*3*4, in names_of_files, in a note's *) or a sign-off's (**).
 *
 * @param {string} line
 */
function chatMarks(line) {
  const before = "(^|[\\s(“\"'‘])"
  const after = "(?=$|[\\s.,;:!?)”\"'’])"
  /** @param {string} mark */
  const marked = (mark) =>
    new RegExp(
      `${before}[${mark}](?=[^${mark}\\n]*\\p{L})([^\\s${mark}](?:[^${mark}\\n]*[^\\s${mark}])?)[${mark}]${after}`,
      "gu",
    )
  return escaped(line).replace(marked("*"), "$1<strong>$2</strong>").replace(marked("_"), "$1<em>$2</em>")
}

/**
 * PDF viewers break the lines where the page did. Such lines are one paragraph.
 *
 * @param {string[]} given
 * @returns {string[]}
 */
function joined(given) {
  const longest = Math.max(...given.map((line) => line.length))
  const isFull = (/** @type {string} */ line) => line.length >= longest * 0.7
  const broken = given.slice(0, -1).filter((line) => isFull(line) && !ENDED.test(line)).length
  if (given.length < 3 || longest < 40 || longest > 140 || broken < (given.length - 1) / 2) return given
  const found = [given[0]]
  given.slice(1).forEach((line, at) => {
    const before = given[at]
    const last = found.length - 1
    if (ENDED.test(before) && !isFull(before)) found.push(line)
    else {
      const [, first] = /(\p{L}+)-$/u.exec(found[last]) ?? []
      const second = /^\p{L}+/u.exec(line)?.[0]
      const isOneWord = first && second && second === second.toLowerCase() && !second.startsWith(first.toLowerCase())
      found[last] = isOneWord ? found[last].slice(0, -1) + line : `${found[last]}${first ? "" : " "}${line}`
    }
  })
  return found
}

/**
 * Lines of a text as blocks: consecutive lines with bullets or numbers are a list, every other line is a paragraph.
 *
 * @param {string} text
 * @returns {string} HTML
 */
export function fromText(text) {
  const groups = text
    .replace(/\r\n?/g, "\n")
    .replace(/\f/g, "\n\n")
    .split(/\n[^\S\n]*\n/)
    .map((group) =>
      group
        .split("\n")
        .map((line) => line.replace(/[^\S\t]+/g, " ").trim())
        .filter(Boolean),
    )
    .filter((group) => group.length)
  return groups.map(group).join("")
}

/** @param {string[]} given */
function group(given) {
  if (given.length > 1 && given.every((line) => line.includes("\t"))) return tabbed(given)
  const items = given.map((line) => {
    const bullet = /^(?:[•·▪●◦‣⁃]|[-*](?=\s))\s*(.+)$/u.exec(line)
    const number = /^(\d{1,2})[.)]\s+(.+)$/u.exec(line)
    if (bullet) return { list: "ul", number: 0, words: bullet[1] }
    return number ? { list: "ol", number: Number(number[1]), words: number[2] } : { list: "", number: 0, words: line }
  })
  const follows = (/** @type {number} */ at) =>
    items[at]?.list &&
    items[at - 1]?.list === items[at].list &&
    (items[at].list === "ul" || items[at].number === items[at - 1].number + 1)
  if (!items.some((item) => item.list))
    return joined(given)
      .map((line) => `<p>${chatMarks(line)}</p>`)
      .join("")
  let html = ""
  items.forEach((item, at) => {
    const isItem = item.list && (follows(at) || follows(at + 1))
    if (!isItem) {
      html += `<p>${chatMarks(given[at])}</p>`
      return
    }
    const start = item.list === "ol" && item.number !== 1 ? ` start="${item.number}"` : ""
    if (!follows(at)) html += `<${item.list}${start}>`
    html += `<li><p>${chatMarks(item.words)}</p></li>`
    if (!follows(at + 1)) html += `</${item.list}>`
  })
  return html
}

/** @param {string[]} given lines with cells, as spreadsheets write them */
function tabbed(given) {
  const rows = given.map((line) =>
    line
      .split("\t")
      .map((cell) => `<td><p>${escaped(cell.trim())}</p></td>`)
      .join(""),
  )
  return `<table>${rows.map((row) => `<tr>${row}</tr>`).join("")}</table>`
}
