"""Builders: each makes the smallest valid object of its kind, and takes overrides by name.

The demo and the tests share them. They create objects through the project's own services (`regions.services`,
`news.publishing.workflow`, `news.images.uploads`).
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from news.adverts.models import Advert
from news.content.slugs import slug_for
from news.images import renditions
from news.images.models import Photo
from news.models import (
    Article,
    Author,
    Byline,
    FrontArrangement,
    FrontSlot,
    Section,
    Share,
    Status,
    Tag,
    TaggedArticle,
    Withdrawal,
)
from news.publishing import placements, workflow
from news.search import newsroom_documents
from regions import services
from regions.models import Assignment, Region

_numbers = count(1)
NETWORK: dict[str, Any] = {
    "kind": Region.Kind.NETWORK,
    "subdomain": "",
    "name": "Jaringan Pekon",
    "short_name": "Pekon",
    "code": "0",
    "is_open": True,
}


def make_network(**overrides: Any) -> Region:
    """The root region, open. If it exists already, that one is returned."""
    known = Region.objects.filter(kind=Region.Kind.NETWORK).first()
    return known or make_region(parent=None, **(NETWORK | overrides))


def make_region(subdomain: str, parent: Region | None, **overrides: Any) -> Region:
    """An open region below `parent`: a province below the network, a city below a province."""
    region = new_region(subdomain, parent, **overrides)
    services.save(region)
    return region


def new_region(subdomain: str, parent: Region | None, **overrides: Any) -> Region:
    """As `make_region`, but not stored."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "kind": Region.Kind.PROVINCE if parent and parent.kind == Region.Kind.NETWORK else Region.Kind.CITY,
        "name": subdomain.title(),
        "short_name": subdomain.title(),
        "code": f"9{number}",
        "timezone": parent.timezone if parent else Region.Zone.WIB,
        "is_open": True,
    }
    return Region(subdomain=subdomain, parent=parent, **(fields | overrides))


def make_section(name: str = "Politik", **overrides: Any) -> Section:
    section, _made = Section.objects.get_or_create(name=name, defaults={"slug": slug_for(name)} | overrides)
    return section


def make_user(username: str, role: str = "", region: Region | None = None, **overrides: Any) -> User:
    """An account for the newsroom, with a role in a region if both are given."""
    user = User.objects.create_user(username, password=overrides.pop("password", None), is_staff=True, **overrides)
    if role and region:
        Assignment.objects.create(user=user, region=region, role=role)
    return user


def make_author(name: str, region: Region, **overrides: Any) -> Author:
    return Author.objects.create(**({"name": name, "slug": slug_for(name), "region": region} | overrides))


def _usual_writer(region: Region) -> Author:
    """The region's default author."""
    slug = f"penulis-{region.pk}"
    return Author.objects.filter(slug=slug).first() or make_author("Linda Sari", region, slug=slug)


