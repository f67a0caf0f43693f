"""Lists in an archive of any size: what each page asks the database, how long that takes, and by which plan.

    DATABASE_URL=postgres://…/FILLED python -m benchmarks.lists [--rounds 7]

Every kind of list is asked for at its head and 10,000 pages deep (or as deep as it goes), on the network's host and
on the hosts of a large and a small region, as are fronts, articles, feeds, sitemaps and what is not there; and an
article is published there, which is then rolled back. Each query is explained: a sequential scan of a table with more
than 10,000 rows in it is an error, and the exit status is 1. Times are those of the page's queries, each run again on
its own, in milliseconds: the median of the rounds; of publishing, of the whole act.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.measure import keep  # noqa: E402
from news.demo import builders  # noqa: E402
from news.models import Article, Author, Placement, Section, Tag, TaggedArticle, TaggedPlacement, cursors  # noqa: E402
from news.publishing import workflow  # noqa: E402
from news.syndication import sitemaps  # noqa: E402
from regions.models import Region  # noqa: E402

LARGE = 10_000  # rows
PAGES = 10_000


def common_and_rare() -> dict[str, Tag]:
    """The tag with the most articles, and the one with the fewest that has any."""
    by_size = TaggedArticle.objects.values_list("tag").annotate(stories=Count("pk")).order_by("stories")
    return {"common": Tag.objects.get(pk=by_size.last()[0]), "rare": Tag.objects.get(pk=by_size[0][0])}


def hosts() -> dict[str, Region]:
    network = Region.objects.get(parent=None)
    by_size = Region.objects.exclude(parent=None).annotate(stories=Count("articles")).order_by("-stories")
    return {"network": network, "large": by_size[0], "small": by_size.filter(stories__gt=0).last() or by_size[0]}


def places() -> Iterator[tuple[str, Region, str]]:
    """(what it is, region, path) of every page that is looked at."""
    section, tags, each = Section.objects.order_by("pk")[0], common_and_rare(), hosts()
    for size, region in each.items():
        rows = Placement.objects.live().in_region(region)
        author = Author.objects.filter(region=region).first() or Author.objects.get(region=each["large"])
        newest = rows.newest_first()[0].article
        lists: dict[str, tuple[str, Any]] = {
            "index": ("/indeks/", rows),
            "day": (f"/indeks/{region.local(newest.published_at):%Y/%m/%d}/", None),
            "section": (section.get_absolute_url(), rows.filter(section=section)),
            "author": (author.get_absolute_url(), rows.filter(article__bylines__author=author)),
        }
        for name, tag in tags.items():
            tagged = TaggedPlacement.objects.live().in_region(region).filter(tag=tag)
            lists[f"{name} tag"] = (tag.get_absolute_url(), tagged)
        for name, (path, listed) in lists.items():
            yield f"{name}, {size}", region, path
            left = listed.count() if listed is not None else 0
            depth = min(PAGES * settings.LIST_LENGTH, left - settings.LIST_LENGTH)
            if depth > settings.LIST_LENGTH:
                cursor = cursors.write(*listed.newest_first().values_list("published_at", "article_id")[depth])
                yield f"{name}, {size}, {depth // settings.LIST_LENGTH} pages deep", region, f"{path}?sebelum={cursor}"
        yield f"front, {size}", region, "/"
        story = Article.objects.live().filter(region=newest.region).order_by("pk")[0]
        yield f"oldest story, {size}", newest.region, story.get_absolute_url()
        yield f"not there, {size}", region, "/berita/987654321/x/"
        yield f"feed, {size}", region, "/rss.xml"
        yield f"feed of a tag, {size}", region, f"{tags['common'].get_absolute_url()}rss.xml"
        yield f"sitemap's newest page, {size}", region, f"/sitemap-{newest.pk // sitemaps.PAGE}.xml"
        yield f"sitemap of news, {size}", region, "/sitemap-news.xml"


@contextmanager
def noted() -> Iterator[list[tuple[str, Any]]]:
    """The queries that are asked inside, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def asked(region: Region, path: str) -> list[tuple[str, Any]]:
    """The queries of a page."""
    client = Client(HTTP_HOST=region.host)
    client.get(path)  # what a process reads once
    with noted() as queries:
        client.get(path)
    return queries


def publish(region: Region, actor: Any) -> tuple[list[tuple[str, Any]], float]:
    """The queries and the milliseconds of publishing an article there, which is rolled back."""
    with transaction.atomic():
        story = builders.make_article(region)
        began = time.perf_counter()
        with noted() as queries:
            workflow.publish(story, actor=actor)
        spent = (time.perf_counter() - began) * 1000
        transaction.set_rollback(True)
    return queries, spent


def scans(plan: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan reads from beginning to end."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from scans(part)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--rounds", type=int, default=7)
    given = options.parse_args()
    stories = Article.objects.count()
    results: dict[str, dict[str, float]] = {}
    refused: list[tuple[str, str, str]] = []
    with connection.cursor() as cursor:
        large = set()
        if connection.vendor == "postgresql":
            cursor.execute("SELECT relname FROM pg_class WHERE reltuples > %s", [LARGE])
            large = {name for (name,) in cursor.fetchall()}

        def explain(name: str, queries: list[tuple[str, Any]]) -> None:
            for sql, params in queries if large else []:
                if sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                    (plan,) = cursor.fetchone()
                    refused.extend((name, table, sql) for table in scans(plan[0]["Plan"]) if table in large)

        def tell(name: str, queries: list[tuple[str, Any]], times: list[float]) -> None:
            results[name] = {"queries": len(queries), "ms": round(statistics.median(times), 2)}
            print(f"{name:38}{len(queries):>3} queries {results[name]['ms']:>9.2f} ms")

        for name, region, path in places():
            queries = asked(region, path)
            times = []
            for _round in range(given.rounds):
                began = time.perf_counter()
                for sql, params in queries:
                    cursor.execute(sql, params)
                    cursor.fetchall()
                times.append((time.perf_counter() - began) * 1000)
            explain(name, queries)
            tell(name, queries, times)
        with transaction.atomic():
            editor = builders.make_user("editor", is_superuser=True)
            for size, region in hosts().items():
                acts = [publish(region, editor) for _round in range(given.rounds)]
                explain(f"publishing, {size}", acts[-1][0])
                tell(f"publishing, {size}", acts[-1][0], [spent for _queries, spent in acts])
            transaction.set_rollback(True)
    print(f"{stories} stories, {connection.vendor}; {len(refused)} sequential scans of tables over {LARGE} rows")
    for name, table, sql in refused:
        print(f"  {name}: {table}: {sql[:300]}")
    keep("lists", stories=stories, database=connection.vendor, pages=results, scans=[entry[:2] for entry in refused])
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
