"""Skies and weather: what is above every outdoor scene and what falls from it."""

from __future__ import annotations

from .canvas import WIDTH, Canvas, noise
from .colour import RGB, WHITE, lighter, mix
from .shapes import box


def sky(c: Canvas, horizon: float, clouds: float = 0.6) -> None:
    """Sky down to the horizon, with the sun or moon and soft clouds; `clouds` is roughly how many."""
    light = c.light
    c.fade(box(0, 0, WIDTH, horizon), light.zenith, mix(light.zenith, light.sky, 0.6), light.sky, light.horizon)
    if light.clear:
        sun(c)
    if light.dark and light.clear:
        stars(c, horizon)
    if not light.clear:
        drift(c, horizon, 1.0)
    elif c.rng.random() < 0.5:
        drift(c, horizon, clouds)
    else:
        drift(c, horizon, clouds * 0.25)
        puffs(c, horizon, c.rng.randint(2, 5))


def sun(c: Canvas) -> None:
    light = c.light
    c.glow(light.sun_x, light.sun_y, 620, light.sun, 0.55)
    c.glow(light.sun_x, light.sun_y, 190, light.sun, 0.7)
    c.oval(light.sun_x, light.sun_y, 34, 34, lighter(light.sun, 0.55))


def stars(c: Canvas, horizon: float) -> None:
    for _ in range(90):
        y = c.rng.uniform(0, horizon * 0.7)
        size = c.rng.uniform(0.8, 2.2)
        c.oval(c.rng.uniform(0, WIDTH), y, size, size, WHITE, 0.7 * (1 - y / horizon))


def drift(c: Canvas, horizon: float, amount: float) -> None:
    """A layer of cloud, its upper side lit and its lower side in shade."""
    wide, tall = 300, max(40, round(horizon / 5))
    coarse = c.rng.choice(((3, 5), (4, 5), (2, 9), (6, 5)))
    cells = [(coarse[0] * 2**k, coarse[1] * 2**k) for k in range(4)]
    field = noise(c.rng, (wide, tall), cells)
    floor = 146 - 30 * amount
    light = c.light
    shade = mix(light.sky, light.zenith, 0.35) if light.clear else mix(light.zenith, light.haze, 0.4)
    bright = lighter(mix(light.horizon, light.sun, 0.5), 0.25)
    low = field.point(lambda v: min(225, max(0, round((v - floor) * 4))))
    high = field.point(lambda v: min(235, max(0, round((v - floor - 12) * 4))))
    c.stain(shade, low, (0, 10, WIDTH, horizon))
    c.stain(bright, high, (0, 0, WIDTH, horizon - 10))


def puffs(c: Canvas, horizon: float, count: int) -> None:
    """Heaped clouds with flat feet, smaller towards the horizon."""
    light, rng = c.light, c.rng
    shade = mix(light.sky, light.zenith, 0.2)
    bright = lighter(mix(light.horizon, light.sun, 0.4), 0.45)
    for _ in range(count):
        share = rng.uniform(0.2, 0.8)
        cx, cy = rng.uniform(60, WIDTH - 60), horizon * share
        span = 230 * (1.15 - share) * rng.uniform(0.7, 1.3)
        heap = []
        for _ in range(14):
            place = rng.uniform(-1, 1)
            reach = span * rng.uniform(0.14, 0.26) * (1.25 - abs(place) * 0.8)
            heap.append((cx + place * span, cy - rng.uniform(0.1, 1.0) * (1 - place * place) * span * 0.34, reach))
        with c.clip(box(cx - span * 2, cy - span * 2, cx + span * 2, cy + span * 0.06)):
            for paint, shift, size in (
                (shade, 0.0, 1.0),
                (mix(shade, bright, 0.55), 0.1, 0.9),
                (bright, 0.22, 0.7),
            ):
                for px, py, reach in heap:
                    move = reach * shift
                    c.oval(px + light.side * move, py - move, reach * size, reach * size * 0.86, paint)
        c.glow(cx, cy + span * 0.06, span * 1.3, mix(light.sky, light.horizon, share), 0.8, span * 0.16)
    c.blur(2.6)


def rain(c: Canvas, count: int, slant: float) -> None:
    colour: RGB = (226, 234, 240)
    for _ in range(count):
        near = c.rng.random() ** 2
        x, y = c.rng.uniform(-60, WIDTH), c.rng.uniform(-80, 1000)
        length = 26 + 70 * near
        c.line([(x, y), (x + slant * length, y + length)], 0.9 + 1.5 * near, colour, 0.16 + 0.22 * near)


def birds(c: Canvas, x: float, y: float, count: int) -> None:
    dark = c.light.tone(0.25)((46, 48, 60))
    for _ in range(count):
        bx, by, span = x + c.rng.uniform(-150, 150), y + c.rng.uniform(-60, 60), c.rng.uniform(7, 15)
        c.line([(bx - span, by - span * 0.4), (bx - span * 0.4, by - span * 0.5), (bx, by)], 2.4, dark)
        c.line([(bx, by), (bx + span * 0.4, by - span * 0.5), (bx + span, by - span * 0.3)], 2.4, dark)
