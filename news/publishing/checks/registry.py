"""All checks, in the order in which their findings are shown."""

import logging
from collections.abc import Callable, Iterable
from itertools import islice

from . import decisions, doubles, house_style, links, openings, photos, region_names, wording
from .findings import Finding
from .manuscript import Manuscript

log = logging.getLogger(__name__)

Check = Callable[[Manuscript], Iterable[Finding]]
CHECKS: tuple[Check, ...] = (
    # What stops a story.
    decisions.embargo,
    photos.without_description,
    # Protecting people. Checks of identity (children, victims of sexual crimes) belong here.
    wording.other_side,
    wording.named_suspects,
    # Saying what a text is. Labels of what was made with AI belong here.
    decisions.label,
    doubles.near_doubles,
    # Mending.
    links.broken_links,
    openings.doubled_dateline,
    region_names.misspelt_regions,
    house_style.house_rules,
)
DEAR: tuple[Check, ...] = (doubles.near_doubles,)
"""Checks that look through other stories. A form asks for them once it is shown."""
MOST = 6
"""Findings of one check. Whoever mends these sees the next ones."""


def findings(manuscript: Manuscript, *, dear: bool = True) -> list[Finding]:
    """What all checks find, `dear` ones too. A check that fails is logged and leaves the others alone: none is worth a
    form."""
    found: list[Finding] = []
    for check in CHECKS:
        if check in DEAR and not dear:
            continue
        try:
            found += islice(check(manuscript), house_style.MOST if check is house_style.house_rules else MOST)
        except Exception:
            log.exception("The check %s failed", check.__name__)
    return list(dict.fromkeys(found))
