import io
import struct
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import ExifTags, Image, ImageCms, ImageDraw

from news.images import renditions, uploads
from news.images.models import Photo
from tests.conftest import HostClient, photo_file

ORIENTATION = ExifTags.Base.Orientation
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)
# How a camera turns what is upright before it writes the file, by the tag that it writes with it.
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


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """The public and the private storage, empty, for this test alone."""
    public, private = tmp_path / "media", tmp_path / "originals"
    public.mkdir()
    private.mkdir()
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": public}},
        "originals": settings.STORAGES["originals"] | {"OPTIONS": {"location": private, "base_url": None}},
    }
    field = Photo._meta.get_field("original")  # it asked for its storage when the models were loaded
    kept, field.storage = field.storage, storages["originals"]
    yield public, private
    field.storage = kept


@pytest.fixture
def files(folders):
    """`files()`: everything that lies in either storage."""
    return lambda: sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def upload(content, name="foto.jpg"):
    return SimpleUploadedFile(name, content, "image/jpeg")


def encoded(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def plain(format="JPEG", size=(400, 300), mode="RGB", colour="teal", **options):
    return encoded(Image.new(mode, size, colour), format, **options)


def copies(photo):
    """The public copies as readers get them, by width."""
    images = {}
    for width in photo.widths:
        with renditions.storage().open(renditions.name(photo.rendition_key, width)) as file:
            images[width] = Image.open(io.BytesIO(file.read()))
    return images


def near(pixel, colour):
    return all(abs(a - b) <= 12 for a, b in zip(pixel, colour, strict=True))


@pytest.fixture
def store(tree):
    return lambda content, **fields: uploads.store(
        upload(content), **({"region": tree.payakumbuh, "user": None} | fields)
    )


@pytest.fixture
def refused(store, files):
    """`refused(content)`: why, after making sure that nothing was stored."""

    def refuse(content):
        with pytest.raises(ValidationError) as caught:
            store(content)
        assert not Photo.objects.exists()
        assert files() == []
        return caught.value.messages[0]

    return refuse


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


class TestAccepted:
    @pytest.mark.parametrize("format", renditions.FORMATS)
    def test_every_format_becomes_webp_copies_and_a_private_original(self, store, folders, format):
        public, private = folders
        content = plain(format, (1000, 500))
        photo = store(content, caption="Rapat", credit="Linda", alt="Orang duduk")
        photo.refresh_from_db()
        assert (photo.width, photo.height) == (1000, 500)
        assert (photo.caption, photo.credit, photo.alt) == ("Rapat", "Linda", "Orang duduk")
        assert {width: (copy.format, copy.size) for width, copy in copies(photo).items()} == {
            320: ("WEBP", (320, 160)),
            640: ("WEBP", (640, 320)),
            960: ("WEBP", (960, 480)),
        }
        assert [path.read_bytes() for path in private.iterdir()] == [content]
        assert next(private.iterdir()).suffix == f".{format.lower()}"
        assert len(list(public.rglob("*.webp"))) == 3

    def test_a_files_name_does_not_count(self, tree):
        photo = uploads.store(upload(plain("PNG"), "../../naskah.html"), region=tree.payakumbuh, user=None)
        assert photo.original.name.endswith(".png")
        assert "naskah" not in photo.original.name

    @pytest.mark.parametrize(
        ("size", "made"),
        [
            ((1, 1), [1]),
            ((200, 100), [200]),
            ((320, 9), [320]),
            ((639, 400), [320]),
            ((1600, 900), [320, 640, 960, 1600]),
            ((4000, 30), [320, 640, 960, 1600]),
        ],
    )
    def test_nothing_is_enlarged_and_there_is_always_a_copy(self, store, size, made):
        photo = store(plain(size=size))
        assert photo.widths == made
        for width, copy in copies(photo).items():
            assert copy.size == (width, photo.height_at(width))

    def test_a_large_photo_that_is_decoded_small_keeps_its_size_and_shape(self, store):
        photo = store(plain(size=(8000, 6000)))
        assert (photo.width, photo.height) == (8000, 6000)
        assert copies(photo)[1600].size == (1600, 1200)

    @pytest.mark.parametrize("entries", [b"\xff" * 10, b"\x00\x01\x01\x12\x00\x04" + b"\xff" * 8, b""])
    def test_a_photo_with_broken_exif_is_a_photo(self, store, entries):
        photo = store(plain(exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + entries))
        assert copies(photo)[320].size == (320, 240)

    def test_a_phones_jpeg_with_a_second_picture_behind_the_photo_is_a_photo(self, store):
        content = plain("MPO", save_all=True, append_images=[Image.new("L", (40, 30))])
        photo = store(content)
        assert (photo.width, photo.height) == (400, 300)
        assert photo.original.name.endswith(".jpeg")
        assert copies(photo)[320].size == (320, 240)


class TestPixels:
    @pytest.mark.parametrize("tag", CAMERA)
    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
    def test_a_photo_stands_upright(self, store, format, tag):
        upright = Image.new("RGB", (480, 320), WHITE)
        draw = ImageDraw.Draw(upright)
        draw.rectangle((0, 0, 159, 106), RED)
        draw.rectangle((320, 0, 479, 106), GREEN)
        draw.rectangle((0, 213, 159, 319), BLUE)
        stored = upright.transpose(CAMERA[tag]) if CAMERA[tag] is not None else upright
        exif = Image.Exif()
        exif[ORIENTATION] = tag
        photo = store(encoded(stored, format, exif=exif))
        assert (photo.width, photo.height) == (480, 320)
        copy = copies(photo)[320]
        assert copy.size == (320, 213)
        assert near(copy.getpixel((50, 30)), RED)
        assert near(copy.getpixel((270, 30)), GREEN)
        assert near(copy.getpixel((50, 180)), BLUE)
        assert near(copy.getpixel((270, 180)), WHITE)
        assert ORIENTATION not in copy.getexif()

    @pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
    def test_what_is_transparent_is_white(self, store, format):
        copy = copies(store(plain(format, mode="RGBA", colour=(255, 0, 0, 0))))[320]
        assert copy.mode == "RGB"
        assert near(copy.getpixel((100, 100)), WHITE)

    def test_a_palette_with_a_transparent_colour_is_white_there(self, store):
        image = Image.new("P", (400, 300), 0)
        image.putpalette([255, 0, 0, 0, 0, 255])
        assert near(copies(store(encoded(image, "PNG", transparency=0)))[320].getpixel((9, 9)), WHITE)
        assert near(copies(store(encoded(image, "PNG")))[320].getpixel((9, 9)), RED)

    @pytest.mark.parametrize(
        ("mode", "colour", "shown"),
        [
            ("L", 128, (128, 128, 128)),
            ("LA", (0, 0), WHITE),
            ("1", 1, WHITE),
            ("I;16", 32768, (128, 128, 128)),
        ],
    )
    def test_grey_stays_grey(self, store, mode, colour, shown):
        assert near(copies(store(plain("PNG", mode=mode, colour=colour)))[320].getpixel((9, 9)), shown)

    def test_cmyk_becomes_rgb(self, store):
        copy = copies(store(plain(mode="CMYK", colour=(0, 255, 255, 0), quality=95)))[320]
        assert copy.mode == "RGB"
        red, green, blue = copy.getpixel((9, 9))
        assert red > 200
        assert max(green, blue) < 60

    def test_a_colour_profile_is_applied_and_left_behind(self, store):
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        copy = copies(store(plain(colour=RED, quality=95, icc_profile=lab)))[320]
        assert near(copy.getpixel((9, 9)), (254, 0, 0))
        assert "icc_profile" not in copy.info

    @pytest.mark.parametrize("profile", [b"bukan profil", b"\x00" * 128])
    def test_a_broken_colour_profile_is_as_none(self, store, profile):
        copy = copies(store(plain(colour=RED, quality=95, icc_profile=profile)))[320]
        assert near(copy.getpixel((9, 9)), (254, 0, 0))


@pytest.mark.parametrize("format", renditions.FORMATS)
def test_no_copy_tells_where_or_with_what_the_photo_was_taken(store, folders, format):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "KameraRahasia"
    exif[ExifTags.Base.ImageDescription] = "Saksi rahasia"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "S", 2: (0.0, 13.0, 28.0), 3: "E", 4: (100.0, 37.0, 58.0)})
    options = {"exif": exif}
    if format != "PNG":
        options["xmp"] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Saksi rahasia</x:xmpmeta>"
    content = plain(format, (1700, 900), **options)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(ExifTags.IFD.GPSInfo)[2] == (0.0, 13.0, 28.0)
    assert b"KameraRahasia" in content
    photo = store(content)
    assert len(photo.widths) == 4
    for copy in copies(photo).values():
        assert dict(copy.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(copy.info)
    for path in folders[0].rglob("*.webp"):
        assert b"ahasia" not in path.read_bytes()
        assert b"EXIF" not in path.read_bytes()


class TestRefused:
    def test_an_empty_file(self, refused):
        assert "empty" in refused(b"")

    @pytest.mark.parametrize(
        "content",
        [
            b"Ini bukan foto.",
            b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>",
            b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
            b"%PDF-1.7\n",
            plain("GIF"),
            plain("TIFF"),
            plain("BMP"),
            b"\x00" * 500,
        ],
        ids=["text", "svg", "xml", "pdf", "gif", "tiff", "bmp", "zeros"],
    )
    def test_what_is_no_photo_in_a_known_format(self, refused, content):
        assert "not a photo that we can read" in refused(content)

    def test_an_animated_gif(self, refused):
        assert refused(plain("GIF", save_all=True, append_images=[Image.new("RGB", (400, 300), "red")]))

    @pytest.mark.parametrize("format", ["WEBP", "PNG", "AVIF"])
    def test_an_animation(self, refused, format):
        content = plain(format, save_all=True, append_images=[Image.new("RGB", (400, 300), "red")])
        assert "animation" in refused(content)

    @pytest.mark.parametrize("format", renditions.FORMATS)
    @pytest.mark.parametrize("part", [0.3, 0.9])
    def test_a_photo_that_was_cut_off(self, refused, format, part):
        noise = encoded(Image.effect_noise((400, 300), 80).convert("RGB"), format)
        assert refused(noise[: int(len(noise) * part)])

    def test_an_avif_that_its_decoder_gives_up_on(self, refused):
        content = bytearray(plain("AVIF"))
        start = content.index(b"mdat") + 4
        content[start:] = b"\xff" * (len(content) - start)
        assert "damaged" in refused(bytes(content))

    def test_too_many_bytes(self, refused, store, settings):
        content = plain()
        settings.PHOTO_MAX_BYTES = len(content) - 1
        assert "larger than" in refused(content)
        settings.PHOTO_MAX_BYTES = len(content)
        assert store(content).pk

    @pytest.mark.parametrize("format", renditions.FORMATS)
    def test_too_many_pixels(self, refused, store, settings, format):
        settings.PHOTO_MAX_PIXELS = 400 * 300 - 1
        assert "million pixels" in refused(plain(format))
        settings.PHOTO_MAX_PIXELS = 400 * 300
        assert store(plain(format)).pk

    def test_a_bomb_is_refused_before_it_is_unpacked(self, refused):
        header = struct.pack(">4sIIBBBBB", b"IHDR", 60_000, 60_000, 8, 2, 0, 0, 0)
        photo = plain("PNG")
        bomb = photo[:12] + header + struct.pack(">I", zlib.crc32(header)) + photo[33:]
        assert "million pixels" in refused(bomb)

    @pytest.mark.parametrize("size", [(100, 20_000), (400, 30_000)])
    def test_a_picture_too_tall_for_a_copy(self, refused, size):
        assert "too tall" in refused(plain("PNG", size, "L", 0))

    def test_a_tall_picture_that_fits_is_taken(self, store):
        assert copies(store(plain("PNG", (400, 20_000), "L", 0)))[320].size == (320, 16_000)

    def test_when_the_database_refuses_no_file_stays(self, store, files):
        with pytest.raises(ValueError, match="unsaved"):
            store(plain(), user=User(username="belum-disimpan"))
        assert files() == []
        assert not Photo.objects.exists()

    @pytest.mark.parametrize("side", ["width", "height"])
    def test_a_photo_has_a_size(self, store, side):
        photo = store(plain())
        with pytest.raises(IntegrityError, match="photo_has_size"), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).update(**{side: 0})


