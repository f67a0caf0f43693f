"""Stylised people without faces: one builder for every scene, varied by look and pose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from .canvas import Canvas
from .colour import RGB, darker, jitter, lighter, mix
from .shapes import Point, arc, smooth

SKINS: tuple[RGB, ...] = ((226, 178, 136), (206, 152, 108), (180, 124, 84), (146, 98, 66))
CLOTHES: tuple[RGB, ...] = (
    (196, 62, 54),
    (232, 168, 62),
    (52, 122, 140),
    (74, 138, 92),
    (120, 76, 132),
    (224, 214, 196),
    (58, 80, 130),
    (206, 112, 76),
    (226, 140, 150),
    (96, 104, 112),
)
HAIR: RGB = (38, 32, 36)
STRAW: RGB = (212, 178, 112)
HEADS = ("hijab", "hijab", "peci", "bare", "bare", "long")


@dataclass(frozen=True)
class Look:
    skin: RGB
    top: RGB
    bottom: RGB
    head: str  # hijab, peci, bare, long, caping, cap or helmet
    cover: RGB
    skirt: bool

    @staticmethod
    def random(rng: Random, head: str = "", top: RGB | None = None, bottom: RGB | None = None) -> Look:
        head = head or rng.choice(HEADS)
        return Look(
            skin=rng.choice(SKINS),
            top=top or jitter(rng, rng.choice(CLOTHES), 12),
            bottom=bottom or jitter(rng, rng.choice(((58, 62, 84), (92, 78, 66), (46, 52, 60), (128, 62, 58))), 10),
            head=head,
            cover=jitter(rng, rng.choice(CLOTHES), 12),
            skirt=head in ("hijab", "long"),
        )

    def seen(self, c: Canvas, depth: float) -> Look:
        """The same person in the light of the picture."""
        tone = c.light.tone(depth)
        return replace(self, skin=tone(self.skin), top=tone(self.top), bottom=tone(self.bottom), cover=tone(self.cover))


# Joints in head heights: x from the middle, y up from the ground. Left arm, right arm, left leg, right leg;
# an arm is elbow and hand, a leg is knee and foot. The last number is how far the upper body leans.
Pose = tuple[tuple[Point, Point], tuple[Point, Point], tuple[Point, Point], tuple[Point, Point], float]
POSES: dict[str, Pose] = {
    "stand": (((-1.15, 4.9), (-1.1, 3.7)), ((1.15, 4.9), (1.1, 3.7)), ((-0.4, 2), (-0.42, 0)),
             ((0.4, 2), (0.42, 0)), 0),
    "walk": (((-0.9, 4.8), (-0.5, 3.9)), ((1.0, 4.8), (1.4, 4.0)), ((-0.6, 2.1), (-1.2, 0.2)),
             ((0.7, 2.1), (0.8, 0)), 0.1),
    "talk": (((-1.3, 4.9), (-1.9, 5.4)), ((1.2, 4.9), (0.5, 4.4)), ((-0.4, 2), (-0.5, 0)),
             ((0.4, 2), (0.5, 0)), 0),
    "cheer": (((-1.5, 6.9), (-1.2, 8.4)), ((1.5, 6.9), (1.3, 8.4)), ((-0.5, 2), (-0.6, 0)),
             ((0.5, 2), (0.6, 0)), 0),
    "hold": (((-1.1, 5.0), (-0.5, 4.4)), ((1.2, 5.2), (0.9, 6.2)), ((-0.4, 2), (-0.5, 0)),
             ((0.4, 2), (0.5, 0)), 0),
    "run": (((-1.3, 5.2), (-0.5, 4.8)), ((1.3, 5.4), (2.0, 6.0)), ((-0.9, 2.3), (-2.0, 1.6)),
             ((1.1, 2.4), (1.1, 0)), 0.6),
    "kick": (((-1.6, 5.6), (-2.4, 5.2)), ((1.2, 5.2), (1.9, 5.6)), ((-0.5, 1.9), (-0.9, 0)),
             ((1.3, 2.6), (2.6, 1.5)), -0.3),
    "dance": (((-1.7, 5.9), (-2.7, 6.4)), ((1.7, 6.0), (2.7, 5.4)), ((-0.7, 2), (-0.9, 0)),
             ((0.8, 2.1), (1.0, 0.1)), 0.2),
    "fan": (((-1.6, 6.4), (-1.0, 7.6)), ((1.7, 5.4), (2.6, 6.2)), ((-0.7, 2), (-0.5, 0)),
             ((0.7, 2), (1.2, 0.1)), -0.2),
    "bend": (((0.4, 3.4), (1.2, 2.0)), ((1.5, 3.6), (1.8, 2.2)), ((-0.5, 2), (-0.5, 0)),
             ((0.3, 2), (0.3, 0)), 1.5),
}  # fmt: skip


def person(
    c: Canvas,
    x: float,
    y: float,
    height: float,
    look: Look,
    pose: str = "stand",
    depth: float = 0.0,
    facing: int = 1,
) -> None:
    """Somebody whose feet are at (x, y)."""
    unit = height / 8
    seen = look.seen(c, depth)
    left_arm, right_arm, left_leg, right_leg, lean = POSES[pose]
    drop = 1.1 if pose == "bend" else 0.0

    def at(px: float, py: float) -> Point:
        return x + facing * px * unit, y - py * unit

    c.shadow(x - c.light.side * unit * 0.8, y, unit * 2.4, unit * 0.5, 0.6 * (1 - depth))
    shoulders = [at(-0.85 + lean, 6.25 - drop), at(0.85 + lean, 6.25 - drop)]
    if pose in ("cheer", "dance", "run", "kick", "fan"):
        _arm(c, shoulders[0], [at(*j) for j in left_arm], unit, seen, 0.2)
    for hip, (knee, foot) in ((-0.4, left_leg), (0.4, right_leg)):
        c.limb([at(hip, 4), at(*knee), at(*foot)], unit * 0.66, darker(seen.bottom, 0.12 if hip < 0 else 0))
        c.oval(
            at(*foot)[0] + facing * unit * 0.15,
            at(*foot)[1],
            unit * 0.45,
            unit * 0.2,
            darker(seen.bottom, 0.6),
        )
    if look.skirt:
        hem = [at(-1.15, 0.35), at(0, 0.2), at(1.15, 0.35)]
        c.fade(smooth([at(-0.7, 4.4), *hem, at(0.7, 4.4)]), seen.bottom, darker(seen.bottom, 0.3))
    waist = 3.5 if look.skirt else 3.9
    torso = [*shoulders, at(0.74 + lean / 3, 4.9), at(0.8, waist), at(-0.8, waist), at(-0.74 + lean / 3, 4.9)]
    c.poly(smooth(torso, steps=4), seen.top)
    shade = [at(lean, 6.3 - drop), shoulders[0], at(-0.8, waist), at(-0.1, waist)]
    if c.light.side * facing < 0:
        shade = [at(lean, 6.3 - drop), shoulders[1], at(0.8, waist), at(0.1, waist)]
    c.poly(shade, darker(seen.top, 0.6), 0.28)
    arms = ((shoulders[0], left_arm), (shoulders[1], right_arm))
    for shoulder, joints in arms[1:] if pose in ("cheer", "dance", "run", "kick", "fan") else arms:
        _arm(c, shoulder, [at(*j) for j in joints], unit, seen, 0.1)
    head(c, *at(lean * 1.15, 7.2 - drop * 1.1), unit * 0.62, seen, facing)


def _arm(c: Canvas, shoulder: Point, joints: list[Point], unit: float, seen: Look, shade: float) -> None:
    c.limb([(shoulder[0], shoulder[1] + unit * 0.2), *joints], unit * 0.46, darker(seen.top, shade))
    c.oval(*joints[-1], unit * 0.26, unit * 0.26, seen.skin)


def head(c: Canvas, x: float, y: float, size: float, seen: Look, facing: int = 1, back: bool = False) -> None:
    """A head of radius `size` round (x, y), with what is worn on it; colours must be in the light already."""
    turn = facing * size * 0.12
    if seen.head == "long":
        c.oval(x, y + size * 0.25, size * 1.05, size * 1.35, HAIR)
    c.rect(x - size * 0.32, y + size * 0.5, x + size * 0.32, y + size * 1.65, darker(seen.skin, 0.25))
    if seen.head == "hijab":
        veil = [
            (x, y - size * 1.15),
            (x + size * 1.05, y - size * 0.2),
            (x + size * 0.95, y + size),
            (x + size * 1.45, y + size * 2.1),
            (x, y + size * 2.7),
            (x - size * 1.45, y + size * 2.1),
            (x - size * 0.95, y + size),
            (x - size * 1.05, y - size * 0.2),
        ]
        c.poly(smooth(veil, steps=4), seen.cover)
        if not back:
            c.oval(x + turn * 1.5, y + size * 0.08, size * 0.66, size * 0.82, seen.skin)
            fold = [
                (x + turn - size * 0.5, y + size),
                (x + size * 0.9, y + size * 1.9),
                (x + size * 0.5, y + size * 0.7),
            ]
            c.poly(fold, darker(seen.cover, 0.35), 0.5)
        return
    if back:
        c.oval(x, y, size * 0.86, size * 1.05, HAIR)
    else:
        c.oval(x, y, size * 0.84, size * 1.05, seen.skin)
        c.poly(
            [
                *arc(x - turn, y - size * 0.1, size * 0.9, size * 0.98, 180, 360),
                (x + turn * 4, y - size * 0.45),
            ],
            HAIR,
        )
    _hat(c, x, y, size, seen)


def _hat(c: Canvas, x: float, y: float, size: float, seen: Look) -> None:
    straw = c.light.tone()(STRAW)
    if seen.head == "peci":
        c.poly(
            [
                (x - size * 0.92, y - size * 0.4),
                (x - size * 0.76, y - size * 1.25),
                (x + size * 0.76, y - size * 1.25),
                (x + size * 0.92, y - size * 0.4),
            ],
            (34, 34, 44),
        )
    elif seen.head == "caping":
        c.fade(
            [
                (x - size * 2.2, y - size * 0.1),
                (x, y - size * 1.6),
                (x + size * 2.2, y - size * 0.1),
                (x, y + size * 0.2),
            ],
            lighter(straw, 0.3),
            darker(straw, 0.25),
        )
    elif seen.head in ("cap", "helmet"):
        rise = 1.2 if seen.head == "helmet" else 0.95
        c.poly(arc(x, y - size * 0.2, size, size * rise, 180, 360), seen.cover)
        c.rect(x - size * 0.95, y - size * 0.35, x + size * 1.25, y - size * 0.15, darker(seen.cover, 0.25))


def bust(c: Canvas, x: float, y: float, size: float, look: Look, back: bool = False, depth: float = 0.0) -> None:
    """Head and shoulders of somebody seated: y is where the body is hidden; size is the head's radius."""
    seen = look.seen(c, depth)
    body = [
        (x - size * 1.9, y),
        (x - size * 1.85, y - size * 2.1),
        (x - size * 0.7, y - size * 2.9),
        (x + size * 0.7, y - size * 2.9),
        (x + size * 1.85, y - size * 2.1),
        (x + size * 1.9, y),
    ]
    outline = smooth(body, closed=False, steps=5)
    c.fade(outline, lighter(seen.top, 0.08), darker(seen.top, 0.3))
    if not back:
        collar = [(x - size * 0.45, y - size * 2.9), (x, y - size * 2.1), (x + size * 0.45, y - size * 2.9)]
        c.poly(collar, mix(seen.skin, lighter(seen.top, 0.6), 0.5))
    edge = c.light.side
    c.poly(
        [
            (x - edge * size * 1.85, y),
            (x - edge * size * 1.8, y - size * 2),
            (x - edge * size * 0.8, y - size * 2.6),
            (x - edge * size * 0.9, y),
        ],
        darker(seen.top, 0.6),
        0.3,
    )
    head(c, x, y - size * 4.1, size, seen, 1 if c.rng.random() < 0.5 else -1, back)


def crowd(c: Canvas, places: Iterable[Point], height: float, top: RGB | None = None, depth: float = 0.0) -> None:
    """People here and there, the farthest first."""
    for x, y in sorted(places, key=lambda place: place[1]):
        pose = c.rng.choice(("stand", "walk", "talk", "walk"))
        tall = height * c.rng.uniform(0.9, 1.06)
        person(c, x, y, tall, Look.random(c.rng, top=top), pose, depth, c.rng.choice((-1, 1)))


def farmer(c: Canvas, x: float, y: float, height: float) -> None:
    person(c, x, y, height, Look.random(c.rng, head="caping"), c.rng.choice(("walk", "stand", "bend")))
