"""Turns a submitted article form into one call of `workflow.save`."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from news.models import Article, Author, Byline, Correction, GalleryPhoto, Proposal, Share, Status
from news.publishing import workflow
from news.publishing.workflow import Act

from .article_form import ArticleForm


def save(
    form: ArticleForm,
    formsets: Iterable[BaseInlineFormSet[Any, Any, Any]],
    actor: User | AnonymousUser,
    *,
    is_new: bool,
    source_key: str | None = None,
    proposal: Proposal | None = None,
) -> workflow.Saved:
    """Store a valid form. Raises workflow.VersionConflict or PermissionDenied; then nothing is stored.

    `source_key` names a new story, so that its form makes no second one. `proposal` holds the changes that the form
    shows, if somebody else proposed them.
    """
    if is_new and source_key:
        form.instance.source_key = source_key
    return workflow.save(
        form.instance,
        actor=actor,
        parts=_parts(form, formsets, actor, is_new),
        act=_act(form),
        details=replace(_details(form), proposal=proposal),
        seen_version=None if is_new else form.cleaned_data.get("version"),
    )


def _act(form: ArticleForm) -> Act | None:
    """The act whose button was pressed. Without one, a changed time of an approved article schedules it anew."""
    if form.act:
        return form.act
    moved = "published_at" in form.changed_data and form.instance.status == Status.APPROVED
    return Act.SCHEDULE if moved else None


def _details(form: ArticleForm) -> workflow.Details:
    typed = form.cleaned_data
    return workflow.Details(
        at=typed.get("published_at"),
        note=typed.get("note", ""),
        reason=typed.get("reason", ""),
        correction_kind=typed.get("correction_kind") or Correction.Kind.ERRATUM,
        correction=typed.get("correction", ""),
    )


def _parts(
    form: ArticleForm,
    formsets: Iterable[BaseInlineFormSet[Any, Any, Any]],
    actor: User | AnonymousUser,
    is_new: bool,
) -> workflow.Parts:
    rows = {formset.model: _rows(formset) for formset in formsets}
    if is_new and not rows.get(Byline) and form.instance.kind not in Article.SUPPLIED:
        rows[Byline] = [Byline(author=author) for author in Author.objects.filter(user=actor.pk)]
    return workflow.Parts(
        bylines=rows.get(Byline),
        gallery=rows.get(GalleryPhoto),
        shares=rows.get(Share),
        tags=form.cleaned_data["tags"].split(",") if "tags" in form.cleaned_data else None,
        photo_words=form.photo_words,
    )


def _rows(formset: BaseInlineFormSet[Any, Any, Any]) -> list[Any]:
    """The rows to store: existing ones that are not deleted, and new ones that were filled in."""
    kept = [form for form in formset.initial_forms if form not in formset.deleted_forms]
    added = [form for form in formset.extra_forms if form.has_changed() and form not in formset.deleted_forms]
    return [form.instance for form in (*kept, *added)]


def in_words(saved: workflow.Saved, form: ArticleForm) -> tuple[int, Any]:
    """The level and text of the one message that says what was done, what was not, and what follows from that."""
    if saved.refusal:
        return messages.WARNING, format_html("{} {}", _("The text is stored, and nothing else:"), _refusal(saved, form))
    moment = saved.article.published_at
    if "published_at" in form.fields and moment and saved.act is None and saved.article.status != Status.APPROVED:
        noted = _("Saved. The time %(time)s is noted, but the story is not scheduled.")
        return messages.WARNING, noted % {"time": saved.article.region.clock(moment)}
    return messages.SUCCESS, done(saved, note=form.cleaned_data.get("note", ""))


def move(request: HttpRequest, article: Article, act: Act, seen: int) -> HttpResponse:
    """Do an act that stores nothing of the form. `seen` is the version that the person was looking at."""
    form = HttpResponseRedirect(reverse("admin:news_article_change", args=[article.pk]))
    try:
        moved = workflow.perform(act, article, actor=cast("User", request.user), seen_version=seen)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return form
    messages.success(request, done(workflow.Saved(moved, act)))
    return HttpResponseRedirect(reverse("admin:index")) if act == Act.THROW_AWAY else form


def done(saved: workflow.Saved, note: str = "") -> Any:
    """What was done, in words. `note` is what the person typed for the writer."""
    article = saved.article
    link = (article.canonical_url, article.title)
    match saved.act:
        case Act.SUBMIT:
            return _("The story is with the editors now.")
        case Act.RECALL:
            return _("The story is yours again. Submit it when it is ready.")
        case Act.THROW_AWAY:
            text = _("“%(title)s” is in the bin.") % {"title": article.title}
            there = reverse("admin:news_article_change", args=[article.pk])
            return format_html('{} <a href="{}">{}</a>', text, there, _("Look, or bring it back"))
        case Act.BRING_BACK:
            return _("The story is a draft again.")
        case Act.RETURN:
            if note.strip():
                return _("The story is back with its writer, with your note.")
            return _("The story is back with its writer, with your comments.")
        case Act.PUBLISH:
            return format_html('{} <a href="{}">{}</a>', _("Published:"), *link)
        case Act.SCHEDULE:
            return format_html("{} {}", _("Scheduled for"), article.region.clock(article.published_at))
        case Act.WITHDRAW:
            return _("The story is withdrawn; its address says why.")
        case Act.CORRECT:
            return format_html('{} <a href="{}">{}</a>', _("The correction stands on the story:"), *link)
    return _("Saved.")


def _refusal(saved: workflow.Saved, form: ArticleForm) -> str:
    """Why the act was refused. It repeats the text typed for the act, which is not stored."""
    if isinstance(saved.refusal, PermissionDenied) or saved.refusal is None:
        return _("What the button says is not yours to do with this story.")
    typed = " ".join(filter(None, (form.cleaned_data.get(name) for name in ("note", "reason", "correction"))))
    return " ".join(saved.refusal.messages) + (f" “{typed}”" if typed else "")
