"""From a file that somebody uploaded to the copies that readers get.

Pillow decides what the file is (its name and its claimed type do not count), a file that would unpack to more
than PHOTO_MAX_PIXELS is refused before it is unpacked, and every copy is encoded anew: upright, in sRGB, without
EXIF, GPS, XMP, thumbnails or comments.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
WIDTHS = (320, 640, 960, 1600)
"""Pixels. From a list's thumbnail on a phone to the lead photo on a sharp wide screen."""
_TALLEST = 16_383  # pixels: no side of a WebP can be longer
# What Pillow's decoders raise for bytes that are not what they claim to be.
_DAMAGE = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
_WEBP: dict[str, Any] = {"format": "WEBP", "quality": 78, "method": 4}
_SRGB = ImageCms.createProfile("sRGB")


def storage() -> Storage:
    """Where the public copies are."""
    return storages["default"]


def name(key: str, width: int) -> str:
    """The copy's name in the storage."""
    return f"{key}/{width}.webp"


def widths(original: int) -> list[int]:
    """The widths made from an original that is `original` pixels wide: never enlarged, and always one."""
    return [width for width in WIDTHS if width <= original] or [original]


def height_at(width: int, size: tuple[int, int]) -> int:
    return max(1, round(width * size[1] / size[0]))


@dataclass(frozen=True, slots=True)
class Decoded:
    """An uploaded photo, ready to be resized. `image` may be smaller than the original's `width` × `height`."""

    image: Image.Image
    width: int
    height: int
    format: str


def decode(file: IO[bytes]) -> Decoded:
    """Open an uploaded photo: upright, RGB, sRGB. Raises ValidationError with a reason for people."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata is left behind anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
            if image.width * image.height > settings.PHOTO_MAX_PIXELS:
                raise Image.DecompressionBombError
            # Pillow's MPO is a JPEG with further pictures behind the photo: a phone's depth or brightness map.
            kind = "JPEG" if image.format == "MPO" else image.format or ""
            if getattr(image, "n_frames", 1) > 1 and kind != "JPEG":
                raise ValidationError(_("This is an animation. Choose a single photo."))
            size, profile = image.size, image.info.get("icc_profile")
            lying = image.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
            image.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
            image.load()
            upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(
            _("This photo has more than %(limit)d million pixels. Make it smaller and try again.")
            % {"limit": settings.PHOTO_MAX_PIXELS // 1_000_000}
        ) from None
    except UnidentifiedImageError:
        raise ValidationError(
            _("This is not a photo that we can read. Choose a JPEG, PNG, WebP or AVIF file.")
        ) from None
    except _DAMAGE:
        raise ValidationError(
            _("The photo is damaged, perhaps by a broken connection. Please upload it again.")
        ) from None
    width, height = reversed(size) if lying else size
    if max(height_at(copy, (width, height)) for copy in widths(width)) > _TALLEST:
        raise ValidationError(_("This picture is too tall for its width. Crop it and try again."))
    return Decoded(_in_srgb(upright, profile), width, height, kind)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The image in sRGB on white, so that a copy without a profile looks as the original did."""
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, embedded, _SRGB, outputMode="RGB")
            return converted or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that cannot be read is treated as none
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    if image.mode == "I;16":  # 16 bits of grey: convert() would cut off instead of scaling
        image = image.point(lambda grey: grey / 256).convert("L")
    return image.convert("RGB")


def encode(photo: Decoded) -> dict[int, bytes]:
    """The copies' bytes by their widths."""
    copies = {}
    for width in widths(photo.width):
        buffer = io.BytesIO()
        size = (width, height_at(width, (photo.width, photo.height)))
        photo.image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0).save(buffer, **_WEBP)
        copies[width] = buffer.getvalue()
    return copies
