"""What pages are tried with: `python -m tests.pages.world everyday|empty|longest …` in a server's environment.

`everyday` is a small network with an article of every kind. `empty` is a region without articles, and `longest` are the
longest inputs that the newsroom can make; these two stand beside any network.
"""

import sys

import django

django.setup()

from datetime import timedelta  # noqa: E402

from django.utils import timezone  # noqa: E402

from news.demo import builders  # noqa: E402
from news.images import uploads  # noqa: E402
from news.images.models import Photo  # noqa: E402
from news.models import Article, GalleryPhoto  # noqa: E402
from regions.models import Region  # noqa: E402
from tests.conftest import photo_file  # noqa: E402

PARAGRAPH = (
    "<p>Warga Kelurahan Balai Nan Duo bergotong royong memperbaiki jembatan kayu yang rusak diterjang banjir "
    "pekan lalu. Mereka membawa papan dan paku dari rumah masing-masing, sedangkan pemerintah kota menyumbang semen "
    "dan besi. Jembatan itu menghubungkan dua nagari yang sejak dulu berbagi sawah, sekolah, dan pasar ternak.</p>"
)
RICH = (
    f"{PARAGRAPH}<h2>Dua nagari, satu jembatan</h2><p>Kata seorang warga:</p><blockquote><p>Kami tidak bisa menunggu."
    f"</p></blockquote><ul><li>Papan 40 lembar</li><li>Semen 12 sak</li></ul>{PARAGRAPH}"
)
WORD = "Mempertanggungjawabkankeberlangsunganpertanggungjawabannyaku"
"""60 letters without a place to break."""
TITLE = (
    "Pemerintah Kabupaten Kepulauan Siau Tagulandang Biaro Bersama Warga Menggelar Musyawarah Perencanaan Pembangunan "
    "Jembatan Penghubung Antarpulau yang Telah Dinantikan Masyarakat Selama Dua Puluh Tahun"
).ljust(200, "!")
WORDS = 10_000
TALL = (600, 1600)
MANY = 5_000


def everyday() -> None:
    """network → sumatera barat → payakumbuh with every kind of article."""
    network = builders.make_network()
    province = builders.make_region("sumaterabarat", network, short_name="Sumatera Barat")
    region = builders.make_region("payakumbuh", province, tagline="Kabar dari Kota Biru")
    for name in ("Politik", "Hukum", "Ekonomi", "Pendidikan", "Kesehatan", "Olahraga", "Budaya"):
        builders.make_section(name)
    common = {"body": RICH, "summary": "Papan, paku, dan semen dari rumah ke rumah.", "tags": ["Gotong Royong"]}
    builders.make_live(region, kicker="Gotong royong", lead_photo=photo(region, "#46604a"), **common)
    builders.make_live(region, **common)
    for kind in (Article.Kind.FEATURE, Article.Kind.OPINION, Article.Kind.RELEASE, Article.Kind.ADVERTORIAL):
        builders.make_live(region, kind=kind, lead_photo=photo(region, "#805040"), **common)
    photo_article(region, ["#304a60", "#603a30", "#4a3060"], **common)
    builders.make_many(region, 30, offset=600, body=PARAGRAPH, lead_photo=photo(region), tags=["Pilkada"])
    builders.make_withdrawn(region)
    now = timezone.now()
    builders.make_live(region, now - timedelta(days=2), expires_at=now - timedelta(days=1))
    builders.make_article(region, **common)
    builders.make_user("admin", is_superuser=True)


def empty() -> None:
    builders.make_region("kosong", Region.objects.get(subdomain="sumaterabarat"), code="13.99")


def longest() -> None:
    """Each article's `source_key` is `pages:` and its name in tests.pages.kinds.LONGEST."""
    network = builders.make_network()
    region = builders.make_region(
        "kepulauansiautagulandangbiaro",
        builders.make_region("nusautara", network, code="83", short_name="Nusa Utara"),
        code="83.01",
        kind="regency",
        name="Kabupaten Kepulauan Siau Tagulandang Biaro",
        short_name="Kepulauan Siau Tagulandang Biaro",
    )
    wide = photo(region, "#405060", caption=f"Keterangan dengan kata {WORD}.", credit=f"Pewarta {WORD}"[:100])
    names = ["Siti Nurhaliza Rahmawati Sutan Sinaro", *("Muhammad Rizki Ramadhan Koto" for _n in range(11))]
    writers = [builders.make_author(name, region, slug=f"penulis-panjang-{n}") for n, name in enumerate(names)]
    articles = {
        "title": {"title": TITLE, "lead_photo": wide, "summary": TITLE},
        "word": {"title": f"Gubernur {WORD} Provinsi", "kicker": WORD, "lead_photo": wide},
        "bylines": {"writers": writers, "lead_photo": wide},
        "no-photo": {"title": TITLE[:150], "summary": TITLE},
        "tall": {"lead_photo": photo(region, "#604050", size=TALL)},
        "tags": {"tags": [f"Tag Panjang Nomor {number}" for number in range(39)] + [WORD]},
        "words": {"body": PARAGRAPH * (WORDS // len(PARAGRAPH.split()) + 1)},
        "body": {"body": f"<p>{WORD}</p><h2>{WORD}</h2><ul><li>{WORD}</li></ul><blockquote><p>{WORD}</p></blockquote>"},
    }
    for name, texts in articles.items():
        builders.make_live(region, source_key=f"pages:{name}", **({"body": RICH} | texts))
    photo_article(region, ["#314b61", "#613b31"], "tall", source_key="pages:gallery", title=TITLE)
    few = builders.make_region("sedikit", network, code="84")
    for subdomain, count in (("satu", 1), ("lima", 5), ("ramai", MANY)):
        edition = builders.make_region(subdomain, few, code=f"84.{count}")
        builders.make_many(edition, count, offset=100_000, lead_photo=photo(edition), body=PARAGRAPH)


def photo(region: Region, colour: str = "#205060", size: tuple[int, int] = (900, 600), **texts: str) -> Photo:
    """One colour: the pages are tried, not the pictures."""
    described = {"alt": "Warga di jembatan", "caption": "Warga memperbaiki jembatan.", "credit": "Linda Sari"}
    return uploads.store(photo_file(size, colour), region=region, user=None, **(described | texts))


def photo_article(region: Region, colours: list[str], shape: str = "", **overrides: object) -> None:
    size = TALL if shape == "tall" else (900, 600)
    photos = [photo(region, colour, size) for colour in colours]
    article = builders.make_live(region, kind=Article.Kind.PHOTOS, lead_photo=photos[0], **overrides)
    GalleryPhoto.objects.bulk_create(
        GalleryPhoto(article=article, photo=shot, position=position) for position, shot in enumerate(photos)
    )


if __name__ == "__main__":
    for part in sys.argv[1:]:
        {"everyday": everyday, "empty": empty, "longest": longest}[part]()
