"""The readers' templates (Jinja2): they use only what there is, and escape everything.

What does not exist is an error there, so a name in a branch that no other test takes would be an error for readers.
"""

import dataclasses
import re

import pytest
from django.template import engines
from django.utils import translation
from jinja2 import meta, nodes

from news.demo import builders
from news.readers import pages
from news.readers.templates import component
from pekon.jinja import FILTERS
from tests.server import ROOT

FOLDER = ROOT / "templates" / "readers"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
COMPONENTS = {
    "advert": "advert network",
    "also": "article",
    "calendar": "after before current month weeks",
    "card": "address article heading photo place slot summary time",
    "figure": "caption photo",
    "picture": "alt avif height lead photo sizes src webp width",
    "rail_row": "address article heading margin place",
}
"""What Python gives the components that it renders."""
PAGES = [getattr(pages, name) for name in pages.__all__ if name not in ("Edition", "ReaderPage")]


def parsed(name: str) -> nodes.Template:
    return engines["jinja2"].env.parse((FOLDER / name).read_text("utf-8"))


def shown_of_page(name: str) -> set[str]:
    """The page's attributes that this template uses, with those that it extends and includes."""
    tree = parsed(name)
    own = {each.attr for each in tree.find_all(nodes.Getattr) if getattr(each.node, "name", "") == "page"}
    others = (each.template.value for each in tree.find_all((nodes.Extends, nodes.Include)))
    return own.union(*map(shown_of_page, others))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_uses_only_what_it_is_given(name):
    given = COMPONENTS.get(name.removeprefix("components/").removesuffix(".html"), "page path").split()
    names = meta.find_undeclared_variables(parsed(name)) - engines["jinja2"].env.globals.keys()
    assert names <= set(given)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_page_has_what_its_template_shows(page):
    assert shown_of_page(page.template) - {each.name for each in dataclasses.fields(page)} <= set(dir(page))


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_leaves_anything_unescaped(name):
    assert not re.search(r"\|\s*safe\b|autoescape|Markup|do_mark", (FOLDER / name).read_text("utf-8"))


@pytest.mark.parametrize(
    "code", ["text", "_('%s') % text", *(f"text|{name}" for name in FILTERS if name not in ("date", "urlencode"))]
)
def test_text_is_escaped(code):
    template = engines["jinja2"].from_string(f"{{{{ {code} }}}}{{% trans text=text %}}{{{{ text }}}}{{% endtrans %}}")
    page = template.render({"text": "<b onclick='x'>\"&"})
    assert "<b" not in page
    assert page.count("&lt;b onclick=") == 2
    assert not re.search(r"[\"']|&(?!lt;|gt;|amp;|#34;|#39;|quot;|#x27;)", page)


def test_components_are_in_the_language_of_who_reads(tree):
    article = builders.make_live(tree.payakumbuh)
    for language, text in {"id": "Baca juga", "en": "Read also"}.items():
        with translation.override(language):
            assert f"<b>{text}</b>" in component("also", {"article": article}), language


def test_readers_pages_are_indonesian_whatever_language_a_thread_was_left_with(tree, reader):
    with translation.override("en"):
        assert ">Beranda</a>" in reader(tree.payakumbuh).get("/").text
