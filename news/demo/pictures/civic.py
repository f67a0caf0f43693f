"""Public buildings and their yards: the office, the school and the clinic."""

from __future__ import annotations

from .buildings import LAMP, TILES, WALLS, WOOD, flag, horned_roof, tiled_roof, window
from .canvas import Canvas
from .colour import FLAG_RED, RGB, WHITE, darker, lighter, mix
from .nature import LEAF, clump, greenery, hills, range_, tree, yard
from .people import CLOTHES, Look, crowd, person
from .shapes import box
from .sky import sky
from .vehicles import PAINTS, cross, van


def kantor(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 640, rng.uniform(0.3, 0.9))
    hills(c, 520, 40, (74, 114, 88), 0.4, 40)
    greenery(c, 640, 46)
    yard(c, 650, rng.choice(((110, 152, 76), (186, 178, 162), (126, 158, 84))))
    x, foot, wall = 750.0, 690.0, tone(rng.choice(WALLS))
    half, floors = rng.uniform(500, 580), rng.choice((1, 2, 2))
    high = 130.0 * floors + 20
    c.shadow(x, foot + 10, half * 1.15, 34, 0.7)
    c.fade(box(x - half, foot - high, x + half, foot), lighter(wall, 0.1), darker(wall, 0.14))
    for floor in range(floors):
        for k in range(-5, 6):
            if abs(k) > 1:
                window(c, x + k * half / 5.6 - 26, foot - 118 - 128 * floor, 52, 74)
        c.rect(x - half, foot - 130 * (floor + 1) - 8, x + half, foot - 130 * (floor + 1), darker(wall, 0.3))
    roof = rng.choice(((150, 70, 54), (92, 82, 84), (64, 102, 96)))
    horned = rng.random() < 0.6
    if horned:
        for k in (-1, 1):
            horned_roof(c, x + k * half * 0.55, foot - high + 8, half * 0.52, 130, roof)
    else:
        tiled_roof(
            c,
            [
                (x - half * 1.05, foot - high),
                (x + half * 1.05, foot - high),
                (x + half * 0.86, foot - high - 120),
                (x - half * 0.86, foot - high - 120),
            ],
            tone(roof),
        )
    porch = 185.0
    c.fade(box(x - porch, foot - high - 10, x + porch, foot), darker(wall, 0.55), darker(wall, 0.3))
    c.rect(x - 62, foot - 120, x + 62, foot, LAMP if c.light.dark else tone((90, 116, 128)))
    c.line([(x, foot - 120), (x, foot)], 6, tone(WHITE))
    for column in (-1.0, -0.36, 0.36, 1.0):
        c.fade(
            box(x + column * porch - 15, foot - high, x + column * porch + 15, foot),
            tone(WHITE),
            tone((190, 188, 184)),
            sideways=True,
        )
    c.rect(x - porch - 26, foot - high - 34, x + porch + 26, foot - high, tone(WHITE))
    if horned:
        horned_roof(c, x, foot - high - 28, porch * 1.25, 190, roof)
    else:
        c.fade(
            [(x - porch - 40, foot - high - 34), (x, foot - high - 150), (x + porch + 40, foot - high - 34)],
            tone(roof),
            tone(darker(roof, 0.2)),
        )
    for step in range(4):
        c.rect(
            x - porch - 20 - 16 * step,
            foot + 9 * step,
            x + porch + 20 + 16 * step,
            foot + 9 + 9 * step,
            tone(mix((214, 210, 202), (150, 146, 140), step / 4)),
        )
    path = [(x - 150, foot + 36), (x + 150, foot + 36), (x + 430, 1010), (x - 430, 1010)]
    c.fade(path, tone((214, 204, 186)), tone((176, 164, 148)))
    flag(c, x + rng.choice((-1, 1)) * rng.uniform(170, 330), 850, rng.uniform(600, 690), 150)
    for side in (-1, 1):
        tree(c, x + side * rng.uniform(590, 700), 800, rng.uniform(260, 360))
        for k in range(7):
            clump(
                c,
                x + side * (200 + 45 * k),
                742 + 38 * k,
                20 + 6 * k,
                rng.choice((LEAF, (150, 70, 80), (112, 140, 60))),
                0,
            )
    if rng.random() < 0.6:
        van(c, x + rng.choice((-1, 1)) * 400, 765, 220, rng.choice(PAINTS[3:]), rng.choice((-1, 1)))
    khaki = (176, 152, 104)
    crowd(c, [(x + rng.uniform(-300, 300), rng.uniform(790, 920)) for _ in range(rng.randint(3, 9))], 135, khaki)


