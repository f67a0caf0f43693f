"""The ModelAdmin of articles: their form and its buttons. The list is `StoryListAdmin`'s."""

import json
from typing import Any, cast

from adminsortable2.admin import SortableAdminBase
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from js_asset import Media as EditorMedia

from news.content.richtext import BodyField
from news.models import Article, Author
from news.models.querysets import State
from news.publishing import rules, workflow
from news.publishing.comments import move_anchors
from news.publishing.workflow import Act
from news.readers import story_body
from pekon.plain_text import whole_number
from regions import tree
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

from . import (
    article_page,
    article_saving,
    article_statistics,
    comments,
    conflicts,
    form_content,
    pickers,
    previewing,
    review,
    story_checks,
    tag_suggestions,
    typed_forms,
    unsaved_input,
    versions,
    working_copies,
)
from .article_form import LOCAL_TIMES, ArticleForm, TakenUpload
from .article_rows import BylineInline, GalleryInline, ShareInline
from .body_input import BodyInput
from .photo_rules import store_upload
from .scripts import as_answer
from .story_list_admin import PLACEABLE, StoryListAdmin
from .writing import AlreadyStored, WritingAdmin, WritingRequest


class ArticleRequest(WritingRequest):
    """A request to the article form, with the results of handling it."""

    written_in: Region | None
    """The region in whose zone the form's times are shown."""
    upload: TakenUpload
    saved: workflow.Saved | None
    meeting: conflicts.Meeting | None


