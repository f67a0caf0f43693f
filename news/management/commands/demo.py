"""`manage.py demo`: load the demo network, then print its address and the accounts that can log in."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from news.demo import load, network
from news.models import Article
from regions.models import Region


class Command(BaseCommand):
    help = (
        "Load the demo network: regions in three zones, some 60 invented stories with drawn photos, and an account "
        "for each role. It may run again without doubling anything, and leaves a database with other stories alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anywhere", action="store_true", help="load it on a public domain too (its passwords are known)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.HOST_NAME != "localhost" and not options["anywhere"]:
            raise CommandError(
                f"The demo's passwords are public, and DOMAIN is {settings.DOMAIN}. Use --anywhere if you mean it."
            )
        if settings.REQUIRE_SECOND_FACTOR:
            raise CommandError("The demo's accounts have no second factor: set REQUIRE_SECOND_FACTOR=false for it.")
        if (
            Article.objects.exclude(source_key__startswith="demo:").exists()
            and not Article.objects.filter(source_key__startswith="demo:").exists()
        ):
            self.stdout.write("This database has stories of its own: the demo is not loaded into it.")
        else:
            quiet = options["verbosity"] == 0 or not sys.stderr.isatty()
            new = load.load(
                load.read(),
                progress=lambda items, total: tqdm(
                    items, "Loading the demo", total, unit=" stories", disable=quiet or not total, file=sys.stderr
                ),
            )
            self.stdout.write(f"{new} demo stories are new." if new else "The demo is loaded already.")
        self._say_where()

    def _say_where(self) -> None:
        write = self.stdout.write
        front = Region.objects.filter(kind=Region.Kind.NETWORK).first()
        write("")
        open_regions = list(Region.objects.open().exclude(parent=None).order_by("path"))
        width = max([16, *(len(region.short_name) + 2 for region in open_regions)])
        if front:
            write(f"  {'Network front':<{width}}{front.origin}/")
        for region in open_regions:
            write(f"  {region.short_name:<{width}}{region.origin}/")
        write(f"  {'Newsroom':<{width}}{settings.SCHEME}://{settings.NEWSROOM_LABEL}.{settings.DOMAIN}/")
        write(f"\n  Demo accounts (password: {network.PASSWORD})")
        for username, (what, *_rest) in network.ACCOUNTS.items():
            write(f"  {username:<18}{what}")
        write("  REQUIRE_SECOND_FACTOR is off for the demo; in production whoever publishes needs a second factor.")
        upcoming = Article.objects.scheduled().select_related("region").order_by("published_at", "pk").first()
        if upcoming:
            when = upcoming.region.clock(upcoming.published_at)
            write(f"\n  Next scheduled story: {when}, {upcoming.title}\n  {upcoming.canonical_url}")
        else:
            write("\n  Nothing is scheduled.")
        write("")