class TestOnce:
    def test_the_same_file_twice_is_one_photo(self, store, files):
        first = store(plain())
        before = files()
        again = store(plain())
        assert again == first
        assert files() == before

    def test_the_same_file_with_other_words_is_another_photo(self, store):
        first = store(plain(), caption="Pasar pagi")
        other = store(plain(), caption="Pasar sore")
        first.refresh_from_db()
        assert (first.caption, other.caption) == ("Pasar pagi", "Pasar sore")

    def test_another_region_has_its_own(self, store, tree):
        first, other = store(plain()), store(plain(), region=tree.makassar)
        assert first != other
        assert first.rendition_key != other.rendition_key

    def test_another_file_is_another_photo(self, store):
        assert store(plain()) != store(plain(colour="navy"))


class TestNames:
    def test_they_have_128_random_bits_and_nothing_of_the_file(self, tree):
        photos = [
            uploads.store(photo_file((size, size)), region=region, user=None)
            for size in (10, 20, 30)
            for region in (tree.payakumbuh, tree.makassar)
        ]
        keys = [photo.rendition_key for photo in photos]
        names = [Path(photo.original.name).stem for photo in photos]
        assert len({*keys, *names}) == 12
        for key in (*keys, *names):
            assert len(bytes.fromhex(key)) == 16
        assert not {photo.sha256[:32] for photo in photos} & {*keys, *names}

    def test_addresses_follow_from_the_key(self, store):
        photo = store(plain(size=(700, 350)))
        address = f"/media/{photo.rendition_key}/"
        assert photo.url(640) == f"{address}640.webp"
        assert photo.thumbnail_url == f"{address}320.webp"
        assert photo.srcset == f"{address}320.webp 320w, {address}640.webp 640w"


