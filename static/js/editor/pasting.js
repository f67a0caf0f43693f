// Pasting and dropping: texts are cleaned (cleaning.js, lines.js), and pictures that do not come along are told, and offered for
// upload where the clipboard has them as files. static/js/uploads.js sends them.
import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { cleaned } from "pekon/editor/cleaning"
import { fromText } from "pekon/editor/lines"
import { element } from "pekon/picker"

const translate = window.gettext ?? ((/** @type {string} */ text) => text)

/**
 * @param {string} address
 * @param {number} number
 * @returns {File | null} the picture that stands in a data: address
 */
function inside(address, number) {
  const parts = /^data:(image\/(png|jpeg|webp|avif))(?:;[^,]*)?;base64,(.+)$/s.exec(address)
  if (!parts) return null
  try {
    const bytes = Uint8Array.from(atob(parts[3].replace(/\s/g, "")), (letter) => letter.charCodeAt(0))
    return new File([bytes], `gambar-${number}.${parts[2] === "jpeg" ? "jpg" : parts[2]}`, { type: parts[1] })
  } catch {
    return null
  }
}

/** @param {DataTransfer | null} data */
const imagesIn = (data) => [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"))

export const Pasting = Extension.create({
  name: "pasting",
  addOptions: () => ({ input: /** @type {any} */ (null), place: /** @type {any} */ (null) }),
  addProseMirrorPlugins() {
    /** @type {{ input: HTMLInputElement | null, place: HTMLElement }} */
    const { input, place } = this.options
    const { editor } = this
    /** @type {File[]} */
    let files = []

    input?.addEventListener("photo", (event) => {
      editor.commands.insertPhoto(/** @type {CustomEvent} */ (event).detail)
    })

    /** @param {File[]} pictures */
    function send(pictures) {
      const carrier = new DataTransfer()
      for (const file of pictures) carrier.items.add(file)
      input.closest(".editor-uploads").removeAttribute("hidden")
      input.files = carrier.files
      input.dispatchEvent(new Event("change"))
    }

    /**
     * @param {number} count pictures that did not come along
     * @param {File[]} there those of them that can be sent
     */
    function tell(count, there) {
      place.replaceChildren()
      if (!count) return
      const template = count === 1 ? "%(count)s picture did not come along." : "%(count)s pictures did not come along."
      const sentence = translate(template).replace("%(count)s", String(count))
      const close = element("button", { type: "button", textContent: translate("Close") })
      close.addEventListener("click", () => place.replaceChildren())
      if (!input) place.append(element("p", {}, sentence), close)
      else if (there.length) {
        const upload = element("button", { type: "button", textContent: translate("Upload") })
        upload.addEventListener("click", () => {
          place.replaceChildren()
          send(there)
        })
        place.append(element("p", {}, `${sentence} ${translate("Upload?")}`), upload, close)
      } else {
        const advice = translate("Save pictures to this device first, then insert them with the photo button.")
        place.append(element("p", {}, `${sentence} ${advice}`), close)
      }
    }

    return [
      new Plugin({
        props: {
          handleDOMEvents: {
            paste(/** @type {any} */ _view, /** @type {ClipboardEvent} */ event) {
              files = imagesIn(event.clipboardData)
              tell(0, [])
              return false
            },
          },
          transformPastedHTML(/** @type {string} */ html) {
            if (html.includes("data-pm-slice")) return html // from an editor like this one
            const result = cleaned(html)
            const there = result.pictures.map(inside).filter(Boolean)
            // The files of the clipboard are the pictures, unless a program adds a picture of the whole text.
            const sent = there.length ? there : files.length === result.pictures.length ? files : []
            tell(result.pictures.length, sent)
            return result.html
          },
          clipboardTextParser(
            /** @type {string} */ text,
            /** @type {any} */ context,
            /** @type {boolean} */ plain,
            /** @type {any} */ view,
          ) {
            if (plain || /^https?:\/\/\S+$/.test(text.trim())) return null
            const holder = document.createElement("div")
            holder.innerHTML = fromText(text)
            return pm.model.DOMParser.fromSchema(view.state.schema).parseSlice(holder, { context })
          },
          handlePaste(/** @type {any} */ _view, /** @type {ClipboardEvent} */ event) {
            const isPicture = files.length > 0 && !event.clipboardData.types.some((type) => type.startsWith("text/"))
            if (isPicture) tell(files.length, files)
            return isPicture
          },
          handleDrop(/** @type {any} */ view, /** @type {DragEvent} */ event) {
            const dropped = imagesIn(event.dataTransfer)
            if (!dropped.length || !input) return false
            event.preventDefault()
            const at = view.posAtCoords({ left: event.clientX, top: event.clientY })
            if (at) editor.commands.setTextSelection(at.pos)
            send(dropped)
            return true
          },
        },
      }),
    ]
  },
})
