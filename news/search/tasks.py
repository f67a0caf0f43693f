"""Background work: documents follow what administrators teach search."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from . import documents, index, lexicon
from .words import STOP_WORDS

BATCH = 200
_EVER = timedelta(days=36_500)  # scheduled stories too


@task()
def refresh_with(phrases: list[list[str]]) -> None:
    """Write the documents anew in which the words of any of these phrases stand. May run twice."""
    lexicon.forget()
    ways = [[word for word in phrase if word not in STOP_WORDS] or phrase for phrase in phrases]
    ids = index.find([ways], limit=10_000_000, until=timezone.now() + _EVER) if ways else []
    for start in range(0, len(ids), BATCH):
        documents.refresh(ids[start : start + BATCH])
