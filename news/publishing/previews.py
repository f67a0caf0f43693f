"""Preview links: they show one article before it is published to people without an account (a source, a lawyer).

An address is `/pratinjau/<key>.<signature>/` on the network's own host. It does not reveal the article or region, and
cannot be made from the database alone, because of the signature. Every invalid link (tampered with, expired, revoked,
of a withdrawn article) gets the same answer as an address that does not exist.
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

from news.models import Article, Event, PreviewLink

from . import journal, rules
from .readiness import TransitionError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DAYS = 7
"""How long a link is valid by default."""
MAX_DAYS = 30
_signer = Signer(salt="news.previews", sep=".")


@transaction.atomic
def make(article: Article, *, actor: "User", purpose: str = "", days: int = DAYS) -> PreviewLink:
    """Create a link to this article. Raises PermissionDenied, and TransitionError if it is or was published."""
    if not rules.may_read(article, actor):
        raise PermissionDenied
    if not Article.objects.unpublished().filter(pk=article.pk).exists():
        raise TransitionError(_("Readers have or had this story: share its own address."))
    expires_at = timezone.now() + timedelta(days=min(max(days, 1), MAX_DAYS))
    link = PreviewLink.objects.create(article=article, made_by=actor, purpose=purpose[:80], expires_at=expires_at)
    note = " · ".join(filter(None, [link.purpose, article.region.clock(link.expires_at)]))
    journal.record(Event.Verb.PREVIEW_MADE, actor=actor, article=article, note=note)
    return link


@transaction.atomic
def revoke(link: PreviewLink, *, actor: "User") -> None:
    """End a link now. Revoking it again changes nothing. Raises PermissionDenied."""
    if not rules.may_read(link.article, actor):
        raise PermissionDenied
    if PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        journal.record(Event.Verb.PREVIEW_REVOKED, actor=actor, article=link.article, note=link.purpose)


def address(link: PreviewLink) -> str:
    """The link's complete address, with scheme and host."""
    path = reverse("preview", args=[_signer.sign(link.key)], urlconf=settings.ROOT_URLCONF)
    return f"{settings.SCHEME}://{settings.DOMAIN}{path}"


def find(token: str) -> Article | None:
    """The article, perhaps live by now, for the last part of a link's address. None for every invalid link."""
    try:
        key = _signer.unsign(token)
    except BadSignature:
        return None
    link = PreviewLink.objects.valid().select_related("article__region", "made_by").filter(key=key).first()
    if link is None or not rules.may_read(link.article, link.made_by):
        return None  # unknown, or its author may no longer make such a link
    article = Article.objects.for_page().filter(pk=link.article_id)
    return article.unpublished().first() or article.live().first()
