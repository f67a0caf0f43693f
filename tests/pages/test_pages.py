"""Every kind of page, in one browser: WCAG 2.2 AA, no sideways scroll, the same text without script.

`make check-pages` looks closer, in more widths and with more judges; this is what runs every time.
"""

import pytest
from django.urls import Resolver404, resolve

from tests.pages import looks
from tests.pages.readers import DESK, PHONE, SMALLEST, reader, turn, visit
from tests.readers.test_visibility import reader_addresses

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
NOT_PAGES = set(
    "article-by-id short rendition advert ads-txt manifest service-worker offline-check read api api-stories api-story "
    "api-sections api-tags api-authors api-regions api-ninjs api-ninjs-story api-not-found indexnow-key robots sitemap "
    "sitemap-news sitemap-page feed section-feed tag-feed author-feed old-feed favicon amp amp-article article-amp "
    "sharing-picture".split()
)
"""Redirects and files."""


def test_every_kind_of_page_is_for_everyone(pages, browser):
    findings, looked_at = {}, 0
    with reader(browser) as page, reader(browser, script=False) as without_script:
        for found in pages("everyday"):
            said = visit(page, found)
            if said is None:
                continue
            looked_at += 1
            said += looks.sideways(page) + looks.outline(page)
            with_script = looks.texts(page)
            if looked_at % 2:  # `make check-pages` judges each kind in all four looks
                said += looks.axe(page)
            turn(page, width=DESK, dark=True)
            if not looked_at % 2:
                said += looks.axe(page)
            said += looks.sideways(page)
            turn(page, width=SMALLEST)
            said += looks.sideways(page)
            turn(page, width=PHONE)
            visit(without_script, found)
            said += looks.lost_without_script(with_script, looks.texts(without_script))
            if said:
                findings[found.kind] = said
    assert not findings, looks.listed(findings)
    assert looked_at >= 25


@pytest.mark.thorough
def test_the_longest_inputs_break_nothing(pages, browser):
    findings = {}
    with reader(browser, width=SMALLEST) as page:
        for found in pages("longest"):
            said = visit(page, found) + looks.sideways(page) + looks.clipped(page)
            turn(page, width=DESK)
            said += looks.sideways(page) + looks.clipped(page) + looks.axe(page)
            turn(page, width=SMALLEST)
            if said:
                findings[found.kind] = said
    assert not findings, looks.listed(findings)


def test_the_table_knows_every_reader_address(pages):
    """A page whose address the table lacks would never be looked at."""
    known = set(NOT_PAGES)
    for found in pages("everyday"):
        try:
            known.add(resolve("/" + found.url.split("/", 3)[3].partition("?")[0]).url_name)
        except Resolver404:
            continue
    assert reader_addresses() - known == set()
