"""A portrait of nobody: light, clothes and headgear, but no features that could be anyone's."""

from __future__ import annotations

from .canvas import HEIGHT, WIDTH, Canvas
from .colour import RGB, darker, jitter, lighter, mix
from .people import CLOTHES, HAIR, SKINS
from .shapes import arc, box, ribbon, smooth
from .surfaces import bokeh


def potret(c: Canvas) -> None:
    rng, light, tone = c.rng, c.light, c.light.tone()
    back = rng.choice(((72, 112, 96), (150, 98, 72), (64, 88, 130), (176, 136, 84), (108, 84, 120)))
    c.fade(
        box(0, 0, WIDTH, HEIGHT),
        mix(back, light.sky, 0.45),
        mix(back, light.horizon, 0.4),
        darker(back, 0.25),
    )
    bokeh(c, (lighter(light.sun, 0.2), lighter(back, 0.5), darker(back, 0.3), (120, 160, 90)), 70, HEIGHT)
    c.blur(7)
    c.glow(750 + light.side * 330, 260, 700, light.sun, 0.6)
    x, y, size = 750 + rng.uniform(-50, 50), rng.uniform(410, 435), rng.uniform(158, 174)
    skin, cloth = tone(rng.choice(SKINS)), tone(jitter(rng, rng.choice(CLOTHES), 14))
    wear, turn = rng.choice(("hijab", "hijab", "peci", "bare", "long")), rng.choice((-1, 1))
    c.soft(arc(x - light.side * 60, 860, 470, 330), (16, 14, 26), 0.26, 60)
    if wear == "long":
        hair = smooth(
            [
                (x, y - size * 1.5),
                (x + size * 1.2, y - size * 0.7),
                (x + size * 1.25, y + size * 1.3),
                (x + size * 0.9, y + size * 2.2),
                (x - size * 0.9, y + size * 2.2),
                (x - size * 1.25, y + size * 1.3),
                (x - size * 1.2, y - size * 0.7),
            ]
        )
        c.fade(hair, lighter(HAIR, 0.16), HAIR)
    body = smooth(
        [
            (x - size * 2.75, 1030),
            (x - size * 2.4, y + size * 2.35),
            (x - size * 1.2, y + size * 1.75),
            (x, y + size * 1.6),
            (x + size * 1.2, y + size * 1.75),
            (x + size * 2.4, y + size * 2.35),
            (x + size * 2.75, 1030),
        ],
        False,
        12,
    )
    stops = (lighter(cloth, 0.22), cloth, darker(cloth, 0.42))
    c.fade(body, *(stops if light.side < 0 else stops[::-1]), sideways=True)
    with c.clip(body):
        _batik(c, x, y + size * 2.4, size, cloth)
    neck = smooth(
        [
            (x - size * 0.42, y + size * 0.7),
            (x - size * 0.46, y + size * 1.5),
            (x, y + size * 2.15),
            (x + size * 0.46, y + size * 1.5),
            (x + size * 0.42, y + size * 0.7),
        ]
    )
    c.fade(neck, darker(skin, 0.42), darker(skin, 0.12))
    if wear != "hijab":
        for side in (-1, 1):
            c.poly(
                [
                    (x + side * size * 0.46, y + size * 1.38),
                    (x + side * size * 0.95, y + size * 1.7),
                    (x + side * size * 0.42, y + size * 2.45),
                    (x, y + size * 2.1),
                ],
                lighter(cloth, 0.3 if side == light.side else 0.08),
            )
            c.oval(x + side * size * 0.87, y + size * 0.12, size * 0.14, size * 0.24, darker(skin, 0.18))
    _face(c, x, y, size, skin, turn)
    if wear == "hijab":
        _hijab(c, x, y, size, tone(jitter(rng, rng.choice(CLOTHES), 14)), turn)
    else:
        _crown(c, x, y, size, wear, turn)
    c.glow(x + light.side * size * 1.0, y - size * 0.2, size * 0.9, lighter(light.sun, 0.2), 0.28)
    c.lit_from(750 + light.side * 560, 150, 800, light.sun, 0.34)


def _face(c: Canvas, x: float, y: float, size: float, skin: RGB, turn: int) -> None:
    """Head shape with modelled light but without features."""
    side = c.light.side
    oval = smooth(
        [
            (x, y - size * 1.15),
            (x + size * 0.72, y - size * 0.8),
            (x + size * 0.88, y),
            (x + size * 0.7, y + size * 0.72),
            (x + size * 0.26, y + size * 1.16),
            (x - size * 0.26, y + size * 1.16),
            (x - size * 0.7, y + size * 0.72),
            (x - size * 0.88, y),
            (x - size * 0.72, y - size * 0.8),
        ]
    )
    stops = (lighter(skin, 0.22), skin, darker(skin, 0.26))
    c.fade(oval, *(stops if side < 0 else stops[::-1]), sideways=True)
    with c.clip(oval):
        c.glow(x + turn * size * 0.16 - size * 0.42, y + size * 0.42, size * 0.36, (226, 110, 90), 0.34)
        c.glow(x + turn * size * 0.16 + size * 0.42, y + size * 0.42, size * 0.36, (226, 110, 90), 0.34)
        c.glow(x + side * size * 0.3, y - size * 0.4, size * 0.62, lighter(skin, 0.5), 0.5)
        nose = [
            (x + turn * size * 0.14, y - size * 0.1),
            (x + turn * size * 0.32, y + size * 0.4),
            (x + turn * size * 0.08, y + size * 0.44),
        ]
        c.soft(nose, darker(skin, 0.45), 0.2, 10)
        c.glow(x + turn * size * 0.14, y + size * 0.86, size * 0.34, darker(skin, 0.5), 0.3, size * 0.12)


