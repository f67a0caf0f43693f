// The desk follows what happens: it asks for a number every few seconds, and for its lists when the number has changed.
// Countdowns run here; when one ends, the desk asks anew.

const EVERY = 15_000
const desk = document.getElementById("desk")
const inWords = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" })

/** Replace the lists by the server's newest ones. What has the focus keeps it, if it is still there. */
async function renew() {
  const answer = await fetch(location.href)
  if (!answer.ok || answer.redirected) return
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const newest = page.getElementById("desk")
  if (!newest) return
  const focused = document.activeElement?.closest("#desk a")?.getAttribute("href")
  const pile = document.activeElement?.closest(".pile")?.id
  desk.replaceChildren(...newest.children)
  desk.dataset.pulse = newest.dataset.pulse
  if (focused) {
    /** @type {HTMLElement} */
    const same = desk.querySelector(`#${pile} a[href="${CSS.escape(focused)}"]`)
    same?.focus()
  }
}

async function ask() {
  if (document.hidden) return
  try {
    const answer = await fetch(desk.dataset.pulseUrl)
    if (answer.ok && (await answer.json()).pulse !== desk.dataset.pulse) await renew()
  } catch {
    // The line is away; the next question may get through.
  }
}

function count() {
  let isOver = false
  for (const clock of desk.querySelectorAll(".countdown")) {
    const seconds = (Date.parse(/** @type {HTMLElement} */ (clock).dataset.until) - Date.now()) / 1000
    if (seconds <= 0) isOver = true
    else if (seconds < 90) clock.textContent = inWords.format(Math.ceil(seconds), "second")
    else if (seconds < 5400) clock.textContent = inWords.format(Math.round(seconds / 60), "minute")
  }
  return isOver
}

/** @param {HTMLElement} charts what is fetched after the lists, once */
async function draw(charts) {
  const answer = await fetch(charts.dataset.url)
  if (!answer.ok) return
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  charts.querySelector("div").replaceChildren(...page.body.childNodes)
}

if (desk) {
  /** @type {NodeListOf<HTMLElement>} */
  const charts = document.querySelectorAll(".desk-charts")
  for (const each of charts) draw(each).catch(() => {})
  count()
  setInterval(ask, EVERY)
  document.addEventListener("visibilitychange", ask)
  let waits = 0
  setInterval(() => {
    if (count() && Date.now() > waits) {
      waits = Date.now() + 5_000 // this device's clock may be ahead of the server's
      renew().catch(() => {})
    }
  }, 1_000)
}
