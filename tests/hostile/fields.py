"""Every text field of every model of ours, found in the registry, and hostile texts in all of them.

A field is left out only by a rule below, and each rule is tested: the text that it calls refused must be refused.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import chain, count, zip_longest
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.urls import NoReverseMatch
from django.utils import timezone

from news.publishing import previews
from tests.hostile.inputs import CALL, KINDS, STRANGER

LONGEST = 200  # characters of a text that is one of many in a list
FROM_EACH_KIND = 60
JOINED = 8  # texts in a field without a limit
ROWS = 4  # rows of a model that nothing else has made
ENOUGH = 20
"""Different texts that must fit into a field; one that takes fewer fails the test."""

ADDRESS_PARTS: dict[str, Callable[[Any], object]] = {
    "news.PreviewLink.key": previews.address,
}
"""Made by the program alone and never shown but inside an address → what makes that address."""


def texts() -> list[str]:
    """Texts of every kind in turn. Without NUL: forms and PostgreSQL refuse it (a test holds them to that)."""
    chosen = []
    for kind in KINDS.values():
        fitting = [
            text.replace("\x00", "")
            for text in kind.inputs
            if len(text) <= LONGEST and (CALL in text or STRANGER in text)
        ]
        chosen.append(
            fitting[:: max(1, len(fitting) // FROM_EACH_KIND)] + [text for text in fitting if len(text) <= 30]
        )
    in_turn = chain.from_iterable(zip_longest(*chosen))
    return list(dict.fromkeys(text for text in in_turn if text and text.strip()))


def our_models() -> list[type[models.Model]]:
    """The models of the project's apps, and the people's accounts, whose names the newsroom shows."""
    ours = [config for config in apps.get_app_configs() if _is_ours(Path(config.path))]
    found = [model for config in ours for model in config.get_models(include_auto_created=True)]
    return [*found, get_user_model()]


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts


def text_fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if isinstance(field, (models.CharField, models.TextField))]


def label(field: models.Field) -> str:
    return f"{field.model._meta.app_label}.{field.model.__name__}.{field.name}"


def fill() -> tuple[dict[str, str], list[str]]:
    """Write hostile texts into all of them. Returns what happened to each field, and what should not have."""
    happened: dict[str, str] = {}
    wrong: list[str] = []
    for model in our_models():
        if text_fields(model):
            try:
                happened |= _fill_model(model)
            except (AssertionError, DatabaseError, ValidationError) as error:
                wrong.append(f"{model._meta.label}: {error!r}")
    return happened, wrong


def _fill_model(model: type[models.Model]) -> dict[str, str]:
    manager = model._base_manager
    if not manager.exists():
        for _number in range(ROWS):
            _make_row(model)
    first = manager.order_by("pk").first()
    assert first is not None
    reasons = {field.name: _left_out(field, first) for field in text_fields(model)}
    chosen = [field for field in text_fields(model) if not reasons[field.name]]
    choices = {field.name: _fitting(field, turn) for turn, field in enumerate(chosen)}
    rows = Counter[str]()
    unique = {field.name for field in chosen if field.unique}
    for number, row in enumerate(list(manager.order_by("pk"))):
        values = {
            name: options[number % len(options)]
            for name, options in choices.items()
            if number < len(options) or name not in unique  # no text twice
        }
        if values:
            _write(row, values)
            rows.update(values.keys())
    assert all(rows[name] for name in choices), f"no row took a text in {set(choices) - set(rows)}"
    return {label(field): reasons[field.name] or f"{rows[field.name]} rows" for field in text_fields(model)}


def _fitting(field: models.Field, turn: int) -> list[str]:
    """Different texts that fit, beginning elsewhere for each field, so that a row holds different ones."""
    all_texts = texts()
    if field.max_length is None or field.max_length > 400:
        joined = ["\n".join(all_texts[start : start + JOINED]) for start in range(0, len(all_texts), JOINED)]
        fitting = [text for text in joined if len(text) <= (field.max_length or len(text))] or all_texts
    else:
        fitting = [text for text in all_texts if len(text) <= field.max_length]
    assert len(fitting) >= ENOUGH, f"{label(field)} takes only {len(fitting)} texts"
    start = turn * 37 % len(fitting)
    return fitting[start:] + fitting[:start]


def _left_out(field: models.Field, row: models.Model) -> str:
    """The rule by which a field holds no hostile text, and which has just refused one; empty: it can."""
    sample = f"</b on={CALL}>"
    if field.choices:  # one of a few words
        return _refused_by_validation(field, sample, "choices")
    if isinstance(field, models.SlugField):  # letters, digits and hyphens, for an address
        return _refused_by_validation(field, sample, "slug")
    if field.max_length and sum(len(text) <= field.max_length for text in texts()) < ENOUGH:  # a colour
        return _refused_by_validation(field, sample, "length")
    if label(field) in ADDRESS_PARTS:
        return _refused_by_address(field, row, sample)
    try:
        with transaction.atomic():
            _update(row, {field.name: sample})
            raise _Undo
    except _Undo:
        return ""
    except IntegrityError as error:
        if "check constraint" in str(error).lower():
            return "a constraint refuses it"
        return ""  # rows of this model are never changed: `_write` adds one
    except DatabaseError:
        return ""


class _Undo(Exception):
    """The text was written; take it back."""


def _refused_by_validation(field: models.Field, text: str, rule: str) -> str:
    try:
        field.clean(text, None)
    except ValidationError:
        return f"{rule}: validation refuses it"
    raise AssertionError(f"{label(field)}: {rule} does not refuse {text}")


def _refused_by_address(field: models.Field, row: models.Model, text: str) -> str:
    kept = getattr(row, field.attname)
    setattr(row, field.attname, text)
    try:
        ADDRESS_PARTS[label(field)](row)
    except NoReverseMatch:
        return "no address can hold it"
    finally:
        setattr(row, field.attname, kept)
    raise AssertionError(f"{label(field)}: an address took {text}")


def _update(row: models.Model, values: dict[str, str]) -> None:
    assert type(row)._base_manager.filter(pk=row.pk).update(**values) == 1


def _write(row: models.Model, values: dict[str, str]) -> None:
    """Change the row; where rows are only ever added, add another like it."""
    try:
        with transaction.atomic():
            _update(row, values)
    except DatabaseError:
        row.pk = None
        row._state.adding = True
        for name, value in values.items():
            setattr(row, name, value)
        type(row)._base_manager.bulk_create([row])


_numbers = count(1000)


def _make_row(model: type[models.Model]) -> None:
    """The plainest row there can be, of a model that nothing has made yet."""
    values = {
        field.attname: _plain_value(field)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
        and not field.has_default()
        and not (field.null and not field.is_relation)
    }
    model._base_manager.bulk_create([model(**values)])


def _plain_value(field: models.Field) -> Any:
    if field.is_relation:
        if field.null:
            return None
        targets = field.remote_field.model._base_manager.order_by("-pk").values_list("pk", flat=True)
        assert targets, f"{label(field)} needs a row that nothing has made"
        return targets[next(_numbers) % len(targets)]  # different ones, because a pair of rows may stand once only
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.DateTimeField):
        return timezone.now() + timedelta(days=1)
    if isinstance(field, models.DateField):
        return timezone.now().date() + timedelta(days=next(_numbers))
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.UUIDField):
        return uuid4()
    return next(_numbers) if isinstance(field, models.IntegerField) else f"x{next(_numbers)}"
