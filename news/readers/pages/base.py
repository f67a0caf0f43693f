"""The base class of all page objects."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from news.adverts.models import Advert
from news.adverts.selection import PageAdverts
from news.models import Section
from news.readers import article_cache
from news.readers.templates import rendered
from news.syndication.structured_data import Thing
from regions.generations.snapshot import Snapshot
from regions.models import Region


@dataclass(frozen=True)
class Edition:
    """A region's site, with what all of its pages show."""

    region: Region
    sections: list[Section] = field(default_factory=list)
    """All sections, in the menu's order."""
    adverts: list[Advert] = field(default_factory=list)

    @classmethod
    def read(cls, snapshot: Snapshot, region: Region) -> "Edition":
        """The edition of a region, from memory or with two queries."""
        sections = article_cache.sections(snapshot.shared)
        return cls(region, list(sections.values()), article_cache.live_adverts(snapshot, region))


@dataclass(frozen=True, kw_only=True)
class ReaderPage:
    """A page of an edition. Its template extends base.html, which shows the attributes of this class."""

    template: ClassVar[str]
    status: ClassVar[int] = 200
    is_front: ClassVar[bool] = False
    """Whether the menu marks the front page as the present one."""
    is_archive: ClassVar[bool] = False

    edition: Edition
    current_section: Section | None = None

    @property
    def region(self) -> Region:
        return self.edition.region

    @property
    def network(self) -> Region:
        """The network that the region belongs to."""
        return self.region.lineage[0]

    @property
    def sections(self) -> list[Section]:
        return self.edition.sections

    @property
    def offline(self) -> bool:
        """Whether browsers store pages for reading offline."""
        return settings.SERVICE_WORKER

    @cached_property
    def adverts(self) -> PageAdverts:
        """The adverts, which templates take slot by slot. Error pages have none."""
        return PageAdverts(self.edition.adverts if self.status == 200 else [], self.advert_turn)

    @property
    def advert_turn(self) -> int:
        """The number that rotates equal adverts; by default it changes daily."""
        return self.region.local(timezone.now()).toordinal()

    @property
    def feeds(self) -> list[tuple[str, str]]:
        """(title, path) of the lists whose feeds the page links to: the edition's, and perhaps the page's own."""
        return [("", "/")]

    @property
    def card_title(self) -> str:
        """The title in link previews; empty for the edition's own name."""
        return str(getattr(self, "title", ""))

    @property
    def card_description(self) -> str:
        return str(getattr(self, "description", ""))

    @property
    def card_query(self) -> str:
        """The query string that belongs to the page's canonical address."""
        return ""

    def structured_data(self) -> list[Thing]:
        """The page's schema.org data; empty for pages that search engines need not list."""
        return []

    @property
    def max_age(self) -> int | None:
        """The seconds for which a shared cache may keep the page, if it changes without a bump of its region."""
        return None

    def render(self, request: HttpRequest) -> HttpResponse:
        html = rendered(self.template, {"page": self, "path": request.path})
        response = HttpResponse(html, status=self.status)
        if self.max_age is not None:
            response["Cache-Control"] = f"s-maxage={self.max_age}"
        return response
