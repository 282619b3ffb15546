"""How a scene is seen anew: Redmon et al., YOLO, CVPR 2016, arXiv:1506.02640, section 2.2.

"Random scaling and translations of up to 20 % of the original image size", and "the exposure and saturation of the
image by up to a factor of 1.5 in the HSV color space"; here scaling and translation are less, for there is not time for
135 epochs, and every other scene is seen in a mirror.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.records.frame import Pixels

JITTER = 0.12
"""Each side of the part that is seen lies up to this share of the picture's side from the picture's own."""
FACTOR = 1.5


@dataclass(frozen=True, eq=False)
class Views:
    """What chance decided for n pictures.

    edges: float64 (n, 4), x0 y0 x1 y1 of the part that is seen in shares of the picture; turned: bool (n,), seen in a
    mirror; factors: float64 (n, 2), what saturation and exposure are multiplied by.
    """

    edges: NDArray[np.float64]
    turned: NDArray[np.bool_]
    factors: NDArray[np.float64]

    def of(self, places: NDArray[np.int64]) -> Views:
        """Those of some pictures."""
        return Views(self.edges[places], self.turned[places], self.factors[places])


def views(count: int, rng: np.random.Generator) -> Views:
    """Sides and factors are uniform, factors in their logarithm."""
    edges = np.array([0.0, 0.0, 1.0, 1.0]) + rng.uniform(-JITTER, JITTER, (count, 4))
    return Views(edges, rng.random(count) < 0.5, FACTOR ** rng.uniform(-1, 1, (count, 2)))


def seen(picture: Pixels, things: NDArray[np.float64], drawn: Views, number: int) -> tuple[Pixels, NDArray[np.float64]]:
    """One picture uint8 (h, w, 3) and its things (k, 6), as rows of `things_of`, in view `number`; of the same size.

    Past its border the picture repeats. Boxes are cut at the view's edges, visibilities with them; what is left of less
    than a quarter of its box does not count any more, and what is not in the view at all is left out.
    """
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = drawn.edges[number] * [width, height, width, height]
    across, down = width / (x1 - x0), height / (y1 - y0)
    left = -x0 * across
    if drawn.turned[number]:
        across, left = -across, width - left
    # OpenCV counts from the centres of pixels
    matrix = np.array([[across, 0, left + (across - 1) / 2], [0, down, -y0 * down + (down - 1) / 2]])
    moved = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    boxes = things[:, :4] * [across, down, across, down] + np.tile([left, -y0 * down], 2)
    boxes[:, 0::2] = np.sort(boxes[:, 0::2], axis=1)
    whole = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    boxes = np.clip(boxes, 0, np.tile([width, height], 2))
    share = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) / whole
    kept = np.concatenate([boxes, things[:, 4:5], (things[:, 5] * share)[:, None]], axis=1)
    return coloured(np.asarray(moved, np.uint8), *drawn.factors[number].tolist()), kept[share > 0]


def coloured(picture: Pixels, saturation: float, exposure: float) -> Pixels:
    """Saturation and value of HSV, each times its factor."""
    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    levels = np.arange(256)
    tables = [levels, *(np.clip(np.rint(levels * factor), 0, 255) for factor in (saturation, exposure))]
    table = np.stack(tables, axis=-1).astype(np.uint8)[None]
    return np.asarray(cv2.cvtColor(cv2.LUT(hsv, table), cv2.COLOR_HSV2RGB), np.uint8)
