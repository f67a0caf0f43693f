"""How long a search takes in a large archive, and by which plan the database finds the articles.

Works in a database of its own on the server that --database-url names (PostgreSQL; an SQLite file without it), which
it fills with invented articles of some 200 words over ten years and 60 regions: words are drawn by Zipf's law, so that
some stand in every other article and some in a few of a million.
"""

import argparse
import os
import secrets
import statistics
import tempfile
import time
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import psycopg

WORDS, BODY, TITLE, REGIONS, BATCH = 60_000, 200, 9, 60, 2_000
DIFFERENT = 50_000
ROOTS = (
    "jembatan banjir pasar jalan sekolah kota warga pemerintah harga polisi rapat guru petani nelayan bupati pilkada "
    "wisata gempa listrik sampah beasiswa festival narkoba pajak kebakaran longsor panen irigasi imunisasi pelabuhan"
).split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--searches", type=int, default=400)
    parser.add_argument("--database-url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pekon-search-") as folder:
        name = f"pekon_{secrets.token_hex(6)}"
        if options.database_url:
            with psycopg.connect(options.database_url, autocommit=True) as server:
                server.execute(f'CREATE DATABASE "{name}"')
            url = urlsplit(options.database_url)._replace(path=f"/{name}").geturl()
        else:
            url = f"sqlite:///{Path(folder) / 'pekon.sqlite3'}"
        os.environ |= {"DATABASE_URL": url, "DATABASE_POOL": "false", "VAR_DIR": folder, "DEBUG": "true"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "pekon.settings"
        import django

        django.setup()
        try:
            run(options.stories, options.searches)
        finally:
            from django.db import connection

            connection.close()
            if options.database_url:
                with psycopg.connect(options.database_url, autocommit=True) as server:
                    server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(stories: int, searches: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from news.search import backends, engine
    from regions.models import Region

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    vocabulary = fill(stories)
    if stories > DIFFERENT:
        copy(stories // DIFFERENT - 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{connection.vendor}: {stories:,} stories, filled in {time.monotonic() - began:.0f} s", flush=True)
    chance = Random(1)
    editions = [Region.objects.get(parent=None), *Region.objects.exclude(parent=None).order_by("pk")[:5]]
    kinds = {
        "one common word": lambda: chance.choice(vocabulary[:60]),
        "one word of any": lambda: chance.choice(vocabulary[: chance.choice((100, 1000, 10_000, WORDS))]),
        "two words": lambda: " ".join(chance.choice(vocabulary[:3000]) for _ in range(2)),
        "three common words": lambda: " ".join(chance.choice(vocabulary[:200]) for _ in range(3)),
        "a typing error": lambda: chance.choice([word for word in vocabulary[:3000] if len(word) > 6])[1:],
        "a phrase": lambda: f'"{chance.choice(vocabulary[:100])} {chance.choice(vocabulary[:100])}"',
    }
    taken: list[float] = []
    for kind, make in kinds.items():
        times = []
        for _turn in range(searches // len(kinds)):
            edition, text = chance.choice(editions), make()
            start = time.perf_counter()
            engine.search(edition, text)
            times.append((time.perf_counter() - start) * 1000)
        taken += times
        print(f"  {kind:20} median {statistics.median(times):6.1f} ms, p95 {p95(times):6.1f} ms", flush=True)
    print(f"  all                  median {statistics.median(taken):6.1f} ms, p95 {p95(taken):6.1f} ms")
    for name, window in (("common word, newest weeks", 0), ("rare word, all time", -1)):
        word = vocabulary[3] if window == 0 else vocabulary[WORDS // 2]
        scope = engine._Scope(editions[1], engine.Filters(), engine.timezone.now())
        wanted = [[[word], [f"s_{word}"]], *scope.narrowing(), *list(scope.windows())[window]]
        print(f"Plan, {name}:\n{backends.plan(wanted, until=scope.now)}")


def copy(times: int) -> None:
    """Copy everything that often. PostgreSQL only."""
    from django.db import connection

    from news.models import Article, Placement
    from news.search import backends
    from news.search.models import SearchDocument

    later = "published_at - copy * interval '3 minutes'"
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("DROP INDEX search_tokens")
        for model, key in ((Article, "id"), (Placement, "article_id"), (SearchDocument, "article_id")):
            names = [
                field.column for field in model._meta.concrete_fields if not (model is Placement and field.primary_key)
            ]
            changed = {key: f"{key} + copy * {DIFFERENT * 10}", "published_at": later}
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) "
                f"SELECT {', '.join(changed.get(name, name) for name in names)} "
                f"FROM {model._meta.db_table}, generate_series(1, {times}) copy"
            )
    backends.install(connection)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def fill(count: int) -> list[str]:
    """Articles, placements and documents in bulk, as `documents.write` makes them. Returns the words, common first.

    Beyond `DIFFERENT` articles there are copies of these, minutes apart, so that each word's share stays.
    """
    from django.utils import timezone

    from news.demo import builders
    from news.models import Article, Placement, Status
    from news.search import documents, synonyms
    from news.search.models import KnownWord, SearchDocument

    chance = Random(7)
    syllables = [a + b for a in "bcdghjklmnprstw" for b in ("a", "i", "u", "e", "o", "an", "ar", "ung")]
    invented = {"".join(chance.choice(syllables) for _ in range(chance.choice((2, 3, 3, 4)))) for _ in range(2 * WORDS)}
    vocabulary = [*ROOTS, *sorted(invented - set(ROOTS), key=lambda word: chance.random())][:WORDS]
    weights = [1 / (rank + 3) for rank in range(WORDS)]
    total, cumulative = 0.0, []
    for weight in weights:
        total += weight
        cumulative.append(total)
    network = builders.make_network()
    province = builders.make_region("provinsi", network)
    cities = [builders.make_region(f"kota{number}", province) for number in range(REGIONS)]
    section = builders.make_section()
    known, now = synonyms.current(), timezone.now()
    different = min(count, DIFFERENT)
    numbers = iter(range(different))
    while batch := list(islice(numbers, BATCH)):
        stories = []
        for number in batch:
            drawn = chance.choices(vocabulary, cum_weights=cumulative, k=TITLE + BODY)
            region = cities[min(int(chance.expovariate(0.08)), REGIONS - 1)]
            stories.append(
                Article(
                    region=region,
                    section=section,
                    title=" ".join(drawn[:TITLE])[:200],
                    slug=f"berita-{number}",
                    body=f"<p>{' '.join(drawn[TITLE:])}</p>",
                    status=Status.APPROVED,
                    published_at=now - timedelta(days=3650) * (1 - number / different) - timedelta(hours=1),
                )
            )
        Article.objects.bulk_create(stories)
        placements, written = [], []
        for story in stories:
            story._prefetched_objects_cache = {"bylines": [], "tags": []}  # what for_page() would have read
            places = [network, province, story.region]
            placements += [
                Placement(article=story, region=place, section=section, published_at=story.published_at)
                for place in places
            ]
            written.append(documents.write(story, [place.pk for place in places], known))
        Placement.objects.bulk_create(placements, batch_size=BATCH)
        SearchDocument.objects.bulk_create(written, batch_size=500)
    KnownWord.objects.bulk_create([KnownWord(word) for word in vocabulary], ignore_conflicts=True, batch_size=2000)
    return vocabulary


if __name__ == "__main__":
    main()
