"""The caged process: opens a file that somebody uploaded, and encodes its renditions.

`news.images.cage` starts it anew for each file, as `python -m news.images.darkroom`, with a request in JSON on standard
input, and reads a report in JSON from standard output. It knows no Django, no database and no network; it sets its own
limits before it opens anything, so that a bomb or a crash in a decoder ends this process and nothing else.

Pillow decides what a file is (its name and claimed type do not count). Every rendition is encoded anew from pixels:
upright, in sRGB, without EXIF, GPS, XMP, thumbnails or comments.
"""

import io
import json
import resource
import struct
import sys
import warnings
from pathlib import Path
from typing import Any

import pi_heif
from PIL import AvifImagePlugin, ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from . import metadata, plans

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
_ENCODERS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 52, "speed": 8},
    "webp": {"format": "WEBP", "quality": 74, "method": 4},
}
_SHARE_QUALITIES = (84, 76, 68, 58, 46, 34, 22, 10)
_ROOM = 1.5  # how much larger than its largest rendition the photo is kept, so that resizing is sharp
_STRIP = 128  # rows of the small photo that are made at a time: a 60-megapixel photo is never in memory twice
# What decoders raise for bytes that are not what they claim to be.
_DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
_OTHERS = {
    b"%PDF": "pdf",
    b"GIF8": "gif",
    b"<svg": "svg",
    b"<?xml": "svg",
    b"<!doctype html": "html",
    b"<html": "html",
    b"PK\x03\x04": "archive",
}
"""How files begin that people take for photos; what is not named here is "unreadable"."""
_PHOTOS = (b"\xff\xd8\xff", b"\x89png", b"riff")
_STILLS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif")  # brands; other files with brands are videos
_HUNGER = 12  # bytes of memory for a pixel that the hungriest decoder takes


class Refused(Exception):
    """Why, as a code for which `news.images.cage` has words."""


def main() -> None:
    request = json.load(sys.stdin)
    _limit(request["memory"], request["seconds"])
    try:
        report = develop(Path(request["source"]), request)
    except Refused as refusal:
        report = {"refused": str(refusal)}
    except MemoryError:
        report = {"refused": "memory"}
    json.dump(report, sys.stdout)


def _limit(memory: int, seconds: int) -> None:
    """At most so many bytes, seconds of computing, and no file larger than all renditions together could be."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 64 * 2**20,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def develop(source: Path, request: dict[str, Any]) -> dict[str, Any]:
    """The report: format, size, colour, the texts found, and the plan whose files now lie in the request's folder."""
    with source.open("rb") as file:
        image, kind = _open(file, request["pixels"])
        texts = metadata.read(image) if request["texts"] else {}
        size, turned = image.size, _is_turned(image)
        upright = (size[1], size[0]) if turned else size
        scale = _scale(upright)
        image = _load(image, size, scale, request["memory"])
        orientation = _orientation(image)
        small = _shrunk(image, max(1, int(scale * image.width / size[0])))
    del image
    small = _upright(small, orientation)
    plan = plans.first(upright, request["focus"]) if request["first"] else plans.full(upright, request["focus"])
    folder = Path(request["folder"])
    for ratio, shape in plans.RATIOS.items():
        _encode(small, upright, ratio, shape, plan, folder)
    (folder / "share.jpg").write_bytes(_for_sharing(small, upright, plan))
    return {
        "format": kind.lower(),
        "size": upright,
        "colour": _dominant_colour(small),
        "texts": texts,
        "plan": plan,
    }


