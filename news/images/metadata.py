"""What a photographer or an agency wrote into a photo: caption, credit, city, date, people, description.

Read from XMP, IPTC-IIM and EXIF, in this order (the Metadata Working Group's), and only proposed: a person decides.
Runs inside the caged process, so hostile XML costs that upload alone. Positions are never read.
"""

import re
from collections.abc import Iterator
from typing import Any

from defusedxml.ElementTree import fromstring
from PIL import ExifTags, Image, IptcImagePlugin

LONGEST = {"caption": 300, "credit": 100, "alt": 300, "people": 200, "place": 100, "taken_on": 10}
"""The texts that are looked for, and the most characters of each."""

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


def read(image: Image.Image) -> dict[str, str]:
    """The texts found in an opened photo, by their names in LONGEST; what is not there is not named."""
    found: dict[str, str] = {}
    for source in (_from_xmp, _from_iptc, _from_exif):
        try:
            texts = dict(source(image))
        except Exception:  # noqa: S112  (odd metadata is no reason to refuse a photo)
            continue
        for name, text in texts.items():
            tidied = _tidy(name, text)
            if tidied:
                found.setdefault(name, tidied)
    return found


def _tidy(name: str, text: str) -> str:
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if name == "taken_on":
        date = _DATE.match(line)
        return "-".join(date.groups()) if date and date[1] > "1826" else ""
    longest = LONGEST[name]
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _credit(creator: str, line: str) -> str:
    """`Linda Sari/Antara`: the photographer and, where it is another name, the agency."""
    return "/".join(dict.fromkeys(filter(None, [creator.strip(), line.strip()])))


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
    """A property's text, whether it is written as an attribute, an element, a list or in several languages."""
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


def _from_iptc(image: Image.Image) -> Iterator[tuple[str, str]]:
    info: Any = IptcImagePlugin.getiptcinfo(image) or {}  # type: ignore[arg-type]
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
    """IPTC's text: UTF-8 where it says so or can be read so, else the Windows code page that old programs write."""
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
    """EXIF says ASCII; cameras and programs write UTF-8 into it, which Pillow reads as Latin-1."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
