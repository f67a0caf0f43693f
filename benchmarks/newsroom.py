"""What the newsroom's pages cost in a large archive with 552 regions: queries, and milliseconds at the server.

    python -m benchmarks.newsroom --database-url postgres://…/postgres [--stories 1000 100000] [--plans FILE]

Each page is asked for as the editor of the largest city, as the editor of its province, as a reporter there and as an
administrator. Milliseconds are those of Django's handler and the database together, without the network. `--plans`
writes the query plan of each page's slowest query. Over a budget, the command ends with status 1.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.server import Server

BUDGET_MS = 300
MOST_QUERIES = {"list": 12, "search": 16, "picker": 8, "palette": 6, "form": 25, "desk": 15, "calendar": 8, "other": 25}
"""`search` is a list's page with a search, which itself makes six queries at most."""
ROUNDS = 30
BATCH = 5_000
LIST = "/news/article/"
PAGES = {
    "list: all": ("list", LIST),
    "list: page 20": ("list", f"{LIST}?p=20"),
    "list: live": ("list", f"{LIST}?state=live"),
    "list: drafts": ("list", f"{LIST}?state=draft"),
    "list: mine": ("list", f"{LIST}?mine=1"),
    "list: photo stories": ("list", f"{LIST}?kind__exact=photos"),
    "list: one old month": ("list", f"{LIST}?of=published&from={{old}}-01&to={{old}}-28"),
    "list: sorted by time": ("list", f"{LIST}?o=-6"),
    "search: a common word": ("search", f"{LIST}?q=banjir"),
    "search: two words": ("search", f"{LIST}?q=jembatan%20pelabuhan"),
    "search: a rare word": ("search", f"{LIST}?q=kenarilangka"),
    "search: an author": ("search", f"{LIST}?q=penulis"),
    "search: a typing error": ("search", f"{LIST}?q=kenarilangkah"),
    "search: drafts": ("search", f"{LIST}?q=banjir&state=draft"),
    "picker": ("picker", f"{LIST}picker/"),
    "picker: words": ("picker", f"{LIST}picker/?q=banjir"),
    "form": ("form", f"{LIST}{{story}}/change/"),
    "desk": ("desk", "/"),
    "desk: pulse": ("calendar", "/denyut/"),
    "schedule: day": ("calendar", "/jadwal/?tampilan=hari"),
    "schedule: week": ("calendar", "/jadwal/?tampilan=minggu"),
    "schedule: month": ("calendar", "/jadwal/?tampilan=bulan"),
    "notices": ("other", "/kabar/"),
    "numbers": ("other", "/angka/"),
    "photos": ("other", "/images/photo/"),
}
"""Name → what its budget is, and its address."""
TYPED = {"palette: a common word": "banj", "palette: two words": "jembatan pel", "palette: a number": "#{story}"}
"""What is typed into the palette, whose function is asked without a page."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--database-url")
    options.add_argument("--stories", type=int, nargs="+", default=[1_000, 100_000])
    options.add_argument("--plans", type=Path, default=None)
    options.add_argument("--inside", action="store_true", help="measure the environment's filled database")
    asked = options.parse_args()
    if asked.inside:
        print(json.dumps(measure(asked.plans)))
        return
    over = False
    for stories in asked.stories:
        with Server(asked.database_url) as server:
            server.run("-m", "benchmarks.fill", "--stories", str(stories))
            plans = ["--plans", str(asked.plans.resolve())] if asked.plans else []
            found = json.loads(server.run("-m", "benchmarks.newsroom", "--inside", *plans).splitlines()[-1])
        over = tell(stories, found) or over
    raise SystemExit(1 if over else 0)


def tell(stories: int, found: list[dict[str, Any]]) -> bool:
    """Print and keep what was found; whether anything was over its budget."""
    from benchmarks.measure import keep

    print(f"{stories:,} stories, 552 regions")
    for row in found:
        row["over"] = row["p95"] > BUDGET_MS or row["queries"] > row["most"]
        print(
            f"  {row['who']:10}{row['page']:26}{row['queries']:4} queries (most {row['most']})"
            f"{row['median']:8.0f} ms, p95 {row['p95']:6.0f}, Django's processor {row['processor']:5.0f}"
            f"{'   OVER' if row['over'] else ''}"
        )
    keep("newsroom", stories=stories, found=found)
    return any(row["over"] for row in found)


# --- In the server's environment ----------------------------------------------------------------------------------


def measure(plans: Path | None) -> list[dict[str, Any]]:
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from news.models import Article
    from news.newsroom.finding import find

    people, story = prepare()
    old = Article.objects.order_by("pk").values_list("published_at", flat=True)[Article.objects.count() // 2]
    found = []
    for who, person in people.items():
        client = Client(HTTP_HOST=f"redaksi.{settings.DOMAIN}")
        client.force_login(person)
        for page, (kind, address) in PAGES.items():
            path = address.format(story=story, old=f"{old:%Y-%m}")

            def ask(client: Client = client, path: str = path) -> None:
                assert client.get(path).status_code < 400, path

            found.append({"who": who, "page": page, "most": MOST_QUERIES[kind], **timed(ask, plans, f"{who} {page}")})
        for page, typed in TYPED.items():

            def look(person: Any = person, typed: str = typed.format(story=story)) -> None:
                find(type(person).objects.get(pk=person.pk), typed, 8)

            found.append(
                {"who": who, "page": page, "most": MOST_QUERIES["palette"], **timed(look, plans, f"{who} {page}")}
            )
    return found


def timed(ask: Callable[[], None], plans: Path | None, name: str) -> dict[str, float]:
    """`processor` is the Python process alone: on a busy machine the rest of the time is mostly waiting."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    asked = queries.captured_queries  # only until the next request
    if plans:
        slowest = max(asked, key=lambda query: float(query["time"]))["sql"]
        with connection.cursor() as cursor, plans.open("a") as file:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + slowest.replace("%", "%%"), [])
            plan = "\n".join(row[0] for row in cursor.fetchall())
            file.write(f"== {name}\n{slowest[:2000]}\n{plan}\n\n")
    times, busy = [], []
    for _round in range(ROUNDS):
        began, processor = time.perf_counter(), time.process_time()
        ask()
        times.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - processor) * 1000)
    return {
        "queries": len(asked),
        "median": statistics.median(times),
        "processor": statistics.median(busy),
        "p95": statistics.quantiles(times, n=20)[-1],
    }


