"""The ModelAdmin of photos: the library, the photos' texts, where they are used, and how they are cropped."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import models
from django.db.models import Q
from django.forms import Script
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from news.images import rendition_specs, renditions, uploads
from news.images.models import Photo
from news.images.upload_handlers import PhotoRequest
from news.models import Article
from regions.permissions import access
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import RegionFilter, ScopedAdmin

from . import photo_captions, photo_uploads, pickers
from .photo_filters import FILTERS
from .photo_rules import NEEDS_DESCRIPTION, WORDS, PhotoInput, may_change, past_use, shown, store_upload

TEXTS = ["caption", "credit", "alt"]
FORMATS = _("JPEG, PNG, WebP, AVIF or HEIC.")


Outcome = Photo | forms.ValidationError
"""The result of storing an uploaded file: the photo or the error."""


class NewPhotoForm(forms.ModelForm[Photo]):
    outcome: Outcome | None = None  # set by the ModelAdmin once the file is stored or refused
    upload = forms.FileField(label=_("file"), widget=PhotoInput("library"), help_text=FORMATS)

    class Meta:
        model = Photo
        fields = ["region", *TEXTS, "is_decorative"]

    def clean(self) -> dict[str, Any]:
        """Show an error of the file at its field. If the file was stored, its photo becomes the form's instance."""
        cleaned = super().clean() or {}
        if self.errors or self.outcome:
            if isinstance(self.outcome, forms.ValidationError):
                self.add_error("upload", self.outcome)
            elif self.outcome:
                self.instance = self.outcome
                # Includes texts from the photo's metadata.
                cleaned |= {key: getattr(self.instance, key) for key in TEXTS}
            return cleaned
        known = uploads.find(cleaned["upload"], cleaned["region"])
        if known:
            address = reverse("admin:images_photo_change", args=[known.pk])
            sentence = _("This photo is on the shelf already:")
            self.add_error("upload", format_html('{} <a href="{}">{}</a>', sentence, address, known))
        return cleaned

    def store_file(self, user: Any) -> Photo:
        """Store the file of a valid form. Raises ValidationError."""
        words = {key: self.cleaned_data[key] for key in TEXTS}
        return store_upload(self.cleaned_data["upload"], self.cleaned_data["region"], user, **words)


class PhotoForm(forms.ModelForm[Photo]):
    outcome: Outcome | None = None  # set by the ModelAdmin once the file is stored or refused
    replacement = forms.FileField(
        label=_("Another file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Takes this photo's place in every story, at once and for good."),
    )

    class Meta:
        model = Photo
        fields: list[str] = []  # set by the ModelAdmin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        described = cleaned.get("alt") or cleaned.get("is_decorative")
        if not described and Article.objects.showing(self.instance).approved().exists():
            self.add_error("alt", NEEDS_DESCRIPTION)
        if isinstance(self.outcome, forms.ValidationError):
            self.add_error("replacement", self.outcome)
        return cleaned

    def store_file(self, user: Any) -> Photo:
        """Replace the photo's file by that of a valid form. Raises ValidationError."""
        # Read again, because the form's instance already has the unsaved texts.
        photo = Photo.objects.get(pk=self.instance.pk)
        uploads.replace(photo, self.cleaned_data["replacement"])
        return photo


