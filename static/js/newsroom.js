// The story form: the zone beside a time follows the chosen region, and leaving with unsaved text asks first.
const region = document.getElementById("id_region")
if (region?.dataset.zones) {
  const zones = new Map(region.dataset.zones.split(",").map((pair) => pair.split(":")))
  region.addEventListener("change", () => {
    for (const zone of document.querySelectorAll(".zone")) zone.textContent = zones.get(region.value) ?? ""
  })
}

const form = document.getElementById("article_form")
let typed = false
form?.addEventListener("input", () => { typed = true })
form?.addEventListener("submit", () => { typed = false })
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault() })
