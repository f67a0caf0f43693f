"""The list of stories: its search, its filters as one form, and counts that stay quick in a large archive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property

from news.models import Article
from news.search import newsroom
from news.search.engine import Results

from . import article_filters, saved_searches
from .readable import Readable

MOST = 1_000
"""Stories are counted, and pages offered, up to this many. Whoever looks for more narrows the list down."""
_DAYS = frozenset({"from", "to"})
_BOXES = frozenset({"mine"})


class SearchRequest(HttpRequest):
    """A request to the list, with what its search found."""

    story_results: Results | None


class BoundedPaginator(Paginator[Article]):
    """Counts no further than `MOST`, and not what a search has found."""

    found: Results | None = None

    @cached_property
    def _counted(self) -> int:
        if self.found:
            return len(self.found.ids)
        rows = cast("QuerySet[Article]", self.object_list)
        return rows.order_by().values("pk")[: MOST + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than `count`."""
        return self._counted > MOST


class StoryList(ChangeList):
    def get_ordering_field(self, field_name: Any) -> Any:
        """Sort by no column without an index."""
        return super().get_ordering_field(field_name) if field_name in (self.model_admin.sortable_by or ()) else None


@dataclass(frozen=True)
class Field:
    """A filter as a field of the form. `shape` is select, day or box."""

    name: str
    label: str
    shape: str
    value: str
    options: Sequence[tuple[str, str, bool]]


def search(request: HttpRequest, rows: QuerySet[Article], text: str, may_read: Readable) -> QuerySet[Article]:
    """The rows that the search finds, best first unless the list is sorted by a column."""
    results = newsroom.search(text, rows, [*may_read.tokens, *article_filters.tokens(request)])
    cast("SearchRequest", request).story_results = results
    found = rows.filter(pk__in=results.ids)
    if request.GET.get(ORDER_VAR) or not results.ids:
        return found
    return found.order_by(Case(*(When(pk=pk, then=Value(place)) for place, pk in enumerate(results.ids))))


def fields(changes: ChangeList, request: HttpRequest) -> Iterator[Field]:
    """The filters of the list, in their order."""
    for spec in changes.filter_specs:
        name = getattr(spec, "parameter_name", None) or spec.lookup_kwarg  # type: ignore[attr-defined]
        value = request.GET.get(name, "")
        choices = getattr(spec, "lookup_choices", None) or spec.field.flatchoices  # type: ignore[attr-defined]
        shape = "day" if name in _DAYS else "box" if name in _BOXES else "select"
        options = [(str(key), str(label), str(key) == value) for key, label in choices if str(key)]
        yield Field(name, str(spec.title), shape, value, options)


def context(request: HttpRequest, changes: ChangeList) -> dict[str, Any]:
    """Inputs of templates/admin/news/article/change_list.html beside Django's own."""
    shown = list(fields(changes, request))
    query = saved_searches.tidy(request.GET.urlencode())
    saved = saved_searches.of(request.user)
    results = getattr(request, "story_results", None)
    return {
        "fields": shown,
        "filtered": sum(bool(field.value) for field in shown),
        "kept": [(name, value) for name, value in changes.params.items() if name == ORDER_VAR or name.startswith("_")],
        "results": results,
        "suggested": results and saved_searches.tidy(f"{query}&{urlencode({SEARCH_VAR: results.suggestion})}"),
        "query": query,
        "saved": saved,
        "is_saved": any(each.query == query for each in saved),
        "is_cut": cast("BoundedPaginator", changes.paginator).is_cut,
        "most": MOST,
        "search_name": SEARCH_VAR,
    }


def without_empty(asked: QueryDict) -> QueryDict:
    """What the form asks, without the fields that were left empty."""
    filled = QueryDict(mutable=True)
    for name, values in asked.lists():
        if kept := [value for value in values if value]:
            filled.setlist(name, kept)
    return filled
