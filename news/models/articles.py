"""The article. However many regions list it, it is one object with one address."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from news.content.richtext import BodyField
from news.content.slugs import MAX_LENGTH as SLUG_LENGTH
from news.images.models import Photo
from pekon.text_fields import PlainCharField
from regions.models import Region

from .gallery import GalleryPhoto
from .people import Author, Byline
from .querysets import ArticleQuerySet, Status
from .sections import Section
from .tags import TaggedArticle


class Article(models.Model):
    class Kind(models.TextChoices):
        NEWS = "news", _("news")
        FEATURE = "feature", _("feature")
        OPINION = "opinion", _("opinion")
        RELEASE = "release", _("press release")
        ADVERTORIAL = "advertorial", _("advertorial")
        PHOTOS = "photos", _("photo story")

    SUPPLIED = frozenset({Kind.RELEASE, Kind.ADVERTORIAL})
    """Kinds that the newsroom did not write. They lead a front page only if there is nothing else."""

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="articles",
        verbose_name=_("home region"),
        help_text=_("Its address carries the story. The province and the network list it by themselves."),
    )
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="articles", verbose_name=_("section"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.NEWS)
    kicker = PlainCharField(
        _("kicker"), max_length=60, blank=True, help_text=_("A few words above the title, like “Pilkada 2024”.")
    )
    title = PlainCharField(_("title"), max_length=200, validators=[MinLengthValidator(5)])
    slug = models.CharField(max_length=SLUG_LENGTH, editable=False)
    summary = PlainCharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One sentence for lists and search engines."),
    )
    dateline = PlainCharField(
        _("dateline"),
        max_length=60,
        blank=True,
        help_text=_("The place that opens the body. Do not repeat it in the text."),
    )
    body = BodyField(_("body"), blank=True)
    sign_off = PlainCharField(
        _("sign-off"), max_length=30, blank=True, default="(**).", help_text=_("Closes the last paragraph.")
    )
    lead_photo = models.ForeignKey(
        Photo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lead_of",
        verbose_name=_("lead photo"),
    )
    lead_caption = PlainCharField(
        _("its caption in this story"), max_length=300, blank=True, help_text=_("Empty: the photo's own.")
    )
    lead_credit = PlainCharField(
        _("its credit in this story"), max_length=100, blank=True, help_text=_("Empty: the photo's own.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("leaves the lists at"), null=True, blank=True, help_text=_("Usually empty."))
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("The story cannot be published or scheduled before that time."),
    )
    is_unverified = models.BooleanField(
        _("not verified yet"),
        default=False,
        help_text=_("Readers are told that the story still awaits the other side. Take it off as soon as you have it."),
    )
    # Time of the newest correction, so that pages need no query for it.
    corrected_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="articles",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source_key = models.CharField(
        max_length=100, null=True, unique=True, editable=False
    )  # the importer's own key, so that importing again updates this row
    authors = models.ManyToManyField(Author, through=Byline, related_name="articles")
    tags = TaggableManager(_("tags"), through=TaggedArticle, blank=True)

    objects = ArticleQuerySet.as_manager()

    state: str
    """A value of `State`. Only set after `with_state()`."""
    version_content: dict[str, object]
    """What a version of it is to hold. Only set while `news.publishing.versions` keeps one."""

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index("region", "status", F("published_at").desc(), name="article_desk"),
            # The orders of the newsroom's lists. What they filter by stands last: a rare value is found in the index.
            models.Index("status", F("updated_at").desc(), F("id").desc(), name="article_status"),
            models.Index(F("published_at").desc(), F("id").desc(), "status", "region", name="article_published"),
            models.Index(
                F("updated_at").desc(), F("id").desc(), "status", "section", "kind", "region", name="article_changed"
            ),
            models.Index(
                "region", F("updated_at").desc(), F("id").desc(), "status", "section", "kind", name="article_in_region"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="article_status_known"),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="article_has_title",
                violation_error_message=_("A story needs a title."),
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="article_slug_is_address_part"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.APPROVED, Status.WITHDRAWN]) | Q(published_at__isnull=False),
                name="article_approved_has_time",
                violation_error_message=_("An approved story needs a time of publication."),
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(expires_at=None) | Q(expires_at__gt=F("published_at")),
                name="article_ends_after_it_begins",
                violation_error_message=_(
                    "The story would leave the lists before it is published. Choose a later end, or none."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.APPROVED])
                | Q(embargo_until=None)
                | Q(published_at__gte=F("embargo_until")),
                name="article_keeps_its_embargo",
                violation_error_message=_("The story is under embargo until later than it is published."),
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="article_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if len(self.title.strip()) < 5:
            raise ValidationError({"title": _("Write a title of at least five letters.")})

    def get_absolute_url(self) -> str:
        """The path on the home region's host. It is written out instead of using `reverse()`, which is slow for lists
        with dozens of articles. news/readers/urls.py has the same pattern."""
        return f"/berita/{self.pk}/{self.slug}/"

    @property
    def canonical_url(self) -> str:
        """The article's only address, with scheme and host."""
        return f"{self.region.origin}{self.get_absolute_url()}"

    @property
    def short_url(self) -> str:
        """A short address for sharing, which redirects to the canonical one."""
        return f"{self.region.origin}/{self.pk}"

    @property
    def label(self) -> str:
        """The label that readers must see on paid and supplied texts, opinion and photo stories; otherwise empty."""
        return "" if self.kind == self.Kind.NEWS else str(self.get_kind_display()).capitalize()

    @property
    def has_a_time(self) -> bool:
        """Whether `published_at` is decided. Before approval it is only what somebody typed."""
        return self.status in (Status.APPROVED, Status.WITHDRAWN)

    @property
    def publication_time(self) -> datetime:
        """`published_at`, for callers that need a value. Raises ValueError if the article has none."""
        if self.published_at is None:
            raise ValueError(f"Article {self.pk} has no time of publication.")
        return self.published_at

    @property
    def is_supplied(self) -> bool:
        return self.kind in self.SUPPLIED

    @property
    def photos(self) -> models.QuerySet[Photo]:
        """Its lead photo, those of its gallery and those in its text."""
        inside = self.body_references.exclude(photo=None).values("photo")
        return Photo.objects.filter(
            Q(pk=self.lead_photo_id) | Q(pk__in=self.gallery.values("photo")) | Q(pk__in=inside)
        )

    @property
    def shown_gallery(self) -> list[GalleryPhoto]:
        """A photo story's photos that have renditions, in order. One query; none for articles of other kinds."""
        if self.kind != self.Kind.PHOTOS:
            return []
        return [use for use in self.gallery.select_related("photo") if use.photo.rendition_manifest]

    @property
    def writers(self) -> list[Author]:
        """The authors in the byline. No query after `for_page()`."""
        return [byline.author for byline in self.bylines.all() if byline.role == Byline.Role.WRITER]
