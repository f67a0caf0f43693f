"""`manage.py read_only on "note"`: nobody in the newsroom can change anything, until `off`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pekon import maintenance
from pekon.maintenance import Maintenance


class Command(BaseCommand):
    help = (
        "on NOTE: refuse every change in the newsroom, on all machines, and say why; readers are served as always. "
        "note NOTE: only say something on every page of the newsroom. off: end both. Without an argument: what is on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", choices=["on", "note", "off"])
        parser.add_argument("note", nargs="?", default="", help="what people read, such as until when it lasts")

    def handle(self, *args: Any, **options: Any) -> None:
        what, note = options["what"], options["note"].strip()
        if what in ("on", "note"):
            if not note:
                raise CommandError(f'Say why and until when: manage.py read_only {what} "Kembali pukul 23.00 WIB"')
            maintenance.switch(Maintenance(note, what == "on"))
        elif what == "off":
            maintenance.switch(Maintenance())
        now = maintenance.current()
        state = "read-only" if now.is_read_only else "open for changes"
        self.stdout.write(f"The newsroom is {state}." + (f" Its pages say: {now.note}" if now.note else ""))
