"""gunicorn on this machine: whether it answers, and is ready for readers."""

import http.client
import json
import socket
from collections.abc import Iterator

from django.conf import settings

from pekon.doctor.registry import Finding, Options, check, fail, ok

TIMEOUT = 5  # seconds


@check("web")
def gunicorn(options: Options) -> Iterator[Finding]:
    connection = _Connection(settings.BIND)
    try:
        connection.request("GET", "/-/ready", headers={"Host": settings.HOST_NAME})
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException, ValueError) as error:
        yield fail(
            f"gunicorn does not answer on {settings.BIND}: {error}",
            "Start its service, and read its log. On a machine without one: --skip web.",
        )
        return
    finally:
        connection.close()
    if response.status == 200:
        yield ok(f"gunicorn is ready on {settings.BIND}")
        return
    try:
        reasons = ", ".join(name for name, is_good in json.loads(body)["ready"].items() if not is_good)
    except (ValueError, KeyError, AttributeError):
        reasons = f"status {response.status}"
    yield fail(f"gunicorn is not ready on {settings.BIND}: {reasons}", "See the other findings, and gunicorn's log.")


class _Connection(http.client.HTTPConnection):
    """To an address as BIND has it: `host:port`, `[v6]:port` or `unix:/path`."""

    def __init__(self, bind: str):
        self._path = bind.removeprefix("unix:") if bind.startswith("unix:") else ""
        host, _colon, port = bind.rpartition(":")
        everywhere = {"0.0.0.0": "127.0.0.1", "[::]": "::1", "": "127.0.0.1"}  # noqa: S104
        host = everywhere.get(host, host.strip("[]"))
        super().__init__("localhost" if self._path else host, None if self._path else int(port), timeout=TIMEOUT)

    def connect(self) -> None:
        if not self._path:
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect(self._path)
