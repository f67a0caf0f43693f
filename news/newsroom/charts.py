"""Small charts, drawn as SVG by templates/admin/components/chart.html. Pure: from figures to positions as text.

A chart is for the eye alone: whoever shows one shows the same figures as a table too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_BAR = 2.75  # rem, with the name above the bar
_WIDEST = 88  # percent; the rest is for the figure
_LONGEST_NAME = 34
_HEIGHT = 40  # of a sparkline, in its own units; a column is 10 wide


@dataclass(frozen=True)
class Bar:
    """A bar with its name above and its figure behind it. Positions in rem, the width in percent."""

    name: str
    title: str
    value: str
    name_at: str
    top: str
    value_at: str
    width: str


@dataclass(frozen=True)
class Bars:
    bars: list[Bar]
    height: str
    """In rem."""


@dataclass(frozen=True)
class Column:
    title: str
    x: int
    y: str
    height: str


@dataclass(frozen=True)
class Sparkline:
    """Narrow columns, one for each of some moments. `width` and `height` are in the chart's own units."""

    columns: list[Column]
    width: int
    height: int = _HEIGHT


def bars(figures: Sequence[tuple[str, int]]) -> Bars:
    """Horizontal bars, of which the largest figure's is the longest."""
    most = max((figure for _name, figure in figures), default=0)
    made = [
        Bar(
            name=name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…",
            title=f"{name}: {figure}",
            value=str(figure),
            name_at=_rem(turn * _BAR + 1),
            top=_rem(turn * _BAR + 1.3),
            value_at=_rem(turn * _BAR + 2.15),
            width=f"{_WIDEST * figure / most if most else 0:.2f}%",
        )
        for turn, (name, figure) in enumerate(figures)
    ]
    return Bars(made, _rem(len(made) * _BAR))


def sparkline(figures: Sequence[tuple[str, int]]) -> Sparkline:
    """A column for each figure, of which the largest is as high as the chart."""
    most = max((figure for _name, figure in figures), default=0)
    heights = [_HEIGHT * figure / most if most else 0 for _name, figure in figures]
    made = [
        Column(f"{name}: {figure}", turn * 10, f"{_HEIGHT - height:.1f}", f"{height:.1f}")
        for turn, ((name, figure), height) in enumerate(zip(figures, heights, strict=True))
    ]
    return Sparkline(made, 10 * len(made))


def _rem(length: float) -> str:
    return f"{length:.2f}rem"
