"""The same strings in every text field of every model, and every page there is, on both hosts: nothing runs.

The pages stand alone: the browser ignores the policy that would keep scripts from running. What has an XML or JSON
content type is read strictly, and so is every JSON-LD block.
"""

from collections.abc import Iterator
from urllib.parse import quote
from xml.etree.ElementTree import ParseError

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import CharField
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.hostile import fields, size
from tests.hostile.inputs import KINDS
from tests.hostile.watch import parse

MARKS = [pytest.mark.browser, pytest.mark.xdist_group("hostile")]


def newsroom(name: str, *args: object) -> str:
    return reverse(name, args=args, urlconf=settings.NEWSROOM_URLCONF)


def patterns_of(resolver: URLResolver) -> Iterator[URLPattern]:
    """What stands in a URLconf and in those that it includes, but for the admin's, which has a namespace."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif not pattern.namespace:
            yield from patterns_of(pattern)


def pages_without_objects() -> Iterator[str]:
    """Every newsroom address that needs nothing to be filled in: the desk, the account, each model's list and form."""
    models = [pattern.name for each in admin.site._registry.values() for pattern in each.get_urls() if pattern.name]
    others = [pattern.name for pattern in patterns_of(get_resolver(settings.NEWSROOM_URLCONF)) if pattern.name]
    names = [*others, *(f"admin:{name}" for name in ["index", *models])]
    for name in names:
        try:
            yield newsroom(name)
        except NoReverseMatch:
            continue  # it needs an object


def pages_of_objects(samples: dict[str, list[int]]) -> Iterator[str]:
    """Every address that the newsroom has for a row of a model: its form, its history, and what else there is."""
    for model, model_admin in admin.site._registry.items():
        for pattern in model_admin.get_urls():
            for pk in samples[model._meta.label_lower]:
                try:
                    yield newsroom(f"admin:{pattern.name}", pk)
                except NoReverseMatch:
                    break  # a page of the model, or one that needs more


def test_texts_are_of_every_kind():
    texts = fields.texts()
    assert len(texts) >= 300
    for name, kind in KINDS.items():
        own = {text.replace("\x00", "") for text in kind.inputs}
        assert name == "huge" or len(own & set(texts)) >= 10, name


def test_nobody_can_type_nul():
    """Which is why the texts are without it."""
    with pytest.raises(ValidationError):
        CharField().clean("x\x00y")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<rss><title>a & b</title></rss>", "application/rss+xml; charset=utf-8"),
        (b"<urlset><url>\x01</url></urlset>", "text/xml"),
        (b'{"a": NaN}', "application/json"),
        (b"<html>", "application/ld+json"),
    ],
)
def test_xml_and_json_are_read_strictly(content, kind):
    with pytest.raises((ParseError, ValueError)):
        parse(content, kind)


class TestInABrowser:
    pytestmark = MARKS

    def test_every_text_field_is_filled_or_has_its_reason(self, hostile):
        assert hostile.wrong == []
        walked = {fields.label(field) for model in fields.our_models() for field in fields.text_fields(model)}
        assert hostile.filled.keys() == walked
        assert sum(what.endswith(" rows") for what in hostile.filled.values()) >= 20
        assert int(hostile.filled["news.Article.title"].split()[0]) >= size.STORIES * 0.8

    def test_nothing_runs_before_readers(self, hostile, watch, tell):
        watched, hostile_titles, lists = watch(bypass_csp=True), 0, 0
        for path, host in hostile.reader_pages:
            status = watched.visit(hostile.server.url(path, host))
            assert status < 500, path
            hostile_titles += any(part in watched.page.title() for part in ("<", "ran("))
        watched.visit(hostile.server.url("/indeks/", "limapuluhkota"))
        while older := watched.page.locator("a[rel=next]").all():
            watched.visit(watched.page.evaluate("(link) => link.href", older[0].element_handle()))
            lists += 1
        watched.settle()
        tell("pages", watched.pages)
        assert watched.pages > len(hostile.reader_pages) >= 80
        assert lists >= 1, "one page holds all articles"
        assert hostile_titles > 20
        assert watched.seen == []

    @pytest.mark.thorough
    def test_nothing_runs_in_the_newsroom(self, hostile, watch, tell):
        watched = watch(bypass_csp=True)
        said = [text for text in self.saved(hostile, watched) if "<" in text or "ran(" in text]
        assert len(said) >= 3, "messages that repeat a hostile text"
        paths = [*pages_without_objects(), *pages_of_objects(hostile.samples)]
        if not size.ALL:  # these show nothing that somebody typed, or what another page shows as well
            paths = [path for path in paths if not path.endswith(("/add/", "/delete/", "/history/"))]
        paths += [
            f"{newsroom('admin:news_article_changelist')}?q={quote(text)}&state={quote(text)}"
            for text in fields.texts()[:40:8]
        ]
        for path in paths:
            assert watched.visit(hostile.server.url(path, "redaksi")) < 500, path
        watched.settle()
        tell("pages", watched.pages)
        assert watched.pages >= len(paths) >= 60
        assert watched.seen == []

    def saved(self, hostile, watched) -> Iterator[str]:
        """Save the first row of each model by its form; yields what the newsroom then says."""
        for model in admin.site._registry:
            first = hostile.samples[model._meta.label_lower][0]
            path = newsroom(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", first)
            watched.visit(hostile.server.url(path, "redaksi"))
            if watched.page.locator("[name=_save]").count():
                watched.press("[name=_save]")
                yield from watched.page.locator(".messagelist li, .errorlist li").all_text_contents()
