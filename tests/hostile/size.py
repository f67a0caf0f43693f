"""How much a browser reads: two texts of each class in every test run, all of them with HOSTILE=all
(`make check-hostile`). Tests that need no browser take all of them every time.
"""

import os

ALL = os.environ.get("HOSTILE") == "all"

STORIES = 240 if ALL else 60
"""Live articles with hostile texts: as many different titles, summaries, names …"""
LIST_LENGTH = 130 if ALL else 40
"""Articles on one page of a list; fewer than there are, so that there is a second page."""
ELEMENTS = 400 if ALL else 40
"""Tags, of start and end, that must be left in each body: with fewer a body would be its words alone."""


def some(inputs: list[str], step: int = 1) -> list[str]:
    """Every `step`th of a class's inputs; in a small run the first of them and the one in the middle."""
    return inputs[::step] if ALL else [inputs[0], inputs[len(inputs) // 2]]
