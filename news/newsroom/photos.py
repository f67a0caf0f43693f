"""The photo library: what was uploaded, what it says about itself, where it is used, and how it is cropped."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.forms import Script
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from news.images import plans, renditions, uploads
from news.images.models import Photo
from news.models import Article
from regions import access
from regions.access import Permission
from regions.scoped_admin import RegionFilter, ScopedAdmin

from . import photo_uploads
from .photo_rules import WORDS, PhotoInput, may_change, take_in

TEXTS = ["caption", "credit", "alt"]
FORMATS = _("JPEG, PNG, WebP, AVIF or HEIC.")


class NewPhotoForm(forms.ModelForm):
    uploader: Any  # the person, set by the ModelAdmin
    upload = forms.FileField(label=_("file"), widget=PhotoInput("library"), help_text=FORMATS)

    class Meta:
        model = Photo
        fields = ["region", *TEXTS, "is_decorative"]

    def clean(self) -> dict[str, Any]:
        """Store the file here, so that what is wrong with it is an error of this field."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        known = uploads.find(cleaned["upload"], cleaned["region"])
        if known:
            address = reverse("admin:images_photo_change", args=[known.pk])
            said = _("This photo is on the shelf already:")
            self.add_error("upload", format_html('{} <a href="{}">{}</a>', said, address, known))
            return cleaned
        texts = {key: cleaned[key] for key in TEXTS}
        try:
            self.instance = take_in(cleaned["upload"], cleaned["region"], self.uploader, **texts)
        except forms.ValidationError as error:
            self.add_error("upload", error)
        else:
            cleaned |= {key: getattr(self.instance, key) for key in TEXTS}  # with what the photo itself said
        return cleaned


class PhotoForm(forms.ModelForm):
    replacement = forms.FileField(
        label=_("Another file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Takes this photo's place in every story, at once and for good."),
    )

    class Meta:
        model = Photo
        fields: list[str] = []  # the ModelAdmin names them

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        described = cleaned.get("alt") or cleaned.get("is_decorative")
        if not described and Article.objects.showing(self.instance).approved().exists():
            self.add_error("alt", _("A published story shows this photo: describe it, or mark it as decorative."))
        if cleaned.get("replacement") and not self.errors:
            try:
                uploads.replace(self.instance, cleaned["replacement"])
            except forms.ValidationError as error:
                self.add_error("replacement", error)
        return cleaned


@admin.register(Photo)
class PhotoAdmin(ScopedAdmin):
    list_display = ["thumbnail", "__str__", "region", "credit", "place", "taken_on", "uploaded"]
    list_display_links = ["thumbnail", "__str__"]
    list_filter = [RegionFilter, "is_shared"]
    list_select_related = ["region"]
    list_per_page = 50
    date_hierarchy = "taken_on"
    search_fields = ["caption", "credit", "alt", "people", "place"]
    search_help_text = _("Words of the caption or description, a person, a place or a credit")
    readonly_fields = ["crops", "used_in"]
    formfield_overrides = {models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}}
    change_list_template = "admin/images/photo/change_list.html"

    @property
    def media(self) -> forms.Media:
        scripts = [Script(f"js/{name}.js", type="module") for name in ("photo", "uploads")]
        return super().media + forms.Media(js=scripts, css={"all": ["css/photos.css"]})  # type: ignore[arg-type]

    # --- Who sees and changes what ------------------------------------------------------------------------

    def visible_to(self, request: HttpRequest) -> Q:
        """One's own regions' photos, and those that others share with the network."""
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
        if obj:  # `used_in` is given the photo alone
            obj.seen_by = request  # type: ignore[attr-defined]
        kwargs["form"] = PhotoForm if obj else type("NewPhotoForm", (NewPhotoForm,), {"uploader": request.user})
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        """Only what the form holds: background work may be changing the other columns just now."""
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
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        regions = access.regions_for(request.user, Permission.WRITE)
        given = regions.filter(assignments__user=request.user.pk).first()
        more: dict[str, Any] = {"upload_regions": regions, "upload_region": given, "upload_words": WORDS}
        more["upload_url"] = reverse("admin:photo_uploads")
        return super().changelist_view(request, more | (extra_context or {}))

    # --- Columns and read-only fields ---------------------------------------------------------------------

    @admin.display(description=_("uploaded at"), ordering="created_at")
    def uploaded(self, photo: Photo) -> str:
        return photo.region.clock(photo.created_at)

    @admin.display(description=_("preview"))
    def thumbnail(self, photo: Photo) -> SafeString | str:
        if not photo.made:
            return str(_("is being made"))
        return format_html(
            '<img class="thumbnail" src="{}" alt="" loading="lazy" width="112" height="112">', photo.thumbnail_url
        )

    @admin.display(description=_("focal point"))
    def crops(self, photo: Photo) -> SafeString | str:
        """The photo to click on, and its crops, which static/js/photo.js draws as renditions are cut."""
        if not photo.made:
            return str(_("is being made"))
        shown = {name.replace("x", ":"): shape for name, shape in plans.RATIOS.items() if shape}
        shown[str(_("for sharing"))] = plans.SHARE
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
        """The stories that show it; those that this person may not see are only counted."""
        every = Article.objects.showing(photo)
        stories = self.admin_site._registry[Article].get_queryset(photo.seen_by)  # type: ignore[attr-defined]
        visible = stories.filter(pk__in=every.values("pk"))
        links = [
            (reverse("admin:news_article_change", args=[story.pk]), story.title, story.region.short_name)
            for story in visible.select_related("region").order_by("-updated_at")[:50]
        ]
        hidden = every.count() - visible.count()
        listed = format_html_join("", '<li><a href="{}">{}</a> ({})</li>', links)
        others = format_html("<li>{}</li>", _("%(count)d in other regions") % {"count": hidden}) if hidden else ""
        return format_html("<ul>{}{}</ul>", listed, others) if links or hidden else str(_("No story uses it."))
