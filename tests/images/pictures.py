"""Pictures that the tests upload, and how they are looked at."""

import io
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from news.images import storage

ORIENTATION = ExifTags.Base.Orientation
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)
_FILES = Path(__file__).parent / "files"
HEIC = {name: (_FILES / f"{name}.heic").read_bytes() for name in ("plain", "turned", "transparent")}
"""`plain`: 400 × 300, teal. `turned`: stored on its side, with a position and a camera's name in EXIF.
`transparent`: 400 × 300, nothing in its left half, red in its right one with the profile of test_decoder."""
FASTEST: dict[str, dict] = {"AVIF": {"speed": 10}, "WEBP": {"method": 0}, "PNG": {"compress_level": 1}}
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")


def upload(content: bytes, name: str = "foto.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def encoded(image: Image.Image, format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def plain(format: str = "JPEG", size=(400, 300), mode="RGB", colour="teal", **options) -> bytes:
    """One colour, in any of FORMATS, encoded as fast as it can be; HEIF only as it is, 400 × 300."""
    if format == "HEIF":
        return HEIC["plain"]
    options = FASTEST.get(format, {}) | options
    return encoded(Image.new(mode, size, colour), format, **options)


def rendition(photo, name: str) -> Image.Image:
    """A public file as readers get it."""
    with storage.public().open(f"{photo.rendition_key}/{name}") as file:
        image = Image.open(io.BytesIO(file.read()))
    image.load()
    return image


def whole(photo) -> Image.Image:
    """The photo uncropped, as WebP."""
    return rendition(photo, f"free-{photo.rendition_manifest['free'][-1]}.webp")


def near(pixel, colour, by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(pixel, colour, strict=True))
