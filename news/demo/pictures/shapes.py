"""Geometry only: smooth outlines, ridges and ribbons, as lists of points in picture units."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

Point = tuple[float, float]


def smooth(points: Sequence[Point], closed: bool = True, steps: int = 7) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    out: list[Point] = []
    for i in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(count - 1, max(0, i + k))] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            t2, t3 = t * t, t * t * t
            wa, wb, wc, wd = -t3 + 2 * t2 - t, 3 * t3 - 5 * t2 + 2, -3 * t3 + 4 * t2 + t, t3 - t2
            x = (wa * a[0] + wb * b[0] + wc * c[0] + wd * d[0]) / 2
            y = (wa * a[1] + wb * b[1] + wc * c[1] + wd * d[1]) / 2
            out.append((x, y))
    if not closed:
        out.append(points[-1])
    return out


def blob(rng: Random, cx: float, cy: float, rx: float, ry: float, wobble: float = 0.14) -> list[Point]:
    """An uneven round shape: a leaf clump, a stone, a puff of cloud."""
    corners = []
    for k in range(9):
        angle = math.tau * k / 9 + rng.uniform(-0.2, 0.2)
        reach = 1 + rng.uniform(-wobble, wobble)
        corners.append((cx + math.cos(angle) * rx * reach, cy + math.sin(angle) * ry * reach))
    return smooth(corners, steps=4)


def ridge(rng: Random, start: Point, end: Point, height: float, rough: float = 0.5) -> list[Point]:
    """A mountain line by midpoint displacement."""
    line = [start, end]
    while len(line) < 120:
        finer: list[Point] = []
        for (x0, y0), (x1, y1) in pairwise(line):
            finer += [(x0, y0), ((x0 + x1) / 2, (y0 + y1) / 2 + rng.uniform(-height, height))]
        line = [*finer, line[-1]]
        height *= rough
    return line


def waver(rng: Random, height: float, length: float) -> Callable[[float], float]:
    """A calm, never quite regular wave over x."""
    parts = [
        (height * share, math.tau / (length * stretch), rng.uniform(0, math.tau))
        for share, stretch in ((0.62, 1.0), (0.28, 0.43), (0.10, 0.19))
    ]
    return lambda x: sum(high * math.sin(x * speed + phase) for high, speed, phase in parts)


def arc(cx: float, cy: float, rx: float, ry: float, start: float = 0, end: float = 360) -> list[Point]:
    """Points on an ellipse between two angles in degrees (0 is right, 90 is down)."""
    count = max(6, int(abs(end - start) / 8))
    angles = (math.radians(start + (end - start) * k / count) for k in range(count + 1))
    return [(cx + math.cos(a) * rx, cy + math.sin(a) * ry) for a in angles]


def ribbon(line: Sequence[Point], first: float, last: float) -> list[Point]:
    """The outline of a band along a line whose width goes from `first` to `last`."""
    left: list[Point] = []
    right: list[Point] = []
    for i, (x, y) in enumerate(line):
        before, after = line[max(0, i - 1)], line[min(len(line) - 1, i + 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy) or 1.0
        half = (first + (last - first) * i / max(1, len(line) - 1)) / 2
        left.append((x - dy / length * half, y + dx / length * half))
        right.append((x + dy / length * half, y - dx / length * half))
    return left + right[::-1]


def box(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def between(a: Point, b: Point, share: float) -> Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
