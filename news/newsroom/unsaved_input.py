"""The texts of a form that could not be stored, to show them to the person again under the form's own labels.

The body is given back as text, a paragraph a line, so that it can be pasted into the editor.
"""

from typing import Any

from django.http import QueryDict
from django.utils.text import capfirst

from news.content import body
from news.models import Article, Comment

from .article_form import ArticleForm

TEXTS = ("title", "kicker", "dateline", "body", "sign_off", "summary", "lead_caption", "lead_credit")
"""The model's text fields. The form has further ones."""
_OWN = ("tags", "photo_caption", "photo_credit", "photo_alt", "note", "reason")


def texts(post: QueryDict) -> list[tuple[str, str]]:
    """The texts of a posted article form, or of a comment's, as (label, text); empty for any other form."""
    said = str(post.get("text", "")) if "do" in post else ""
    if said.strip():
        return [(str(capfirst(Comment._meta.verbose_name)), said)]
    if "title" not in post and "body" not in post:
        return []
    fields: dict[str, Any] = {name: Article._meta.get_field(name) for name in TEXTS}
    labels = {name: str(field.verbose_name) for name, field in fields.items()}
    labels |= {
        name: str(ArticleForm.declared_fields[name].label) for name in _OWN if name in ArticleForm.declared_fields
    }
    typed = {name: str(post.get(name, "")) for name in labels}
    typed["body"] = _as_text(typed["body"])
    return [(capfirst(label), typed[name]) for name, label in labels.items() if typed[name].strip()]


def stored_texts(article: Article) -> list[tuple[str, str]]:
    """The stored texts of an article, in the same form."""
    post = QueryDict(mutable=True)
    post.update({name: str(getattr(article, name)) for name in TEXTS})
    return texts(post)


def _as_text(html: str) -> str:
    return "\n\n".join(body.lines(html))
