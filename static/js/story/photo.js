// The story form's photo: the words that stand in its fields are always those of the photo that is chosen. The form says
// whose words they are (`photo_words_of`) and what it showed (`initial-…`), and the server stores nothing else.
const gettext = window.gettext ?? ((/** @type {string} */ text) => text)

/** @typedef {{ id: number | null, label: string, caption: string, credit: string, alt: string, is_decorative: boolean,
 *              thumbnail_url: string, may_change: boolean, edit: string }} Photo news/newsroom/photo_rules.py: shown */

/** @type {Photo} */
const NONE = {
  id: null,
  label: "",
  caption: "",
  credit: "",
  alt: "",
  is_decorative: false,
  thumbnail_url: "",
  may_change: true,
  edit: "",
}
const TEXTS = /** @type {const} */ (["caption", "credit", "alt"])

/** @param {HTMLElement} card */
function start(card) {
  const select = /** @type {HTMLSelectElement} */ (document.getElementById("id_lead_photo"))
  const upload = document.getElementById("id_new_photo")
  const of = /** @type {HTMLInputElement} */ (document.getElementById("id_photo_words_of"))
  const words = card.querySelector("fieldset")
  const folded = /** @type {HTMLDetailsElement} */ (card.querySelector(".photo-words"))
  const decorative = /** @type {HTMLInputElement} */ (document.getElementById("id_photo_decorative"))
  /** What was typed for photos that are not chosen any more, by their keys, in case they are chosen again.
   * @type {Map<string, Record<string, string | boolean>>} */
  const typed = new Map()
  /** @type {Map<string, Photo>} */
  const known = new Map()
  let before = select.value // the photo before an upload began

  /** @param {string} name */
  const text = (name) => /** @type {HTMLTextAreaElement} */ (document.getElementById(`id_photo_${name}`))
  /** @param {string} name */
  const shown = (name) => /** @type {HTMLInputElement} */ (document.getElementById(`initial-id_photo_${name}`))

  function remember() {
    if (words.disabled) return
    const now = Object.fromEntries(TEXTS.map((name) => [name, text(name).value]))
    typed.set(of.value, { ...now, is_decorative: decorative.checked })
  }

  /**
   * @param {Photo} photo
   * @param {Record<string, string | boolean>} [kept] what was typed for it
   */
  function show(photo, kept) {
    of.value = photo.id ? String(photo.id) : ""
    for (const name of TEXTS) {
      text(name).value = String(kept?.[name] ?? photo[name])
      shown(name).value = photo[name]
    }
    decorative.checked = Boolean(kept?.is_decorative ?? photo.is_decorative)
    shown("decorative").value = photo.is_decorative ? "True" : "False"
    words.disabled = !photo.may_change
    picture(photo)
  }

  /** @param {Photo} photo */
  function picture(photo) {
    const image = card.querySelector("img")
    image.hidden = !photo.thumbnail_url
    image.alt = photo.alt
    if (photo.thumbnail_url) image.src = photo.thumbnail_url
    card.querySelector("[data-photo-said]").textContent = photo.label
    const foreign = /** @type {HTMLElement} */ (card.querySelector("[data-photo-foreign]"))
    foreign.hidden = photo.may_change
    const edit = /** @type {HTMLElement} */ (card.querySelector("[data-photo-edit]"))
    edit.hidden = !photo.edit || !photo.may_change
    edit.querySelector("a").href = photo.edit
    card.classList.toggle("photo-none", !select.value && !photo.id)
  }

  async function follow() {
    const wanted = select.value
    if (wanted === of.value && !words.disabled) return
    remember()
    words.disabled = true // nobody types words for a photo before they are the right ones
    of.value = ""
    const photo = wanted ? await about(wanted) : NONE
    if (select.value !== wanted) return // another one has been chosen meanwhile
    if (!photo) {
      card.querySelector("[data-photo-said]").textContent = gettext("Its words could not be loaded.")
      return
    }
    show(photo, typed.get(wanted))
    if (photo.id && !photo.alt && !photo.is_decorative) folded.open = true
  }

  /**
   * @param {string} id
   * @returns {Promise<Photo | null>}
   */
  async function about(id) {
    const there = known.get(id)
    if (there) return there
    try {
      const response = await fetch(card.dataset.words.replace("/0/", `/${id}/`), {
        headers: { Accept: "application/json" },
      })
      if (!response.ok) return null
      known.set(id, await response.json())
      return known.get(id)
    } catch {
      return null
    }
  }

  // While a photo is on its way, what is typed is for that one.
  upload?.addEventListener("photo:begun", () => {
    remember()
    before = select.value
    show(NONE)
    card.classList.remove("photo-none")
    folded.open = true
  })
  upload?.addEventListener("photo:failed", () => {
    if (of.value) return
    typed.delete("")
    const back = before ? known.get(before) : NONE
    if (back) show(back, typed.get(before))
    else follow()
  })
  upload?.addEventListener("photo:done", (event) => {
    const photo = /** @type {CustomEvent<Photo>} */ (event).detail
    remember()
    const now = typed.get("") ?? {}
    typed.delete("")
    const filled = Object.fromEntries(Object.entries(now).filter(([, value]) => value))
    known.set(String(photo.id), photo)
    show(photo, photo.may_change ? filled : {})
  })
  django.jQuery(select).on("change", follow)
  if (of.value) {
    const [caption, credit, alt] = TEXTS.map((name) => shown(name).value)
    const { href } = /** @type {HTMLAnchorElement} */ (card.querySelector("[data-photo-edit] a"))
    known.set(of.value, {
      id: Number(of.value),
      label: card.querySelector("[data-photo-said]").textContent.trim(),
      caption,
      credit,
      alt,
      is_decorative: shown("decorative").value === "True",
      thumbnail_url: card.querySelector("img").getAttribute("src") ?? "",
      may_change: !words.disabled,
      edit: href,
    })
  }
  card.classList.toggle("photo-none", !select.value)
}

