"""The pages of an act with many stories: the chosen ones before anything is done, and what became of each.

The list posts the chosen stories with the versions that it showed (`seen-<key>`), as one of Django's actions. The
result is kept in the session, so that loading its page anew does nothing again.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import Article, FrontSlot, Section
from news.models.querysets import State
from pekon.plain_text import whole_number
from pekon.text_fields import PlainCharFormField
from regions.models import Region
from regions.permissions import access, form_keys
from regions.permissions.access import Permission

from . import bulk
from .bulk import BulkAct, Typed

SESSION_KEY = "bulk_result"
Articles = QuerySet[Article]


class BulkForm(forms.Form):
    """What an act asks for once, for all of the stories."""

    note = PlainCharFormField(
        label=gettext_lazy("What should the writers change?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It may stay empty if your open comments beside the texts say it."),
    )
    reason = PlainCharFormField(
        label=gettext_lazy("Reason, for readers"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Their addresses go on answering, with this reason. This cannot be undone."),
    )
    section = forms.ModelChoiceField(Section.objects.none(), label=gettext_lazy("Section"))
    region = forms.ModelChoiceField(Region.objects.none(), label=gettext_lazy("Front page of"))
    slot = forms.ChoiceField(
        label=gettext_lazy("Slot"),
        choices=FrontSlot.Slot.choices,
        help_text=gettext_lazy("What stands there already comes after these stories."),
    )

    def __init__(self, act: BulkAct, sections: QuerySet[Section], person: Any, **kwargs: Any):
        super().__init__(**kwargs)
        self.fields = {name: self.fields[name] for name in act.fields}
        if "section" in self.fields:
            cast("Any", self.fields["section"]).queryset = sections
        if "region" in self.fields:
            cast("Any", self.fields["region"]).queryset = access.regions_for(person, Permission.PUBLISH)


def actions(request: HttpRequest, stories: "Stories") -> dict[str, tuple[Callable[..., Any], str, Any]]:
    """The acts as Django's list has them."""
    return {
        name: (partial(_choose, name, stories), name, act.label) for name, act in bulk.offered(request.user).items()
    }


class Stories:
    """What the list gives to these pages: the stories and the sections that the person may see."""

    def __init__(self, articles: Callable[[HttpRequest], Any], sections: Callable[[HttpRequest], Any]):
        self.articles, self.sections = articles, sections

    def chosen(self, request: HttpRequest) -> list[Article]:
        """The stories whose keys were posted, in the order of the list. Those that the person may not see are as good
        as not there."""
        return self.of(request, _posted_keys(request))

    def of(self, request: HttpRequest, keys: list[int]) -> list[Article]:
        known = self.articles(request).in_bulk(keys)
        return [known[key] for key in keys if key in known]


def _require_acts(request: HttpRequest) -> None:
    if not bulk.offered(request.user):
        raise PermissionDenied


def _posted_keys(request: HttpRequest) -> list[int]:
    numbers = (whole_number(text, 18) for text in request.POST.getlist(ACTION_CHECKBOX_NAME))
    return list(dict.fromkeys(number for number in numbers if number))


def _seen(request: HttpRequest, articles: list[Article]) -> dict[int, int]:
    return {story.pk: whole_number(request.POST.get(f"seen-{story.pk}", ""), 8) or 0 for story in articles}


# --- Before ---------------------------------------------------------------------------------------------------------


def _choose(name: str, stories: Stories, model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse:
    """The page that asks. It takes what was posted instead of Django's queryset, from which a filter drops what has
    changed since: that has to be named."""
    typed = {field: request.POST[field] for field in BulkForm.base_fields if field in request.POST}
    form = _form(request, stories, bulk.ACTS[name], initial=typed)
    return _ask(request, stories, name, form)


def _form(request: HttpRequest, stories: Stories, act: BulkAct, **kwargs: Any) -> BulkForm:
    return BulkForm(act, stories.sections(request), request.user, **kwargs)


def _ask(request: HttpRequest, stories: Stories, name: str, form: BulkForm, status: int = 200) -> HttpResponse:
    if refusal := _too_many(request):
        return refusal
    articles = stories.chosen(request)
    if not articles:
        messages.warning(request, _("Choose at least one story."))
        return _to_list(request)
    seen = _seen(request, articles)
    context = {
        **admin.site.each_context(request),
        "title": bulk.ACTS[name].label,
        "opts": Article._meta,
        "name": name,
        "act": bulk.ACTS[name],
        "form": form,
        "rows": [(story, State(story.state), seen[story.pk]) for story in articles],
        "query": _list_query(request),
    }
    return TemplateResponse(request, "admin/news/article/bulk_ask.html", context, status=status)


def _too_many(request: HttpRequest) -> HttpResponse | None:
    if len(_posted_keys(request)) <= bulk.MOST:
        return None
    messages.error(request, _("Choose %(most)s stories at most. Nothing was done.") % {"most": bulk.MOST})
    return _to_list(request)


def _list_query(request: HttpRequest) -> str:
    """The list's filters, so that the way back leads to the same rows."""
    return request.POST.get("list") or request.GET.urlencode()


def _to_list(request: HttpRequest) -> HttpResponse:
    query = _list_query(request)
    return HttpResponseRedirect(reverse("admin:news_article_changelist") + (f"?{query}" if query else ""))


# --- Doing ----------------------------------------------------------------------------------------------------------


def run(request: HttpRequest, stories: Stories) -> HttpResponse:
    """Do what was asked for, and redirect to the result."""
    _require_acts(request)
    if request.method != "POST":
        return _to_list(request)
    name = request.POST.get("act", "")
    act = bulk.ACTS.get(name)
    if act is None:
        raise Http404
    if name not in bulk.offered(request.user):
        raise PermissionDenied
    form = _form(request, stories, act, data=request.POST)
    if not form.is_valid():
        return _ask(request, stories, name, form, status=400)
    if refusal := _too_many(request):
        return refusal
    result = HttpResponseRedirect(reverse("admin:article_bulk_result"))
    if not form_keys.is_first(request):
        return result
    articles = stories.chosen(request)
    outcome = bulk.run(
        act,
        articles,
        seen=_seen(request, articles),
        actor=cast("User", request.user),
        typed=Typed(**form.cleaned_data),
    )
    request.session[SESSION_KEY] = {
        "act": name,
        "done": outcome.done,
        "refused": outcome.refused,
        "typed": {field: request.POST.get(field, "") for field in act.fields},
        "list": _list_query(request),
    }
    return result


# --- Afterwards -----------------------------------------------------------------------------------------------------


def result(request: HttpRequest, stories: Stories) -> HttpResponse:
    """What became of each story."""
    _require_acts(request)
    kept = request.session.get(SESSION_KEY) or {}
    reasons = dict(kept.get("refused", []))
    articles = {story.pk: story for story in stories.of(request, [*kept.get("done", []), *reasons])}
    act = bulk.ACTS.get(kept.get("act", ""))
    context = {
        **admin.site.each_context(request),
        "title": act.label if act else _("Result"),
        "opts": Article._meta,
        "name": kept.get("act"),
        "act": act,
        "done": [_row(articles[key]) for key in kept.get("done", []) if key in articles],
        "refused": [(*_row(articles[key]), reason) for key, reason in reasons.items() if key in articles],
        "typed": kept.get("typed", {}),
        "query": kept.get("list", ""),
    }
    return TemplateResponse(request, "admin/news/article/bulk_result.html", context)


def _row(story: Article) -> tuple[Article, State]:
    return story, State(story.state)
