"""Moves photos from VAR_DIR into the buckets of S3_ORIGINALS and S3_RENDITIONS, or back, while the site is running."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from news.images import moving
from news.images.moving import Outcome


class Command(BaseCommand):
    help = "Copy all photos from VAR_DIR to the buckets in use, comparing every byte. May be stopped and started again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--back", action="store_true", help="from the buckets to VAR_DIR")
        parser.add_argument("--delete", action="store_true", help="delete each file once its copy is proven equal")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ways = moving.ways(back=options["back"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        counts: Counter[Outcome] = Counter()
        for way in ways:
            for name in tqdm(list(moving.names(way)), desc=way.name, unit="file", disable=options["verbosity"] == 0):
                outcome = moving.move(way, name, delete=options["delete"])
                counts[outcome] += 1
                if outcome is Outcome.WRONG:
                    self.stderr.write(f"{way.name}: {name} was not moved: its bytes are not those that were expected")
        moving.copy_tombstones(back=options["back"])
        self.stdout.write(", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome))
        if counts[Outcome.WRONG]:
            raise CommandError("Look at the files that are named above, and run this again.")
