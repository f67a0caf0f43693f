"""The town in its weathers: a rainy street, a flood, the city by night."""

from __future__ import annotations

from dataclasses import replace

from .boats import rescue_boat
from .buildings import LAMP, house, shop_row, street_lamp
from .canvas import HEIGHT, WIDTH, Canvas
from .colour import RGB, WHITE, darker, jitter, lighter, mix
from .nature import dabs, greenery, hills, range_, tree, water
from .people import Look, person
from .shapes import Point, arc, box, smooth
from .sky import rain, sky
from .vehicles import PAINTS, front, motorbike


def hujan(c: Canvas) -> None:
    c.light = replace(c.light, clear=False)
    rng, tone = c.rng, c.light.tone()
    vanish = (rng.uniform(660, 840), rng.uniform(490, 540))
    sky(c, vanish[1] + 20, 1.0)
    hills(c, vanish[1] - 60, 30, (84, 108, 112), 0.6, 20)
    c.fade(box(0, vanish[1], WIDTH, HEIGHT), c.light.haze, tone((70, 76, 86)))
    for side in (-1, 1):
        shop_row(c, side, vanish, rng.uniform(20, 130), 760)
        for k in range(3):
            far = 0.25 + 0.24 * k
            street_lamp(
                c,
                750 + side * 620 * (1 - far) + (vanish[0] - 750) * far,
                720 - 230 * far,
                420 * (1 - far),
                side,
            )
    c.veil(vanish[1] - 160, vanish[1] + 60, c.light.haze, 0.0, 0.5)
    street = 640.0
    front(c, vanish[0] + rng.choice((-1, 1)) * rng.uniform(40, 90), street - 10, 120, rng.choice(PAINTS))
    c.reflect(street, HEIGHT, tone((74, 82, 94)), 0.72, 6, 1.25)
    motorbike(c, vanish[0] + rng.uniform(-200, 200), 720, 80)
    for k in range(rng.randint(4, 7)):
        y = 690.0 + 45 * k
        x = 750 + rng.choice((-1, 1)) * rng.uniform(40, 420)
        _walker(c, x, y, 150 + (y - 690) * 0.62)
    for _ in range(60):
        near = rng.random()
        x, y = rng.uniform(0, WIDTH), 670 + 330 * near
        c.pen.arc(
            [v * c.scale for v in (x - 24 * near, y - 5 * near, x + 24 * near + 3, y + 5 * near + 2)],
            0,
            360,
            (*lighter(c.light.haze, 0.4), 120),
        )
    rain(c, 520, rng.choice((-1, 1)) * rng.uniform(0.08, 0.28))


def _walker(c: Canvas, x: float, y: float, height: float) -> None:
    """Somebody under an umbrella, mirrored on the wet road."""
    rng = c.rng
    colour = c.light.tone()(
        jitter(
            rng,
            rng.choice(((222, 60, 52), (240, 186, 60), (46, 136, 160), (110, 80, 150), (84, 160, 104))),
            12,
        )
    )
    c.soft(
        [
            (x - height * 0.16, y),
            (x + height * 0.16, y),
            (x + height * 0.2, y + height * 0.9),
            (x - height * 0.2, y + height * 0.9),
        ],
        darker(colour, 0.35),
        0.5,
        height * 0.06,
    )
    facing = rng.choice((-1, 1))
    person(c, x, y, height, Look.random(rng), "hold", facing=facing)
    hand, top = (x + facing * height * 0.11, y - height * 0.78), y - height * 1.22
    c.line([hand, (hand[0], top)], max(3, height * 0.018), (60, 60, 66))
    wide = height * 0.42
    rim = [(hand[0] + wide * (k / 4 - 1), y - height * (0.93 if k % 2 else 0.96)) for k in range(9)]
    dome = [*arc(hand[0], y - height * 0.95, wide, height * 0.28, 180, 360), *smooth(rim[::-1], False, 3)]
    c.fade(dome, lighter(colour, 0.35), colour, darker(colour, 0.3))
    for share in (-0.5, 0.0, 0.5):
        c.line([(hand[0], top), (hand[0] + wide * share, y - height * 0.95)], 2, darker(colour, 0.4), 0.6)


