// Reading without a connection. Pages come from the network; the last lists and stories read are kept with their pictures
// and shown with a mark while there is none. What is no longer public is dropped as soon as we hear of it.
// news/readers/views/offline.py serves this at /sw.js and writes WORDS above it.
const STORIES = 30
const LISTS = 10
const PICTURES = 60
const PARTS = 40 // parts: style sheets, scripts
const OFFLINE = "/luring/"
const CHECK = "/luring.json"
const BATCH = 50
const INTERVAL = 10 * 60_000 // milliseconds between two checks, while the connection lasts
const STORY = /^\/(?:berita\/)?([1-9]\d*)(?:\/|$)/
const LIST = /^\/(?:$|(?:rubrik|tag|penulis|indeks|terpopuler|koreksi)\/)/
const FILE = /^\/(?:media\/|static\/.+\.[0-9a-f]{12}\.\w+$)/ // names that mean the same bytes for ever
const PARAMETERS = ["hari", "rubrik", "sebelum"] // of lists: each makes another page
const pages = () => caches.open("pages")
const files = () => caches.open("files")
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self))

worker.addEventListener("install", (event) => {
  worker.skipWaiting()
  event.waitUntil(setUp())
})
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()))
worker.addEventListener("message", (event) => event.waitUntil(catchUp(event)))
worker.addEventListener("fetch", (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== location.origin) return
  if (request.mode === "navigate") event.respondWith(page(event, nameOf(url)))
  else if (FILE.test(url.pathname)) event.respondWith(file(event, request))
})

async function setUp() {
  const response = await fetch(OFFLINE)
  const html = await response.clone().text()
  const cache = await files()
  const named = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map((found) => found[1])
  await cache.addAll(named.filter((path) => FILE.test(path)))
  await cache.put(OFFLINE, response)
}

async function takeOver() {
  await worker.registration.navigationPreload?.enable() // does not wait until this worker is awake
  await worker.clients.claim()
}

/**
 * The page that registered us came before us.
 *
 * @param {ExtendableMessageEvent} event
 */
async function catchUp(event) {
  /** @type {{ page: string, loaded: string[] }} */
  const { page, loaded } = event.data
  const ours = loaded.filter((url) => url.startsWith(location.origin) && FILE.test(new URL(url).pathname))
  await Promise.allSettled(ours.map((url) => file(event, url)))
  await learn(nameOf(new URL(page)), await fetch(page))
}

/**
 * What a page is kept as, whatever else its address says; empty for pages that are not kept.
 *
 * @param {URL} url
 */
function nameOf({ pathname, searchParams }) {
  const story = STORY.exec(pathname)
  if (story) return `/berita/${story[1]}/`
  if (!LIST.test(pathname)) return ""
  const given = PARAMETERS.filter((name) => searchParams.get(name))
  const query = new URLSearchParams(given.map((name) => [name, searchParams.get(name)]))
  return given.length ? `${pathname}?${query}` : pathname
}

/**
 * @param {FetchEvent} event
 * @param {string} name
 * @returns {Promise<Response>}
 */
async function page(event, name) {
  try {
    const response = (await event.preloadResponse) || (await fetch(event.request))
    event.waitUntil(learn(name, response.clone()))
    return response
  } catch {
    event.waitUntil(files().then((cache) => cache.delete(CHECK))) // the next check is due at once
    return (name && (await kept(name))) || offline()
  }
}

/**
 * @param {FetchEvent | ExtendableMessageEvent} event
 * @param {Request | string} request
 */
async function file(event, request) {
  const cache = await files()
  const known = await cache.match(request, { ignoreVary: true })
  if (known) return known
  const response = await fetch(request)
  if (response.status === 200) event.waitUntil(store(event, cache, request, response.clone()))
  return response
}

/**
 * For pages that are kept: not for a preview's photos.
 *
 * @param {FetchEvent | ExtendableMessageEvent} event
 * @param {Cache} cache
 * @param {Request | string} request
 * @param {Response} response
 */
