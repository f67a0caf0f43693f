"""What people come to watch: the match and the festival stage."""

from __future__ import annotations

import math
from dataclasses import replace

from .buildings import LAMP, horned_roof
from .canvas import HEIGHT, WIDTH, Canvas
from .colour import RGB, WHITE, darker, jitter, lighter, mix
from .market import AWNINGS
from .nature import dabs
from .people import CLOTHES, HAIR, Look, person
from .shapes import arc, box, ribbon, smooth
from .sky import sky


def sepakbola(c: Canvas) -> None:
    rng = c.rng
    sky(c, 330, rng.uniform(0.4, 0.8))
    if c.light.dark:
        c.light = replace(c.light, tint=(236, 238, 242), haze=mix(c.light.haze, (150, 160, 180), 0.5))  # floodlit
    tone = c.light.tone()
    kits = rng.sample(((206, 40, 44), (242, 240, 232), (44, 92, 168), (240, 190, 50), (52, 132, 84), (40, 42, 54)), 2)
    stand_top, pitch = 190.0, 480.0
    roof = [(0, 120), (WIDTH, 120), (WIDTH, 168), (0, 168)]
    c.fade(box(0, stand_top - 30, WIDTH, pitch), tone((70, 74, 90)), tone((104, 106, 120)))
    for _ in range(2600):
        x, row = rng.uniform(0, WIDTH), rng.randint(0, 21)
        y = stand_top + row * 11.5
        fan = rng.choice(kits) if rng.random() < 0.55 else rng.choice(CLOTHES)
        c.rect(x - 6, y + 4, x + 6, y + 13, tone(darker(fan, 0.16)))
        c.oval(x, y, 4.4, 5, tone(rng.choice(((186, 136, 98), (150, 104, 74), HAIR))))
    for _ in range(rng.randint(3, 6)):
        x, y = rng.uniform(60, 1350), rng.uniform(210, 380)
        c.poly(
            [(x, y), (x + 130, y + rng.uniform(-10, 10)), (x + 130, y + 44), (x, y + 40)],
            tone(rng.choice(kits)),
            0.9,
        )
    c.fade(roof, tone((214, 214, 214)), tone((120, 124, 136)))
    c.veil(168, 260, (20, 24, 44), 0.5, 0.0)
    for k in range(16):
        c.rect(k * 96, pitch - 28, k * 96 + 94, pitch, tone(rng.choice((*kits, *AWNINGS))))
    c.blur(3.0)
    for side in (-1, 1):
        mast = 750 + side * 560
        c.line([(mast, 300), (mast, 40)], 9, tone((90, 94, 104)))
        for k in range(8):
            c.oval(mast - 42 + 28 * (k % 4), 34 + 26 * (k // 4), 11, 9, (255, 252, 232))
        c.glow(mast, 46, 330, (255, 250, 226), 0.6)
    _pitch(c, pitch)
    places: list[tuple[float, float]] = [
        (rng.uniform(180, 1320), rng.uniform(560, 690)) for _ in range(rng.randint(4, 7))
    ]
    for k, (x, y) in enumerate(sorted(places, key=lambda place: place[1])):
        _player(
            c,
            x,
            y,
            120 + (y - 560) * 0.5,
            kits[k % 2],
            rng.choice(("run", "walk", "run")),
            rng.choice((-1, 1)),
        )
    if rng.random() < 0.5:
        for k in range(rng.randint(3, 4)):
            x, y = 750 + (k - 1.5) * 150 + rng.uniform(-20, 20), 880 + rng.uniform(-30, 30)
            _player(
                c,
                x,
                y,
                rng.uniform(340, 370),
                kits[0],
                rng.choice(("cheer", "run", "cheer", "talk")),
                rng.choice((-1, 1)),
            )
        _ball(c, 750 + rng.choice((-1, 1)) * 420, 850, 890)
    else:
        facing = rng.choice((-1, 1))
        x, y = 750 - facing * rng.uniform(40, 150), rng.uniform(880, 920)
        _player(c, x + facing * rng.uniform(270, 330), y - 40, 350, kits[1], "run", -facing)
        _player(c, x, y, 390, kits[0], "kick", facing)
        _ball(c, x + facing * 195, y - rng.uniform(50, 110), y + 6)
    if c.light.dark:
        c.veil(0, 500, (255, 250, 226), 0.06, 0.1)


def _ball(c: Canvas, x: float, y: float, ground: float) -> None:
    c.shadow(x, ground, 40, 10, 0.6)
    c.oval(x, y, 25, 25, c.light.tone()(WHITE))
    for k in range(5):
        angle = math.tau * k / 5 + 0.4
        c.oval(x + math.cos(angle) * 17, y + math.sin(angle) * 17, 6, 6, (44, 46, 56))
    c.oval(x, y, 8, 8, (44, 46, 56))


def _pitch(c: Canvas, top: float) -> None:
    grass = c.light.tone()(jitter(c.rng, (82, 148, 62), 12))
    c.fade(box(0, top, WIDTH, HEIGHT), mix(grass, c.light.haze, 0.25), grass, darker(grass, 0.22))
    for k in range(-9, 10, 2):
        c.poly(
            [
                (750 + k * 100, top),
                (750 + (k + 1) * 100, top),
                (750 + (k + 1) * 330, HEIGHT),
                (750 + k * 330, HEIGHT),
            ],
            lighter(grass, 0.5),
            0.16,
        )
    dabs(c, top + 20, HEIGHT, (lighter(grass, 0.25), darker(grass, 0.25)), 260, 40, 0.3)
    c.line([(0, top + 26), (WIDTH, top + 26)], 4, WHITE, 0.85)
    c.line(arc(750, 700, 430, 96), 6, WHITE, 0.8)
    c.line([(0, 700), (WIDTH, 700)], 6, WHITE, 0.8)
    goal = box(640, top - 62, 860, top + 26)
    for k in range(1, 12):
        c.line([(640 + 20 * k, top - 62), (640 + 20 * k, top + 26)], 1.5, WHITE, 0.4)
    for k in range(1, 5):
        c.line([(640, top - 62 + 18 * k), (860, top - 62 + 18 * k)], 1.5, WHITE, 0.4)
    c.line([goal[3], goal[0], goal[1], goal[2]], 6, WHITE)


def _player(c: Canvas, x: float, y: float, height: float, kit: RGB, pose: str, facing: int) -> None:
    look = Look.random(c.rng, head="bare", top=kit, bottom=mix(kit, (240, 240, 236), 0.75))
    c.soft(
        [(x - height * 0.1, y), (x + height * 0.1, y), (x - c.light.side * height * 0.5, y + height * 0.09)],
        (20, 40, 24),
        0.55,
        8,
    )
    person(c, x, y, height, look, pose, facing=facing)


def panggung(c: Canvas) -> None:
    rng = c.rng
    c.light = replace(c.light, tint=(255, 240, 220))  # stage lamps
    base = rng.choice(((44, 20, 64), (18, 30, 74), (70, 20, 40), (16, 52, 64)))
    glow = rng.choice(((255, 150, 90), (240, 90, 150), (110, 190, 255), (255, 206, 110)))
    c.fade(box(0, 0, WIDTH, HEIGHT), darker(base, 0.5), base, mix(base, glow, 0.35), darker(base, 0.4))
    c.glow(750, 470, 760, glow, 0.75, 460)
    c.fade(box(310, 150, 1190, 640), mix(base, glow, 0.25), mix(base, glow, 0.6))
    for k in range(11):
        angle = math.pi * (k + 0.5) / 11
        ray = [
            (750, 620),
            (750 + math.cos(angle - 0.07) * 900, 620 - math.sin(angle - 0.07) * 560),
            (750 + math.cos(angle + 0.07) * 900, 620 - math.sin(angle + 0.07) * 560),
        ]
        c.poly(ray, lighter(glow, 0.3), 0.13)
    horned_roof(c, 750, 500, 330, 270, mix(base, (255, 220, 150), 0.4))
    c.fade(box(490, 500, 1010, 640), mix(base, (120, 50, 40), 0.6), mix(base, (220, 130, 70), 0.5))
    for k in range(7):
        c.rect(524 + 70 * k, 535, 562 + 70 * k, 640, mix(LAMP, glow, 0.3), 0.8)
    c.blur(2.5)
    for side in (-1, 1):
        c.fade(box(750 + side * 440, 40, 750 + side * 470, 660), (40, 40, 52), (70, 66, 80))
        for k in range(10):
            c.line([(750 + side * 440, 60 + 60 * k), (750 + side * 470, 110 + 60 * k)], 4, (120, 116, 130))
        curtain = mix(base, (150, 24, 36), 0.6)
        for k in range(6):
            left = 750 + side * (500 + 46 * k)
            c.fade(
                box(min(left, left + side * 48), 60, max(left, left + side * 48), 700),
                lighter(curtain, 0.25),
                curtain,
                darker(curtain, 0.5),
                sideways=True,
            )
    c.rect(250, 30, 1250, 62, (44, 44, 56))
    c.fade(
        [(230, 640), (1270, 640), (1420, 800), (80, 800)],
        mix(base, glow, 0.7),
        mix(darker(base, 0.2), glow, 0.3),
    )
    c.fade(box(80, 800, 1420, 850), darker(base, 0.3), darker(base, 0.7))
    count = rng.randint(3, 5)
    costume = rng.sample(CLOTHES, 2)
    poses = rng.choice((("dance", "fan"), ("fan", "cheer"), ("dance", "dance")))
    for k in range(count):
        x, y = 750 + (k - (count - 1) / 2) * 205, 770.0 - 40 * (k % 2)
        _dancer(c, x, y, rng.uniform(265, 290), costume[k % 2], poses[k % 2], 1 if k % 2 else -1)
    for k in range(7):
        lamp, foot = 300 + 150 * k, 750 + (k - 3) * 150 + rng.uniform(-160, 160)
        colour = rng.choice((glow, (255, 240, 200), (150, 170, 255)))
        c.soft([(lamp - 8, 60), (lamp + 8, 60), (foot + 95, 800), (foot - 95, 800)], colour, 0.26, 12)
        c.oval(lamp, 60, 14, 11, WHITE)
        c.glow(lamp, 62, 90, colour, 0.9)
    for row in range(3):
        shade = darker(mix(base, glow, 0.22 - 0.1 * row), 0.45 + 0.15 * row)
        size = 26.0 + 9 * row
        for _ in range(22 - 3 * row):
            x, y = rng.uniform(-20, 1520), 880 + 55 * row + rng.uniform(-12, 12)
            c.poly(
                smooth(
                    [
                        (x - size * 2, 1010),
                        (x - size * 1.6, y + size * 1.6),
                        (x, y + size),
                        (x + size * 1.6, y + size * 1.6),
                        (x + size * 2, 1010),
                    ],
                    False,
                    4,
                ),
                shade,
            )
            c.oval(x, y, size * 0.86, size * 1.05, shade)
            if rng.random() < 0.28:
                hand = (x + rng.uniform(-1.6, 1.6) * size, y - size * rng.uniform(2.2, 3.4))
                c.limb([(x + size * 1.3, y + size * 2), hand], size * 0.5, shade)
                if rng.random() < 0.5:
                    c.rect(
                        hand[0] - size * 0.4,
                        hand[1] - size * 0.9,
                        hand[0] + size * 0.4,
                        hand[1],
                        mix((190, 220, 255), glow, 0.3),
                    )


def _dancer(c: Canvas, x: float, y: float, height: float, costume: RGB, pose: str, facing: int) -> None:
    """A dancer in a long skirt and shawl, with a golden crown."""
    gold, unit = (246, 204, 96), height / 8
    look = Look(c.rng.choice(((206, 152, 108), (180, 124, 84))), costume, darker(costume, 0.25), "long", gold, True)
    person(c, x, y, height, look, pose, facing=facing)
    for band in (0.9, 1.5):
        c.line([(x - unit * 1.05, y - unit * band), (x + unit * 1.05, y - unit * band)], unit * 0.16, gold)
    shawl = smooth(
        [
            (x - facing * unit * 0.9, y - unit * 6.2),
            (x + facing * unit * 0.3, y - unit * 4.6),
            (x + facing * unit * 1.5, y - unit * 3.0),
            (x + facing * unit * 1.9, y - unit * 1.6),
        ],
        False,
    )
    c.poly(ribbon(shawl, unit * 0.5, unit * 0.7), lighter(gold, 0.2), 0.9)
    top, lean = (x, y - unit * 7.4), facing * unit * (0.2 if pose == "dance" else 0)
    for k in range(9):
        angle = math.radians(200 + 17.5 * k)
        ray = (top[0] + lean + math.cos(angle) * unit * 1.15, top[1] + math.sin(angle) * unit * 1.05)
        c.line([(top[0] + lean, top[1] - unit * 0.2), ray], unit * 0.16, gold)
        c.oval(*ray, unit * 0.13, unit * 0.13, lighter(gold, 0.5))
