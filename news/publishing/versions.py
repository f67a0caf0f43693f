"""Keeps every stored state of an article as a version, by django-reversion, and reads it again.

A version's content is plain data: the article's own fields and its rows (bylines, tags, gallery, shares). It is one
row of one table, so that it costs little to write and can be compared, merged, restored and rewritten without the
models of its time. `workflow` calls `record`, in the transaction of the act; nothing else keeps what was stored.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import reversion
from django.db import models
from django.db.models import Q
from django.utils import timezone
from reversion.models import Revision, Version

from news.models import Article, ArticleVersion, Event, Status

from .parts import ArticleWithParts
from .version_format import PARTS

if TYPE_CHECKING:
    from .rules import Actor

Content = dict[str, Any]
"""Names of fields and parts → plain values: keys of related rows, times in UTC (ISO 8601), lists of rows."""

_PRUNED_AT_ONCE = 500
_NOT_CONTENT = {"id", "version", "corrected_at", "created_by", "created_at", "updated_at", "source_key"}
FIELDS = tuple(field.name for field in Article._meta.concrete_fields if field.name not in _NOT_CONTENT)
"""The article's fields that versions hold."""
ROWS = {
    "bylines": ("author", "role", "position"),
    "gallery": ("photo", "position", "caption", "credit"),
    "shares": ("region", "published_at"),
}
"""The parts that are lists of rows, and the fields of a row. Tags are a list of names."""
IDENTITY = {"bylines": ("author", "role"), "gallery": ("photo",), "shares": ("region",)}
"""What makes a row the same row in two versions."""
WITHOUT_ACT = (Event.Verb.CREATED, Event.Verb.EDITED, Event.Verb.RESTORED)
"""Saves without an act. What only these left behind is forgotten in time (`prune`)."""


def register() -> None:
    """Tell django-reversion how to write articles."""
    reversion.register(Article, fields=FIELDS, format="article")


# --- Content --------------------------------------------------------------------------------------------------


def content(whole: ArticleWithParts) -> Content:
    """The content of an article with its parts, whether they are stored or not."""
    article = whole.article
    values: Content = {name: _plain(article, name) for name in FIELDS}
    values["tags"] = sorted(tag.name for tag in whole.tags)
    by_position: dict[str, list[Any]] = {"bylines": sorted(whole.bylines, key=_position), "gallery": whole.gallery}
    by_position["shares"] = sorted(whole.shares, key=lambda share: share.region_id)
    for part in ROWS:
        values[part] = [row_content(row, part) for row in by_position[part]]
    return values


def of_article(article: Article) -> Content:
    """The content of a stored article."""
    return content(ArticleWithParts(article))


def row_content(row: Any, part: str) -> dict[str, Any]:
    return {name: _plain(row, name) for name in ROWS[part]}


