// Shows what the newsroom pushes, and opens the notices. It stores nothing and answers no request.
// news/newsroom/notices.py serves this below /kabar/.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self))

worker.addEventListener("push", (event) => {
  const { title, body, tag, url } = event.data.json()
  event.waitUntil(worker.registration.showNotification(title, { body, tag, data: url }))
})

worker.addEventListener("notificationclick", (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data))
})

/**
 * Go to the notices in a tab that is open there already, or in a new one.
 *
 * @param {string} path
 */
async function open(path) {
  const address = new URL(path, location.origin)
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true })
  const there = tabs.find((tab) => new URL(tab.url).pathname === address.pathname)
  return there ? there.focus() : worker.clients.openWindow(address.href)
}
