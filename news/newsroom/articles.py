"""Stories in the newsroom: the list, the form, and its buttons."""

from typing import Any

from adminsortable2.admin import SortableAdminBase
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from js_asset import Media as EditorMedia

from news import body, workflow
from news.models import Article, Author, Byline, Correction
from news.querysets import ArticleQuerySet, State, Status
from news.workflow import Act
from regions import access
from regions.access import Permission
from regions.models import Region
from regions.scoped_admin import RegionFilter, ScopedAdmin

from . import kept, previewing, reading
from .article_filters import StateFilter
from .article_form import LOCAL_TIMES, ArticleForm
from .article_rows import BylineInline, GalleryInline, ShareInline


@admin.register(Article)
class ArticleAdmin(SortableAdminBase, ScopedAdmin):
    form = ArticleForm
    formfield_overrides = LOCAL_TIMES
    change_form_template = "admin/news/article/change_form.html"
    list_display = ["title", "state", "region", "section", "byline", "when", "changed"]
    list_filter = [StateFilter, RegionFilter, "section", "kind"]
    list_select_related = ["region", "section"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["title", "kicker", "bylines__author__name"]
    search_help_text = _("Title, kicker or author")
    autocomplete_fields = ["lead_photo"]
    readonly_fields = ["home_region", "body_as_read", "tag_names", "photo_shown"]
    inlines = [BylineInline, GalleryInline, ShareInline]
    object_views = ("preview", "make_preview_link", "revoke_preview_link", "reads")
    actions = None
    ordering = ["-updated_at", "-pk"]

    # --- Who sees what ------------------------------------------------------------------------------------

    def visible_to(self, request: HttpRequest) -> models.Q:
        """Editors see all of their regions' stories, writers their own."""
        own = Article.objects.by(request.user).values("pk")
        return models.Q(region__in=access.regions_for(request.user, Permission.EDIT)) | models.Q(
            pk__in=own, region__in=access.regions_for(request.user, Permission.WRITE)
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, Permission.WRITE, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return self._may(request, Permission.WRITE, None)
        return workflow.may_edit(obj, request.user)

    def _publishes(self, request: HttpRequest, obj: Article | None) -> bool:
        if obj is None:
            return bool(access.branches_for(request.user, Permission.PUBLISH))
        return access.allowed(request.user, Permission.PUBLISH, obj.region)

    # --- The form -----------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        text: list[Any] = [
            "title",
            (self._region_field(obj), "section", "kind"),
            ("kicker", "dateline"),
            "body" if self._edits(request, obj) else "body_as_read",
            "sign_off",
            "summary",
            "tags" if self._edits(request, obj) else "tag_names",
        ]
        fieldsets: list[Any] = [(None, {"fields": text})]
        photo: list[Any] = ["photo_shown", "lead_photo"] if obj and obj.lead_photo_id else ["lead_photo"]
        if self._edits(request, obj):
            photo += ["new_photo", "photo_caption", ("photo_credit", "photo_alt"), "photo_decorative"]
        fieldsets.append((_("Photo"), {"fields": [*photo, ("lead_caption", "lead_credit")]}))
        if self._publishes(request, obj):
            times = ("expires_at",) if obj and workflow.has_begun(obj) else ("published_at", "expires_at")
            fieldsets.append((_("Publication"), {"fields": [times, "is_unverified"]}))
        return fieldsets

    def _region_field(self, obj: Article | None) -> str:
        """Once readers have a story, its home region is part of its address and stays."""
        return "home_region" if obj and workflow.has_begun(obj) else "region"

    @admin.display(description=_("home region"))
    def home_region(self, article: Article) -> str:
        return str(article.region)

    @admin.display(description=_("body"))
    def body_as_read(self, article: Article) -> SafeString:
        return body.render(article.body, dateline=article.dateline, sign_off=article.sign_off)

    @admin.display(description=_("preview"))
    def photo_shown(self, article: Article) -> SafeString | str:
        photo = article.lead_photo
        if photo is None or not photo.made:
            return str(_("is being made"))
        image = '<img class="thumbnail" src="{}" alt="{}" width="144" height="144">'
        return format_html(image, photo.thumbnail_url, photo.alt)

    @admin.display(description=_("tags"))
    def tag_names(self, article: Article) -> str:
        return ", ".join(tag.name for tag in article.tags.all())

    def _edits(self, request: HttpRequest, obj: Article | None) -> bool:
        return obj is None or self.has_change_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if self._publishes(request, obj) else [BylineInline, GalleryInline]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        zone = timezone.localtime().tzname()
        for name in ("published_at", "expires_at"):
            if name in form.base_fields:
                form.base_fields[name].help_text = format_html(
                    '<span class="zone">{}</span> {}', zone, form.base_fields[name].help_text
                )
        if "region" in form.base_fields:
            regions = form.base_fields["region"].queryset
            form.base_fields["region"].widget.attrs["data-zones"] = ",".join(
                f"{pk}:{Region.Zone(zone_name).label}" for pk, zone_name in regions.values_list("pk", "timezone")
            )
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        region = self._first_region(request)
        if region:
            initial.setdefault("region", region.pk)
            initial.setdefault("dateline", region.short_name if region.parent_id else "")
        return initial

    def _first_region(self, request: HttpRequest) -> Region | None:
        """The region that a new story of this person most likely belongs to: where they were given a role."""
        writing = access.regions_for(request.user, Permission.WRITE)
        given = writing.filter(assignments__user=request.user.pk).order_by("-path").first()
        return given or writing.first()

    def _region_on_screen(self, request: HttpRequest, object_id: str | None) -> Region | None:
        """Whose clocks the form's times are read by."""
        posted = request.POST.get("region", "")
        writing = access.regions_for(request.user, Permission.WRITE)
        if posted.isdecimal() and (region := writing.filter(pk=posted).first()):
            return region
        article = self.get_object(request, object_id) if object_id else None
        return article.region if article else self._first_region(request)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        region = self._region_on_screen(request, object_id)
        with timezone.override(region.zone if region else None):
            try:
                response = super().changeform_view(request, object_id, form_url, extra_context)
            except PermissionDenied:
                if request.method != "POST":
                    raise
                return self._not_stored(request)
            if isinstance(response, TemplateResponse):
                response.render()
        return response

    def _not_stored(self, request: HttpRequest) -> HttpResponse:
        """Somebody else moved the story on (or took a role away) while this person typed: give the text back."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Not stored"),
            "typed": kept.texts(request.POST),
        }
        return TemplateResponse(request, "admin/news/article/not_stored.html", context, status=403)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The journal stands on the form."""
        return HttpResponseRedirect(reverse("admin:news_article_change", args=[object_id]))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        article: Article | None = context.get("original")
        stored: Article | None = getattr(context["adminform"].form, "stored", None)
        context |= {
            "acts": workflow.offered(article, request.user) if article else self._acts_for_new(request),
            "state": State(article.state) if article else None,  # type: ignore[attr-defined]
            "events": article.events.select_related("actor")[:30] if article else [],
            "shows_addresses": article and access.allowed(request.user, Permission.MANAGE, article.region),
            **previewing.context(article),
            "stored": stored,
            "stored_body": stored and body.render(stored.body, dateline=stored.dateline, sign_off=stored.sign_off),
        }
        # The body editor's import map is an inline script: it needs the page's nonce.
        context["media"] = EditorMedia.from_media(context["media"], nonce=request.csp_nonce)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Previews -----------------------------------------------------------------------------------------

    def preview_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return previewing.preview(request, article)

    def reads_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return reading.page(request, article)

    @method_decorator(require_POST)
    def make_preview_link_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return previewing.make_link(request, article)

    @method_decorator(require_POST)
    def revoke_preview_link_view(self, request: HttpRequest, article: Article) -> HttpResponse:
        return previewing.revoke_link(request, article)

    def _acts_for_new(self, request: HttpRequest) -> list[Act]:
        return [Act.SUBMIT, *([Act.PUBLISH, Act.SCHEDULE] if self._publishes(request, None) else [])]

    # --- Storing ------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        seen = form.cleaned_data.get("version") if change else None
        form.wanted_time = obj.published_at
        workflow.store(obj, actor=request.user, seen_version=seen)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        article: Article = form.instance
        if not change and article.kind not in Article.SUPPLIED and not article.bylines.exists():
            for author in Author.objects.filter(user=request.user.pk):
                Byline.objects.create(article=article, author=author)
        workflow.settle(article)
        self._act(request, form, change)

    def _act(self, request: HttpRequest, form: Any, change: bool) -> None:
        """Do what the pressed button says. The text is stored in any case; a refusal says what is missing."""
        article, cleaned, actor = form.instance, form.cleaned_data, request.user
        act: str = form.act
        if not act and "published_at" in form.changed_data and article.status == Status.APPROVED:
            act = Act.SCHEDULE
        request.act_done = ""  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                match act:
                    case Act.SUBMIT:
                        workflow.submit(article, actor=actor)
                    case Act.RETURN:
                        workflow.return_to_writer(article, actor=actor, note=cleaned["note"])
                    case Act.PUBLISH:
                        workflow.publish(article, actor=actor)
                    case Act.SCHEDULE:
                        workflow.schedule(article, actor=actor, at=form.wanted_time)
                    case Act.WITHDRAW:
                        workflow.withdraw(article, actor=actor, reason=cleaned["reason"])
                    case Act.CORRECT:
                        kind = cleaned["correction_kind"] or Correction.Kind.ERRATUM
                        workflow.correct(article, actor=actor, kind=kind, text=cleaned["correction"])
        except ValidationError as error:
            typed = " ".join(filter(None, (cleaned.get(name) for name in ("note", "reason", "correction"))))
            said = " ".join(error.messages) + (f" “{typed}”" if typed else "")
            self.message_user(request, said, messages.ERROR)
        except PermissionDenied:
            if change:
                raise  # not a button that this person was offered
            refused = _("The text is stored. What the button says is not yours to do with this story.")
            self.message_user(request, refused, messages.ERROR)
        else:
            request.act_done = act  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._respond(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._respond(request, obj)

    def _respond(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Back to the text after saving, to the desk after an act."""
        done = getattr(request, "act_done", "")
        article = Article.objects.select_related("region__parent__parent").get(pk=article.pk)
        self.message_user(request, _said(done, article), messages.SUCCESS)
        if done:
            return HttpResponseRedirect(reverse("admin:index"))
        return HttpResponseRedirect(reverse("admin:news_article_change", args=[article.pk]))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the journal (Event) records what happened to stories."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing, likewise."""

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.canonical_url if obj and Article.objects.live().filter(pk=obj.pk).exists() else None

    # --- The list -----------------------------------------------------------------------------------------

    @admin.display(description=_("state"))
    def state(self, article: Article) -> SafeString:
        state = State(article.state)  # type: ignore[attr-defined]
        return format_html('<span class="state state-{}">{}</span>', state.value, state.label)

    @admin.display(description=_("author"))
    def byline(self, article: Article) -> str:
        return ", ".join(author.name for author in article.writers) or "–"

    @admin.display(description=_("published at"), ordering="published_at")
    def when(self, article: Article) -> str:
        return article.region.clock(article.published_at)

    @admin.display(description=_("changed at"), ordering="updated_at")
    def changed(self, article: Article) -> str:
        return article.region.clock(article.updated_at)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: ArticleQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        return rows.with_state().prefetch_related("bylines")


def _said(act: str, article: Article) -> Any:
    """What happened, and where the story is now."""
    match act:
        case Act.SUBMIT:
            return _("The story is with the editors now.")
        case Act.RETURN:
            return _("The story is back with its writer, with your note.")
        case Act.PUBLISH:
            return format_html('{} <a href="{}">{}</a>', _("Published:"), article.canonical_url, article.title)
        case Act.SCHEDULE:
            return format_html("{} {}", _("Scheduled for"), article.region.clock(article.published_at))
        case Act.WITHDRAW:
            return _("The story is withdrawn; its address says why.")
        case Act.CORRECT:
            return format_html(
                '{} <a href="{}">{}</a>', _("The correction stands on the story:"), article.canonical_url, article.title
            )
    return _("Saved.")
