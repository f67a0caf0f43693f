"""Background task that rewrites documents after administrators have changed words or names."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from . import backends, documents, synonyms
from .words import STOP_WORDS

BATCH = 200
_EVER = timedelta(days=36_500)  # scheduled articles too


@task()
def refresh_with(phrases: list[list[str]]) -> None:
    """Rewrite the documents that contain the words of any of these phrases. Safe to run twice."""
    synonyms.forget()
    ways = [[word for word in phrase if word not in STOP_WORDS] or phrase for phrase in phrases]
    ids = backends.find([ways], limit=10_000_000, until=timezone.now() + _EVER) if ways else []
    for start in range(0, len(ids), BATCH):
        documents.refresh(ids[start : start + BATCH])