// --- The library, with pictures (static/js/picker.js) ------------------------------------------------------------------

/**
 * @param {HTMLElement} card
 * @returns {Promise<{ id: number, label: string, thumbnail_url: string } | null>}
 */
async function fromLibrary(card) {
  const { choose } = await import(card.dataset.pickerScript)
  return choose({ url: card.dataset.picker, title: gettext("Choose a photo"), pictures: true })
}

/**
 * @param {string} words
 * @param {() => void} act
 */
function button(words, act) {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "photo-button"
  made.textContent = words
  made.addEventListener("click", act)
  return made
}

/**
 * @param {Element} select
 * @param {{ id: number, label: string } | null} photo
 */
function put(select, photo) {
  const list = /** @type {HTMLSelectElement} */ (select)
  if (photo) list.append(new Option(photo.label, String(photo.id), true, true))
  else list.value = ""
  django.jQuery(select).trigger("change")
  select.dispatchEvent(new Event("input", { bubbles: true }))
}

/** @param {HTMLElement} card */
function chooseByPicture(card) {
  const select = document.getElementById("id_lead_photo")
  const from = button(gettext("Choose from the library…"), async () => {
    const photo = await fromLibrary(card)
    if (photo) put(select, photo)
  })
  const off = button(gettext("Take the photo off"), () => put(select, null))
  off.classList.add("photo-off")
  const place = card.querySelector(".photo-choose")
  place.classList.add("photo-by-picture")
  place.append(from, off)

  const gallery = document.querySelector("#gallery-group details")
  gallery?.append(
    button(gettext("Choose from the library…"), async () => {
      const photo = await fromLibrary(card)
      if (!photo) return
      /** @type {HTMLAnchorElement} */
      const more = gallery.querySelector(".add-row a")
      more.click()
      put([...gallery.querySelectorAll(".dynamic-gallery select")].at(-1), photo)
    }),
  )
}

/** @type {HTMLElement} */
const card = document.querySelector("form .story-photo")
if (card) {
  start(card)
  chooseByPicture(card)
}
