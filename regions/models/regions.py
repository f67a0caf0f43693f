"""Regions and their old subdomains.

The tree is small (some 550 nodes, three levels), so each region has its parent and a materialised path. Labels and
parents are changed through `regions.services`, which updates the paths of a whole branch in one transaction.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext_lazy as _

from pekon.text_fields import PlainCharField
from regions import hosts, tree


class RegionQuerySet(models.QuerySet["Region"]):
    def open(self) -> RegionQuerySet:
        """Regions that readers can visit."""
        return self.filter(is_open=True)

    def subtree_of(self, region: Region) -> RegionQuerySet:
        """The region and all regions below it."""
        return self.filter(path__startswith=region.path)

    def with_parents(self) -> RegionQuerySet:
        """Load the ancestors too, for breadcrumbs and zones."""
        return self.select_related("parent__parent")


def validate_label(label: str) -> None:
    """Raise ValidationError for a label that is invalid in DNS or reserved by Pekon."""
    match hosts.label_problem(label):
        case "malformed":
            raise ValidationError(
                _(
                    "“%(label)s” cannot be a web address. Use 1 to 63 small letters, digits or inner hyphens, "
                    "like “payakumbuh”."
                ),
                code="malformed",
                params={"label": label},
            )
        case "reserved":
            raise ValidationError(
                _("“%(label)s” is reserved for the site itself. Choose another label."),
                code="reserved",
                params={"label": label},
            )


class Region(models.Model):
    """A node of the tree network → province → regency or city. The root is the network itself."""

    class Kind(models.TextChoices):
        NETWORK = "network", _("network")
        PROVINCE = "province", _("province")
        REGENCY = "regency", _("regency")
        CITY = "city", _("city")

    class Zone(models.TextChoices):
        """The three zones of Indonesia (Keppres 41/1987)."""

        WIB = "Asia/Jakarta", "WIB"
        WITA = "Asia/Makassar", "WITA"
        WIT = "Asia/Jayapura", "WIT"

    class Accent(models.TextChoices):
        """The colour of an edition's woven band and links. All are legible in light and dark mode (static/css)."""

        BRICK = "brick", _("brick red")
        MARIGOLD = "marigold", _("turmeric")
        LEAF = "leaf", _("leaf green")
        LAKE = "lake", _("lake blue")
        SEA = "sea", _("sea green")
        INDIGO = "indigo", _("indigo")
        MANGOSTEEN = "mangosteen", _("mangosteen")
        COFFEE = "coffee", _("coffee")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = PlainCharField(_("full name"), max_length=100, help_text=_("With its kind: “Kota Payakumbuh”."))
    short_name = PlainCharField(
        _("name for readers"), max_length=100, unique=True, help_text=_("“Payakumbuh”; each name once.")
    )
    code = models.CharField(
        _("code"),
        max_length=13,
        unique=True,
        help_text=_("The Ministry of Home Affairs' code, like 13.76."),
        validators=[
            RegexValidator(r"^[0-9]+(\.[0-9]+)*\Z", _("Digits in groups with full stops between, like 13 or 13.76."))
        ],
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    path = models.CharField(_("path"), max_length=200, unique=True, editable=False)
    subdomain = models.CharField(
        _("label"),
        max_length=63,
        unique=True,
        blank=True,
        help_text=_("The first part of its address. The network has none."),
    )
    timezone = models.CharField(_("time zone"), max_length=20, choices=Zone, default=Zone.WIB)
    is_open = models.BooleanField(
        _("open to readers"), default=False, help_text=_("A closed region's address answers “not found”.")
    )
    tagline = PlainCharField(_("tagline"), max_length=120, blank=True)
    accent = models.CharField(
        _("colour"), max_length=10, choices=Accent, blank=True, help_text=_("Empty: that of the region above.")
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                "kind",
                condition=Q(kind="network"),
                name="region_one_network",
                violation_error_message=_("There is a network already. Give this region a parent and another kind."),
            ),
            models.CheckConstraint(
                condition=Q(kind="network", parent=None, path="/")
                | Q(kind="province", parent__isnull=False, path__regex=r"^/[^/]+/$")
                | Q(kind__in=["regency", "city"], parent__isnull=False, path__regex=r"^/[^/]+/[^/]+/$"),
                name="region_kind_fits_depth",
                violation_error_message=_(
                    "A province belongs to the network, a regency or city to a province, and nothing below that."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="network", subdomain="") | Q(subdomain__regex=hosts.LABEL_PATTERN),
                name="region_label_is_dns_label",
                violation_error_message=_(
                    "The label must be 1 to 63 small letters, digits or inner hyphens; only the network has none."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(subdomain__in=sorted(hosts.RESERVED_LABELS)),
                name="region_label_not_reserved",
                violation_error_message=_("This label is reserved for the site itself. Choose another."),
            ),
            models.CheckConstraint(
                condition=Q(path__endswith=Concat(F("subdomain"), Value("/"))),
                name="region_path_ends_with_label",
                violation_error_message=_("The path does not end with the label: save through regions.services."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def clean(self) -> None:
        """Set the path, and check that the region fits into the tree. Raises ValidationError."""
        if self.kind == self.Kind.NETWORK:
            if self.parent_id:
                raise ValidationError({"parent": _("The network is the root: leave this empty.")})
            if self.subdomain:
                raise ValidationError({"subdomain": _("The network has no label: leave this empty.")})
            self.path = tree.ROOT
            return
        if self.parent is None:
            raise ValidationError({"parent": _("Choose the region above: only the network has none.")})
        if self.parent_id == self.pk:
            raise ValidationError({"parent": _("A region cannot belong to itself. Choose another parent.")})
        if self.pk and self.kind != self.Kind.PROVINCE and self.children.exists():
            raise ValidationError({"kind": _("Regions belong to this province. Move them first.")})
        wanted = self.Kind.NETWORK if self.kind == self.Kind.PROVINCE else self.Kind.PROVINCE
        if self.parent.kind != wanted:
            raise ValidationError(
                {
                    "parent": _(
                        "%(kind)s needs a %(wanted)s above, and %(parent)s is a %(parent_kind)s. Choose another parent."
                    )
                    % {
                        "kind": self.get_kind_display().capitalize(),
                        "wanted": wanted.label,
                        "parent": self.parent,
                        "parent_kind": self.parent.get_kind_display(),
                    }
                }
            )
        try:
            validate_label(self.subdomain)
        except ValidationError as error:
            raise ValidationError({"subdomain": error}) from None
        alias = SubdomainAlias.objects.filter(label=self.subdomain).exclude(region_id=self.pk).first()
        if alias:
            raise ValidationError(
                {
                    "subdomain": _(
                        "“%(label)s” already leads to %(region)s as an old label. "
                        "Remove it there first, or choose another."
                    )
                    % {"label": self.subdomain, "region": alias.region}
                }
            )
        self.path = tree.child_path(self.parent.path, self.subdomain)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def local(self, moment: datetime) -> datetime:
        """The time in this region's zone."""
        return moment.astimezone(self.zone)

    def clock(self, moment: datetime | None) -> str:
        """The time in this region's zone as the newsroom shows it, with the zone's name: `23 Nov 2024 20:25 WIB`."""
        return format_date(self.local(moment), "j M Y H:i T") if moment else "–"

    @property
    def host(self) -> str:
        """Host with port, as in addresses."""
        return f"{self.subdomain}.{settings.DOMAIN}" if self.subdomain else settings.DOMAIN

    @property
    def host_name(self) -> str:
        """Host without port, as people read it: `payakumbuh.pekon.web.id`."""
        return self.host.partition(":")[0]

    @property
    def origin(self) -> str:
        """Scheme and host, without a path: `https://payakumbuh.pekon.web.id`."""
        return f"{settings.SCHEME}://{self.host}"

    @property
    def shown_accent(self) -> str:
        """The region's own colour, or that of the nearest region above. No query after `with_parents()`."""
        return next((region.accent for region in reversed(self.lineage) if region.accent), self.Accent.BRICK)

    @property
    def lineage(self) -> list[Region]:
        """The regions from the network down to this one. No query after `with_parents()`."""
        return [*self.parent.lineage, self] if self.parent else [self]


class SubdomainAlias(models.Model):
    """A further label of a region, such as a former one or a nickname, whose host redirects to the region's."""

    label = models.CharField(_("label"), max_length=63, unique=True, validators=[validate_label])
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("region"))

    class Meta:
        verbose_name = _("old label")
        verbose_name_plural = _("old labels")
        ordering = ["label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(label__regex=hosts.LABEL_PATTERN) & ~Q(label__in=sorted(hosts.RESERVED_LABELS)),
                name="alias_label_is_free_dns_label",
                violation_error_message=_("This label is malformed or reserved. Choose another."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        holder = Region.objects.filter(subdomain=self.label).first()
        if holder:
            raise ValidationError(
                {
                    "label": _("“%(label)s” is the label of %(region)s. Choose another.")
                    % {"label": self.label, "region": holder}
                }
            )
