"""What a hand does to the shape it means to write: slant, turn, stretch, bend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.training.digits.pen import Stroke


@dataclass(frozen=True)
class Hand:
    """One hand. slant: shift of the top to the right per height; turn: radians with the clock; aspect: width factor.

    thickness: of the ink, in parts of the longer side; wobble: of each point, in parts of the height; waves: float64
    (k, 5), each a shift in x and y and a frequency in x and y and a phase.
    """

    slant: float
    turn: float
    aspect: float
    thickness: float
    wobble: float
    waves: NDArray[np.float64]

    def bend(self, strokes: list[Stroke]) -> list[Stroke]:
        """The strokes as this hand writes them."""
        cosine, sine = np.cos(self.turn), np.sin(self.turn)
        shape = np.array([[cosine, -sine], [sine, cosine]]) @ np.array([[self.aspect, -self.slant], [0.0, 1.0]])
        return [(self._waved(stroke) - 0.5) @ shape.T for stroke in strokes]

    def _waved(self, stroke: Stroke) -> Stroke:
        phase = stroke @ self.waves[:, 2:4].T + self.waves[:, 4]
        return stroke + np.sin(phase) @ self.waves[:, :2]


def some_hand(rng: np.random.Generator) -> Hand:
    """A hand by chance, spread as hands are: most lean a little to the right."""
    count = 3
    waves = np.empty((count, 5))
    waves[:, :2] = rng.normal(0, rng.uniform(0.005, 0.04), (count, 2))
    waves[:, 2:4] = rng.normal(0, 4.0, (count, 2))
    waves[:, 4] = rng.uniform(0, 2 * np.pi, count)
    return Hand(
        slant=float(rng.normal(0.14, 0.24)),
        turn=float(rng.normal(0, 0.09)),
        aspect=float(np.exp(rng.normal(-0.12, 0.22))),
        thickness=float(np.clip(np.exp(rng.normal(-2.12, 0.36)), 0.05, 0.3)),
        wobble=float(rng.uniform(0.005, 0.04)),
        waves=waves,
    )
