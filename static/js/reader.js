// What script adds to readers' pages: a larger text, copying and the phone's sheet, the chooser of regions, videos on
// request, reading offline, one beacon. Loaded as a module, after the page; without it everything is there as plain links.

const html = document.documentElement
/** @type {HTMLScriptElement} */
const own = document.querySelector('script[type="module"][src*="js/reader"]')
const { worker, story } = own.dataset
const onceLoaded = (/** @type {() => void} */ act) => {
  if (document.readyState === "complete") act()
  else addEventListener("load", () => setTimeout(act), { once: true })
}

// Says that this story is being read: no cookie, no storage, no waiting.
const count = () => {
  if (navigator.sendBeacon) navigator.sendBeacon(story)
}
if (story && document.prerendering) document.addEventListener("prerenderingchange", count, { once: true })
else if (story) onceLoaded(count)

// Registers the service worker (sw.js), and hands it the page that came before it.
if (worker && "serviceWorker" in navigator)
  onceLoaded(async () => {
    const isFirst = !navigator.serviceWorker.controller
    await navigator.serviceWorker.register(worker)
    const { active } = await navigator.serviceWorker.ready
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name)
    if (isFirst) active.postMessage({ page: location.href, loaded })
  })

// The text's size, kept on this device only.
const SIZES = 3
const sized = /** @type {HTMLTemplateElement} */ (document.getElementById("text-size"))
const read = () => {
  try {
    return Number(localStorage.getItem("text")) || 0
  } catch {
    return 0
  }
}
const show = (/** @type {number} */ size) => {
  if (size) html.dataset.text = String(size)
  else delete html.dataset.text
}
show(read())
if (sized) {
  const tools = sized.content.firstElementChild
  tools.addEventListener("click", (event) => {
    const step = Number(/** @type {HTMLElement} */ (event.target).dataset.step)
    if (!step) return
    const size = Math.min(SIZES - 1, Math.max(0, read() + step))
    try {
      localStorage.setItem("text", String(size))
    } catch {
      /* a private window keeps nothing */
    }
    show(size)
  })
  sized.replaceWith(tools)
}

// Sharing
for (const share of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-share]"))) {
  const list = share.querySelector("ul")
  list.append(share.querySelector("template").content)
  /** @type {HTMLButtonElement} */
  const copy = list.querySelector("[data-copy]")
  const sheet = list.querySelector("[data-sheet]")
  const { share: url, title } = share.dataset
  if (navigator.clipboard)
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(url)
      copy.textContent = copy.dataset.copy
    })
  else copy.parentElement.remove()
  if (navigator.share) sheet.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}))
  else sheet.parentElement.remove()
}

// The chooser of regions: the page of all editions, in a window over this one, narrowed down while typing.
/** @type {HTMLAnchorElement} */
const chooser = document.querySelector("[data-regions]")
if (chooser)
  chooser.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return
    event.preventDefault()
    try {
      /** @type {HTMLDialogElement} */
      let box = document.querySelector("dialog.regions")
      if (!box) {
        const answer = await fetch(chooser.href)
        const page = new DOMParser().parseFromString(await answer.text(), "text/html")
        box = document.createElement("dialog")
        box.className = "regions"
        box.setAttribute("aria-label", chooser.textContent)
        box.append(page.getElementById("wilayah"))
        document.body.append(box)
        const field = box.querySelector("input")
        field.addEventListener("input", () => narrow(box, field.value))
        box.querySelector("form").addEventListener("submit", (submitted) => {
          /** @type {HTMLAnchorElement} */
          const first = box.querySelector("section:not([hidden]) li:not([hidden]) a")
          if (first) {
            submitted.preventDefault()
            location.href = first.href
          }
        })
        box.addEventListener("click", (clicked) => {
          if (clicked.target === box) box.close()
        })
      }
      box.showModal()
      box.querySelector("input").focus()
    } catch {
      location.href = chooser.href
    }
  })

/**
 * @param {HTMLDialogElement} box
 * @param {string} words
 */
function narrow(box, words) {
  const wanted = words.trim().toLowerCase()
  for (const province of box.querySelectorAll("section")) {
    const whole = province.querySelector("h2").textContent.toLowerCase().includes(wanted)
    let any = false
    for (const item of province.querySelectorAll("li")) {
      item.hidden = !(whole || item.textContent.toLowerCase().includes(wanted))
      any = any || !item.hidden
    }
    province.hidden = !any
  }
}

// Videos: the player comes when it is asked for.
document.addEventListener("click", (event) => {
  /** @type {HTMLAnchorElement} */
  const link = /** @type {Element} */ (event.target).closest("a[data-frame]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const frame = document.createElement("iframe")
  frame.src = link.dataset.frame
  frame.title = link.textContent
  frame.allow = "fullscreen; picture-in-picture"
  link.parentElement.className = "embed-frame"
  link.replaceWith(frame)
  frame.focus()
})
