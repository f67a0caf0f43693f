"""What a person typed into a form that could not be stored: to be shown again, under the names that the form used."""

from typing import Any

from django.http import QueryDict
from django.utils.text import capfirst

from news.models import Article

from .article_form import ArticleForm

TEXTS = ("title", "kicker", "dateline", "body", "sign_off", "summary", "lead_caption", "lead_credit")
"""The model's fields of text; the form has more."""
_OWN = ("tags", "photo_caption", "photo_credit", "photo_alt", "note", "reason")


def texts(post: QueryDict) -> list[tuple[str, str]]:
    """(label, text) of a posted story form; empty for any other form."""
    if "title" not in post and "body" not in post:
        return []
    fields: dict[str, Any] = {name: Article._meta.get_field(name) for name in TEXTS}
    labels = {name: str(field.verbose_name) for name, field in fields.items()}
    labels |= {
        name: str(ArticleForm.declared_fields[name].label) for name in _OWN if name in ArticleForm.declared_fields
    }
    return [(capfirst(label), str(post[name])) for name, label in labels.items() if str(post.get(name, "")).strip()]
