"""Makes an old version of an article the newest one again, by an ordinary save: never by writing old rows back.

Words, photos, bylines, tags, gallery and shares become what they were. State, region, times, embargo and the mark "not
verified yet" stay as they are, because each of them is a decision of its own; so do fields that the version does not
know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from news.content import body
from news.images.models import Photo
from news.models import Article, ArticleVersion, Author, Byline, Event, GalleryPhoto, Share, Status
from regions import generations
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from . import rules, versions, workflow
from .versions import Content
from .workflow import Parts, Saved

if TYPE_CHECKING:
    from .rules import Actor

STAYS = {"region", "slug", "status", "published_at", "expires_at", "embargo_until", "is_unverified"}


@dataclass(frozen=True)
class Restored:
    saved: Saved
    missing: list[str] = field(default_factory=list)
    """What could not come back, in words."""


@generations.bumping()
def restore(version: ArticleVersion, *, actor: "Actor", seen_version: int) -> Restored:
    """Store the article as it was in `version`; `seen_version` is the article's version that the actor was looking at.

    Raises VersionConflict and PermissionDenied as `workflow.save` does; then nothing is stored.
    """
    article = Article.objects.select_related("region").get(pk=version.article_id)
    old, missing = versions.content_of(version), _Missing()
    for column in Article._meta.concrete_fields:
        if column.name in old and column.name not in STAYS | {"lead_photo"} and _is_there(column, old[column.name]):
            setattr(article, column.attname, column.to_python(old[column.name]))
    _restore_lead_photo(article, old, missing)
    missing.found(Photo, body.references(article.body).photos, _("a photo in the text that is not there any more"))
    saved = workflow.save(
        article,
        actor=actor,
        parts=_parts(article, old, actor, missing),
        seen_version=seen_version,
        saving=(Event.Verb.RESTORED, str(version.number)),
    )
    return Restored(saved, missing.words)


def _is_there(column: "models.Field[Any, Any]", value: Any) -> bool:
    related = column.remote_field and column.remote_field.model
    return not related or value is None or related._default_manager.filter(pk=value).exists()


class _Missing:
    """Collects in words what could not come back."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def found(self, model: type[models.Model], keys: Sequence[Any], word: str) -> dict[int, Any]:
        rows: dict[int, Any] = model._default_manager.in_bulk([key for key in keys if isinstance(key, int)])
        self.words += [word for key in keys if key not in rows]
        return rows


def _restore_lead_photo(article: Article, old: Content, missing: _Missing) -> None:
    key = old.get("lead_photo")
    if key == article.lead_photo_id or "lead_photo" not in old:
        return
    photos = _usable(article, [key] if key else [], missing)
    if key in photos or key is None:
        article.lead_photo = photos.get(key) if key else None
    else:  # the words in this story belong to the photo that could not come back
        stored = Article.objects.only("lead_caption", "lead_credit").get(pk=article.pk)
        article.lead_caption, article.lead_credit = stored.lead_caption, stored.lead_credit


def _usable(article: Article, keys: Sequence[int], missing: _Missing) -> dict[int, Photo]:
    """The photos with these keys that are still there, and that the article may have now."""
    photos = missing.found(Photo, keys, _("a photo that is not there any more"))
    here = {article.lead_photo_id, *article.gallery.values_list("photo", flat=True)}
    today = article.region.local(rules.database_time()).date()
    for key, photo in list(photos.items()):
        if key in here:
            continue
        if not photo.may_be_used_on(today):
            missing.words.append(_("the photo “%(photo)s”, which may not be used any more") % {"photo": photo})
        elif article.status == Status.APPROVED and not photo.is_described:
            missing.words.append(_("the photo “%(photo)s”, which has no description") % {"photo": photo})
        else:
            continue
        del photos[key]
    return photos


def _parts(article: Article, old: Content, actor: "Actor", missing: _Missing) -> Parts:
    authors = missing.found(Author, [row["author"] for row in old["bylines"]], _("an author who is not there any more"))
    photos = _usable(article, [row["photo"] for row in old["gallery"]], missing)
    regions = missing.found(Region, [row["region"] for row in old["shares"]], _("a region that is not there any more"))
    return Parts(
        bylines=_rows(article, Byline, [row for row in old["bylines"] if row["author"] in authors]),
        tags=old["tags"],
        gallery=_rows(article, GalleryPhoto, [row for row in old["gallery"] if row["photo"] in photos]),
        shares=_rows(article, Share, [row for row in old["shares"] if row["region"] in regions])
        if access.allowed(actor, Permission.PUBLISH, article.region)
        else None,  # these are for the editors to decide
    )


def _rows(article: Article, model: Any, rows: list[dict[str, Any]]) -> list[Any]:
    """Instances of these rows, with the keys of stored ones where the row is the same."""
    identity = versions.IDENTITY[model._meta.get_field("article").remote_field.related_name]
    rows_now = model.objects.filter(article=article)
    stored = {tuple(row.serializable_value(name) for name in identity): row.pk for row in rows_now}
    instances = []
    for row in rows:
        values = {model._meta.get_field(name).attname: value for name, value in row.items()}
        if isinstance(values.get("published_at"), str):
            values["published_at"] = datetime.fromisoformat(values["published_at"])
        pk = stored.get(tuple(row[name] for name in identity))
        instances.append(model(pk=pk, article=article, **values))
    return instances
