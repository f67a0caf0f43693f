"""Open country: rice terraces, volcano and forest."""

from __future__ import annotations

import math
from collections.abc import Callable

from .canvas import HEIGHT, WIDTH, Canvas
from .colour import RGB, darker, jitter, lighter, mix
from .nature import LEAF, clump, dabs, grass, hills, palm, range_, tree, volcano
from .people import farmer
from .shapes import Point, blob, box, ribbon, smooth, waver
from .sky import birds, sky

RICE: tuple[RGB, ...] = ((112, 166, 58), (146, 180, 62), (88, 148, 66), (190, 178, 72))


ROCK: RGB = (82, 98, 142)


def sawah(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 470, rng.uniform(0.3, 0.8))
    peak = rng.uniform(420, 1080)
    volcano(c, peak, rng.uniform(140, 210), 480, rng.uniform(420, 560), ROCK, 0.5)
    range_(c, 400, 60, (84, 112, 110), 0.45, 520)
    hills(c, 440, 30, (70, 116, 74), 0.3, 46)
    for _ in range(rng.randint(4, 8)):
        palm(
            c,
            rng.uniform(60, 1440),
            rng.uniform(465, 490),
            rng.uniform(70, 110),
            rng.uniform(-0.15, 0.15),
            0.2,
        )
    c.veil(400, 490, c.light.haze, 0.0, 0.45)
    swing, middle = rng.uniform(60, 120) * rng.choice((-1, 1)), rng.uniform(0.35, 0.65)
    ripe = rng.choice(RICE)
    count = 12
    for k in range(count):
        near = (k + 1) / count
        top = 470 + 560 * (k / count) ** 1.5
        step = 560 * (near**1.5 - (k / count) ** 1.5)
        wave = waver(rng, 6 + 22 * near, 420)
        edge = [
            (float(x), top + wave(x) + swing * near * math.cos((x / WIDTH - middle) * math.pi * 2.2))
            for x in range(0, WIDTH + 25, 25)
        ]
        bank = tone(darker(mix((92, 104, 48), ripe, 0.2), 0.12 - 0.06 * near))
        c.poly([*edge, (WIDTH, HEIGHT), (0, HEIGHT)], bank)
        field: list[Point] = [(x, y + step * 0.16) for x, y in edge]
        flooded = rng.random() < 0.34
        far = 0.35 * (1 - near)
        colour = mix(c.light.sky, c.light.horizon, 0.4) if flooded else jitter(rng, mix(ripe, rng.choice(RICE), 0.5), 8)
        seen = mix(colour, (60, 80, 80), 0.12) if flooded else c.light.tone(far)(colour)
        c.fade(
            [*field, (WIDTH, min(1000, top + step + 150)), (0, min(1000, top + step + 150))],
            lighter(seen, 0.22),
            seen,
            darker(seen, 0.2),
        )
        c.line(edge, 2 + 5 * near, c.light.tone(far)((158, 176, 84)))
        _rice_rows(c, field, step, near, seen, flooded)
    hut_x = rng.uniform(420, 1080)
    _field_hut(c, hut_x, 640 + rng.uniform(-40, 60), rng.uniform(90, 130))
    for k in range(rng.randint(1, 4)):
        farmer(c, rng.uniform(380, 1120), 760 + 45 * k, rng.uniform(80, 105))
    grass(c, 985, (96, 138, 52), 130, 90)


def _rice_rows(c: Canvas, edge: list[Point], step: float, near: float, colour: RGB, flooded: bool) -> None:
    rng = c.rng
    for _ in range(70 if flooded else 190):
        x, y = rng.choice(edge)
        x, y = x + rng.uniform(-14, 14), y + rng.uniform(0.1, 1.0) * step
        high = 3 + 15 * near
        green = darker(colour, 0.3) if rng.random() < 0.6 else lighter(colour, 0.3)
        if flooded:
            green = c.light.tone()((86, 140, 60))
        c.poly(
            [
                (x - high * 0.3, y),
                (x - high * 0.2, y - high),
                (x + 1, y - 1),
                (x + high * 0.4, y - high * 0.8),
                (x + high * 0.3, y),
            ],
            green,
            0.62,
        )


