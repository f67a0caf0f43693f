// The bell: how many notices are unread, asked for every half minute while somebody looks at the page. The title of the
// tab says it too.
const EVERY = 30_000 // milliseconds
const MOST = 100

/** @type {HTMLAnchorElement} */
const bell = document.querySelector(".bell")
const title = document.title
/** @type {number | undefined} */
let timer

/** @param {number} count */
function show(count) {
  /** @type {HTMLElement} */
  const shown = bell.querySelector(".top-count")
  const words = count >= MOST ? `${MOST - 1}+` : String(count)
  shown.textContent = words
  shown.hidden = !count
  bell.setAttribute("aria-label", count ? bell.dataset.words.replace("(count)", words) : bell.dataset.none)
  document.title = count ? `(${words}) ${title}` : title
}

async function ask() {
  try {
    const answer = await fetch(bell.dataset.count, { headers: { Accept: "application/json" }, redirect: "error" })
    if (answer.status === 401) return stop()
    if (answer.ok) show(await answer.json())
  } catch {
    /* no connection: the next time */
  }
}

function start() {
  stop()
  timer = window.setInterval(ask, EVERY)
}

function stop() {
  window.clearInterval(timer)
}

if (bell) {
  show(Number(bell.dataset.unread))
  start()
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return stop()
    start()
    ask()
  })
  window.addEventListener("pageshow", (event) => event.persisted && ask())
}
