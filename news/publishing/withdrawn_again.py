"""Applies the tombstones of withdrawn stories to a restored database."""

from datetime import datetime

from news.models import Article, Withdrawal
from pekon.tombstones import kinds
from pekon.tombstones.models import Tombstone

from . import withdrawals, workflow


def apply(tombstone: Tombstone) -> bool:
    """Withdraw the story as it was withdrawn before, if it is there and has not been withdrawn."""
    subject = withdrawals.Subject.parse(tombstone.subject)
    article = Article.objects.filter(pk=subject.pk, created_at=subject.created_at).first()
    if article is None or Withdrawal.objects.filter(article=article).exists():
        return False
    published_at = tombstone.detail.get("published_at")
    workflow.withdraw_again(
        article,
        reason=tombstone.detail["reason"],
        withdrawn_at=tombstone.made_at,
        published_at=datetime.fromisoformat(published_at) if published_at else None,
    )
    return True


def register() -> None:
    kinds.register(kinds.Kind(withdrawals.KIND, withdrawals.is_valid, apply, withdrawals.statements))
