"""What a page is about, for search engines: schema.org in JSON-LD.

Sources: schema.org (NewsArticle, NewsMediaOrganization, BreadcrumbList, CollectionPage, ProfilePage, WebSite); Google's
required and recommended properties (developers.google.com/search/docs/appearance/structured-data/article and its
neighbours). Dates carry the region's offset.
"""

from collections.abc import Iterable
from typing import Any

from django.templatetags.static import static

from news.images import plans
from news.models import Article, Author, Correction
from regions.models import Region

from . import entries

Thing = dict[str, Any]
_WIDE = 1_200
"""Pixels that Google wants of a picture's width."""
POLICIES = {
    "ethicsPolicy": "/kode-etik/",
    "correctionsPolicy": "/koreksi/",
    "ownershipFundingInfo": "/tentang/",
    "masthead": "/redaksi/",
}
"""Property → the page of the edition that says it."""


def news_article(story: Article, corrections: Iterable[Correction] = ()) -> Thing:
    """A live story (read `for_page()`) and what was corrected on it."""
    region = story.region
    assert story.published_at is not None  # noqa: S101  (a live story has its time)
    thing: Thing = {
        "@context": "https://schema.org",
        "@type": "OpinionNewsArticle" if story.kind == Article.Kind.OPINION else _type_of(story),
        "@id": f"{story.canonical_url}#berita",
        "mainEntityOfPage": story.canonical_url,
        "url": story.canonical_url,
        "headline": entries.text(story.title),
        "description": entries.summary(story),
        "datePublished": region.local(story.published_at).isoformat(timespec="seconds"),
        "dateModified": region.local(entries.updated_at(story)).isoformat(timespec="seconds"),
        "author": [person(author, story) for author in story.writers] or [organization(region)],
        "publisher": organization(region),
        "articleSection": entries.text(story.section.name),
        "keywords": [entries.text(tag.name) for tag in story.tags.all()],
        "inLanguage": "id",
        "isAccessibleForFree": True,
        "contentLocation": {"@type": "Place", "name": entries.text(region.name)},
    }
    if story.dateline:
        thing["dateline"] = entries.text(story.dateline)
    if pictures := images(story):
        thing["image"] = pictures
    if corrections:
        thing["correction"] = [correction(made, region) for made in corrections]
    if story.is_supplied:
        thing["genre"] = story.label
    return thing


def _type_of(story: Article) -> str:
    return "AdvertiserContentArticle" if story.kind == Article.Kind.ADVERTORIAL else "NewsArticle"


def correction(made: Correction, region: Region) -> Thing:
    """A dated correction, as a CorrectionComment."""
    return {
        "@type": "CorrectionComment",
        "text": entries.text(made.text),
        "datePublished": region.local(made.made_at).isoformat(timespec="seconds"),
    }


def images(story: Article) -> list[str]:
    """The lead photo in each shape, as wide as it is there: those of 1,200 pixels and more, else the widest."""
    photo = story.lead_photo
    if photo is None or not photo.made:
        return []
    widest = [(photo.made[ratio][-1], ratio) for ratio in plans.RATIOS if photo.made.get(ratio)]
    chosen = [(width, ratio) for width, ratio in widest if width >= _WIDE] or [max(widest)]
    return [f"{story.region.origin}{photo.url(ratio, width)}" for width, ratio in chosen]


def person(author: Author, story: Article) -> Thing:
    return {
        "@type": "Person",
        "name": entries.text(author.name),
        "url": entries.author_address(author, story),
    }


def organization(region: Region) -> Thing:
    """The newsroom of an edition: what its masthead says."""
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{region.origin}/#redaksi",
        "name": entries.publication(region),
        "url": f"{region.origin}/",
        "logo": {"@type": "ImageObject", "url": f"{region.origin}{static('icon.svg')}"},
    }


def masthead(region: Region) -> Thing:
    """The edition's front page: the organization, with its policies."""
    policies = {name: f"{region.origin}{path}" for name, path in POLICIES.items()}
    parent = {"parentOrganization": organization(region.lineage[0])} if region.parent_id else {}
    return {"@context": "https://schema.org", **organization(region), **policies, **parent}


def website(region: Region) -> Thing:
    """The site, and where it is searched."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": entries.publication(region),
        "url": f"{region.origin}/",
        "inLanguage": "id",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{region.origin}/cari/?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(region: Region, last: list[tuple[str, str]]) -> Thing:
    """From the network down to this edition, and on to pages of it: (name, path); the last one is the page itself."""
    steps = [(above.short_name, f"{above.origin}/") for above in region.lineage]
    steps += [(name, f"{region.origin}{path}") for name, path in last]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": entries.text(name), "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def collection(region: Region, title: str, path: str, stories: list[Article]) -> Thing:
    """A list of stories."""
    return {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": entries.text(title),
        "url": f"{region.origin}{path}",
        "inLanguage": "id",
        "isPartOf": {"@type": "WebSite", "url": f"{region.origin}/", "name": entries.publication(region)},
        "mainEntity": {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "url": story.canonical_url}
                for place, story in enumerate(stories, 1)
            ],
        },
    }


def profile(region: Region, author: Author, path: str) -> Thing:
    """An author's page."""
    about = {"description": entries.text(author.bio)} if author.bio else {}
    return {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "url": f"{region.origin}{path}",
        "mainEntity": {
            "@type": "Person",
            "name": entries.text(author.name),
            "url": f"{region.origin}{path}",
            "worksFor": organization(region),
            **about,
        },
    }
