"""Close-ups: the cup of coffee, the laid table seen from above, and the portrait."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas
from .colour import RGB, WHITE, darker, jitter, lighter, mix
from .people import HAIR, SKINS
from .shapes import Point, arc, blob, box, ribbon, smooth, waver

WOODS: tuple[RGB, ...] = ((142, 98, 64), (104, 72, 54), (176, 132, 92), (86, 78, 76))
CERAMICS: tuple[RGB, ...] = ((240, 234, 220), (60, 110, 120), (196, 92, 62), (74, 84, 112), (222, 182, 96), (110, 140, 104))


def _planks(c: Canvas, y: float, colour: RGB, boards: int) -> None:
    """Table boards from y down to the lower edge, with grain."""
    rng, tall = c.rng, (HEIGHT - y) / boards
    for k in range(boards):
        top = y + tall * k
        paint = jitter(rng, colour, 12)
        c.fade(box(0, top, WIDTH, top + tall), lighter(paint, 0.08), paint, darker(paint, 0.14))
        for _ in range(16):
            wave, level = waver(rng, rng.uniform(1, 6), 600), top + rng.uniform(0, tall)
            shade = darker(paint, 0.4) if rng.random() < 0.7 else lighter(paint, 0.3)
            c.line([(float(x), level + wave(x)) for x in range(0, WIDTH + 60, 60)], rng.uniform(1, 3), shade, 0.32)
        c.rect(0, top, WIDTH, top + 4, darker(paint, 0.55))


def _bokeh(c: Canvas, colours: tuple[RGB, ...], count: int, floor: float) -> None:
    """Out-of-focus lights and leaves behind a subject."""
    for _ in range(count):
        x, y, size = c.rng.uniform(0, WIDTH), c.rng.uniform(0, floor), c.rng.uniform(24, 90)
        c.oval(x, y, size, size, c.rng.choice(colours), c.rng.uniform(0.06, 0.22))


def kopi(c: Canvas) -> None:
    rng, light = c.rng, c.light
    back = rng.choice(((92, 74, 60), (66, 86, 74), (110, 84, 66), (60, 70, 92)))
    table = rng.uniform(400, 450)
    c.fade(box(0, 0, WIDTH, table + 30), mix(back, light.sky, 0.25), mix(back, light.horizon, 0.5))
    c.glow(light.sun_x, 160, 640, light.sun, 0.75)
    _bokeh(c, (light.sun, lighter(back, 0.5), (150, 190, 110)), 46, table)
    c.blur(5)
    wood = c.light.tone()(rng.choice(WOODS))
    _planks(c, table, wood, 4)
    c.veil(table, table + 200, mix(light.sun, wood, 0.3), 0.5, 0.0)
    x, y, size = 750 + rng.uniform(-70, 70), rng.uniform(600, 630), rng.uniform(250, 285)
    china = c.light.tone()(rng.choice(CERAMICS))
    away = -light.side
    c.soft(arc(x + away * 130, y + size * 0.86, size * 1.6, size * 0.5), (24, 16, 18), 0.6, 26)
    _sack_of_beans(c, x + light.side * -1 * size * 1.75, y - 30, size * 0.9)
    for rx, lift, paint in ((1.5, 0.0, darker(china, 0.25)), (1.5, 0.05, china), (1.08, 0.03, darker(china, 0.12)), (0.74, 0.02, darker(china, 0.28))):
        cy = y + size * (0.8 - lift)
        c.fade(arc(x, cy, size * rx, size * rx * 0.34), lighter(paint, 0.35), paint, darker(paint, 0.12))
    handle = arc(x + light.side * size * 0.98, y + size * 0.22, size * 0.36, size * 0.3)
    c.line(handle, size * 0.12, darker(china, 0.15))
    c.line([(px, py - 5) for px, py in handle], size * 0.045, lighter(china, 0.3))
    cup = [*arc(x, y, size, size * 0.32, 180, 0), (x + size * 0.94, y + size * 0.3), (x + size * 0.66, y + size * 0.72), *arc(x, y + size * 0.76, size * 0.46, size * 0.13, 0, 180), (x - size * 0.66, y + size * 0.72), (x - size * 0.94, y + size * 0.3)]
    stops = (lighter(china, 0.2), china, darker(china, 0.2), darker(china, 0.45))
    c.fade(cup, *(stops if away > 0 else stops[::-1]), sideways=True)
    band = rng.choice(CERAMICS)
    for k in range(15):
        angle = math.radians(168 - 156 * k / 14)
        px, py = x + math.cos(angle) * size * 0.94, y + size * 0.2 + math.sin(angle) * size * 0.3
        c.oval(px, py, size * 0.026 * (0.4 + math.sin(angle)), size * 0.026, band, 0.85)
    c.oval(x, y, size, size * 0.32, lighter(china, 0.45))
    c.oval(x, y + 3, size * 0.94, size * 0.29, darker(china, 0.4))
    coffee: RGB = (62, 34, 22)
    c.fade(arc(x, y + 15, size * 0.9, size * 0.26), darker(coffee, 0.3), coffee, (112, 66, 38))
    c.line(arc(x, y + 15, size * 0.88, size * 0.25), 8, (176, 118, 70), 0.7)
    if rng.random() < 0.6:
        _latte_leaf(c, x, y + 15, size * 0.62)
    else:
        for _ in range(40):
            angle, reach = rng.uniform(0, math.tau), rng.uniform(0.55, 0.86)
            dot = rng.uniform(3, 9)
            c.oval(x + math.cos(angle) * size * reach, y + 15 + math.sin(angle) * size * reach * 0.28, dot, dot * 0.5, (190, 134, 84), 0.6)
    c.glow(x + light.side * size * 0.4, y + 5, size * 0.36, lighter(light.sun, 0.4), 0.4, size * 0.1)
    for _ in range(rng.randint(26, 46)):
        bx, by = rng.gauss(x, 520), rng.uniform(y + size * 0.75, 980)
        if abs(bx - x) > size * 1.45 or by > y + size * 1.3:
            _bean(c, bx, by, rng.uniform(26, 36))
    for _ in range(3):
        sway = rng.uniform(-70, 70)
        steam = smooth([(x + rng.uniform(-110, 110), y - 10), (x + sway, y - 160), (x - sway, y - 330), (x + sway * 1.5, y - 520)], False)
        c.soft(ribbon(steam, 26, 90), WHITE, 0.3, 24)
    c.lit_from(light.sun_x, 120, 900, light.sun, 0.3)


def _bean(c: Canvas, x: float, y: float, size: float) -> None:
    rng = c.rng
    angle = rng.uniform(0, math.pi)
    brown = jitter(rng, (92, 54, 34), 12)

    def turned(points: list[Point]) -> list[Point]:
        return [(x + px * math.cos(angle) - py * math.sin(angle), y + (px * math.sin(angle) + py * math.cos(angle)) * 0.75) for px, py in points]

    c.shadow(x - c.light.side * 8, y + size * 0.45, size * 1.4, size * 0.7, 0.7)
    c.poly(turned(arc(0, 0, size, size * 0.68)), darker(brown, 0.45))
    c.poly([(px, py - size * 0.08) for px, py in turned(arc(0, 0, size * 0.92, size * 0.58))], brown)
    c.oval(x + c.light.side * size * 0.3, y - size * 0.26, size * 0.3, size * 0.15, lighter(brown, 0.4), 0.7)
    seam = turned(smooth([(-size * 0.8, 0), (-size * 0.3, size * 0.12), (size * 0.3, -size * 0.12), (size * 0.8, 0)], False))
    c.line(seam, size * 0.12, darker(brown, 0.7))


def _sack_of_beans(c: Canvas, x: float, y: float, size: float) -> None:
    """A small jute sack, a little out of the way, spilling over with beans."""
    rng = c.rng
    jute = c.light.tone()((190, 156, 108))
    c.shadow(x, y + size * 0.5, size * 0.9, size * 0.2, 0.8)
    body = [(x - size * 0.5, y - size * 0.4), (x - size * 0.66, y + size * 0.2), (x - size * 0.5, y + size * 0.55), (x + size * 0.5, y + size * 0.55), (x + size * 0.66, y + size * 0.2), (x + size * 0.5, y - size * 0.4)]
    c.fade(smooth(body, steps=6), lighter(jute, 0.15), jute, darker(jute, 0.35))
    for k in range(-5, 6):
        c.line(smooth([(x + k * size * 0.09, y - size * 0.38), (x + k * size * 0.12, y + size * 0.1), (x + k * size * 0.09, y + size * 0.52)], False), 2, darker(jute, 0.4), 0.4)
    c.oval(x, y - size * 0.42, size * 0.56, size * 0.17, darker(jute, 0.3))
    for _ in range(46):
        _bean(c, x + rng.gauss(0, 0.2) * size, y - size * 0.45 + rng.uniform(-0.1, 0.06) * size, size * 0.07)
    c.line(arc(x, y - size * 0.42, size * 0.56, size * 0.17, 0, 180), size * 0.08, lighter(jute, 0.15))


def _latte_leaf(c: Canvas, x: float, y: float, size: float) -> None:
    cream: RGB = (238, 214, 176)
    for k in range(5):
        reach = size * (0.95 - 0.16 * k)
        cy = y - size * 0.17 + size * 0.085 * k
        for side in (-1, 1):
            c.poly(smooth([(x, cy + size * 0.05), (x + side * reach * 0.5, cy - size * 0.05), (x + side * reach, cy - size * 0.02), (x + side * reach * 0.5, cy + size * 0.04)], steps=5), cream, 0.85)
    c.line([(x, y - size * 0.26), (x, y + size * 0.32)], size * 0.03, cream)


def kuliner(c: Canvas) -> None:
    rng = c.rng
    _planks(c, 0, c.light.tone()(rng.choice(WOODS)), 6)
    if rng.random() < 0.6:
        leaf = c.light.tone()((64, 128, 62))
        tilt = rng.uniform(-90, 90)
        shape = smooth([(60, 540 + tilt), (420, 250 + tilt / 2), (1080, 240 - tilt / 2), (1450, 470 - tilt), (1090, 790 - tilt / 2), (410, 800 + tilt / 2)])
        c.soft([(px - c.light.side * 18, py + 26) for px, py in shape], (14, 12, 20), 0.6, 14)
        c.fade(shape, lighter(leaf, 0.25), leaf, darker(leaf, 0.2))
        spine = [(60.0, 540 + tilt), (1450.0, 470 - tilt)]
        with c.clip(shape):
            for k in range(46):
                px = 70 + 30 * k
                py = spine[0][1] + (spine[1][1] - spine[0][1]) * k / 46
                for side in (-1, 1):
                    c.line([(px, py), (px + 90, py + side * 340)], 3, darker(leaf, 0.3), 0.4)
        c.line(spine, 12, lighter(leaf, 0.4))
    dishes = [_rice, _stew, _greens, _sambal, _satay, _stew, _egg_curry]
    rng.shuffle(dishes)
    ring = rng.randint(5, 6)
    turn = rng.uniform(0, math.tau)
    for k in range(ring):
        angle = turn + math.tau * k / ring
        x, y = 750 + math.cos(angle) * rng.uniform(430, 480), 500 + math.sin(angle) * rng.uniform(300, 320)
        _dish(c, x, y, rng.uniform(138, 168), dishes[k])
    _dish(c, 750 + rng.uniform(-30, 30), 500 + rng.uniform(-15, 15), 205, _rice if dishes.index(_rice) >= ring else _satay)
    for _ in range(rng.randint(8, 14)):
        x, y = rng.choice((rng.uniform(30, 250), rng.uniform(1250, 1470))), rng.uniform(40, 960)
        _garnish(c, x, y)
    c.lit_from(c.light.sun_x, 60, 1000, c.light.sun, 0.34)


def _dish(c: Canvas, x: float, y: float, size: float, fill) -> None:
    """A plate with its shadow and rim, then whatever `fill` puts on it."""
    china = c.light.tone()(c.rng.choice(CERAMICS))
    c.soft(arc(x - c.light.side * size * 0.14, y + size * 0.16, size * 1.02, size * 1.02), (14, 10, 16), 0.62, 13)
    c.fade(arc(x, y, size, size), lighter(china, 0.3), darker(china, 0.14))
    c.line(arc(x, y, size * 0.95, size * 0.95), 4, c.rng.choice(CERAMICS), 0.7)
    c.fade(arc(x, y, size * 0.76, size * 0.76), darker(china, 0.28), lighter(china, 0.15))
    fill(c, x, y, size * 0.7)


def _scatter(c: Canvas, x: float, y: float, size: float, colour: RGB, count: int, piece: float, long: float = 1.0) -> None:
    """A heap of pieces, each with a dark underside and a light top."""
    for _ in range(count):
        angle, reach = c.rng.uniform(0, math.tau), size * math.sqrt(c.rng.random())
        px, py = x + math.cos(angle) * reach, y + math.sin(angle) * reach
        paint = jitter(c.rng, colour, 18)
        c.poly(blob(c.rng, px - c.light.side * 2, py + piece * 0.25, piece * long, piece, 0.25), darker(paint, 0.5))
        c.poly(blob(c.rng, px, py, piece * long * 0.94, piece * 0.9, 0.25), paint)
        c.oval(px + c.light.side * piece * 0.3, py - piece * 0.35, piece * 0.32, piece * 0.2, lighter(paint, 0.5), 0.75)


def _rice(c: Canvas, x: float, y: float, size: float) -> None:
    grain = c.rng.choice(((246, 240, 226), (244, 206, 96), (206, 150, 90)))
    c.poly(blob(c.rng, x, y, size * 0.86, size * 0.86, 0.06), darker(grain, 0.25))
    for _ in range(210):
        angle, reach = c.rng.uniform(0, math.tau), size * 0.82 * math.sqrt(c.rng.random())
        px, py = x + math.cos(angle) * reach, y + math.sin(angle) * reach
        dx, dy = c.rng.uniform(-8, 8), c.rng.uniform(-6, 6)
        c.line([(px, py), (px + dx, py + dy)], 5, lighter(grain, 0.4) if c.rng.random() < 0.6 else darker(grain, 0.18))
    _scatter(c, x, y, size * 0.3, (196, 60, 40), 6, size * 0.07, 1.6)
    _scatter(c, x, y, size * 0.4, (90, 150, 60), 6, size * 0.06)


def _stew(c: Canvas, x: float, y: float, size: float) -> None:
    sauce: RGB = c.rng.choice(((122, 56, 26), (190, 104, 34), (150, 44, 30)))
    c.fade(arc(x, y, size, size), lighter(sauce, 0.12), darker(sauce, 0.2))
    _scatter(c, x, y, size * 0.72, darker(sauce, 0.22), 12, size * 0.2, 1.2)
    for _ in range(26):
        angle, reach = c.rng.uniform(0, math.tau), size * 0.95 * math.sqrt(c.rng.random())
        dot = c.rng.uniform(3, 8)
        c.oval(x + math.cos(angle) * reach, y + math.sin(angle) * reach, dot, dot, lighter(sauce, 0.45), 0.6)
    _scatter(c, x, y, size * 0.5, (96, 150, 62), 5, size * 0.06, 1.8)


def _greens(c: Canvas, x: float, y: float, size: float) -> None:
    _scatter(c, x, y, size * 0.76, (72, 132, 54), 34, size * 0.15, 1.8)
    _scatter(c, x, y, size * 0.6, (228, 116, 44), 9, size * 0.08, 1.5)
    _scatter(c, x, y, size * 0.6, (238, 226, 190), 8, size * 0.06, 2.2)


def _sambal(c: Canvas, x: float, y: float, size: float) -> None:
    _scatter(c, x, y, size * 0.74, (190, 34, 26), 60, size * 0.12)
    _scatter(c, x, y, size * 0.6, (240, 190, 90), 22, size * 0.03)
    c.oval(x + size * 0.3, y - size * 0.2, size * 0.3, size * 0.3, (112, 164, 60))
    c.oval(x + size * 0.3, y - size * 0.2, size * 0.25, size * 0.25, (214, 226, 140))
    for k in range(6):
        end = (x + size * 0.3 + math.cos(k * math.pi / 3) * size * 0.23, y - size * 0.2 + math.sin(k * math.pi / 3) * size * 0.23)
        c.line([(x + size * 0.3, y - size * 0.2), end], 3, WHITE)


def _satay(c: Canvas, x: float, y: float, size: float) -> None:
    for k in range(5):
        top = y + (k - 2) * size * 0.27
        c.line([(x - size * 0.95, top - 10), (x + size * 1.1, top + 18)], 6, (214, 178, 116))
        for piece in range(4):
            px = x - size * 0.55 + piece * size * 0.34
            _scatter(c, px, top + piece * 5 - 4, 2, (142, 74, 34), 1, size * 0.13, 1.4)
    sauce = smooth([(x - size * 0.5, y - size * 0.55), (x + size * 0.05, y - size * 0.1), (x - size * 0.1, y + size * 0.3), (x + size * 0.4, y + size * 0.6)], False)
    c.poly(ribbon(sauce, size * 0.2, size * 0.3), (206, 146, 64), 0.85)


def _egg_curry(c: Canvas, x: float, y: float, size: float) -> None:
    c.fade(arc(x, y, size, size), (236, 176, 62), (206, 130, 40))
    for k in range(3):
        px, py = x + math.cos(k * 2.1 + 0.5) * size * 0.44, y + math.sin(k * 2.1 + 0.5) * size * 0.44
        c.oval(px - c.light.side * 4, py + 8, size * 0.34, size * 0.3, (150, 86, 30), 0.7)
        c.oval(px, py, size * 0.33, size * 0.29, (252, 248, 236))
        c.oval(px, py, size * 0.18, size * 0.17, (244, 178, 50))
        c.oval(px + c.light.side * 6, py - 6, size * 0.06, size * 0.05, (255, 232, 170))
    _scatter(c, x, y, size * 0.8, (96, 150, 62), 8, size * 0.05, 1.6)


def _garnish(c: Canvas, x: float, y: float) -> None:
    rng = c.rng
    if rng.random() < 0.5:
        bend = rng.uniform(-26, 26)
        pod = smooth([(x - 62, y), (x, y + bend), (x + 62, y - bend * 0.5)], False)
        red = rng.choice(((204, 40, 32), (76, 140, 56)))
        c.soft([(px, py + 10) for px, py in ribbon(pod, 20, 8)], (14, 10, 16), 0.6, 6)
        c.poly(ribbon(pod, 20, 3), red)
        c.line([(px, py - 4) for px, py in pod], 4, lighter(red, 0.5), 0.6)
        c.limb([(x - 62, y), (x - 84, y - 8)], 7, (74, 128, 56))
    else:
        _scatter(c, x, y, 22, rng.choice(((196, 120, 140), (240, 232, 214))), 3, 18)


def potret(c: Canvas) -> None:
    rng, light, tone = c.rng, c.light, c.light.tone()
    back = rng.choice(((72, 112, 96), (150, 98, 72), (64, 88, 130), (176, 136, 84), (108, 84, 120)))
    c.fade(box(0, 0, WIDTH, HEIGHT), mix(back, light.sky, 0.45), mix(back, light.horizon, 0.4), darker(back, 0.25))
    _bokeh(c, (lighter(light.sun, 0.2), lighter(back, 0.5), darker(back, 0.3), (120, 160, 90)), 70, HEIGHT)
    c.blur(7)
    c.glow(750 + light.side * 330, 260, 700, light.sun, 0.6)
    x, y, size = 750 + rng.uniform(-50, 50), rng.uniform(380, 410), rng.uniform(165, 180)
    skin, cloth = tone(rng.choice(SKINS)), tone(jitter(rng, rng.choice(CERAMICS[1:]), 14))
    wear, turn = rng.choice(("hijab", "hijab", "peci", "bare", "long")), rng.choice((-1, 1))
    c.soft(arc(x - light.side * 60, 860, 470, 330), (16, 14, 26), 0.5, 50)
    if wear == "long":
        hair = smooth([(x, y - size * 1.5), (x + size * 1.2, y - size * 0.7), (x + size * 1.25, y + size * 1.3), (x + size * 0.9, y + size * 2.2), (x - size * 0.9, y + size * 2.2), (x - size * 1.25, y + size * 1.3), (x - size * 1.2, y - size * 0.7)])
        c.fade(hair, lighter(HAIR, 0.16), HAIR)
    body = smooth([(x - size * 2.75, 1030), (x - size * 2.4, y + size * 2.35), (x - size * 1.2, y + size * 1.75), (x, y + size * 1.6), (x + size * 1.2, y + size * 1.75), (x + size * 2.4, y + size * 2.35), (x + size * 2.75, 1030)], False, 12)
    stops = (lighter(cloth, 0.22), cloth, darker(cloth, 0.42))
    c.fade(body, *(stops if light.side < 0 else stops[::-1]), sideways=True)
    with c.clip(body):
        _batik(c, x, y + size * 2.4, size, cloth)
    neck = smooth([(x - size * 0.42, y + size * 0.7), (x - size * 0.46, y + size * 1.5), (x, y + size * 2.15), (x + size * 0.46, y + size * 1.5), (x + size * 0.42, y + size * 0.7)])
    c.fade(neck, darker(skin, 0.42), darker(skin, 0.12))
    if wear != "hijab":
        for side in (-1, 1):
            c.poly([(x + side * size * 0.46, y + size * 1.38), (x + side * size * 0.95, y + size * 1.7), (x + side * size * 0.42, y + size * 2.45), (x, y + size * 2.1)], lighter(cloth, 0.3 if side == light.side else 0.08))
            c.oval(x + side * size * 0.87, y + size * 0.12, size * 0.14, size * 0.24, darker(skin, 0.18))
    _face(c, x, y, size, skin, turn)
    if wear == "hijab":
        _hijab(c, x, y, size, tone(jitter(rng, rng.choice(CERAMICS), 14)), turn)
    else:
        _crown(c, x, y, size, wear, turn)
    c.glow(x + light.side * size * 1.0, y - size * 0.2, size * 0.9, lighter(light.sun, 0.2), 0.28)
    c.lit_from(750 + light.side * 560, 150, 800, light.sun, 0.34)


def _face(c: Canvas, x: float, y: float, size: float, skin: RGB, turn: int) -> None:
    """Head shape with modelled light but without features."""
    side = c.light.side
    oval = smooth([(x, y - size * 1.15), (x + size * 0.72, y - size * 0.8), (x + size * 0.88, y), (x + size * 0.7, y + size * 0.72), (x + size * 0.26, y + size * 1.16), (x - size * 0.26, y + size * 1.16), (x - size * 0.7, y + size * 0.72), (x - size * 0.88, y), (x - size * 0.72, y - size * 0.8)])
    stops = (lighter(skin, 0.22), skin, darker(skin, 0.26))
    c.fade(oval, *(stops if side < 0 else stops[::-1]), sideways=True)
    with c.clip(oval):
        c.glow(x + turn * size * 0.16 - size * 0.42, y + size * 0.42, size * 0.36, (226, 110, 90), 0.34)
        c.glow(x + turn * size * 0.16 + size * 0.42, y + size * 0.42, size * 0.36, (226, 110, 90), 0.34)
        c.glow(x + side * size * 0.3, y - size * 0.4, size * 0.62, lighter(skin, 0.5), 0.5)
        nose = [(x + turn * size * 0.14, y - size * 0.1), (x + turn * size * 0.32, y + size * 0.4), (x + turn * size * 0.08, y + size * 0.44)]
        c.soft(nose, darker(skin, 0.5), 0.4, 7)
        c.glow(x + turn * size * 0.14, y + size * 0.86, size * 0.34, darker(skin, 0.5), 0.3, size * 0.12)


def _hijab(c: Canvas, x: float, y: float, size: float, cloth: RGB, turn: int) -> None:
    outer = [(x, y - size * 1.42), (x + size * 0.92, y - size * 1.02), (x + size * 1.14, y), (x + size * 1.12, y + size * 1.0), (x + size * 1.75, y + size * 2.0), (x + size * 1.2, y + size * 2.9), (x, y + size * 3.15), (x - size * 1.2, y + size * 2.9), (x - size * 1.75, y + size * 2.0), (x - size * 1.12, y + size * 1.0), (x - size * 1.14, y), (x - size * 0.92, y - size * 1.02)]
    opening = arc(x + turn * size * 0.05, y + size * 0.1, size * 0.74, size * 0.98, -90, 270)
    cover = smooth(outer, steps=9)
    stops = (lighter(cloth, 0.3), cloth, darker(cloth, 0.4))
    c.fade([*cover, cover[0], *opening[::-1], opening[0], cover[0]], *(stops if c.light.side < 0 else stops[::-1]), sideways=True)
    c.line([*opening, opening[1]], size * 0.06, darker(cloth, 0.25))
    c.line([(px * 0.97 + x * 0.03, py) for px, py in opening], size * 0.02, lighter(cloth, 0.4), 0.7)
    for k in range(5):
        start = (x - turn * size * (0.95 - 0.1 * k), y + size * (0.95 + 0.12 * k))
        end = (x + turn * size * (1.1 - 0.05 * k), y + size * (1.75 + 0.28 * k))
        fold = smooth([start, (x, y + size * (1.45 + 0.24 * k)), end], False)
        c.poly(ribbon(fold, size * 0.03, size * 0.14), darker(cloth, 0.4) if k % 2 else lighter(cloth, 0.4), 0.5)
    c.line(smooth([(x - size * 0.72, y - size * 0.72), (x, y - size * 1.12), (x + size * 0.72, y - size * 0.72)], False), size * 0.05, darker(cloth, 0.3), 0.6)


def _crown(c: Canvas, x: float, y: float, size: float, wear: str, turn: int) -> None:
    """Hair, and a peci on it if that is worn."""
    hair = smooth([(x - size * 0.93, y + size * 0.06), (x - size * 0.98, y - size * 0.7), (x - size * 0.5, y - size * 1.34), (x + size * 0.4, y - size * 1.38), (x + size * 0.97, y - size * 0.75), (x + size * 0.93, y + size * 0.06), (x + size * 0.76, y - size * 0.5), (x + turn * size * 0.3, y - size * 0.74), (x - size * 0.7, y - size * 0.52)])
    c.fade(hair, lighter(HAIR, 0.14), HAIR)
    for k in range(9):
        start = (x + size * (-0.7 + 0.17 * k), y - size * (0.72 + 0.05 * (k % 2)))
        c.line(smooth([start, (start[0] + turn * size * 0.1, y - size * 1.0), (start[0] + turn * size * 0.3, y - size * 1.2)], False), 4, lighter(HAIR, 0.24), 0.45)
    if wear == "peci":
        felt: RGB = (34, 34, 46)
        cap = [(x - size * 0.98, y - size * 0.48), (x - size * 0.86, y - size * 1.5), *arc(x, y - size * 1.5, size * 0.86, size * 0.13, 180, 360), (x + size * 0.98, y - size * 0.48), *arc(x, y - size * 0.5, size * 0.98, size * 0.16, 0, 180)]
        c.fade(cap, lighter(felt, 0.2), felt, darker(felt, 0.2), sideways=True)
        c.line(arc(x, y - size * 1.48, size * 0.84, size * 0.12, 0, 180), 4, lighter(felt, 0.3), 0.6)


def _batik(c: Canvas, x: float, y: float, size: float, cloth: RGB) -> None:
    """A repeating leaf pattern over the clothes."""
    pale, step = lighter(cloth, 0.42), size * 0.42
    for row in range(-2, 6):
        for column in range(-8, 9):
            px, py = x + column * step + (row % 2) * step / 2, y + row * step * 0.7
            for side in (-1, 1):
                leaf = [(px, py), (px + side * step * 0.24, py - step * 0.26), (px + side * step * 0.06, py - step * 0.3)]
                c.poly(smooth(leaf, steps=4), pale, 0.4)
            c.oval(px, py + step * 0.1, step * 0.06, step * 0.06, pale, 0.5)
