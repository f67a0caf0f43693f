"""Colour arithmetic: every painter mixes and shades colours, so the sums live in one place."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

RGB = tuple[int, int, int]

WHITE: RGB = (250, 248, 240)
FLAG_RED: RGB = (206, 32, 40)


def mix(a: RGB, b: RGB, share: float) -> RGB:
    """Colour `share` of the way from a to b."""
    share = min(1.0, max(0.0, share))
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def multiply(a: RGB, b: RGB) -> RGB:
    return (a[0] * b[0] // 255, a[1] * b[1] // 255, a[2] * b[2] // 255)


def darker(colour: RGB, share: float) -> RGB:
    """Towards a cool shadow rather than to black, which would look dead."""
    return mix(colour, (22, 24, 48), share)


def lighter(colour: RGB, share: float) -> RGB:
    """Towards a warm light rather than to white, which would look chalky."""
    return mix(colour, (255, 248, 222), share)


def jitter(rng: Random, colour: RGB, amount: int) -> RGB:
    """A neighbour of the colour: brightness and hue both stray a little."""
    shift = rng.randint(-amount, amount)
    red, green, blue = (min(255, max(0, part + shift + rng.randint(-amount, amount) // 2)) for part in colour)
    return (red, green, blue)


def ramp(stops: Sequence[RGB], at: float) -> RGB:
    """Colour at a place (0..1) of an evenly spaced gradient."""
    place = min(1.0, max(0.0, at)) * (len(stops) - 1)
    index = min(len(stops) - 2, int(place))
    return mix(stops[index], stops[index + 1], place - index)
