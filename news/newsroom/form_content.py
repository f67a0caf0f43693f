"""The article form as plain data: what a browser would post, field by field, without buttons and keys.

Working copies and proposals are stored in this shape. It is put back into a form by posting it to that form.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseInlineFormSet
from django.http import QueryDict
from django.utils.text import capfirst

from news.content import body, richtext
from pekon.plain_text import whole_number

Content = dict[str, list[str]]

_LEFT_OUT = frozenset({"csrfmiddlewaretoken"})
_ROW = re.compile(r"(\w+)-(\d+)-(\w+)")
_NOT_COMPARED = frozenset({"version", "correction_kind"})
_NOT_TYPED = frozenset({"id", "article", "position", "role", "DELETE"})
"""Fields of a row that say nothing by themselves."""


def posted(post: QueryDict, fields: Mapping[str, forms.Field]) -> Content:
    """The content of a posted form with these fields. Boxes that are not ticked are in it, as empty lists."""
    content = {
        name: [str(value) for value in values]
        for name, values in post.lists()
        if not name.startswith("_") and name not in _LEFT_OUT and "__prefix__" not in name
    }
    for name, field in fields.items():
        if isinstance(field.widget, forms.CheckboxInput):
            content.setdefault(name, [])
    return content


def shown(form: forms.BaseForm, formsets: Iterable[BaseInlineFormSet[Any, Any, Any]]) -> Content:
    """The content of a form as it is shown, which is what posting it untouched would send."""
    fields = list(form)
    for formset in formsets:
        fields += [*formset.management_form, *(field for row in formset.forms for field in row)]
    return {field.html_name: _values(field) for field in fields if not isinstance(field.field.widget, forms.FileInput)}


def _values(field: forms.BoundField) -> list[str]:
    widget, value = field.field.widget, field.value()
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    if isinstance(widget, forms.Select) and not isinstance(field.field, forms.ModelChoiceField) and value is None:
        return [str(next(iter(widget.choices))[0])]  # browsers choose the first one
    formatted = widget.format_value(value)
    if isinstance(formatted, list):
        return [str(item) for item in formatted]
    return ["" if formatted is None else str(formatted)]


def merged(stored: Content, typed: Content) -> Content:
    """The stored content with what was typed. Rows of a table (bylines, gallery, shares) are taken as a whole."""
    tables = tuple(name.removesuffix("TOTAL_FORMS") for name in typed if name.endswith("-TOTAL_FORMS"))
    return {name: values for name, values in stored.items() if not (tables and name.startswith(tables))} | typed


def as_post(content: Content) -> QueryDict:
    post = QueryDict(mutable=True)
    for name, values in content.items():
        if values:
            post.setlist(name, list(values))
    return post


# --- What differs -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A field whose value differs. Only texts have lines to show, the changed ones."""

    label: str
    before: list[str]
    after: list[str]


def differences(
    stored: Content, typed: Content, form: forms.BaseForm, formsets: Iterable[BaseInlineFormSet[Any, Any, Any]]
) -> list[Difference]:
    """What was typed differently from the stored content, in the order of the form."""
    found = [_of_field(field, stored, typed) for field in form if field.html_name not in _NOT_COMPARED]
    for formset in formsets:
        prefix = formset.prefix or ""
        if f"{prefix}-TOTAL_FORMS" in typed and _compared_rows(stored, prefix) != _compared_rows(typed, prefix):
            label = formset.model._meta.verbose_name_plural if formset.model else prefix
            found.append(Difference(capfirst(str(label)), [], []))
    return [difference for difference in found if difference]


def _of_field(field: forms.BoundField, stored: Content, typed: Content) -> Difference | None:
    name = field.html_name
    if name not in typed or isinstance(field.field.widget, forms.FileInput):
        return None
    before, after = _comparable(name, stored.get(name, [])), _comparable(name, typed[name])
    if before == after:
        return None
    is_text = isinstance(field.field, forms.CharField) and not isinstance(field.field, forms.ChoiceField)
    removed, added = _changed_lines(name, before, after) if is_text else ([], [])
    return Difference(capfirst(str(field.label)), removed, added)


def _comparable(name: str, values: list[str]) -> str:
    text = "\n".join(values).replace("\r\n", "\n").strip()
    return richtext.clean(text) if name == "body" else text


def _changed_lines(name: str, before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that only one side has."""
    split = body.lines if name == "body" else str.splitlines
    old, new = split(before), split(after)
    known, kept = set(old), set(new)
    return [line for line in old if line not in kept], [line for line in new if line not in known]


def _compared_rows(content: Content, prefix: str) -> list[dict[str, str]]:
    return [
        {name: row[name] for name in sorted(row) if name == "role" or name not in _NOT_TYPED}
        for row in rows(content, prefix)
    ]


def _filled_rows(content: Content, prefix: str) -> list[dict[str, list[str]]]:
    """The rows of a table in their order, without empty and deleted ones."""
    numbered: dict[int, dict[str, list[str]]] = {}
    for table, number, name, values in _cells(content):
        if table == prefix:
            numbered.setdefault(number, {})[name] = values
    there = [row for row in numbered.values() if _is_filled(row)]
    there.sort(key=lambda row: whole_number("".join(row.get("position", [])), 9) or 0)
    return there


def _cells(content: Content) -> Iterator[tuple[str, int, str, list[str]]]:
    for name, values in content.items():
        if match := _ROW.fullmatch(name):
            yield match[1], int(match[2]), match[3], values


def rows(content: Content, prefix: str) -> list[dict[str, str]]:
    """The filled rows of a table in their order, each value as one text."""
    return [{name: "".join(values) for name, values in row.items()} for row in _filled_rows(content, prefix)]


def _is_filled(row: dict[str, list[str]]) -> bool:
    return not row.get("DELETE") and any("".join(row[name]) for name in row if name not in _NOT_TYPED)
