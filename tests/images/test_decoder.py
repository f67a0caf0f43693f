"""From a file of any camera to the public renditions: shape, colours, and nothing but pixels."""

import io
import struct

import pytest
from PIL import ExifTags, Image, ImageCms, ImageDraw

from news.images import decoder, rendition_specs, uploads

from .pictures import (
    BLUE,
    FORMATS,
    GREEN,
    HEIC,
    ORIENTATION,
    RED,
    WHITE,
    encoded,
    near,
    plain,
    rendition,
    upload,
    whole,
)

# By EXIF's orientation tag: how the camera turned an upright picture before it wrote the file.
CAMERA = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
TYPES = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}


@pytest.mark.sandboxed
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_becomes_renditions_and_a_private_original(store, folders, work, format):
    public, private = folders
    content = plain(format)
    photo = store(content)
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (400, 300)
    assert sorted(photo.rendition_manifest["formats"]) == ["webp"]
    assert [path.read_bytes() for path in private.iterdir()] == [content]
    assert next(private.iterdir()).suffix == f".{format.lower()}"
    work()
    photo.refresh_from_db()
    assert photo.rendition_manifest == photo.wanted_manifest
    assert sorted(path.name for path in (public / photo.rendition_key).iterdir()) == sorted(
        rendition_specs.names(photo.wanted_manifest)
    )
    for name in rendition_specs.names(photo.wanted_manifest):
        image = rendition(photo, name)
        assert image.format == TYPES[name.rpartition(".")[2]]
        if name != "share.jpg":
            ratio, width = name.rpartition(".")[0].split("-")
            assert image.size == (
                int(width),
                rendition_specs.height_at(int(width), rendition_specs.RATIOS[ratio] or photo.size),
            )
    assert rendition(photo, "share.jpg").size == tuple(photo.wanted_manifest["share"]) == (400, 210)


def test_a_files_name_does_not_count(tree):
    photo = uploads.store(upload(plain("PNG"), "../../naskah.html"), region=tree.payakumbuh, user=None)
    assert photo.original.name.endswith(".png")
    assert "naskah" not in photo.original.name


@pytest.mark.parametrize("size", [(1, 1), (200, 100), (4000, 30), (30, 500), (2000, 1500)])
def test_a_photo_of_any_shape_has_renditions_that_fit_it(store, work, size):
    photo = store(plain(size=size))
    work()
    photo.refresh_from_db()
    assert (photo.width, photo.height) == size
    for width in photo.rendition_manifest["free"]:
        assert rendition(photo, f"free-{width}.avif").size == (width, rendition_specs.height_at(width, size))


@pytest.mark.parametrize("entries", [b"\xff" * 10, b"\x00\x01\x01\x12\x00\x04" + b"\xff" * 8, b""])
def test_a_photo_with_broken_exif_is_a_photo(store, entries):
    photo = store(plain(exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + entries))
    assert whole(photo).size == (400, 300)


def test_a_phones_jpeg_with_a_second_picture_behind_the_photo_is_a_photo(store):
    photo = store(plain("MPO", save_all=True, append_images=[Image.new("L", (40, 30))]))
    assert (photo.width, photo.height, photo.file_type) == (400, 300, "jpeg")


@pytest.mark.parametrize("tag", CAMERA)
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_stands_upright(store, format, tag):
    upright = Image.new("RGB", (480, 320), WHITE)
    draw = ImageDraw.Draw(upright)
    draw.rectangle((0, 0, 159, 106), RED)
    draw.rectangle((320, 0, 479, 106), GREEN)
    draw.rectangle((0, 213, 159, 319), BLUE)
    stored = upright.transpose(CAMERA[tag]) if CAMERA[tag] is not None else upright
    exif = Image.Exif()
    exif[ORIENTATION] = tag
    _stands_upright(store(encoded(stored, format, exif=exif)))


def test_a_phones_heic_stands_upright(store):
    _stands_upright(store(HEIC["turned"]))


def _stands_upright(photo):
    assert (photo.width, photo.height) == (480, 320)
    copy = whole(photo)
    assert copy.size == (480, 320)
    assert near(copy.getpixel((75, 45)), RED)
    assert near(copy.getpixel((405, 45)), GREEN)
    assert near(copy.getpixel((75, 270)), BLUE)
    assert near(copy.getpixel((405, 270)), WHITE)
    assert ORIENTATION not in copy.getexif()


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_what_is_transparent_is_white(store, format):
    copy = whole(store(plain(format, mode="RGBA", colour=(255, 0, 0, 0))))
    assert copy.mode == "RGB"
    assert near(copy.getpixel((100, 100)), WHITE)


