"""The story form: what a person types, checked so that nothing typed is lost.

A new photo is stored even when another field is wrong (browsers forget chosen files), and a second editor's
newer text is shown beside one's own instead of being overwritten.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from news.images.models import Photo
from news.models import Article, Correction, GalleryPhoto, Share, Status, Tag
from news.workflow import Act
from regions import editions, tree

from .photo_rules import PhotoInput, may_change, refuse_past_use, take_in

LOCAL_TIME = "%Y-%m-%dT%H:%M"
MOST_TAGS = 40


class LocalTimeInput(forms.DateTimeInput):
    """The phone's own picker. Times are the region's: the view activates its zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "any"}, format=LOCAL_TIME)

    def format_value(self, value: Any) -> str | None:
        with_seconds = isinstance(value, datetime) and value.second
        return value.strftime("%Y-%m-%dT%H:%M:%S") if with_seconds else super().format_value(value)


LOCAL_TIMES: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.DateTimeField: {"form_class": forms.DateTimeField, "widget": LocalTimeInput}
}
"""For `formfield_overrides`: the admin's own two text fields are none for a phone."""


def _line(label: Any, max_length: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "vTextField"})
    return forms.CharField(label=label, max_length=max_length, required=False, widget=widget)


class ArticleForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Separate with commas: Pilkada, Payakumbuh, KPU."),
    )
    new_photo = forms.FileField(
        label=_("Upload a photo"),
        required=False,
        widget=PhotoInput("lead_photo"),
        help_text=_("From the camera or the phone: JPEG, PNG, WebP, AVIF or HEIC."),
    )
    photo_caption = _line(_("Its caption"), 300)
    photo_credit = _line(_("Its credit"), 100)
    photo_alt = _line(_("Its description for blind readers"), 300)
    photo_decorative = forms.BooleanField(label=_("Decorative: needs no description"), required=False)
    note = forms.CharField(
        label=_("What should the writer change?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(
        label=_("Reason, for readers"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    correction_kind = forms.ChoiceField(label=_("Kind"), required=False, choices=Correction.Kind.choices)
    correction = forms.CharField(
        label=_("What was wrong, and what is right; or the reply"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Article
        fields: list[str] = []  # the ModelAdmin names them
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "class": "headline"}),
            "summary": forms.Textarea(attrs={"rows": 2}),
        }

    actor: Any  # the person, set by the ModelAdmin
    stored: Article | None = None  # somebody's newer text, when there is one

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "title" in self.fields and not self.instance.pk:
            self.fields["title"].widget.attrs["autofocus"] = True
        if "new_photo" in self.fields:
            self.fields["new_photo"].widget.attrs["data-region"] = self.instance.region_id or ""
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            self.initial["tags"] = ", ".join(tag.name for tag in self.instance.tags.all())

    @property
    def act(self) -> str:
        """The button that was pressed besides saving, an `Act`; empty for none."""
        pressed = self.data.get("_act", "")
        return pressed if pressed in set(Act) else ""

    def clean_title(self) -> str:
        """A title is one line, whatever was pasted."""
        return " ".join(self.cleaned_data["title"].split())

    def clean_tags(self) -> str:
        """Tags are the whole network's: a story adds a few."""
        tags: str = self.cleaned_data["tags"]
        if len([name for name in tags.split(",") if name.strip()]) > MOST_TAGS:
            raise forms.ValidationError(_("A story has %(most)s tags at most.") % {"most": MOST_TAGS})
        return tags

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._refuse_stale(cleaned)
        self._take_photo(cleaned)
        for name in ("published_at", "expires_at"):
            if cleaned.get(name) and not 1945 <= cleaned[name].year <= 2100:
                self.add_error(name, _("Choose a year from 1945 to 2100."))
        begun = self.instance.published_at if "published_at" not in self.fields else None
        if begun and cleaned.get("expires_at") and cleaned["expires_at"] <= begun:
            self.add_error("expires_at", _("The story was published after that. Choose a later end, or none."))
        field = self._needed()
        if field in self.fields and field not in self.errors and not cleaned.get(field):
            self.add_error(field, _REQUIRED[field])
        return cleaned

    def _needed(self) -> str:
        """The field that the pressed button needs; an approved story keeps a time."""
        if not self.act and self.instance.status == Status.APPROVED:
            return "published_at"
        needed = {Act.SCHEDULE: "published_at", Act.RETURN: "note", Act.WITHDRAW: "reason", Act.CORRECT: "correction"}
        return needed.get(self.act, "")  # type: ignore[call-overload]

    def _save_m2m(self) -> None:
        """Tags are made when the story is stored, not when its form is refused."""
        self.cleaned_data["tags"] = Tag.for_names(self.cleaned_data["tags"].split(","))
        super()._save_m2m()  # type: ignore[misc]

    def _refuse_stale(self, cleaned: dict[str, Any]) -> None:
        """When somebody stored a newer text since this form was opened, show both; the next save decides."""
        if not self.instance.pk:
            return
        stored = Article.objects.select_for_update(of=("self",)).get(pk=self.instance.pk)
        if cleaned.get("version") != stored.version:
            self.stored = stored
            self._put("version", stored.version)
            self.add_error(
                None,
                _(
                    "Somebody else has stored this story since you opened it. Nothing of yours is lost: the stored "
                    "text stands below yours. Take over what you need, then save again."
                ),
            )

    def _take_photo(self, cleaned: dict[str, Any]) -> None:
        """Store a new file; the words typed beside it are the new photo's, or the chosen one's."""
        upload, region = cleaned.get("new_photo"), cleaned.get("region") or getattr(self.instance, "region", None)
        words: dict[str, Any] = {key: cleaned.get(f"photo_{key}", "") for key in ("caption", "credit", "alt")}
        if upload and region:
            try:
                cleaned["lead_photo"] = take_in(upload, region, self.actor, **words)
            except forms.ValidationError as error:
                self.add_error("new_photo", error)
                return
            self._put("lead_photo", cleaned["lead_photo"].pk)
        if cleaned.get("photo_decorative"):
            words["is_decorative"] = True
        photo: Photo | None = cleaned.get("lead_photo")
        typed = {key: value for key, value in words.items() if value}
        if typed and (photo is None or not may_change(photo, self.actor)) and "new_photo" not in self.errors:
            self.add_error("new_photo", _("Choose the photo that these words belong to, or delete them."))
        elif typed and photo:
            Photo.objects.filter(pk=photo.pk).update(**typed)
            editions.changed(photo)
            for key in ("caption", "credit", "alt", "decorative"):
                self._put(f"photo_{key}", "")
        refuse_past_use(self, "lead_photo", region)
        if photo and self.instance.status == Status.APPROVED and not Photo.objects.get(pk=photo.pk).is_described:
            self.add_error("lead_photo", _("Describe this photo for blind readers, or mark it as decorative."))

    def _put(self, field: str, value: Any) -> None:
        """Change what a form shown again will hold."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix(field)] = value
        self.data = data


_REQUIRED = {
    "published_at": _("Choose when the story is to be published."),
    "note": _("Say what the writer should change, then return the story."),
    "reason": _("Say why the story is withdrawn: readers will see it."),
    "correction": _("Write what was wrong, and what is right."),
}


class GalleryForm(forms.ModelForm):
    """A photo of a photo story."""

    class Meta:
        model = GalleryPhoto
        fields = ["photo", "caption", "credit", "position"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        photo, article = cleaned.get("photo"), cleaned.get("article")
        refuse_past_use(self, "photo", article.region if article and article.region_id else None)
        if photo and article and article.status == Status.APPROVED and not photo.is_described:
            self.add_error("photo", _("Describe this photo for blind readers, or mark it as decorative."))
        return cleaned


class ShareForm(forms.ModelForm):
    """A row of "also listed in"."""

    class Meta:
        model = Share
        fields = ["region", "published_at"]

    def clean(self) -> dict[str, Any]:
        """Refuse what would change nothing, or begin before the story. A row left alone is not asked again: the
        story may have been published later than planned, and then the share begins with it."""
        cleaned = super().clean() or {}
        region, moment, article = cleaned.get("region"), cleaned.get("published_at"), cleaned.get("article")
        if article is None or not self.has_changed():
            return cleaned
        if region and article.region_id and tree.contains(region.path, article.region.path):
            self.add_error("region", _("The story is listed there by itself. Choose another region."))
        if moment and article.published_at and moment < article.published_at:
            self.add_error(
                "published_at", _("The story itself is published later than that. Choose a later time, or none.")
            )
        return cleaned
