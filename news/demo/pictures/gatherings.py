"""Where people come together: the market, the match, the festival and the meeting."""

from __future__ import annotations

import math
from dataclasses import replace

from .buildings import LAMP, flag, horned_roof
from .canvas import HEIGHT, WIDTH, Canvas
from .colour import FLAG_RED, RGB, WHITE, darker, jitter, lighter, mix
from .nature import clump, dabs, hills, palm, range_
from .people import CLOTHES, HAIR, Look, bust, person
from .shapes import Point, arc, blob, box, ribbon, smooth
from .sky import sky

PRODUCE: tuple[RGB, ...] = (
    (204, 50, 40), (236, 150, 46), (240, 204, 76), (104, 156, 58), (110, 58, 110), (170, 200, 90), (190, 116, 66)
)  # fmt: skip
AWNINGS: tuple[RGB, ...] = ((206, 64, 52), (50, 122, 140), (232, 170, 62), (76, 144, 92), (92, 98, 150), (214, 120, 60))


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
            person(c, x, y + 14, 110 + 200 * near, Look.random(rng), rng.choice(("walk", "talk", "stand", "hold")), depth, rng.choice((-1, 1)))
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
    bust(c, x - side * half * 0.3, y - wide * 0.26, wide * 0.062, Look.random(rng, head=rng.choice(("hijab", "peci", "hijab"))), depth=depth)
    for k in range(5):
        colour = tone(jitter(rng, rng.choice(PRODUCE), 10))
        left = x - half + wide * k / 5
        for fruit in range(12):
            row = 0 if fruit < 5 else 1 if fruit < 9 else 2
            at = left + wide * 0.035 * (1 + fruit % 5 + row * 0.5)
            c.oval(at, y - wide * (0.26 + 0.026 * row), wide * 0.022, wide * 0.022, jitter(rng, colour, 14))
    c.fade(box(x - half, y - wide * 0.25, x + half, y), tone((160, 116, 76)), tone((96, 68, 52)))
    for k in range(1, 8):
        c.line([(x - half + wide * k / 8, y - wide * 0.25), (x - half + wide * k / 8, y)], 2, tone((80, 58, 46)), 0.6)
    first, second = tone(rng.choice(AWNINGS)), tone(WHITE) if rng.random() < 0.6 else tone(rng.choice(AWNINGS))
    drop, rise = roof + wide * 0.1, roof - wide * 0.13
    for k in range(8):
        l0, l1 = x - half * 1.12 + wide * 1.12 * k / 8, x - half * 1.12 + wide * 1.12 * (k + 1) / 8
        t0, t1 = x - half * 0.9 + wide * 0.9 * k / 8, x - half * 0.9 + wide * 0.9 * (k + 1) / 8
        paint = first if k % 2 else second
        c.poly([(t0, rise), (t1, rise), (l1, drop), (l0, drop)], paint)
        c.poly([(l0, drop), (l1, drop), *arc((l0 + l1) / 2, drop, (l1 - l0) / 2, wide * 0.045, 0, 180)], darker(paint, 0.2))
    c.poly([(x - half * 0.9, rise), (x + half * 0.9, rise), (x + half * 0.95, rise + wide * 0.06), (x - half * 0.95, rise + wide * 0.06)], lighter(first, 0.5), 0.3)


