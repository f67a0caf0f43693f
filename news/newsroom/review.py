"""Review in one screen: a story with all that an editor decides by, the decision, and the next story that waits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import Article, Event
from news.models.querysets import State
from news.publishing import rules, versions, workflow
from news.publishing.checks.manuscript import Reader
from news.publishing.workflow import Act, Details
from news.readers import story_body
from pekon.plain_text import whole_number
from pekon.text_fields import PlainCharFormField
from regions.permissions import access
from regions.permissions.access import Permission

from . import article_saving, comments, last_seen, presence, previewing, review_queue, story_checks
from .article_form import LOCAL_TIME, LocalTimeInput
from .contents import Difference

ACTS = (Act.PUBLISH, Act.SCHEDULE, Act.RETURN)
"""The decisions of this page."""


class DecisionForm(forms.Form):
    """What the decisions need. Times are in the story's region's zone, which the view activates."""

    at = forms.DateTimeField(label=gettext_lazy("published at"), required=False, widget=LocalTimeInput())
    note = PlainCharFormField(
        label=gettext_lazy("What should the writer change?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@dataclass(frozen=True)
class Refusal:
    """Why a decision was not carried out. `act` is the one that was chosen; `differences` are what somebody else has
    stored meanwhile."""

    act: str
    reasons: list[str]
    differences: list[Difference]
    is_conflict: bool = False


def answer(
    request: HttpRequest, article: Article, reader: Reader, reload: Callable[[], Article | None]
) -> HttpResponse:
    """The page, or the answer to a decision. `reload` gives the story as it is stored now."""
    if not access.allowed(request.user, Permission.PUBLISH, article.region):
        raise PermissionDenied
    with timezone.override(article.region.zone):
        if request.method == "POST":
            return _decide(request, article, reader, reload)
        return _page(request, article, reader, DecisionForm(initial=_noted_time(article)))


def first(request: HttpRequest) -> HttpResponse:
    """Redirect to the story that has waited longest."""
    if not access.branches_for(request.user, Permission.PUBLISH):
        raise PermissionDenied
    return _go_on(request, review_queue.next_in_queue(request.user))


def _noted_time(article: Article) -> dict[str, str]:
    """The time that somebody typed for the story, if it is still to come."""
    moment = article.published_at
    return {"at": article.region.local(moment).strftime(LOCAL_TIME)} if moment and moment > timezone.now() else {}


# --- Deciding -------------------------------------------------------------------------------------------------


def _decide(
    request: HttpRequest, article: Article, reader: Reader, reload: Callable[[], Article | None]
) -> HttpResponse:
    pressed = request.POST.get("act", "")
    if pressed not in ACTS:
        raise Http404
    form = DecisionForm(request.POST)
    seen = whole_number(request.POST.get("version", ""), 8) or 0
    try:
        decided = workflow.perform(
            Act(pressed),
            article,
            actor=cast("User", request.user),
            details=_details(Act(pressed), form),
            seen_version=seen,
        )
    except ValidationError as error:
        newest = reload()
        if newest is None or not access.allowed(request.user, Permission.PUBLISH, newest.region):
            raise PermissionDenied from error
        refusal = _refusal(error, pressed, newest, seen)
        return _page(request, newest, reader, form, refusal, status=409 if refusal.is_conflict else 400)
    messages.success(request, _done(decided, Act(pressed), form))
    return _go_on(request, review_queue.next_in_queue(request.user, decided))


def _details(act: Act, form: DecisionForm) -> Details:
    """What was typed for the act. Raises ValidationError for a time that is none."""
    if not form.is_valid() and act == Act.SCHEDULE:
        raise ValidationError(form.errors["at"].as_data())
    typed = form.cleaned_data
    return Details(at=typed.get("at"), note=typed.get("note", ""))


def _refusal(error: ValidationError, act: str, newest: Article, seen: int) -> Refusal:
    if not isinstance(error, workflow.VersionConflict):
        return Refusal(act, error.messages, [])
    known = versions.at_number(newest, seen)
    return Refusal(act, error.messages, last_seen.since(known, newest) if known else [], is_conflict=True)


def _done(article: Article, act: Act, form: DecisionForm) -> SafeString:
    """What was done, with the way back to the story: the next one is on screen already."""
    return format_html(
        '<a href="{}">{}</a>: {}',
        reverse("admin:news_article_change", args=[article.pk]),
        article.title,
        article_saving.done(workflow.Saved(article, act), note=form.cleaned_data.get("note", "")),
    )


def _go_on(request: HttpRequest, story: int | None) -> HttpResponse:
    if story is None:
        messages.info(request, _("Nothing more waits for review."))
        return HttpResponseRedirect(reverse("admin:index"))
    return HttpResponseRedirect(reverse("admin:news_article_review", args=[story]))


# --- The page -------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    article: Article,
    reader: Reader,
    form: DecisionForm,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    notes = _notes(article)
    context = {
        **admin.site.each_context(request),
        "title": article.title,
        "subtitle": _("Review"),
        "original": article,
        "opts": article._meta,
        "form": form,
        "zone": timezone.localtime().tzname(),
        "refusal": refusal,
        "acts": [act for act in rules.offered(article, request.user) if act in ACTS],
        "may_edit": rules.may_edit(article, request.user),
        "state": State(article.state),
        "place": review_queue.place(request.user, article),
        "submitted": notes.get(Event.Verb.SUBMITTED),
        "returned": notes.get(Event.Verb.RETURNED),
        "news": last_seen.news(article, request.user),
        "people": presence.others(article, request.user),
        "presence_page": presence.REVIEW,
        "photo": article.lead_photo,
        "gallery": article.shown_gallery,
        "shares": article.shares.select_related("region"),
        "body_as_read": story_body.render(article),
        "checks": story_checks.findings({}, article, article.region, reader),
        "previewable": article.state in previewing.UNPUBLISHED,
        **comments.context(article, request.user, "review"),
    }
    last_seen.note(article, request.user)
    return TemplateResponse(request, "admin/news/article/review.html", context, status=status).render()


def _notes(article: Article) -> dict[str, Event]:
    """The newest submission and the newest return of the story, each with its note."""
    verbs = [Event.Verb.SUBMITTED, Event.Verb.RETURNED]
    events = article.events.filter(verb__in=verbs).select_related("actor").order_by("happened_at", "pk")
    return {event.verb: event for event in events}
