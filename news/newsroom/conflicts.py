"""Two people with one story: merges a form that was opened before somebody else stored the story.

It works on what was posted, before Django reads it. What only the other person touched is put into the posted form, and
the form counts as opened now. If both touched the same, the form is shown again with both texts, and the typed one is
kept as a version that was set aside. Nothing here stores the article.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from news.content import body
from news.models import Article, ArticleVersion, Status
from news.models.tags import typed_names
from news.publishing import merging, versions
from news.publishing.versions import ROWS, Content
from pekon.plain_text import whole_number
from regions.models import Region

from . import contents
from .contents import Difference

CHOICE = "_use"
"""The name of the checkboxes that choose the other text. Their values are JSON: field or part → value."""
PHOTO_WORDS = ("photo_caption", "photo_credit", "photo_alt")
_TYPED = "%Y-%m-%dT%H:%M:%S"
_MOST_ROWS = 60


@dataclass(frozen=True)
class Choice:
    """A field or part with another text than the form has, and the value of the checkbox that takes it."""

    differences: list[Difference]
    value: str


@dataclass(frozen=True)
class Meeting:
    """What became of a form that met a newer version.

    `is_open`: the form has to be looked at again before it is stored.
    """

    newest: ArticleVersion | None
    conflicts: list[Choice] = field(default_factory=list)
    taken: list[Choice] = field(default_factory=list)
    taken_changes: dict[str, int] = field(default_factory=dict)
    is_open: bool = False


def concerns(request: HttpRequest, article: Article) -> bool:
    """Whether `settle` has something to do."""
    return CHOICE in request.POST or request.POST.get("version") != str(article.version)


def settle(request: HttpRequest, article: Article, form_class: "type[forms.ModelForm[Article]]") -> Meeting | None:
    """Merge the posted form with the stored article if it was opened before the newest version; changes the post.

    Returns None if there was nothing to merge.
    """
    post = request.POST.copy()
    _use_choices(post, article, form_class)
    request.POST = post  # type: ignore[assignment]
    opened = post.get("version", "")
    if opened == str(article.version):
        return None
    version = versions.at_number(article, whole_number(opened, 8) or 0)
    base, theirs = versions.content_of(version) if version else {}, versions.of_article(article)
    mine, unreadable = _read(post, form_class)
    changed_photo = theirs["lead_photo"] != base.get("lead_photo")
    if changed_photo and _types_words(post):  # they are about the photo that was there
        base = {name: value for name, value in base.items() if name != "lead_photo"}
    merged = merging.merge(base, mine, theirs)
    _write(post, article, form_class, {name: merged.content[name] for name in mine if name not in unreadable})
    post["version"] = str(article.version)
    if not merged.conflicts and not merged.taken:
        return None
    typed = theirs | {name: value for name, value in mine.items() if name not in unreadable}
    is_open = bool(merged.conflicts or post.get("_act") or _reschedules(article, mine, theirs))
    if merged.conflicts or not is_open:
        versions.set_aside(article, typed, number=version.number if version else article.version, actor=request.user)
    region = article.region
    return Meeting(
        newest=article.versions.stored().select_related("revision__user").first(),
        conflicts=[_choice(conflict.names, conflict.mine, conflict.theirs, region) for conflict in merged.conflicts],
        taken=[_choice([name], mine, merged.content, region, use=mine) for name in merged.taken],
        taken_changes=versions.changes(mine, {name: merged.content[name] for name in merged.taken}),
        is_open=is_open,
    )


def _types_words(post: QueryDict) -> bool:
    """Whether the photo's words in the form are others than it showed."""
    return any(post.get(name, "") != post.get(f"initial-{name}", "") for name in PHOTO_WORDS)


def _reschedules(article: Article, mine: Content, theirs: Content) -> bool:
    """Whether the form moves the time of a scheduled story, which is an act without a button."""
    return (
        article.status == Status.APPROVED and mine.get("published_at", theirs["published_at"]) != theirs["published_at"]
    )


def _choice(names: list[str], mine: Content, other: Content, region: Region, use: Content | None = None) -> Choice:
    differences = contents.compare(((name, mine[name], other[name]) for name in names), region)
    return Choice(differences, json.dumps({name: (use or other)[name] for name in names}))


def _use_choices(post: QueryDict, article: Article, form_class: "type[forms.ModelForm[Article]]") -> None:
    """Put the texts that were chosen into the form. They are checked like typed ones."""
    for raw in post.getlist(CHOICE):
        try:
            chosen = json.loads(raw)
            known = {name: chosen[name] for name in _names(post, form_class) if name in chosen}
            _write(post, article, form_class, known)
        except (TypeError, ValueError, AttributeError, KeyError):
            continue  # not from our form
    post.pop(CHOICE, None)


