"""What the newsroom's forms ask about photos: who may change one, who took it, and what a form may say of it."""

from typing import Any

from django import forms
from django.core.files.base import File
from django.forms import Script
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.images import uploads
from news.images.models import Photo
from news.models import Article, Author
from regions import access
from regions.access import Permission
from regions.models import Region

ACCEPT = "image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,.heic,.heif"
WORDS = {
    "choose": _("Choose photos or drop them here"),
    "waiting": _("The connection is gone; it goes on by itself when it is back."),
    "checking": _("Checking the photo…"),
    "done": _("Ready"),
    "known": _("This photo is here already and was taken."),
    "failed": _("It did not work. Choose the photo again: it goes on where it stopped."),
    "edit": _("Caption and focal point"),
}
"""What static/js/uploads.js says."""


def may_change(photo: Photo, user: Any) -> bool:
    """Editors change every photo of their regions; writers their own, until an editor has a story with it."""
    if access.allowed(user, Permission.EDIT, photo.region):
        return True
    mine = photo.uploaded_by_id == user.pk and access.allowed(user, Permission.WRITE, photo.region)
    return mine and not Article.objects.showing(photo).with_editors().exists()


def take_in(file: File, region: Region, user: Any, **texts: str) -> Photo:
    """Store an uploaded file, with its uploader's name as the credit if it says none. Raises ValidationError."""
    author = Author.objects.filter(user=user.pk).first()
    return uploads.store(file, region=region, user=user, proposed_credit=author.name if author else "", **texts)


def refuse_past_use(form: forms.BaseForm, name: str, region: Region | None) -> None:
    """A newly chosen photo must still be usable, today on the region's calendar."""
    photo = form.cleaned_data.get(name)
    if name not in form.changed_data or photo is None or region is None:
        return
    if not photo.may_be_used_on(region.local(timezone.now()).date()):
        message = _("This photo could be used until %(day)s. Choose another one.") % {"day": photo.usable_until}
        form.add_error(name, message)


class PhotoInput(forms.FileInput):
    """A file field that static/js/uploads.js turns into a place to drop photos; without script it is as it was."""

    class Media:
        css = {"all": ["css/photos.css"]}
        js = [Script("js/uploads.js", type="module")]

    def __init__(self, target: str, many: bool = False):
        super().__init__(attrs={"accept": ACCEPT, "data-photos": target} | ({"multiple": True} if many else {}))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        words = {f"data-{key}": str(text) for key, text in WORDS.items()}
        words["data-url"] = reverse("admin:photo_uploads")
        return super().get_context(name, value, words | (attrs or {}))
