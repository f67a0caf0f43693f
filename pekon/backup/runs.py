"""Remembers the last backup and the last drill in files of VAR_DIR, where a check finds them even without a
database."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone


def record(kind: str, ok: bool, detail: dict[str, Any]) -> None:
    """Remember how a run of this kind (`backup`, `drill`) ended just now, and what it found."""
    now = timezone.now().isoformat(timespec="seconds")
    before = last(kind) or {}
    values = {
        "kind": kind,
        "ok": ok,
        "at": now,
        "detail": detail,
        "last_ok_at": now if ok else before.get("last_ok_at"),
    }
    path = _path(kind)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    unfinished.write_text(json.dumps(values, indent=1))
    os.replace(unfinished, path)  # noqa: PTH105


def last(kind: str) -> dict[str, Any] | None:
    """What was recorded last: `ok`, `at` and `last_ok_at` (times in UTC, ISO 8601; None if never), `detail`."""
    try:
        values: dict[str, Any] = json.loads(_path(kind).read_text())
    except (OSError, ValueError):
        return None
    return values


def _path(kind: str) -> Path:
    folder: Path = settings.VAR_DIR / "runs"
    return folder / f"{kind}.json"
