"""Tags: all spellings of a word are one row.

taggit identifies tags by name: "Pilkada" and "pilkada " would be two tags, and two simultaneous requests could create
the same tag twice. Here a unique key identifies a tag (`news.content.slugs.tag_key`), and its name is the spelling that
was typed first.
"""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from taggit.models import ItemBase, TagBase

from news.content.slugs import MAX_LENGTH, TAG_KEY_LENGTH, tag_key, tag_slug
from pekon.plain_text import tidy
from pekon.text_fields import PlainCharField

NAME_LENGTH = 100
_ATTEMPTS = 5  # to find a free slug, because another request may take one at the same moment


class Tag(TagBase):
    name = PlainCharField(pgettext_lazy("A tag name", "name"), unique=True, max_length=NAME_LENGTH)
    slug = models.SlugField(pgettext_lazy("A tag slug", "slug"), unique=True, max_length=MAX_LENGTH, allow_unicode=True)
    key = models.CharField(max_length=TAG_KEY_LENGTH, unique=True, editable=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name", "pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive key and slug of a new tag from its name. taggit's own `save()` also sets the slug."""
        self.key = self.key or tag_key(self.name)
        self.slug = self.slug or free_slug(self.name)
        super().save(*args, **kwargs)

    @classmethod
    def for_names(cls, names: Iterable[str]) -> list["Tag"]:
        """The tags with these present or former names, in order, without duplicates. Missing ones are created."""
        wanted: dict[str, str] = {}
        for name in names:
            tidied = tidy_name(name)
            if key := tag_key(tidied):
                wanted.setdefault(key, tidied)
        known = cls.by_key(wanted)
        tags = [known.get(key) or cls._make(key, name) for key, name in wanted.items()]
        return list(dict.fromkeys(tags))

    @classmethod
    def by_key(cls, keys: Iterable[str]) -> dict[str, "Tag"]:
        """The tags that have or formerly had these keys."""
        wanted = set(keys)
        tags: dict[str, Tag] = {tag.key: tag for tag in cls.objects.filter(key__in=wanted)}
        if missing := wanted - tags.keys():
            aliases = TagAlias.objects.filter(key__in=missing).select_related("tag")
            tags |= {alias.key: alias.tag for alias in aliases}
        return tags

    @classmethod
    def at(cls, address_part: str) -> "Tag | None":
        """The tag with this slug, or the one to which a former slug leads."""
        return cls.objects.filter(slug=address_part).first() or cls.moved_from(address_part)

    @classmethod
    def moved_from(cls, address_part: str) -> "Tag | None":
        """The tag to redirect to from an address that is not a tag's present one: a former slug, a tag's name, or a
        slug in capitals."""
        alias = TagAlias.objects.filter(slug=address_part.lower()).order_by("-pk").select_related("tag").first()
        if alias:
            return alias.tag
        same_slug = cls.objects.filter(slug=address_part.lower()).first()
        return same_slug or cls.by_key([tag_key(address_part)]).get(tag_key(address_part))

    @classmethod
    def _make(cls, key: str, name: str) -> "Tag":
        for _attempt in range(_ATTEMPTS):
            try:
                with transaction.atomic():
                    made: Tag = cls.objects.create(key=key, name=name, slug=free_slug(name))
                    return made
            except IntegrityError:
                found: Tag | None = cls.objects.filter(key=key).first()
                if found:  # a second request has just made it
                    return found
        raise IntegrityError(f"No free address for the tag {name!r}")

    def get_absolute_url(self) -> str:
        return f"/tag/{self.slug}/"


class TagAlias(models.Model):
    """A former name and slug of a tag, from before it was renamed, or of another tag that was merged into it.

    Typing the name still gives the tag, and the old address redirects to the tag's present one.
    """

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="aliases")
    name = PlainCharField(max_length=NAME_LENGTH, editable=False)
    key = models.CharField(max_length=TAG_KEY_LENGTH, unique=True, editable=False)
    slug = models.CharField(max_length=MAX_LENGTH, db_index=True, editable=False)

    class Meta:
        verbose_name = _("former name of a tag")
        verbose_name_plural = _("former names of tags")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


def tidy_name(name: str) -> str:
    """A tag's name as it is stored: on one line, without invisible characters."""
    return " ".join(tidy(name).split())[:NAME_LENGTH].strip()


def typed_names(text: str) -> list[str]:
    """The names in a field where commas part them, as they were typed."""
    return [name.strip() for name in text.split(",") if name.strip()]


def free_slug(name: str, *, of: Tag | None = None) -> str:
    """A slug for this name that no other tag has or had; `of` is the tag that is being renamed."""
    wanted = tag_slug(name)
    tags, aliases = Tag.objects.filter(slug__startswith=wanted), TagAlias.objects.filter(slug__startswith=wanted)
    if of:
        tags, aliases = tags.exclude(pk=of.pk), aliases.exclude(tag=of)
    taken = {*tags.values_list("slug", flat=True), *aliases.values_list("slug", flat=True)}
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted[: MAX_LENGTH - len(str(number)) - 1].rstrip('-')}-{number}"
    return slug


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
