// Dragging a scheduled story to another day, or to another time of the day. It fills in the story's own form and sends
// it, so the server decides, and nothing moves before it has. Days and times are texts of the region's clock: the
// browser's zone is never asked.

const QUARTERS = 4
const QUARTER = 15 // minutes
const EDGE = 48 // pixels from the window's edge at which it scrolls

/**
 * @typedef {object} Target where the story would go
 * @property {HTMLElement} place
 * @property {string} day such as 2026-11-28
 * @property {string} time such as 09:45
 */

/**
 * @param {number} x
 * @param {number} y
 * @param {string} time the story's own time of day, which another day does not change
 * @returns {Target | null}
 */
function targetAt(x, y, time) {
  const place = /** @type {HTMLElement | null} */ (document.elementFromPoint(x, y)?.closest("[data-day]") ?? null)
  if (!place?.dataset.day) return null
  const { day, hour } = place.dataset
  if (hour === undefined) return { place, day, time }
  const box = place.getBoundingClientRect()
  const quarter = Math.min(Math.floor(((y - box.top) / box.height) * QUARTERS), QUARTERS - 1)
  const minutes = Math.max(quarter, 0) * QUARTER
  return { place, day, time: `${hour.padStart(2, "0")}:${String(minutes).padStart(2, "0")}` }
}

/** @param {HTMLElement} handle */
function drags(handle) {
  const story = /** @type {HTMLElement} */ (handle.closest(".schedule-story"))
  const form = /** @type {HTMLFormElement} */ (story.querySelector(".schedule-move form"))
  const dayField = /** @type {HTMLInputElement} */ (form.elements.namedItem("date"))
  const timeField = /** @type {HTMLInputElement} */ (form.elements.namedItem("time"))
  const { ownDay = "", ownTime = "" } = handle.dataset
  const label = document.createElement("div")
  label.className = "schedule-drag"
  /** @type {Target | null} */
  let target = null
  let active = false

  /** @param {Target | null} next */
  function aim(next) {
    target?.place.classList.remove("is-target")
    next?.place.classList.add("is-target")
    target = next
  }

  function end() {
    active = false
    aim(null)
    label.remove()
    story.classList.remove("is-dragged")
    document.removeEventListener("keydown", stop)
  }

  /** @param {KeyboardEvent} event */
  function stop(event) {
    if (event.key === "Escape") end()
  }

  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return
    event.preventDefault()
    handle.setPointerCapture(event.pointerId)
    active = true
    story.classList.add("is-dragged")
    document.body.append(label)
    document.addEventListener("keydown", stop)
  })
  handle.addEventListener("pointermove", (event) => {
    if (!active) return
    aim(targetAt(event.clientX, event.clientY, ownTime))
    label.textContent = target ? `${target.day} ${target.time}` : ""
    label.style.transform = `translate(${event.clientX + 12}px, ${event.clientY + 12}px)`
    if (event.clientY < EDGE) window.scrollBy(0, -EDGE / 4)
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, EDGE / 4)
  })
  handle.addEventListener("pointerup", () => {
    const chosen = active ? target : null
    end()
    if (!chosen) return
    if (chosen.day === ownDay && chosen.time === ownTime) return
    dayField.value = chosen.day
    timeField.value = chosen.time
    form.requestSubmit()
  })
  handle.addEventListener("pointercancel", end)
  handle.hidden = false
}

for (const handle of document.querySelectorAll(".schedule-handle")) drags(/** @type {HTMLElement} */ (handle))
