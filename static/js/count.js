// Tells the server that this story is being read. No cookie, no storage, no waiting: one beacon, after the page is shown.
const { story } = document.querySelector("script[data-story]").dataset;

function count() {
  navigator.sendBeacon?.(story);
}

if (document.prerendering) {
  document.addEventListener("prerenderingchange", count, { once: true });
} else if (document.readyState === "complete") {
  count();
} else {
  addEventListener("load", () => setTimeout(count), { once: true });
}