def _basket(c: Canvas, x: float, y: float, size: float) -> None:
    """A round basket heaped with one kind of fruit or vegetable."""
    rng, tone = c.rng, c.light.tone()
    c.shadow(x, y + size * 0.66, size * 1.2, size * 0.3, 0.7)
    straw = tone((186, 142, 84))
    bowl = smooth([(x - size, y), (x - size * 0.78, y + size * 0.66), (x, y + size * 0.8), (x + size * 0.78, y + size * 0.66), (x + size, y)], False)
    c.fade(bowl, lighter(straw, 0.15), darker(straw, 0.45))
    for row in range(1, 6):
        c.line(arc(x, y + size * 0.11 * row, size * (1 - 0.045 * row), size * 0.26, 15, 165), 3, darker(straw, 0.5), 0.6)
    c.oval(x, y, size, size * 0.3, darker(straw, 0.6))
    colour = rng.choice(PRODUCE)
    piece = size * rng.uniform(0.13, 0.2)
    for k in range(62):
        level = k / 62
        px, py = x + rng.uniform(-0.88, 0.88) * size * (1 - level * 0.72), y + size * (0.16 - 0.52 * level) + rng.uniform(-8, 8)
        paint = tone(jitter(rng, colour, 18))
        c.oval(px + piece * 0.08, py + piece * 0.12, piece * 1.04, piece, darker(paint, 0.4))
        c.oval(px, py, piece * 0.98, piece * 0.92, paint)
        c.oval(px + c.light.side * piece * 0.35, py - piece * 0.35, piece * 0.3, piece * 0.22, lighter(paint, 0.55))
    c.line(arc(x, y, size, size * 0.3, 0, 180), size * 0.08, lighter(straw, 0.12))


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
    for k in range(rng.randint(3, 6)):
        x, y = rng.uniform(60, 1350), rng.uniform(210, 380)
        c.poly([(x, y), (x + 130, y + rng.uniform(-10, 10)), (x + 130, y + 44), (x, y + 40)], tone(rng.choice(kits)), 0.9)
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
    places: list[tuple[float, float]] = [(rng.uniform(180, 1320), rng.uniform(560, 690)) for _ in range(rng.randint(4, 7))]
    for k, (x, y) in enumerate(sorted(places, key=lambda place: place[1])):
        _player(c, x, y, 120 + (y - 560) * 0.5, kits[k % 2], rng.choice(("run", "walk", "run")), rng.choice((-1, 1)))
    facing = rng.choice((-1, 1))
    x, y = 750 - facing * rng.uniform(40, 150), rng.uniform(880, 920)
    _player(c, x + facing * rng.uniform(270, 330), y - 40, 350, kits[1], "run", -facing)
    _player(c, x, y, 390, kits[0], "kick", facing)
    ball = (x + facing * 195, y - rng.uniform(50, 110))
    c.shadow(ball[0], y + 6, 40, 10, 0.6)
    c.oval(*ball, 25, 25, tone(WHITE))
    for k in range(5):
        angle = math.tau * k / 5 + 0.4
        c.oval(ball[0] + math.cos(angle) * 17, ball[1] + math.sin(angle) * 17, 6, 6, (44, 46, 56))
    c.oval(*ball, 8, 8, (44, 46, 56))
    if c.light.dark:
        c.veil(0, 500, (255, 250, 226), 0.06, 0.1)


def _pitch(c: Canvas, top: float) -> None:
    grass = c.light.tone()(jitter(c.rng, (82, 148, 62), 12))
    c.fade(box(0, top, WIDTH, HEIGHT), mix(grass, c.light.haze, 0.25), grass, darker(grass, 0.22))
    for k in range(-9, 10, 2):
        c.poly([(750 + k * 100, top), (750 + (k + 1) * 100, top), (750 + (k + 1) * 330, HEIGHT), (750 + k * 330, HEIGHT)], lighter(grass, 0.5), 0.16)
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
    c.soft([(x - height * 0.1, y), (x + height * 0.1, y), (x - c.light.side * height * 0.5, y + height * 0.09)], (20, 40, 24), 0.55, 8)
    person(c, x, y, height, look, pose, facing=facing)


