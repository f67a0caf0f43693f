"""Tags: one row for a word, however it is written.

taggit compares names; two editors who write "Pilkada" and "pilkada " would make two tags, and two requests at
once would make the same tag twice. Here the slug is the identity (accents, case and punctuation do not count).
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from news.slugs import slug_for


class Tag(TagBase):
    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name", "pk"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """taggit asks for the slug of a new tag here; it must be the one that `for_names` looks for."""
        return slug_for(tag) + (f"-{i}" if i else "")

    @classmethod
    def for_names(cls, names: Iterable[str]) -> list["Tag"]:
        """The tags with these names, made where they are new, in the order given and without doubles."""
        tags: dict[str, Tag] = {}
        for name in names:
            name = " ".join(name.split())[:100]
            slug = slug_for(name, fallback="")
            if slug and slug not in tags:
                # get_or_create takes the row that a second request has just made.
                tags[slug], _created = cls.objects.get_or_create(slug=slug, defaults={"name": name})
        return list(tags.values())

    def get_absolute_url(self) -> str:
        return f"/tag/{self.slug}/"


class TaggedArticle(ItemBase):
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="tagged_articles")
    content_object = models.ForeignKey(
        "news.Article", on_delete=models.CASCADE, related_name="tagged_articles", db_column="article_id"
    )

    class Meta:
        verbose_name = _("tag of an article")
        verbose_name_plural = _("tags of articles")
        constraints = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="tagged_article_once"),
        ]
