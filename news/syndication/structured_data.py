"""Structured data of pages for search engines: schema.org in JSON-LD.

Sources: schema.org (NewsArticle, NewsMediaOrganization, BreadcrumbList, CollectionPage, ProfilePage, WebSite); Google's
required and recommended properties (developers.google.com/search/docs/appearance/structured-data/article and its
neighbours). Dates carry the region's offset.
"""

from collections.abc import Iterable
from typing import Any

from django.templatetags.static import static

from news.images import rendition_specs
from news.models import Article, Author, Correction
from regions.models import Region

from . import entries

Thing = dict[str, Any]
_WIDE = 1_200
"""The smallest width in pixels that Google recommends for pictures."""
POLICIES = {
    "ethicsPolicy": "/kode-etik/",
    "correctionsPolicy": "/koreksi/",
    "ownershipFundingInfo": "/tentang/",
    "masthead": "/redaksi/",
}
"""Property → the edition's page with that policy."""


def news_article(article: Article, corrections: Iterable[Correction] = ()) -> Thing:
    """A live article (loaded with `for_page()`) with its corrections."""
    region = article.region
    thing: Thing = {
        "@context": "https://schema.org",
        "@type": "OpinionNewsArticle" if article.kind == Article.Kind.OPINION else _type_of(article),
        "@id": f"{article.canonical_url}#berita",
        "mainEntityOfPage": article.canonical_url,
        "url": article.canonical_url,
        "headline": entries.text(article.title),
        "description": entries.summary(article),
        "datePublished": region.local(article.publication_time).isoformat(timespec="seconds"),
        "dateModified": region.local(entries.updated_at(article)).isoformat(timespec="seconds"),
        "author": [person(author, article) for author in article.writers] or [organization(region)],
        "publisher": organization(region),
        "articleSection": entries.text(article.section.name),
        "keywords": [entries.text(tag.name) for tag in article.tags.all()],
        "inLanguage": "id",
        "isAccessibleForFree": True,
        "contentLocation": {"@type": "Place", "name": entries.text(region.name)},
    }
    if article.dateline:
        thing["dateline"] = entries.text(article.dateline)
    if pictures := images(article):
        thing["image"] = pictures
    if corrections:
        thing["correction"] = [correction(made, region) for made in corrections]
    if article.is_supplied:
        thing["genre"] = article.label
    return thing


def _type_of(article: Article) -> str:
    return "AdvertiserContentArticle" if article.kind == Article.Kind.ADVERTORIAL else "NewsArticle"


def correction(made: Correction, region: Region) -> Thing:
    """A dated correction, as a CorrectionComment."""
    return {
        "@type": "CorrectionComment",
        "text": entries.text(made.text),
        "datePublished": region.local(made.made_at).isoformat(timespec="seconds"),
    }


def images(article: Article) -> list[str]:
    """The addresses of the lead photo in each aspect ratio: widths of at least 1,200 pixels, or else the widest."""
    photo = article.lead_photo
    if photo is None or not photo.rendition_manifest:
        return []
    widest = [
        (photo.rendition_manifest[ratio][-1], ratio)
        for ratio in rendition_specs.RATIOS
        if photo.rendition_manifest.get(ratio)
    ]
    chosen = [(width, ratio) for width, ratio in widest if width >= _WIDE] or [max(widest)]
    return [f"{article.region.origin}{photo.url(ratio, width)}" for width, ratio in chosen]


def person(author: Author, article: Article) -> Thing:
    return {
        "@type": "Person",
        "name": entries.text(author.name),
        "url": entries.author_address(author, article),
    }


def organization(region: Region) -> Thing:
    """The organization behind an edition, from its masthead."""
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{region.origin}/#redaksi",
        "name": entries.publication(region),
        "url": f"{region.origin}/",
        "logo": {"@type": "ImageObject", "url": f"{region.origin}{static('icon.svg')}"},
    }


def masthead(region: Region) -> Thing:
    """The organization with its policies, for the edition's front page."""
    policies = {name: f"{region.origin}{path}" for name, path in POLICIES.items()}
    parent = {"parentOrganization": organization(region.lineage[0])} if region.parent_id else {}
    return {"@context": "https://schema.org", **organization(region), **policies, **parent}


def website(region: Region) -> Thing:
    """The edition's site, with the address of its search."""
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
    """The breadcrumbs from the network down to this edition, followed by `last`: (name, path) of pages in it, of which
    the last is the page itself."""
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


def collection(region: Region, title: str, path: str, articles: list[Article]) -> Thing:
    """A list of articles."""
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
                {"@type": "ListItem", "position": place, "url": article.canonical_url}
                for place, article in enumerate(articles, 1)
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