def panggung(c: Canvas) -> None:
    rng = c.rng
    base = rng.choice(((44, 20, 64), (18, 30, 74), (70, 20, 40), (16, 52, 64)))
    glow = rng.choice(((255, 150, 90), (240, 90, 150), (110, 190, 255), (255, 206, 110)))
    c.fade(box(0, 0, WIDTH, HEIGHT), darker(base, 0.5), base, mix(base, glow, 0.35), darker(base, 0.4))
    c.glow(750, 470, 760, glow, 0.75, 460)
    c.fade(box(310, 150, 1190, 640), mix(base, glow, 0.25), mix(base, glow, 0.6))
    for k in range(11):
        angle = math.pi * (k + 0.5) / 11
        ray = [(750, 620), (750 + math.cos(angle - 0.07) * 900, 620 - math.sin(angle - 0.07) * 560), (750 + math.cos(angle + 0.07) * 900, 620 - math.sin(angle + 0.07) * 560)]
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
            c.fade(box(min(left, left + side * 48), 60, max(left, left + side * 48), 700), lighter(curtain, 0.25), curtain, darker(curtain, 0.5), sideways=True)
    c.rect(250, 30, 1250, 62, (44, 44, 56))
    c.fade([(230, 640), (1270, 640), (1420, 800), (80, 800)], mix(base, glow, 0.7), mix(darker(base, 0.2), glow, 0.3))
    c.fade(box(80, 800, 1420, 850), darker(base, 0.3), darker(base, 0.7))
    count = rng.randint(3, 5)
    costume = rng.sample(CLOTHES, 2)
    poses = rng.choice((("dance", "fan"), ("fan", "cheer"), ("dance", "dance")))
    for k in range(count):
        x, y = 750 + (k - (count - 1) / 2) * 205, 770 - 40 * (k % 2)
        _dancer(c, x, y, rng.uniform(265, 290), costume[k % 2], poses[k % 2], 1 if k % 2 else -1)
    for k in range(7):
        lamp, foot = 300 + 150 * k, 750 + (k - 3) * 150 + rng.uniform(-160, 160)
        colour = rng.choice((glow, (255, 240, 200), (150, 170, 255)))
        c.soft([(lamp - 8, 60), (lamp + 8, 60), (foot + 95, 800), (foot - 95, 800)], colour, 0.26, 12)
        c.oval(lamp, 60, 14, 11, WHITE)
        c.glow(lamp, 62, 90, colour, 0.9)
    for row in range(3):
        shade = darker(mix(base, glow, 0.22 - 0.1 * row), 0.45 + 0.15 * row)
        for k in range(22 - 3 * row):
            size = 26 + 9 * row
            x, y = rng.uniform(-20, 1520), 880 + 55 * row + rng.uniform(-12, 12)
            c.poly(smooth([(x - size * 2, 1010), (x - size * 1.6, y + size * 1.6), (x, y + size), (x + size * 1.6, y + size * 1.6), (x + size * 2, 1010)], False, 4), shade)
            c.oval(x, y, size * 0.86, size * 1.05, shade)
            if rng.random() < 0.28:
                hand = (x + rng.uniform(-1.6, 1.6) * size, y - size * rng.uniform(2.2, 3.4))
                c.limb([(x + size * 1.3, y + size * 2), hand], size * 0.5, shade)
                if rng.random() < 0.5:
                    c.rect(hand[0] - size * 0.4, hand[1] - size * 0.9, hand[0] + size * 0.4, hand[1], mix((190, 220, 255), glow, 0.3))


def _dancer(c: Canvas, x: float, y: float, height: float, costume: RGB, pose: str, facing: int) -> None:
    """A dancer in a long skirt and shawl, with a golden crown."""
    gold, unit = (246, 204, 96), height / 8
    look = Look(c.rng.choice(((206, 152, 108), (180, 124, 84))), costume, darker(costume, 0.25), "long", gold, True)
    person(c, x, y, height, look, pose, facing=facing)
    for band in (0.9, 1.5):
        c.line([(x - unit * 1.05, y - unit * band), (x + unit * 1.05, y - unit * band)], unit * 0.16, gold)
    shawl = smooth([(x - facing * unit * 0.9, y - unit * 6.2), (x + facing * unit * 0.3, y - unit * 4.6), (x + facing * unit * 1.5, y - unit * 3.0), (x + facing * unit * 1.9, y - unit * 1.6)], False)
    c.poly(ribbon(shawl, unit * 0.5, unit * 0.7), lighter(gold, 0.2), 0.9)
    top, lean = (x, y - unit * 7.4), facing * unit * (0.2 if pose == "dance" else 0)
    for k in range(9):
        angle = math.radians(200 + 17.5 * k)
        ray = (top[0] + lean + math.cos(angle) * unit * 1.15, top[1] + math.sin(angle) * unit * 1.05)
        c.line([(top[0] + lean, top[1] - unit * 0.2), ray], unit * 0.16, gold)
        c.oval(*ray, unit * 0.13, unit * 0.13, lighter(gold, 0.5))