def plain_time(moment: datetime) -> str:
    """A time as contents have it. Forms have no fractions of a second either."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _position(row: Any) -> tuple[int, float]:
    return row.position, row.pk or float("inf")


def _plain(row: Any, name: str) -> Any:
    value = row._meta.get_field(name).value_from_object(row)
    return plain_time(value) if isinstance(value, datetime) else value


def changes(before: Content, after: Content) -> dict[str, int]:
    """The names of what differs → how many rows of a part; 1 for a field. Names that one side lacks do not differ."""
    return {
        name: _rows_changed(before[name], value) if isinstance(value, list) else 1
        for name, value in after.items()
        if name in before and before[name] != value
    }


def _rows_changed(before: list[Any], after: list[Any]) -> int:
    gone, new = [row for row in before if row not in after], [row for row in after if row not in before]
    return max(len(gone), len(new), 1)


# --- Keeping --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Before:
    """An article as it was stored before an act."""

    content: Content
    number: int
    at: datetime


def before(whole: ArticleWithParts) -> Before:
    return Before(content(whole), whole.article.version, whole.article.updated_at)


def record(whole: ArticleWithParts, before: Before | None, *, actor: "Actor", event: Event) -> None:
    """Keep the article that an act has just stored.

    What it replaced is kept too if no version holds it: the text of an import, or of a time before versions were kept.
    """
    article, after = whole.article, content(whole)
    if before and not _is_newest(article, before.content):
        _keep(article, before.content, number=before.number, at=before.at)
    differs = changes(before.content, after) if before else {}
    _keep(article, after, number=article.version, actor=actor, event=event, differs=differs)


def set_aside(article: Article, typed: Content, *, number: int, actor: "Actor") -> None:
    """Keep what somebody typed over version `number` while another person stored the article; once if sent twice."""
    mine = article.versions.filter(is_set_aside=True, number=number, revision__user=actor.pk)
    if any(content_of(version) == typed for version in mine.with_content()):
        return
    base = at_number(article, number)
    differs = changes(content_of(base), typed) if base else {}
    _keep(article, typed, number=number, actor=actor, differs=differs, is_set_aside=True)


def _is_newest(article: Article, stored: Content) -> bool:
    rows = Version.objects.filter(revision__article_version__in=article.versions.stored())
    newest = rows.order_by("-pk").first()
    return newest is not None and not changes(_read(newest), stored)


def _keep(
    article: Article,
    values: Content,
    *,
    number: int,
    at: datetime | None = None,
    actor: "Actor | None" = None,
    event: Event | None = None,
    differs: dict[str, int] | None = None,
    is_set_aside: bool = False,
) -> None:
    article.version_content = _nested(values)
    with reversion.create_revision(manage_manually=True, atomic=False):
        reversion.add_to_revision(article)
        reversion.set_user(actor if actor and actor.pk else None)
        reversion.set_date_created(at or timezone.now())
        reversion.add_meta(
            ArticleVersion,
            article=article,
            number=number,
            status=values["status"],
            event=event,
            changes=differs or {},
            is_set_aside=is_set_aside,
        )


# --- Reading --------------------------------------------------------------------------------------------------


def content_of(version: ArticleVersion) -> Content:
    """What a version holds. No query after `with_content()`."""
    [row] = version.revision.version_set.all()
    return _read(row)


def at_number(article: Article, number: int) -> ArticleVersion | None:
    """The version that was stored under this number; None if it was pruned or there never was one."""
    return article.versions.stored().with_content().filter(number=number).first()


def _nested(values: Content) -> dict[str, Any]:
    """The content as the format has it, with the parts under one key; `_read` undoes it."""
    parts = {name: values[name] for name in (*ROWS, "tags") if name in values}
    return {name: value for name, value in values.items() if name not in parts} | {PARTS: parts}


def _read(row: Version) -> Content:
    [written] = json.loads(row.serialized_data)
    fields: Content = written["fields"]
    parts: Content = fields.pop(PARTS)
    return fields | parts


# --- Rewriting and forgetting ---------------------------------------------------------------------------------


def rewrite(article: Article, change: Callable[[Content], Content]) -> int:
    """Pass the content of each of the article's versions through `change`, and store what it returns. Returns how many
    were different.

    For words that must not exist any more, in no version. Call it in the transaction of that act.
    """
    rewritten = 0
    for version in article.versions.with_content().select_for_update(of=("self",)):
        [row] = version.revision.version_set.all()
        values = _read(row)
        changed = change(values)
        if changed != values:
            [written] = json.loads(row.serialized_data)
            row.serialized_data = json.dumps([written | {"fields": _nested(changed)}])
            row.object_repr = changed["title"]
            row.save(update_fields=["serialized_data", "object_repr"])
            rewritten += 1
    return rewritten


def prune(older_than: datetime) -> int:
    """Forget versions from before that time that readers never saw: texts that were set aside, and saves without an act
    of stories that were not approved. Returns how many.

    An article's newest version, and what an act left behind, are kept.
    """
    without_act = Q(event__isnull=True) | Q(event__verb__in=WITHOUT_ACT)
    unseen = without_act & ~Q(status__in=[Status.APPROVED, Status.WITHDRAWN])
    old = ArticleVersion.objects.filter(unseen | Q(is_set_aside=True), revision__date_created__lt=older_than)
    newer = ArticleVersion.objects.stored().filter(article=models.OuterRef("article"), pk__gt=models.OuterRef("pk"))
    forgotten = old.filter(Q(is_set_aside=True) | models.Exists(newer))
    deleted = 0
    while keys := list(forgotten.values_list("revision", flat=True)[:_PRUNED_AT_ONCE]):
        Revision.objects.filter(pk__in=keys).delete()
        deleted += len(keys)
    return deleted