def _field_hut(c: Canvas, x: float, y: float, size: float) -> None:
    tone = c.light.tone(0.05)
    c.shadow(x, y, size * 0.8, size * 0.12)
    for post in (-0.34, -0.1, 0.14, 0.36):
        c.line([(x + post * size, y), (x + post * size, y - size * 0.6)], size * 0.045, tone((92, 70, 50)))
    c.rect(x - size * 0.38, y - size * 0.34, x + size * 0.4, y - size * 0.24, tone((132, 100, 66)))
    roof = [
        (x - size * 0.6, y - size * 0.5),
        (x - size * 0.1, y - size * 0.98),
        (x + size * 0.12, y - size * 0.98),
        (x + size * 0.62, y - size * 0.5),
    ]
    c.fade(roof, tone((188, 152, 98)), tone((122, 92, 60)))


def gunung(c: Canvas) -> None:
    rng = c.rng
    sky(c, 640, rng.uniform(0.2, 0.7))
    x, top = rng.uniform(560, 940), rng.uniform(190, 270)
    plume = [(x, top + 10)]
    wind = rng.choice((-1, 1))
    for k in range(rng.randint(5, 11)):
        reach = 18 + 13 * k
        px, py = x + wind * k * rng.uniform(18, 34), top - 8 - k * 15
        c.poly(blob(rng, px, py, reach, reach * 0.6), lighter(c.light.haze, 0.35), 0.34)
        plume.append((px, py))
    c.soft(ribbon(plume, 20, 190), lighter(c.light.haze, 0.3), 0.5, 22)
    volcano(c, x + rng.choice((-1, 1)) * rng.uniform(430, 620), top + 190, 640, 420, ROCK, 0.62)
    volcano(c, x, top, 680, rng.uniform(620, 760), (78, 88, 132), 0.24)
    for k, depth in enumerate((0.55, 0.36, 0.2)):
        y = 590 + k * 95
        c.veil(y - 130, y + 20, lighter(c.light.haze, 0.3), 0.0, 0.55)
        hills(c, y, 46, mix((64, 98, 92), (48, 84, 52), k / 2), depth, 40 + 18 * k)
    c.veil(760, 860, lighter(c.light.haze, 0.3), 0.0, 0.4)
    near = hills(c, 880, 40, (44, 72, 44), 0.04, 0)
    for px, py in near[::2]:
        clump(c, px, py + 10, rng.uniform(30, 70), jitter(rng, (46, 80, 44), 12), 0.02)
    for side in (-1, 1):
        tree(c, 750 + side * rng.uniform(480, 700), 960, rng.uniform(280, 430), 0.0, (44, 76, 46))
    dabs(c, 900, 1000, (c.light.tone()((70, 104, 48)), c.light.tone()((34, 56, 36))), 120, 60)
    birds(c, rng.uniform(500, 1000), 330, rng.randint(3, 8))