def prepare() -> tuple[dict[str, Any], int]:
    """States, some stories of a reporter, rare words, and documents, unless they are there. Returns people, and a story
    of the city."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.db.models import Count

    from news.demo import builders
    from news.models import Article
    from regions.models import Region

    city = Region.objects.filter(parent__parent__isnull=False).annotate(size=Count("articles")).order_by("-size")[0]
    assert city.parent
    if reporter := User.objects.filter(username="reporter").first():
        names = {"city": "redaktur", "province": "provinsi", "admin": "admin"}
        people = {who: User.objects.get(username=name) for who, name in names.items()} | {"reporter": reporter}
        return people, Article.objects.approved().filter(region=city).latest("pk").pk
    people = {
        "city": builders.make_user("redaktur", "editor", city),
        "province": builders.make_user("provinsi", "editor", city.parent),
        "reporter": builders.make_user("reporter", "reporter", city),
        "admin": User.objects.create_superuser("admin"),
    }
    in_city = Article.objects.filter(region=city).order_by("pk").values("pk")
    Article.objects.filter(pk__in=in_city[:3000]).update(created_by=people["reporter"])
    with connection.cursor() as cursor:
        for status, every in {"draft": 211, "submitted": 1009, "returned": 2003, "binned": 3001}.items():
            cursor.execute(f"UPDATE news_article SET status = %s WHERE id %% {every} = 0", [status])
        for table in ("news_placement", "news_taggedplacement"):
            cursor.execute(
                f"DELETE FROM {table} p USING news_article a WHERE a.id = article_id AND status <> 'approved'"
            )
        cursor.execute("UPDATE news_article SET title = 'Kenarilangka ' || title WHERE id % 50000 = 7")
    write_documents()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    story = Article.objects.approved().filter(region=city).latest("pk").pk
    return people, story


def write_documents() -> None:
    """The newsroom's documents as `rebuild_search` makes them, with each of the few different bodies read once."""
    from django.db import connection

    from news.models import Article
    from news.search import backends, documents, newsroom_documents, synonyms
    from news.search.models import NewsroomDocument, NewsroomWord
    from news.search.words import padded

    known = synonyms.current()

    @cache
    def of_body(html: str) -> tuple[str, str, frozenset[str]]:
        text = documents.words(documents.body.plain(html))
        stems = [known.stem(word) for word in text if known.stem(word) != word]
        return padded(text), padded(stems), frozenset(documents.ArticleWords([], [], [], text).tokens(known))

    def document(article: Article) -> NewsroomDocument:
        html, article.body = article.body, ""
        made = newsroom_documents.write(article, known)
        text, stems, tokens = of_body(html)
        made.body, made.stems = made.body.rstrip() + text, made.stems.rstrip() + stems
        made.tokens = " ".join(sorted({*made.tokens.split(), *tokens}))
        return made

    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(f"DROP INDEX IF EXISTS {backends.NEWSROOM.tokens}")
    missing = Article.objects.filter(newsroom_document=None).order_by("pk").for_page()
    for articles in _batches(missing):
        made = [document(each) for each in articles]
        NewsroomDocument.objects.bulk_create(made)
        heads = {word for each in made for word in (each.title + each.names).split() if word.isalpha()}
        NewsroomWord.objects.bulk_create([NewsroomWord(word) for word in sorted(heads)], ignore_conflicts=True)
    backends.install(connection)


def _batches(rows: Any) -> Iterator[list[Any]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


if __name__ == "__main__":
    main()
