"""Tombstones as text: the small signed files that are outside the database."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from .models import Tombstone

_FIELDS = {"id": str, "kind": str, "subject": str, "lifts": bool, "made_at": str, "detail": dict}


class Malformed(Exception):
    """The text is no tombstone."""


def name_of(tombstone: Tombstone) -> str:
    """The name of its file, which is the same everywhere."""
    return f"{tombstone.pk}.json"


def text(tombstone: Tombstone) -> str:
    """The content of its file: JSON, signed with SECRET_KEY. One whose signature did not fit gets none."""
    values = {
        "id": str(tombstone.pk),
        "kind": tombstone.kind,
        "subject": tombstone.subject,
        "lifts": tombstone.lifts,
        "made_at": tombstone.made_at.isoformat(),
        "detail": tombstone.detail,
    }
    signature = _signer().signature(_canonical(values)) if tombstone.is_signed else ""
    return json.dumps(values | {"signature": signature}, indent=1)


def parse(content: str | bytes) -> tuple[Tombstone, bool]:
    """The tombstone (not stored) that a file holds, and whether SECRET_KEY or one of its fallbacks has signed it.
    Raises Malformed."""
    try:
        values = json.loads(content)
        signature = values.pop("signature", "")
        if not all(isinstance(values[name], type_) for name, type_ in _FIELDS.items()):
            raise Malformed("a field has the wrong type")
        tombstone = Tombstone(
            id=uuid.UUID(values["id"]),
            kind=values["kind"],
            subject=values["subject"],
            lifts=values["lifts"],
            made_at=datetime.fromisoformat(values["made_at"]),
            detail=values["detail"],
        )
        tombstone.clean_fields(exclude=["detail"])
        if timezone.is_naive(tombstone.made_at):
            raise Malformed("its time has no zone")
    except Malformed:
        raise
    except Exception as error:
        raise Malformed(str(error)) from error
    try:
        _signer().unsign(f"{_canonical(values)}:{signature}")
    except BadSignature:
        tombstone.is_signed = False
    return tombstone, tombstone.is_signed


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def _signer() -> Signer:
    return Signer(salt="pekon.tombstones")
