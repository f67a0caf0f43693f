"""Time of day and weather: one `Light` gives a whole picture its mood, so that nothing looks pasted in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from .colour import RGB, jitter, mix, multiply


@dataclass(frozen=True)
class Light:
    zenith: RGB
    sky: RGB
    horizon: RGB
    sun: RGB
    haze: RGB
    tint: RGB
    clear: bool = True  # is the sun (or the moon) to be seen
    dark: bool = False  # are lamps lit
    sun_x: float = 1050.0
    sun_y: float = 260.0

    def tone(self, depth: float = 0.0) -> Callable[[RGB], RGB]:
        """How things look in this light at a depth from 0 (near) to 1 (lost in the haze)."""

        def seen(colour: RGB) -> RGB:
            return mix(multiply(colour, self.tint), self.haze, depth)

        return seen

    @property
    def side(self) -> int:
        """On which side the light falls: -1 left, 1 right."""
        return -1 if self.sun_x < 750 else 1


TIMES: dict[str, Light] = {
    "dawn": Light((72, 98, 150), (190, 160, 184), (255, 196, 146), (255, 222, 170), (222, 184, 176), (240, 208, 200)),
    "morning": Light(
        (70, 142, 200), (150, 202, 226), (252, 238, 208), (255, 242, 206), (198, 218, 224), (255, 247, 228)
    ),
    "noon": Light((38, 114, 190), (108, 178, 224), (218, 238, 242), (255, 252, 236), (186, 212, 226), (255, 255, 250)),
    "golden": Light(
        (92, 130, 168), (222, 192, 152), (255, 208, 126), (255, 230, 160), (236, 200, 150), (255, 228, 186)
    ),
    "dusk": Light(
        (48, 50, 108),
        (156, 92, 134),
        (252, 146, 98),
        (255, 184, 116),
        (166, 116, 138),
        (200, 164, 178),
        dark=True,
    ),
    "overcast": Light(
        (122, 140, 156),
        (172, 186, 194),
        (220, 224, 220),
        (242, 242, 234),
        (190, 200, 204),
        (226, 230, 232),
        clear=False,
    ),
    "storm": Light(
        (58, 74, 92),
        (102, 120, 134),
        (176, 184, 178),
        (226, 228, 220),
        (134, 150, 158),
        (180, 192, 200),
        clear=False,
        dark=True,
    ),
    "night": Light(
        (10, 16, 46), (28, 42, 90), (84, 80, 126), (228, 232, 255), (46, 56, 98), (118, 128, 176), dark=True
    ),
}


def light_of(time: str, rng: Random) -> Light:
    """That time of day on some particular day: the sun elsewhere, the colours slightly different."""
    base = TIMES[time]
    side = rng.choice((-1, 1))
    low = time in ("dawn", "golden", "dusk")
    return replace(
        base,
        zenith=jitter(rng, base.zenith, 10),
        sky=jitter(rng, base.sky, 8),
        horizon=jitter(rng, base.horizon, 6),
        sun_x=750 + side * rng.uniform(200, 480),
        sun_y=rng.uniform(300, 420) if low else rng.uniform(110, 220),
    )