class TestView:
    @pytest.fixture
    def photo(self, store):
        return store(plain(size=(700, 350)))

    @pytest.fixture(params=["reader", "newsroom"])
    def client(self, request, tree, people, newsroom):
        return HostClient(tree.makassar.host) if request.param == "reader" else newsroom(people.admin)

    def test_a_copy_may_be_kept_for_ever(self, client, photo, folders):
        response = client.get(photo.url(320))
        assert response.status_code == 200
        assert response["Content-Type"] == "image/webp"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response.streaming_content) == (folders[0] / photo.rendition_key / "320.webp").read_bytes()

    def test_it_is_only_read(self, client, photo):
        head = client.head(photo.url(320))
        assert head.status_code == 200
        assert b"".join(head.streaming_content) == b""
        for method in ("post", "put", "delete"):
            assert getattr(client, method)(photo.url(320)).status_code in (403, 405)

    @pytest.mark.parametrize(
        "name",
        [
            "{key}/960.webp",
            "{key}/321.webp",
            "{key}/0.webp",
            "{key}/0320.webp",
            "{key}/-320.webp",
            "{key}/320.jpg",
            "{key}/",
            "{key}",
            "{other}/320.webp",
            "{upper}/320.webp",
            "{key}0/320.webp",
            "{key}/../{key}/320.webp",
            "",
        ],
    )
    def test_anything_else_is_not_found(self, client, photo, name):
        key = photo.rendition_key
        last = "0" if key[-1] != "0" else "1"
        path = "/media/" + name.format(key=key, other=key[:-1] + last, upper=key[:-1] + "A")
        assert client.get(path).status_code == 404

    def test_an_original_has_no_address(self, client, photo):
        name = photo.original.name
        for path in (f"/{name}", f"/media/{name}", f"/originals/{name}", f"/media/originals/{name}", f"/static/{name}"):
            assert client.get(path).status_code == 404


def test_originals_lie_outside_what_is_served():
    private = Path(settings.STORAGES["originals"]["OPTIONS"]["location"]).resolve()
    for served in (settings.MEDIA_ROOT, settings.STATIC_ROOT):
        assert not private.is_relative_to(Path(served).resolve())
        assert not Path(served).resolve().is_relative_to(private)
