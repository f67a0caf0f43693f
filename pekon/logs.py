"""The format of Pekon's and gunicorn's log lines: text for people, or JSON for programs (LOG_FORMAT).

JSON lines have the request's id, and nothing that tells who somebody is: addresses of machines and e-mail addresses are
replaced, and so are the paths that Django puts into its messages, which may hold secrets.
"""

import logging
import re
import time
from collections.abc import MutableMapping
from ipaddress import ip_address
from typing import Any

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FIELDS = ["method", "host", "path", "status", "bytes", "seconds", "outcome"]
"""What `pekon.access` says of an answer. Other `extra` fields, such as Django's request, are left out."""
_MAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*")
_ADDRESS = re.compile(r"(?<![\w.:])[0-9A-Fa-f.:]{3,45}(?<![:.])")
_VALUES = re.compile(r"^(DETAIL|CONTEXT|Failing row).*$", re.MULTILINE)  # PostgreSQL's, with what rows hold


class UTCFormatter(logging.Formatter):
    """Writes times in UTC, because Django sets each process's zone to TIME_ZONE, and servers are in several zones."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"


def formatter(style: str = "text") -> logging.Formatter:
    """The formatter for LOG_FORMAT, "text" or "json"."""
    if style != "json":
        return UTCFormatter(LINE)
    import structlog  # only if it is wanted: it takes 3 MB

    return structlog.stdlib.ProcessorFormatter(
        pass_foreign_args=True,
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=_FIELDS),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        ],
        processors=[
            _without_paths,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _finish,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


def without_personal_data(text: str) -> str:
    """The text without e-mail addresses, addresses of machines but this one, and PostgreSQL's details of rows."""
    return _ADDRESS.sub(_hidden, _MAIL.sub("[mail]", _VALUES.sub(r"\1 [left out]", text)))


def _hidden(match: re.Match[str]) -> str:
    host = match[0].rpartition(":")[0] if match[0].count(":") == 1 else match[0]
    try:
        address = ip_address(host)
    except ValueError:
        return match[0]
    return match[0] if address.is_loopback or address.is_unspecified else "[address]"


def _without_paths(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Django's lines of requests are a reason and a path: the pattern of the address takes the path's place. gunicorn's
    lines of exceptions have the whole address."""
    record: logging.LogRecord = event["_record"]
    arguments = event.pop("positional_args", ())
    if record.name.startswith("django.") and "request" in record.__dict__:
        event["event"] = str(arguments[0]) if isinstance(arguments, tuple) and arguments else str(record.msg)
        event["status"] = record.__dict__.get("status_code")
        match = getattr(record.__dict__["request"], "resolver_match", None)
        event["route"] = match.route if match else None
    if record.name == "gunicorn.error" and event.get("exc_info"):
        event["event"] = str(record.msg)
    return event


def _finish(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    from . import request_ids  # needs the settings, which need this module

    request_id = request_ids.current()
    told = {"request_id": request_id} if request_id else {}
    for name, value in event.items():
        told[name] = without_personal_data(value) if isinstance(value, str) and name != "time" else value
    return told
