"""What the story form's page shows besides the form's fields: which button comes first, which groups are open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.utils.translation import gettext as _

from news.images.models import Photo
from news.models import Article, Author, Status
from news.publishing.workflow import Act
from pekon.plain_text import whole_number

from .article_form import PHOTO_WORDS, ArticleForm
from .photo_rules import may_change

MOVES = (Act.RECALL, Act.THROW_AWAY, Act.BRING_BACK)
"""Acts that change where the story is and store nothing of the form. Their buttons stand beside it."""
_FORWARD = (Act.PUBLISH, Act.SUBMIT)
USUAL_LENGTH = 91
"""Letters of the median title of what the network has published."""
GROUPS = {
    "introduction": ("kicker", "summary"),
    "publication": ("expires_at", "embargo_until", "is_unverified"),
    "story-photo": ("lead_caption", "lead_credit"),
}
"""Groups of fields that are folded away while they are empty."""
KINDS = {
    "gallery": {Article.Kind.PHOTOS},
    "bylines": {Article.Kind.OPINION, Article.Kind.RELEASE},
}
"""Groups that belong to certain kinds of story."""


@dataclass(frozen=True)
class Mistake:
    """An error, and the id of the field that it belongs to (empty: to none)."""

    label: str
    text: str
    field_id: str


def main_act(acts: Iterable[Act], article: Article | None) -> Act | None:
    """What the person most likely does next; None is saving. A story that is approved already is mended."""
    if article and article.status == Status.APPROVED:
        return None
    return next((act for act in _FORWARD if act in acts), None)


def context(form: ArticleForm, article: Article | None, acts: list[Act], formsets: list[Any]) -> dict[str, Any]:
    """Inputs of templates/admin/news/article/change_form.html. `formsets` are the form's rows of each table."""
    photo = _photo_on_screen(form)
    return {
        "acts": acts,
        "bin_until": article and article.updated_at + timedelta(days=settings.BIN_DAYS),
        "main_act": main_act(acts, article),
        "usual_length": USUAL_LENGTH,
        "photo": photo,
        "photo_words_have_mistakes": any(form[name].errors for name in PHOTO_WORDS),
        "may_change_photo": photo is None or may_change(photo, form.actor),
        "question": form.question,
        "mistakes": mistakes(form, formsets),
        "opened": opened(form, formsets),
        "byline_hint": byline_hint(form.actor, article),
    }


def _photo_on_screen(form: ArticleForm) -> Photo | None:
    """The lead photo that the form shows, which may not be stored yet."""
    if "lead_photo" not in form.fields:
        return form.instance.lead_photo
    shown = str(form["lead_photo"].value() or "")
    if shown == str(form.instance.lead_photo_id):
        return form.instance.lead_photo
    return Photo.objects.filter(pk=whole_number(shown, 18) or 0).first() if shown else None


def mistakes(form: ArticleForm, formsets: list[Any]) -> list[Mistake]:
    """All errors of the form and of its rows, in the order of the fields."""
    if not form.is_bound or form.question:
        return []
    found = [Mistake("", str(text), "") for text in form.non_field_errors()]
    for formset in formsets:
        found += [Mistake("", str(text), "") for text in formset.non_form_errors()]
    for each in (form, *(row for formset in formsets for row in formset.forms)):
        for bound in each:
            found += [Mistake(str(bound.label), str(text), bound.id_for_label) for text in bound.errors]
        if each is not form:
            found += [Mistake("", str(text), "") for text in each.non_field_errors()]
    return found


def opened(form: ArticleForm, formsets: list[Any]) -> set[str]:
    """The groups that are shown open: those with content or mistakes, and those that belong to the story's kind."""
    kind = form["kind"].value() if "kind" in form.fields else ""
    names = {name for name, kinds in KINDS.items() if kind in kinds}
    for name, fields in GROUPS.items():
        shown = [form[field] for field in fields if field in form.fields]
        if any(field.value() or field.errors for field in shown):
            names.add(name)
    for rows in formsets:
        # The names of those in the byline stand beside its heading.
        has_content = rows.extra_forms if rows.prefix == "bylines" else rows.forms
        if has_content or rows.total_error_count():
            names.add("publication" if rows.prefix == "shares" else rows.prefix)
    return names


def byline_hint(person: User | AnonymousUser, article: Article | None) -> str:
    """Whose name a story gets if nobody is chosen: that of the person who makes it, if readers know them."""
    if article:
        return ""
    author = Author.objects.filter(user=person.pk).first()
    if author:
        return _("Empty: your name, %(name)s.") % {"name": author.name}
    return _("You have no author page yet, so choose the writer here. An editor can make you one under “Authors”.")