def _open(file: Any, most_pixels: int) -> tuple[Image.Image, str]:
    """The photo, not unpacked yet, and its format."""
    # One thread: each would take its stack from the memory that is allowed, and a server has dozens of cores.
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = None  # asked below, with the limit that was set
    seems_photo = _looks_like_a_photo(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata is left behind anyway
            image = Image.open(file, formats=FORMATS)
            # Pillow's MPO is a JPEG with further pictures behind the photo: a phone's depth or brightness map.
            kind = "JPEG" if image.format == "MPO" else image.format or ""
            frames = getattr(image, "n_frames", 1)
    except UnidentifiedImageError:
        raise Refused("damaged" if seems_photo else "unreadable") from None
    except _DAMAGE:
        raise Refused("damaged") from None
    if image.width * image.height > most_pixels:
        raise Refused("pixels")
    if frames > 1 and kind in ("PNG", "WEBP", "AVIF"):
        raise Refused("animation")
    return image, kind


def _looks_like_a_photo(file: Any) -> bool:
    """By its first bytes. Raises Refused for what is certainly something else."""
    start = file.read(64).lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    file.seek(0)
    for beginning, code in _OTHERS.items():
        if start.startswith(beginning.lower()):
            raise Refused(code)
    if start[4:8] != b"ftyp":
        return start.startswith(_PHOTOS)
    if not any(brand in start for brand in _STILLS):
        raise Refused("video")
    return True


def _orientation(image: Image.Image) -> int:
    """EXIF's, 1 to 8; 1 where there is none that can be read."""
    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _DAMAGE:
        return 1
    return found if found in range(1, 9) else 1


def _is_turned(image: Image.Image) -> bool:
    return _orientation(image) in (5, 6, 7, 8)


def _scale(upright: plans.Size) -> float:
    """How many times smaller the photo may be made and still have room for every rendition. Raises Refused."""
    tallest = max(plans.full(upright, plans.CENTRE)["free"])
    if plans.height_at(tallest, upright) > plans.TALLEST:
        raise Refused("tall")
    return plans.scale(upright) / _ROOM


def _load(image: Image.Image, size: plans.Size, scale: float, memory: int) -> Image.Image:
    """Unpack the photo; a JPEG at once smaller, by what its format gives for nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if scale > 1:
                image.draft(None, (int(size[0] / scale), int(size[1] / scale)))
            image.load()
    except _DAMAGE:
        # Some decoders do not say that memory ran out.
        hungry = size[0] * size[1] * _HUNGER > memory
        raise Refused("memory" if hungry else "damaged") from None
    return image


def _shrunk(image: Image.Image, factor: int) -> Image.Image:
    """The photo `factor` times smaller, in sRGB on white, without anything but its pixels; made strip by strip."""
    convert = _to_srgb(image)
    size = (-(-image.width // factor), -(-image.height // factor))
    small = Image.new("RGB", size)
    for top in range(0, size[1], _STRIP):
        bottom = min(image.height, (top + _STRIP) * factor)
        strip = convert(image.crop((0, top * factor, image.width, bottom)))
        small.paste(strip.reduce(factor) if factor > 1 else strip, (0, top))
    return small


def _to_srgb(image: Image.Image) -> Any:
    """A function that brings a strip of `image` to sRGB, so that it looks as the original did without its profile."""
    profile, mode = image.info.get("icc_profile"), image.mode
    transform = None
    if profile and mode in ("RGB", "CMYK", "L"):
        try:
            embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            transform = ImageCms.buildTransform(embedded, ImageCms.createProfile("sRGB"), mode, "RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that cannot be read is treated as none

    def convert(strip: Image.Image) -> Image.Image:
        if transform:
            return ImageCms.applyTransform(strip, transform) or strip
        if "A" in strip.getbands() or "transparency" in image.info:
            if "transparency" in image.info:
                strip.info["transparency"] = image.info["transparency"]
            layer = strip.convert("RGBA")
            strip = Image.new("RGB", layer.size, "white")
            strip.paste(layer, mask=layer.getchannel("A"))
        if strip.mode.startswith("I;16"):  # 16 bits of grey: convert() would cut off instead of scaling
            strip = strip.point(lambda grey: grey / 256).convert("L")
        return strip.convert("RGB")

    return convert


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image.info["exif"] = exif.tobytes()
    turned = ImageOps.exif_transpose(image)
    turned.info.clear()
    return turned


def _encode(
    image: Image.Image, size: plans.Size, ratio: str, shape: tuple[int, int] | None, plan: plans.Plan, folder: Path
) -> None:
    """Write one crop's renditions; the widest first, and the others from the photo too."""
    box = plans.crop_box(size, shape, plan["focus"])
    drawn = _in_small(box, size, image)
    for width in plan[ratio]:
        target = (width, plans.height_at(width, shape or size))
        rendition = image.resize(target, Image.Resampling.LANCZOS, box=drawn, reducing_gap=2.0)
        rendition.info.clear()
        for format in plan["formats"]:
            rendition.save(folder / f"{ratio}-{width}.{format}", **_ENCODERS[format])


def _in_small(
    box: tuple[int, int, int, int], size: plans.Size, image: Image.Image
) -> tuple[float, float, float, float]:
    """A box of the photo in the coordinates of its smaller image."""
    across, down = image.width / size[0], image.height / size[1]
    return box[0] * across, box[1] * down, min(image.width, box[2] * across), min(image.height, box[3] * down)


def _for_sharing(image: Image.Image, size: plans.Size, plan: plans.Plan) -> bytes:
    """The JPEG for links that people share, in the best quality that is small enough for WhatsApp."""
    box = _in_small(plans.crop_box(size, plans.SHARE, plan["focus"]), size, image)
    card = image.resize(tuple(plan["share"]), Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
    card.info.clear()
    for quality in _SHARE_QUALITIES:
        buffer = io.BytesIO()
        card.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() < plans.SHARE_MAX_BYTES:
            break
    return buffer.getvalue()


def _dominant_colour(image: Image.Image) -> str:
    """`#rrggbb`: the most frequent of the photo's five main colours."""
    reduced = image.resize((64, 64), Image.Resampling.BOX).quantize(5)
    counts: Any = reduced.getcolors()
    index = max(counts)[1]
    palette: Any = reduced.getpalette()
    return "#" + bytes(palette[3 * index : 3 * index + 3]).hex()


if __name__ == "__main__":
    main()
