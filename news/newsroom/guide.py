"""The guides of docs/ as pages of the newsroom, and which part of them helps on which page."""

from functools import cache
from itertools import pairwise
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pekon.release import RELEASE
from regions.permissions import access
from regions.permissions.access import Permission

FOLDER = settings.BASE_DIR / "docs"
FILES = {"wartawan": "journalists.md", "redaktur": "editors.md"}
"""Last part of a guide's address → its file."""
NAMES = {"wartawan": _("For journalists"), "redaktur": _("For editors")}
WRITERS = {
    "index": "",
    "news_article_add": "writing-a-story",
    "news_article_changelist": "writing-a-story",
    "news_article_change": "writing-a-story",
    "news_article_versions": "earlier-versions",
    "news_article_compare": "earlier-versions",
    "images_photo": "photos",
    "notice": "notices",
}
"""Name of an address, or how it begins → the part of the journalists' guide about it. The longest match counts."""
EDITORS = {
    "index": "the-desk",
    "adverts": "advertising-chief-editors",
    "auth_user": "people-chief-editors",
    "images_photo": "photos",
    "news_author": "people-chief-editors",
    "news_duty": "the-desk",
    "article_bulk": "several-stories-at-once",
    "front_": "the-front-page",
    "news_houserule": "house-style",
    "news_article_changelist": "finding-stories",
    "news_article_review": "review-in-one-screen",
    "news_article_versions": "versions-and-the-journal",
    "news_page": "what-an-edition-says-of-itself-chief-editors",
    "news_plannedidea": "the-schedule",
    "news_tag": "found-and-read",
    "notice": "notices",
    "numbers": "numbers",
    "regions_invitation": "people-chief-editors",
    "regions_masthead": "what-an-edition-says-of-itself-chief-editors",
    "schedule": "the-schedule",
    "search": "found-and-read",
}
"""As WRITERS, in the editors' guide."""


class Guide(NamedTuple):
    title: str
    body: SafeString


def help_url(request: HttpRequest) -> str:
    """The address of what the guides say about this page: the editors' guide for those who publish."""
    name = request.resolver_match.url_name or "" if request.resolver_match else ""
    first, second = ("redaktur", "wartawan"), ("wartawan", "redaktur")
    publishes = access.branches_for(request.user, Permission.PUBLISH)
    for guide in first if publishes else second:
        part = _part(EDITORS if guide == "redaktur" else WRITERS, name)
        if part is not None:
            return reverse("admin:guide", args=[guide]) + (f"#{part}" if part else "")
    return reverse("admin:guide", args=["redaktur" if publishes else "wartawan"])


def _part(parts: dict[str, str], name: str) -> str | None:
    found = max((key for key in parts if name.startswith(key)), key=len, default=None)
    return None if found is None else parts[found]


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One guide. Raises Http404 for one that does not exist."""
    if name not in FILES:
        raise Http404
    guide = read(name)
    others = [(NAMES[other], reverse("admin:guide", args=[other])) for other in FILES if other != name]
    context = {**admin.site.each_context(request), "title": NAMES[name], "guide": guide, "others": others}
    context["release"] = RELEASE
    return TemplateResponse(request, "admin/guide.html", context)


@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of the guides. Raises Http404 for one that does not exist."""
    path = FOLDER / "images" / f"{name}.webp"
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/webp", headers={"Cache-Control": "private, max-age=3600"})


@cache
def read(name: str) -> Guide:
    """A guide as HTML; its headings have the ids that GitHub gives them."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse((FOLDER / FILES[name]).read_text("utf-8"))
    title = tokens[1].content
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", slugify(words.content))
    for token in tokens:
        if token.children:
            token.children = [_for_the_newsroom(child) for child in token.children]
    body = markdown.renderer.render(tokens[3:], markdown.options, {})
    return Guide(title, mark_safe(body))  # Markdown of ours, without HTML


def _for_the_newsroom(token: Token) -> Token:
    """Pictures and other guides have addresses here; other documents are none of the newsroom's."""
    if token.type == "image":
        name = str(token.attrGet("src")).removeprefix("images/").removesuffix(".webp")
        token.attrSet("src", _address("guide_picture", name))
        token.attrSet("loading", "lazy")
    if token.type == "link_open":
        file, _hash, part = str(token.attrGet("href")).partition("#")
        guide = next((name for name, known in FILES.items() if known == file), None)
        if guide:
            token.attrSet("href", _address("guide", guide) + (f"#{part}" if part else ""))
        elif file.endswith(".md"):
            token.attrs = {}
    return token


def _address(view: str, name: str) -> str:
    return reverse(f"admin:{view}", settings.NEWSROOM_URLCONF, [name])