@pytest.fixture(params=[False, True], ids=["as it is", "made smaller first"])
def size(request, monkeypatch):
    """A photo's size; in the second case it is treated as much larger than its renditions."""
    if request.param:
        monkeypatch.setattr(decoder, "_OVERSAMPLING", 0.05)
        assert decoder._scale((400, 300)) > 2
    return 400, 300


def test_a_palette_with_a_transparent_colour_is_white_there(store, size):
    image = Image.new("P", size, 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    assert near(whole(store(encoded(image, "PNG", transparency=0))).getpixel((9, 9)), WHITE)
    assert near(whole(store(encoded(image, "PNG"))).getpixel((9, 9)), RED)


@pytest.mark.parametrize(
    ("mode", "colour", "shown"),
    [("L", 128, (128, 128, 128)), ("LA", (0, 0), WHITE), ("1", 1, WHITE), ("I;16", 32768, (128, 128, 128))],
)
def test_grey_stays_grey(store, mode, colour, shown, size):
    assert near(whole(store(plain("PNG", size, mode, colour))).getpixel((9, 9)), shown)


def test_cmyk_becomes_rgb(store):
    copy = whole(store(plain(mode="CMYK", colour=(0, 255, 255, 0), quality=95)))
    assert copy.mode == "RGB"
    red, green, blue = copy.getpixel((9, 9))
    assert red > 200
    assert max(green, blue) < 60


def swapped_profile() -> bytes:
    """sRGB with the primaries of red and blue exchanged, which shows whether the profile was applied or ignored."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_colour_profile_is_applied_and_left_behind(store, format, size):
    copy = whole(store(plain(format, size, colour=RED, icc_profile=swapped_profile())))
    assert near(copy.getpixel((9, 9)), BLUE, by=20)
    assert "icc_profile" not in copy.info


def swapped(mode: str) -> Image.Image:
    """Red in `mode`, which the profile above makes blue; where it can be transparent, the left half is."""
    image = Image.new("RGBA", (400, 300), (*RED, 255))
    if mode in ("RGBA", "LA", "PA"):
        ImageDraw.Draw(image).rectangle((0, 0, 199, 299), (0, 0, 0, 0))
    if mode == "P":
        return image.convert("RGB").quantize(4)
    return image.convert(mode)


@pytest.mark.parametrize("profile", [True, False], ids=["with a profile", "without"])
@pytest.mark.parametrize(
    ("format", "mode"),
    [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "RGBA"), ("WEBP", "RGBA"), ("AVIF", "RGBA")],
)
def test_a_profile_counts_in_every_mode_and_what_is_transparent_is_white(store, format, mode, profile):
    options = {"icc_profile": swapped_profile()} if profile else {}
    copy = whole(store(encoded(swapped(mode), format, **options)))
    assert near(copy.getpixel((300, 100)), BLUE if profile else RED, by=20)
    assert near(copy.getpixel((50, 100)), WHITE if mode == "RGBA" else BLUE if profile else RED, by=20)


def test_a_palette_with_a_profile_and_a_transparent_colour(store):
    image = Image.new("P", (400, 300), 1)
    image.putpalette([0, 0, 0, *RED])
    ImageDraw.Draw(image).rectangle((0, 0, 199, 299), 0)
    copy = whole(store(encoded(image, "PNG", transparency=0, icc_profile=swapped_profile())))
    assert near(copy.getpixel((300, 100)), BLUE, by=20)
    assert near(copy.getpixel((50, 100)), WHITE)


@pytest.mark.sandboxed
def test_a_phones_heic_with_a_profile_and_transparency(store):
    copy = whole(store(HEIC["transparent"]))
    assert near(copy.getpixel((300, 100)), BLUE, by=20)
    assert near(copy.getpixel((50, 100)), WHITE)


def dark_grey_profile() -> bytes:
    """Greys with a gamma of 4, so that the middle one is nearly black."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, 4 * 256)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    text = b"text" + bytes(4) + b"x\x00"
    about = b"desc" + bytes(4) + struct.pack(">I", 2) + b"x\x00" + bytes(78)
    tags = {b"desc": about, b"cprt": text, b"wtpt": white, b"kTRC": curve}
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, b"mntr", b"GRAY", b"XYZ ") + bytes(12) + b"acsp"
    header += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\x00") + struct.pack(">I", len(tags)) + table + body