def hutan(c: Canvas) -> None:
    rng = c.rng
    mist = mix(lighter(c.light.haze, 0.4), (190, 220, 150), 0.45)
    c.fade(box(0, 0, WIDTH, HEIGHT), mix(mist, LEAF, 0.35), mist, mix(mist, LEAF, 0.45), (40, 62, 36))
    source = 750 + c.light.side * rng.uniform(120, 380)
    c.glow(source, 180, 700, lighter(mist, 0.7), 0.8)
    for layer, depth in enumerate((0.78, 0.6, 0.42, 0.22)):
        ground = 640 + layer * 75
        tone = _through(mist, depth)
        for _ in range(9 - layer):
            x, wide = rng.uniform(0, WIDTH), (20 + 22 * layer) * rng.uniform(0.7, 1.4)
            if layer > 1 and 520 < x < 980:
                continue
            trunk = smooth([(x, ground), (x + rng.uniform(-14, 14), 350), (x + rng.uniform(-40, 40), -20)], False)
            c.fade(
                ribbon(trunk, wide * 1.25, wide * 0.7),
                tone((58, 54, 44)),
                tone((84, 72, 54)),
                tone((44, 46, 36)),
            )
            c.poly(
                ribbon([(px + c.light.side * wide * 0.3, py) for px, py in trunk], wide * 0.3, wide * 0.15),
                tone((170, 160, 96)),
                0.35,
            )
        for _ in range(60):
            x, y = rng.uniform(-20, WIDTH), abs(rng.gauss(0, 1)) * (80 + 16 * layer) - 20
            size = rng.uniform(18, 38) + 9 * layer
            green = jitter(rng, (64, 112, 44), 22)
            c.poly(blob(rng, x, y, size * 1.2, size * 0.7, 0.3), tone(darker(green, 0.12)), 0.9)
            c.poly(
                blob(rng, x + c.light.side * size * 0.2, y - size * 0.2, size * 0.8, size * 0.4, 0.3),
                tone(green),
            )
            for _ in range(3):
                px, py = x + rng.gauss(0, 0.7) * size, y + rng.gauss(0.2, 0.4) * size
                c.oval(px, py, size * 0.2, size * 0.12, tone(lighter(green, rng.uniform(0, 0.3))))
        wave = waver(rng, 22, 500)
        line = [(float(x), ground + wave(x)) for x in range(0, WIDTH + 50, 50)]
        c.fade([*line, (WIDTH, HEIGHT), (0, HEIGHT)], tone((104, 128, 58)), tone((44, 70, 36)))
        for _ in range(46):
            x = rng.uniform(0, WIDTH)
            size = rng.uniform(10, 24) + 8 * layer
            c.poly(blob(rng, x, ground + wave(x), size * 1.3, size, 0.3), tone(jitter(rng, (66, 104, 46), 20)))
    bend = rng.uniform(-70, 70)
    left = smooth([(740, 690), (710 + bend, 770), (610 + bend, 870), (430, 1020)], False)
    right = smooth([(760, 690), (770 + bend, 770), (830 + bend, 870), (1000, 1020)], False)
    c.fade(left + right[::-1], mix((196, 178, 120), mist, 0.5), (150, 128, 86), (92, 78, 54))
    for k in range(rng.randint(5, 8)):
        foot = 250 + 1000 * (k + rng.random()) / 8
        beam = [(source - 30, -60), (source + 30, -60), (foot + 70, 900), (foot - 60, 900)]
        c.soft(beam, (255, 250, 208), rng.uniform(0.12, 0.3), 16)
    if rng.random() < 0.7:
        farmer(c, 750 + rng.uniform(-30, 30), 775, rng.uniform(100, 125))
    for _ in range(16):
        side = rng.choice((-1, 1))
        _fern(c, 750 + side * rng.uniform(330, 780), rng.uniform(930, 1030), rng.uniform(110, 210))


def _through(mist: RGB, depth: float) -> Callable[[RGB], RGB]:
    return lambda colour: mix(colour, mist, depth)


def _fern(c: Canvas, x: float, y: float, size: float) -> None:
    for k in range(7):
        angle = math.radians(-165 + 25 * k + c.rng.uniform(-8, 8))
        tip = (x + math.cos(angle) * size, y + math.sin(angle) * size * 0.8 + size * 0.12)
        middle = (x + math.cos(angle) * size * 0.5, y + math.sin(angle) * size * 0.62)
        stem = smooth([(x, y), middle, tip], False, 8)
        green = jitter(c.rng, (52, 100, 40), 20)
        for i, (px, py) in enumerate(stem[2:]):
            length = size * 0.2 * (1 - i / len(stem))
            for side in (-1, 1):
                c.poly([(px, py - 3), (px + side * length, py - length * 0.35), (px, py + 5)], green)
