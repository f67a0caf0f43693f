"""`manage.py restore SOURCE`: put a backup in place of database and files."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pekon.backup import bars, databases, encryption, files, locks, manifests, restoring
from pekon.backup_targets import TargetError, target

ERRORS = (
    TargetError,
    databases.DatabaseError,
    encryption.WrongKey,
    files.Unreadable,
    locks.Busy,
    manifests.BadManifest,
    restoring.CannotRestore,
)
"""What stops a restore, with a message that says what to do."""
NEXT = """
Next:
  1. manage.py check --deploy
  2. start gunicorn and db_worker
  3. manage.py renditions --make   (or leave it to db_worker; readers see stories without photos until then)
  4. manage.py rebuild_search      (writes what this release indexes in another way; usually nothing)
Everybody logs in again. People, roles and passwords are those of the backup: look for accounts that were closed since.
"""


class Command(BaseCommand):
    help = "Restores a backup, onto this release or an older one's data. Stop gunicorn and db_worker first."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="a folder or s3://bucket/prefix with backups")
        parser.add_argument("--backup", metavar="ID", help="which one; by default the newest")
        parser.add_argument("--list", action="store_true", help="say which backups there are, and change nothing")
        parser.add_argument("--into", metavar="URL", default="", help="another database than DATABASE_URL")
        parser.add_argument("--replace", action="store_true", help="give up what the database has")
        parser.add_argument(
            "--without-damaged", action="store_true", help="leave out files that are damaged or missing"
        )
        parser.add_argument("--unsigned", action="store_true", help="believe a manifest that SECRET_KEY has not signed")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            place = target(options["source"])
            found = manifests.complete(place)
            if options["list"]:
                self.stdout.write("\n".join(found))
                return
            if not found:
                raise CommandError(f"There is no whole backup in {place.address}.")
            manifest = manifests.load(place, options["backup"] or found[-1], unsigned=options["unsigned"])
            key = encryption.Key.parse(settings.BACKUP_KEY)
            with bars.of_bytes("Database") as count:
                result = restoring.restore(
                    place,
                    manifest,
                    key,
                    bar=bars.over,
                    count=count,
                    into=options["into"],
                    replace=options["replace"],
                    without_damaged=options["without_damaged"],
                )
        except ERRORS as error:
            raise CommandError(f"{error}") from error
        self.stdout.write(
            f"{manifest.id} (Pekon {manifest.pekon}) is restored: {sum(manifest.tables.values())} rows, "
            f"{result.files} files, of which {result.copied} were not there yet; {time.monotonic() - began:.1f} s."
        )
        if result.again:
            self.stdout.write(f"{result.again} stories that were withdrawn after the backup are withdrawn again.")
        if result.doubtful:
            self.stderr.write(
                f"{result.doubtful} tombstones are damaged or unsigned (SECRET_KEY). What they hide was hidden all "
                "the same; look at the newsroom's withdrawals."
            )
        for line in sorted(result.lacking):
            self.stderr.write(f"Left out: {line}")
        missing = sum(len(names) for names in manifest.missing.values())
        if missing:
            self.stderr.write(f"{missing} files were missing already when the backup was made.")
        self.stdout.write(NEXT)
