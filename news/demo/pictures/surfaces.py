"""Table tops, glazed colours and out-of-focus backgrounds that the close-ups share."""

from __future__ import annotations

from .canvas import HEIGHT, WIDTH, Canvas
from .colour import RGB, darker, jitter, lighter
from .shapes import box, waver

WOODS: tuple[RGB, ...] = ((142, 98, 64), (104, 72, 54), (176, 132, 92), (86, 78, 76))


CERAMICS: tuple[RGB, ...] = (
    (240, 234, 220),
    (60, 110, 120),
    (196, 92, 62),
    (74, 84, 112),
    (222, 182, 96),
    (110, 140, 104),
)


def planks(c: Canvas, y: float, colour: RGB, boards: int) -> None:
    """Table boards from y down to the lower edge, with grain."""
    rng, tall = c.rng, (HEIGHT - y) / boards
    for k in range(boards):
        top = y + tall * k
        paint = jitter(rng, colour, 12)
        c.fade(box(0, top, WIDTH, top + tall), lighter(paint, 0.08), paint, darker(paint, 0.14))
        for _ in range(16):
            wave, level = waver(rng, rng.uniform(1, 6), 600), top + rng.uniform(0, tall)
            shade = darker(paint, 0.4) if rng.random() < 0.7 else lighter(paint, 0.3)
            c.line(
                [(float(x), level + wave(x)) for x in range(0, WIDTH + 60, 60)],
                rng.uniform(1, 3),
                shade,
                0.32,
            )
        c.rect(0, top, WIDTH, top + 4, darker(paint, 0.55))


def bokeh(c: Canvas, colours: tuple[RGB, ...], count: int, floor: float) -> None:
    """Out-of-focus lights and leaves behind a subject."""
    for _ in range(count):
        x, y, size = c.rng.uniform(0, WIDTH), c.rng.uniform(0, floor), c.rng.uniform(24, 90)
        c.oval(x, y, size, size, c.rng.choice(colours), c.rng.uniform(0.06, 0.22))
