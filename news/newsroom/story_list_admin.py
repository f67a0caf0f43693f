"""The list of stories as a part of their ModelAdmin: columns, filters, search, and acts with several stories."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from news.models import Article
from news.models.querysets import ArticleQuerySet, State
from news.publishing import rules
from news.search import newsroom
from pekon.plain_text import whole_number
from regions import tree
from regions.permissions import access
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import ScopedAdmin

from . import article_filters, article_list, bulk_pages, saved_searches
from .article_filters import (
    DateOfFilter,
    MineFilter,
    PeriodFilter,
    SinceFilter,
    StateFilter,
    StoryRegionFilter,
    UntilFilter,
    WaitingFilter,
)
from .readable import Readable, readable

_MOST_COMPLETIONS = 40
"""Stories that a field with autocompletion finds."""
PLACEABLE = frozenset({State.LIVE, State.SCHEDULED})
"""The states of stories that can be placed on a front page."""


class StoryListAdmin(ScopedAdmin):
    list_display: Any = ["title", "state", "region", "section", "byline", "when", "changed"]
    list_filter = [
        MineFilter,
        StoryRegionFilter,
        StateFilter,
        "section",
        "kind",
        WaitingFilter,
        DateOfFilter,
        PeriodFilter,
        SinceFilter,
        UntilFilter,
    ]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the whole archive
    paginator = article_list.BoundedPaginator
    sortable_by = ["when", "changed"]
    search_fields = ["title"]  # only says that there is a search: get_search_results
    ordering = ["-updated_at", "-pk"]

    def visible_to(self, request: HttpRequest) -> models.Q:
        """Editors see all articles of their regions, writers their own."""
        return self._scope(request).condition if _is_list(request) else rules.readable_by(request.user)

    def _scope(self, request: HttpRequest) -> Readable:
        """Which articles the person may read, asked once for a request."""
        if not hasattr(request, "_readable_stories"):
            known = article_filters.regions_of(request) if _is_list(request) else None
            request._readable_stories = readable(request.user, known)  # type: ignore[attr-defined]
        return cast("Readable", request._readable_stories)  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("searches/", wrap(saved_searches.change), name="article_searches"),
            path("bulk/", wrap(lambda request: bulk_pages.run(request, self._stories)), name="article_bulk"),
            path(
                "bulk/result/",
                wrap(lambda request: bulk_pages.result(request, self._stories)),
                name="article_bulk_result",
            ),
            *super().get_urls(),
        ]

    @property
    def _stories(self) -> bulk_pages.Stories:
        field = Article._meta.get_field("section")
        return bulk_pages.Stories(self.get_queryset, lambda request: self.related_choices(field, request))

    def get_actions(self, request: HttpRequest) -> Any:
        return {} if IS_POPUP_VAR in request.GET else bulk_pages.actions(request, self._stories)

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **kw: Any) -> HttpResponse | None:
        """Answer 400 to keys that are no numbers, over which Django stumbles."""
        if not all(whole_number(key, 18) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            return HttpResponseBadRequest("Bad Request: a key is not a number\n", content_type="text/plain")
        return super().response_action(request, queryset, *args, **kw)

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, obj: Article) -> SafeString:
        """Django's box, with the version that the list shows."""
        box = super().action_checkbox(obj)
        return format_html('{}<input type="hidden" name="seen-{}" value="{}">', box, obj.pk, obj.version)

    def get_list_display(self, request: HttpRequest) -> Any:
        """The state of a story that this person may review leads to its review, and what they may place to a front
        page."""
        publishes = access.branches_for(request.user, Permission.PUBLISH)

        @admin.display(description=_("state"))
        def state(article: Article) -> SafeString:
            shown = self.state(article)
            if article.state != State.SUBMITTED or not any(
                tree.contains(path, article.region.path) for path in publishes
            ):
                return shown
            address = reverse("admin:news_article_review", args=[article.pk])
            return format_html('{} <a class="review-link" href="{}">{}</a>', shown, address, _("Review"))

        names = [state if name == "state" else name for name in self.list_display]
        return [*names, *(["front"] if publishes else [])]

    @admin.display(description=_("state"))
    def state(self, article: Article) -> SafeString:
        state = State(article.state)
        return format_html('<span class="state state-{}">{}</span>', state.value, state.label)

    @admin.display(description=_("author"))
    def byline(self, article: Article) -> str:
        return ", ".join(author.name for author in article.writers) or "–"

    @admin.display(description=_("published at"), ordering="published_at")
    def when(self, article: Article) -> str:
        return article.region.clock(article.published_at if article.has_a_time else None)

    @admin.display(description=_("changed at"), ordering="updated_at")
    def changed(self, article: Article) -> str:
        return article.region.clock(article.updated_at)

    @admin.display(description=_("front page"))
    def front(self, article: Article) -> SafeString | str:
        """The way to the page that puts the story on front pages, for stories that lists show now or later."""
        if article.state not in PLACEABLE:
            return "–"
        address = reverse("admin:front_place", args=[article.pk])
        return format_html('<a href="{}" aria-label="{}: {}">{}…</a>', address, _("Place"), article.title, _("Place"))

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: ArticleQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        is_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        related = ["region", "lead_photo__region"] if is_one else ["region", "section"]
        rows = rows.with_state().select_related(*related).prefetch_related("bylines", *(["tags"] if is_one else []))
        return rows if is_one else rows.defer("body")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[article_list.StoryList]:
        return article_list.StoryList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """The articles of `queryset` that the newsroom's search finds; for autocompletion also by the beginning of a
        word."""
        if not search_term.strip():
            return queryset, False
        if _is_list(request):
            return article_list.search(request, queryset, search_term, self._scope(request)), False
        found = newsroom.find(search_term, queryset.order_by(), limit=_MOST_COMPLETIONS)
        return queryset.filter(pk__in=[article.pk for article in found]), False

    def get_paginator(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> Any:
        paginator = cast("article_list.BoundedPaginator", super().get_paginator(request, queryset, *args, **kwargs))
        paginator.found = getattr(request, "story_results", None)
        return paginator

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        request.GET = article_list.without_empty(request.GET)  # type: ignore[assignment]
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            response.context_data |= article_list.context(request, response.context_data["cl"])
        return response


def _is_list(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == "news_article_changelist"
