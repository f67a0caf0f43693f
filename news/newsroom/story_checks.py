"""The checks beside the story form: asked when it is opened, and by static/js/story/checks.js while somebody types.

The form's content (`form_content`) is all that they know, stored or not. They write nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2s
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse

from news.content import body, richtext
from news.images.models import Photo
from news.models import Article
from news.models.querysets import ArticleQuerySet
from news.models.tags import typed_names
from news.publishing.checks import registry
from news.publishing.checks.findings import Finding
from news.publishing.checks.manuscript import Manuscript, PhotoUse, Reader
from pekon.plain_text import whole_number
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from . import form_content
from .form_content import Content

MOST_PHOTOS = 60
LIST = "admin/news/article/components/checks_list.html"


@dataclass(frozen=True)
class Shown:
    """A finding as the panel shows it. `key` names it in the browser, as long as its words are the same."""

    finding: Finding
    key: str
    address: str = ""
    """Where the person can open the story that it is about."""


@dataclass(frozen=True)
class Findings:
    """What the panel shows: what stops the story first."""

    stopping: list[Shown]
    others: list[Shown]

    def __len__(self) -> int:
        return len(self.stopping) + len(self.others)


def answer(
    request: HttpRequest, content: Content, article: Article | None, region: Region, reader: Reader
) -> HttpResponse:
    """The findings as the list of the panel, in HTML, and their number."""
    found = findings(content, article, region, reader)
    return JsonResponse({"count": len(found), "html": render_to_string(LIST, {"checks": found}, request)})


def findings(
    content: Content, article: Article | None, region: Region, reader: Reader, *, dear: bool = True
) -> Findings:
    """What the checks find in a form with this content. What the form does not have is as the article has it."""
    manuscript = _manuscript(content, article, region, reader)
    shown = [_shown(finding) for finding in registry.findings(manuscript, dear=dear)]
    return Findings([each for each in shown if each.finding.stops], [each for each in shown if not each.finding.stops])


def reader_of(request: HttpRequest, articles: ArticleQuerySet, photos: "models.QuerySet[Photo]") -> Reader:
    return Reader(articles, photos, access.branches_for(request.user, Permission.PUBLISH))


def _shown(finding: Finding) -> Shown:
    story = finding.story
    identity = (finding.code, finding.field, finding.words or finding.message, str(story.pk) if story else "")
    address = ""
    if story:
        is_form = story.may_share or not story.address
        address = reverse("admin:news_article_change", args=[story.pk]) if is_form else story.address
    return Shown(finding, blake2s("\0".join(identity).encode(), digest_size=9).hexdigest(), address)


# --- From the form to the manuscript ----------------------------------------------------------------------------


def _manuscript(content: Content, article: Article | None, region: Region, reader: Reader) -> Manuscript:
    typed = _Typed(content, article, region)
    return Manuscript(
        region=region,
        reader=reader,
        title=" ".join(typed.text("title").split()),
        body=typed.body,
        article=article.pk if article else None,
        status=article.status if article else "draft",
        kicker=typed.text("kicker"),
        summary=typed.text("summary"),
        dateline=typed.text("dateline"),
        sign_off=typed.text("sign_off"),
        kind=typed.text("kind"),
        tags=typed.tags(),
        photos=list(typed.photos())[:MOST_PHOTOS],
        is_unverified=typed.is_ticked("is_unverified"),
        published_at=typed.moment("published_at"),
        embargo_until=typed.moment("embargo_until"),
    )


@dataclass
class _Typed:
    """Reads a form's content; falls back to the stored article for fields that the person's form does not have."""

    content: Content
    article: Article | None
    region: Region

    @cached_property
    def body(self) -> str:
        return richtext.clean(self.text("body"))

    def text(self, name: str) -> str:
        if name in self.content:
            return "".join(self.content[name][:1])
        return str(getattr(self.article, name)) if self.article else ""

    def is_ticked(self, name: str) -> bool:
        if name in self.content:
            return bool(self.content[name])
        return bool(self.article and getattr(self.article, name))

    def moment(self, name: str) -> datetime | None:
        """A time, in the region's zone as the form shows it. One that is half typed is none."""
        if name not in self.content:
            return getattr(self.article, name) if self.article else None
        try:
            typed = datetime.fromisoformat(self.text(name))
            return typed.replace(tzinfo=self.region.zone) if typed.tzinfo is None else None
        except ValueError:
            return None

    def tags(self) -> list[str]:
        if "tags" in self.content or self.article is None:
            return typed_names(self.text("tags"))
        return [tag.name for tag in self.article.tags.all()]

    def photos(self) -> Iterable[PhotoUse]:
        lead = whole_number(self.text("lead_photo"), 18) if "lead_photo" in self.content else self._stored_lead()
        if lead:
            yield PhotoUse(lead, "photo_alt", self._is_described(lead))
        for photo in body.references(self.body).photos:
            yield PhotoUse(photo, "body")
        for photo in self._gallery():
            yield PhotoUse(photo, "gallery")

    def _stored_lead(self) -> int | None:
        return self.article.lead_photo_id if self.article else None

    def _is_described(self, lead: int) -> bool | None:
        """What the form says of the photo, if it shows the words of that one."""
        if self.text_or_nothing("photo_words_of") != str(lead):
            return None
        return bool(self.text_or_nothing("photo_alt").strip() or self.content.get("photo_decorative"))

    def text_or_nothing(self, name: str) -> str:
        return "".join(self.content.get(name, [])[:1])

    def _gallery(self) -> list[int]:
        if "gallery-TOTAL_FORMS" in self.content:
            typed = [whole_number(row.get("photo", ""), 18) for row in form_content.rows(self.content, "gallery")]
            return [number for number in typed if number]
        return list(self.article.gallery.values_list("photo", flat=True)) if self.article else []


def context(form: Any, formsets: Iterable[Any], article: Article | None, region: Region, reader: Reader) -> Findings:
    """What the checks find in a form as it is shown. For somebody who only reads the article: in the article.

    Dear checks are left to the page's script, which asks for all of them soon after.
    """
    content = form_content.shown(form, formsets) if "body" in form.fields else {}
    return findings(content, article, region, reader, dear=False)
