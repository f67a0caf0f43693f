"""Forms whose times belong to a region that is chosen in the same form: they are shown and read in its zone."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

if TYPE_CHECKING:  # generic only for mypy
    _Form = forms.ModelForm[Any]
else:
    _Form = forms.ModelForm


class RegionTimesForm(_Form):
    times = ("starts_at", "ends_at")
    """The fields with a time; `region` is the field with the region."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.times:
                moment = getattr(self.instance, name)
                self.initial[name] = self.instance.region.local(moment).replace(tzinfo=None) if moment else None

    def clean(self) -> dict[str, Any]:
        """Interpret the typed times in the zone of the chosen region."""
        cleaned = super().clean() or {}
        for name in self.times:
            if cleaned.get(name) and cleaned.get("region"):
                cleaned[name] = timezone.make_naive(cleaned[name]).replace(tzinfo=cleaned["region"].zone)
        return cleaned
