// The photo library: a quick look at a photo in a dialog, and how many are chosen. Without script a picture is a link to
// the photo's form, and the boxes and the button below them do the same.
const links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("a[data-look]")])
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("look"))

// --- Quick look ---------------------------------------------------------------------------------------------------

let shown = -1
let asked = 0

/** @param {number} number of the photo on this page */
async function look(number) {
  shown = number
  asked += 1
  const turn = asked
  const link = links[number]
  place()
  if (!dialog.open) dialog.showModal()
  /** @type {Response} */
  let answer
  try {
    answer = await fetch(link.dataset.look)
  } catch {
    // no connection: the form's page will say so
  }
  if (turn !== asked || !dialog.open) return // another photo was asked for meanwhile
  if (!answer?.ok || answer.redirected) {
    location.assign(link.href)
    return
  }
  const { body } = new DOMParser().parseFromString(await answer.text(), "text/html")
  if (turn !== asked) return
  dialog.querySelector("[data-look-content]").replaceChildren(...body.childNodes)
}

function place() {
  dialog.querySelector("[data-place]").textContent = `${shown + 1} / ${links.length}`
  for (const button of steps) button.disabled = !links[shown + Number(button.dataset.step)]
}

/** @param {number} by how many photos */
function step(by) {
  if (links[shown + by]) look(shown + by)
}

const steps = /** @type {HTMLButtonElement[]} */ ([...(dialog?.querySelectorAll("[data-step]") ?? [])])

if (dialog) {
  for (const [number, link] of links.entries()) {
    link.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      look(number)
    })
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return
      event.preventDefault()
      look(number)
    })
  }
  for (const button of steps) button.addEventListener("click", () => step(Number(button.dataset.step)))
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close() // its backdrop
  })
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    step(by)
  })
  dialog.addEventListener("close", () => links[shown].focus())
}

// --- Choosing -----------------------------------------------------------------------------------------------------

/** @type {HTMLElement} */
const bar = document.querySelector("[data-choice]")
const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(".library-choose input")])

function count() {
  const chosen = boxes.filter((box) => box.checked).length
  const said = bar.querySelector("output")
  said.textContent = `${said.dataset.chosen} ${chosen}`
  bar.hidden = !chosen
  const [all, none] = ["all", "none"].map((name) => /** @type {HTMLElement} */ (bar.querySelector(`[data-${name}]`)))
  all.hidden = chosen === boxes.length
  none.hidden = !chosen
}

/** @param {boolean} checked */
function setAll(checked) {
  for (const box of boxes) box.checked = checked
  count()
  if (!checked) boxes[0].focus()
}

if (bar) {
  for (const box of boxes) box.addEventListener("change", count)
  bar.querySelector("[data-all]").addEventListener("click", () => setAll(true))
  bar.querySelector("[data-none]").addEventListener("click", () => setAll(false))
  window.addEventListener("pageshow", count) // the browser restores boxes when somebody comes back
  count()
}
