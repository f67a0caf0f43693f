"""Gives a scheduled story another time, from the schedule. Dragging a story fills in and sends the same form."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from news.models import Article
from news.models.querysets import State
from news.publishing import rules, workflow
from news.publishing.workflow import Act, Details
from pekon.plain_text import whole_number
from regions import generations
from regions.permissions import form_keys

from .page import Refusal, Shown, answer, local_time, shown


@require_POST
def move(request: HttpRequest, story: int) -> HttpResponse:
    """Move a scheduled story to the time that was typed by the clock of the region on screen."""
    what = shown(request.user, request.POST)
    with generations.bumping():
        return form_keys.once(request, lambda: _move(request, what, story))


def _move(request: HttpRequest, what: Shown, key: int) -> HttpResponse:
    visible = Article.objects.filter(rules.readable_by(request.user), pk=key)
    article = visible.with_state().select_related("region").first()
    if article is None:
        raise Http404
    typed_day, typed_time = (request.POST.get(name, "") for name in ("date", "time"))
    try:
        moved = _perform(request, what, article, typed_day, typed_time)
    except (ValidationError, PermissionDenied) as refusal:
        return answer(request, what, Refusal(article, _reason(refusal), typed_day, typed_time))
    at = what.region.local(moved.publication_time)
    return HttpResponseRedirect(f"{what.at(at.date())}#story-{article.pk}")


def _perform(request: HttpRequest, what: Shown, article: Article, typed_day: str, typed_time: str) -> Article:
    """The article at its new time. Raises ValidationError and PermissionDenied; then nothing was stored."""
    at = local_time(typed_day, typed_time, what.region)
    if at is None:
        raise ValidationError(_("Choose a day and a time."))
    if article.state != State.SCHEDULED:
        raise ValidationError(
            _("Only a scheduled story can be moved. This one is %(state)s.") % {"state": State(article.state).label}
        )
    if at == article.publication_time.replace(microsecond=0):
        messages.info(request, _("The time is as it was."))
        return article
    seen = whole_number(request.POST.get("version", ""), 8) or 0
    # Nobody makes something else of the story in between: the version would be another one.
    moved = workflow.perform(
        Act.SCHEDULE, article, actor=cast("User", request.user), details=Details(at=at), seen_version=seen
    )
    messages.success(request, format_html("{} {}", _("Scheduled for"), article.region.clock(at)))
    return moved


def _reason(refusal: ValidationError | PermissionDenied) -> str:
    match refusal:
        case workflow.VersionConflict():
            return _("Somebody else has stored this story meanwhile. Look at its time here, then move it again.")
        case ValidationError():
            return " ".join(refusal.messages)
    return _("Only editors of its region move this story.")
