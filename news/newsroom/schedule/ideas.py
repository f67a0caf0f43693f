"""The ModelAdmin of planned ideas. All who write in a region see and change its ideas."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from news.models import Article, PlannedIdea
from news.publishing import ideas, rules
from regions import tree
from regions.models import Region
from regions.permissions import access
from regions.permissions.access import Permission
from regions.permissions.scoped_admin import RegionFilter, ScopedAdmin

from ..region_labels import label_of
from .page import DAY, REGION
from .periods import FIRST_YEAR, LAST_YEAR, day_from


class IdeaForm(forms.ModelForm[PlannedIdea]):
    """An idea's day and time are typed by its region's clock."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    class Meta:
        model = PlannedIdea
        fields: list[str] = []  # set by the ModelAdmin

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        idea = self.instance
        if idea.pk:
            self.initial["on"] = idea.local_day
            self.initial["time"] = idea.planned_at and idea.region.local(idea.planned_at).time()

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("Choose a year from 1945 to 2100."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, clock, region = cleaned.get("on"), cleaned.get("time"), cleaned.get("region")
        if day and region:
            self.instance.day = None if clock else day
            self.instance.planned_at = datetime.combine(day, clock, region.zone) if clock else None
        return cleaned


@admin.register(PlannedIdea)
class PlannedIdeaAdmin(ScopedAdmin):
    form = IdeaForm
    changing = Permission.WRITE
    fields = ["title", "section", "region", "on", "time", "author", "note"]
    list_display = ["title", "region", "when", "author", "story"]
    list_filter = [RegionFilter]
    list_select_related = ["region", "author", "became__region"]
    search_fields = ["title", "note"]
    autocomplete_fields = ["author", "region"]
    object_views = ("make_story",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("region")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.became_id is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """An idea that became a story is only shown, and its day and time are no columns."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fields
        return ["title", "section", "region", "when", "author", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["when"] if obj and not self.has_change_permission(request, obj) else []

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Search fields in place of lists, for people of the whole network."""
        return self.autocomplete_fields if tree.ROOT in access.branches_for(request.user, Permission.WRITE) else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The region and the day from which the schedule leads here."""
        regions = access.regions_for(request.user, Permission.WRITE)
        label = request.GET.get(REGION, "")
        region = regions.filter(subdomain="" if label == "-" else label).first() if label else None
        region = region or regions.filter(assignments__user=request.user.pk).order_by("-path").first()
        return {"region": region and region.pk, "on": day_from(request.GET.get(DAY, ""))}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if "time" in form.base_fields:
            region = obj.region if obj else self._first_region(request)
            zone = Region.Zone(region.timezone).label if region else ""
            form.base_fields["time"].help_text = _(
                "May stay empty. By the clock of the region that you choose (%(region)s: %(zone)s)."
            ) % {"region": region, "zone": zone}
        return form

    def _first_region(self, request: HttpRequest) -> Region | None:
        chosen = self.get_changeform_initial_data(request)["region"]
        return Region.objects.filter(pk=chosen).first() if chosen else None

    @admin.display(description=_("time"))
    def when(self, idea: PlannedIdea) -> str:
        if idea.planned_at:
            return idea.region.clock(idea.planned_at)
        return format_date(idea.day, "j M Y") if idea.day else ""

    @admin.display(description=_("story"))
    def story(self, idea: PlannedIdea) -> str:
        return str(_("written")) if idea.became_id else "–"

    def save_model(self, request: HttpRequest, obj: PlannedIdea, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = cast("User", request.user)
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: PlannedIdea, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._respond(request, obj, _("The idea is planned."))

    def response_change(self, request: HttpRequest, obj: PlannedIdea) -> HttpResponse:
        return self._respond(request, obj, _("The idea is changed."))

    def _respond(self, request: HttpRequest, idea: PlannedIdea, said: Any) -> HttpResponse:
        """Go to the schedule of the idea's week."""
        messages.success(request, said)
        address = f"{reverse('admin:schedule')}?{REGION}={label_of(idea.region)}&{DAY}={idea.local_day}"
        return HttpResponseRedirect(f"{address}#idea-{idea.pk}")

    @method_decorator(require_POST)
    def make_story_view(self, request: HttpRequest, idea: PlannedIdea) -> HttpResponse:
        """Make the story, or go to it."""
        article = ideas.make_story(idea, actor=cast("User", request.user))
        if not Article.objects.filter(rules.readable_by(request.user), pk=article.pk).exists():
            messages.info(request, _("A colleague has begun this story already."))
            return HttpResponseRedirect(reverse("admin:schedule"))
        return HttpResponseRedirect(reverse("admin:news_article_change", args=[article.pk]))
