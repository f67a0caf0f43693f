"""What an uncached page costs: processor time of gunicorn's workers for each, compared with a bare Django view's.

    python -m benchmarks.render --database-url postgres://…/FILLED [--requests 300] [--rounds 5]

The database is one that benchmarks.fill has filled. Both servers run beside each other under the same configuration;
rounds of requests go to one and the other in turn. The page cache is there and never finds anything, so a page is
rendered, hashed and compressed for every request. Different pages of each kind are asked for, spread over the
archive.
"""

import argparse
import os
import random

from benchmarks.measure import Client, Other, cost, keep, spread, told
from tests.server import Server


def pages(rng: random.Random) -> dict[str, list[tuple[str, str]]]:
    """(host, path) of pages of each kind; the deep ones are 10,000 pages from the head, or as far as there are."""
    import django

    django.setup()
    from django.conf import settings
    from django.db.models import Count

    from benchmarks.lists import common_and_rare
    from news import pagination
    from news.models import Article, Placement, Section
    from regions.models import Region

    network = Region.objects.get(parent=None)
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True)[0]
    keys = [rng.randint(1, newest) for _n in range(60)]
    stories = Article.objects.live().select_related("region").filter(pk__in=keys)
    section = Section.objects.order_by("pk")[0]
    largest = Region.objects.annotate(stories=Count("placements")).order_by("-stories", "pk")[:10]
    found = {
        "article": [(story.region.host, story.get_absolute_url()) for story in stories],
        "front": [(region.host, "/") for region in largest],  # full in an archive of any size
    }
    rows = Placement.objects.live().in_region(network)
    tags = [
        (f"{name} tag", tag.get_absolute_url(), rows.filter(article__tagged_articles__tag=tag))
        for name, tag in common_and_rare().items()
    ]
    for name, path, listed in [
        ("index", "/indeks/", rows),
        ("section", section.get_absolute_url(), rows.filter(section=section)),
        *tags,
    ]:
        found[name] = [(network.host, path)]
        depth = min(10_000 * settings.LIST_LENGTH, listed.count() - settings.LIST_LENGTH)
        if depth > settings.LIST_LENGTH:
            cursor = pagination.write(*listed.newest_first().values_list("published_at", "article_id")[depth])
            found[f"{name}, deep"] = [(network.host, f"{path}?sebelum={cursor}")]
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--database-url", required=True)
    options.add_argument("--requests", type=int, default=200, help="in a round, to each kind of page")
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    rng = random.Random(1)
    with (
        Server(asked.database_url, application="benchmarks.cold", filled=True, workers=1) as server,
        Other(application="benchmarks.bare", DJANGO_SETTINGS_MODULE="benchmarks.bare", workers=1) as bare,
    ):
        os.environ.update(server.env)
        found = pages(rng)
        bare_client = Client(bare.port, "localhost")
        milliseconds: dict[str, list[float]] = {name: [] for name in ["bare", *found]}
        ratios: dict[str, list[float]] = {name: [] for name in found}
        size: dict[str, int] = {}
        for number in range(asked.rounds + 1):
            empty = cost(bare.processes, bare_client, [("localhost", "/")] * asked.requests * 2)
            if number:  # the first round warms up
                milliseconds["bare"].append(empty)
            for name, places in found.items():
                client = Client(server.port, places[0][0], Accept_Encoding="br")
                spent = cost(server.processes, client, places * max(1, asked.requests // len(places)))
                client.headers["Host"] = places[0][0]
                size[name] = len(client.get(places[0][1]).body)  # type: ignore[attr-defined]
                if number:
                    milliseconds[name].append(spent)
                    ratios[name].append(spent / empty)
    print(f"{'':18}{'ms':>24}{'× bare':>24}{'bytes':>9}")
    for name in milliseconds:
        ratio = told(spread(ratios[name])) if name in ratios else ""
        print(f"{name:18}{told(spread(milliseconds[name])):>24}{ratio:>24}{size.get(name, 0):>9}")
    keep("render", milliseconds=milliseconds, ratios=ratios, database=asked.database_url.rpartition("/")[2])


if __name__ == "__main__":
    main()
