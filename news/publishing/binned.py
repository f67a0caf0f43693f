"""Empties the bin: what was thrown away can be brought back for BIN_DAYS, and is then deleted.

The journal tells for good who wrote the article and who threw it away, so the article's row stays, with its title. Its
words, rows, versions, comments, notices and working copies are deleted, and its photos are free.
"""

from datetime import datetime

from django.db import models, transaction
from reversion.models import Revision

from news.models import Article, Placement

from .placements import placed

_AT_ONCE = 200
_TEXTS = ("kicker", "summary", "dateline", "body", "sign_off", "lead_caption", "lead_credit")
_PARTS = ("bylines", "gallery", "shares", "tagged_articles", "body_references", "proposals", "notices")


def empty(older_than: datetime) -> int:
    """Delete the content of articles that were thrown away before that time. Returns how many they were."""
    versions = Revision.objects.filter(article_version__article=models.OuterRef("pk"))
    full = Article.objects.to_be_emptied(older_than).filter(models.Exists(versions))
    emptied = 0
    while articles := list(full[:_AT_ONCE]):
        with transaction.atomic():
            for article in articles:
                _empty(article, older_than)
        emptied += len(articles)
    return emptied


def _empty(article: Article, older_than: datetime) -> None:
    for part in _PARTS:
        getattr(article, part).all().delete()
    article.comments.exclude(thread=None).delete()
    article.comments.all().delete()
    article.working_copies.filter(updated_at__lte=older_than).delete()  # a newer one is only its writer's to delete
    Revision.objects.filter(article_version__article=article).delete()
    # Not by save(), after which the article would look newly thrown away.
    Article.objects.filter(pk=article.pk).update(lead_photo=None, **dict.fromkeys(_TEXTS, ""))
    placed.send(sender=Placement, article_ids=[article.pk])  # for the newsroom's search document
