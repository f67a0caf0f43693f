// Photos on their way: dropped, chosen or taken with the camera, several at once, in pieces that survive a dropped
// connection (the server's side is news/newsroom/photo_uploads.py). Every file field with `data-photos` becomes such a
// place; its value says what happens to a photo that is done: "library", "lead_photo", "gallery" or "text".
const CHUNK = 512 * 1024 // bytes: little is lost with a piece, and a phone sends one in seconds
const WAITS = [1, 2, 5, 10, 30] // seconds until the next attempt
const ATTEMPTS = 40 // without a byte of progress
const FINAL = [400, 403, 413, 415, 422, 429, 507] // what trying again does not change

class Refused extends Error {}

/** @typedef {{ id: number, label: string, edit: string, thumbnail_url: string, known: boolean }} Photo what
 *   news/newsroom/photo_uploads.py answers, and more */
/** @typedef {(state: string, part?: number) => void} Say */

/**
 * @param {string} method
 * @param {string} url
 * @param {Record<string, string | number>} headers
 * @param {Blob | null} body
 * @param {(bytes: number) => void} [onprogress]
 * @returns {Promise<XMLHttpRequest>} whatever the answer is
 */
function send(method, url, headers, body, onprogress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, String(value))
    /** @type {HTMLInputElement} */
    const token = document.querySelector("[name=csrfmiddlewaretoken]")
    request.setRequestHeader("X-CSRFToken", token.value)
    request.upload.onprogress = (event) => onprogress?.(event.loaded)
    request.onloadend = () => resolve(request) // status 0: the connection is gone
    request.send(body)
  })
}

/**
 * Until `seconds` are over or the connection is back.
 *
 * @param {number} seconds
 * @returns {Promise<void>}
 */
function pause(seconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000)
    window.addEventListener(
      "online",
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}

/**
 * @param {File} file
 * @param {string} region
 * @param {string} url
 * @param {Say} say
 * @returns {Promise<Photo>}
 */
