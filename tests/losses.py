"""What the cells of `tests/traces.py` cost, with numbers that a head can follow."""

from __future__ import annotations

import numpy as np

from explorer.records.cell_loss import IGNORED, NOTHING, CellLosses
from tests.traces import NAMES


def losses() -> CellLosses:
    """Two rows of four cells, two boxes each: a dog's centre in row 1, column 2, for which box 1 is responsible; one
    that does not count in row 0, column 1; confidence where nothing is in two cells."""
    terms = np.zeros((5, 2, 4), np.float32)
    terms[:, 1, 2] = [1, 2, 3, 4, 5.5]
    terms[3, 0, 0], terms[3, 1, 3] = 0.5, 0.25
    labels, responsible = np.full((2, 4), NOTHING), np.full((2, 4), -1)
    overlaps = np.zeros((2, 4, 2), np.float32)
    labels[1, 2], labels[0, 1], responsible[1, 2], overlaps[1, 2] = 1, IGNORED, 1, [0.25, 0.75]
    return CellLosses("yolo", "own", "a test", NAMES, (5.0, 5.0, 1.0, 0.5, 1.0), terms, labels, responsible, overlaps)
