"""The meeting room: people round a table, a window or a chart behind them."""

from __future__ import annotations

from .buildings import flag
from .canvas import HEIGHT, WIDTH, Canvas
from .colour import FLAG_RED, RGB, WHITE, darker, jitter, lighter
from .nature import clump, hills, range_
from .people import CLOTHES, Look, bust
from .shapes import Point, blob, box, smooth
from .sky import sky


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
        bust(
            c,
            560 + 128 * k + rng.uniform(-12, 12),
            far + 24,
            31,
            Look.random(rng, top=rng.choice(suits)),
            depth=0.08,
        )
    c.fade([(470, far), (1030, far), (1290, near), (210, near)], lighter(wood, 0.45), wood, darker(wood, 0.2))
    c.soft(
        [(620, far + 6), (900, far + 6), (1000, near - 20), (540, near - 20)],
        lighter(c.light.sun, 0.3),
        0.26,
        26,
    )
    c.fade([(210, near), (1290, near), (1290, 1010), (210, 1010)], darker(wood, 0.35), darker(wood, 0.6))
    for row in range(3):
        share = (row + 0.7) / 3.2
        for side in (-1, 1):
            x, y = 750 + side * (290 + 290 * share), far + (near - far) * share
            _papers(c, x - side * (120 + 70 * share), y + 12, 52 + 52 * share)
    _table_flowers(c, 750 + rng.uniform(-30, 30), 770)
    for row in range(3):
        share = (row + 0.6) / 3
        for side in (-1, 1):
            x, y = 750 + side * (330 + 310 * share), far + 150 + (near - far) * share
            bust(c, x, y + 40, 40 + 26 * share, Look.random(rng, top=rng.choice(suits)))
    for x in rng.sample((470, 750, 1030), rng.randint(1, 2)):
        chair = tone((64, 66, 80))
        bust(c, x, 1040, 70, Look.random(rng, top=rng.choice(suits)), back=True)
        c.fade(
            smooth([(x - 120, 1010), (x - 112, 930), (x, 915), (x + 112, 930), (x + 120, 1010)], False),
            lighter(chair, 0.15),
            darker(chair, 0.3),
        )
    c.lit_from(750, 300, 700, c.light.sun, 0.2)


def _table_flowers(c: Canvas, x: float, y: float) -> None:
    c.shadow(x, y, 110, 22, 0.5)
    c.fade(
        smooth([(x - 44, y - 34), (x - 30, y + 4), (x + 30, y + 4), (x + 44, y - 34)], False),
        WHITE,
        (176, 180, 190),
    )
    for _ in range(26):
        clump(
            c,
            x + c.rng.gauss(0, 44),
            y - 52 + c.rng.gauss(0, 14),
            c.rng.uniform(9, 17),
            jitter(c.rng, (76, 130, 66), 16),
            0,
        )
    colour = c.rng.choice(((226, 70, 84), (240, 180, 70), (232, 226, 236), (190, 96, 170)))
    for _ in range(18):
        c.poly(
            blob(c.rng, x + c.rng.gauss(0, 42), y - 58 + c.rng.gauss(0, 14), 10, 9, 0.3),
            jitter(c.rng, colour, 20),
        )


def _papers(c: Canvas, x: float, y: float, wide: float) -> None:
    tone, rng = c.light.tone(), c.rng
    c.poly(
        [
            (x - wide * 0.5, y),
            (x + wide * 0.4, y - 4),
            (x + wide * 0.5, y + wide * 0.3),
            (x - wide * 0.4, y + wide * 0.34),
        ],
        tone(WHITE),
    )
    c.oval(x + wide * 0.85, y + 3, wide * 0.13, wide * 0.05, tone((210, 214, 216)))
    c.fade(
        box(x + wide * 0.73, y - wide * 0.3, x + wide * 0.97, y + 3),
        lighter(tone((120, 180, 196)), 0.4),
        tone((96, 150, 170)),
    )
    if rng.random() < 0.5:
        c.poly(
            [
                (x - wide * 0.4, y - wide * 0.42),
                (x + wide * 0.4, y - wide * 0.42),
                (x + wide * 0.44, y + wide * 0.08),
                (x - wide * 0.44, y + wide * 0.08),
            ],
            tone((70, 74, 86)),
        )


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
