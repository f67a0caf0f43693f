"""Versions: an article as it was stored once, with its bylines, tags, gallery and shares.

django-reversion keeps the content (a revision with one version of the article); `ArticleVersion` says what the content
is: of which article, under which number, after which act. `news.publishing.versions` writes and reads both.
"""

from collections.abc import Callable

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from reversion.models import Revision

from .articles import Article
from .gallery import GalleryPhoto
from .journal import Event
from .people import Byline
from .placements import Share
from .querysets import Status


class ArticleVersionQuerySet(models.QuerySet["ArticleVersion"]):
    def stored(self) -> "ArticleVersionQuerySet":
        """Those that were once the article, without texts that were set aside."""
        return self.filter(is_set_aside=False)

    def with_content(self) -> "ArticleVersionQuerySet":
        """Loads what `versions.content_of` needs, so that it causes no query."""
        return self.select_related("revision").prefetch_related("revision__version_set")


class ArticleVersion(models.Model):
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="article_version")
    # Article.version after the act; of a text that was set aside, the version that it was typed over.
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status)
    # What somebody typed while another person stored the article: it was kept, and did not become the article.
    is_set_aside = models.BooleanField(_("set aside"), default=False)
    # Empty for a text that was set aside, and for one that was there before versions were kept.
    event = models.OneToOneField(Event, on_delete=models.PROTECT, null=True, related_name="version")
    # What differs from the version before: the name of a field or part → how many rows of it.
    changes = models.JSONField(default=dict)

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="version_counts_from_one"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="version_status_known"),
            models.CheckConstraint(
                condition=Q(is_set_aside=False) | Q(event__isnull=True), name="version_set_aside_has_no_act"
            ),
        ]

    def __str__(self) -> str:
        return gettext("version %(number)s") % {"number": self.number}

    @property
    def changes_in_words(self) -> str:
        return changes_in_words(self.changes)


_COUNTED: dict[str, Callable[[int], str]] = {
    "tags": lambda n: ngettext("%(n)s tag", "%(n)s tags", n),
    "bylines": lambda n: ngettext("%(n)s byline", "%(n)s bylines", n),
    "gallery": lambda n: ngettext("%(n)s photo of the gallery", "%(n)s photos of the gallery", n),
    "shares": lambda n: ngettext("%(n)s region", "%(n)s regions", n),
}


_TOLD_OTHERWISE = {"slug", "status"}
"""A slug follows from its title, a status from the act."""


def changes_in_words(changes: dict[str, int]) -> str:
    """What changed: “title, body, 2 tags”. Fields that the model does not have any more are left out."""
    fields = {field.name for field in Article._meta.concrete_fields} - _TOLD_OTHERWISE
    words = [
        _COUNTED[name](number) % {"n": number} if name in _COUNTED else label(name).lower()
        for name, number in changes.items()
        if name in _COUNTED or name in fields
    ]
    return ", ".join(words)


def label(name: str) -> str:
    """What a field or part of an article is called on screen."""
    parts = {"bylines": Byline, "gallery": GalleryPhoto, "shares": Share}
    if name in parts:
        return capfirst(str(parts[name]._meta.verbose_name_plural))
    return capfirst(str(Article._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
