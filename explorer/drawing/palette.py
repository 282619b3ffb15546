"""One set of colours for everything drawn: told apart by colour-blind eyes, on light and on dark.

Classes: Wong, Nature Methods 8, 441 (2011), doi.org/10.1038/nmeth.1618, and mixtures of its colours. Heat: five points
of cividis; Nuñez, Anderton, Renslow, PLOS ONE 13(7), 2018, doi.org/10.1371/journal.pone.0199239.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

RGB = tuple[int, int, int]

BLUE: RGB = (0, 114, 178)
GREY: RGB = (136, 136, 136)
MARK: RGB = (255, 212, 0)
"""What the eye is to find first: crops, the chosen cell."""

CLASSES: tuple[RGB, ...] = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
    (148, 103, 189),
    (140, 213, 140),
    (255, 187, 160),
    (110, 110, 110),
    (190, 225, 245),
)
_HEAT_STOPS: tuple[RGB, ...] = ((0, 34, 78), (59, 73, 108), (124, 123, 120), (187, 175, 113), (254, 232, 56))


def class_colour(index: int) -> RGB:
    """The colour of a class; they repeat after twelve."""
    return CLASSES[index % len(CLASSES)]


@cache
def heat_colours() -> NDArray[np.uint8]:
    """Uint8 (256, 3): from the least to the greatest value of a heat map."""
    ends = np.linspace(0, 255, len(_HEAT_STOPS))
    stops = np.asarray(_HEAT_STOPS, np.float64)
    ramp = [np.interp(np.arange(256), ends, stops[:, channel]) for channel in range(3)]
    colours = np.rint(np.stack(ramp, axis=1)).astype(np.uint8)
    colours.flags.writeable = False
    return colours


def css(colour: RGB) -> str:
    """#rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*colour)
