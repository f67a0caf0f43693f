// The focal point: click on the photo or move the point with the arrow keys, and see every crop at once. The crops are cut
// as news/images/rendition_specs.py cuts them (crop_box). Without script the two numbers below the photo say the same.
const STEP = 1
const LEAP = 10 // percent; with Shift

/**
 * @param {number} width
 * @param {number} height
 * @param {number[]} shape sides of the crop
 * @param {number[]} focus percent from the left, from the top
 * @returns {[number, number, number, number]} left, top, width, height
 */
function cropBox(width, height, [across, down], [x, y]) {
  let w = width
  let h = height
  if (width * down < height * across) h = Math.max(1, Math.round((width * down) / across))
  else w = Math.max(1, Math.round((height * across) / down))
  const left = Math.min(Math.max(Math.round((width * x) / 100 - w / 2), 0), width - w)
  const top = Math.min(Math.max(Math.round((height * y) / 100 - h / 2), 0), height - h)
  return [left, top, w, h]
}

/** @param {HTMLElement} root */
function start(root) {
  const image = root.querySelector("img")
  /** @type {HTMLElement} */
  const photo = root.querySelector(".focus-photo")
  const fields = ["x", "y"].map((axis) => /** @type {HTMLInputElement} */ (document.getElementById(`id_focus_${axis}`)))
  const point = document.createElement("span")
  point.className = "focus-point"
  photo.append(point)

  const focus = () =>
    fields.map((field, axis) => Number(field ? field.value : [root.dataset.x, root.dataset.y][axis]) || 0)

  function draw() {
    const [x, y] = focus()
    point.style.left = `${x}%`
    point.style.top = `${y}%`
    const width = Number(image.getAttribute("width"))
    const height = Number(image.getAttribute("height"))
    const scale = image.naturalWidth / width
    for (const canvas of root.querySelectorAll("canvas")) {
      const box = cropBox(width, height, canvas.dataset.shape.split("/").map(Number), [x, y])
      canvas.dataset.box = box.join(" ")
      canvas.width = 320
      canvas.height = Math.max(1, Math.round((320 * box[3]) / box[2]))
      const [left, top, wide, high] = box.map((side) => side * scale)
      canvas.getContext("2d").drawImage(image, left, top, wide, high, 0, 0, canvas.width, canvas.height)
    }
  }

  /** @param {number[]} values */
  function set(values) {
    values.forEach((value, axis) => {
      fields[axis].value = String(Math.min(Math.max(Math.round(value), 0), 100))
    })
    fields[0].form.dispatchEvent(new Event("input", { bubbles: true }))
    draw()
  }

  if (fields.every(Boolean)) {
    photo.addEventListener("click", (event) => {
      const frame = image.getBoundingClientRect()
      set([((event.clientX - frame.left) / frame.width) * 100, ((event.clientY - frame.top) / frame.height) * 100])
    })
    photo.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
      if (!move) return
      event.preventDefault()
      set(focus().map((value, axis) => value + move[axis] * (event.shiftKey ? LEAP : STEP)))
    })
    for (const field of fields) field.addEventListener("input", draw)
  }
  if (image.complete) draw()
  else image.addEventListener("load", draw)
}

for (const root of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".focus"))) start(root)
