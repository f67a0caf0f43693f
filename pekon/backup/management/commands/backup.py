"""`manage.py backup [TARGET]`: back up database and files, or prove a backup by restoring it (--drill)."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from pekon.background.runs import record_run
from pekon.backup import bars, databases, drills, encryption, files, locks, making, manifests, retention
from pekon.backup_targets import Target, TargetError, target

log = logging.getLogger(__name__)
ERRORS = (
    TargetError,
    databases.DatabaseError,
    drills.DrillFailed,
    encryption.WrongKey,
    files.Unreadable,
    locks.Busy,
    manifests.BadManifest,
)
"""What stops a backup or a drill, with a message that says what to do."""


class Command(BaseCommand):
    help = (
        "Backs up database and files of a running site, or proves a backup by restoring it (--drill). For every night."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", nargs="?", help="a folder, or s3://bucket/prefix; by default all of BACKUP_TO")
        parser.add_argument("--keep-days", type=int, metavar="N", help="then delete backups that are older than N days")
        parser.add_argument(
            "--keep-weeks", type=int, metavar="N", default=0, help="but keep the newest of each of the last N weeks"
        )
        parser.add_argument("--again", action="store_true", help="copy every file again, after a drill found damage")
        parser.add_argument("--list", action="store_true", help="say which backups there are")
        parser.add_argument("--drill", action="store_true", help="restore one into a scratch database, and compare")
        parser.add_argument("--backup", metavar="ID", help="for --drill: which one; by default the newest")
        parser.add_argument(
            "--scratch", metavar="URL", default="", help="for --drill: a database that may be overwritten"
        )

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        addresses = [options["target"]] if options["target"] else settings.BACKUP_TO
        if not addresses:
            raise CommandError("Say where: manage.py backup FOLDER, or s3://bucket/prefix, or set BACKUP_TO.")
        kind = "drill" if options["drill"] else "backup"
        failed: dict[str, Exception] = {}
        for address in addresses:  # one that fails keeps no other from its backup
            try:
                self._do(kind, address, options)
            except Exception as error:
                if not isinstance(error, (*ERRORS, CommandError)):
                    log.exception("%s of %s failed", kind, address)
                failed[address] = error
        if len(addresses) == 1 and failed:
            [reason] = failed.values()
            raise CommandError(f"{reason}") from reason
        if failed:
            lines = "\n".join(f"{address}: {reason}" for address, reason in failed.items())
            raise CommandError(f"{len(failed)} of {len(addresses)} places failed.\n{lines}")

    def _do(self, kind: str, address: str, options: dict[str, Any]) -> None:
        if options["list"]:
            self._list(target(address))
            return
        with record_run(kind) as detail:
            detail["target"] = address
            if options["drill"]:
                detail |= self._drill(target(address), options["backup"], options["scratch"])
            else:
                with making.alone():  # until old ones are deleted: another backup may need their files
                    detail |= self._make(target(address), **options)

    def _make(self, place: Target, **options: Any) -> dict[str, Any]:
        """Make a backup, forget old ones, and return what the record of this run says."""
        began = timezone.now()
        key = encryption.Key.parse(settings.BACKUP_KEY)
        with bars.of_bytes("Database") as count:
            made = making.make(place, key, bar=bars.over, count=count, again=options["again"])
        manifest = made.manifest
        seconds = (timezone.now() - began).total_seconds()
        total = sum(len(found) for found in manifest.files.values())
        self.stdout.write(
            f"{manifest.id} in {place.address}: {sum(manifest.tables.values())} rows, "
            f"{filesizeformat(manifest.database['size'])} of database, {total} files, of which {made.copied} "
            f"({filesizeformat(made.copied_bytes)}) were new; {seconds:.1f} s."
        )
        if made.incomplete:
            shown = ", ".join(made.incomplete[:5])
            self.stderr.write(
                f"{len(made.incomplete)} files that the database names are not there, and so not in the backup: {shown}"
            )
        if place.address not in settings.BACKUP_TO:
            self.stderr.write(
                "Name this place in BACKUP_TO, so that it hears of stories that are withdrawn from now on."
            )
        if options["keep_days"] is not None:
            backups, unused = retention.prune(
                place, now=timezone.now(), days=options["keep_days"], weeks=options["keep_weeks"]
            )
            self.stdout.write(f"{backups} old backups deleted, with {unused} files that no other one needs.")
        return {
            "backup": manifest.id,
            "files": total,
            "copied": made.copied,
            "missing": len(made.incomplete),
            "encrypted": key is not None,
            "seconds": round(seconds, 1),
        }

    def _list(self, place: Target) -> None:
        proven = retention.proven(place)
        for backup in manifests.complete(place):
            self.stdout.write(f"{backup}{'  proven' if backup in proven else ''}")

    def _drill(self, place: Target, backup: str | None, scratch: str) -> dict[str, Any]:
        """Prove a backup, the newest by default, and return what was found."""
        found = manifests.complete(place)
        if not found:
            raise CommandError(f"There is no backup in {place.address}.")
        manifest = manifests.load(place, backup or found[-1])
        result = drills.drill(place, manifest, scratch=scratch)
        self.stdout.write(
            f"{manifest.id} is proven: {result['rows']} rows and {result['files']} files as they were, "
            f"{result['pages']} pages rendered; "
            f"restored in {result['restore_seconds']} s, {result['seconds']} s in all."
        )
        return result
