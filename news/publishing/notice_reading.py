"""What a person sees of their notices: those of stories that they may read at that moment, and the words of each."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from news.models import Article, Notice
from regions.people import display_name

from .rules import readable_by

if TYPE_CHECKING:
    from .rules import Actor

MOST_COUNTED = 100
"""No bell says more."""


def shown_to(person: "Actor") -> QuerySet[Notice]:
    """The person's notices about stories that they may read now (`rules.may_read`), the newest first."""
    may_read = Article.objects.filter(readable_by(person)).order_by().values("pk")
    return Notice.objects.filter(person=person.pk, article__in=may_read).order_by("-pk")


def unread(person: "Actor") -> int:
    """How many notices the person has not read, up to MOST_COUNTED; one query."""
    return shown_to(person).filter(read_at=None)[:MOST_COUNTED].count()


def mark_read(notices: QuerySet[Notice]) -> None:
    """Note that the person has read these; what is read is not mailed any more."""
    notices.filter(read_at=None).order_by().update(read_at=timezone.now(), is_to_mail=False)


def with_words(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Load what `words`, `extract` and a page show of each, in the same query."""
    related = notices.select_related("article__region", "actor", "comment")
    return related.defer("article__body", "article__summary")


def words(notice: Notice) -> str:
    """What happened, in a sentence without the story's title, in the active language."""
    person = display_name(notice.actor) if notice.actor else "Pekon"
    moment = notice.article.region.clock(notice.due_at)
    sentences = {
        Notice.Kind.SUBMITTED: _("%(person)s submitted a story for review"),
        Notice.Kind.PROPOSED: _("%(person)s proposed changes"),
        Notice.Kind.RETURNED: _("%(person)s returned your story"),
        Notice.Kind.APPROVED: _("%(person)s approved your story for %(time)s"),
        Notice.Kind.PUBLISHED: _("%(person)s published your story"),
        Notice.Kind.COMMENTED: _("%(person)s commented"),
        Notice.Kind.MENTIONED: _("%(person)s mentioned you"),
    }
    return sentences[Notice.Kind(notice.kind)] % {"person": person, "time": moment}


def extract(notice: Notice) -> str:
    """What the comment says now, or the note of the act; may be empty."""
    return notice.comment.text if notice.comment else notice.note


def language_of(chosen: str) -> translation.override:
    """Write in the language that a person chose; in the newsroom's if it is none of ours."""
    return translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
