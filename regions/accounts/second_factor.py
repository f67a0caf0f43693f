"""Secrets of authenticator apps and seeds of recovery codes are stored encrypted (regions.encryption)."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from regions import encryption

_PURPOSE = "mfa"


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return encryption.encrypt(_PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises SecretUnreadable, which NewsroomSecretsMiddleware explains to the person."""
        return encryption.decrypt(_PURPOSE, encrypted_text)


@transaction.atomic
def reencrypt() -> tuple[int, list[str]]:
    """Encrypt all secrets under the present SECRET_KEY. Returns how many, and the user names of those whose secrets can
    no longer be decrypted."""
    done, unreadable = 0, []
    rows = Authenticator.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
    for row in rows:
        try:
            rotated = {
                name: _rotated(row.data[name]) for name in ("secret", "seed", "migrated_codes") if name in row.data
            }
        except encryption.SecretUnreadable:
            unreadable.append(row.user.get_username())
            continue
        if rotated:
            row.data = {**row.data, **rotated}
            row.save(update_fields=["data"])
            done += 1
    return done, unreadable


def _rotated(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [encryption.rotate(_PURPOSE, one) for one in value]
    return encryption.rotate(_PURPOSE, value)
