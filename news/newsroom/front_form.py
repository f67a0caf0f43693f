"""The form of the front page desk: what it shows, how it is read, and its buttons that only rearrange what is shown.

Each story is a row of three fields (`lead-article`, `lead-starts`, `lead-ends`), in the order in which they stand. So
a script can move rows without numbering them, and without scripts the buttons post the whole form, which comes back
rearranged and not stored.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from news.models import Article, FrontArrangement, Placement
from news.models.querysets import State
from news.publishing.front_content import Content, Entry, Slot
from news.publishing.fronts import Seen
from news.readers.front_page import Front
from pekon.plain_text import whole_number
from regions.models import Region
from regions.people import display_name
from regions.permissions import access
from regions.permissions.access import Permission

_LOCAL = "%Y-%m-%dT%H:%M"
_YEARS = range(2000, 2200)


@dataclass(frozen=True)
class Row:
    """A placed story as the form shows it."""

    entry: Entry
    title: str
    state: str
    state_label: str
    region: str
    notes: list[str]
    starts: str
    ends: str
    address: str


@dataclass(frozen=True)
class SlotOnForm:
    name: str
    label: str
    help: str
    rows: list[Row]
    automatic: list[Article]
    """What fills the slot by itself."""
    followed: Article | None = None
    theirs: FrontArrangement | None = None
    """An arrangement by somebody else that has something different here, and `their_rows`."""
    their_rows: list[Row] | None = None


# --- Reading ----------------------------------------------------------------------------------------------------


def seen(post: QueryDict) -> Seen:
    """What the person had seen when the form was shown."""
    return Seen(whole_number(post.get("live", ""), 18), whole_number(post.get("prepared", ""), 18))


def posted(post: QueryDict, region: Region, known: list[Content], actor: User, now: datetime) -> Content:
    """The content that was sent. `known` is what was there before: its entries keep who placed them, and the seconds
    that the form does not show. Raises ValidationError for a time that is none."""
    before = {(slot, entry.article_id): entry for content in known for slot, entry in content}
    placed = {entry.article_id: entry for entry in before.values()}
    slots: dict[str, tuple[Entry, ...]] = {}
    for slot in Slot.values:
        entries: dict[int, Entry] = {}
        fields = (post.getlist(f"{slot}-{name}") for name in ("article", "starts", "ends"))
        for key, starts, ends in zip(*fields, strict=False):
            number = whole_number(key, 18)
            if number:
                old = before.get((slot, number)) or placed.get(number) or Entry(number, None, None, actor.pk, now)
                entries.setdefault(number, _with_times(old, starts, ends, region))
        slots[slot] = tuple(entries.values())
    return Content(slots, follows_lead=bool(post.get("follows_lead")))


def _with_times(entry: Entry, starts: str, ends: str, region: Region) -> Entry:
    shown = (for_input(entry.starts_at, region), for_input(entry.ends_at, region))
    return replace(
        entry,
        starts_at=entry.starts_at if starts == shown[0] else moment(starts, region),
        ends_at=entry.ends_at if ends == shown[1] else moment(ends, region),
    )


def moment(text: str, region: Region) -> datetime | None:
    """The time that was typed, in the region's zone; None if nothing was. Raises ValidationError."""
    if not text.strip():
        return None
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        local = datetime.min
    if local.tzinfo or local.year not in _YEARS:
        raise ValidationError(_("“%(text)s” is no time. Write it like 2026-11-28T18:00.") % {"text": text[:40]})
    return local.replace(tzinfo=region.zone)


def for_input(time: datetime | None, region: Region) -> str:
    """The time as a field shows it, in the region's zone: with seconds if it has any."""
    if time is None:
        return ""
    local = region.local(time)
    return local.strftime(f"{_LOCAL}:%S" if local.second else _LOCAL)


def rearranged(content: Content, act: str, added: Entry | None) -> Content | None:
    """The content after a button that moves, removes or adds one story (`up:lead:0`); None for other buttons. Above a
    slot's first story is the end of the slot before it, and below its last one the beginning of the next."""
    verb, _colon, where = act.partition(":")
    slot, _colon, place = where.partition(":")
    if slot not in Slot.values:
        return None
    rows = list(content[slot])
    if verb == "add":
        return content.with_entries(slot, [*_without(rows, added), added]) if added else content
    at = whole_number(place, 3)
    if at is None or at >= len(rows) or verb not in ("up", "down", "remove"):
        return content
    entry = rows.pop(at)
    to = at + {"up": -1, "down": 1, "remove": 0}[verb]
    if verb == "remove":
        return content.with_entries(slot, rows)
    if 0 <= to <= len(rows):
        return content.with_entries(slot, [*rows[:to], entry, *rows[to:]])
    number = Slot.values.index(slot) + (-1 if verb == "up" else 1)
    if number not in range(len(Slot.values)):
        return content
    other = Slot.values[number]
    there = _without(content[other], entry)
    moved = content.with_entries(slot, rows)
    return moved.with_entries(other, [*there, entry] if verb == "up" else [entry, *there])


