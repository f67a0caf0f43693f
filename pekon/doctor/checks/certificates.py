"""TLS: whether the certificates that the hosts show are valid for them, and until when."""

import socket
import ssl
import time
from collections.abc import Iterator

from django.conf import settings

from pekon.doctor.registry import Finding, Options, check, fail, ok, skip, warn

from .hosts import is_local, newsroom, wildcard

TIMEOUT = 5  # seconds
WARN_DAYS, FAIL_DAYS = 21, 7
_ADVICE = "Renew it for DOMAIN and *.DOMAIN (certbot renew, then nginx -s reload), and see that a timer does so."


@check("certificates")
def certificates(options: Options) -> Iterator[Finding]:
    if not settings.HTTPS or is_local():
        yield skip("no TLS: SCHEME is http" if not settings.HTTPS else f"{settings.HOST_NAME} has no certificate")
        return
    port = int(settings.DOMAIN.partition(":")[2] or 443)
    for host in (settings.HOST_NAME, newsroom(), wildcard()):
        yield _examine(host, port, "*." + settings.HOST_NAME if host == wildcard() else host)


def _examine(host: str, port: int, shown: str) -> Finding:
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), TIMEOUT) as plain,
            context.wrap_socket(plain, server_hostname=host) as connection,
        ):
            certificate = connection.getpeercert()
    except ssl.SSLCertVerificationError as error:
        return fail(f"{shown}: {error.verify_message}", _ADVICE)
    except OSError as error:
        return fail(f"{shown}: no TLS connection to port {port}: {error}", "Start the proxy, and open its port.")
    expires = ssl.cert_time_to_seconds(str((certificate or {}).get("notAfter")))
    days = int((expires - time.time()) // 86_400)
    text = f"{shown}: valid for {days} more days"
    if days < FAIL_DAYS:
        return fail(text, _ADVICE)
    return warn(text, _ADVICE) if days < WARN_DAYS else ok(text)
