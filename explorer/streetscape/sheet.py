"""Contact sheets: many scenes at one glance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.errors import Mistake
from explorer.records.frame import Pixels
from explorer.records.scene import Scene
from explorer.streetscape.image import halve

GAP, PAPER = 6, 250


def contact_sheet(scenes: Sequence[Scene], columns: int = 6, half: bool = True) -> Pixels:
    """Scenes of one size in rows of `columns`, at half their size or whole, on light paper; uint8 (h, w, 3)."""
    if not scenes or columns < 1 or len({scene.size for scene in scenes}) > 1:
        raise Mistake("A contact sheet takes one or more scenes of one size: render them with the same size.")
    tiles = [halve(scene.picture) if half else scene.picture for scene in scenes]
    height, width = tiles[0].shape[:2]
    rows = -(-len(tiles) // columns)
    sheet = np.full((rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, 3), PAPER, np.uint8)
    for k, tile in enumerate(tiles):
        y, x = GAP + k // columns * (height + GAP), GAP + k % columns * (width + GAP)
        sheet[y : y + height, x : x + width] = tile
    return sheet
