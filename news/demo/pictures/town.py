"""Streets and public places of the town: rain, flood, city night, office, school, clinic and the big house."""

from __future__ import annotations

from .boats import rescue_boat
from .buildings import LAMP, WALLS, WOOD, flag, horned_roof, house, shop_row, street_lamp, tiled_roof, window
from .canvas import HEIGHT, WIDTH, Canvas
from .colour import FLAG_RED, RGB, WHITE, darker, jitter, lighter, mix
from .nature import LEAF, clump, dabs, hills, palm, range_, tree, volcano, water
from .people import CLOTHES, Look, crowd, person
from .shapes import Point, arc, box, smooth
from .sky import birds, rain, sky
from .vehicles import PAINTS, cross, front, motorbike, van


def _yard(c: Canvas, y: float, colour: RGB) -> None:
    """Open ground from y down, lighter far off, with brushwork."""
    ground = c.light.tone()(colour)
    c.fade(box(0, y, WIDTH, HEIGHT), mix(lighter(ground, 0.25), c.light.haze, 0.25), ground, darker(ground, 0.28))
    c.mottle(y, HEIGHT, darker(ground, 0.3), 0.28, (12, 40))
    dabs(c, y + 8, HEIGHT, (lighter(ground, 0.2), darker(ground, 0.2)), 150, 80, 0.3)


def _greenery(c: Canvas, y: float, size: float) -> None:
    """A hedge of crowns with palms behind a building."""
    for _ in range(c.rng.randint(3, 6)):
        palm(c, c.rng.uniform(20, 1480), y, c.rng.uniform(3, 5) * size, c.rng.uniform(-0.15, 0.15), 0.25)
    for _ in range(44):
        clump(c, c.rng.uniform(0, WIDTH), y - c.rng.uniform(0, 1.3) * size, size * c.rng.uniform(0.6, 1.1),
              jitter(c.rng, LEAF, 16), 0.22)  # fmt: skip


def rumah_gadang(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 620, rng.uniform(0.3, 0.8))
    volcano(c, rng.uniform(250, 1250), 270, 610, 560, (92, 100, 128), 0.55)
    hills(c, 540, 40, (72, 112, 76), 0.34, 50)
    _greenery(c, 650, 44)
    _yard(c, 650, rng.choice(((118, 150, 74), (176, 156, 112), (132, 146, 84))))
    x, foot = 750 + rng.uniform(-50, 50), 745.0
    half = rng.uniform(400, 470)
    thatch = rng.choice(((104, 94, 96), (146, 98, 68), (96, 108, 124), (166, 92, 66)))
    if rng.random() < 0.7:
        barn = x + rng.choice((-1, 1)) * (half + 140)
        _rice_barn(c, barn, foot + 50, 150, thatch)
    c.shadow(x, foot + 12, half * 1.2, 50, 0.8)
    c.fade(box(x - half * 0.8, foot - 70, x + half * 0.8, foot), (38, 32, 34), (64, 54, 48))
    for k in range(11):
        post = x - half * 0.79 + k * half * 0.158
        c.line([(post, foot - 72), (post, foot)], 12, tone((152, 120, 84)))
    floor, top = foot - 70, foot - 210
    wall = tone(rng.choice(((162, 62, 44), (134, 84, 52), (188, 92, 52))))
    front_wall = [(x - half * 0.82, floor), (x + half * 0.82, floor), (x + half * 0.96, top), (x - half * 0.96, top)]
    c.fade(front_wall, darker(wall, 0.5), wall, lighter(wall, 0.1))
    gold, green = tone((228, 178, 84)), tone((64, 110, 80))
    for up, colour in ((4, gold), (22, green), (122, gold), (132, green)):
        spread = 0.82 + 0.14 * up / 140
        c.line([(x - half * spread, floor - up), (x + half * spread, floor - up)], 7, colour)
    for k in range(34):
        at = x - half * 0.8 + k * half * 1.6 / 33
        c.oval(at, floor - 13, 5, 5, gold if k % 2 else tone(WHITE))
        c.oval(at, floor - 112, 6, 4, green if k % 2 else gold)
    for k in range(9):
        if k != 4:
            left = x + half * (k - 4) * 0.185 - 22
            window(c, left, floor - 92, 44, 56)
    for tier, (wide, lift, high) in enumerate(((1.08, 0, 235), (0.74, 62, 235), (0.44, 122, 220))):
        horned_roof(c, x, top + 12 - lift, half * wide, high + 12 * tier, lighter(thatch, 0.05 * tier))
    porch = 96
    c.fade(box(x - porch, floor - 118, x + porch, floor + 4), darker(wall, 0.4), darker(wall, 0.1))
    c.rect(x - 30, floor - 96, x + 30, floor, LAMP if c.light.dark else tone((60, 42, 36)))
    for side in (-1, 1):
        c.rect(x + side * porch - 8, floor - 120, x + side * porch + 8, foot, gold)
        c.line([(x + side * (porch - 16), floor - 118), (x + side * (porch - 16), floor)], 6, green)
    horned_roof(c, x, floor - 112, porch * 1.4, 165, lighter(thatch, 0.2))
    for step in range(6):
        c.rect(x - 52 - step * 3, floor + 2 + step * 15, x + 52 + step * 3, floor + 17 + step * 15, tone(mix(WOOD, WHITE, 0.5 - step * 0.06)))
    crowd(c, [(x + rng.choice((-1, 1)) * rng.uniform(90, 430), rng.uniform(800, 905)) for _ in range(rng.randint(3, 8))], 118)
    birds(c, x, 130, rng.randint(0, 6))


