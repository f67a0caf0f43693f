"""`manage.py apply_tombstones`: after a database was taken back in time by other means than `manage.py restore`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pekon.backup import restoring
from pekon.backup_targets import TargetError, target


class Command(BaseCommand):
    help = (
        "Takes from readers again what was withdrawn after the moment that the database was taken back to, as the "
        "tombstones in their storage and in BACKUP_TO say. Run it before gunicorn is started."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tombstones, doubtful = restoring.gather([target(address) for address in settings.BACKUP_TO])
        except (TargetError, restoring.CannotRestore) as error:
            raise CommandError(str(error)) from error
        applied = restoring.apply(tombstones)
        self.stdout.write(f"{len(tombstones)} tombstones, of which {applied} had to be applied.")
        if doubtful:
            self.stderr.write(f"{doubtful} tombstones are damaged or not signed with SECRET_KEY.")
