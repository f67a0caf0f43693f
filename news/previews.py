"""Preview links: one story, before readers have it, for people without an account (a source, a lawyer).

An address is `/pratinjau/<key>.<signature>/` on the network's own host: neither says which story or region it shows,
and nobody can make one from the database alone. Whatever is wrong with one (tampered, expired, revoked, withdrawn) is
the same to a visitor as an address that never was.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import journal, workflow
from .models import Article, Event, PreviewLink
from .workflow import Refused

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DAYS = 7
"""How long a link is valid unless somebody says otherwise."""
MOST_DAYS = 30
_signer = Signer(salt="news.previews", sep=".")


@transaction.atomic
def make(article: Article, *, actor: "User", purpose: str = "", days: int = DAYS) -> PreviewLink:
    """A new link to this story. Raises PermissionDenied, and Refused for a story that is not to be read any more."""
    if not workflow.may_read(article, actor):
        raise PermissionDenied
    if not Article.objects.unpublished().filter(pk=article.pk).exists():
        raise Refused(_("Readers have or had this story: share its own address."))
    expires_at = timezone.now() + timedelta(days=min(max(days, 1), MOST_DAYS))
    link = PreviewLink.objects.create(article=article, made_by=actor, purpose=purpose[:80], expires_at=expires_at)
    note = " · ".join(filter(None, [link.purpose, article.region.clock(link.expires_at)]))
    journal.record(Event.Verb.PREVIEW_MADE, actor=actor, article=article, note=note)
    return link


@transaction.atomic
def revoke(link: PreviewLink, *, actor: "User") -> None:
    """End a link now. Raises PermissionDenied. Revoking twice changes nothing."""
    if not workflow.may_read(link.article, actor):
        raise PermissionDenied
    if PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        journal.record(Event.Verb.PREVIEW_REVOKED, actor=actor, article=link.article, note=link.purpose)


def address(link: PreviewLink) -> str:
    """The link as it is passed on, with scheme and host."""
    path = reverse("preview", args=[_signer.sign(link.key)], urlconf=settings.ROOT_URLCONF)
    return f"{settings.SCHEME}://{settings.DOMAIN}{path}"


def find(token: str) -> Article | None:
    """The story behind the last part of a link's address: not published yet, or live by now. None for whatever is
    wrong."""
    try:
        key = _signer.unsign(token)
    except BadSignature:
        return None
    link = PreviewLink.objects.valid().select_related("article__region", "made_by").filter(key=key).first()
    if link is None or not workflow.may_read(link.article, link.made_by):
        return None  # whoever made it could not make it today
    story = Article.objects.for_page().filter(pk=link.article_id)
    return story.unpublished().first() or story.live().first()
