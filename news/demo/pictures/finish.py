"""The last touch on every picture: paper, brush, grain and vignette, so that all look like one collection."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops

from .canvas import noise


def finish(image: Image.Image, rng: Random, grain: float = 0.062, vignette: float = 0.26) -> Image.Image:
    """One overlay carries all four: middle grey leaves a pixel alone, darker and lighter move it."""
    size = image.size
    speckle = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    brush = noise(rng, size, ((70, 160), (230, 190)))
    rough = Image.blend(brush, speckle, 0.45).point(lambda v: round(128 + (v - 128) * grain * 2))
    edge = Image.radial_gradient("L").point(lambda v: round(128 * vignette * max(0.0, (v - 70) / 185) ** 1.6))
    overlay = ImageChops.subtract(rough, edge.resize(size, Image.Resampling.BILINEAR))
    return ImageChops.overlay(image, Image.merge("RGB", (overlay, overlay, overlay)))
