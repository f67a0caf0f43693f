"""Typed text loses the characters that nobody sees, in every field for typed text."""

import sys
import unicodedata
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from news.content.richtext import BodyField
from news.demo import builders
from news.models import Article, Author
from pekon import plain_text
from pekon.text_fields import PlainCharField, PlainCharFormField, PlainTextField

INVISIBLE = [
    "\u200b",
    " \u200b\u00ad ",
    "\u2060\ufeff",
    "\u202e\u2069",
    "\u3164",
    "\u2800 \u115f",
    "\u200d\u200c",
    "\u0301",
]
DRAWN = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")


def test_every_format_character_of_unicode_is_dropped():
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) == "Cf" and character not in DRAWN:
            assert plain_text.tidy(f"se{character}lokan") == "selokan", hex(code)
            assert plain_text.without_format_characters(f"se{character}lokan") == "selokan", hex(code)


def test_what_is_drawn_stays():
    family, flag = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f3f4\U000e0067\U000e0062\U000e007f"
    for text in (family, flag, "日本", "♥️", "Pasal 5:\n- satu\n- dua", "Jum’at", "-", "می\u200cخواهم"):
        assert plain_text.tidy(text) == text


def test_hyphens_are_one():
    assert plain_text.tidy("Covid\u201119 dan anak\u2010anak") == "Covid-19 dan anak-anak"


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_cannot_be_seen_is_empty(text):
    assert plain_text.tidy(text) == ""
    with pytest.raises(forms.ValidationError):
        PlainCharFormField().clean(text)
    with pytest.raises(ValidationError):
        Author._meta.get_field("name").clean(text, None)


def test_a_form_strips_what_dropped_characters_have_held():
    assert PlainCharFormField(max_length=5).clean("\u200b Solok \u200b") == "Solok"


def test_every_way_into_the_database_tidies(tree):
    author = builders.make_author("Linda\u200b Sari", tree.payakumbuh)
    assert author.name == "Linda Sari"
    Author.objects.filter(pk=author.pk).update(bio="Ke\u00adpala\nbiro")
    author.refresh_from_db()
    assert (author.name, author.bio) == ("Linda Sari", "Kepala\nbiro")


NOT_TYPED = {
    "news.Article.source_key",  # set by importers
    "news.PushSubscription.endpoint",  # this and the next two come from browsers
    "news.PushSubscription.public_key",
    "news.PushSubscription.secret",
    "images.PendingFile.name",  # made by us
    "popularity.Salt.value",
    "popularity.CountedDigest.digest",
    "regions.FormKey.digest",
    "regions.FormKey.location",
    "regions.Region.code",  # digits and full stops, by its validator
    "regions.Region.subdomain",  # a DNS label, by its constraint
    "regions.SubdomainAlias.label",
    "search.KnownWord.word",  # what `words()` gives
    "search.NewsroomWord.word",
}


def test_every_field_for_typed_text_tidies():
    ours = [config for config in apps.get_app_configs() if config.name.split(".")[0] in ("news", "regions")]
    fields = [field for config in ours for model in config.get_models() for field in model._meta.concrete_fields]
    texts = [field for field in fields if isinstance(field, (models.CharField, models.TextField))]
    assert {str(field) for field in texts} >= {"news.Article.title", "regions.Masthead.staff", "images.Photo.caption"}
    refused = (models.SlugField, models.EmailField, models.URLField)  # their validators want what is visible
    derived = ("search.SearchDocument.", "search.NewsroomDocument.")
    for field in texts:
        if field.editable and not field.choices and not isinstance(field, refused) and str(field) not in NOT_TYPED:
            assert isinstance(field, (PlainCharField, PlainTextField, BodyField)) or str(field).startswith(derived), (
                field
            )


def test_every_form_for_typed_text_tidies():
    modules = [
        ".".join(path.with_suffix("").parts)
        for package in ("news", "regions")
        for path in Path(package).rglob("*.py")
        if "forms" in path.read_text("utf-8") and "migrations" not in path.parts
    ]
    found = 0
    for name in modules:
        for form in vars(import_module(name)).values():
            if not (isinstance(form, type) and issubclass(form, forms.BaseForm) and form.__module__ == name):
                continue
            for label, field in getattr(form, "base_fields", {}).items():
                if type(field) in (forms.CharField, PlainCharFormField) and not isinstance(
                    field.widget, (forms.HiddenInput, forms.PasswordInput)
                ):
                    found += 1
                    assert isinstance(field, PlainCharFormField), f"{name}.{form.__name__}.{label}"
    assert found > 5


def test_a_title_has_plain_hyphens():
    assert Article._meta.get_field("title").clean("Wali kota\u2011wali kota", None) == "Wali kota-wali kota"
