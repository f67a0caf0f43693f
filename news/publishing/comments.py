"""The newsroom's comments on a story: who may write them, whom they mention, and where their words stand now.

A comment is no part of the story. Writing one changes no version, writes no journal entry and bumps no generation.
Those whom it concerns get a notice.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from news.content import quotes
from news.models import Article, Comment
from pekon import plain_text

from . import notices, rules

if TYPE_CHECKING:
    from .rules import Actor

_MOST_MOVED = 500  # comments whose words one form may have moved


@dataclass
class Thread:
    """A comment with its replies. `is_changed`: its words do not stand in the text any more."""

    comment: Comment
    place: quotes.Place | None
    replies: list[Comment] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return bool(self.comment.quote) and not (self.place and self.place.is_exact)

    @property
    def _order(self) -> tuple[int, int]:
        """First what is about the whole story, then as the words stand in the text, then what stands nowhere."""
        if not self.comment.quote:
            return 0, 0
        return (1, self.place.start) if self.place else (2, 0)


def threads(article: Article) -> list[Thread]:
    """All threads on the article in the order of its text, in two queries (one if there are none)."""
    text = quotes.words_of(article.body)
    people = Prefetch("mentions", User.objects.select_related("author"))
    rows = Comment.objects.filter(article=article).select_related("person", "resolved_by").prefetch_related(people)
    found: dict[int, Thread] = {}
    replies: list[Comment] = []
    for row in rows:
        if row.thread_id:
            replies.append(row)
        else:
            found[row.pk] = Thread(row, quotes.find(text, row.anchor))
    for reply in replies:
        found[reply.thread_id or 0].replies.append(reply)
    return sorted(found.values(), key=lambda thread: thread._order)


def write(
    article: Article,
    *,
    actor: User,
    text: str,
    quote: quotes.Quote | None = None,
    thread: Comment | None = None,
) -> Comment:
    """Store a comment on the story, on words of it (`quote`), or as a reply in a thread; a reply opens the thread
    again. Raises PermissionDenied, and ValidationError for a text that is empty or too long."""
    _require_reading(article, actor)
    said = _checked(text)
    about = quote if quote and plain_text.is_visible(quote.words) and not thread else quotes.Quote("")
    with transaction.atomic():
        comment = Comment.objects.create(
            article=article,
            person_id=actor.pk,
            thread_id=(thread.thread_id or thread.pk) if thread else None,
            quote=about.words,
            prefix=about.prefix,
            suffix=about.suffix,
            text=said,
        )
        comment.mentions.set(_mentioned(article, said, actor))
        if comment.thread_id:
            Comment.objects.filter(pk=comment.thread_id).update(resolved_at=None, resolved_by=None)
        notices.of_comment(comment)
    return comment


def mend(comment: Comment, *, actor: User, text: str) -> None:
    """Change the words of one's own comment. Raises PermissionDenied, and ValidationError as `write`."""
    _require_reading(comment.article, actor)
    if comment.person_id != actor.pk:
        raise PermissionDenied
    said = _checked(text)
    if said == comment.text:
        return
    with transaction.atomic():
        comment.text, comment.changed_at = said, timezone.now()
        comment.save(update_fields=["text", "changed_at"])
        comment.mentions.set(_mentioned(comment.article, said, actor))
        notices.of_comment(comment)


def resolve(thread: Comment, *, actor: User) -> None:
    """Close the thread; it stays readable. Raises PermissionDenied."""
    _require_reading(thread.article, actor)
    open_threads = Comment.objects.threads().filter(pk=thread.pk, resolved_at=None)
    open_threads.update(resolved_at=timezone.now(), resolved_by=actor.pk)


def reopen(thread: Comment, *, actor: User) -> None:
    """Open the thread again. Raises PermissionDenied."""
    _require_reading(thread.article, actor)
    Comment.objects.filter(pk=thread.pk).update(resolved_at=None, resolved_by=None)


def has_open_by(article: Article, actor: "Actor") -> bool:
    """Whether the actor has said something in a thread that is still open."""
    return article.pk is not None and Comment.objects.open().filter(article=article, person=actor.pk).exists()


def asked_for() -> str:
    """What an editor is told who returns a story and says nothing."""
    return _("Say what the writer should change, in a note or in a comment on the words, then return the story.")


def counted(article: Article) -> str:
    """How many threads are open on the article, in words."""
    count = Comment.objects.threads().open().filter(article=article).count()
    return ngettext("%(count)s comment on the text", "%(count)s comments on the text", count) % {"count": count}


def move_anchors(article: Article, posted: str) -> None:
    """Store where the words of open comments stand after the form was saved. `posted` is JSON from the form's script:
    comment's key → [words, prefix, suffix]. What does not stand in the stored text is left as it was."""
    moved = _read_anchors(posted)
    if not moved:
        return
    text = quotes.words_of(article.body)
    for comment in Comment.objects.threads().filter(article=article, pk__in=moved).exclude(quote=""):
        quote = moved[comment.pk]
        if quote != comment.anchor and quote.words in text:
            Comment.objects.filter(pk=comment.pk).update(quote=quote.words, prefix=quote.prefix, suffix=quote.suffix)


def _read_anchors(posted: str) -> dict[int, quotes.Quote]:
    try:
        given = json.loads(posted or "{}")
    except ValueError:
        return {}
    if not isinstance(given, dict):
        return {}
    read: dict[int, quotes.Quote] = {}
    for key, parts in list(given.items())[:_MOST_MOVED]:
        number = plain_text.whole_number(key, 18)
        is_quote = isinstance(parts, list) and len(parts) == 3 and all(isinstance(part, str) for part in parts)
        if number and is_quote and plain_text.is_visible(parts[0]) and _fits(parts):
            read[number] = quotes.Quote(*parts)
    return read


def _fits(parts: list[str]) -> bool:
    return len(parts[0]) <= quotes.LONGEST and max(len(parts[1]), len(parts[2])) <= quotes.CONTEXT


# --- Whom a comment mentions ------------------------------------------------------------------------------------


def name_of(person: User) -> str:
    """The name by which colleagues mention a person: their own, or that of their author page. Empty if they have
    neither, because a log-in name is nobody's business."""
    author = getattr(person, "author", None)
    return person.get_full_name() or (author.name if author else "")


def mentionable(article: Article) -> list[User]:
    """The people who may read the story and have a name, by name."""
    people = rules.readers(article).select_related("author")
    return sorted((person for person in people if name_of(person)), key=lambda person: name_of(person).casefold())


def _mentioned(article: Article, text: str, actor: User) -> Iterable[User]:
    """The people whose names stand behind an at sign. Of two names with one beginning, the longer counts."""
    if "@" not in text:
        return []
    by_name: dict[str, list[User]] = {}
    for person in mentionable(article):
        by_name.setdefault(name_of(person).casefold(), []).append(person)
    found: set[User] = set()
    for part in text.casefold().split("@")[1:]:
        names = [name for name in by_name if part.startswith(name) and not part[len(name) : len(name) + 1].isalnum()]
        found.update(by_name[max(names, key=len)] if names else [])
    return [person for person in found if person.pk != actor.pk]


def _checked(text: str) -> str:
    said = plain_text.tidy(text).replace("\r\n", "\n").strip()
    if not said:
        raise ValidationError(_("Write a comment."))
    if len(said) > Comment.LONGEST:
        raise ValidationError(_("A comment has %(most)s letters at most.") % {"most": Comment.LONGEST})
    return said


def _require_reading(article: Article, actor: User) -> None:
    if not rules.may_read(article, actor):
        raise PermissionDenied
