"""`manage.py reencrypt_secrets`: after SECRET_KEY was changed, while the former one is in SECRET_KEY_FALLBACKS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regions.accounts import second_factor


class Command(BaseCommand):
    help = "Encrypt authenticator apps' secrets and recovery codes under the present SECRET_KEY. It may run again."

    def handle(self, *args: Any, **options: Any) -> None:
        done, unreadable = second_factor.reencrypt()
        self.stdout.write(f"{done} second factors are encrypted under the present SECRET_KEY.")
        if unreadable:
            raise CommandError(
                f"{len(unreadable)} cannot be read with SECRET_KEY or SECRET_KEY_FALLBACKS: {', '.join(unreadable)}. "
                "Add the key that they were encrypted under to SECRET_KEY_FALLBACKS, or reset those second factors."
            )
