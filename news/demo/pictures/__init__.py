"""Press pictures for the demo newspapers, painted by program.

A demo network needs hundreds of pictures that belong to nobody and show nobody. Each is drawn from a
scene and a seed alone, so the same article always gets the same picture, on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image, ImageOps

from . import (
    bighouse,
    civic,
    coffee,
    country,
    food,
    harbour,
    market,
    meeting,
    portrait,
    roads,
    shore,
    shows,
    street,
)
from .canvas import HEIGHT, WIDTH, Canvas
from .finish import finish
from .light import light_of

Painter = Callable[[Canvas], None]

_DAY = ("golden", "morning", "overcast", "noon", "dusk")

# What paints a scene, and the times of day and weather in which it may be seen.
_SCENES: dict[str, tuple[Painter, tuple[str, ...]]] = {
    "sawah": (country.sawah, ("morning", "golden", "dawn", "noon", "overcast")),
    "gunung": (country.gunung, ("dawn", "golden", "dusk", "morning")),
    "rumah_gadang": (bighouse.rumah_gadang, _DAY),
    "pasar": (market.pasar, ("morning", "golden", "noon", "dawn")),
    "hujan": (street.hujan, ("storm", "overcast", "storm", "night")),
    "banjir": (street.banjir, ("overcast", "storm", "morning")),
    "sepakbola": (shows.sepakbola, ("noon", "dusk", "golden", "night", "overcast")),
    "pantai": (shore.pantai, ("noon", "dusk", "morning", "golden")),
    "pelabuhan": (harbour.pelabuhan, _DAY),
    "jembatan": (roads.jembatan, ("morning", "golden", "dawn", "overcast", "noon")),
    "kantor": (civic.kantor, ("morning", "noon", "golden", "overcast")),
    "sekolah": (civic.sekolah, ("morning", "noon", "overcast", "golden")),
    "klinik": (civic.klinik, ("noon", "morning", "golden", "overcast", "dusk")),
    "malam_kota": (street.malam_kota, ("night", "dusk", "night")),
    "panggung": (shows.panggung, ("night", "dusk")),
    "kopi": (coffee.kopi, ("morning", "golden", "overcast", "dusk")),
    "kuliner": (food.kuliner, ("noon", "golden", "morning", "overcast")),
    "jalan": (roads.jalan, ("morning", "golden", "noon", "dawn", "overcast")),
    "rapat": (meeting.rapat, ("morning", "noon", "golden", "overcast")),
    "potret": (portrait.potret, ("golden", "morning", "noon", "overcast", "dusk")),
    "hutan": (country.hutan, ("morning", "golden", "noon")),
    "danau": (shore.danau, ("dawn", "noon", "golden", "overcast", "dusk")),
}

SCENES: tuple[str, ...] = tuple(_SCENES)

_SUPERSAMPLING = 1.6


def draw(scene: str, seed: int, size: tuple[int, int] = (1600, 1067)) -> Image.Image:
    """The picture of a scene; the same scene, seed and size always give the same pixels."""
    if scene not in _SCENES:
        raise ValueError(f"unknown scene {scene!r}; known are: {', '.join(SCENES)}")
    painter, times = _SCENES[scene]
    rng = Random(f"{scene}:{seed}")
    light = light_of(times[seed % len(times)], rng)
    scale = max(size[0] / WIDTH, size[1] / HEIGHT) * _SUPERSAMPLING
    canvas = Canvas(rng, light, scale)
    painter(canvas)
    return finish(_framed(canvas.image, rng, size), rng)


def _framed(painted: Image.Image, rng: Random, size: tuple[int, int]) -> Image.Image:
    """Where the photographer stood: somewhat nearer or to one side, and perhaps looking the other way."""
    if rng.random() < 0.5:
        painted = ImageOps.mirror(painted)
    ratio = min(painted.width / size[0], painted.height / size[1]) / rng.uniform(1.0, 1.2)
    wide, tall = size[0] * ratio, size[1] * ratio
    left = (painted.width - wide) * rng.uniform(0.25, 0.75)
    top = (painted.height - tall) * rng.uniform(0.45, 0.75)
    return painted.resize(size, Image.Resampling.BICUBIC, (left, top, left + wide, top + tall))
