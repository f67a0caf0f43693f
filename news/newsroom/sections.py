"""The ModelAdmins of sections, for the network's administrators, and of tags, which its editors rename and merge."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as UnusedTag

from news.content.slugs import tag_key
from news.models import Section, Tag
from news.models.tags import tidy_name
from news.publishing import tags
from news.search.tasks import refresh_with
from news.search.words import words
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import NetworkAdmin

admin.site.unregister(UnusedTag)  # taggit's own model; Pekon uses news.Tag instead


@admin.register(Section)
class SectionAdmin(NetworkAdmin):
    chosen_by_everybody = True
    list_display = ["name", "slug", "position"]
    list_editable = ["position"]
    prepopulated_fields = {"slug": ["name"]}

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """The positions in the list have no labels of their own."""
        named = {"position": forms.NumberInput(attrs={"aria-label": _("position")})}
        return super().get_changelist_form(request, widgets=named, **kwargs)


class TagForm(forms.ModelForm[Tag]):
    """Renames a tag. If another tag has the new name, the two are merged once the person confirms this."""

    merge = forms.BooleanField(
        label=_("Merge with the tag that has this name"),
        required=False,
        widget=forms.HiddenInput,  # until another tag has the typed name
        help_text=_("Its stories and theirs become one tag's. The old address leads there. This cannot be undone."),
    )
    other: Tag | None = None
    """The tag that has the typed name."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields.pop("merge", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "name" not in cleaned:
            return cleaned
        cleaned["name"] = tidy_name(cleaned["name"])
        key = tag_key(cleaned["name"])
        other = Tag.by_key([key]).get(key)
        self.other = other if other and other.pk != self.instance.pk else None
        if not key:
            self.add_error("name", _("Write a name with letters, digits or symbols."))
        elif self.other and not self.instance.pk:
            self.add_error("name", _("There is this tag already: “%(name)s”.") % {"name": self.other.name})
        elif self.other:
            self.fields["merge"].widget = forms.CheckboxInput()
            if not cleaned.get("merge"):
                message = _(
                    "There is a tag “%(name)s” already. Tick “merge” to make one of the two, or choose another name."
                )
                self.add_error("name", message % {"name": self.other.name})
        return cleaned

    def validate_unique(self) -> None:
        """Do nothing: `clean` handles a name that another tag has, because merging requires one."""


@admin.register(Tag)
class TagAdmin(NetworkAdmin):
    form = TagForm
    viewing = changing = Permission.PUBLISH
    list_display = ["name", "slug"]
    search_fields = ["name", "aliases__name"]
    fields = ["name", "merge"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ["name"]

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        actor = cast("User", request.user)
        before = Tag.objects.get(pk=obj.pk)
        if form.other and form.cleaned_data["merge"]:
            after = tags.merge(before, form.other, actor=actor)
        else:
            after = tags.rename(before, obj.name, actor=actor)
        obj.pk, obj.name, obj.slug, obj.key = after.pk, after.name, after.slug, after.key
        refresh_with.enqueue([phrase for phrase in (words(before.name), words(after.name)) if phrase])
