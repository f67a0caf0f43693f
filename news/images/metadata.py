"""Reads what a photographer or an agency wrote into a photo: caption, credit, city, date, people, description.

The sources are XMP, IPTC-IIM and EXIF, in this order (that of the Metadata Working Group). The texts are only proposed
to the person who uploads. This runs in the sandboxed process, so hostile XML can only fail its own upload. GPS
positions are never read.
"""

import re
from collections.abc import Iterator
from typing import Any

from defusedxml.ElementTree import fromstring
from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

MAX_LENGTHS = {"caption": 300, "credit": 100, "alt": 300, "people": 200, "place": 100, "taken_on": 10}
"""The texts that are read, with the maximum number of characters of each."""

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_UTF8_MARK = b"\x1b%G"  # ISO 2022's escape for UTF-8, in IPTC's record 1:90
_DATE = re.compile(r"(\d{4})[-:]?(\d{2})[-:]?(\d{2})")
_XMP_LARGEST = 2 * 2**20  # bytes
_BY_MACHINE = re.compile(
    r"""
    # cameras and phones
    (olympus|minolta|konica\ minolta|kodak|pentax|sanyo|digital|my|the)?\s*(digital\ )?camera(\ pictures)?
    | samsung(\ camera\ pictures)? | sony\ dsc | exif[_ ]jpe?g([_ ]picture)? | jpeg | ascii | <[^<>]*>
    | (oznor|dav|cof|hdr|hdrpl|sdr|rhdr|rbt|mde|edf|ptr|ptrv|nor|fbt|bty|btr|bsh|srp|rpt|dig|burst)(co|wo|ca|hdr|_|\W)*
    # names of files and folders
    | ([a-z]:)?([\w .-]*[\\/])*[\w .()-]*\.(jpe?g|png|webp|avif|hei[cf]|tiff?|dng|mp4)
    | ([\w .-]*[\\/])*dcim[\\/].*
    # programs
    | (google\ )?picasa[\d. ]* | (microsoft\ )?windows(\ photo\ \w+|\ user)? | adobe\ (photoshop|lightroom).*
    | file\ written\ by\ .* | (created|processed)\ with\ .* | lead\ technologies.* | applemark | my\ beautiful\ picture
    # what a form was left with
    | default | untitled | screenshot | image | photo | user(\ comments)? | owner | admin(istrator)? | unknown
    | photographer | artist | author | copyright | none | null | n/?a
    # not one letter
    | [\W\d_]*
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Texts that cameras, phones and programs write into the fields for a caption or a name."""


def read(image: ImageFile.ImageFile) -> dict[str, str]:
    """The texts found in an opened photo; the keys are those of MAX_LENGTHS, without texts that the photo lacks."""
    texts_found: dict[str, str] = {}
    device = _device(image)
    for source in (_from_xmp, _from_iptc, _from_exif):
        try:
            texts = dict(source(image))
        except Exception:  # noqa: S112  (odd metadata is no reason to refuse a photo)
            continue
        for name, text in texts.items():
            tidied = _tidy(name, text)
            if tidied and not (name in ("caption", "credit", "alt") and _is_by_machine(tidied, device)):
                texts_found.setdefault(name, tidied)
    return texts_found


def _tidy(name: str, text: str) -> str:
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if name == "taken_on":
        date = _DATE.match(line)
        return "-".join(date.groups()) if date and date[1] > "1826" else ""
    max_length = MAX_LENGTHS[name]
    return line if len(line) <= max_length else line[: max_length - 1].rstrip() + "…"


def _is_by_machine(text: str, device: set[str]) -> bool:
    """Whether a camera or a program wrote the text: a known default text, or the device's name."""
    return text.casefold() in device or _BY_MACHINE.fullmatch(text) is not None


def _device(image: Image.Image) -> set[str]:
    """The names of camera and program in EXIF, case-folded. A caption or credit that is only such a name is ignored."""
    try:
        exif = image.getexif()
        tags = (ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.Software)
        make, model, software = (" ".join(_exif_text(exif.get(tag, "")).split()).casefold() for tag in tags)
    except Exception:  # odd metadata is no reason to refuse a photo
        return set()
    return {make, model, software, f"{make} {model}"}


def _credit(creator: str, line: str) -> str:
    """`Linda Sari/Antara`: the photographer and, where it is another name, the agency."""
    names = (name.strip() for name in (creator, line))
    return "/".join(dict.fromkeys(name for name in names if name and not _BY_MACHINE.fullmatch(name)))


def _from_xmp(image: Image.Image) -> Iterator[tuple[str, str]]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    start, end = packet.find(b"<x:xmpmeta"), packet.rfind(b">")
    start = start if start >= 0 else packet.find(b"<rdf:RDF")
    if start < 0 or len(packet) > _XMP_LARGEST:
        return
    root = fromstring(packet[start : end + 1])
    if root is None:
        return
    values = {name: _values(root, name) for name in _XMP_NAMES}
    yield "caption", values[f"{_DC}description"]
    yield "credit", _credit(values[f"{_DC}creator"], values[f"{_PHOTOSHOP}Credit"])
    yield "alt", values[f"{_CORE}AltTextAccessibility"]
    yield "people", values[f"{_EXT}PersonInImage"]
    yield "place", values[f"{_PHOTOSHOP}City"]
    yield "taken_on", values[f"{_PHOTOSHOP}DateCreated"] or values[f"{_XMP}CreateDate"]


_XMP_NAMES = (
    *(f"{_DC}{name}" for name in ("description", "creator")),
    *(f"{_PHOTOSHOP}{name}" for name in ("Credit", "City", "DateCreated")),
    f"{_XMP}CreateDate",
    f"{_CORE}AltTextAccessibility",
    f"{_EXT}PersonInImage",
)


def _values(root: Any, name: str) -> str:
    """A property's text, whether XMP has it as an attribute, an element, a list or in several languages."""
    for description in root.iter(f"{_RDF}Description"):
        if description.get(name):
            return str(description.get(name))
        element = description.find(name)
        if element is None:
            continue
        items = list(element.iter(f"{_RDF}li"))
        if not items:
            return element.text or ""
        by_language = {item.get(_LANG, ""): item.text or "" for item in items}
        if set(by_language) == {""}:
            return ", ".join(item.text for item in items if item.text)
        wanted = [by_language.get(language) for language in ("id", "id-ID", "x-default")]
        return next(filter(None, [*wanted, *by_language.values()]), "")
    return ""


def _from_iptc(image: ImageFile.ImageFile) -> Iterator[tuple[str, str]]:
    info = IptcImagePlugin.getiptcinfo(image) or {}
    marked = _UTF8_MARK in _joined(info.get((1, 90), b""))

    def text(number: int) -> str:
        value = info.get((2, number), b"")
        parts = value if isinstance(value, list) else [value]
        return ", ".join(_decoded(part, marked) for part in parts)

    yield "caption", text(120)
    yield "credit", _credit(text(80), text(110))
    yield "place", text(90)
    yield "taken_on", text(55)


def _joined(value: bytes | list[bytes]) -> bytes:
    return b"".join(value) if isinstance(value, list) else value


def _decoded(value: bytes, marked: bool) -> str:
    """An IPTC text: UTF-8 if it is marked or valid as such, otherwise in the Windows code page of old programs."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8" if marked else "cp1252", errors="replace")


def _from_exif(image: Image.Image) -> Iterator[tuple[str, str]]:
    exif = image.getexif()
    base, more = dict(exif), exif.get_ifd(ExifTags.IFD.Exif)
    yield "caption", _exif_text(base.get(ExifTags.Base.ImageDescription, ""))
    yield "credit", _exif_text(base.get(ExifTags.Base.Artist, ""))
    yield "taken_on", _exif_text(more.get(ExifTags.Base.DateTimeOriginal, ""))


def _exif_text(value: Any) -> str:
    """An EXIF text. The standard says ASCII, but many cameras write UTF-8, which Pillow reads as Latin-1."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