@pytest.mark.parametrize(("mode", "colour"), [("L", 128), ("LA", (128, 255)), ("I;16", 128 * 257)])
def test_greys_have_profiles_too(store, mode, colour):
    """A grey photo's own, and one for RGB, which some programs write into grey photos."""
    plainly = whole(store(plain("PNG", mode=mode, colour=colour)))
    darker = whole(store(plain("PNG", mode=mode, colour=colour, icc_profile=dark_grey_profile())))
    assert near(plainly.getpixel((9, 9)), (128, 128, 128))
    assert near(darker.getpixel((9, 9)), (70, 70, 70), by=20)
    same = whole(store(plain("PNG", mode=mode, colour=colour, icc_profile=swapped_profile())))
    assert near(same.getpixel((9, 9)), (128, 128, 128))


def test_16_bits_with_a_transparent_grey_are_white_there(store):
    row = struct.pack("<400H", *[300] * 200, *[32768] * 200)
    image = Image.frombytes("I;16", (400, 300), row * 300)
    copy = whole(store(encoded(image, "PNG", transparency=300)))
    assert near(copy.getpixel((50, 100)), WHITE)
    assert near(copy.getpixel((300, 100)), (128, 128, 128))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_profile_for_other_colours_is_ignored(store, mode):
    """A profile for greys in a colour photo, or for inks in a grey one: such files exist, and look as without it."""
    image = Image.new("RGB", (400, 300), (200, 200, 200)).convert(mode)
    profile = dark_grey_profile() if mode != "L" else swapped_profile().replace(b"RGB XYZ ", b"CMYKXYZ ")
    assert near(whole(store(encoded(image, "PNG", icc_profile=profile))).getpixel((9, 9)), (200, 200, 200))


@pytest.mark.parametrize("profile", [b"bukan profil", b"\x00" * 128])
def test_a_broken_colour_profile_is_ignored(store, profile):
    assert near(whole(store(plain(colour=RED, quality=95, icc_profile=profile))).getpixel((9, 9)), (254, 0, 0))


def test_the_dominant_colour_is_the_most_frequent_one(store):
    image = Image.new("RGB", (400, 300), (20, 90, 40))
    ImageDraw.Draw(image).rectangle((0, 0, 399, 80), (240, 240, 240))
    colour = store(encoded(image, "PNG")).colour
    assert near(bytes.fromhex(colour[1:]), (20, 90, 40))


def test_crops_keep_the_focal_point_in_sight(store, work):
    image = Image.new("RGB", (1600, 600), "white")
    ImageDraw.Draw(image).rectangle((1400, 200, 1500, 300), RED)
    photo = store(encoded(image, "PNG"))
    photo.focus_x, photo.focus_y = 90, 42
    photo.save()
    work()
    photo.refresh_from_db()
    for name in ("16x9-1067.webp", "4x3-720.avif", "1x1-336.webp", "share.jpg"):
        crop = rendition(photo, name).convert("RGB")
        red = [x for x in range(crop.width) for y in (crop.height * 5 // 12,) if near(crop.getpixel((x, y)), RED, 60)]
        assert len(red) > crop.width / 30, name


def test_the_card_for_sharing_is_small_enough_for_whatsapp_whatever_the_photo(store):
    noise = Image.effect_noise((1600, 900), 200).convert("RGB")
    photo = store(encoded(noise, "JPEG", quality=95))
    with stored(photo, "share.jpg") as file:
        content = file.read()
    assert Image.open(io.BytesIO(content)).size == rendition_specs.SHARE
    assert len(content) < rendition_specs.SHARE_MAX_BYTES


def stored(photo, name):
    from news.images import storage

    return storage.public().open(f"{photo.rendition_key}/{name}")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_no_rendition_tells_where_or_with_what_the_photo_was_taken(store, folders, work, format):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "KameraRahasia"
    exif[ExifTags.Base.ImageDescription] = "Saksi rahasia"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "S", 2: (0.0, 13.0, 28.0), 3: "E", 4: (100.0, 37.0, 58.0)})
    options = {"exif": exif}
    if format != "PNG":
        options["xmp"] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Saksi rahasia</x:xmpmeta>"
    content = HEIC["turned"] if format == "HEIF" else plain(format, (640, 360), **options)
    assert b"KameraRahasia" in content
    photo = store(content)
    work()
    photo.refresh_from_db()
    names = rendition_specs.names(photo.rendition_manifest)
    assert len(names) > 15
    for name in names:
        copy = rendition(photo, name)
        assert dict(copy.getexif()) == {}, name
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(copy.info), name
    paths = [path for path in folders[0].rglob("*") if path.is_file()]
    assert len(paths) > len(names)  # the first renditions stay for an hour
    for path in paths:
        assert b"ahasia" not in path.read_bytes()
