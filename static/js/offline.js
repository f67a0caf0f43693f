// Registers the service worker (sw.js) once the page is there, and hands it the page that came before it.
async function start() {
  const isFirst = !navigator.serviceWorker.controller
  await navigator.serviceWorker.register("/sw.js")
  const { active } = await navigator.serviceWorker.ready
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name)
  if (isFirst) active.postMessage({ page: location.href, loaded })
}

if ("serviceWorker" in navigator) {
  if (document.readyState === "complete") start()
  else addEventListener("load", start)
}
