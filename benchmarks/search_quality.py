"""How well search answers the judged queries of tests/search, on the database that DATABASE_URL names.

Works in a database of its own beside that one, and removes it. `--misses` tells what was not answered well.
"""

import argparse
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from news.search import documents, engine  # noqa: E402
from regions.models import Region  # noqa: E402
from tests.search.judged import WAYS, fill, mark, measure, queries, stories  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    databases = setup_databases(verbosity=0, interactive=False)
    placed = fill()
    table = measure(placed)
    print(f"{connection.vendor}: {len(placed)} stories, {len(queries())} queries; precision at 5 / recall at 20")
    print(f"{'':10}", *(f"{way:>15}" for way in WAYS))
    for kind in table[WAYS[0]]:
        marks = [table[way][kind] for way in WAYS]
        print(f"{kind:10}", *(f"{f'{each.precision:.3f} / {each.recall:.3f}':>15}" for each in marks))
    if options.misses:
        tell_misses(placed)
    teardown_databases(databases, verbosity=0)


def tell_misses(placed: dict[int, int]) -> None:
    documents.refresh(placed)
    network = Region.objects.get(parent=None)
    for judged in queries():
        results = engine.search(network, judged.query)
        found = [placed[pk] for pk in results.ids]
        each = mark(found, judged.answers)
        if each.precision < 1 or each.recall < 1:
            first = [stories()[number] for number in found[:6]]
            print(
                judged.query, each, results.corrected, results.partial, [f"{one.subject}.{one.text}" for one in first]
            )


if __name__ == "__main__":
    main()
