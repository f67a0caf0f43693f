"""Checks what an article must have before it is submitted or published.

All functions check the article and its rows in memory, before they are stored, and raise `TransitionError` with a
message that says what to do.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from news.content import body
from news.images.models import Photo
from news.models import Article, Byline


class TransitionError(ValidationError):
    """The act is not possible now. The message says why and what to do."""


def require_text_and_writer(article: Article, bylines: Iterable[Byline]) -> None:
    missing = []
    if not body.words(article.body):
        missing.append(_("a text"))
    if article.kind != Article.Kind.RELEASE and not any(row.role == Byline.Role.WRITER for row in bylines):
        missing.append(_("a writer in the byline"))
    if missing:
        raise TransitionError(_("The story still needs %(things)s.") % {"things": _(" and ").join(missing)})


def require_end_after_beginning(article: Article) -> None:
    if article.expires_at and article.published_at and article.expires_at <= article.published_at:
        raise TransitionError(_("The story would leave the lists before it is published. Choose a later end, or none."))


def require_embargo_over(article: Article) -> None:
    """Refuse a publication time before the embargo's end, which is the first moment at which the story may be live."""
    if article.embargo_until and article.published_at and article.published_at < article.embargo_until:
        raise TransitionError(
            _("The story is under embargo until %(time)s. Choose that time or a later one.")
            % {"time": article.region.clock(article.embargo_until)}
        )


def require_usable_photos(article: Article, photos: Iterable[Photo], at: datetime) -> None:
    """Refuse photos without a description for blind readers, and photos that may no longer be used at that time."""
    for photo in photos:
        if not photo.is_described:
            raise TransitionError(
                _("Describe the photo “%(photo)s” for blind readers, or mark it as decorative.") % {"photo": photo}
            )
        if not photo.may_be_used_on(article.region.local(at).date()):
            raise TransitionError(
                _("The photo “%(photo)s” may be used until %(day)s only. Choose another one.")
                % {"photo": photo, "day": photo.usable_until}
            )
