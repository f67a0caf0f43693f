"""An archive as large as wanted: invented articles over all regions, in bulk.

    python -m benchmarks.fill --stories 1000000 [--regions regions.csv] [--seed 7]

Fills the database of the environment (DATABASE_URL), which must be empty: PostgreSQL by COPY, SQLite by executemany.
With `--regions`, a file for `loadregions`; without it 38 provinces and 514 cities with made-up names. Articles have
300 to 420 words and are spread over ten years; a few regions and tags have many of them, most have few; one in twenty
is shared with another region. Photos have addresses and no files.
"""

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from tqdm import tqdm  # noqa: E402

from news.content.slugs import tag_key  # noqa: E402
from news.demo import builders  # noqa: E402
from news.images import rendition_specs  # noqa: E402
from news.images.models import Photo  # noqa: E402
from news.models import (  # noqa: E402
    Article,
    Author,
    Byline,
    Placement,
    Section,
    Share,
    Tag,
    TaggedArticle,
    TaggedPlacement,
)
from regions import generations, loading  # noqa: E402
from regions.models import Region  # noqa: E402

YEARS = 10
SECTIONS = "Politik Hukum Ekonomi Pendidikan Kesehatan Olahraga Budaya Wisata Lingkungan Ragam".split()
TAGS = 3_000
PHOTOS = 1_000
BODIES = 400
BATCH = 20_000
WORDS = (
    "warga kota daerah pemerintah jalan pasar sekolah rumah sakit air hujan banjir panen sawah nelayan kapal pelabuhan "
    "bupati wali gubernur dewan anggaran rapat koordinasi kegiatan masyarakat pembangunan perbaikan jembatan petani "
    "harga beras cabai ikan listrik padam cuaca gempa bantuan relawan siswa guru lomba juara festival budaya tari "
    "musik wisata pantai gunung danau kuliner rendang kopi sejarah masjid pesantren dan yang di ke dari untuk dengan "
    "pada akan telah sudah belum tidak juga agar karena bahwa menurut kata ujar jelas tambah hari minggu bulan tahun "
    "pagi siang malam ribu juta ratus orang keluarga anak perempuan laki muda tua baru lama besar kecil"
).split()


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words)).capitalize()


def body(rng: random.Random) -> str:
    """300 to 420 words in paragraphs of two or three sentences."""
    left, paragraphs = rng.randint(300, 420), []
    while left > 0:
        lengths = [rng.randint(10, 22) for _n in range(rng.randint(2, 3))]
        paragraphs.append("<p>" + " ".join(f"{sentence(rng, length)}." for length in lengths) + "</p>")
        left -= sum(lengths)
    return "".join(paragraphs)


def make_regions(path: Path | None) -> list[Region]:
    if path:
        loading.load(loading.read(path))
        Region.objects.update(is_open=True)
        return list(Region.objects.exclude(parent=None).order_by("pk"))
    root = builders.make_network()

    def region(number: int, parent: Region, kind: str) -> Region:
        label = f"{kind[:3]}{number}"
        return Region(
            kind=kind,
            name=f"{kind.title()} {number}",
            short_name=f"{kind.title()} {number}",
            code=f"{number + 1000}",
            parent=parent,
            path=f"{parent.path}{label}/",
            subdomain=label,
            timezone=list(Region.Zone)[number % 3],
            is_open=True,
        )

    provinces = Region.objects.bulk_create([region(n, root, Region.Kind.PROVINCE) for n in range(38)])
    cities = [region(100 + n, provinces[n % 38], Region.Kind.CITY) for n in range(514)]
    return provinces + Region.objects.bulk_create(cities)


def make_photos(region: Region, rng: random.Random) -> list[int]:
    size = (1600, 1067)
    plan = rendition_specs.full(size, rendition_specs.CENTRE)
    photos = [
        Photo(
            region=region,
            original=f"{rng.getrandbits(128):032x}.jpeg",
            sha256=f"{rng.getrandbits(256):064x}",
            width=size[0],
            height=size[1],
            rendition_key=f"{rng.getrandbits(128):032x}",
            rendition_manifest=json.loads(json.dumps(plan)),
            caption=sentence(rng, 8),
            credit="Foto: Pekon",
            alt=sentence(rng, 9),
        )
        for _n in range(PHOTOS)
    ]
    return [photo.pk for photo in Photo.objects.bulk_create(photos)]


def store(model: Any, fields: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Add rows as fast as the database takes them. Fields that are not named have the model's defaults."""
    defaults = {
        field.name: field.get_default()
        for field in model._meta.concrete_fields
        if field.name not in fields and not field.primary_key
    }
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in [*fields, *defaults])
    whole = ((*row, *defaults.values()) for row in rows)
    table = f'"{model._meta.db_table}"'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in whole:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * (len(fields) + len(defaults)))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", whole)


