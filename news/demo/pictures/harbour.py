"""The harbour: ship, cranes, quay and the people who work there."""

from __future__ import annotations

from .boats import canoe, cargo_ship, outrigger
from .canvas import HEIGHT, WIDTH, Canvas
from .colour import RGB, darker, lighter
from .nature import range_, water
from .people import Look, person
from .shapes import box, smooth
from .sky import birds, sky
from .vehicles import PAINTS


def pelabuhan(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    shore = rng.uniform(590, 640)
    sky(c, shore, rng.uniform(0.3, 0.8))
    range_(c, shore - 90, 50, (92, 112, 134), 0.6, shore)
    side = rng.choice((-1, 1))
    for _ in range(rng.randint(8, 14)):
        x, high = 750 - side * rng.uniform(-100, 760), rng.uniform(30, 90)
        c.fade(
            box(x, shore - high, x + high * 1.6, shore),
            c.light.tone(0.5)((170, 150, 136)),
            c.light.tone(0.5)((110, 110, 120)),
        )
    c.fade(box(0, shore, WIDTH, HEIGHT), c.light.tone(0.6)((70, 116, 140)), tone((48, 92, 112)))
    paint = rng.choice(((206, 74, 48), (48, 104, 150), (222, 160, 54)))
    for k in range(rng.randint(2, 4)):
        _crane(c, 750 + side * (-330 + 230 * k), shore + 4, rng.uniform(430, 500), side, paint, 0.28 - 0.06 * k)
    cargo_ship(c, 750 + side * rng.uniform(0, 120), shore + 62, rng.uniform(860, 1000), -side)
    water(c, shore + 58, (48, 92, 112), 0.72, 8)
    for _ in range(rng.randint(1, 2)):
        outrigger(c, 750 - side * rng.uniform(150, 420), rng.uniform(735, 790), rng.uniform(130, 190))
    canoe(c, 750 + rng.uniform(-260, 260), rng.uniform(820, 860), rng.uniform(190, 260))
    quay = [(0, 930), (WIDTH, 915), (WIDTH, HEIGHT), (0, HEIGHT)]
    c.fade(quay, tone((190, 182, 170)), tone((120, 114, 110)))
    c.poly([(0, 926), (WIDTH, 911), (WIDTH, 922), (0, 937)], tone((224, 180, 70)))
    for k in range(4):
        x = 170 + 390 * k + rng.uniform(-60, 60)
        c.shadow(x + 12, 972, 50, 12, 0.7)
        c.poly(
            smooth(
                [(x - 17, 972), (x - 15, 934), (x - 27, 922), (x + 27, 922), (x + 15, 934), (x + 17, 972)],
                steps=4,
            ),
            tone((58, 60, 70)),
        )
    for k in range(rng.randint(2, 4)):
        docker = Look.random(rng, head="helmet", top=rng.choice(((232, 128, 44), (228, 196, 60))))
        person(
            c,
            750 + side * (-260 + 130 * k) + rng.uniform(-30, 30),
            955 + 6 * k,
            175,
            docker,
            rng.choice(("talk", "stand", "walk")),
        )
    birds(c, rng.uniform(500, 1000), 180, rng.randint(4, 9))


def _crane(c: Canvas, x: float, y: float, high: float, side: int, colour: RGB, depth: float) -> None:
    """A container crane, its boom reaching out over the ship."""
    paint = c.light.tone(depth)(colour)
    dark, wide, deck = darker(paint, 0.3), high * 0.2, y - high * 0.72
    for leg in (-1, 1):
        c.line(
            [(x + leg * wide, y), (x + leg * wide * 0.8, deck)],
            high * 0.034,
            paint if leg == c.light.side else dark,
        )
    c.line([(x - wide, y - high * 0.32), (x + wide, y - high * 0.32)], high * 0.03, dark)
    c.line([(x - wide, y - high * 0.32), (x + wide * 0.8, deck)], high * 0.014, dark)
    out, back = (x - side * high * 0.78, deck - high * 0.02), (x + side * high * 0.46, deck)
    c.line([out, back], high * 0.045, paint)
    c.line([(out[0], out[1] + high * 0.02), back], high * 0.012, dark)
    peak = (x - side * wide * 0.5, y - high)
    c.line([(x - wide * 0.8, deck), peak, (x + wide * 0.8, deck)], high * 0.024, paint)
    for end in (out, ((out[0] + x) / 2, deck), back):
        c.line([peak, end], high * 0.009, dark)
    c.fade(box(x + side * wide - 20, deck - high * 0.09, x + side * wide + 24, deck), lighter(paint, 0.4), paint)
    trolley = x - side * high * c.rng.uniform(0.25, 0.65)
    drop = deck + high * c.rng.uniform(0.12, 0.3)
    c.line([(trolley, deck), (trolley, drop)], 3, dark)
    c.rect(
        trolley - high * 0.09,
        drop,
        trolley + high * 0.09,
        drop + high * 0.07,
        c.light.tone(depth)(c.rng.choice(PAINTS)),
    )
