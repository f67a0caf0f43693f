"""The addresses that an archive is asked for, of each kind of page: kind → [(host, path)], printed as JSON.

    DATABASE_URL=postgres://…/FILLED python -m benchmarks.addresses --articles 2000

Articles are drawn from the whole archive: a few, which are asked for again and again, and others. Fronts and heads of
lists are those of the network and of the regions with the most articles, which are full in an archive of any size.
Deep pages are at most 10,000 pages from the head, or as far as there are.
"""

import argparse
import json
import random

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db.models import Count, QuerySet  # noqa: E402

from benchmarks.lists import PAGES, common_and_rare  # noqa: E402
from news.models import Article, Placement, Section, cursors  # noqa: E402
from regions.models import Region  # noqa: E402

Address = tuple[str, str]
REGIONS = 10
DEPTHS = 8
READ = 60


def addresses(articles: int, rng: random.Random) -> dict[str, list[Address]]:
    network = Region.objects.get(parent=None)
    by_size = Region.objects.exclude(parent=None).annotate(size=Count("placements")).order_by("-size", "pk")
    regions = [network, *by_size[:REGIONS]]
    keys = list(Article.objects.live().order_by("pk").values_list("pk", flat=True))
    drawn = Article.objects.select_related("region").filter(pk__in=rng.sample(keys, min(articles, len(keys))))
    articles_drawn = [(article.region.host_name, article.get_absolute_url()) for article in drawn]
    found = {
        "article": articles_drawn[:READ],
        "article, never read": articles_drawn[READ:],
        "network front": [(network.host_name, "/")],
        "region front": [(region.host_name, "/") for region in regions[1:]],
        "index": [(region.host_name, "/indeks/") for region in regions],
        "section": [
            (region.host_name, section.get_absolute_url()) for region in regions for section in Section.objects.all()
        ],
    }
    for name, tag in common_and_rare().items():
        rows = _rows(network).filter(article__tagged_articles__tag=tag)
        is_full = rows.count() > settings.LIST_LENGTH
        found[f"{name} tag" if is_full else f"{name} tag (short)"] = [(network.host_name, tag.get_absolute_url())]
        if name == "common":
            found["tag, deep"] = _deep(network, tag.get_absolute_url(), rows, rng)
    section = Section.objects.order_by("pk")[0]
    found["index, deep"] = _deep(network, "/indeks/", _rows(network), rng)
    found["section, deep"] = _deep(network, section.get_absolute_url(), _rows(network).filter(section=section), rng)
    return {name: some for name, some in found.items() if some}


def _rows(region: Region) -> "QuerySet[Placement]":
    return Placement.objects.live().in_region(region)


def _deep(region: Region, path: str, rows: "QuerySet[Placement]", rng: random.Random) -> list[Address]:
    """Full pages at several depths, the deepest among them."""
    deepest = min(PAGES * settings.LIST_LENGTH, rows.count() - settings.LIST_LENGTH - 1)
    if deepest < settings.LIST_LENGTH:
        return []
    depths = [deepest, *(rng.randint(settings.LIST_LENGTH, deepest) for _n in range(DEPTHS - 1))]
    ordered = rows.newest_first().values_list("published_at", "article_id")
    return [(region.host_name, f"{path}?sebelum={cursors.write(*ordered[depth - 1])}") for depth in depths]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--articles", type=int, default=2_000)
    print(json.dumps(addresses(options.parse_args().articles, random.Random(1))))


if __name__ == "__main__":
    main()