def fill(stories: int, regions: Path | None, seed: int) -> None:
    rng = random.Random(seed)
    with transaction.atomic():
        cities = make_regions(regions)
    # The few large ones have most: weights fall off as 1/rank.
    weights = list(accumulate(1 / rank for rank in range(1, len(cities) + 1)))
    rng.shuffle(cities)
    lines = {region.pk: [above.pk for above in region.lineage] for region in Region.objects.with_parents()}
    sections = [builders.make_section(name, position=place).pk for place, name in enumerate(SECTIONS)]
    authors = {
        region.pk: author.pk
        for region, author in zip(
            cities,
            Author.objects.bulk_create(
                Author(name=f"Penulis {region.short_name}", slug=f"penulis-{region.pk}", region=region)
                for region in cities
            ),
            strict=True,
        )
    }
    new_tags = [Tag(name=f"Tag {n}", slug=f"tag-{n}", key=tag_key(f"Tag {n}")) for n in range(TAGS)]
    tags = [tag.pk for tag in Tag.objects.bulk_create(new_tags)]
    tag_weights = list(accumulate(1 / rank for rank in range(1, TAGS + 1)))
    photos = make_photos(cities[0], rng)
    bodies = [body(rng) for _n in range(BODIES)]
    newest = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    step = timedelta(days=365 * YEARS) / stories
    first = (Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    shown = tqdm(total=stories, desc="Filling", unit=" stories", mininterval=1)
    for start in range(0, stories, BATCH):
        count = min(BATCH, stories - start)
        homes = rng.choices(cities, cum_weights=weights, k=count)
        keys = range(first + start, first + start + count)
        times = [newest - step * (stories - start - n - 1) for n in range(count)]
        chosen = rng.choices(sections, k=count)
        shares = {n: rng.choice(cities).pk for n in range(count) if rng.random() < 0.05}

        def articles(homes=homes, keys=keys, times=times, chosen=chosen) -> Iterator[tuple[Any, ...]]:
            for n, (key, home, moment, section) in enumerate(zip(keys, homes, times, chosen, strict=True)):
                title = sentence(rng, rng.randint(10, 15))
                slug = title.lower().replace(" ", "-")[:80].strip("-")
                photo = rng.choice(photos) if n % 4 else None
                yield (
                    key, home.pk, section, Article.Kind.NEWS, "", title, slug, sentence(rng, 18), home.short_name[:60],
                    rng.choice(bodies), "(**).", photo, "", "", "approved", moment, None, 1, moment, moment,
                )  # fmt: skip

        def placements(homes=homes, keys=keys, times=times, chosen=chosen, shares=shares) -> Iterator[tuple[Any, ...]]:
            for n, (key, home, moment, section) in enumerate(zip(keys, homes, times, chosen, strict=True)):
                places = [*lines[home.pk], *([shares[n]] if n in shares and shares[n] not in lines[home.pk] else [])]
                for place in places:
                    yield key, place, section, moment, None

        with transaction.atomic():
            store(Article, ARTICLE, articles())
            store(Placement, ["article", "region", "section", "published_at", "expires_at"], placements())
            store(Share, ["article", "region", "published_at"], ((keys[n], place, None) for n, place in shares.items()))
            writers = ((key, authors[home.pk], Byline.Role.WRITER, 1) for key, home in zip(keys, homes, strict=True))
            store(Byline, ["article", "author", "role", "position"], writers)
            drawn = {key: {*rng.choices(tags, cum_weights=tag_weights, k=rng.randint(1, 4))} for key in keys}
            store(TaggedArticle, ["tag", "content_object"], ((tag, key) for key in keys for tag in drawn[key]))
            listed = (
                (key, place, moment, end, tag) for key, place, _s, moment, end in placements() for tag in drawn[key]
            )
            store(TaggedPlacement, ["article", "region", "published_at", "expires_at", "tag"], listed)
        shown.update(count)
    shown.close()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('news_article', 'id'), (SELECT max(id) FROM news_article))"
            )
            cursor.execute("VACUUM (ANALYZE, FREEZE)")
        else:
            cursor.execute("ANALYZE")
    generations.bump([generations.EVERYWHERE, *lines])


ARTICLE = (
    "id region section kind kicker title slug summary dateline body sign_off lead_photo lead_caption lead_credit "
    "status published_at expires_at version created_at updated_at"
).split()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--stories", type=int, default=1_000_000)
    options.add_argument("--regions", type=Path, help="a CSV file as for loadregions; without it, made-up regions")
    options.add_argument("--seed", type=int, default=7)
    asked = options.parse_args()
    began = time.monotonic()
    fill(asked.stories, asked.regions, asked.seed)
    print(
        f"{asked.stories} stories, {Placement.objects.count()} placements, {Region.objects.count()} regions, "
        f"{Section.objects.count()} sections, {connection.vendor}: {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
