"""Merges what two people made of one version of an article.

What only one of them touched is taken over; what both touched differently is a conflict, and nobody's text is dropped:
a conflict has both. Bodies are merged by blocks. Tags and rows are merged one by one. Nothing here knows a database or
a form: the contents are those of `news.publishing.versions`, and `{}` as the base means that it is not known.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from news.content import differences
from news.content.slugs import tag_key

from .versions import IDENTITY, ROWS, Content

TOGETHER = (("lead_photo", "lead_caption", "lead_credit"), ("published_at", "expires_at", "embargo_until"))
"""Fields that say something together: if both people touched one of them, all of them are one conflict."""
_MISSING = object()


@dataclass(frozen=True)
class Conflict:
    """Fields that both touched, with both values. Each value is merged with what the other one did elsewhere in it."""

    mine: Content
    theirs: Content

    @property
    def names(self) -> list[str]:
        return list(self.mine)


@dataclass(frozen=True)
class Merged:
    content: Content
    """All values. Of a conflict it has mine."""
    taken: list[str] = field(default_factory=list)
    """Names of what only the other person touched, wholly or in part, and what is now as they left it."""
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Content, mine: Content, theirs: Content) -> Merged:
    """Merge the values of the names that are in `mine`."""
    merged: Content = {}
    taken: list[str] = []
    conflicts: list[Conflict] = []
    for names in _units(mine):
        if len(names) > 1 and _both_touched(names, base, mine, theirs):
            conflicts.append(Conflict({name: mine[name] for name in names}, {name: theirs[name] for name in names}))
            merged |= conflicts[-1].mine
            continue
        for name in names:
            with_mine, with_theirs = _merge_one(name, base.get(name, _MISSING), mine[name], theirs[name])
            merged[name] = with_mine
            if with_mine != with_theirs:
                conflicts.append(Conflict({name: with_mine}, {name: with_theirs}))
            elif with_mine != mine[name]:
                taken.append(name)
    return Merged(merged, taken, conflicts)


def _units(names: Iterable[str]) -> list[list[str]]:
    there = list(names)
    together = [[name for name in unit if name in there] for unit in TOGETHER]
    single = [[name] for name in there if not any(name in unit for unit in together)]
    return single + [unit for unit in together if unit]


def _both_touched(names: list[str], base: Content, mine: Content, theirs: Content) -> bool:
    def values(content: Content) -> list[Any]:
        return [content.get(name, _MISSING) for name in names]

    return values(mine) != values(theirs) and values(base) not in (values(mine), values(theirs))


def _merge_one(name: str, base: Any, mine: Any, theirs: Any) -> tuple[Any, Any]:
    """The value with mine where both touched it, and the value with theirs there; equal if nothing is in conflict."""
    if mine == theirs or base == theirs:
        return mine, mine
    if base == mine:
        return theirs, theirs
    if base is _MISSING:
        return mine, theirs
    if name == "body":
        return _merge_bodies(base, mine, theirs)
    if name == "tags":
        tags = _merge_tags(base, mine, theirs)
        return tags, tags
    if name in ROWS:
        return _merge_rows(name, base, mine, theirs)
    return mine, theirs


# --- Parts ----------------------------------------------------------------------------------------------------


def _merge_tags(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """All tags that one of them kept or added, without those that one of them took away."""
    old, ours, others = ({tag_key(tag): tag for tag in tags} for tags in (base, mine, theirs))
    gone = (old.keys() - ours.keys()) | (old.keys() - others.keys())
    kept = {key: tag for key, tag in (others | ours | old).items() if key not in gone}
    return sorted(kept.values())


def _merge_rows(name: str, base: list[Any], mine: list[Any], theirs: list[Any]) -> tuple[list[Any], list[Any]]:
    """Rows that one of them added, changed or took away. A row that both changed, or an order, is a conflict."""

    def by_key(rows: list[Any]) -> dict[Hashable, Any]:
        return {tuple(row.get(key) for key in IDENTITY[name]): row for row in rows}

    old, ours, others = by_key(base), by_key(mine), by_key(theirs)
    common = [key for key in old if key in ours and key in others]
    orders = [[key for key in side if key in common] for side in (old, ours, others)]
    if orders[0] not in orders[1:] and orders[1] != orders[2]:
        return mine, theirs
    first, second = (ours, others) if orders[1] != orders[0] else (others, ours)
    keys = [*first, *(key for key in second if key not in first)]
    sides: list[list[Any]] = [[], []]
    for key in keys:
        was, my, their = (rows.get(key) for rows in (old, ours, others))
        if _bare(my) == _bare(their) or _bare(was) == _bare(their):
            values = (my, my)
        elif _bare(was) == _bare(my):
            values = (their, their)
        else:
            values = (my, their)
        for side, value in zip(sides, values, strict=True):
            side += [value] if value is not None else []
    return _numbered(sides[0]), _numbered(sides[1])


def _bare(row: Any) -> Any:
    """A row without its position, which changes when other rows come and go."""
    return row and {name: value for name, value in row.items() if name != "position"}


def _numbered(rows: list[Any]) -> list[Any]:
    return [row | {"position": number} if "position" in row else row for number, row in enumerate(rows, 1)]


# --- Bodies ---------------------------------------------------------------------------------------------------


@dataclass
class _Side:
    """What one person made of the base's blocks."""

    blocks: list[str | None]
    """For each block of the base what it became; None if it was removed."""
    added: list[list[str]]
    """For each place before a block, and after the last one, the blocks that were put there."""


def _side(base: list[str], text: list[str]) -> _Side:
    side = _Side([], [[] for _block in range(len(base) + 1)])
    for old, new in differences.pairs(base, text):
        if old is None:
            side.added[len(side.blocks)].append(new or "")
        else:
            side.blocks.append(new)
    return side


def _merge_bodies(base: str, mine: str, theirs: str) -> tuple[str, str]:
    old = differences.blocks(base)
    ours, others = _side(old, differences.blocks(mine)), _side(old, differences.blocks(theirs))
    with_mine: list[str] = []
    with_theirs: list[str] = []
    for place in range(len(old) + 1):
        my, their = ours.added[place], others.added[place]
        with_mine += my or their
        with_theirs += their or my
        if place < len(old):
            was, my_block, their_block = old[place], ours.blocks[place], others.blocks[place]
            if my_block == was:
                my_block = their_block
            elif their_block == was:
                their_block = my_block
            with_mine += [my_block] if my_block is not None else []
            with_theirs += [their_block] if their_block is not None else []
    return "".join(with_mine), "".join(with_theirs)