# --- The posted form as content -------------------------------------------------------------------------------


def _names(post: QueryDict, form_class: "type[forms.ModelForm[Article]]") -> list[str]:
    """The fields and parts that this form has."""
    fields = [name for name in (*versions.FIELDS, "tags") if name in form_class.base_fields]
    return fields + [part for part in ROWS if f"{part}-TOTAL_FORMS" in post]


def _read(post: QueryDict, form_class: "type[forms.ModelForm[Article]]") -> tuple[Content, set[str]]:
    """The posted values, and the names of those that are no valid values; these are left as they were typed."""
    values: Content = {}
    unreadable = set()
    for name in _names(post, form_class):
        if name in ROWS:
            values[name] = _read_rows(post, name)
            continue
        form_field = form_class.base_fields[name]
        raw = form_field.widget.value_from_datadict(post, {}, name)
        try:
            values[name] = _plain(name, form_field.clean(raw))
        except forms.ValidationError:
            values[name] = _row_value(name, str(raw or "")) if name in ("region", "section", "lead_photo") else str(raw)
            unreadable.add(name)
    if "body" in values:
        marks = {name: str(values.get(name, "")) for name in ("dateline", "sign_off")}
        values["body"] = body.tidy(values["body"], **marks)
    return values, unreadable


def _plain(name: str, value: Any) -> Any:
    if name == "tags":
        return sorted(typed_names(value))
    if name == "title":
        return " ".join(value.split())
    if isinstance(value, datetime):
        return versions.plain_time(value)
    return getattr(value, "pk", value)


def _read_rows(post: QueryDict, part: str) -> list[dict[str, Any]]:
    """The rows that the form would store. Empty ones and those to be deleted are left out."""
    total = post.get(f"{part}-TOTAL_FORMS", "")
    rows = []
    for number in range(min(whole_number(total, 8) or 0, _MOST_ROWS)):
        sent = {name: post.get(f"{part}-{number}-{name}", "") for name in ROWS[part]}
        is_filled = any(sent[name] for name in ROWS[part] if name not in ("position", "role"))
        if is_filled and not post.get(f"{part}-{number}-DELETE"):
            rows.append({name: _row_value(name, text.strip()) for name, text in sent.items()})
    return sorted(rows, key=_place)


def _place(row: dict[str, Any]) -> float:
    """Where a row stands; new rows without a position come last. Shares have none, and stand by region."""
    place = row.get("position", row.get("region"))
    return place if isinstance(place, int) else float("inf")


def _row_value(name: str, text: str) -> Any:
    if name in ("caption", "credit", "role"):
        return text
    if name == "published_at":
        try:
            moment = forms.DateTimeField(required=False).clean(text)
        except forms.ValidationError:
            return text
        return versions.plain_time(moment) if moment else None
    number = whole_number(text, 18)
    return text if number is None else number


# --- Content as a posted form ---------------------------------------------------------------------------------


def _write(post: QueryDict, article: Article, form_class: "type[forms.ModelForm[Article]]", values: Content) -> None:
    """Put these values into the post, as the form would send them for the stored article's rows."""
    for name, value in values.items():
        if name in ROWS:
            _write_rows(post, article, name, value)
        elif name == "tags":
            post[name] = ", ".join(value)
        elif isinstance(form_class.base_fields[name], forms.BooleanField):
            post.pop(name, None)
            if value:
                post[name] = "on"
        else:
            post[name] = _typed(name, value)


def _typed(name: str, value: Any) -> str:
    if name.endswith("_at") and value:
        return timezone.localtime(datetime.fromisoformat(value)).strftime(_TYPED)
    return "" if value is None else str(value)


def _write_rows(post: QueryDict, article: Article, part: str, rows: Iterable[dict[str, Any]]) -> None:
    for name in [name for name in post if name.startswith(f"{part}-") and name.split("-")[1].isdecimal()]:
        del post[name]
    wanted = {_identity(part, row): row for row in rows}
    sent: list[dict[str, Any]] = []
    for row in getattr(article, part).all():
        stored = versions.row_content(row, part)
        kept = wanted.pop(_identity(part, stored), None)
        sent.append({"id": row.pk} | (kept or stored | {"DELETE": "on"}))
    post[f"{part}-INITIAL_FORMS"] = str(len(sent))
    sent += wanted.values()
    post[f"{part}-TOTAL_FORMS"] = str(len(sent))
    for number, row in enumerate(sent):
        for name, value in (row | {"article": article.pk}).items():
            post[f"{part}-{number}-{name}"] = _typed(name, value)


def _identity(part: str, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in versions.IDENTITY[part])
