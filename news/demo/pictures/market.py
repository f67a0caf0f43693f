"""The market: stalls in perspective, buyers and sellers, baskets in front."""

from __future__ import annotations

from .buildings import horned_roof
from .canvas import HEIGHT, WIDTH, Canvas
from .colour import RGB, WHITE, darker, jitter, lighter, mix
from .nature import hills, palm
from .people import Look, bust, person
from .shapes import arc, blob, box, smooth
from .sky import sky

PRODUCE: tuple[RGB, ...] = (
    (204, 50, 40),
    (236, 150, 46),
    (240, 204, 76),
    (104, 156, 58),
    (110, 58, 110),
    (170, 200, 90),
    (190, 116, 66),
)


AWNINGS: tuple[RGB, ...] = (
    (206, 64, 52),
    (50, 122, 140),
    (232, 170, 62),
    (76, 144, 92),
    (92, 98, 150),
    (214, 120, 60),
)


def pasar(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 480, rng.uniform(0.3, 0.7))
    hills(c, 400, 30, (80, 118, 94), 0.5, 30)
    if rng.random() < 0.6:
        horned_roof(c, 750 + rng.uniform(-160, 160), 440, 230, 170, (96, 84, 86), 0.4)
    for _ in range(5):
        palm(c, rng.uniform(300, 1200), 490, rng.uniform(150, 210), rng.uniform(-0.1, 0.1), 0.35)
    ground = tone((186, 160, 126))
    c.fade(box(0, 480, WIDTH, HEIGHT), mix(ground, c.light.haze, 0.4), ground, darker(ground, 0.35))
    c.blur(2.5)
    for row in range(6):
        near = ((row + 1) / 6) ** 1.5
        y, depth = 500 + 330 * near, 0.36 * (1 - near)
        for side in (-1, 1):
            _stall(c, 750 + side * (190 + 500 * near), y, 130 + 420 * near, side, depth)
        for _ in range(3 if row < 5 else 2):
            x = 750 + rng.uniform(-1, 1) * (110 + 190 * near)
            person(
                c,
                x,
                y + 14,
                110 + 200 * near,
                Look.random(rng),
                rng.choice(("walk", "talk", "stand", "hold")),
                depth,
                rng.choice((-1, 1)),
            )
        if row == 3:
            c.veil(300, 700, mix(c.light.haze, c.light.sun, 0.5), 0.0, 0.18)
    cloth = c.light.tone()(rng.choice(((120, 84, 60), (70, 92, 110), (130, 62, 56))))
    c.fade([(0, 905), (WIDTH, 905), (WIDTH, HEIGHT), (0, HEIGHT)], cloth, darker(cloth, 0.4))
    for k in range(7):
        _basket(c, 60 + 232 * k + rng.uniform(-14, 14), 880 + rng.uniform(-8, 20), rng.uniform(112, 130))
    c.lit_from(c.light.sun_x, 160, 800, c.light.sun, 0.32)


def _stall(c: Canvas, x: float, y: float, wide: float, side: int, depth: float) -> None:
    """A stall: posts, goods on a table, a seller, a striped awning over it all."""
    rng, tone = c.rng, c.light.tone(depth)
    half, roof = wide / 2, y - wide * 0.72
    c.fade(box(x - half, roof, x + half, y), tone((66, 54, 56)), tone((104, 82, 68)))
    for _ in range(5):
        hang = x + rng.uniform(-0.9, 0.9) * half
        c.poly(blob(rng, hang, roof + wide * 0.14, wide * 0.035, wide * 0.075, 0.3), tone(rng.choice(PRODUCE)))
    bust(
        c,
        x - side * half * 0.3,
        y - wide * 0.26,
        wide * 0.062,
        Look.random(rng, head=rng.choice(("hijab", "peci", "hijab"))),
        depth=depth,
    )
    for k in range(5):
        colour = tone(jitter(rng, rng.choice(PRODUCE), 10))
        left = x - half + wide * k / 5
        for fruit in range(12):
            row = 0 if fruit < 5 else 1 if fruit < 9 else 2
            at = left + wide * 0.035 * (1 + fruit % 5 + row * 0.5)
            c.oval(at, y - wide * (0.26 + 0.026 * row), wide * 0.022, wide * 0.022, jitter(rng, colour, 14))
    c.fade(box(x - half, y - wide * 0.25, x + half, y), tone((160, 116, 76)), tone((96, 68, 52)))
    for k in range(1, 8):
        c.line(
            [(x - half + wide * k / 8, y - wide * 0.25), (x - half + wide * k / 8, y)],
            2,
            tone((80, 58, 46)),
            0.6,
        )
    first, second = (
        tone(rng.choice(AWNINGS)),
        tone(WHITE) if rng.random() < 0.6 else tone(rng.choice(AWNINGS)),
    )
    drop, rise = roof + wide * 0.1, roof - wide * 0.13
    for k in range(8):
        l0, l1 = x - half * 1.12 + wide * 1.12 * k / 8, x - half * 1.12 + wide * 1.12 * (k + 1) / 8
        t0, t1 = x - half * 0.9 + wide * 0.9 * k / 8, x - half * 0.9 + wide * 0.9 * (k + 1) / 8
        paint = first if k % 2 else second
        c.poly([(t0, rise), (t1, rise), (l1, drop), (l0, drop)], paint)
        c.poly(
            [(l0, drop), (l1, drop), *arc((l0 + l1) / 2, drop, (l1 - l0) / 2, wide * 0.045, 0, 180)],
            darker(paint, 0.2),
        )
    c.poly(
        [
            (x - half * 0.9, rise),
            (x + half * 0.9, rise),
            (x + half * 0.95, rise + wide * 0.06),
            (x - half * 0.95, rise + wide * 0.06),
        ],
        lighter(first, 0.5),
        0.3,
    )


def _basket(c: Canvas, x: float, y: float, size: float) -> None:
    """A round basket heaped with one kind of fruit or vegetable."""
    rng, tone = c.rng, c.light.tone()
    c.shadow(x, y + size * 0.66, size * 1.2, size * 0.3, 0.7)
    straw = tone((186, 142, 84))
    bowl = smooth(
        [
            (x - size, y),
            (x - size * 0.78, y + size * 0.66),
            (x, y + size * 0.8),
            (x + size * 0.78, y + size * 0.66),
            (x + size, y),
        ],
        False,
    )
    c.fade(bowl, lighter(straw, 0.15), darker(straw, 0.45))
    for row in range(1, 6):
        c.line(
            arc(x, y + size * 0.11 * row, size * (1 - 0.045 * row), size * 0.26, 15, 165),
            3,
            darker(straw, 0.5),
            0.6,
        )
    c.oval(x, y, size, size * 0.3, darker(straw, 0.6))
    colour = rng.choice(PRODUCE)
    piece = size * rng.uniform(0.13, 0.2)
    for k in range(62):
        level = k / 62
        px, py = (
            x + rng.uniform(-0.88, 0.88) * size * (1 - level * 0.72),
            y + size * (0.16 - 0.52 * level) + rng.uniform(-8, 8),
        )
        paint = tone(jitter(rng, colour, 18))
        c.oval(px + piece * 0.08, py + piece * 0.12, piece * 1.04, piece, darker(paint, 0.4))
        c.oval(px, py, piece * 0.98, piece * 0.92, paint)
        c.oval(
            px + c.light.side * piece * 0.35,
            py - piece * 0.35,
            piece * 0.3,
            piece * 0.22,
            lighter(paint, 0.55),
        )
    c.line(arc(x, y, size, size * 0.3, 0, 180), size * 0.08, lighter(straw, 0.12))
