"""The article form, which loses nothing that a person typed.

A new photo is stored even if another field is invalid, because browsers forget chosen files. If another editor has
stored a newer text meanwhile, both are merged (`conflicts`), and nothing is overwritten.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.forms.utils import ErrorDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from news.content import body
from news.images.models import Photo
from news.models import Article, Correction, GalleryPhoto, Share, Status
from news.models.tags import typed_names
from news.publishing import comments
from news.publishing.rules import PUBLISHING_FIELDS
from news.publishing.workflow import Act
from pekon.text_fields import PlainCharFormField
from regions import tree
from regions.permissions import access
from regions.permissions.access import Permission

from .conflicts import Meeting
from .photo_rules import PhotoInput, may_change, past_use, refuse_past_use

LOCAL_TIME = "%Y-%m-%dT%H:%M"
MAX_TAGS = 40
PHOTO_WORDS = {
    "photo_caption": "caption",
    "photo_credit": "credit",
    "photo_alt": "alt",
    "photo_decorative": "is_decorative",
}
"""Fields of the form → fields of the lead photo that they show and change, wherever the photo stands."""
LOOKED_AT = frozenset({Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE})
"""Acts that hand a story to somebody else, which its photos have to be described for."""
DESCRIBE = _("Describe this photo for blind readers, or mark it as decorative.")


class LocalTimeInput(forms.DateTimeInput):
    """The browser's own picker. Times are in the region's zone, which the view activates."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "any"}, format=LOCAL_TIME)

    def format_value(self, value: Any) -> str | None:
        with_seconds = isinstance(value, datetime) and value.second
        return value.strftime("%Y-%m-%dT%H:%M:%S") if with_seconds else super().format_value(value)


LOCAL_TIMES: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.DateTimeField: {"form_class": forms.DateTimeField, "widget": LocalTimeInput}
}
"""For `formfield_overrides`: the admin's two text fields for a time are hard to use on a phone."""


def _photo_words(label: Any, max_length: int, help_text: Any) -> PlainCharFormField:
    """A text of the photo. The form also sends back what it showed, so that only what was typed is stored."""
    return PlainCharFormField(
        label=label,
        max_length=max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1, "class": "one-line"}),
        help_text=help_text,
        show_hidden_initial=True,
    )


@dataclass(frozen=True)
class TakenUpload:
    """The photo that was sent with the form and is stored already, or the error that prevented this."""

    photo: Photo | None = None
    error: forms.ValidationError | None = None


