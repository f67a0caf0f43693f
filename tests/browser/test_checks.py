"""The panel of checks, in a browser: it asks by itself, leads to the words, and hides what is left as it is."""

import pytest
from playwright.sync_api import expect

from .test_main_job import log_in  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_what_is_typed_is_checked_shown_and_left(log_in):  # noqa: F811
    page = log_in("reporter")
    page.goto(page.url.rstrip("/") + "/news/article/add/")
    panel = page.locator("#checks")
    text = page.locator(".ProseMirror")
    text.click()
    page.keyboard.type("Warga menuding pabrik membuang limbah. Panas sekali.")
    finding = panel.locator("li", has_text="menuding")
    expect(finding).to_be_visible()
    expect(text).to_be_focused()
    finding.locator("[data-go]").click()
    expect(text).to_be_focused()
    assert page.evaluate("getSelection().toString()") == "menuding"
    finding.locator("[data-leave]").click()
    expect(finding).to_be_hidden()
    expect(panel).to_be_focused()
    panel.locator("[data-checks-left] button").click()
    expect(finding).to_be_visible()
