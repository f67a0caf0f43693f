"""The sandboxed process: opens a file that somebody uploaded, and encodes its renditions.

`news.images.sandbox` starts a new process for each file, as `python -m news.images.decoder`, with a JSON request on
standard input, and reads a JSON report from standard output. The process uses no Django, database or network. Before it
reads the first byte of the file it sets its own resource limits and gives up access to files, sockets and programs
(`news.images.confinement`), so a decompression bomb, a crash or a fault in a decoder affects only this process.

Pillow detects the file's type; its name and claimed type are ignored. Every rendition is encoded anew from pixels:
upright, in sRGB, without EXIF, GPS, XMP, thumbnails or comments.
"""

import codecs
import errno
import io
import json
import resource
import struct
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pi_heif
from PIL import AvifImagePlugin, ExifTags, Image, ImageCms, ImageFile, ImageMath, ImageOps, UnidentifiedImageError

from . import confinement, metadata, rendition_specs

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
_ENCODERS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 52, "speed": 8},
    "webp": {"format": "WEBP", "quality": 74, "method": 4},
}
_SHARE_QUALITIES = (84, 76, 68, 58, 46, 34, 22, 10)
_OVERSAMPLING = 1.5  # the photo is first reduced to this many times its largest rendition, so that resizing stays sharp
_STRIP = 128  # rows of the reduced photo made at a time, so that a 60-megapixel photo is never in memory twice
# What decoders raise for damaged or forged files.
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
"""The first bytes of files that people mistake for photos. All others are "unreadable"."""
_PHOTOS = (b"\xff\xd8\xff", b"\x89png", b"riff")
_STILLS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif")  # brands; other files with brands are videos
_MAX_BYTES_PER_PIXEL = 12  # of memory, for the format whose decoder needs most


class DecodeError(Exception):
    """The file is refused. The argument is a code, for which `news.images.sandbox` has a message."""


def main() -> None:
    request = json.load(sys.stdin)
    _limit(request["memory"], request["seconds"])
    _load_everything()
    with Path(request["source"]).open("rb") as file:
        confinement.confine(Path(request["folder"]))
        try:
            report = decode(file, request)
        except DecodeError as refusal:
            report = {"refused": str(refusal)}
        except MemoryError:
            report = {"refused": "memory"}
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            report = {"refused": "space"}
    json.dump(report, sys.stdout)


def _load_everything() -> None:
    """Load what Pillow and Python would load on first use, because a confined process cannot import modules."""
    Image.init()
    for encoding in ("cp1252", "latin-1", "utf-16", "unicode_escape"):
        codecs.lookup(encoding)


