"""One story. It stays one object, with one address, however many regions list it."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from news.images.models import Photo
from news.querysets import ArticleQuerySet, Status
from news.richtext import BodyField
from news.slugs import MAX_LENGTH as SLUG_LENGTH
from regions.models import Region

from .gallery import GalleryPhoto
from .people import Author, Byline
from .sections import Section
from .tags import TaggedArticle


class Article(models.Model):  # type: ignore[django-manager-missing]
    class Kind(models.TextChoices):
        NEWS = "berita", _("news")
        FEATURE = "feature", _("feature")
        OPINION = "opini", _("opinion")
        RELEASE = "rilis", _("press release")
        ADVERTORIAL = "advertorial", _("advertorial")
        PHOTOS = "foto", _("photo story")

    SUPPLIED = frozenset({Kind.RELEASE, Kind.ADVERTORIAL})
    """Kinds that the newsroom did not write: they lead a front page only where nothing else is new."""

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="articles",
        verbose_name=_("home region"),
        help_text=_("Its address carries the story. The province and the network list it by themselves."),
    )
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="articles", verbose_name=_("section"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.NEWS)
    kicker = models.CharField(
        _("kicker"), max_length=60, blank=True, help_text=_("A few words above the title, like “Pilkada 2024”.")
    )
    title = models.CharField(_("title"), max_length=200, validators=[MinLengthValidator(5)])
    slug = models.CharField(max_length=SLUG_LENGTH, editable=False)
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One sentence for lists and search engines."),
    )
    dateline = models.CharField(
        _("dateline"),
        max_length=60,
        blank=True,
        help_text=_("The place that opens the body. Do not repeat it in the text."),
    )
    body = BodyField(_("body"), blank=True)
    sign_off = models.CharField(
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
    lead_caption = models.CharField(
        _("its caption in this story"), max_length=300, blank=True, help_text=_("Empty: the photo's own.")
    )
    lead_credit = models.CharField(
        _("its credit in this story"), max_length=100, blank=True, help_text=_("Empty: the photo's own.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False, db_index=True
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("leaves the lists at"), null=True, blank=True, help_text=_("Usually empty."))
    is_unverified = models.BooleanField(
        _("not verified yet"),
        default=False,
        help_text=_("Readers are told that the story still awaits the other side. Take it off as soon as you have it."),
    )
    corrected_at = models.DateTimeField(null=True, editable=False)  # of the newest correction: pages ask no table
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
    )  # what an importer made it from, so that importing again changes this row
    authors = models.ManyToManyField(Author, through=Byline, related_name="articles")
    tags = TaggableManager(_("tags"), through=TaggedArticle, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index("region", "status", F("published_at").desc(), name="article_desk"),
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
            models.CheckConstraint(condition=Q(version__gte=1), name="article_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if len(self.title.strip()) < 5:
            raise ValidationError({"title": _("Write a title of at least five letters.")})

    def get_absolute_url(self) -> str:
        """The path on the home region's host. Written out, like its neighbours': a list has dozens (news/urls.py)."""
        return f"/berita/{self.pk}/{self.slug}/"

    @property
    def canonical_url(self) -> str:
        """The story's only address, with scheme and host."""
        return f"{self.region.origin}{self.get_absolute_url()}"

    @property
    def short_url(self) -> str:
        """For sharing: redirects to the canonical address."""
        return f"{self.region.origin}/{self.pk}"

    @property
    def label(self) -> str:
        """What kind of story this is, where readers must be told: paid and supplied texts, opinion, photos."""
        return "" if self.kind == self.Kind.NEWS else str(self.get_kind_display()).capitalize()

    @property
    def is_supplied(self) -> bool:
        return self.kind in self.SUPPLIED

    @property
    def photos(self) -> models.QuerySet[Photo]:
        """Its lead photo and those of its gallery."""
        return Photo.objects.filter(Q(pk=self.lead_photo_id) | Q(pk__in=self.gallery.values("photo")))

    @property
    def shown_gallery(self) -> list[GalleryPhoto]:
        """A photo story's photos that have renditions, in order: one query, and none for stories of other kinds."""
        if self.kind != self.Kind.PHOTOS:
            return []
        return [use for use in self.gallery.select_related("photo") if use.photo.made]

    @property
    def writers(self) -> list[Author]:
        """Those named in the byline. Costs nothing after `for_page()`."""
        return [byline.author for byline in self.bylines.all() if byline.role == Byline.Role.WRITER]
