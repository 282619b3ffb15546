"""Water that mirrors what stands behind it, broken by ripples."""

from __future__ import annotations

import numpy as np

from explorer.streetscape.canvas import LABEL, Canvas
from explorer.streetscape.stage.plan import Plan
from explorer.streetscape.stage.textures import SIDE, tiles


def mirror(canvas: Canvas, plan: Plan, strength: float) -> None:
    """Blend the picture above each column's waterline into the water below it."""
    mask = canvas.label == LABEL["water"]
    columns = np.flatnonzero(mask.any(axis=0))
    if not len(columns):
        return
    part = mask[:, columns]
    top = part.argmax(axis=0)
    last = canvas.height - 1 - part[::-1].argmax(axis=0)
    first, end = int(top.min()), int(last.max()) + 1
    rows = np.arange(first, end)
    below = rows[:, None] - top[None, :]
    wave = tiles()[5][(rows * 37) % SIDE].astype(np.int32)
    sway = (wave[:, columns % SIDE] - 128) * (below + 6) // 900
    source = np.clip(top[None, :] - below + sway, 0, canvas.height - 1)
    aside = np.clip(columns[None, :] + sway // 2, 0, canvas.width - 1)
    image = canvas.picture[source, aside].astype(np.int32)
    fade = np.clip(256 - below * 150 // max(canvas.height // 2, 1), 90, 256)
    weight = np.rint(strength * fade).astype(np.int32)
    weight[~part[first:end]] = 0
    area = canvas.picture[first:end, columns].astype(np.int32)
    canvas.picture[first:end, columns] = (area + (((image - area) * weight[..., None]) >> 8)).astype(np.uint8)
