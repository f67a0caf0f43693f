"""Which photos and stories an article's text refers to, and what of them readers may see.

The text itself holds the references (news.content.body). The rows repeat them, so that the articles that show a photo
or a story are found, and are written only by `store`, with every new text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from news.content import body
from news.images.models import Photo

if TYPE_CHECKING:
    from .articles import Article


class BodyReference(models.Model):
    article = models.ForeignKey("news.Article", on_delete=models.CASCADE, related_name="body_references")
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, null=True, related_name="body_uses")
    story = models.ForeignKey("news.Article", on_delete=models.PROTECT, null=True, related_name="referring")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(photo=None, story__isnull=False) | Q(photo__isnull=False, story=None),
                name="body_reference_is_one",
            ),
            models.UniqueConstraint(fields=["article", "photo"], name="body_photo_once"),
            models.UniqueConstraint(fields=["article", "story"], name="body_story_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.photo_id or self.story_id}"


def store(article: Article) -> None:
    """Store the references of the article's text. A reference to a row that does not exist is left out."""
    found = body.references(article.body)
    rows = BodyReference.objects.filter(article=article)
    known = {(row.photo_id, row.story_id): row.pk for row in rows}
    if not known and found == body.References():
        return
    photos = Photo.objects.filter(pk__in=found.photos).values_list("pk", flat=True)
    stories = type(article)._default_manager.filter(pk__in=found.stories).values_list("pk", flat=True)
    wanted = {(pk, None) for pk in photos} | {(None, pk) for pk in stories}
    rows.filter(pk__in=[pk for key, pk in known.items() if key not in wanted]).delete()
    BodyReference.objects.bulk_create(
        BodyReference(article=article, photo_id=photo, story_id=story)
        for photo, story in sorted(wanted - known.keys(), key=str)
    )


@dataclass(frozen=True)
class Shown:
    """What readers see of the references in some texts: photos with renditions, and live stories."""

    photos: dict[int, Photo] = field(default_factory=dict)
    stories: dict[int, Article] = field(default_factory=dict)


def shown_in(articles: Iterable[Article]) -> Shown:
    """The photos and stories that these articles' texts show, in one query each, or none if there is nothing."""
    from .articles import Article

    found = [body.references(article.body) for article in articles]
    photos = {pk for each in found for pk in each.photos}
    stories = {pk for each in found for pk in each.stories}
    return Shown(
        {pk: photo for pk, photo in Photo.objects.in_bulk(photos).items() if photo.rendition_manifest}
        if photos
        else {},
        Article.objects.live().select_related("region").defer("body").in_bulk(stories) if stories else {},
    )
