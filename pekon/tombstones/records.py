"""Makes tombstones, in the transaction of the act that each is about."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from . import places, texts
from .models import Tombstone


def record(kind: str, subject: str, *, made_at: datetime, detail: dict[str, Any] | None = None) -> Tombstone:
    """Record that readers must not get the subject again. Call it in the transaction of the act that takes it back.

    `made_at` is the act's time by the database's clock, and `detail` plain data that the kind needs.
    """
    return _store(Tombstone(kind=kind, subject=subject, made_at=made_at, detail=detail or {}))


def lift(kind: str, subject: str, *, reason: str) -> Tombstone:
    """Record that readers may get the subject again: the deliberate act of an administrator, with a reason, that brings
    something back. Call it in the transaction of that act."""
    return _store(Tombstone(kind=kind, subject=subject, lifts=True, made_at=timezone.now(), detail={"reason": reason}))


def _store(tombstone: Tombstone) -> Tombstone:
    tombstone.save(force_insert=True)
    places.store_soon(tombstone.pk, {texts.name_of(tombstone): texts.text(tombstone)})
    return tombstone


def in_force(tombstones: Iterable[Tombstone]) -> list[Tombstone]:
    """For each subject its last tombstone, unless that one lifts the others. One that is not signed takes the place of
    none that hides the subject anyway."""
    last: dict[tuple[str, str], Tombstone] = {}
    for tombstone in sorted(tombstones, key=lambda one: (one.made_at, one.lifts, str(one.pk))):
        before = last.get((tombstone.kind, tombstone.subject))
        if tombstone.is_signed or before is None or before.lifts:
            last[tombstone.kind, tombstone.subject] = tombstone
    return [tombstone for tombstone in last.values() if not tombstone.lifts]
