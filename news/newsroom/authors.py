"""The ModelAdmin of authors, whose names readers see. An author can be linked to an account, but need not be."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from news.content.slugs import tag_key
from news.models import Author, Placement
from news.staff import service
from regions import tree
from regions.permissions import access
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import ScopedAdmin


class AuthorForm(forms.ModelForm[Author]):
    """Asks, for a name that another author has, whether it is the same person, who must not get two author pages."""

    another_person = forms.BooleanField(
        label=_("This is another person of the same name"),
        required=False,
        widget=forms.HiddenInput,  # until it is asked
    )
    actor: User | AnonymousUser  # set by the ModelAdmin

    class Meta:
        error_messages = {
            "slug": {"unique": _("Another author has this address. Add a number, as in linda-sari-2.")},
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name = cleaned.get("name", "")
        others = namesakes(name, self.instance.pk) if name and "name" in self.changed_data else []
        if others:
            self.fields["another_person"].widget = forms.CheckboxInput()
            if not cleaned.get("another_person"):
                self.add_error("name", self._question(others))
        return cleaned

    def _question(self, others: list[Author]) -> str:
        """The question to the person. It names the regions of those authors whom this person or readers can see."""
        known = access.regions_for(self.actor, Permission.WRITE)
        public = Placement.objects.live().filter(article__bylines__author__in=others)
        visible = {author.pk for author in others if author.region in known}
        visible |= set(public.values_list("article__bylines__author", flat=True))
        places = ", ".join(sorted({author.region.short_name for author in others if author.pk in visible}))
        question = _(
            "There is an author of this name already%(where)s. The same person? Then use that author. "
            "If not, say below that this is another person."
        )
        return question % {"where": f" ({places})" if places else ""}


def namesakes(name: str, but: int | None = None) -> list[Author]:
    """The authors with this name, ignoring case, accents, spaces and punctuation, except the one with key `but`."""
    key = tag_key(name)
    names = Author.objects.order_by().values_list("pk", "name")
    return list(
        Author.objects.select_related("region").filter(
            pk__in=[pk for pk, each in names if pk != but and tag_key(each) == key]
        )
    )


@admin.register(Author)
class AuthorAdmin(ScopedAdmin):
    form = AuthorForm
    list_display = ["name", "region", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["region"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}
    region_choices = changing = Permission.EDIT

    def choices_for(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Offer the authors of the person's regions, and those of the regions above (such as network photographers)."""
        branches = access.branches_for(request.user, self.viewing)
        above = {ancestor for path in branches for ancestor in tree.ancestor_paths(path)}
        return Author.objects.filter(self.visible_to(request) | Q(region__path__in=above), is_active=True)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Hide the linked account from people who may not change it. The linked account can open the author's drafts,
        so only those who manage people in all of the author's regions may see and change it."""
        fields = ["name", "another_person", "slug", "region", "user", "bio", "is_active"]
        left_out = set() if service.may_link(obj, request.user) else {"user"}
        if not (self.has_change_permission(request, obj) if obj else self.has_add_permission(request)):
            left_out.add("another_person")
        return [name for name in fields if name not in left_out]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        if "user" in form.changed_data:
            service.link_author(obj, obj.user, actor=cast("User", request.user))
        else:
            super().save_model(request, obj, form, change)