def rapat(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    wall = tone(rng.choice(((214, 206, 190), (190, 204, 208), (206, 190, 170), (196, 206, 184))))
    c.fade(box(0, 0, WIDTH, 700), darker(wall, 0.2), wall)
    c.fade(box(0, 640, WIDTH, HEIGHT), darker(wall, 0.45), darker(wall, 0.6))
    if rng.random() < 0.5:
        _big_window(c)
    else:
        _screen(c)
    flag(c, 750 + rng.choice((-1, 1)) * 545, 640, 420, 74)
    c.blur(2.2)
    wood = tone(jitter(rng, rng.choice(((136, 88, 56), (170, 122, 80), (96, 66, 54))), 8))
    far, near = 600.0, 930.0
    suits: tuple[RGB, ...] = (*CLOTHES, (50, 56, 80), (176, 152, 104), (230, 228, 222))
    for k in range(rng.randint(3, 4)):
        bust(c, 560 + 128 * k + rng.uniform(-12, 12), far + 24, 31, Look.random(rng, top=rng.choice(suits)), depth=0.08)
    c.fade([(470, far), (1030, far), (1290, near), (210, near)], lighter(wood, 0.45), wood, darker(wood, 0.2))
    c.soft([(620, far + 6), (900, far + 6), (1000, near - 20), (540, near - 20)], lighter(c.light.sun, 0.3), 0.26, 26)
    c.fade([(210, near), (1290, near), (1290, 1010), (210, 1010)], darker(wood, 0.35), darker(wood, 0.6))
    for row in range(3):
        share = (row + 0.7) / 3.2
        for side in (-1, 1):
            x, y = 750 + side * (290 + 290 * share), far + (near - far) * share
            _papers(c, x - side * (70 + 40 * share), y + 12, 52 + 52 * share)
    for row in range(3):
        share = (row + 0.6) / 3
        for side in (-1, 1):
            x, y = 750 + side * (330 + 310 * share), far + 150 + (near - far) * share
            bust(c, x, y + 40, 40 + 26 * share, Look.random(rng, top=rng.choice(suits)))
    for x in rng.sample((470, 750, 1030), rng.randint(1, 2)):
        chair = tone((64, 66, 80))
        bust(c, x, 1040, 70, Look.random(rng, top=rng.choice(suits)), back=True)
        c.fade(smooth([(x - 120, 1010), (x - 112, 930), (x, 915), (x + 112, 930), (x + 120, 1010)], False), lighter(chair, 0.15), darker(chair, 0.3))
    c.lit_from(750, 300, 700, c.light.sun, 0.2)


def _papers(c: Canvas, x: float, y: float, wide: float) -> None:
    tone, rng = c.light.tone(), c.rng
    c.poly([(x - wide * 0.5, y), (x + wide * 0.4, y - 4), (x + wide * 0.5, y + wide * 0.3), (x - wide * 0.4, y + wide * 0.34)], tone(WHITE))
    c.oval(x + wide * 0.85, y + 3, wide * 0.13, wide * 0.05, tone((210, 214, 216)))
    c.fade(box(x + wide * 0.73, y - wide * 0.3, x + wide * 0.97, y + 3), lighter(tone((120, 180, 196)), 0.4), tone((96, 150, 170)))
    if rng.random() < 0.5:
        c.poly([(x - wide * 0.4, y - wide * 0.42), (x + wide * 0.4, y - wide * 0.42), (x + wide * 0.44, y + wide * 0.08), (x - wide * 0.44, y + wide * 0.08)], tone((70, 74, 86)))


def _big_window(c: Canvas) -> None:
    """Behind the table: tall panes and the hills outside."""
    frame = box(290, 70, 1210, 500)
    with c.clip(frame):
        sky(c, 460, 0.6)
        range_(c, 350, 60, (88, 110, 134), 0.5, 500)
        hills(c, 420, 26, (78, 118, 84), 0.3, 40)
        for _ in range(24):
            clump(c, c.rng.uniform(290, 1210), 490, c.rng.uniform(22, 44), (72, 120, 62), 0.15)
    pale = c.light.tone()(WHITE)
    for k in range(5):
        c.rect(284 + 230 * k, 64, 296 + 230 * k, 506, pale)
    c.rect(284, 64, 1216, 78, pale)
    c.rect(270, 496, 1230, 514, pale)


def _screen(c: Canvas) -> None:
    """Behind the table: a projected chart."""
    rng = c.rng
    accent = rng.choice(((52, 122, 150), (190, 70, 56), (80, 140, 90)))
    c.glow(750, 290, 640, (255, 255, 246), 0.5, 380)
    c.fade(box(420, 70, 1080, 480), (252, 252, 246), (228, 234, 236))
    c.rect(460, 104, 760, 128, accent)
    high = 60.0
    tops: list[Point] = []
    for k in range(7):
        high = max(40.0, high + rng.uniform(-26, 66))
        left = 480 + 80 * k
        c.fade(box(left, 440 - min(high, 270), left + 46, 440), lighter(accent, 0.25), accent)
        tops.append((left + 23, 415 - min(high, 270)))
    c.line(tops, 6, FLAG_RED)
    c.line([(466, 440), (1050, 440)], 4, (90, 94, 104))
