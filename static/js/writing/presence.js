// Who else has this story open, and whose turn it is to write in its body (news/newsroom/presence.py). The turn is a
// courtesy: it never stops saving, and without an answer from the server nobody is held up.
import { headers } from "../session.js"

const EVERY = 15_000 // milliseconds
const WHILE_ASKING = 4_000
const PAGE = String(performance.timeOrigin) // another one when the page is loaded anew
const gettext = window.gettext ?? ((/** @type {string} */ text) => text)

/** @typedef {{ name: string, initials: string, since: string, me: boolean, writes: boolean, words: string }} Person */
/** @typedef {{ people: Person[], writer: string | null, mine: boolean, asked_by: string | null, asking: boolean,
 *              version: number }} State */

/**
 * @param {string} address
 * @param {HTMLFormElement} form
 */
export function watchPeople(address, form) {
  const panel = document.getElementById("people")
  const turn = panel.querySelector(".turn")
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = panel.querySelectorAll("button[data-do]")
  /** @type {State} */
  let state = { people: [], writer: null, mine: false, asked_by: null, asking: false, version: 0 }
  const version = Number(/** @type {HTMLInputElement} */ (form.querySelector("[name=version]"))?.value)
  let timer = 0
  let busy = false

  /** @param {string} act */
  async function tell(act) {
    if (busy) return
    busy = true
    clearTimeout(timer)
    try {
      const answer = await fetch(address, {
        method: "POST",
        body: new URLSearchParams({ do: act, page: PAGE }),
        headers: headers(),
      })
      if (answer.ok) {
        state = await answer.json()
        show()
      }
    } catch {
      state = { people: [], writer: null, mine: false, asked_by: null, asking: false, version: 0 }
      show()
    } finally {
      busy = false
      timer = window.setTimeout(ask, state.asking || state.asked_by ? WHILE_ASKING : EVERY)
    }
  }

  const ask = () => {
    if (document.visibilityState === "visible") tell("")
  }

  const isHeld = () => Boolean(state.writer) && !state.mine

  function show() {
    const others = state.people.filter((person) => !person.me)
    const isOld = state.version > version
    panel.hidden = others.length === 0 && !isOld
    panel.querySelector(".saved-since").toggleAttribute("hidden", !isOld)
    holdBody()
    panel.querySelector(".people").replaceChildren(
      ...others.map((person) => {
        const item = document.createElement("li")
        const badge = document.createElement("span")
        badge.className = "initials"
        badge.setAttribute("aria-hidden", "true")
        badge.textContent = person.initials
        const since = new Date(person.since).toLocaleTimeString(document.documentElement.lang, {
          hour: "2-digit",
          minute: "2-digit",
        })
        item.append(badge, ` ${person.name}, ${gettext("since")} ${since}`)
        return item
      }),
    )
    const words = turnInWords()
    if (turn.textContent !== words) turn.textContent = words
    for (const button of buttons) {
      button.hidden = button.dataset.do === "ask" ? !isHeld() || state.asking : !(state.mine && state.asked_by)
    }
  }

  function turnInWords() {
    if (state.mine && state.asked_by) return `${state.asked_by} ${gettext("asks to write in the text.")}`
    if (state.asking) return `${state.writer} ${gettext("is asked. Without an answer it is your turn soon.")}`
    if (isHeld()) return `${state.writer} ${gettext("is writing in the text now.")}`
    return ""
  }

  for (const button of buttons) button.addEventListener("click", () => tell(button.dataset.do))

  // The body alone has a turn. Whoever starts to write takes it; while somebody else has it, it can be read.
  const body = form.querySelector(".field-body")

  function holdBody() {
    const held = isHeld()
    /** @type {Element & { editor?: { isEditable: boolean, setEditable(editable: boolean, emit: boolean): void } }} */
    const text = body?.querySelector(".ProseMirror")
    if (text?.editor && text.editor.isEditable === held) text.editor.setEditable(!held, false)
  }

  body?.addEventListener("input", () => {
    if (state.mine) return
    state.mine = true // until the server says otherwise
    tell("write")
  })
  body?.addEventListener("pointerdown", () => {
    if (isHeld()) panel.scrollIntoView({ block: "nearest" })
  })

  window.addEventListener("pagehide", () => {
    const body = new URLSearchParams({ do: "leave", page: PAGE })
    fetch(address, { method: "POST", body, headers: headers(), keepalive: true }).catch(() => {})
  })
  document.addEventListener("visibilitychange", ask)
  tell("")
}
