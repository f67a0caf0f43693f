"""A story's versions on screen: their list, two of them beside each other, and restoring one.

Whoever sees the story sees its versions; whoever may edit it may restore one.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from news.models import Article, ArticleVersion
from news.models.versions import ArticleVersionQuerySet, changes_in_words
from news.publishing import restoring, rules, workflow
from news.publishing.versions import content_of, of_article
from pekon.plain_text import whole_number

from . import contents
from .conflicts import Meeting

IN_PANEL = 5
IN_LIST = 200


def latest(article: Article) -> list[ArticleVersion]:
    """The newest versions, for the panel beside the form."""
    return list(_rows(article)[:IN_PANEL])


def _rows(article: Article) -> ArticleVersionQuerySet:
    return article.versions.select_related("revision__user", "event")


def overview(request: HttpRequest, article: Article) -> HttpResponse:
    """The list, from which two versions are chosen to be compared."""
    rows = list(_rows(article)[:IN_LIST])
    return _page(request, article, "versions", title=_("Versions"), versions=rows, chosen=[row.pk for row in rows[:2]])


def compare(request: HttpRequest, article: Article) -> HttpResponse:
    """Two versions beside each other, the older one first; the story as it is stored now is newer than all.

    Asked for one alone, that one and what it replaced; for none, what the newest one replaced.
    """
    rows = _rows(article).with_content()
    newest = rows.stored().first()
    before, after = _asked(request, "before", rows), _asked(request, "after", rows)
    if before and after and before.pk > after.pk:
        before, after = after, before
    if before is None:
        after = after or newest
        before = rows.stored().filter(pk__lt=after.pk).first() if after else None
    there = content_of(before) if before else {}
    here = content_of(after) if after else of_article(article)
    return _page(
        request,
        article,
        "compare",
        title=_("What was changed"),
        before=before,
        after=after,
        differences=contents.compare_whole(there, here, article.region),
        restorable=[
            version
            for version in (before, after)
            if version and version != newest and rules.may_edit(article, request.user)
        ],
    )


def _asked(request: HttpRequest, name: str, rows: ArticleVersionQuerySet) -> ArticleVersion | None:
    pk = request.GET.get(name, "")
    if not pk:
        return None
    found = rows.filter(pk=whole_number(pk, 18) or 0).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, article: Article, name: str, **context: Any) -> HttpResponse:
    context |= {**admin.site.each_context(request), "article": article, "opts": article._meta}
    return TemplateResponse(request, f"admin/news/article/{name}.html", context)


def restore(request: HttpRequest, article: Article) -> HttpResponse:
    """Make a version the newest one again, if the story is still the one that the person was looking at."""
    pk, seen = request.POST.get("version", ""), request.POST.get("seen", "")
    version = article.versions.with_content().filter(pk=whole_number(pk, 18) or 0).first()
    if version is None:
        raise Http404
    try:
        actor = cast("User", request.user)
        restored = restoring.restore(version, actor=actor, seen_version=whole_number(seen, 8) or 0)
    except workflow.VersionConflict as conflict:
        messages.error(request, " ".join([*conflict.messages, _("Look at it, then restore the version again.")]))
        return HttpResponseRedirect(f"{_address(article, 'compare')}?before={version.pk}")
    messages.success(request, _("The story is as it was in %(version)s.") % {"version": version})
    if restored.missing:
        messages.warning(request, _("Did not come back: %(things)s.") % {"things": ", ".join(restored.missing)})
    return HttpResponseRedirect(_address(article, "change"))


def merger_in_words(meeting: Meeting, article: Article) -> SafeString:
    """What of somebody else's was taken over into a stored form, with the way to look at it and to undo it."""
    names = changes_in_words(meeting.taken_changes)
    text = _("While you were writing, somebody else changed: %(things)s. Both are stored now.") % {"things": names}
    return format_html('{} <a href="{}">{}</a>', text, _address(article, "versions"), _("Look or undo"))


def _address(article: Article, page: str) -> str:
    return reverse(f"admin:news_article_{page}", args=[article.pk])