def _limit(memory: int, seconds: int) -> None:
    """Limit this process's memory (bytes), processor time (seconds), and the size of the files that it writes."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 64 * 2**20,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    # SIGXCPU comes a second before SIGKILL, and tells the parent process the reason.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def decode(file: IO[bytes], request: dict[str, Any]) -> dict[str, Any]:
    """Decode the file and write its renditions into the request's folder. Raises DecodeError.

    Returns the report: format, size, colour, the texts found, and the manifest of the files written.
    """
    image, kind = _open(file, request["pixels"])
    texts = metadata.read(image) if request["texts"] else {}
    size, turned = image.size, _is_turned(image)
    upright = (size[1], size[0]) if turned else size
    scale = _scale(upright)
    _load(image, size, scale, request["memory"])
    orientation = _orientation(image)
    small = _reduced(image, max(1, int(scale * image.width / size[0])))
    del image
    small = _upright(small, orientation)
    planned = rendition_specs.first if request["first"] else rendition_specs.full
    manifest = planned(upright, request["focus"])
    folder = Path(request["folder"])
    for ratio, shape in rendition_specs.RATIOS.items():
        _encode(small, upright, ratio, shape, manifest, folder)
    (folder / "share.jpg").write_bytes(_for_sharing(small, upright, manifest))
    return {
        "format": kind.lower(),
        "size": upright,
        "colour": _dominant_colour(small),
        "texts": texts,
        "manifest": manifest,
    }


def _open(file: IO[bytes], most_pixels: int) -> tuple[ImageFile.ImageFile, str]:
    """The opened photo, with its pixels not loaded yet, and its format."""
    # One thread: each thread's stack counts against the memory limit, and a server has dozens of cores.
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = None  # checked below, against the configured limit
    seems_photo = _looks_like_a_photo(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # metadata is dropped anyway
            image = Image.open(file, formats=FORMATS)
            # Pillow's MPO is a JPEG with further pictures behind the photo: a phone's depth or brightness map.
            kind = "JPEG" if image.format == "MPO" else image.format or ""
            frames = getattr(image, "n_frames", 1)
    except UnidentifiedImageError:
        raise DecodeError("damaged" if seems_photo else "unreadable") from None
    except _DAMAGE:
        raise DecodeError("damaged") from None
    if image.width * image.height > most_pixels:
        raise DecodeError("pixels")
    if frames > 1 and kind in ("PNG", "WEBP", "AVIF"):
        raise DecodeError("animation")
    return image, kind


def _looks_like_a_photo(file: IO[bytes]) -> bool:
    """Whether its first bytes are those of a photo. Raises DecodeError for a file that is certainly something else."""
    start = file.read(64).lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    file.seek(0)
    for beginning, code in _OTHERS.items():
        if start.startswith(beginning.lower()):
            raise DecodeError(code)
    if start[4:8] != b"ftyp":
        return start.startswith(_PHOTOS)
    if not any(brand in start for brand in _STILLS):
        raise DecodeError("video")
    return True


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 if there is none that can be read."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _DAMAGE:
        return 1
    return orientation if orientation in range(1, 9) else 1


def _is_turned(image: Image.Image) -> bool:
    return _orientation(image) in (5, 6, 7, 8)


def _scale(upright: rendition_specs.Size) -> float:
    """By which factor the photo can be reduced so that it is still large enough for every rendition, with
    `_OVERSAMPLING` to spare. Raises DecodeError."""
    tallest = max(rendition_specs.full(upright, rendition_specs.CENTRE)["free"])
    if rendition_specs.height_at(tallest, upright) > rendition_specs.TALLEST:
        raise DecodeError("tall")
    return rendition_specs.scale(upright) / _OVERSAMPLING


def _load(image: Image.Image, size: rendition_specs.Size, scale: float, memory: int) -> None:
    """Load the photo's pixels. A JPEG is reduced while it is decoded, which its format makes cheap."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if scale > 1:
                image.draft(None, (int(size[0] / scale), int(size[1] / scale)))
            image.load()
    except _DAMAGE:
        # Some decoders do not report that memory ran out.
        hungry = size[0] * size[1] * _MAX_BYTES_PER_PIXEL > memory
        raise DecodeError("memory" if hungry else "damaged") from None


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """The photo's pixels, reduced by `factor`, in sRGB on white; made strip by strip to save memory."""
    convert = _to_srgb(image)
    size = (-(-image.width // factor), -(-image.height // factor))
    small = Image.new("RGB", size)
    for top in range(0, size[1], _STRIP):
        bottom = min(image.height, (top + _STRIP) * factor)
        strip = convert(image.crop((0, top * factor, image.width, bottom)))
        small.paste(strip.reduce(factor) if factor > 1 else strip, (0, top))
    return small


def _to_srgb(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """A function that converts a strip of `image` to sRGB on white.

    Colour and transparency are converted separately, because a colour profile covers colours only.
    """
    transparency = image.info.get("transparency")
    transform = _profile_transform(image)

    def convert(strip: Image.Image) -> Image.Image:
        if transparency is not None:
            strip.info["transparency"] = transparency
        opacity = _opacity(strip)
        strip.info.pop("transparency", None)
        colours = strip.convert(_colour_mode(strip)) if not strip.mode.startswith("I") else _eight_bits(strip)
        if transform:
            profile_mode, apply = transform
            colours = ImageCms.applyTransform(colours.convert(profile_mode), apply) or colours
        colours = colours.convert("RGB")
        if opacity is None:
            return colours
        on_white = Image.new("RGB", colours.size, "white")
        on_white.paste(colours, mask=opacity)
        return on_white

    return convert


def _colour_mode(image: Image.Image) -> str:
    """The image's colour mode without transparency: grey, CMYK or RGB."""
    if image.mode in ("1", "L", "LA", "La"):
        return "L"
    return "CMYK" if image.mode == "CMYK" else "RGB"


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale 16-bit grey to 8 bits; Pillow's convert() would clip instead."""
    return image.point(lambda grey: grey / 256).convert("L")


def _opacity(image: Image.Image) -> Image.Image | None:
    """The opacity of each pixel, as a mask; None if the image has no transparency."""
    transparent = image.info.get("transparency")
    if image.mode.startswith("I"):
        if not isinstance(transparent, int):
            return None
        mask: Image.Image = ImageMath.lambda_eval(
            lambda names: names["convert"](names["notequal"](names["greys"], transparent) * 255, "L"),
            greys=image.convert("I"),
        )
        return mask
    if "A" in image.getbands() or "a" in image.getbands() or transparent is not None:
        return image.convert("RGBA").getchannel("A")
    return None


def _profile_transform(image: Image.Image) -> tuple[str, ImageCms.ImageCmsTransform] | None:
    """The colour mode of the photo's colour profile, and the transform from it to sRGB.

    None if there is no profile, if it cannot be read, or if it does not fit the photo's colours.
    """
    profile = image.info.get("icc_profile")
    if not profile:
        return None
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}.get(embedded.profile.xcolor_space.strip(), "")
        colours = "L" if image.mode.startswith("I") else _colour_mode(image)
        if mode != colours and (mode, colours) != ("RGB", "L"):
            return None
        return mode, ImageCms.buildTransform(embedded, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError):
        return None


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image.info["exif"] = exif.tobytes()
    turned = ImageOps.exif_transpose(image)
    turned.info.clear()
    return turned


def _encode(
    image: Image.Image,
    size: rendition_specs.Size,
    ratio: str,
    shape: tuple[int, int] | None,
    manifest: rendition_specs.Manifest,
    folder: Path,
) -> None:
    """Write the renditions of one crop, the widest first. Each is made from the photo, not from a wider rendition."""
    box = rendition_specs.crop_box(size, shape, manifest["focus"])
    drawn = _in_small(box, size, image)
    for width in manifest[ratio]:
        target = (width, rendition_specs.height_at(width, shape or size))
        rendition = image.resize(target, Image.Resampling.LANCZOS, box=drawn, reducing_gap=2.0)
        rendition.info.clear()
        for format in manifest["formats"]:
            buffer = io.BytesIO()
            rendition.save(buffer, **_ENCODERS[format])
            (folder / f"{ratio}-{width}.{format}").write_bytes(buffer.getvalue())


def _in_small(
    box: tuple[int, int, int, int], size: rendition_specs.Size, image: Image.Image
) -> tuple[float, float, float, float]:
    """A box on the photo, in the coordinates of its reduced image."""
    across, down = image.width / size[0], image.height / size[1]
    return box[0] * across, box[1] * down, min(image.width, box[2] * across), min(image.height, box[3] * down)


def _for_sharing(image: Image.Image, size: rendition_specs.Size, manifest: rendition_specs.Manifest) -> bytes:
    """The JPEG for previews of shared links, in the best quality that is small enough for WhatsApp."""
    box = _in_small(rendition_specs.crop_box(size, rendition_specs.SHARE, manifest["focus"]), size, image)
    card = image.resize(tuple(manifest["share"]), Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
    card.info.clear()
    for quality in _SHARE_QUALITIES:
        buffer = io.BytesIO()
        card.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() < rendition_specs.SHARE_MAX_BYTES:
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
