// Django's search fields say what is chosen and not what it is for: they get the names of their labels.

function nameSearchFields() {
  for (const shown of document.querySelectorAll(".select2-selection:not([data-named])")) {
    const select = shown.closest(".select2-container").previousElementSibling
    const label = document.querySelector(`label[for="${select?.id}"]`)
    if (!label) continue
    label.id ||= `${select.id}_label`
    shown.setAttribute("aria-labelledby", `${label.id} ${shown.getAttribute("aria-labelledby") ?? ""}`)
    shown.querySelector(".select2-selection__rendered")?.setAttribute("aria-labelledby", label.id)
    shown.setAttribute("data-named", "")
  }
}

document.addEventListener("formset:added", () => requestAnimationFrame(nameSearchFields))
django.jQuery(nameSearchFields) // after Django's own, which makes them
