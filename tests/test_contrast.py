"""Colours can be read on what they stand on (WCAG 2.2, 1.4.3): regions' accents, readers' and the newsroom's tokens.

The colours are read from the style sheets, so that a new one is tested too.
"""

import re
from pathlib import Path

import pytest

from regions.models import Region

STYLES = Path(__file__).parents[1] / "static" / "css"
CSS = (STYLES / "critical.css").read_text("utf-8")
TEXT = 4.5
"""The contrast that small text needs."""


def luminance(colour: str) -> float:
    """WCAG's relative luminance of `#rrggbb` or `#rgb`."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    """`light` and `dark` with their tokens; the accents by the region's word."""
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    for rule in re.finditer(r'(:root|\[data-accent="(\w+)"\]) \{([^}]*)\}', CSS):
        before = CSS[: rule.start()]
        scheme = "dark" if before.count("@media (prefers-color-scheme: dark) {") and is_open(before) else "light"
        for name, colour in re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", rule[3]):
            found[scheme][f"{name}:{rule[2]}" if rule[2] else name] = colour
    return found


def is_open(before: str) -> bool:
    """Whether the text stands inside a block that has not ended: a media query's."""
    return before.count("{") > before.count("}")


def test_every_accent_is_in_the_style_for_light_and_dark():
    for scheme, tokens in palettes().items():
        others = set(Region.Accent.values) - {Region.Accent.BRICK}
        assert {name.partition(":")[2] for name in tokens if ":" in name} == others, scheme
        assert "accent" in tokens, scheme


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_read_stands_out_from_what_it_stands_on(scheme):
    tokens = palettes()[scheme]
    on_paper = {
        name: tokens[name] for name in tokens if name.partition(":")[0] in ("ink", "soft", "accent", "supplied")
    }
    weak = {
        (name, ground): round(contrast(colour, tokens[ground]), 2)
        for name, colour in on_paper.items()
        for ground in ("paper", "tint")
        if contrast(colour, tokens[ground]) < TEXT
    }
    assert not weak


def test_the_measure_is_the_standards():
    assert round(contrast("#000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#fff"), 2) == 4.48


def newsroom_palettes() -> dict[str, dict[str, str]]:
    """The newsroom's tokens: the light ones, the dark ones that a person chose, and those that their device prefers."""
    text = (STYLES / "newsroom" / "colours.css").read_text("utf-8")
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", text)
    light, chosen, preferred = [dict(re.findall(r"--([\w-]+): ([^;]+);", rule)) for _selector, rule in rules]
    return {"light": light, "chosen": chosen, "preferred": preferred}


def test_the_newsroom_is_as_dark_for_whoever_chose_it_as_for_whose_device_prefers_it():
    palettes = newsroom_palettes()
    assert palettes["chosen"] == palettes["preferred"]


@pytest.mark.parametrize("scheme", ["light", "chosen"])
def test_what_is_read_in_the_newsroom_stands_out(scheme):
    tokens = newsroom_palettes()["light"] | newsroom_palettes()[scheme]
    grounds = ("page-bg", "card-bg")
    pairs = [
        *(
            (ink, ground)
            for ink in ("body-fg", "body-quiet-color", "link-fg", "link-hover-color")
            for ground in grounds
        ),
        *((f"{tone}-fg", f"{tone}-bg") for tone in ("state", "good", "wait", "back", "breadcrumbs")),
        *(("primary-fg", f"{button}-bg") for button in ("button", "button-hover", "default-button")),
        *((ink, "header-bg") for ink in ("header-color", "header-link-color", "header-branding-color")),
    ]
    weak = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs}
    assert not {pair: found for pair, found in weak.items() if found < TEXT}