def _rice_barn(c: Canvas, x: float, y: float, size: float, thatch: RGB) -> None:
    tone = c.light.tone(0.04)
    c.shadow(x, y, size * 0.6, 16, 0.7)
    for place in (-0.3, 0.3):
        c.line([(x + place * size, y), (x + place * size, y - size * 0.6)], 10, tone(WOOD))
    c.fade([(x - size * 0.34, y - size * 0.5), (x + size * 0.34, y - size * 0.5), (x + size * 0.44, y - size * 1.2),
            (x - size * 0.44, y - size * 1.2)], tone((120, 54, 40)), tone((176, 84, 54)))  # fmt: skip
    c.rect(x - size * 0.12, y - size * 0.95, x + size * 0.12, y - size * 0.7, tone((228, 178, 84)))
    horned_roof(c, x, y - size * 1.15, size * 0.56, size * 0.95, thatch, 0.04)


def hujan(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    vanish = (rng.uniform(660, 840), rng.uniform(490, 540))
    sky(c, vanish[1] + 20, 1.0)
    hills(c, vanish[1] - 60, 30, (84, 108, 112), 0.6, 20)
    c.fade(box(0, vanish[1], WIDTH, HEIGHT), c.light.haze, tone((70, 76, 86)))
    for side in (-1, 1):
        shop_row(c, side, vanish, rng.uniform(20, 130), 760)
        for k in range(3):
            far = 0.25 + 0.24 * k
            street_lamp(c, 750 + side * 620 * (1 - far) + (vanish[0] - 750) * far, 720 - 230 * far, 420 * (1 - far), side)
    c.veil(vanish[1] - 160, vanish[1] + 60, c.light.haze, 0.0, 0.5)
    street = 640.0
    front(c, vanish[0] + rng.choice((-1, 1)) * rng.uniform(40, 90), street - 10, 120, rng.choice(PAINTS))
    c.reflect(street, HEIGHT, tone((74, 82, 94)), 0.72, 6, 1.25)
    motorbike(c, vanish[0] + rng.uniform(-200, 200), 720, 80)
    for k in range(rng.randint(4, 7)):
        y = 690 + 45 * k
        x = 750 + rng.choice((-1, 1)) * rng.uniform(40, 420)
        _walker(c, x, y, 150 + (y - 690) * 0.62)
    for _ in range(60):
        near = rng.random()
        x, y = rng.uniform(0, WIDTH), 670 + 330 * near
        c.pen.arc([v * c.scale for v in (x - 24 * near, y - 5 * near, x + 24 * near + 3, y + 5 * near + 2)], 0, 360,
                  (*lighter(c.light.haze, 0.4), 120))  # fmt: skip
    rain(c, 520, rng.choice((-1, 1)) * rng.uniform(0.08, 0.28))


def _walker(c: Canvas, x: float, y: float, height: float) -> None:
    """Somebody under an umbrella, mirrored on the wet road."""
    rng = c.rng
    colour = c.light.tone()(jitter(rng, rng.choice(((222, 60, 52), (240, 186, 60), (46, 136, 160), (110, 80, 150), (84, 160, 104))), 12))
    c.soft([(x - height * 0.16, y), (x + height * 0.16, y), (x + height * 0.2, y + height * 0.9), (x - height * 0.2, y + height * 0.9)],
           darker(colour, 0.35), 0.5, height * 0.06)  # fmt: skip
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
    _greenery(c, line - 20, 40)
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
        c.oval(rng.uniform(0, WIDTH), rng.uniform(900, 1000), size, size, rng.choice((LAMP, (255, 130, 110), (140, 200, 255))), 0.13)


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
        c.poly([*arc(at, y - size * 0.45, size * 0.15, size * 0.22, 180, 360), (at + size * 0.15, y), (at - size * 0.15, y)], LAMP)
    onion: list[Point] = [(x - size * 0.6, y - size), (x - size * 0.7, y - size * 1.35), (x, y - size * 2.1), (x + size * 0.7, y - size * 1.35),
                          (x + size * 0.6, y - size)]  # fmt: skip
    c.fade(smooth(onion, False), lighter(dome, 0.3), dome, darker(dome, 0.3))
    for side in (-1, 1):
        at = x + side * size * 1.45
        c.fade(box(at - size * 0.1, y - size * 2.4, at + size * 0.1, y), wall, darker(wall, 0.3))
        c.fade([(at - size * 0.16, y - size * 2.4), (at, y - size * 2.85), (at + size * 0.16, y - size * 2.4)], dome, darker(dome, 0.3))


def kantor(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 640, rng.uniform(0.3, 0.9))
    hills(c, 520, 40, (74, 114, 88), 0.4, 40)
    _greenery(c, 640, 46)
    _yard(c, 650, rng.choice(((110, 152, 76), (186, 178, 162), (126, 158, 84))))
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
        tiled_roof(c, [(x - half * 1.05, foot - high), (x + half * 1.05, foot - high), (x + half * 0.86, foot - high - 120),
                       (x - half * 0.86, foot - high - 120)], tone(roof))  # fmt: skip
    porch = 185.0
    c.fade(box(x - porch, foot - high - 10, x + porch, foot), darker(wall, 0.55), darker(wall, 0.3))
    c.rect(x - 62, foot - 120, x + 62, foot, LAMP if c.light.dark else tone((90, 116, 128)))
    c.line([(x, foot - 120), (x, foot)], 6, tone(WHITE))
    for k in (-1.0, -0.36, 0.36, 1.0):
        c.fade(box(x + k * porch - 15, foot - high, x + k * porch + 15, foot), tone(WHITE), tone((190, 188, 184)), sideways=True)
    c.rect(x - porch - 26, foot - high - 34, x + porch + 26, foot - high, tone(WHITE))
    if horned:
        horned_roof(c, x, foot - high - 28, porch * 1.25, 190, roof)
    else:
        c.fade([(x - porch - 40, foot - high - 34), (x, foot - high - 150), (x + porch + 40, foot - high - 34)], tone(roof), tone(darker(roof, 0.2)))
    for step in range(4):
        c.rect(x - porch - 20 - 16 * step, foot + 9 * step, x + porch + 20 + 16 * step, foot + 9 + 9 * step, tone(mix((214, 210, 202), (150, 146, 140), step / 4)))
    path = [(x - 150, foot + 36), (x + 150, foot + 36), (x + 430, 1010), (x - 430, 1010)]
    c.fade(path, tone((214, 204, 186)), tone((176, 164, 148)))
    flag(c, x + rng.choice((-1, 1)) * rng.uniform(170, 330), 850, rng.uniform(600, 690), 150)
    for side in (-1, 1):
        tree(c, x + side * rng.uniform(590, 700), 800, rng.uniform(260, 360))
        for k in range(7):
            clump(c, x + side * (200 + 45 * k), 742 + 38 * k, 20 + 6 * k, rng.choice((LEAF, (150, 70, 80), (112, 140, 60))), 0)
    if rng.random() < 0.6:
        van(c, x + rng.choice((-1, 1)) * 400, 765, 220, rng.choice(PAINTS[3:]), rng.choice((-1, 1)))
    khaki = (176, 152, 104)
    crowd(c, [(x + rng.uniform(-300, 300), rng.uniform(790, 920)) for _ in range(rng.randint(3, 9))], 135, khaki)


def sekolah(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 600, rng.uniform(0.3, 0.9))
    range_(c, 440, 60, (86, 112, 130), 0.55, 600)
    _greenery(c, 590, 44)
    _yard(c, 620, rng.choice(((196, 164, 118), (188, 180, 164), (142, 160, 92))))
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
    uniform: tuple[RGB, RGB] = rng.choice((((248, 244, 236), FLAG_RED), ((248, 244, 236), (44, 64, 120)), ((172, 128, 84), (92, 64, 48))))
    places = sorted(((750 + rng.gauss(0, 270), rng.uniform(735, 935)) for _ in range(rng.randint(8, 15))), key=lambda p: p[1])
    for x, y in places:
        look = Look.random(rng, top=uniform[0], bottom=uniform[1], head=rng.choice(("hijab", "bare", "bare", "cap", "long")))
        look = Look(look.skin, look.top, look.bottom, look.head, WHITE if look.head == "hijab" else uniform[1], look.skirt)
        person(c, x, y, 96 + (y - 735) * 0.3, look, rng.choice(("run", "cheer", "walk", "stand", "talk")), 0, rng.choice((-1, 1)))
    ball = 750 + rng.uniform(-160, 160)
    c.shadow(ball, 952, 26, 8, 0.7)
    c.oval(ball, 936, 17, 17, tone(WHITE))
    c.oval(ball + 4, 934, 6, 6, tone((60, 60, 70)))


def klinik(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    sky(c, 620, rng.uniform(0.3, 0.8))
    hills(c, 500, 40, (78, 116, 96), 0.42, 36)
    _greenery(c, 630, 46)
    _yard(c, 640, (172, 172, 170))
    x, foot = 750 + rng.uniform(-90, 90), 700.0
    accent = tone(rng.choice(((58, 150, 110), (52, 134, 160), (120, 160, 80))))
    wall, half, top = tone((240, 240, 232)), rng.uniform(440, 520), 400.0
    c.shadow(x, foot + 8, half * 1.15, 30, 0.7)
    c.fade(box(x - half, top, x + half, foot), wall, darker(wall, 0.16))
    c.rect(x - half - 20, top - 26, x + half + 20, top + 8, accent)
    c.rect(x - half, foot - 46, x + half, foot, accent)
    for k in range(-3, 4):
        if k:
            window(c, x + k * half / 3.5 - 44, top + 70, 88, 100)
    c.rect(x - 120, top - 100, x + 120, top + 40, wall)
    c.rect(x - 120, top - 100, x + 120, top - 88, accent)
    cross(c, x, top - 28, 44, accent)
    c.fade(box(x - 105, top + 90, x + 105, foot), lighter(tone((110, 150, 160)), 0.4 if c.light.dark else 0.2), tone((92, 126, 138)))
    for pane in (-52, 0, 52):
        c.line([(x + pane, top + 90), (x + pane, foot)], 5, wall)
    c.poly([(x - 180, top + 50), (x + 180, top + 50), (x + 220, top + 90), (x - 220, top + 90)], accent)
    for side in (-1, 1):
        c.line([(x + side * 200, top + 86), (x + side * 200, foot + 40)], 13, tone(WHITE))
        for k in range(6):
            clump(c, x + side * (250 + 55 * k), foot + 14, 30, rng.choice((LEAF, (110, 150, 66), (176, 84, 110))), 0)
    tree(c, x + rng.choice((-1, 1)) * (half + 90), 790, rng.uniform(330, 430))
    side = rng.choice((-1, 1))
    van(c, x - side * rng.uniform(190, 260), 840, rng.uniform(400, 460), WHITE, rng.choice((-1, 1)), ambulance=True)
    nurse = Look.random(rng, head="hijab", top=(236, 244, 240), bottom=(226, 238, 232))
    person(c, x + side * 150, 850, 190, nurse, "talk", facing=side)
    person(c, x + side * 250, 856, 185, Look.random(rng, head=rng.choice(("peci", "hijab", "bare"))), "stand")
    if rng.random() < 0.7:
        person(c, x + side * 315, 864, 118, Look.random(rng, top=rng.choice(CLOTHES)), "hold")
    crowd(c, [(x + side * rng.uniform(60, 430), rng.uniform(740, 780)) for _ in range(rng.randint(1, 4))], 140, depth=0.06)