def _without(rows: Any, entry: Entry | None) -> list[Entry]:
    return [row for row in rows if entry is None or row.article_id != entry.article_id]


# --- Showing ----------------------------------------------------------------------------------------------------


def slots(
    region: Region,
    content: Content,
    front: Front,
    at: datetime,
    user: User,
    theirs: dict[str, tuple[FrontArrangement, Content]],
) -> list[SlotOnForm]:
    """The slots of the form. `front` is the page that the content makes at `at`; `theirs` are slots that somebody else
    has filled differently."""
    rows = _Rows(region, front, at, user, [content, *(other for _by, other in theirs.values())])
    placed = {entry.article_id for _slot, entry in content}
    automatic = {
        Slot.LEAD: [front.lead] if front.lead and front.lead.pk not in placed else [],
        Slot.HEADLINE: [article for article in front.headlines if article.pk not in placed],
        Slot.PINNED: [article for article in front.latest if article.pk not in placed],
    }
    helps = {
        Slot.BREAKING: _("Above everything, three at most. Ends after six hours unless you say otherwise."),
        Slot.LEAD: _("The big one. With nothing placed, it is the newest story with a photo."),
        Slot.HEADLINE: _("Four stories. What you do not fill, the newest fill."),
        Slot.PINNED: _("Stay on top of the latest, however old they are."),
    }
    found = []
    for slot in Slot:
        filled: list[Article] = list(automatic.get(slot, []))
        followed = None
        if slot == Slot.LEAD and filled and front.follows:
            followed = filled.pop()
        other = theirs.get(slot)
        found.append(
            SlotOnForm(
                name=slot.value,
                label=str(slot.label),
                help=helps[slot],
                rows=rows.of(slot, content),
                automatic=filled,
                followed=followed,
                theirs=other[0] if other else None,
                their_rows=rows.of(slot, other[1]) if other else None,
            )
        )
    return found


class _Rows:
    """Makes rows of entries, with two queries for all of them."""

    def __init__(self, region: Region, front: Front, at: datetime, user: User, contents: list[Content]):
        self._region, self._at = region, at
        keys = {entry.article_id for content in contents for _slot, entry in content}
        listed = Placement.objects.filter(region=region, article__in=keys).values("article")
        mine = access.regions_for(user, Permission.EDIT)
        visible = Article.objects.filter(Q(pk__in=listed) | Q(region__in=mine), pk__in=keys)
        self._articles = {article.pk: article for article in visible.with_state(at).select_related("region")}
        self._people = _names({entry.placed_by_id for content in contents for _slot, entry in content})
        self._shown = {
            Slot.BREAKING: [article.pk for article in front.breaking],
            Slot.LEAD: [front.lead.pk] if front.lead else [],
            Slot.HEADLINE: [article.pk for article in front.headlines],
            Slot.PINNED: [article.pk for article in front.latest],
        }

    def of(self, slot: str, content: Content) -> list[Row]:
        return [self._row(slot, entry) for entry in content[slot]]

    def _row(self, slot: str, entry: Entry) -> Row:
        article = self._articles.get(entry.article_id)
        state = State(article.state) if article else None
        return Row(
            entry=entry,
            title=article.title if article else _("A story that this region does not list any more"),
            state=state.value if state else "",
            state_label=str(state.label) if state else "",
            region=article.region.short_name if article else "",
            notes=list(filter(None, [self._placed(entry), self._why_not_shown(slot, entry, article, state)])),
            starts=for_input(entry.starts_at, self._region),
            ends=for_input(entry.ends_at, self._region),
            address=article.canonical_url if article and state == State.LIVE else "",
        )

    def _placed(self, entry: Entry) -> str:
        who = self._people.get(entry.placed_by_id)
        when = self._region.clock(entry.placed_at)
        return _("placed by %(name)s, %(time)s") % {"name": who, "time": when} if who else ""

    def _why_not_shown(self, slot: str, entry: Entry, article: Article | None, state: State | None) -> str:
        """Why readers do not get the story in this slot at this time; empty if they do."""
        clock = self._region.clock
        if entry.article_id in self._shown[Slot(slot)]:
            return ""
        if entry.starts_at and entry.starts_at > self._at:
            return _("not shown: begins %(time)s") % {"time": clock(entry.starts_at)}
        if article and state == State.SCHEDULED:
            return _("not shown: published %(time)s") % {"time": clock(article.published_at)}
        if state != State.LIVE:
            return _("not shown: readers cannot open it")
        return _("not shown: it stands higher up, or the slot is full")


def _names(keys: set[int | None]) -> dict[int | None, str]:
    people = User.objects.in_bulk([key for key in keys if key])
    return {key: display_name(person) for key, person in people.items()}
