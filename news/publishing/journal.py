"""Writes the journal: who did what to which article or person, when, and from where."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import transaction

from news.models import Article, Event
from pekon import metrics
from regions.models import Region

from . import notices

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

_address: ContextVar[str | None] = ContextVar("address", default=None)


@contextmanager
def acting_from(address: str | None) -> Iterator[None]:
    """Entries recorded inside the `with` block get this IP address."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def record(
    verb: Event.Verb,
    *,
    actor: "User | AnonymousUser | None",
    article: Article | None = None,
    person: "User | None" = None,
    region: Region | None = None,
    note: str = "",
) -> Event:
    """Add an entry about an article, or about a person (in a region), and tell those whom it concerns. Call it in the
    transaction of the act."""
    event = Event.objects.create(
        verb=verb,
        actor_id=actor.pk if actor else None,
        article=article,
        person=person,
        region=region,
        note=note,
        address=_address.get(),
    )
    notices.of_event(event)
    if metrics.IS_ON:
        transaction.on_commit(metrics.ACTS.labels(event.verb).inc)
    return event
