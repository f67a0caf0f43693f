"""Where an article is listed: shares are an editor's decisions, placements are derived from them.

`news.publishing.placements` rebuilds the placements from the article, its region's ancestors and its shares; nobody
edits them. A placement repeats the article's times and section, so that every list is one range scan of one index. For
lists by tag, it is repeated for each tag of the article.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regions.models import Region

from .querysets import PlacementQuerySet


class Share(models.Model):
    """An editor's decision to list an article in a further region, at once or from a later time."""

    article = models.ForeignKey("news.Article", on_delete=models.CASCADE, related_name="shares")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="shares", verbose_name=_("region"))
    published_at = models.DateTimeField(
        _("from"), null=True, blank=True, help_text=_("Empty: as soon as the story itself is published.")
    )

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("also listed in")
        ordering = ["region__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "region"],
                name="share_once",
                violation_error_message=_("The story is shared with this region already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.region)


class Placement(models.Model):
    """The article is in the region's lists from `published_at` on."""

    article = models.ForeignKey("news.Article", on_delete=models.CASCADE, related_name="placements")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="placements")
    section = models.ForeignKey("news.Section", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-article_id"]
        indexes = [
            models.Index("region", F("published_at").desc(), F("article").desc(), name="placement_list"),
            models.Index(
                "region", "section", F("published_at").desc(), F("article").desc(), name="placement_section_list"
            ),
            models.Index("region", "expires_at", condition=Q(expires_at__isnull=False), name="placement_ends"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "region"], name="placement_once"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("published_at")),
                name="placement_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} @ {self.region_id}"


class TaggedPlacement(models.Model):
    """A placement once more for each tag of its article, so that a list by tag, too, is one range scan of one index."""

    pk = models.CompositePrimaryKey("article", "region", "tag")
    # The key's index finds the rows of an article, and the list's those of a tag.
    article = models.ForeignKey(
        "news.Article", on_delete=models.CASCADE, related_name="tagged_placements", db_index=False
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    tag = models.ForeignKey("news.Tag", on_delete=models.PROTECT, related_name="+", db_index=False)
    published_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    objects = PlacementQuerySet["TaggedPlacement"].as_manager()

    class Meta:
        ordering = ["-published_at", "-article_id"]
        indexes = [
            models.Index("tag", "region", F("published_at").desc(), F("article").desc(), name="tagged_placement_list"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} @ {self.region_id}, #{self.tag_id}"
