"""Rules and form fields for photos that the newsroom's forms share."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.forms import Script
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.images import uploads
from news.images.models import Photo
from news.models import Article, Author, BodyReference, GalleryPhoto
from news.models.querysets import ArticleQuerySet
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission

ACCEPT = "image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,.heic,.heif"
WORDS = {
    "choose": _("Choose photos or drop them here"),
    "waiting": _("The connection is gone; it goes on by itself when it is back."),
    "checking": _("Checking the photo…"),
    "busy": _("Another photo is being opened just now; this one follows by itself."),
    "done": _("Ready"),
    "known": _("This photo is here already and was taken."),
    "failed": _("It did not work. Choose the photo again: it goes on where it stopped."),
    "edit": _("Caption and focal point"),
}
"""The texts that static/js/uploads.js shows."""
NEEDS_DESCRIPTION = _("A published story shows this photo: describe it, or mark it as decorative.")


def may_change(photo: Photo, user: Any) -> bool:
    """Editors may change every photo of their regions; writers their own, until an article with it was submitted."""
    if access.allowed(user, Permission.EDIT, photo.region):
        return True
    mine = photo.uploaded_by_id == user.pk and access.allowed(user, Permission.WRITE, photo.region)
    return mine and not Article.objects.showing(photo).with_editors().exists()


def changeable(user: Any) -> Q:
    """The condition for photos of which `may_change` says yes."""
    own = Q(uploaded_by=user.pk, region__in=access.regions_for(user, Permission.WRITE))
    with_editors = used_by(Article.objects.with_editors())
    return Q(region__in=access.regions_for(user, Permission.EDIT)) | own & ~with_editors


def used_by(articles: ArticleQuerySet) -> Q:
    """The condition for photos that one of these articles has as lead photo, in its gallery or in its text."""
    leads = articles.filter(lead_photo=OuterRef("pk"))
    in_gallery = GalleryPhoto.objects.filter(photo=OuterRef("pk"), article__in=articles)
    in_text = BodyReference.objects.filter(photo=OuterRef("pk"), article__in=articles)
    return Q(Exists(leads)) | Q(Exists(in_gallery)) | Q(Exists(in_text))


def shown(photo: Photo, user: Any) -> dict[str, Any]:
    """What scripts show of a photo. `may_change` says whether this person may change its words."""
    texts = ("caption", "credit", "alt", "is_decorative", "thumbnail_url", "preview_url")
    return {
        "id": photo.pk,
        "label": str(photo),
        **{name: getattr(photo, name) for name in texts},
        "may_change": may_change(photo, user),
        "edit": reverse("admin:images_photo_change", args=[photo.pk]),
    }


def store_upload(file: uploads.Upload, region: Region, user: Any, **texts: str) -> Photo:
    """Store an uploaded file; the credit defaults to the uploader's name. Raises ValidationError.

    Do not call it inside a transaction (see `uploads.store`).
    """
    author = Author.objects.filter(user=user.pk).first()
    return uploads.store(file, region=region, user=user, proposed_credit=author.name if author else "", **texts)


def refuse_past_use(form: forms.BaseForm, name: str, region: Region | None) -> None:
    """Add an error to the form if a newly chosen photo may no longer be used today, in the region's zone."""
    photo = form.cleaned_data.get(name)
    if name not in form.changed_data or photo is None or region is None:
        return
    if reason := past_use(photo, region):
        form.add_error(name, reason)


def past_use(photo: Photo, region: Region) -> str:
    """Why the photo may no longer be used today, in the region's zone; empty if it may."""
    if photo.may_be_used_on(region.local(timezone.now()).date()):
        return ""
    return _("This photo could be used until %(day)s. Choose another one.") % {"day": photo.usable_until}


class PhotoInput(forms.FileInput):
    """A file field that static/js/uploads.js extends with drag and drop. Without JavaScript it is a plain one."""

    class Media:
        css = {"all": ["css/photos.css"]}
        js = [Script("js/uploads.js", type="module")]

    def __init__(self, target: str, many: bool = False):
        super().__init__(attrs={"accept": ACCEPT, "data-photos": target} | ({"multiple": True} if many else {}))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        words = {f"data-{key}": str(text) for key, text in WORDS.items()}
        words["data-url"] = reverse("admin:photo_uploads")
        return super().get_context(name, value, words | (attrs or {}))
