"""Reports errors to a Sentry-compatible service (SENTRY_DSN). Only imported if that is set.

A report goes to somebody else's machine, so it is made of a list of what may be in it: classes of exceptions, the lines
of code on their way, and the request's id, under which the whole message stands in the log of this machine. No message
(it may quote what somebody typed), no variables, no request.
"""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration

from . import request_ids

_KEPT = frozenset("event_id timestamp level platform logger release environment server_name sdk".split())
_FRAME = frozenset("filename function module lineno pre_context context_line post_context in_app".split())


def start(dsn: str, *, release: str, environment: str) -> None:
    """Report unhandled exceptions and errors in the log from now on. Nothing is traced, and no session counted."""
    sentry_sdk.init(
        dsn,
        release=release,
        environment=environment,
        # Without the two, all integrations are loaded: 4 seconds and 62 MB.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(callback=lambda pending, timeout: None),
            DedupeIntegration(),
            DjangoIntegration(middleware_spans=False, signals_spans=False),
            ExcepthookIntegration(),
            LoggingIntegration(level=None),
            ThreadingIntegration(propagate_hub=False),
        ],
        include_local_variables=False,
        max_request_body_size="never",
        send_default_pii=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        before_send=_only_code,
    )


def _only_code(event: Any, hint: dict[str, Any]) -> Any:
    """The event, made anew of what may be sent."""
    kept = {name: value for name, value in event.items() if name in _KEPT}
    if "logentry" in event:
        kept["logentry"] = {"message": event["logentry"].get("message")}  # the text as it stands in the code
    if "exception" in event:
        kept["exception"] = {"values": [_exception(value) for value in event["exception"].get("values", [])]}
    kept["tags"] = {"request_id": request_ids.current()}
    return kept


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames", [])
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "stacktrace": {"frames": [{key: frame[key] for key in frame if key in _FRAME} for frame in frames]},
    }
