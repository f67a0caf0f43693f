"""The words of several photos on one page, stored in one go.

Each photo is checked by itself: whether the person may change it, whether somebody else has changed its words since the
page was opened, and whether they are complete. What is in order is stored. The others stay on the page with the reason
and with everything that was typed.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from news.images.models import Photo
from news.models import Article
from pekon.plain_text import whole_number

from .photo_rules import NEEDS_DESCRIPTION, changeable, used_by

WORDS = ["caption", "credit", "alt", "is_decorative"]
CHOSEN = "photo"
"""The parameter that names the photos."""
MOST = 50


class WordsForm(forms.ModelForm[Photo]):
    """The words of one photo. `seen` stands for the words that the person was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Photo
        fields = WORDS

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for bound in self.visible_fields():
            bound.field.help_text = ""  # they would stand there for each photo


@dataclass
class Row:
    """One photo on the page; `photo` is None if the person cannot see it any more."""

    key: int
    photo: Photo | None
    form: WordsForm
    refusal: str | Promise = ""
    stored: dict[str, Any] = field(default_factory=dict)
    """What somebody else has stored meanwhile."""
    is_saved: bool = False
    may_change: bool = True
    name: str = field(init=False)
    """What the photo was called before anything was typed."""

    def __post_init__(self) -> None:
        self.name = str(self.photo) if self.photo else f"{_('photo')} {self.key}"

    @property
    def stored_texts(self) -> dict[str, str]:
        """What somebody else has stored, in words."""
        if not self.stored:
            return {}
        decorative = _("yes") if self.stored["is_decorative"] else _("no")
        return {name: value or "–" for name, value in self.stored.items()} | {"is_decorative": decorative}


def view(request: HttpRequest, visible: Q) -> HttpResponse:
    """The page. `visible` is the condition for photos that the person may see. Call it in the act's transaction."""
    is_sent = request.method == "POST"
    keys = _chosen(request.POST if is_sent else request.GET)
    rows = _stored_rows(request, keys, visible) if is_sent else _fresh_rows(request, keys, visible)
    left = [row for row in rows if not row.is_saved]
    if is_sent and len(left) < len(rows):
        _tell(request, len(rows) - len(left))
    if not left:
        if not is_sent:
            messages.warning(request, _("Choose photos first."))
        return redirect("admin:images_photo_changelist")
    context = {
        **admin.site.each_context(request),
        "title": _("Words of photos"),
        "rows": left,
        "refused": [row for row in left if row.refusal],
        "chosen": CHOSEN,
        "is_sent": is_sent,
        "may_save": any(row.may_change for row in left),
    }
    return TemplateResponse(request, "admin/images/photo/captions.html", context)


def _chosen(given: Any) -> list[int]:
    numbers = (whole_number(each, 18) for each in given.getlist(CHOSEN)[:MOST])
    return list(dict.fromkeys(number for number in numbers if number))


def _tell(request: HttpRequest, count: int) -> None:
    said = ngettext("The words of %(count)d photo are stored.", "The words of %(count)d photos are stored.", count)
    messages.success(request, said % {"count": count})


def _fresh_rows(request: HttpRequest, keys: list[int], visible: Q) -> list[Row]:
    photos = Photo.objects.select_related("region").filter(visible, pk__in=keys).in_bulk()
    mine = _mine(request, keys)
    rows = []
    for key in keys:
        if key not in photos:
            continue
        photo = photos[key]
        form = WordsForm(instance=photo, prefix=f"photo-{key}", initial={"seen": digest(_words(photo))})
        rows.append(_refuse(Row(key, photo, form), is_mine=key in mine))
    return rows


def _stored_rows(request: HttpRequest, keys: list[int], visible: Q) -> list[Row]:
    """Store what can be stored of the posted words."""
    locked = Photo.objects.select_for_update(of=("self",)).select_related("region")
    photos = locked.filter(visible, pk__in=keys).order_by("pk").in_bulk()
    mine, shown = _mine(request, keys), _shown_to_readers(photos)
    return [_store(request, key, photos.get(key), key in mine, key in shown) for key in keys]


def _store(request: HttpRequest, key: int, photo: Photo | None, is_mine: bool, is_shown: bool) -> Row:
    before = _words(photo) if photo else {}
    form = WordsForm(request.POST.copy(), instance=photo, prefix=f"photo-{key}")
    row = _refuse(Row(key, photo, form), is_mine=is_mine)
    if row.refusal:
        return row
    is_complete = form.is_valid()
    typed = {name: form.cleaned_data.get(name, before[name]) for name in WORDS}
    if is_complete and typed == before:
        row.is_saved = True
    elif form.cleaned_data["seen"] != digest(before):
        row.refusal = _("Somebody else has changed these words since you opened the page. Save again to replace them.")
        row.stored = before
        form.data[form.add_prefix("seen")] = digest(before)  # type: ignore[index]
    elif not is_complete:
        row.refusal = _("Correct what is marked.")
    elif is_shown and not (typed["alt"] or typed["is_decorative"]):
        form.add_error("alt", NEEDS_DESCRIPTION)
        row.refusal = _("Correct what is marked.")
    elif photo:
        changed = [name for name in WORDS if typed[name] != before[name]]
        photo.save(update_fields=changed)
        row.is_saved = True
        _log(request, photo, changed)
    return row


def _refuse(row: Row, *, is_mine: bool) -> Row:
    if row.photo is None:
        row.refusal, row.may_change = _("This photo is not among those that you may see."), False
    elif not is_mine:
        row.refusal, row.may_change = _("You may not change this photo's words: ask an editor of its region."), False
    return row


def _log(request: HttpRequest, photo: Photo, changed: list[str]) -> None:
    """The line of the photo's history that its own form would write."""
    admin.site._registry[Photo].log_change(request, photo, [{"changed": {"fields": changed}}])


def _mine(request: HttpRequest, keys: Iterable[int]) -> set[int]:
    return set(Photo.objects.filter(changeable(request.user), pk__in=keys).values_list("pk", flat=True))


def _shown_to_readers(photos: Iterable[int]) -> set[int]:
    """The photos that approved stories show, which have to be described."""
    approved = Article.objects.approved()
    return set(Photo.objects.filter(used_by(approved), pk__in=photos).values_list("pk", flat=True))


def _words(photo: Photo) -> dict[str, Any]:
    return {name: getattr(photo, name) for name in WORDS}


def digest(words: dict[str, Any]) -> str:
    """What tells these words from others."""
    return hashlib.blake2b(json.dumps(words).encode(), digest_size=16).hexdigest()