async function upload(file, region, url, say) {
  const key = `photo:${region}:${file.name}:${file.size}:${file.lastModified}`
  const forget = () => localStorage.removeItem(key)
  let address = localStorage.getItem(key)
  let offset = 0
  let attempts = 0
  while (attempts < ATTEMPTS) {
    const before = offset
    const answer = await step()
    if (answer.status === 200 && answer.responseText) {
      forget()
      return JSON.parse(answer.responseText)
    }
    if (FINAL.includes(answer.status)) {
      forget()
      throw new Refused(JSON.parse(answer.responseText).error)
    }
    if (answer.status === 404) {
      forget()
      address = null
      offset = 0
    }
    if (answer.status === 0 || answer.status >= 500) {
      say(answer.status === 503 ? "busy" : "waiting")
      await pause(WAITS[Math.min(attempts, WAITS.length - 1)])
    }
    attempts = offset > before ? 0 : attempts + 1
  }
  throw new Error("gave up")

  // One request of those that lead to the photo; which one follows from what is known.
  async function step() {
    if (!address) {
      const headers = { "Upload-Length": file.size, "Upload-Metadata": `region ${btoa(region)}` }
      const made = await send("POST", url, headers, null)
      if (made.status === 201) {
        address = made.getResponseHeader("Location")
        localStorage.setItem(key, address)
      }
      return made
    }
    const asked = await send("HEAD", address, {}, null)
    if (asked.status !== 200) return asked
    offset = Number(asked.getResponseHeader("Upload-Offset"))
    while (offset < file.size) {
      const headers = { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" }
      const piece = file.slice(offset, offset + CHUNK)
      const sent = await send("PATCH", address, headers, piece, (bytes) =>
        say("progress", (offset + bytes) / file.size),
      )
      if (sent.status !== 204) return sent
      offset = Number(sent.getResponseHeader("Upload-Offset"))
      attempts = 0
    }
    say("checking")
    return send("POST", address, {}, null)
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} properties
 * @param {...Node} children
 */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

/** @param {HTMLInputElement} input */
function region(input) {
  const chosen = /** @type {HTMLSelectElement} */ (document.getElementById("id_region"))
  return chosen?.value || input.dataset.region || ""
}

// --- What a photo that is done is for ----------------------------------------------------------------------------

/**
 * @param {Element} select
 * @param {Photo} photo
 */
function choose(select, photo) {
  select.append(new Option(photo.label, String(photo.id), true, true))
  django.jQuery(select).trigger("change")
}

/** @type {Record<string, (photo: Photo, input: HTMLInputElement) => void>} */
const USES = {
  library() {},
  lead_photo(photo) {
    choose(document.getElementById("id_lead_photo"), photo)
  },
  gallery(photo) {
    /** @type {HTMLAnchorElement} */
    const more = document.querySelector("#gallery-group .add-row a")
    more.click()
    choose([...document.querySelectorAll("#gallery-group .dynamic-gallery select")].at(-1), photo)
  },
  text(photo, input) {
    input.dispatchEvent(new CustomEvent("photo", { detail: photo })) // static/js/editor/pasting.js
  },
}

// --- A form that is sent while photos are on their way waits for them ------------------------------------------

let busy = 0
/** @type {{ form: HTMLFormElement, button: HTMLElement }} */
let held = null

document.addEventListener(
  "submit",
  (event) => {
    if (!busy) return
    event.preventDefault()
    held = { form: /** @type {HTMLFormElement} */ (event.target), button: event.submitter }
  },
  true,
)

/** @param {boolean} well */
function finished(well) {
  busy -= 1
  if (!well) held = null // the person should see why before going on
  if (busy || !held) return
  const { form, button } = held
  held = null
  form.requestSubmit(button)
}

// --- The place to drop them --------------------------------------------------------------------------------------

/** @param {HTMLInputElement} input */
function enhance(input) {
  const words = input.dataset
  const list = element("ul", { className: "uploads" })
  const place = element("div", { className: "drop" }, element("p", { textContent: words.choose }))
  input.before(place)
  place.append(input, list)
  let queue = Promise.resolve()

  /**
   * @param {string} what happened; others listen to it (static/js/story/photo.js)
   * @param {Photo} [photo]
   */
  function tell(what, photo) {
    input.dispatchEvent(new CustomEvent(`photo:${what}`, { detail: photo }))
  }

  /** @param {File[]} files */
  function take(files) {
    if (files.length) tell("begun")
    for (const file of files) {
      const bar = element("progress", { max: 1, value: 0 })
      const note = element("span", { className: "upload-note", role: "status" })
      const item = element("li", {}, element("b", { textContent: file.name }), bar, note)
      list.append(item)
      busy += 1
      queue = queue.then(() => one(file, item, bar, note)).then(finished)
    }
  }

  /**
   * @param {File} file
   * @param {HTMLElement} item
   * @param {HTMLProgressElement} bar
   * @param {HTMLElement} note
   */
  async function one(file, item, bar, note) {
    /** @type {Say} */
    const say = (state, part) => {
      if (state === "progress") bar.value = part
      note.textContent = state === "progress" ? `${Math.round(part * 100)} %` : words[state]
    }
    try {
      const photo = await upload(file, region(input), words.url, say)
      say(photo.known ? "known" : "done")
      item.className = "upload-done"
      bar.remove()
      if (photo.thumbnail_url)
        item.prepend(element("img", { src: photo.thumbnail_url, alt: "", width: 56, height: 56 }))
      item.append(element("a", { href: photo.edit, target: "_blank", textContent: words.edit }))
      tell("done", photo)
      USES[words.photos](photo, input)
      return true
    } catch (error) {
      tell("failed")
      item.className = "upload-failed"
      bar.remove()
      note.textContent = error instanceof Refused ? error.message : words.failed
      return false
    }
  }

  input.addEventListener("change", () => {
    take([...input.files])
    input.value = ""
  })
  place.addEventListener("dragover", (event) => {
    event.preventDefault()
    place.classList.add("drop-over")
  })
  place.addEventListener("dragleave", () => place.classList.remove("drop-over"))
  place.addEventListener("drop", (event) => {
    event.preventDefault()
    place.classList.remove("drop-over")
    const files = [...event.dataTransfer.files]
    take(input.multiple ? files : files.slice(0, 1))
  })
}

// A photo story's gallery takes photos as the lead photo's field does.
function addGalleryPlace() {
  const lead = document.getElementById("id_new_photo")
  const group = document.getElementById("gallery-group")
  if (!lead || !group) return
  const input = /** @type {HTMLInputElement} */ (lead.cloneNode())
  input.removeAttribute("id")
  input.removeAttribute("name")
  input.multiple = true
  input.dataset.photos = "gallery"
  const place = group.querySelector("details") ?? group
  place.append(input)
}

addGalleryPlace()
/** @type {NodeListOf<HTMLInputElement>} */
const inputs = document.querySelectorAll("input[type=file][data-photos]")
inputs.forEach(enhance)