def _hijab(c: Canvas, x: float, y: float, size: float, cloth: RGB, turn: int) -> None:
    outer = [
        (x, y - size * 1.42),
        (x + size * 0.92, y - size * 1.02),
        (x + size * 1.14, y),
        (x + size * 1.12, y + size * 1.0),
        (x + size * 1.75, y + size * 2.0),
        (x + size * 1.2, y + size * 2.9),
        (x, y + size * 3.15),
        (x - size * 1.2, y + size * 2.9),
        (x - size * 1.75, y + size * 2.0),
        (x - size * 1.12, y + size * 1.0),
        (x - size * 1.14, y),
        (x - size * 0.92, y - size * 1.02),
    ]
    opening = arc(x + turn * size * 0.05, y + size * 0.1, size * 0.74, size * 0.98, -90, 270)
    cover = smooth(outer, steps=9)
    stops = (lighter(cloth, 0.3), cloth, darker(cloth, 0.4))
    c.fade(
        [*cover, cover[0], *opening[::-1], opening[0], cover[0]],
        *(stops if c.light.side < 0 else stops[::-1]),
        sideways=True,
    )
    c.line(
        arc(x + turn * size * 0.05, y + size * 0.1, size * 0.69, size * 0.93, 205, 335),
        size * 0.09,
        darker(cloth, 0.55),
    )
    c.line([*opening, opening[1]], size * 0.06, darker(cloth, 0.25))
    c.line([(px * 0.97 + x * 0.03, py) for px, py in opening], size * 0.02, lighter(cloth, 0.4), 0.7)
    for k in range(5):
        start = (x - turn * size * (0.95 - 0.1 * k), y + size * (0.95 + 0.12 * k))
        end = (x + turn * size * (1.1 - 0.05 * k), y + size * (1.75 + 0.28 * k))
        fold = smooth([start, (x, y + size * (1.45 + 0.24 * k)), end], False)
        c.poly(ribbon(fold, size * 0.03, size * 0.14), darker(cloth, 0.4) if k % 2 else lighter(cloth, 0.4), 0.5)
    c.line(
        smooth(
            [(x - size * 0.72, y - size * 0.72), (x, y - size * 1.12), (x + size * 0.72, y - size * 0.72)],
            False,
        ),
        size * 0.05,
        darker(cloth, 0.3),
        0.6,
    )


def _crown(c: Canvas, x: float, y: float, size: float, wear: str, turn: int) -> None:
    """Hair, and a peci on it if that is worn."""
    hair = smooth(
        [
            (x - size * 0.93, y + size * 0.06),
            (x - size * 0.98, y - size * 0.7),
            (x - size * 0.5, y - size * 1.34),
            (x + size * 0.4, y - size * 1.38),
            (x + size * 0.97, y - size * 0.75),
            (x + size * 0.93, y + size * 0.06),
            (x + size * 0.76, y - size * 0.5),
            (x + turn * size * 0.3, y - size * 0.74),
            (x - size * 0.7, y - size * 0.52),
        ]
    )
    c.fade(hair, lighter(HAIR, 0.14), HAIR)
    for k in range(9):
        start = (x + size * (-0.7 + 0.17 * k), y - size * (0.72 + 0.05 * (k % 2)))
        c.line(
            smooth(
                [
                    start,
                    (start[0] + turn * size * 0.1, y - size * 1.0),
                    (start[0] + turn * size * 0.3, y - size * 1.2),
                ],
                False,
            ),
            4,
            lighter(HAIR, 0.24),
            0.45,
        )
    if wear == "peci":
        felt: RGB = (34, 34, 46)
        cap = [
            (x - size * 0.98, y - size * 0.48),
            (x - size * 0.86, y - size * 1.5),
            *arc(x, y - size * 1.5, size * 0.86, size * 0.13, 180, 360),
            (x + size * 0.98, y - size * 0.48),
            *arc(x, y - size * 0.5, size * 0.98, size * 0.16, 0, 180),
        ]
        c.fade(cap, lighter(felt, 0.2), felt, darker(felt, 0.2), sideways=True)
        c.line(arc(x, y - size * 1.48, size * 0.84, size * 0.12, 0, 180), 4, lighter(felt, 0.3), 0.6)


def _batik(c: Canvas, x: float, y: float, size: float, cloth: RGB) -> None:
    """A repeating leaf pattern over the clothes."""
    pale, step = lighter(cloth, 0.42), size * 0.42
    for row in range(-2, 6):
        for column in range(-8, 9):
            px, py = x + column * step + (row % 2) * step / 2, y + row * step * 0.7
            for side in (-1, 1):
                leaf = [
                    (px, py),
                    (px + side * step * 0.24, py - step * 0.26),
                    (px + side * step * 0.06, py - step * 0.3),
                ]
                c.poly(smooth(leaf, steps=4), pale, 0.4)
            c.oval(px, py + step * 0.1, step * 0.06, step * 0.06, pale, 0.5)
