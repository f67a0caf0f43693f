"""Encrypts short secrets in the database with keys derived from SECRET_KEY, so that a copy of the database reveals
none.

After SECRET_KEY was changed, SECRET_KEY_FALLBACKS keep them readable until `manage.py reencrypt_secrets` has run.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SecretUnreadable(Exception):
    """The secret was encrypted neither with SECRET_KEY nor with one of SECRET_KEY_FALLBACKS."""


def encrypt(purpose: str, text: str) -> str:
    return _cipher(purpose).encrypt(text.encode()).decode()


def decrypt(purpose: str, encrypted: str) -> str:
    """The decrypted text. Raises SecretUnreadable."""
    try:
        return _cipher(purpose).decrypt(encrypted.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable(purpose) from None


def rotate(purpose: str, encrypted: str) -> str:
    """The same text, encrypted with the present SECRET_KEY. Raises SecretUnreadable."""
    return encrypt(purpose, decrypt(purpose, encrypted))


def _cipher(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
