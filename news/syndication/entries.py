"""What feeds, sitemaps, structured data and the API have in common: how they present an article."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from news.content import body
from news.images import rendition_specs
from news.images.models import Photo
from news.models import Article, Author
from news.models.body_references import Shown, shown_in
from news.models.querysets import PlacementQuerySet
from regions.models import Region

from . import sharing_picture

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SHOWN = "_pekon_shown"  # attribute of articles: what readers see of the references in the texts loaded together
SUMMARY = 300
"""Characters of the text that are used as the summary of an article without one."""


def text(value: str) -> str:
    """`value` on one line, without the characters that XML 1.0 does not allow (section 2.2)."""
    return " ".join(_CONTROLS.sub("", value).split())


@dataclass(frozen=True)
class Picture:
    """The picture in previews of a shared page."""

    address: str
    type: str
    width: int
    height: int


@dataclass(frozen=True)
class PhotoPicture(Picture):
    """A photo as the picture in previews of its article."""

    photo: Photo


def summary(article: Article) -> str:
    """The article's summary, or else the beginning of its text, for which the body must be loaded."""
    if article.summary:
        return text(article.summary)
    return _beginning(article.body)


@lru_cache(maxsize=32)
def _beginning(text_of_article: str) -> str:
    """The beginning of a text. Cached, because a page says it several times: to search engines, chats and others."""
    words = text(body.plain(text_of_article))
    return words if len(words) <= SUMMARY else f"{words[:SUMMARY].rpartition(' ')[0]} …"


def body_html(article: Article) -> str:
    """The text as on the article's page, from dateline to sign-off, with absolute links.

    For an article that was loaded by `in_order`, whose photos and stories inside the text are loaded already.
    """
    return body.render(
        article.body,
        dateline=article.dateline,
        sign_off=article.sign_off,
        base=article.canonical_url,
        inserts=_inserts(article),
    )


def _inserts(article: Article) -> body.Inserts:
    """Photos and stories inside the text in plain HTML, because other programs do not know the page's styles."""
    shown: Shown = vars(article)[_SHOWN]

    def photo(key: int, caption: str) -> SafeString:
        found = shown.photos.get(key)
        if found is None:
            return SafeString()
        width = found.rendition_manifest["free"][-1]
        height = rendition_specs.height_at(width, found.size)
        address = f"{article.region.origin}{found.url('free', width)}"
        image = format_html('<img src="{}" width="{}" height="{}" alt="{}">', address, width, height, found.alt)
        credit = _("Photo: %(credit)s") % {"credit": found.credit} if found.credit else ""
        words = " ".join(filter(None, [caption or found.caption, credit]))
        return format_html(
            "<figure>{}{}</figure>", image, format_html("<figcaption>{}</figcaption>", words) if words else ""
        )

    def story(key: int) -> SafeString:
        found = shown.stories.get(key)
        link = '<p>{}: <a href="{}">{}</a></p>'
        return format_html(link, _("Read also"), found.canonical_url, found.title) if found else SafeString()

    return body.Inserts(photo, story)


def updated_at(article: Article) -> datetime:
    """The time of the last change that readers can see; never before the publication."""
    return max(article.publication_time, article.updated_at)


def share_picture(article: Article) -> PhotoPicture | None:
    """The lead photo's JPEG for sharing, of at most 300 KB (news.images.rendition_specs.SHARE)."""
    photo = article.lead_photo
    if photo is None or not photo.rendition_manifest:
        return None
    width, height = photo.rendition_manifest["share"]
    return PhotoPicture(f"{article.region.origin}{photo.share_url}", "image/jpeg", width, height, photo)


def edition_picture(region: Region) -> Picture:
    """The picture for an edition's pages, and for its articles without a photo."""
    return Picture(
        f"{region.origin}{sharing_picture.PATH}", sharing_picture.TYPE, sharing_picture.WIDTH, sharing_picture.HEIGHT
    )


def categories(article: Article) -> list[str]:
    """Section, label (so that paid texts are recognisable everywhere) and tags. No query for prefetched articles."""
    named = [article.section.name, article.label, *(tag.name for tag in article.tags.all())]
    return [text(name) for name in dict.fromkeys(named) if text(name)]


def title(article: Article) -> str:
    """The title. That of a supplied text begins with its label, because many programs show only the title."""
    return text(f"{article.label}: {article.title}" if article.is_supplied else article.title)


def author_address(author: Author, article: Article) -> str:
    return f"{article.region.origin}{author.get_absolute_url()}"


def newest(placements: PlacementQuerySet[Any], count: int) -> list[Article]:
    """The newest live articles of a list, with everything that entries need, in four queries."""
    rows = placements.live().newest_first().values_list("article_id", flat=True)[:count]
    return in_order(list(rows))


def in_order(ids: Iterable[int]) -> list[Article]:
    """The live articles among these, in this order, with everything that entries need."""
    ids = list(ids)
    loaded = Article.objects.live().for_page().in_bulk(ids)
    shown = shown_in(loaded.values())
    for article in loaded.values():
        vars(article)[_SHOWN] = shown
    return [loaded[pk] for pk in ids if pk in loaded]


def publication(region: Region) -> str:
    """The edition's name as registered with search engines."""
    return text(f"{settings.HOST_NAME.upper()} {region.short_name}" if region.parent_id else settings.HOST_NAME.upper())
