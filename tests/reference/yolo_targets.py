"""Which thing each cell of a grid learns, cell by cell, in plain Python: Redmon et al., CVPR 2016, section 2."""

from __future__ import annotations

from collections.abc import Sequence

Learnt = tuple[int, tuple[float, float, float, float]]


def yolo_targets(
    boxes: Sequence[Sequence[float]],
    labels: Sequence[int],
    counts: Sequence[bool],
    size: tuple[int, int],
    grid: tuple[int, int],
) -> dict[tuple[int, int], Learnt]:
    """Of every (row, column): the class, -1 for nothing, -2 for what is not learnt from; x, y of the centre within the
    cell, width and height as parts of the picture. boxes: x0 y0 x1 y1."""
    found: dict[tuple[int, int], Learnt] = {}
    high, wide = size[0] / grid[0], size[1] / grid[1]
    for row in range(grid[0]):
        for column in range(grid[1]):
            best, area, passed = -1, -1.0, False
            for number, (x0, y0, x1, y1) in enumerate(boxes):
                x, y = (x0 + x1) / 2, (y0 + y1) / 2
                below = row * high <= y < (row + 1) * high or (row == grid[0] - 1 and y == size[0])
                beside = column * wide <= x < (column + 1) * wide or (column == grid[1] - 1 and x == size[1])
                if not (below and beside):
                    continue
                passed = True
                if counts[number] and (x1 - x0) * (y1 - y0) > area:
                    best, area = number, (x1 - x0) * (y1 - y0)
            if best < 0:
                found[row, column] = (-2 if passed else -1), (0.0, 0.0, 0.0, 0.0)
                continue
            x0, y0, x1, y1 = boxes[best]
            within = ((x0 + x1) / 2 - column * wide) / wide, ((y0 + y1) / 2 - row * high) / high
            found[row, column] = labels[best], (*within, (x1 - x0) / size[1], (y1 - y0) / size[0])
    return found
