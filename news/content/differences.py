"""What differs between two texts, as pieces to be shown beside each other.

Texts are compared by words; a number with its full stops, or a sum with `Rp`, is one word. Bodies are first compared by
blocks (paragraphs, headings, lists). Pieces are plain text: whoever shows them escapes them. Time
and memory are bounded, also for texts made to be slow.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile, zip_longest
from typing import Any

import lxml.html
from django.utils.html import escape
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

_WORD = re.compile(r"(?:Rp)?\d[\d.,]*\d|\w+|\s+|.", re.DOTALL)
_ALIKE = 50
"""Blocks whose texts are less alike than this, in percent, are not one block that was changed."""
_BEGINNING = 1000  # characters of a block that are looked at for that
_PRODUCT = 400_000_000  # words of one text × words of the other; takes 50 MB
_NEIGHBOURS = 1  # blocks beside a changed one that are shown
_PAIRS = 2500  # how many pairs of blocks are looked at, to find those that are alike


@dataclass(frozen=True)
class Piece:
    """A run of words. `is_changed`: it stands on this side alone."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Row:
    """Two texts beside each other. An empty side: the other one was added or removed whole."""

    before: list[Piece] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)
    is_form_changed: bool = False
    """The words are the same, and bold, italic, links or the kind of block are not."""
    skipped: int = 0
    """So many blocks that are the same on both sides stand here and are not shown."""

    @property
    def is_changed(self) -> bool:
        return self.is_form_changed or any(piece.is_changed for piece in (*self.before, *self.after))


def words(before: str, after: str) -> Row:
    """Two texts, compared by words."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in _opcodes(old, new):
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if tag == "equal":
            left.append(Piece(gone))
            right.append(Piece(come))
        elif gone:
            left.append(Piece(gone, is_changed=True))
        elif come:
            right.append(Piece(come, is_changed=True))
    return Row(left, right)


def bodies(before: str, after: str) -> list[Row]:
    """Two cleaned bodies, compared by blocks, and blocks that are alike by words."""
    rows: list[Row] = []
    for old, new in pairs(blocks(before), blocks(after)):
        row = words(as_text(old or ""), as_text(new or ""))
        rows.append(Row(row.before, row.after, is_form_changed=old != new and not row.is_changed))
    return rows


def without_the_same(rows: list[Row]) -> list[Row]:
    """The rows with their neighbours; of longer runs that are the same, how many there are."""
    shown: list[Row] = []
    for is_changed, run in groupby(rows, key=lambda row: row.is_changed):
        same = list(run)
        if is_changed or len(same) <= 2 * _NEIGHBOURS:
            shown += same
            continue
        first = same[:_NEIGHBOURS] if shown else []
        last = same[-_NEIGHBOURS:] if same[-1] is not rows[-1] else []
        shown += [*first, Row(skipped=len(same) - len(first) - len(last)), *last]
    return shown


def pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """The blocks of both sides in order, each beside the one that it became; None where there is none."""
    found: list[tuple[str | None, str | None]] = []
    gone: list[str] = []
    come: list[str] = []
    for tag, old_from, old_to, new_from, new_to in [*_opcodes(before, after), ("equal", 0, 0, 0, 0)]:
        if tag == "equal":
            found += _alike(gone, come)
            found += zip(before[old_from:old_to], after[new_from:new_to], strict=True)
            gone, come = [], []
        gone += before[old_from:old_to] if tag == "delete" else []
        come += after[new_from:new_to] if tag == "insert" else []
    return found


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What to do with `before` to get `after`: equal, delete or insert, and from where to where on both sides.

    The memory that this takes grows with the product of both lengths. Beyond what any story reaches, all that stands
    between the first and the last difference is one difference.
    """
    start = _same_at_the_beginning(before, after)
    end = _same_at_the_beginning(before[start:][::-1], after[start:][::-1])
    old_end, new_end = len(before) - end, len(after) - end
    if start:
        yield "equal", 0, start, 0, start
    if (old_end - start) * (new_end - start) > _PRODUCT:
        yield "delete", start, old_end, start, start
        yield "insert", old_end, old_end, start, new_end
    else:
        for step in Indel.opcodes(before[start:old_end], after[start:new_end]):
            old, new = (start + step.src_start, start + step.src_end), (start + step.dest_start, start + step.dest_end)
            yield step.tag, *old, *new
    if end:
        yield "equal", old_end, len(before), new_end, len(after)


def _same_at_the_beginning(before: Sequence[str], after: Sequence[str]) -> int:
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _alike(gone: list[str], come: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """Pair the blocks of a place where both sides differ: one by one if they are as many, otherwise those alike."""
    if len(gone) == len(come) or len(gone) * len(come) > _PAIRS:
        yield from zip_longest(gone, come)
        return
    start = 0
    texts = [as_text(new)[:_BEGINNING] for new in come]
    for old in gone:
        text = as_text(old)[:_BEGINNING]
        scores = [fuzz.ratio(text, new, score_cutoff=_ALIKE) for new in texts[start:]]
        best = max(scores, default=0.0)
        if not best:
            yield old, None
            continue
        place = start + scores.index(best)
        yield from ((None, new) for new in come[start:place])
        yield old, come[place]
        start = place + 1
    yield from ((None, new) for new in come[start:])


def blocks(body: str) -> list[str]:
    """A cleaned body's blocks as HTML, in order. Joined and cleaned again they are the body."""
    if not body.strip():
        return []
    parser = lxml.html.HTMLParser(huge_tree=True)
    found = []
    for part in lxml.html.fragments_fromstring(body, parser=parser):
        if isinstance(part, str):
            found.append(str(escape(part)))
            continue
        found.append(_as_html(part))
        if part.tail and part.tail.strip():
            found.append(str(escape(part.tail)))
    return [block for block in found if block.strip()]


def _as_html(element: Any) -> str:
    written: str = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    return written


def as_text(block: str) -> str:
    """A block's words. A link is followed by its address, because that can be what was changed."""
    if not block.strip():
        return ""
    element = lxml.html.fragment_fromstring(block, create_parent="div", parser=lxml.html.HTMLParser(huge_tree=True))
    for inner in element.iter("a"):
        inner.tail = f" ⟨{inner.get('href', '')}⟩{inner.tail or ''}"
    for inner in element.iter("li", "br", "td", "th", "p"):
        inner.tail = f"\n{inner.tail or ''}"
    return "".join(element.itertext()).strip()
