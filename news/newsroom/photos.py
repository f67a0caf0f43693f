"""The photo shelf: what was uploaded, with its caption, credit and description."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from news.images import uploads
from news.images.models import Photo
from news.models import Article
from regions.access import Permission
from regions.scoped_admin import ScopedAdmin


class PhotoForm(forms.ModelForm):
    uploader: Any  # the person, set by the ModelAdmin
    upload = forms.FileField(
        label=_("file"), widget=forms.FileInput(attrs={"accept": "image/*"}), help_text=_("JPEG, PNG, WebP or AVIF.")
    )

    class Meta:
        model = Photo
        fields = ["region", "caption", "credit", "alt"]

    def clean(self) -> dict[str, Any]:
        """Store the file here, so that what Pillow finds wrong is an error of this field."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        known = uploads.find(cleaned["upload"], cleaned["region"])
        if known:
            address = reverse("admin:images_photo_change", args=[known.pk])
            said = _("This photo is on the shelf already:")
            self.add_error("upload", format_html('{} <a href="{}">{}</a>', said, address, known))
            return cleaned
        texts = {key: cleaned[key] for key in ("caption", "credit", "alt")}
        try:
            self.instance = uploads.store(
                cleaned["upload"],
                region=cleaned["region"],
                user=self.uploader,
                **texts,
            )
        except forms.ValidationError as error:
            self.add_error("upload", error)
        return cleaned


@admin.register(Photo)
class PhotoAdmin(ScopedAdmin):
    list_display = ["thumbnail", "__str__", "region", "credit", "uploaded"]
    list_display_links = ["thumbnail", "__str__"]
    list_select_related = ["region"]
    search_fields = ["caption", "credit", "alt"]
    readonly_fields = ["thumbnail"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, Permission.WRITE, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editors change every caption; writers those of their own photos, until an editor has the story."""
        if obj is None or super().has_change_permission(request, obj):
            return self._may(request, Permission.WRITE, obj)
        mine = obj.uploaded_by_id == request.user.pk and self._may(request, Permission.WRITE, obj)
        return mine and not Article.objects.filter(lead_photo=obj).with_editors().exists()

    def get_fields(self, request: HttpRequest, obj: Photo | None = None) -> Any:
        return ["thumbnail", "caption", "credit", "alt"] if obj else ["upload", "region", "caption", "credit", "alt"]

    def get_form(self, request: HttpRequest, obj: Photo | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = type("PhotoForm", (PhotoForm,), {"uploader": request.user})
        return super().get_form(request, obj, change, **kwargs)

    @admin.display(description=_("uploaded at"), ordering="created_at")
    def uploaded(self, photo: Photo) -> str:
        return photo.region.clock(photo.created_at)

    @admin.display(description=_("preview"))
    def thumbnail(self, photo: Photo) -> SafeString:
        return format_html(
            '<img class="thumbnail" src="{}" alt="" loading="lazy" width="{}" height="{}">',
            photo.thumbnail_url,
            photo.widths[0],
            photo.height_at(photo.widths[0]),
        )
