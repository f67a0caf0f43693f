"""Previews of unpublished articles from the article's form, and links for people without an account."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from news.models import Article
from news.models.querysets import State
from news.publishing import previews
from news.publishing.readiness import TransitionError
from news.readers.pages import PreviewPage
from news.readers.views.previews import never_stored
from pekon.plain_text import whole_number

from .preview_links import lead_to_edition

UNPUBLISHED = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.SCHEDULED})
DAYS = (1, 3, previews.DAYS, previews.MAX_DAYS)


def context(article: Article | None) -> dict[str, Any]:
    """The template context for the form's preview buttons and links; `article` was loaded `with_state()`."""
    if article is None or article.state not in UNPUBLISHED:
        return {"previewable": False}
    links = [(link, previews.address(link)) for link in article.preview_links.valid()]
    return {"previewable": True, "preview_links": links, "preview_days": DAYS}


@never_stored
def preview(request: HttpRequest, article: Article) -> HttpResponse:
    """Show an unpublished article as readers will see it; redirect to the public address if it is or was live."""
    unpublished = Article.objects.for_page().filter(pk=article.pk).unpublished().first()
    if unpublished is None:
        return HttpResponseRedirect(article.canonical_url)
    return lead_to_edition(PreviewPage.of(unpublished).render(request), unpublished.region)


def make_link(request: HttpRequest, article: Article) -> HttpResponse:
    days = request.POST.get("days", "")
    try:
        previews.make(
            article,
            actor=cast("User", request.user),
            purpose=request.POST.get("purpose", "").strip(),
            days=int(days) if days in map(str, DAYS) else previews.DAYS,
        )
    except TransitionError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The link is ready: copy it below, and pass it on."))
    return _back(article)


def revoke_link(request: HttpRequest, article: Article) -> HttpResponse:
    pk = whole_number(request.POST.get("link", ""), 18)
    link = get_object_or_404(article.preview_links.all(), pk=pk or 0)
    previews.revoke(link, actor=cast("User", request.user))
    messages.success(request, _("The link is revoked: it opens nothing any more."))
    return _back(article)


def _back(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:news_article_change", args=[article.pk]))