class Library(ChangeList):
    """The photos of one page, each with why it may not be used any more."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        for photo in self.result_list:
            photo.rights_ended = past_use(photo, photo.region)


@admin.register(Photo)
class PhotoAdmin(ScopedAdmin):
    list_display = ["__str__", "region", "credit", "place", "taken_on"]
    list_filter = [RegionFilter, "is_shared", *FILTERS]
    list_select_related = ["region"]
    list_per_page = 48
    date_hierarchy = "taken_on"
    search_fields = ["caption", "credit", "alt", "people", "place"]
    search_help_text = _("Words of the caption or description, a person, a place or a credit")
    readonly_fields = ["crops", "used_in"]
    formfield_overrides = {models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}}
    change_list_template = "admin/images/photo/change_list.html"
    object_views = ("words", "look")

    @property
    def media(self) -> forms.Media:
        scripts = [Script(f"js/{name}.js", type="module") for name in ("photo", "uploads", "library")]
        styles = {"all": ["css/photos.css", "css/library.css"]}
        return super().media + forms.Media(js=scripts, css=styles)  # type: ignore[arg-type]

    # --- Permissions --------------------------------------------------------------------------------------

    def visible_to(self, request: HttpRequest) -> Q:
        """The photos of the person's regions, and photos that are shared with the whole network."""
        return super().visible_to(request) | Q(is_shared=True)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, Permission.WRITE, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, Permission.WRITE, None) if obj is None else may_change(obj, request.user)

    # --- Forms --------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Photo | None = None) -> Any:
        words: list[Any] = ["caption", "credit", "alt", "is_decorative"]
        if obj is None:
            return [(None, {"fields": ["upload", "region", *words]})]
        about = [("place", "taken_on"), "people"]
        rights: list[Any] = ["rights_note", "usable_until", "is_shared"]
        changes = self.has_change_permission(request, obj)
        return [
            (None, {"fields": ["crops", ("focus_x", "focus_y")]}),
            (_("Words"), {"fields": words + about}),
            (_("Rights"), {"fields": rights}),
            (_("Use"), {"fields": ["used_in", *(["replacement"] if changes else [])]}),
        ]

    def get_form(self, request: HttpRequest, obj: Photo | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj:  # `used_in` gets only the photo, but needs the request
            obj.seen_by = request  # type: ignore[attr-defined]
        form, outcome = PhotoForm if obj else NewPhotoForm, getattr(request, "photo_outcome", None)
        kwargs["form"] = type(form.__name__, (form,), {"outcome": outcome})
        return super().get_form(request, obj, change, **kwargs)

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Store an uploaded file before Django's view begins its transaction, because that takes seconds."""
        if request.method == "POST" and request.FILES:
            self._store_file(request, object_id)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def _store_file(self, request: HttpRequest, object_id: str | None) -> None:
        """Store the file if the whole form is valid, and set `request.photo_outcome` for the form."""
        photo = self.get_object(request, object_id) if object_id else None
        allowed = self.has_change_permission(request, photo) if photo else self.has_add_permission(request)
        if not allowed or (object_id and not photo):
            return
        form = self.get_form(request, photo, change=bool(photo))(request.POST, request.FILES, instance=photo)
        if form.is_valid() and any(isinstance(form.cleaned_data.get(name), File) for name in ("upload", "replacement")):
            try:
                outcome: Outcome = form.store_file(request.user)
            except forms.ValidationError as error:
                outcome = error
            cast("PhotoRequest", request).photo_outcome = outcome

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        """Save only the form's fields, because a background task may be changing the other columns."""
        changed = [name for name in form.changed_data if name not in ("replacement", "upload", "region")]
        if changed:
            obj.save(update_fields=changed)
        if {"focus_x", "focus_y"} & set(changed):
            renditions.make_renditions.enqueue(obj.pk)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("uploads/", wrap(photo_uploads.create), name="photo_uploads"),
            path("uploads/<str:token>/", wrap(photo_uploads.upload), name="photo_upload"),
            path("picker/", wrap(require_safe(self.picker_view)), name="photo_picker"),
            path("captions/", wrap(self.captions_view), name="photo_captions"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def words_view(self, request: HttpRequest, photo: Photo) -> JsonResponse:
        """The photo's words, for the story form when somebody chooses the photo there."""
        return JsonResponse(shown(photo, request.user))

    @method_decorator(require_safe)
    def look_view(self, request: HttpRequest, photo: Photo) -> TemplateResponse:
        """The photo in large with its words, for the dialog of the library (static/js/library.js)."""
        photo.seen_by = request  # type: ignore[attr-defined]
        may_change = self.has_change_permission(request, photo)
        context = {
            "photo": photo,
            "rights_ended": past_use(photo, photo.region),
            "used_in": self.used_in(photo),
            "may_change": may_change,
            "uploader": photo.uploaded_by if may_change else None,
        }
        return TemplateResponse(request, "admin/images/photo/look.html", context)

    def captions_view(self, request: HttpRequest) -> HttpResponse:
        """The words of several photos on one page."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        return self._once(request, lambda: photo_captions.view(request, self.visible_to(request)))

    def picker_view(self, request: HttpRequest) -> JsonResponse:
        """The photos that the person may choose, for static/js/picker.js."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        found, _doubled = self.get_search_results(request, self.choices_for(request), pickers.typed(request))
        return pickers.photos(request, found)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Library

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        regions = access.regions_for(request.user, Permission.WRITE)
        given = regions.filter(assignments__user=request.user.pk).first()
        more: dict[str, Any] = {"upload_regions": regions, "upload_region": given, "upload_words": WORDS}
        more["upload_url"] = reverse("admin:photo_uploads")
        return super().changelist_view(request, more | (extra_context or {}))

    # --- Read-only fields ---------------------------------------------------------------------------------

    @admin.display(description=_("focal point"))
    def crops(self, photo: Photo) -> SafeString | str:
        """The photo, to choose the focal point by clicking, and previews of its crops, drawn by static/js/photo.js."""
        if not photo.rendition_manifest:
            return str(_("is being made"))
        shown = {name.replace("x", ":"): shape for name, shape in rendition_specs.RATIOS.items() if shape}
        shown[str(_("for sharing"))] = rendition_specs.SHARE
        shapes = [(name, f"{shape[0]}/{shape[1]}") for name, shape in shown.items()]
        canvases = format_html_join(
            "", '<figure><canvas data-shape="{1}"></canvas><figcaption>{0}</figcaption></figure>', shapes
        )
        return format_html(
            '<div class="focus" data-x="{}" data-y="{}">'
            '<div class="focus-photo" tabindex="0" role="group" aria-label="{}">'
            '<img src="{}" alt="" width="{}" height="{}"></div><div class="focus-crops">{}</div></div>'
            '<p class="help">{}</p>',
            photo.focus_x,
            photo.focus_y,
            _("Focal point: click on the photo, or move it with the arrow keys"),
            photo.preview_url,
            photo.width,
            photo.height,
            canvases,
            _("Click on what matters most, or move the point with the arrow keys. The crops on the right follow."),
        )

    @admin.display(description=_("used in"))
    def used_in(self, photo: Photo) -> SafeString | str:
        """Links to the articles that show the photo, and the number of further ones that this person may not see."""
        uses = Article.objects.showing(photo)
        articles = self.admin_site._registry[Article].get_queryset(photo.seen_by)  # type: ignore[attr-defined]
        visible = articles.filter(pk__in=uses.values("pk"))
        links = [
            (reverse("admin:news_article_change", args=[article.pk]), article.title, article.region.short_name)
            for article in visible.select_related("region").order_by("-updated_at")[:50]
        ]
        hidden = uses.count() - visible.count()
        listed = format_html_join("", '<li><a href="{}">{}</a> ({})</li>', links)
        others = format_html("<li>{}</li>", _("%(count)d in other regions") % {"count": hidden}) if hidden else ""
        return format_html("<ul>{}{}</ul>", listed, others) if links or hidden else str(_("No story uses it."))
