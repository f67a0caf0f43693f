"""Pages about an edition: static pages, corrections, the list of editions, and the offline page."""

from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from news.content import body, default_pages
from news.models import Correction, Page, Placement, Withdrawal
from news.readers import article_cache
from regions.generations.snapshot import Snapshot
from regions.models import Masthead, Region

from .base import Edition, ReaderPage

RECORDS = 50
"""The number of corrections on the page, and of withdrawals."""


@dataclass(frozen=True, kw_only=True)
class StaticPage(ReaderPage):
    """A page about the paper (news.models.Page)."""

    template: ClassVar[str] = "page.html"

    slug: str
    title: str
    body: SafeString
    masthead: Masthead | None
    """Only on the pages that show the staff and the contact details."""

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region, slug: str) -> "StaticPage":
        """With the region's own text, the nearest one above it, or Pekon's default text."""
        written = Page.objects.read_for(region, slug) or default_pages.read(slug)
        has_masthead = slug in (Page.Slug.MASTHEAD, Page.Slug.CONTACT)
        return cls(
            edition=Edition.read(snapshot, region),
            slug=slug,
            title=written.title,
            body=body.render(written.body, dateline="", sign_off=""),
            masthead=Masthead.objects.read_for(region) if has_masthead else None,
        )


@dataclass(frozen=True, kw_only=True)
class CorrectionsPage(ReaderPage):
    """The edition's corrections and withdrawals, the newest first."""

    template: ClassVar[str] = "corrections.html"

    title: str
    corrections: list[Correction]
    withdrawals: list[Withdrawal]

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region) -> "CorrectionsPage":
        listed = Placement.objects.live().in_region(region).values("article")
        made = Correction.objects.filter(article__in=listed).select_related("article__region")
        home = Region.objects.subtree_of(region)
        taken_back = Withdrawal.objects.public().filter(article__region__in=home).select_related("article__region")
        return cls(
            edition=Edition.read(snapshot, region),
            title=_("Corrections"),
            corrections=list(made[:RECORDS]),
            withdrawals=list(taken_back[:RECORDS]),
        )


@dataclass(frozen=True, kw_only=True)
class RegionsPage(ReaderPage):
    """The list of all editions."""

    template: ClassVar[str] = "regions.html"

    words: str
    """The words of the search; empty for all regions."""
    provinces: list[tuple[Region, list[Region]]]
    """Provinces, each with its open regions."""

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region, words: str) -> "RegionsPage":
        """With all open regions, or only those whose own name or province's name contains `words`."""
        everyone = Region.objects.open().with_parents().exclude(parent=None)
        matching = everyone.filter(short_name__icontains=words) | everyone.filter(parent__short_name__icontains=words)
        ordered = sorted(
            matching, key=lambda each: (each.lineage[1].short_name, each.kind != "province", each.short_name)
        )
        return cls(
            edition=Edition.read(snapshot, region),
            words=words,
            provinces=[(province, list(group)) for province, group in groupby(ordered, lambda each: each.lineage[1])],
        )


class OfflinePage(ReaderPage):
    """The page that the service worker shows without a connection. The worker adds links to the pages it has stored."""

    template = "offline.html"

    @classmethod
    def build(cls, snapshot: Snapshot, region: Region) -> "OfflinePage":
        """Without adverts, which browsers would store beyond their end."""
        return cls(edition=Edition(region, list(article_cache.sections(snapshot.shared).values())))
