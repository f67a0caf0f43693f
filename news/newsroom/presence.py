"""Who has a story open, in its form or to review it, and whose turn it is to write in the body.

A form asks every 15 to 20 seconds. The turn is a courtesy, not a lock: whoever starts to write takes it if nobody has
it, others ask for it, and get it when it is given, or when there is no answer for `ANSWER_SECONDS`. Whatever is saved
is decided by the article's version alone.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from news.models import Article, Presence
from regions.people import display_name

ANSWER_SECONDS = 20
REVIEW = "review:"
"""How the names of pages begin that show a story for review."""


@require_POST
def answer(request: HttpRequest, articles: "models.QuerySet[Article]", article: int) -> HttpResponse:
    """Note that the person is here, do what they ask (`do`), and say who is here. `articles`: those they may see.

    `do` is empty, `write` (starts to write), `ask` (for the turn), `give`, `keep` (the turn that was asked for), or
    `leave`. `page` names the opened page.
    """
    version = articles.filter(pk=article).values_list("version", flat=True).first()
    if version is None:
        raise Http404
    do, page = request.POST.get("do", ""), request.POST.get("page", "")[:40]
    person = request.user.pk or 0
    if do == "leave":
        _leave(article, person, page)
        return JsonResponse({"people": []})
    return JsonResponse(_state(_note(article, person, page, do), person) | {"version": version})


def _leave(article: int, person: int, page: str) -> None:
    """Let the person go, unless another page of theirs has asked since: what a page sends when left may come late.

    Until the row is gone they find their turn again, if they load the page anew and nobody has taken it meanwhile.
    """
    Presence.objects.filter(article=article, person=person, page=page).update(left_at=timezone.now())


def others(article: Article, person: User | AnonymousUser) -> list[str]:
    """What other people are doing with the story now, in words, in the order in which they came."""
    rows = Presence.objects.filter(article=article, left_at=None).exclude(person=person.pk)
    here = rows.filter(seen_at__gt=timezone.now() - Presence.GONE_AFTER).select_related("person")
    return [_in_words(row) for row in here.order_by("since", "pk")]


def _in_words(row: Presence) -> str:
    name = {"person": display_name(row.person)}
    if row.page.startswith(REVIEW):
        return _("%(person)s is reviewing this story.") % name
    if row.writing_since:
        return _("%(person)s is writing in this story.") % name
    return _("%(person)s has this story open.") % name


@transaction.atomic
def _note(article: int, person: int, page: str, do: str) -> list[Presence]:
    """Who is here now, in the order in which they came."""
    now = timezone.now()
    seen = {"seen_at": now, "page": page, "left_at": None}
    mine, _is_new = Presence.objects.update_or_create(
        article_id=article, person_id=person, defaults=seen, create_defaults=seen | {"since": now}
    )
    rows = Presence.objects.select_for_update(of=("self",)).filter(article=article).select_related("person")
    here = [row for row in rows.order_by("since", "pk") if _is_here(row, now)]
    mine = next(row for row in here if row.pk == mine.pk)
    writer = next((row for row in here if row.writing_since), None)
    if writer is None or writer.left_at:
        if do in ("write", "ask"):
            _pass(writer, mine, now)
    elif writer is mine:
        _answer_request(mine, here, do, now)
    else:
        _ask(writer, mine, here, do, now)
    return here


def _is_here(row: Presence, now: datetime) -> bool:
    """Whether the row's person is still here. If not, the row is deleted."""
    if now - row.seen_at < Presence.GONE_AFTER:
        return True
    row.delete()
    return False


def _answer_request(mine: Presence, here: list[Presence], do: str, now: datetime) -> None:
    asking = next((row for row in here if row.person_id == mine.asked_by_id), None)
    if do == "keep" and mine.asked_by_id:
        _put(mine, asked_by_id=None, asked_at=None)
    elif asking and (do == "give" or _is_unanswered(mine, now)):
        _pass(mine, asking, now)


def _ask(writer: Presence, mine: Presence, here: list[Presence], do: str, now: datetime) -> None:
    if do == "ask" and not writer.asked_by_id:
        _put(writer, asked_by_id=mine.person_id, asked_at=now)
    elif writer.asked_by_id == mine.person_id and _is_unanswered(writer, now):
        _pass(writer, mine, now)


def _is_unanswered(writer: Presence, now: datetime) -> bool:
    return writer.asked_at is not None and now - writer.asked_at >= timedelta(seconds=ANSWER_SECONDS)


def _pass(writer: Presence | None, to: Presence, now: datetime) -> None:
    if writer:
        _put(writer, writing_since=None, asked_by_id=None, asked_at=None)
    _put(to, writing_since=now)


def _put(row: Presence, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _state(known: list[Presence], person: int) -> dict[str, Any]:
    here = [row for row in known if not row.left_at]
    names = {row.person_id: display_name(row.person) for row in here}
    writer = next((row for row in here if row.writing_since), None)
    return {
        "people": [
            {
                "name": names[row.person_id],
                "initials": initials(names[row.person_id]),
                "since": row.since.isoformat(),
                "me": row.person_id == person,
                "words": _in_words(row),
                "writes": row is writer,
            }
            for row in here
        ],
        "writer": writer and names[writer.person_id],
        "mine": writer is not None and writer.person_id == person,
        "asked_by": names.get(writer.asked_by_id or 0) if writer else None,
        "asking": writer is not None and writer.asked_by_id == person,
    }


def initials(name: str) -> str:
    """The first letters of the first and the last word."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys([words[0], words[-1]])).upper() if words else "?"
