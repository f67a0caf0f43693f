"""Writes notices: whom an act or a comment concerns, told in the transaction in which it happened.

The journal (`journal.record`) and the comments call this module; nothing else does. Nobody is told of what they did
themselves, or of a story that they may not read.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from news.models import Article, Comment, Event, Notice, NoticeChoices
from regions.permissions import access
from regions.permissions.access import Permission

from . import notice_mail, rules, web_push

Kind = Notice.Kind
_TO_EDITORS = {Event.Verb.SUBMITTED: Kind.SUBMITTED, Event.Verb.PROPOSED: Kind.PROPOSED}
_TO_WRITERS = {
    Event.Verb.RETURNED: Kind.RETURNED,
    Event.Verb.SCHEDULED: Kind.APPROVED,
    Event.Verb.PUBLISHED: Kind.PUBLISHED,
}


def of_event(event: Event) -> None:
    """Tell of an act on an article: the editors near it of what waits for them, its writers of what became of it."""
    article, verb = event.article, Event.Verb(event.verb)
    if article is None:
        return
    if verb in _TO_EDITORS:
        editors = access.nearest_people_for(Permission.PUBLISH, article.region, besides=event.actor)
        _tell(editors, _TO_EDITORS[verb], article, actor=event.actor_id, note=event.note)
    elif verb in _TO_WRITERS:
        writers = [person for person in _writers(article) if person.pk != event.actor_id]
        is_scheduled = verb == Event.Verb.SCHEDULED
        due_at, note = (article.published_at, "") if is_scheduled else (None, event.note)
        _tell(writers, _TO_WRITERS[verb], article, actor=event.actor_id, note=note, due_at=due_at)


def of_comment(comment: Comment) -> None:
    """Tell of a new or mended comment: those whom it mentions, and, when it is new, those for whom its thread waits
    (`CommentQuerySet.waiting_for`). Somebody whom it mentions is told once."""
    article, actor = comment.article, comment.person_id
    told = Notice.objects.filter(comment=comment, kind=Kind.MENTIONED).values("person")
    mentioned = comment.mentions.exclude(pk=actor)
    _tell(mentioned.exclude(pk__in=told), Kind.MENTIONED, article, actor=actor, comment=comment)
    if comment.changed_at is None:
        concerned = rules.readers(article).filter(_waits_in(comment)).exclude(pk__in=mentioned.values("pk"))
        _tell(concerned.exclude(pk=actor), Kind.COMMENTED, article, actor=actor, comment=comment)


def _writers(article: Article) -> QuerySet[User]:
    """Who wrote the article and may still read it."""
    return rules.readers(article).filter(_wrote(article))


def _wrote(article: Article) -> Q:
    # A subquery instead of a join, which would name somebody with two bylines twice.
    bylines = article.bylines.order_by().filter(author__user__isnull=False)
    return Q(pk=article.created_by_id) | Q(pk__in=bylines.values("author__user"))


def _waits_in(comment: Comment) -> Q:
    """The people for whom the comment's thread waits: the story's writers, who began it, and whom it mentions."""
    begun_by = comment.thread.person_id if comment.thread else comment.person_id
    said = Q(comment=comment.thread_id or comment.pk) | Q(comment__thread=comment.thread_id or comment.pk)
    mentions = Comment.mentions.through._default_manager.filter(said)
    return _wrote(comment.article) | Q(pk=begun_by) | Q(pk__in=mentions.values("user"))


def _tell(people: Iterable[User], kind: Kind, article: Article, *, actor: int | None, **values: Any) -> None:
    recipients = [person.pk for person in people]
    if not recipients:
        return
    chosen = {row.pk: row for row in NoticeChoices.objects.filter(person__in=recipients)}
    choices = {person: chosen.get(person) or NoticeChoices(person_id=person) for person in recipients}
    notices = Notice.objects.bulk_create(
        Notice(
            person_id=person,
            kind=kind,
            article=article,
            actor_id=actor,
            is_to_mail=kind in choices[person].mail,
            **values,
        )
        for person in recipients
    )
    if any(notice.is_to_mail for notice in notices):
        notice_mail.send_soon()
    web_push.send_soon([notice for notice in notices if kind in choices[notice.person_id].push])
