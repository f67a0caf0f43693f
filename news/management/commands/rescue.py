"""`manage.py rescue NAME`: remove the second factors of a network administrator when no other one can reset them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from news.staff import service
from regions.accounts import names


class Command(BaseCommand):
    help = (
        "Remove the second factors of a network administrator and log them out everywhere. It is written into the "
        "journal. Then they log in with their password and set up a new second factor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="user name or e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        person = names.find(options["name"])
        if person is None:
            raise CommandError(f"Nobody, or more than one, is called {options['name']}.")
        if not person.is_superuser or not person.is_active:
            raise CommandError("Only for active network administrators: the others are helped in the newsroom.")
        removed = service.rescue(person)
        self.stdout.write(f"{removed} second factors of {person.get_username()} are removed, and all sessions ended.")
