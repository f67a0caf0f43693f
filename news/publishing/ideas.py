"""Makes a story of a planned idea."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from news.models import Article, Author, Byline, PlannedIdea, Status
from regions.permissions import access
from regions.permissions.access import Permission

from . import comments, workflow

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def make_story(idea: PlannedIdea, *, actor: "User") -> Article:
    """The idea's draft: with its title, region, section and writer, and its note as a comment.

    If there is one already, that one is returned, unless it is in the bin. Without a writer it gets the actor's
    byline, if they have one. Raises PermissionDenied.
    """
    locked = PlannedIdea.objects.select_for_update().get(pk=idea.pk)
    if not access.allowed(actor, Permission.WRITE, locked.region):
        raise PermissionDenied
    if locked.became and locked.became.status != Status.BINNED:
        return locked.became
    writers = [locked.author] if locked.author else list(Author.objects.filter(user=actor.pk))
    article = _draft(locked, writers)
    workflow.save(article, actor=actor, parts=workflow.Parts(bylines=[Byline(author=author) for author in writers]))
    if locked.note:
        comments.write(article, actor=actor, text=locked.note)
    locked.became = article
    locked.save(update_fields=["became"])
    return article


def _draft(idea: PlannedIdea, writers: list[Author]) -> Article:
    region = idea.region
    article = Article(region=region, section=idea.section, title=idea.title)
    article.dateline = region.short_name if region.parent_id else ""
    if writers:
        article.sign_off = writers[0].sign_off
    return article
