"""What is looked at in a page. Each function returns findings in words; an empty list is good."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_LOOKS = (Path(__file__).parent / "looks.js").read_text("utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""WCAG 2.2 A and AA, as axe-core tags its rules."""
AXE = Axe()
LARGE_TEXT = 2.0
"""WCAG 1.4.4: text can be made twice as large."""
MOST_COVERED = 40
"""Percent of the lowest screen that fixed elements may cover."""


def ask(page: Page, question: str) -> Any:
    """One of the functions in looks.js."""
    return page.evaluate(f"{_LOOKS}.{question}()")


def axe(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds by WCAG 2.2 AA, or by `rules` alone."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    found = AXE.run(page, options={"runOnly": only, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']}, {len(violation['nodes'])} ×: {violation['nodes'][0]['html'][:120]} "
        f"({violation['nodes'][0]['failureSummary'].splitlines()[1].strip()[:160]})"
        for violation in found
    ]


def sideways(page: Page) -> list[str]:
    return ask(page, "sideways")


def outline(page: Page) -> list[str]:
    return ask(page, "outline")


def texts(page: Page) -> list[str]:
    return ask(page, "texts")


def clipped(page: Page) -> list[str]:
    return [f"cut off: {text}" for text in ask(page, "clipped")]


def covered(page: Page) -> list[str]:
    share = ask(page, "covered")
    return [f"{share} % of the screen stays covered"] if share > MOST_COVERED else []


def lost_without_script(with_script: list[str], without: list[str]) -> list[str]:
    """What a reader without script misses, or is shown besides; both lists by `ask(page, "texts")`."""
    missed = [f"only with script: {text}" for text in with_script if text not in without]
    return missed + [f"only without script: {text}" for text in without if text not in with_script]


def double_text(page: Page) -> None:
    """Make letters twice as large, as some readers set their browser."""
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})


def letters(page: Page) -> float:
    """How large the letters of the longest paragraph are, in px."""
    return ask(page, "measure")["size"]


def unstyled(page: Page) -> list[str]:
    """The page has no style afterwards."""
    return ask(page, "unstyled")


def small_after_doubling(page: Page, before: float) -> list[str]:
    now = letters(page)
    return [f"letters of {before} px became {now}"] if now < LARGE_TEXT * before - 0.5 else []


def navigation(page: Page) -> list[str]:
    return ask(page, "navigation")


def unreadable(page: Page, letters: tuple[int, int], size: tuple[int, int]) -> list[str]:
    """`letters`: fewest and most in a full line of the longest paragraph; `size`: theirs, in px."""
    found = ask(page, "measure")
    said = [] if letters[0] <= found["letters"] <= letters[1] else [f"{found['letters']} letters in a line"]
    return said + ([] if size[0] <= found["size"] <= size[1] else [f"letters of {found['size']} px"])


def listed(findings: dict[str, list[str]]) -> str:
    return "\n".join(f"{kind}: {text}" for kind, said in findings.items() for text in said)
