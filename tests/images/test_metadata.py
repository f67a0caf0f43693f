"""What a photographer wrote into the photo is proposed; where it was taken is not even read."""

import io
import struct
from xml.sax.saxutils import escape

import pytest
from PIL import ExifTags, Image

from news.images import metadata

from .pictures import encoded, plain

XMP = """<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'
 xmlns:Iptc4xmpCore='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/' xmlns:exif='http://ns.adobe.com/exif/1.0/'
 xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' photoshop:City='Payakumbuh'
 photoshop:DateCreated='2024-11-23T20:25:00+07:00' photoshop:Credit='Antara' exif:GPSLatitude='0,13.466S'>
<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Bridge</rdf:li><rdf:li xml:lang='id'>Jembatan “gantung”</rdf:li>
</rdf:Alt></dc:description><dc:creator><rdf:Seq><rdf:li>Linda Sari</rdf:li></rdf:Seq></dc:creator>
<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang='x-default'>Warga memasang papan</rdf:li></rdf:Alt>
</Iptc4xmpCore:AltTextAccessibility><Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Rizal Koto</rdf:li>
<rdf:li>Mutia</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage></rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def iptc(records: dict[tuple[int, int], bytes]) -> bytes:
    """An APP13 segment as Photoshop writes it."""
    data = b"".join(
        b"\x1c" + bytes(key) + struct.pack(">H", len(value)) + value for key, value in sorted(records.items())
    )
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(data)) + data + b"\x00" * (len(data) % 2)
    return b"\xff\xed" + struct.pack(">H", len(block) + 2) + block


def with_iptc(records: dict[tuple[int, int], bytes], **options) -> bytes:
    photo = plain(**options)
    return photo[:2] + iptc(records) + photo[2:]


def exif(**fields) -> Image.Exif:
    made = Image.Exif()
    for name, value in fields.items():
        made[getattr(ExifTags.Base, name)] = value
    return made


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_xmp_is_proposed(store, format):
    image = Image.new("RGB", (40, 30))
    if format == "PNG":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        photo = store(encoded(image, format, pnginfo=info))
    else:
        photo = store(encoded(image, format, xmp=XMP))
    photo.refresh_from_db()
    assert photo.caption == "Jembatan “gantung”"
    assert photo.credit == "Linda Sari/Antara"
    assert (photo.alt, photo.people) == ("Warga memasang papan", "Rizal Koto, Mutia")
    assert (photo.place, f"{photo.taken_on:%Y-%m-%d}") == ("Payakumbuh", "2024-11-23")


@pytest.mark.parametrize(
    ("records", "caption"),
    [
        ({(1, 90): b"\x1b%G", (2, 120): "Pasar “Ibuh” ké-2".encode()}, "Pasar “Ibuh” ké-2"),
        ({(2, 120): "Pasar “Ibuh” ké-2".encode()}, "Pasar “Ibuh” ké-2"),
        ({(2, 120): "Pasar “Ibuh” ké-2".encode("cp1252")}, "Pasar “Ibuh” ké-2"),
        ({(2, 120): b"Baris satu\r\nbaris\x00 dua"}, "Baris satu baris dua"),
        ({(2, 120): b"x" * 2000}, "x" * 299 + "…"),
    ],
    ids=["utf-8, said", "utf-8, not said", "windows", "lines", "too long"],
)
def test_iptc_is_proposed_in_its_own_encoding(store, records, caption):
    more = {(2, 80): b"Linda Sari", (2, 110): b"Pekon", (2, 90): b"Payakumbuh", (2, 55): b"20241123"}
    photo = store(with_iptc(records | more))
    photo.refresh_from_db()
    assert photo.caption == caption
    assert (photo.credit, photo.place) == ("Linda Sari/Pekon", "Payakumbuh")
    assert f"{photo.taken_on:%Y-%m-%d}" == "2024-11-23"


def test_exif_is_the_last_resort(store):
    photo = store(plain(exif=exif(ImageDescription="Jembatan", Artist="Linda Sari")))
    assert (photo.caption, photo.credit) == ("Jembatan", "Linda Sari")
    photo = store(with_iptc({(2, 120): b"Dari IPTC"}, exif=exif(ImageDescription="Dari EXIF", Artist="Linda"), xmp=XMP))
    assert (photo.caption, photo.credit) == ("Jembatan “gantung”", "Linda Sari/Antara")


def test_what_was_typed_comes_first_and_the_uploaders_name_last(store):
    typed = store(plain(xmp=XMP), caption="Diketik")
    assert (typed.caption, typed.credit) == ("Diketik", "Linda Sari/Antara")
    assert store(plain(colour="navy"), proposed_credit="Dodi Piliang").credit == "Dodi Piliang"
    assert store(plain(colour="red", xmp=XMP), proposed_credit="Dodi Piliang").credit == "Linda Sari/Antara"


BY_MACHINES = [
    "OLYMPUS DIGITAL CAMERA",
    "SAMSUNG",
    "SAMSUNG CAMERA PICTURES",
    "SONY DSC",
    "KONICA MINOLTA DIGITAL CAMERA",
    "Digital Camera",
    "Exif_JPEG_PICTURE",
    "DCIM\\100MEDIA\\DJI_0042.JPG",
    "DCIM/100MEDIA/DJI_0042",
    "C:\\Foto\\IMG_20241123.jpg",
    "IMG-20241123-WA0007.jpeg",
    "dav",
    "cof",
    "hdrpl",
    "oznorCO",
    "<KENOX S760  / Samsung S760>",
    "<Digimax S500 / Kenox S500>",
    "My beautiful picture",
    "Processed with VSCO with f2 preset",
    "File written by Adobe Photoshop 4.0",
    "Picasa",
    "Picasa 2.7",
    "Windows User",
    "Unknown",
    "12345",
    "- . -",
]


@pytest.mark.parametrize("text", BY_MACHINES)
def test_what_cameras_and_programs_write_is_proposed_to_nobody(text):
    """Names of cameras and programs are left out of captions, credits and descriptions, in every field of the file."""
    xmp = XMP.decode()
    for words in ("Bridge", "Jembatan “gantung”", "Linda Sari", "Warga memasang papan"):
        xmp = xmp.replace(words, escape(text))
    places = [
        plain(exif=exif(ImageDescription=text, Artist=text)),
        with_iptc({(2, 120): text.encode(), (2, 80): text.encode()}),
        plain(xmp=xmp.encode()),
    ]
    for place in places:
        found = metadata.read(Image.open(io.BytesIO(place)))
        assert {name: found[name] for name in ("caption", "alt") if name in found} == {}, text
        assert found.get("credit", "Antara") == "Antara", text


@pytest.mark.parametrize("text", ["Canon EOS R6", "canon", "Canon Canon EOS R6", "GIMP 2.10"])
def test_the_names_of_camera_and_program_are_nobodys_words(text):
    about = {"Make": "Canon", "Model": "Canon EOS R6", "Software": "GIMP 2.10"}
    found = metadata.read(Image.open(io.BytesIO(plain(exif=exif(ImageDescription=text, Artist=text, **about)))))
    assert found == {}


@pytest.mark.parametrize(
    "text",
    ["Pasar Ibuh", "Samsung Galaxy dipamerkan di Padang", "Dav Nugraha", "Kamera", "P.", "日本", "Adobe di Meksiko"],
)
def test_what_people_write_is_proposed(text):
    found = metadata.read(Image.open(io.BytesIO(with_iptc({(2, 120): text.encode(), (2, 80): text.encode()}))))
    assert found == {"caption": text, "credit": text}


def test_what_a_camera_writes_does_not_hide_what_a_person_wrote(store):
    photo = store(with_iptc({(2, 120): b"Jembatan"}, xmp=XMP.replace("Jembatan “gantung”".encode(), b"SAMSUNG")))
    assert photo.caption == "Jembatan"


@pytest.mark.parametrize(
    "xmp",
    [
        b"<x:xmpmeta",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b"<a>" * 5000,
        b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><x:xmpmeta xmlns:x='y'>&b;</x:xmpmeta>",
        b"\x00" * 900,
    ],
    ids=["cut off", "deep", "entities", "zeros"],
)
def test_metadata_that_cannot_be_read_is_no_reason_to_refuse_a_photo(store, xmp):
    assert store(plain(xmp=xmp)).caption == ""


@pytest.mark.parametrize("date", ["", "0000:00:00 00:00:00", "9999", "2024-13-45", "kemarin"])
def test_a_date_that_is_none_is_left_out(store, date):
    made = Image.Exif()
    made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = date
    assert store(plain(exif=made)).taken_on is None