def banjir(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    line = rng.uniform(530, 580)
    sky(c, line, 1.0)
    range_(c, line - 130, 50, (92, 112, 120), 0.6, line)
    greenery(c, line - 20, 40)
    for k in range(rng.randint(4, 5)):
        x = 130 + 310 * k + rng.uniform(-40, 40)
        house(c, x, line + 70, rng.uniform(270, 340), rng.uniform(190, 230), 0.08)
    for side in (-1, 1):
        pole = 750 + side * rng.uniform(330, 560)
        c.line([(pole, line + 30), (pole, 190)], 11, tone((92, 84, 78)))
        c.line([(pole - 50, 225), (pole + 50, 225)], 8, tone((92, 84, 78)))
        for lift in (-46, 46):
            wire = smooth([(pole + lift, 222), (pole + lift + side * 400, 290), (pole + lift + side * 900, 220)], False)
            c.line(wire, 2.5, tone((60, 60, 66)))
    mud = rng.choice(((138, 112, 84), (126, 112, 92), (150, 124, 90)))
    water(c, line, mud, 0.5, 9)
    tree(c, 750 + rng.choice((-1, 1)) * rng.uniform(520, 640), line + 60, rng.uniform(330, 420), 0.03)
    waders = [(rng.uniform(330, 1170), line + rng.uniform(100, 150)) for _ in range(rng.randint(2, 5))]
    for x, y in waders:
        with c.clip(box(x - 90, y - 200, x + 90, y - 45)):
            person(c, x, y, 150, Look.random(rng), rng.choice(("walk", "talk", "hold")))
        c.oval(x, y - 45, 34, 5, tone(lighter(mud, 0.4)), 0.6)
        c.soft([(x - 14, y - 42), (x + 14, y - 42), (x + 12, y + 30), (x - 12, y + 30)], darker(mud, 0.6), 0.4, 8)
    rescue_boat(c, 750 + rng.uniform(-120, 120), rng.uniform(780, 830), rng.uniform(440, 540))
    for _ in range(rng.randint(3, 7)):
        c.oval(rng.uniform(60, 1440), rng.uniform(720, 980), rng.uniform(16, 46), 5, tone((82, 92, 56)), 0.8)
    rain(c, rng.choice((0, 160, 420)), 0.14)


def malam_kota(c: Canvas) -> None:
    rng = c.rng
    shore = rng.uniform(600, 660)
    sky(c, shore, 0.4)
    glow = mix(LAMP, (230, 120, 120), rng.random())
    c.glow(750, shore, 900, glow, 0.5, 330)
    for layer, depth in enumerate((0.6, 0.3, 0.0)):
        x = -30.0
        while x < WIDTH:
            wide = rng.uniform(50, 120)
            middle = 1 - abs(x - 750) / 900
            high = rng.uniform(70, 230) * (0.6 + 0.9 * middle) * (1.5 - 0.35 * layer)
            _tower(c, x, shore, wide, high, mix((24, 26, 52), c.light.horizon, depth * 0.6), layer)
            x += wide * rng.uniform(0.9, 1.3)
    dome = rng.uniform(480, 1020)
    _mosque(c, dome, shore, rng.uniform(80, 110))
    for _ in range(26):
        x, y = rng.uniform(0, WIDTH), shore - rng.uniform(4, 26)
        c.glow(x, y, rng.uniform(14, 34), rng.choice((LAMP, (255, 170, 110), (180, 220, 255))), 0.9)
        c.oval(x, y, 3, 3, WHITE)
    c.reflect(shore, HEIGHT, (14, 20, 48), 0.85, 12, 1.3)
    c.rect(0, shore - 3, WIDTH, shore + 5, (20, 20, 34))
    dabs(c, shore + 20, HEIGHT, (glow, LAMP, (120, 150, 220)), 220, 50, 0.16)
    for _ in range(rng.randint(12, 22)):
        size = rng.uniform(18, 52)
        c.oval(
            rng.uniform(0, WIDTH),
            rng.uniform(900, 1000),
            size,
            size,
            rng.choice((LAMP, (255, 130, 110), (140, 200, 255))),
            0.13,
        )


def _tower(c: Canvas, x: float, y: float, wide: float, high: float, colour: RGB, layer: int) -> None:
    rng = c.rng
    c.fade(box(x, y - high, x + wide, y), colour, lighter(colour, 0.07), mix(colour, LAMP, 0.22))
    if rng.random() < 0.4:
        c.line([(x + wide / 2, y - high), (x + wide / 2, y - high - 40)], 3, colour)
        c.glow(x + wide / 2, y - high - 40, 14, (255, 80, 70), 0.9)
    step, lit = 11 + 3 * layer, rng.uniform(0.2, 0.6)
    glass = rng.choice((LAMP, (255, 236, 190), (190, 220, 255)))
    for row in range(int(high / step) - 1):
        for column in range(int(wide / step) - 1):
            if rng.random() < lit:
                left, top = x + step * (column + 0.7), y - high + step * (row + 0.8)
                c.rect(left, top, left + step * 0.45, top + step * 0.5, glass, rng.uniform(0.4, 1.0))


def _mosque(c: Canvas, x: float, y: float, size: float) -> None:
    wall, dome = (226, 206, 170), c.rng.choice(((70, 150, 130), (222, 180, 90), (90, 130, 180)))
    c.glow(x, y - size, size * 3, LAMP, 0.6)
    c.fade(box(x - size * 1.2, y - size, x + size * 1.2, y), darker(wall, 0.35), wall)
    for k in range(5):
        at = x - size + k * size / 2
        c.poly(
            [
                *arc(at, y - size * 0.45, size * 0.15, size * 0.22, 180, 360),
                (at + size * 0.15, y),
                (at - size * 0.15, y),
            ],
            LAMP,
        )
    onion: list[Point] = [
        (x - size * 0.6, y - size),
        (x - size * 0.7, y - size * 1.35),
        (x, y - size * 2.1),
        (x + size * 0.7, y - size * 1.35),
        (x + size * 0.6, y - size),
    ]
    c.fade(smooth(onion, False), lighter(dome, 0.3), dome, darker(dome, 0.3))
    for side in (-1, 1):
        at = x + side * size * 1.45
        c.fade(box(at - size * 0.1, y - size * 2.4, at + size * 0.1, y), wall, darker(wall, 0.3))
        c.fade(
            [(at - size * 0.16, y - size * 2.4), (at, y - size * 2.85), (at + size * 0.16, y - size * 2.4)],
            dome,
            darker(dome, 0.3),
        )