class ArticleForm(forms.ModelForm[Article]):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    tags = PlainCharFormField(
        label=_("Tags"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("Separate with commas: Pilkada, Payakumbuh, KPU."),
    )
    new_photo = forms.FileField(
        label=_("Upload a photo"),
        required=False,
        widget=PhotoInput("lead_photo"),
        help_text=_("From the camera or the phone: JPEG, PNG, WebP, AVIF or HEIC."),
    )
    photo_words_of = forms.IntegerField(widget=forms.HiddenInput, required=False)  # the photo that is described below
    photo_caption = _photo_words(_("Caption"), 300, _("Who, what, where, when. Empty: the story's title."))
    photo_credit = _photo_words(_("Credit"), 100, _("Who took it."))
    photo_alt = _photo_words(_("For blind readers"), 300, _("What the photo shows, in a plain sentence."))
    photo_decorative = forms.BooleanField(
        label=_("Decorative: needs no description"), required=False, show_hidden_initial=True
    )
    note = PlainCharFormField(
        label=_("What should the writer change?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = PlainCharFormField(
        label=_("Reason, for readers"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    correction_kind = forms.ChoiceField(label=_("Kind"), required=False, choices=Correction.Kind.choices)
    correction = PlainCharFormField(
        label=_("What was wrong, and what is right; or the reply"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Article
        fields: list[str] = []  # set by the ModelAdmin
        widgets = {
            "title": forms.Textarea(attrs={"rows": 1, "class": "headline one-line", "placeholder": _("Title")}),
            "summary": forms.Textarea(attrs={"rows": 2, "class": "one-line"}),
        }

    actor: User | AnonymousUser  # set by the ModelAdmin
    photos: "models.QuerySet[Photo]"  # the photos that the actor may choose; set by the ModelAdmin
    upload = TakenUpload()  # set by the ModelAdmin
    meeting: Meeting | None = None  # set by the ModelAdmin if somebody else has stored a newer version
    question: datetime | None = None  # "publish now, or at this time?", if the pressed button leaves that open
    photo_words: dict[str, Any] = {}
    shows_typed = False
    """Set by the ModelAdmin if the data is a text to be shown, and not one to be validated and stored."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        photo = self.instance.lead_photo
        if photo and "photo_words_of" in self.fields:
            self.initial.update({name: getattr(photo, column) for name, column in PHOTO_WORDS.items()})
            self.initial["photo_words_of"] = photo.pk
        if "title" in self.fields and not self.instance.pk:
            self.fields["title"].widget.attrs["autofocus"] = True
        if "new_photo" in self.fields:
            self.fields["new_photo"].widget.attrs["data-region"] = self.instance.region_id or ""
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            self.initial["tags"] = ", ".join(tag.name for tag in self.instance.tags.all())

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.shows_typed else super().errors

    def is_valid(self) -> bool:
        return not self.shows_typed and super().is_valid()

    @property
    def act(self) -> Act | None:
        """The act whose button was pressed; None for a plain save."""
        pressed = self.data.get("_act", "")
        return Act(pressed) if pressed in set(Act) else None

    def clean_title(self) -> str:
        """Bring a pasted title onto one line."""
        return " ".join(self.cleaned_data["title"].split())

    def clean_tags(self) -> str:
        """Limit the number of tags, because new ones are created for the whole network."""
        tags: str = self.cleaned_data["tags"]
        if len(typed_names(tags)) > MAX_TAGS:
            raise forms.ValidationError(_("A story has %(most)s tags at most.") % {"most": MAX_TAGS})
        return tags

    def clean_body(self) -> str:
        """Refuse photos in the text that the person may not choose, or that may no longer be used, unless the stored
        text has them already."""
        text: str = self.cleaned_data["body"]
        stored = body.references(self.initial.get("body") or "").photos
        new = set(body.references(text).photos).difference(stored)
        allowed = {photo.pk: photo for photo in self.photos.filter(pk__in=new).select_related("region")} if new else {}
        if new - allowed.keys():
            raise forms.ValidationError(_("A photo in the text is not there any more. Take it out, or choose another."))
        for photo in allowed.values():
            if reason := past_use(photo, photo.region):
                raise forms.ValidationError(reason)
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._refuse_stale(cleaned)
        self._use_photo(cleaned)
        self._refuse_what_publishers_decide(cleaned)
        self._ask_about_time(cleaned)
        for name in ("published_at", "expires_at", "embargo_until"):
            if cleaned.get(name) and not 1945 <= cleaned[name].year <= 2100:
                self.add_error(name, _("Choose a year from 1945 to 2100."))
        begun = self.instance.published_at if "published_at" not in self.fields else None
        if begun and cleaned.get("expires_at") and cleaned["expires_at"] <= begun:
            self.add_error("expires_at", _("The story was published after that. Choose a later end, or none."))
        self._hold_to_embargo(cleaned, begun)
        field = self._needed()
        if field in self.fields and field not in self.errors and not cleaned.get(field):
            if field != "note":
                self.add_error(field, _REQUIRED[field])
            elif not comments.has_open_by(self.instance, self.actor):
                self.add_error(field, comments.asked_for())
        return cleaned

    def _hold_to_embargo(self, cleaned: dict[str, Any], begun: datetime | None) -> None:
        """Refuse an embargo of an approved story that ends after its time. `begun` is when it was published; what the
        acts refuse by themselves is theirs (news.publishing.workflow)."""
        embargo, moment = cleaned.get("embargo_until"), begun or cleaned.get("published_at")
        is_moved = self.act in (None, Act.SCHEDULE, Act.CORRECT) and self.instance.status == Status.APPROVED
        if not is_moved or embargo is None or moment is None or moment >= embargo:
            return
        if begun:
            self.add_error("embargo_until", _("The story was published before that. An embargo comes too late."))
        else:
            field = "published_at" if "published_at" in self.changed_data else "embargo_until"
            message = _(
                "The story would be published before its embargo ends. Choose a later time, or another embargo."
            )
            self.add_error(field, message)

    def _needed(self) -> str:
        """The field that the pressed button requires. Saving an approved article requires a publication time."""
        if not self.act and self.instance.status == Status.APPROVED:
            return "published_at"
        return _NEEDED.get(self.act, "")

    def _refuse_stale(self, cleaned: dict[str, Any]) -> None:
        """Show the form again if somebody has stored the story since it was opened, and both touched the same."""
        if self.instance.pk and cleaned.get("version") != self.instance.version:
            self.add_error(None, _("Somebody else has stored this story since you opened it."))
        elif self.meeting and self.meeting.conflicts:
            self.add_error(
                None,
                _(
                    "Somebody else has stored this story since you opened it, and changed what you changed too. "
                    "Nothing is lost: choose below, then save again."
                ),
            )
        elif self.meeting and self.meeting.is_open:
            self.add_error(
                None,
                _(
                    "Somebody else has stored this story since you opened it. Their changes are in the form now: look "
                    "at them below, then press the button again."
                ),
            )

    def _use_photo(self, cleaned: dict[str, Any]) -> None:
        """Make the uploaded photo the lead photo, and take the words that were typed for the lead photo."""
        if self.upload.error:
            self.add_error("new_photo", self.upload.error)
        if self.upload.photo:
            cleaned["lead_photo"] = self.upload.photo
            self._put("lead_photo", self.upload.photo.pk)
        photo: Photo | None = cleaned.get("lead_photo")
        typed = {name: cleaned.get(name) for name in PHOTO_WORDS if name in self.changed_data}
        if self._are_of(photo, cleaned.get("photo_words_of")):
            self.photo_words = self._for_photo(photo, typed) if photo else self._without_photo(typed)
        else:
            self._refuse_words(
                _("These words were typed for another photo, so they are not stored with this one:"), typed
            )
        if self.upload.photo or not self._are_of(photo, cleaned.get("photo_words_of")):
            self._show_words_of(photo)
        region = cleaned.get("region") or getattr(self.instance, "region", None)
        refuse_past_use(self, "lead_photo", region)
        self._require_description(photo)
        self._require_descriptions_inside(cleaned.get("body", ""))

    def _are_of(self, photo: Photo | None, shown: int | None) -> bool:
        """Whether the words in the form are those of `photo`; `shown` is the key of the photo whose words it showed.

        Words that were typed before there was a photo are those of the photo that was sent with them.
        """
        if shown is None:
            return photo is None or photo == self.upload.photo
        return photo is not None and photo.pk == shown

    def _without_photo(self, typed: dict[str, Any]) -> dict[str, Any]:
        if any(typed.values()) and not self.upload.error:
            self.add_error("new_photo", _("Choose the photo that these words belong to, or delete them."))
        return {}

    def _for_photo(self, photo: Photo, typed: dict[str, Any]) -> dict[str, Any]:
        """The photo's new words by the names of its fields. Refuses words of a photo that the person may not change,
        and words over those that somebody else has stored meanwhile."""
        changed = {name: value for name, value in typed.items() if value != getattr(photo, PHOTO_WORDS[name])}
        if changed and not may_change(photo, self.actor):
            said = _("Only its editors change the words of this photo. Put yours into “In this story alone”:")
            self._refuse_words(said, changed)
            self._show_words_of(photo)
            return {}
        for name in () if self.upload.photo else changed:
            stored = str(getattr(photo, PHOTO_WORDS[name]))
            if self.data.get(self.add_initial_prefix(name), "") != stored:
                self._put_shown(name, stored)
                self.add_error(
                    name,
                    _("Somebody else has changed this meanwhile, to “%(stored)s”. Save again to store yours.")
                    % {"stored": stored},
                )
        return {PHOTO_WORDS[name]: value for name, value in changed.items()}

    def _refuse_words(self, reason: Any, typed: dict[str, Any]) -> None:
        """Refuse the words, and repeat them, because the form shows others in their place."""
        if words := " · ".join(str(value) for value in typed.values() if value and value is not True):
            self.add_error("photo_caption", f"{reason} “{words}”")

    def _show_words_of(self, photo: Photo | None) -> None:
        self._put("photo_words_of", photo.pk if photo else "")
        for name, column in PHOTO_WORDS.items():
            value = getattr(photo, column) if photo else ""
            self._put(name, "" if value is False else value)  # an unticked box sends nothing
            self._put_shown(name, str(value))

    def _require_description(self, photo: Photo | None) -> None:
        """Ask whoever hands the story on, because they have seen the photo, and refuse to take it from readers."""
        is_public = self.instance.status == Status.APPROVED
        if photo is None or not (is_public or self.act in LOOKED_AT):
            return
        if self.photo_words.get("alt", photo.alt) or self.photo_words.get("is_decorative", photo.is_decorative):
            return
        if may_change(photo, self.actor):
            self.add_error("photo_alt", DESCRIBE)
        elif is_public:
            self.add_error("lead_photo", DESCRIBE)

    def _require_descriptions_inside(self, text: str) -> None:
        """The same for the photos in the text."""
        if self.instance.status != Status.APPROVED and self.act not in LOOKED_AT:
            return
        inside = body.references(text).photos
        for photo in Photo.objects.filter(pk__in=inside) if inside else ():
            if not photo.is_described:
                message = _("Describe the photo “%(photo)s” for blind readers, or mark it as decorative.")
                self.add_error("body", message % {"photo": photo})

    def _refuse_what_publishers_decide(self, cleaned: dict[str, Any]) -> None:
        """Refuse changes to publishing fields if the person may not publish in the article's region. The form shows
        these fields to everybody who publishes in any region."""
        region = cleaned.get("region") or getattr(self.instance, "region", None)
        if region is None or access.allowed(self.actor, Permission.PUBLISH, region):
            return
        for name in PUBLISHING_FIELDS:
            if name in self.changed_data:
                self.add_error(
                    name, _("In %(region)s this is for the editors to decide. Leave it as it was.") % {"region": region}
                )

    def _ask_about_time(self, cleaned: dict[str, Any]) -> None:
        """Ask once whether to publish now or at the time that was typed. The same button again means now."""
        moment = cleaned.get("published_at")
        is_typed = "published_at" in self.changed_data or self.instance.status != Status.APPROVED
        if self.act != Act.PUBLISH or not is_typed or moment is None or moment <= timezone.now():
            return
        if self.data.get("asked_about") != self.data.get(self.add_prefix("published_at")):
            self.question = moment
            self.add_error(None, _("Publish now, or at the time that you typed?"))

    def _put(self, field: str, value: Any) -> None:
        """Change the value that the field has when the form is shown again."""
        self._set(self.add_prefix(field), value)

    def _put_shown(self, field: str, value: str) -> None:
        """Change what the form says to have shown in a field of `PHOTO_WORDS`."""
        self._set(self.add_initial_prefix(field), value)

    def _set(self, name: str, value: Any) -> None:
        data = self.data.copy()  # type: ignore[attr-defined]
        data[name] = value
        self.data = data


_NEEDED: dict[Act | None, str] = {
    Act.SCHEDULE: "published_at",
    Act.RETURN: "note",
    Act.WITHDRAW: "reason",
    Act.CORRECT: "correction",
}
_REQUIRED = {
    "published_at": _("Choose when the story is to be published."),
    "reason": _("Say why the story is withdrawn: readers will see it."),
    "correction": _("Write what was wrong, and what is right."),
}


def _link_to_words(photo: Photo) -> SafeString:
    address = reverse("admin:images_photo_change", args=[photo.pk])
    return format_html('{} <a href="{}" target="_blank">{}</a>', DESCRIBE, address, _("Open the photo"))


class GalleryForm(forms.ModelForm[GalleryPhoto]):
    """A photo of a photo story."""

    class Meta:
        model = GalleryPhoto
        fields = ["photo", "caption", "credit", "position"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        photo, article = cleaned.get("photo"), cleaned.get("article")
        refuse_past_use(self, "photo", article.region if article and article.region_id else None)
        is_looked_at = article and (article.status == Status.APPROVED or self.data.get("_act") in LOOKED_AT)
        if photo and is_looked_at and not photo.is_described:
            self.add_error("photo", _link_to_words(photo))
        return cleaned


class ShareForm(forms.ModelForm[Share]):
    """A row of "also listed in"."""

    class Meta:
        model = Share
        fields = ["region", "published_at"]

    def clean(self) -> dict[str, Any]:
        """Refuse a share with a region that lists the article anyway, or with a time before the article's.

        Unchanged rows are not checked again: if the article was published later than planned, the share begins with it.
        """
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
