"""The rows that are stored together with an article: bylines, tags, gallery, shares, and texts of its lead photo."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from django.db import models

from news.content import body
from news.images.models import Photo
from news.models import Article, Byline, GalleryPhoto, Share, Tag, TaggedArticle, body_references

_Row = TypeVar("_Row", Byline, GalleryPhoto)


@dataclass(frozen=True)
class Parts:
    """The article's new rows; each list is complete and in order. None keeps the rows that are stored.

    `tags` are names. `photo_words` are fields of the lead photo (caption, credit, alt, is_decorative).
    """

    bylines: Sequence[Byline] | None = None
    tags: Sequence[str] | None = None
    gallery: Sequence[GalleryPhoto] | None = None
    shares: Sequence[Share] | None = None
    photo_words: dict[str, Any] = field(default_factory=dict)


class ArticleWithParts:
    """An article with its new parts, so that it can be checked and compared before anything is stored.

    `before` is the stored article, whose parts are read once. Without it and without parts, this is the stored one.
    """

    def __init__(self, article: Article, parts: Parts | None = None, before: "ArticleWithParts | None" = None):
        self.article = article
        self.parts = parts or Parts()
        self.before = before

    @cached_property
    def bylines(self) -> list[Byline]:
        """The bylines in the order in which they are shown."""
        if self.parts.bylines is not None:
            return _in_order(self.parts.bylines)
        return self._stored("bylines", self.article.bylines.all)

    @cached_property
    def gallery(self) -> list[GalleryPhoto]:
        """The gallery in the order in which it is shown."""
        if self.parts.gallery is not None:
            return _in_order(self.parts.gallery)
        return self._stored("gallery", lambda: self.article.gallery.select_related("photo"))

    @cached_property
    def shares(self) -> list[Share]:
        if self.parts.shares is not None:
            return list(self.parts.shares)
        return self._stored("shares", self.article.shares.all)

    @cached_property
    def tags(self) -> list[Tag]:
        """The tags. Those with new names are created."""
        if self.parts.tags is not None:
            return Tag.for_names(self.parts.tags)
        return self._stored("tags", self.article.tags.all)

    def _stored(self, name: str, rows: Callable[[], Iterable[Any]]) -> list[Any]:
        if self.before:
            return list(getattr(self.before, name))
        return list(rows()) if self.article.pk else []

    @cached_property
    def lead_photo(self) -> Photo | None:
        """The lead photo, with its new texts."""
        photo = self.article.lead_photo
        for name, value in self.parts.photo_words.items() if photo else ():
            setattr(photo, name, value)
        return photo

    @property
    def photos(self) -> list[Photo]:
        """The lead photo, those of the gallery and those in the text, without duplicates."""
        lead = [self.lead_photo] if self.lead_photo else []
        inside = body.references(self.article.body).photos
        others = [row.photo for row in self.gallery] + (list(Photo.objects.filter(pk__in=inside)) if inside else [])
        return list({photo.pk: photo for photo in (*others, *lead)}.values()) if others else lead

    @property
    def changes_photo(self) -> bool:
        """Whether the lead photo is given other texts than it has."""
        if not self.parts.photo_words or not self.article.lead_photo_id:
            return False
        return not Photo.objects.filter(pk=self.article.lead_photo_id, **self.parts.photo_words).exists()

    def store(self) -> None:
        """Store the parts of a stored article. Writes each table at most once for added, changed and removed rows."""
        body_references.store(self.article)
        if self.parts.bylines is not None:
            self._store_rows(Byline, "bylines")
        if self.parts.gallery is not None:
            self._store_rows(GalleryPhoto, "gallery")
        if self.parts.shares is not None:
            self._store_rows(Share, "shares")
        if self.parts.tags is not None:
            self._store_tags()
        if self.parts.photo_words and self.lead_photo:
            self.lead_photo.save(update_fields=list(self.parts.photo_words))

    def _store_tags(self) -> None:
        known = {tag.pk for tag in self.before.tags} if self.before else set()
        wanted = {tag.pk for tag in self.tags}
        if known - wanted:
            TaggedArticle.objects.filter(content_object=self.article).exclude(tag__in=wanted).delete()
        new = [TaggedArticle(content_object=self.article, tag=tag) for tag in self.tags if tag.pk not in known]
        TaggedArticle.objects.bulk_create(new)

    def _store_rows(self, model: type[models.Model], name: str) -> None:
        """Replace the stored rows of one table by the new ones."""
        rows = getattr(self, name)
        known = {row.pk: row for row in getattr(self.before, name)} if self.before else {}
        kept = {row.pk for row in rows if row.pk}
        if gone := known.keys() - kept:
            model._default_manager.filter(pk__in=gone).delete()
        columns = (field.attname for field in model._meta.concrete_fields)
        names = [name for name in columns if name not in ("id", "article_id")]
        changed = [
            row
            for row in rows
            if row.pk in known and any(getattr(row, name) != getattr(known[row.pk], name) for name in names)
        ]
        for row in rows:
            row.article = self.article
        if changed:
            model._default_manager.bulk_update(changed, names)
        model._default_manager.bulk_create([row for row in rows if not row.pk])


def _in_order(rows: Sequence[_Row]) -> list[_Row]:
    """The rows by position. New rows without a position come last, in the given order, and get one."""
    last = max((row.position or 0 for row in rows), default=0)
    for row in rows:
        if not row.position:
            last += 1
            row.position = last
    return sorted(rows, key=lambda row: row.position)
