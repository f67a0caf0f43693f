"""`manage.py loadregions [FILE.csv]`: load or update regions from the starter list or a file."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from regions import loading


class Command(BaseCommand):
    help = (
        "Load or update regions from a CSV file (columns: "
        + ", ".join(loading.COLUMNS)
        + "). Without a file, from Pekon's starter list. All or nothing; new regions are closed until you open them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=loading.STARTER, metavar="FILE.csv")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0 or not sys.stderr.isatty()
        try:
            outcome = loading.load(
                loading.read(options["file"]),
                dry_run=options["dry_run"],
                progress=lambda rows: tqdm(rows, unit=" regions", disable=quiet, leave=False),
            )
        except loading.BadFile as error:
            for line, reason in error.problems:
                self.stderr.write(f"{options['file'].name}:{line}: {reason}" if line else reason)
            raise CommandError(
                f"Nothing was loaded: {len(error.problems)} problem(s). Mend the lines above and run it again."
            ) from None
        if options["verbosity"]:
            would = "Would be: " if options["dry_run"] else ""
            self.stdout.write(
                f"{would}{outcome.created} new, {outcome.updated} changed, {outcome.unchanged} unchanged."
            )