async function store(event, cache, request, response) {
  const client = /** @type {Client} */ ("source" in event ? event.source : await worker.clients.get(event.clientId))
  if (!client || !nameOf(new URL(client.url))) return
  await cache.put(request, response)
  await trim(cache, /^\/media\//, PICTURES)
  await trim(cache, /^\/static\//, PARTS)
}

/**
 * @param {string} name
 * @param {Response} response
 */
async function learn(name, response) {
  if (name && [404, 410].includes(response.status)) await forget(name, new Set(storiesIn(name)))
  if (name && response.ok && !response.redirected) await keep(name, response)
  await check()
}

/**
 * @param {string} name
 * @param {Response} response
 */
async function keep(name, response) {
  const cache = await pages()
  const headers = new Headers(response.headers)
  headers.set("x-kept", String(Date.now()))
  await cache.delete(name) // the newest stand last
  await cache.put(name, new Response(await response.text(), { headers }))
  await trim(cache, /^\/berita\//, STORIES)
  await trim(cache, /^(?!\/berita\/)/, LISTS)
}

/**
 * @param {Cache} cache
 * @param {RegExp} path of what is counted
 * @param {number} most
 */
async function trim(cache, path, most) {
  const keys = (await cache.keys()).filter((key) => path.test(new URL(key.url).pathname))
  for (const key of keys.slice(0, -most)) await cache.delete(key)
}

const storiesIn = (/** @type {string} */ html) => [...html.matchAll(/\/berita\/([1-9]\d*)\//g)].map((found) => found[1])

/**
 * Name and text of every page that is kept, the newest first.
 *
 * @returns {Promise<[string, string][]>}
 */
async function all() {
  const cache = await pages()
  const keys = (await cache.keys()).map(({ url }) => url.slice(location.origin.length)).reverse()
  return Promise.all(keys.map(async (key) => [key, await (await cache.match(key)).text()]))
}

// Asks which of the stories that kept pages show or name are no longer public.
async function check() {
  const cache = await files()
  const last = await cache.match(CHECK)
  if (last && Date.now() - Number(await last.text()) < INTERVAL) return
  const named = [...new Set((await all()).flatMap(([, html]) => storiesIn(html)))]
  /** @type {Set<string>} */
  const gone = new Set()
  while (named.length) {
    const response = await fetch(`${CHECK}?cerita=${named.splice(0, BATCH).join("-")}`)
    if (!response.ok) return
    for (const id of (await response.json()).gone) gone.add(String(id))
  }
  await forget("", gone)
  await cache.put(CHECK, new Response(String(Date.now())))
}

/**
 * Drops a page, and every other one that shows or names one of these stories, with its photos in all sizes.
 *
 * @param {string} page
 * @param {Set<string>} gone
 */
async function forget(page, gone) {
  const [from, cache] = await Promise.all([pages(), files()])
  /** @type {Set<string>} */
  const photos = new Set()
  for (const [name, html] of await all()) {
    if (name !== page && !storiesIn(name + html).some((id) => gone.has(id))) continue
    await from.delete(name)
    for (const [photo] of html.matchAll(/\/media\/[0-9a-f]{32}\//g)) photos.add(photo)
  }
  for (const key of await cache.keys()) {
    if ([...photos].some((photo) => key.url.includes(photo))) await cache.delete(key)
  }
}

/** @param {string} name */
async function kept(name) {
  const response = await (await pages()).match(name)
  if (!response) return null
  const when = new Date(Number(response.headers.get("x-kept")))
  const said = WORDS.kept.replace("{when}", when.toLocaleString("id", { dateStyle: "long", timeStyle: "short" }))
  return withAfter(response, /<body[^>]*>/, `<p class="offline-mark" role="status">${said}</p>`)
}

async function offline() {
  const items = (await all()).map(([name, html]) => `<li><a href="${name}">${/<title>([^<]*)/.exec(html)[1]}</a></li>`)
  return withAfter(await caches.match(OFFLINE), /<ul class="offline-list">/, items.join("") || `<li>${WORDS.none}</li>`)
}

/**
 * @param {Response} response
 * @param {RegExp} place
 * @param {string} added
 */
async function withAfter(response, place, added) {
  const html = (await response.text()).replace(place, (found) => found + added)
  return new Response(html, { headers: response.headers })
}