def sekolah(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 600, rng.uniform(0.3, 0.9))
    range_(c, 440, 60, (86, 112, 130), 0.55, 600)
    greenery(c, 590, 44)
    yard(c, 620, rng.choice(((196, 164, 118), (188, 180, 164), (142, 160, 92))))
    foot, wall, left, right = 665.0, tone(rng.choice(WALLS)), -40.0, 1540.0
    band = tone(rng.choice(((190, 70, 60), (58, 110, 150), (74, 136, 96))))
    c.fade(box(left, 440, right, foot), darker(wall, 0.2), wall)
    c.rect(left, foot - 62, right, foot, band)
    c.rect(left, 436, right, 476, darker(wall, 0.6), 0.4)
    for k in range(6):
        room = 40 + 250 * k
        c.rect(room, 505, room + 62, foot, tone(darker(WOOD, 0.15)))
        for pane in range(2):
            window(c, room + 88 + 68 * pane, 512, 54, 76)
    roof = tone(rng.choice(((178, 86, 58), (146, 66, 54), (70, 112, 104))))
    tiled_roof(c, [(left, 456), (right, 456), (right, 330), (left, 330)], roof, 8)
    for k in range(7):
        post = 15 + 250 * k
        c.fade(box(post - 9, 452, post + 9, foot + 12), tone(WHITE), tone((180, 178, 172)), sideways=True)
    c.rect(left, foot, right, foot + 20, tone((186, 180, 170)))
    c.veil(foot + 20, foot + 90, (40, 40, 60), 0.3, 0.0)
    flag(c, 750 + rng.choice((-1, 1)) * rng.uniform(40, 260), 780, rng.uniform(520, 600), 140)
    side = rng.choice((-1, 1))
    c.shadow(750 + side * 480, 930, 330, 60, 0.6)
    tree(c, 750 + side * rng.uniform(500, 600), 900, rng.uniform(560, 680))
    uniform: tuple[RGB, RGB] = rng.choice(
        (((248, 244, 236), FLAG_RED), ((248, 244, 236), (44, 64, 120)), ((172, 128, 84), (92, 64, 48)))
    )
    places = sorted(
        ((750 + rng.uniform(-430, 430), rng.uniform(735, 925)) for _ in range(rng.randint(8, 15))),
        key=lambda p: p[1],
    )
    for x, y in places:
        look = Look.random(
            rng, top=uniform[0], bottom=uniform[1], head=rng.choice(("hijab", "bare", "bare", "cap", "long"))
        )
        look = Look(
            look.skin,
            look.top,
            look.bottom,
            look.head,
            WHITE if look.head == "hijab" else uniform[1],
            look.skirt,
        )
        person(
            c,
            x,
            y,
            96 + (y - 735) * 0.3,
            look,
            rng.choice(("run", "cheer", "walk", "stand", "talk")),
            0,
            rng.choice((-1, 1)),
        )
    ball = 750 + rng.uniform(-160, 160)
    c.shadow(ball, 902, 26, 8, 0.7)
    c.oval(ball, 886, 17, 17, tone(WHITE))
    c.oval(ball + 4, 884, 6, 6, tone((60, 60, 70)))


def klinik(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 620, rng.uniform(0.3, 0.8))
    hills(c, 500, 40, (78, 116, 96), 0.42, 36)
    greenery(c, 630, 46)
    yard(c, 640, (172, 172, 170))
    x, foot = 750 + rng.uniform(-90, 90), 700.0
    accent = tone(rng.choice(((58, 150, 110), (52, 134, 160), (120, 160, 80))))
    wall, half, top = (
        tone(rng.choice(((240, 240, 232), (226, 238, 240), (244, 234, 214)))),
        rng.uniform(440, 520),
        rng.uniform(370, 420),
    )
    c.shadow(x, foot + 8, half * 1.15, 30, 0.7)
    c.fade(box(x - half, top, x + half, foot), wall, darker(wall, 0.16))
    if rng.random() < 0.5:
        tiles = tone(rng.choice(TILES))
        tiled_roof(
            c,
            [
                (x - half - 40, top + 10),
                (x + half + 40, top + 10),
                (x + half - 70, top - 90),
                (x - half + 70, top - 90),
            ],
            tiles,
        )
    else:
        c.rect(x - half - 20, top - 26, x + half + 20, top + 8, accent)
    c.rect(x - half, foot - 46, x + half, foot, accent)
    for k in range(-3, 4):
        if k:
            window(c, x + k * half / 3.5 - 44, top + 70, 88, 100)
    c.rect(x - 120, top - 100, x + 120, top + 40, wall)
    c.rect(x - 120, top - 100, x + 120, top - 88, accent)
    cross(c, x, top - 28, 44, accent)
    c.fade(
        box(x - 105, top + 90, x + 105, foot),
        lighter(tone((110, 150, 160)), 0.4 if c.light.dark else 0.2),
        tone((92, 126, 138)),
    )
    for pane in (-52, 0, 52):
        c.line([(x + pane, top + 90), (x + pane, foot)], 5, wall)
    c.poly([(x - 180, top + 50), (x + 180, top + 50), (x + 220, top + 90), (x - 220, top + 90)], accent)
    for side in (-1, 1):
        c.line([(x + side * 200, top + 86), (x + side * 200, foot + 40)], 13, tone(WHITE))
        for k in range(6):
            clump(
                c,
                x + side * (250 + 55 * k),
                foot + 14,
                30,
                rng.choice((LEAF, (110, 150, 66), (176, 84, 110))),
                0,
            )
    tree(c, x + rng.choice((-1, 1)) * (half + 90), 790, rng.uniform(330, 430))
    side = rng.choice((-1, 1))
    van(
        c,
        x - side * rng.uniform(190, 260),
        840,
        rng.uniform(400, 460),
        WHITE,
        rng.choice((-1, 1)),
        ambulance=True,
    )
    nurse = Look.random(rng, head="hijab", top=(236, 244, 240), bottom=(226, 238, 232))
    person(c, x + side * 150, 850, 190, nurse, "talk", facing=side)
    person(c, x + side * 250, 856, 185, Look.random(rng, head=rng.choice(("peci", "hijab", "bare"))), "stand")
    if rng.random() < 0.7:
        person(c, x + side * 315, 864, 118, Look.random(rng, top=rng.choice(CLOTHES)), "hold")
    crowd(
        c,
        [(x + side * rng.uniform(60, 430), rng.uniform(740, 780)) for _ in range(rng.randint(1, 4))],
        140,
        depth=0.06,
    )
