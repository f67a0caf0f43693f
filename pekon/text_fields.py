"""Fields for texts that people type. Invisible characters are not stored, and a text of only those counts as empty.

`PlainCharField` and `PlainTextField` extend Django's model fields, and tidy every write: forms, code, `update()` and
imports. `PlainCharFormField` is for forms without a model.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from . import plain_text

if TYPE_CHECKING:  # Django's fields are not generic at run time
    _Field = models.Field[str, str]
    _CharField = models.CharField[str, str]
    _TextField = models.TextField[str, str]
else:
    _Field, _CharField, _TextField = models.Field, models.CharField, models.TextField


class PlainCharFormField(forms.CharField):
    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        tidied = plain_text.tidy(text)
        # Strip again: spaces may have been inside removed characters.
        return super().to_python(tidied) if self.strip else tidied


class _PlainText(_Field):
    def to_python(self, value: Any) -> Any:
        return _tidied(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return _tidied(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        tidied = _tidied(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, tidied)
        return tidied

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return super().formfield(*args, **{"form_class": PlainCharFormField, **kwargs})

    def deconstruct(self) -> Any:
        """Appear in migrations as Django's own field, because the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        kind = "TextField" if isinstance(self, models.TextField) else "CharField"
        return name, f"django.db.models.{kind}", args, kwargs


class PlainCharField(_PlainText, _CharField):
    """One line of text."""


class PlainTextField(_PlainText, _TextField):
    """Several lines of text."""


def _tidied(value: Any) -> Any:
    return plain_text.tidy(value) if isinstance(value, str) else value
