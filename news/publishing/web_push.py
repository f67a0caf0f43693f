"""Tells people's devices of notices by web push. It is off until VAPID_PRIVATE_KEY and VAPID_CONTACT are set.

What is pushed appears on lock screens, where others see it: that there is something, of which kind, and nothing of the
story. A device's address comes from its browser, so a message goes to public machines alone (`connect`), and follows no
redirect.

Sources: RFC 8030 (delivery), RFC 8188 and 8291 (encryption), RFC 8292 (VAPID).
"""

import base64
import binascii
import http.client
import ipaddress
import json
import logging
import os
import socket
import ssl
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tasks import task

from news.models import Notice, NoticeChoices, PushSubscription
from pekon.background import retries

from . import notice_reading

log = logging.getLogger(__name__)
_TIMEOUT = 10  # seconds
_KEPT = 86_400  # seconds for which a push service keeps a message for a device that is off
_RETRY_AFTER = (60, 600, 3600)  # seconds until the next attempt; no further attempt after the last
_GONE = (404, 410)
_CURVE = ec.SECP256R1()


class Unreachable(OSError):
    """The address is on no public machine."""


# --- The server's key -------------------------------------------------------------------------------------------


def is_on() -> bool:
    return bool(settings.VAPID_PRIVATE_KEY and settings.VAPID_CONTACT)


def public_key() -> str:
    """The key that browsers ask for to subscribe (base64url); empty while web push is off."""
    if not is_on():
        return ""
    point = _private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _private_key() -> ec.EllipticCurvePrivateKey:
    """Raises ValueError for something else than 32 bytes in base64url that are a key of this curve."""
    raw = decoded(settings.VAPID_PRIVATE_KEY)
    if len(raw) != 32:
        raise ValueError("the key has not 32 bytes")
    return ec.derive_private_key(int.from_bytes(raw, "big"), _CURVE)


def decoded(text: str) -> bytes:
    """Bytes from base64url without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError(str(error)) from None


@register()
def check_vapid(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that web push is configured wholly or not at all."""
    if not settings.VAPID_PRIVATE_KEY and not settings.VAPID_CONTACT:
        return []
    hint = "Set both VAPID_PRIVATE_KEY and VAPID_CONTACT, or neither (docs/operate.md)."
    if not is_on():
        return [Error("Web push is configured by half.", hint=hint, id="news.E001")]
    if not settings.VAPID_CONTACT.startswith(("mailto:", "https://")):
        return [Error("VAPID_CONTACT is no address.", hint="It begins with mailto: or https://.", id="news.E002")]
    try:
        _private_key()
    except ValueError:
        hint = "It is 32 bytes in base64url; docs/operate.md says how to make one."
        return [Error("VAPID_PRIVATE_KEY is no key.", hint=hint, id="news.E003")]
    return []


# --- Devices ----------------------------------------------------------------------------------------------------


def is_acceptable(endpoint: str, public_key: str, secret: str) -> bool:
    """Whether a browser can have sent this: an https address with a host's name, a point of the curve, 16 bytes."""
    try:
        parts = urlsplit(endpoint)
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decoded(public_key))
        is_secret = len(decoded(secret)) == 16
        is_plain = parts.port in (None, 443) and parts.username is None and _is_name(parts.hostname or "")
    except ValueError:
        return False
    fits = len(endpoint) <= PushSubscription.LONGEST and endpoint.isascii() and endpoint.isprintable()
    return fits and is_secret and is_plain and parts.scheme == "https"


def _is_name(host: str) -> bool:
    """Whether it is a name with a dot whose last part is no number, so no IP address in any notation."""
    last = host.rstrip(".").rpartition(".")
    return bool(last[0]) and last[2].isalnum() and not last[2][0].isdigit()


def connect(host: str, port: int) -> http.client.HTTPConnection:
    """A connection to the host over TLS, at an address that was looked at: one that is asked for twice may change.
    Raises OSError, Unreachable."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(row[4][0]) for row in found]
    if not addresses or not all(ipaddress.ip_address(address).is_global for address in addresses):
        raise Unreachable(f"{host} is on no public machine")
    connection = http.client.HTTPSConnection(host, port, timeout=_TIMEOUT)
    plain = socket.create_connection((addresses[0], port), _TIMEOUT)
    connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    return connection


# --- Sending ----------------------------------------------------------------------------------------------------


def send_soon(notices: Iterable[Notice]) -> None:
    """Have the notices pushed to their people's devices, once the transaction is over."""
    if not is_on():
        return
    by_person = {notice.person_id: notice.pk for notice in notices}
    devices = PushSubscription.objects.filter(session__user__in=by_person).order_by("pk")
    for device, person in devices.values_list("pk", "session__user"):
        send.enqueue(by_person[person], device)


@task()
def send(notice_id: int, device_id: int, attempt: int = 0) -> None:
    """Push one notice to one device, if its person still may and wants to see it there. Safe to run twice: the device
    shows it once."""
    device = PushSubscription.objects.select_related("session__user").filter(pk=device_id).first()
    if device is None or not is_on() or device.session.purge():  # a session that is over takes its device with it
        return
    person = device.session.user
    notice = notice_reading.shown_to(person).filter(pk=notice_id, read_at=None).first()
    if notice is None:
        return
    choices = NoticeChoices.objects.filter(person=person).first() or NoticeChoices(person=person)
    if notice.kind not in choices.push:
        return
    with notice_reading.language_of(choices.language):
        message = _message(notice)
    try:
        status = _post(device, message)
    except OSError as error:
        log.warning("A device was not told: %s", type(error).__name__)
        status = 0 if not isinstance(error, Unreachable) else 404
    if status in _GONE:
        device.delete()
    elif status == 0 or status == 429 or status >= 500:
        if not retries.again(send, notice_id, device_id, attempt=attempt, waits=_RETRY_AFTER):
            log.warning("A push service answered %s", status)
    elif not 200 <= status < 300:
        log.warning("A push service answered %s", status)


def _message(notice: Notice) -> dict[str, str]:
    """What the device shows, in the active language. It names no story and no person."""
    return {
        "title": _("News in the newsroom"),
        "body": str(Notice.Kind(notice.kind).label),
        "tag": notice.kind,
        "url": reverse("admin:notices", urlconf=settings.NEWSROOM_URLCONF),
    }


def _post(device: PushSubscription, message: dict[str, str]) -> int:
    """Encrypt the message for the device and send it. Returns the push service's status."""
    import http_ece  # imported late, because only workers need them
    from py_vapid import Vapid02

    parts = urlsplit(device.endpoint)
    body = http_ece.encrypt(
        json.dumps(message).encode(),
        salt=os.urandom(16),
        private_key=ec.generate_private_key(_CURVE),
        dh=decoded(device.public_key),
        auth_secret=decoded(device.secret),
        version="aes128gcm",
    )
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": settings.VAPID_CONTACT}
    headers = {
        **Vapid02(_private_key()).sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_KEPT),
    }
    connection = connect(parts.hostname or "", parts.port or 443)
    try:
        connection.request("POST", f"{parts.path}?{parts.query}" if parts.query else parts.path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