@admin.register(Article)
class ArticleAdmin(SortableAdminBase, StoryListAdmin, WritingAdmin):
    form = ArticleForm
    formfield_overrides = LOCAL_TIMES | {BodyField: {"widget": BodyInput(with_pickers=True)}}
    change_form_template = "admin/news/article/change_form.html"
    autocomplete_fields = ["lead_photo", "region"]
    inlines = [BylineInline, GalleryInline, ShareInline]
    object_views = (
        "preview",
        "make_preview_link",
        "revoke_preview_link",
        "move",
        "reads",
        "versions",
        "compare",
        "restore",
        *WritingAdmin.object_views,
    )
    # --- Permissions --------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As `visible_to`, without a query: a page asks it a dozen times."""
        return super().has_view_permission(request) if obj is None else rules.may_read(obj, request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, Permission.WRITE, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return self._may(request, Permission.WRITE, None)
        proposes = getattr(request, "proposes", False) and rules.may_propose(obj, request.user)
        return rules.may_edit(obj, request.user) or proposes

    def _publishes(self, request: HttpRequest, obj: Article | None) -> bool:
        if obj is None:
            return bool(access.branches_for(request.user, Permission.PUBLISH))
        return access.allowed(request.user, Permission.PUBLISH, obj.region)

    # --- Addresses ----------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("picker/", wrap(pickers.articles), name="article_picker"),
            path("tags/", wrap(tag_suggestions.suggest), name="article_tags"),
            path("tinjau/", wrap(review.first), name="article_review_first"),
            path("<path:object_id>/tinjau/", self._object_view("review"), name="news_article_review"),
            *super().get_urls(),
        ]

    # --- The form -----------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields; templates/admin/news/article/change_form.html arranges them. Once the article was published, its
        region is part of its address, and is not asked for."""
        if not self._edits(request, obj):
            return [(None, {"fields": ["title"]})]
        fields = ["title", "section", "kind", "kicker", "dateline", "body", "sign_off", "summary", "tags"]
        fields += ["lead_photo", "lead_caption", "lead_credit"]
        if obj is None or not _has_begun(obj):
            fields.append("region")
        if self._publishes(request, obj):
            times = ["expires_at"] if obj and _has_begun(obj) else ["published_at", "expires_at"]
            fields += [*times, "embargo_until", "is_unverified"]
        return [(None, {"fields": fields})]

    def _edits(self, request: HttpRequest, obj: Article | None) -> bool:
        return obj is None or self.has_change_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if self._publishes(request, obj) else [BylineInline, GalleryInline]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        own = cast("ArticleRequest", request)
        form.actor, form.upload, form.shows_typed = request.user, own.upload, own.typed is not None
        form.meeting = getattr(request, "meeting", None)
        form.photos = self.related_choices(Article._meta.get_field("lead_photo"), request)
        zone = timezone.localtime().tzname()
        for name in ("published_at", "expires_at", "embargo_until"):
            if name in form.base_fields:
                form.base_fields[name].help_text = format_html(
                    '<span class="zone">{}</span> {}', zone, form.base_fields[name].help_text
                )
        if "region" in form.base_fields:
            regions = form.base_fields["region"].queryset.values_list("pk", "timezone", "short_name")
            about = {pk: [Region.Zone(name).label, place] for pk, name, place in regions}
            form.base_fields["region"].widget.attrs["data-regions"] = json.dumps(about, ensure_ascii=False)
        return form

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """A search field for the region in place of a list, for people of the whole network."""
        whole_network = tree.ROOT in access.branches_for(request.user, Permission.WRITE)
        return self.autocomplete_fields if whole_network else ["lead_photo"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        initial = {name: value for name, value in initial.items() if name not in typed_forms.OWN}
        region = self._first_region(request)
        if region:
            initial.setdefault("region", region.pk)
            initial.setdefault("dateline", region.short_name if region.parent_id else "")
        author = Author.objects.filter(user=request.user.pk).first()
        if author:
            initial.setdefault("sign_off", author.sign_off)
        return initial

    def _first_region(self, request: HttpRequest) -> Region | None:
        """The region to propose for a new article: one in which the person was given a role."""
        writing = access.regions_for(request.user, Permission.WRITE)
        given = writing.filter(assignments__user=request.user.pk).order_by("-path").first()
        return given or writing.first()

    def region_on_screen(
        self, request: HttpRequest, object_id: str | None, content: form_content.Content | None = None
    ) -> Region | None:
        """The region in whose zone the form's times are shown and read. `content` is what the form shows, if it is not
        the stored story."""
        posted = "".join(content.get("region", [])) if content else request.POST.get("region", "")
        chosen = whole_number(posted, 18)
        writing = access.regions_for(request.user, Permission.WRITE)
        if chosen and (region := writing.filter(pk=chosen).first()):
            return region
        key = whole_number(object_id or "", 18)
        stored = Region.objects.filter(articles=key).first() if key else None
        return stored or self._first_region(request)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        own = cast("ArticleRequest", request)
        own.proposes, own.typed, own.saved = getattr(request, "proposes", False), None, None
        own.source = typed_forms.asked_for(request, object_id) if request.method == "GET" else None
        region = self.region_on_screen(request, object_id, own.source.content if own.source else None)
        own.written_in = region
        own.upload = self._take_upload(request, region)
        with timezone.override(region.zone if region else None):
            try:
                response = super().changeform_view(request, object_id, form_url, extra_context)
            except workflow.VersionConflict:  # stored after the form's check: now both are merged
                response = super().changeform_view(request, object_id, form_url, extra_context)
            except PermissionDenied:
                if request.method != "POST":
                    raise
                return self._not_stored(request)
            if isinstance(response, TemplateResponse):
                response.render()
        return as_answer(request, response)

    def prepare_post(self, request: HttpRequest, object_id: str | None) -> None:
        """Merge the form with what somebody else has stored since it was opened."""
        asked = cast("ArticleRequest", request)
        article = self.get_object(request, object_id) if object_id and asked.typed is None else None
        if article is None or not self.has_change_permission(request, article):
            return
        if asked.upload.photo:
            post = request.POST.copy()
            post["lead_photo"] = str(asked.upload.photo.pk)
            request.POST = post  # type: ignore[assignment]
        if conflicts.concerns(request, article):
            asked.meeting = conflicts.settle(request, article, self.get_form(request, article, change=True))

    def _take_upload(self, request: HttpRequest, region: Region | None) -> TakenUpload:
        """Store a photo that was sent with the form. It is done before the transaction, because decoding takes long."""
        file = request.FILES.get("new_photo")
        if request.method != "POST" or file is None or region is None:
            return TakenUpload(error=getattr(request, "photo_outcome", None))  # set if the disk was full
        # Words that were shown for another photo are that one's; the form refuses them.
        texts = {} if request.POST.get("photo_words_of") else {"caption", "credit", "alt"}
        words = {name: request.POST.get(f"photo_{name}", "").strip() for name in texts}
        try:
            return TakenUpload(photo=store_upload(file, region, request.user, **words))
        except ValidationError as error:
            return TakenUpload(error=error)

    def _not_stored(self, request: HttpRequest) -> HttpResponse:
        """Show the typed text again, if the person lost the right to edit the article while typing: somebody else
        changed its status, or took a role away."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Not stored"),
            "typed": unsaved_input.texts(request.POST),
        }
        return TemplateResponse(request, "admin/news/article/not_stored.html", context, status=403)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Redirect to the form, which shows the journal."""
        return HttpResponseRedirect(reverse("admin:news_article_change", args=[object_id]))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        article: Article | None = context.get("original")
        own = cast("ArticleRequest", request)
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        context |= {
            **article_page.context(context["adminform"].form, article, self._acts(request, article), formsets),
            **typed_forms.context(request, article, context, own.typed, editable=self._edits(request, article)),
            "proposes": own.proposes,
            "placeable": article and article.state in PLACEABLE and self._publishes(request, article),
            "state": State(article.state) if article else None,
            "events": article.events.select_related("actor", "version")[:30] if article else [],
            "versions": versions.latest(article) if article else [],
            "meeting": context["adminform"].form.meeting,
            "checks": self._checks(request, article, context["adminform"].form, formsets),
            "shows_addresses": article and access.allowed(request.user, Permission.MANAGE, article.region),
            **previewing.context(article),
            **(comments.context(article, request.user) if article else {}),
            "body_as_read": article and story_body.render(article),
        }
        # The body editor's import map is an inline script, so it needs the page's nonce.
        context["media"] = EditorMedia.from_media(context["media"], nonce=request.csp_nonce)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)

    def _checks(self, request: HttpRequest, article: Article | None, form: Any, formsets: list[Any]) -> Any:
        region = cast("ArticleRequest", request).written_in
        return region and story_checks.context(form, formsets, article, region, self.checks_reader(request))

    # --- Previews -----------------------------------------------------------------------------------------

    def preview_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return previewing.preview(request, article)

    def review_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        """The story to decide about, for people who may publish it."""
        return review.answer(
            request, article, self.checks_reader(request), reload=lambda: self.get_object(request, str(article.pk))
        )

    def reads_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return article_statistics.page(request, article)

    def versions_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return versions.overview(request, article)

    def compare_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return versions.compare(request, article)

    @method_decorator(require_POST)
    def restore_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return versions.restore(request, article)

    @method_decorator(require_POST)
    def make_preview_link_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return previewing.make_link(request, article)

    @method_decorator(require_POST)
    def revoke_preview_link_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return previewing.revoke_link(request, article)

    @method_decorator(require_POST)
    def move_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Take the story back from review, throw it away or bring it back: acts that need nothing of the form."""
        act = request.POST.get("act")
        if act not in article_page.MOVES:
            raise Http404
        return article_saving.move(
            request, article, Act(act), seen=whole_number(request.POST.get("version", ""), 8) or 0
        )

    def _acts(self, request: HttpRequest, article: Article | None) -> list[Act]:
        if article:
            return rules.offered(article, request.user)
        return [Act.SUBMIT, *([Act.PUBLISH, Act.SCHEDULE] if self._publishes(request, None) else [])]

    # --- Storing ------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Do nothing: `save_related` stores the article together with its parts."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        own = cast("ArticleRequest", request)
        if own.proposes:
            self.propose(request, form, formsets)
            return
        source_key = working_copies.source_key(request)
        if not change and source_key and (known := Article.objects.filter(source_key=source_key).first()):
            raise AlreadyStored(known.pk)
        proposal = typed_forms.posted_proposal(request, form.instance) if change else None
        saved = article_saving.save(
            form, formsets, request.user, is_new=not change, source_key=source_key, proposal=proposal
        )
        own.saved = saved
        move_anchors(saved.article, request.POST.get(comments.ANCHORS, ""))
        working_copies.forget(request)
        level, words = article_saving.in_words(saved, form)
        self.message_user(request, words, level)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Return nothing, because the journal (Event) replaces the admin's log."""
        return []

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._respond(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._respond(request, obj)

    def _respond(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Redirect to the form after saving, and to the desk after an act."""
        saved = cast("ArticleRequest", request).saved
        if saved is None:  # proposed
            return HttpResponseRedirect(reverse("admin:news_article_change", args=[obj.pk]))
        if meeting := getattr(request, "meeting", None):
            self.message_user(request, versions.merger_in_words(meeting, saved.article), messages.WARNING)
        if saved.act:
            return HttpResponseRedirect(reverse("admin:index"))
        return HttpResponseRedirect(reverse("admin:news_article_change", args=[saved.article.pk]))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Do nothing: the journal (Event) replaces the admin's log."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Do nothing: the journal (Event) replaces the admin's log."""

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.canonical_url if obj and obj.state == State.LIVE and obj.region.is_open else None


def _has_begun(article: Article) -> bool:
    return article.state in (State.LIVE, State.EXPIRED)
