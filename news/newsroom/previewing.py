"""Previews of a story from its form: for the newsroom itself, and links for people without an account."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from news import previews
from news.models import Article
from news.views.previews import kept_to_oneself, page

DAYS = (1, 3, previews.DAYS, previews.MOST_DAYS)


def context(article: Article | None) -> dict[str, Any]:
    """What the form shows of previews."""
    if article is None or not Article.objects.unpublished().filter(pk=article.pk).exists():
        return {"previewable": False}
    links = [(link, previews.address(link)) for link in article.preview_links.valid()]
    return {"previewable": True, "preview_links": links, "preview_days": DAYS}


@kept_to_oneself
def preview(request: HttpRequest, article: Article) -> HttpResponse:
    """Of what readers do not have; what they have or had is at its own address."""
    story = Article.objects.for_page().filter(pk=article.pk).unpublished().first()
    return page(request, story) if story else HttpResponseRedirect(article.canonical_url)


def make_link(request: HttpRequest, article: Article) -> HttpResponse:
    days = request.POST.get("days", "")
    try:
        previews.make(
            article,
            actor=cast("User", request.user),
            purpose=request.POST.get("purpose", "").strip(),
            days=int(days) if days in map(str, DAYS) else previews.DAYS,
        )
    except previews.Refused as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The link is ready: copy it below, and pass it on."))
    return _back(article)


def revoke_link(request: HttpRequest, article: Article) -> HttpResponse:
    pk = request.POST.get("link", "")
    link = get_object_or_404(article.preview_links.all(), pk=pk if pk.isdecimal() and len(pk) < 19 else 0)
    previews.revoke(link, actor=cast("User", request.user))
    messages.success(request, _("The link is revoked: it opens nothing any more."))
    return _back(article)


def _back(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:news_article_change", args=[article.pk]))
