"""Where land meets water: the lake and the beach."""

from __future__ import annotations

from .boats import canoe, outrigger
from .canvas import HEIGHT, WIDTH, Canvas
from .colour import WHITE, darker, jitter, lighter, mix
from .nature import LEAF, clump, dabs, hills, palm, range_, volcano, water
from .people import crowd
from .shapes import box, ribbon, smooth, waver
from .sky import birds, sky


def danau(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    shore = rng.uniform(470, 540)
    sky(c, shore, rng.uniform(0.3, 0.8))
    if rng.random() < 0.5:
        volcano(c, rng.uniform(480, 1020), 200, shore, 480, (82, 98, 142), 0.55)
    range_(c, shore - 130, 90, (88, 108, 128), 0.5, shore)
    hills(c, shore - 60, 50, (72, 110, 84), 0.34, 60)
    for side in rng.sample((-1, 1), rng.randint(1, 2)):
        reach = rng.uniform(330, 520)
        edge = 750 + side * 750
        cape = smooth(
            [(edge, shore - 170), (edge - side * reach * 0.5, shore - 100), (edge - side * reach, shore)],
            False,
        )
        c.poly([*cape, (edge, shore)], tone((58, 92, 52)))
        for _ in range(34):
            px, py = rng.choice(cape)
            clump(c, px, rng.uniform(py, shore - 8), rng.uniform(14, 30), jitter(rng, LEAF, 16), 0.14)
        for _ in range(3):
            palm(
                c,
                edge - side * rng.uniform(0.2, 0.8) * reach,
                shore - 8,
                rng.uniform(100, 170),
                -side * 0.15,
                0.1,
            )
    water(c, shore, (62, 104, 116))
    for k in range(rng.randint(1, 3)):
        far = rng.uniform(0, 1) if k else 0.75
        canoe(c, rng.uniform(480, 1020), shore + 60 + 200 * far, 110 + 180 * far)
    for side in (-1, 1):
        for _ in range(34):
            x = 750 + side * (750 - abs(rng.gauss(0, 1)) * 150)
            stem = smooth([(x, 1010), (x + 6, 900), (x + rng.uniform(-50, 50), rng.uniform(690, 880))], False, 4)
            c.poly(ribbon(stem, 9, 2), tone(jitter(rng, (84, 112, 50), 24)))


def pantai(c: Canvas) -> None:
    rng, tone = c.rng, c.light.tone()
    horizon = rng.uniform(390, 450)
    sky(c, horizon, rng.uniform(0.3, 0.8))
    range_(c, horizon - 30, 34, (90, 120, 140), 0.55, horizon)
    deep, shallow = tone((24, 104, 140)), tone((112, 200, 190))
    c.fade(box(0, horizon, WIDTH, HEIGHT), mix(deep, c.light.haze, 0.5), deep, shallow, lighter(shallow, 0.3))
    glint = lighter(c.light.sun, 0.4)
    if c.light.clear:
        for _ in range(170):
            near = rng.random()
            x, y = c.light.sun_x + rng.gauss(0, 40 + 90 * near), horizon + 4 + near**1.4 * 260
            c.oval(x, y, 5 + 20 * near, 1 + 1.6 * near, glint, 0.55)
    dabs(c, horizon + 10, 720, (darker(deep, 0.2), mix(deep, WHITE, 0.25)), 150, 70, 0.25)
    for _ in range(rng.randint(1, 3)):
        outrigger(c, rng.uniform(300, 1200), horizon + rng.uniform(40, 130), rng.uniform(90, 170))
    side = rng.choice((-1, 1))
    curve = [(750 + side * x, y) for x, y in ((-800, 960), (-420, 850), (0, 745), (420, 650), (800, 545))]
    for drop, paint, alpha in (
        (-34, WHITE, 0.45),
        (-20, shallow, 0.6),
        (-8, WHITE, 0.85),
        (14, (150, 128, 96), 0.5),
    ):
        swash = waver(rng, 9, 170)
        line = [(x, y + drop + swash(x)) for x, y in smooth(curve, False, 16)]
        c.poly([*line, (750 + side * 800, 1010), (750 - side * 800, 1010)], tone(paint), alpha)
    sand = tone((232, 206, 160))
    land = [
        *[(x, y + 26) for x, y in smooth(curve, False)],
        (750 + side * 800, 1010),
        (750 - side * 800, 1010),
    ]
    c.fade(land, mix(sand, (160, 130, 96), 0.25), sand, lighter(sand, 0.15))
    with c.clip(land):
        c.mottle(560, HEIGHT, darker(sand, 0.25), 0.35, (30, 60))
    canoe(c, 750 + side * rng.uniform(0, 190), rng.uniform(800, 850), rng.uniform(250, 320), ashore=True)
    crowd(
        c,
        [(750 + side * rng.uniform(-150, 380), rng.uniform(740, 880)) for _ in range(rng.randint(2, 6))],
        110,
    )
    for k in range(rng.randint(2, 4)):
        x = 750 + side * (250 + 190 * k + rng.uniform(-30, 30))
        c.shadow(x - c.light.side * 60, 905 + 12 * k, 190, 22, 0.55)
        palm(c, x, 905 + 18 * k, rng.uniform(470, 640), -side * rng.uniform(0.1, 0.34), 0.0)
    for _ in range(6):
        clump(c, 750 + side * rng.uniform(560, 780), rng.uniform(930, 1010), rng.uniform(40, 80), LEAF, 0.0)
    birds(c, 750 - side * 200, 210, rng.randint(3, 7))