def make_article(
    region: Region,
    *,
    writers: list[Author] | None = None,
    tags: list[str] | None = None,
    shares: dict[Region, datetime | None] | None = None,
    **overrides: Any,
) -> Article:
    """A draft with a text and, unless `writers` says otherwise, one writer."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "title": f"Warga bergotong royong memperbaiki jembatan {number}",
        "body": "<p>Warga memperbaiki jembatan kayu yang rusak.</p>",
        "dateline": region.short_name,
    } | overrides
    fields.setdefault("slug", slug_for(fields["title"]))
    fields.setdefault("section", None)
    fields["section"] = fields["section"] or make_section()
    article = Article.objects.create(region=region, **fields)
    if writers is None:
        writers = [_usual_writer(region)]
    Byline.objects.bulk_create(
        Byline(article=article, author=author, position=position) for position, author in enumerate(writers, 1)
    )
    article.tags.set(Tag.for_names(tags or []))
    for shared, moment in (shares or {}).items():
        Share.objects.create(article=article, region=shared, published_at=moment)
    newsroom_documents.refresh([article.pk])
    return article


def make_live(region: Region, published_at: datetime | None = None, **overrides: Any) -> Article:
    """A live article, by default published an hour ago."""
    moment = published_at or timezone.now() - timedelta(hours=1)
    return workflow.import_as(make_article(region, **overrides), status=Status.APPROVED, published_at=moment)


def make_many(
    region: Region, count: int, *, offset: int = 0, tags: list[str] | None = None, **overrides: Any
) -> list[Article]:
    """`count` live articles of one author, a minute apart, newest first; stored in bulk.

    They are spread evenly over the existing sections. `offset` shifts times (in minutes) and numbers, so that a second
    call does not repeat those of the first.
    """
    now = timezone.now()
    sections = list(Section.objects.all()) or [make_section()]
    author = _usual_writer(region)
    stories = Article.objects.bulk_create(
        Article(
            **{
                "region": region,
                "section": sections[number % len(sections)],
                "title": f"Berita nomor {number}",
                "slug": f"berita-nomor-{number}",
                "body": "<p>Isi.</p>",
                "status": Status.APPROVED,
                "published_at": now - timedelta(minutes=number + 1),
            }
            | overrides
        )
        for number in range(offset, offset + count)
    )
    Byline.objects.bulk_create(Byline(article=story, author=author) for story in stories)
    TaggedArticle.objects.bulk_create(
        TaggedArticle(content_object=story, tag=tag) for tag in Tag.for_names(tags or []) for story in stories
    )
    for start in range(0, count, 1000):
        placements.rebuild(*[story.pk for story in stories[start : start + 1000]])
    return stories


def make_withdrawn(region: Region, reason: str = "Keterangan narasumber tidak benar.", **overrides: Any) -> Article:
    """An article that was live from yesterday until it was withdrawn an hour ago."""
    now = timezone.now()
    return workflow.import_as(
        make_article(region, **overrides),
        status=Status.WITHDRAWN,
        published_at=now - timedelta(days=1),
        withdrawal=Withdrawal(reason=reason, withdrawn_at=now - timedelta(hours=1)),
    )


def make_photo(region: Region, **overrides: Any) -> Photo:
    """The row of a photo that has a description, without any file."""
    fields = {"width": 900, "height": 600, "rendition_key": renditions.new_key(), "alt": "Jembatan kayu"} | overrides
    return Photo.objects.create(region=region, **fields)


def make_advert(region: Region, photo: Photo, **overrides: Any) -> Advert:
    """A paid advert between articles, live since an hour ago and for another day."""
    now = timezone.now()
    fields: dict[str, Any] = {
        "slot": Advert.Slot.INLINE,
        "advertiser": "Rumah Makan Pangkalan",
        "alt": "Rendang tahan tiga bulan, kirim ke seluruh Indonesia",
        "link": "https://example.com/rendang?dari=pekon",
        "starts_at": now - timedelta(hours=1),
        "ends_at": now + timedelta(days=1),
    }
    return Advert.objects.create(region=region, photo=photo, **(fields | overrides))


def share(article: Article, region: Region, published_at: datetime | None = None) -> None:
    """List the article in a further region."""
    Share.objects.create(article=article, region=region, published_at=published_at)
    placements.rebuild(article.pk)


def place(article: Article, region: Region, **overrides: Any) -> FrontSlot:
    """Put the article on the region's front page, as the lead unless told otherwise, behind what stands there."""
    arrangement = overrides.pop("arrangement", None) or arrange(region)
    fields = {"slot": FrontSlot.Slot.LEAD, "position": arrangement.slots.count() + 1} | overrides
    return FrontSlot.objects.create(arrangement=arrangement, region=region, article=article, **fields)


def arrange(region: Region, **overrides: Any) -> FrontArrangement:
    """The region's front page that has been there all along; with overrides, a further arrangement of it."""
    known = FrontArrangement.objects.in_force(region).first()
    begins_at = {"begins_at": datetime(2000, 1, 1, tzinfo=UTC)}
    return (not overrides and known) or FrontArrangement.objects.create(region=region, **(begins_at | overrides))
