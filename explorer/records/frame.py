"""A picture on its way through Fovea."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.truth import Truth

Pixels = NDArray[np.uint8]
Size = tuple[int, int]
Domain = Literal["photographs", "streetscape", "digits", "unknown"]
"""The kind of pictures: what a network was trained on, what a source gives."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One upright RGB picture.

    pixels: uint8 (h, w, 3), read-only; name: what a person calls it; time: seconds since the source began (video,
    webcam); notes: what was done to the file to make this picture, in words; domain: its kind, where the source knows;
    truth: what is in it, where the source knows: of these pixels, so never taken over to others. Raises Mistake for any
    other array, and for a truth that reaches past the picture.
    """

    pixels: Pixels
    name: str = "picture"
    time: float = 0.0
    notes: tuple[str, ...] = field(default=())
    domain: Domain = "unknown"
    truth: Truth | None = None

    def __post_init__(self) -> None:
        p = self.pixels
        if not isinstance(p, np.ndarray) or p.dtype != np.uint8 or p.ndim != 3 or p.shape[2] != 3 or 0 in p.shape:
            got = f"{p.dtype} {p.shape}" if isinstance(p, np.ndarray) else type(p).__name__
            raise Mistake(f"A frame is a uint8 array (height, width, 3), got {got}: convert the picture to RGB first.")
        owned = np.ascontiguousarray(p)
        if owned is p:
            owned = p.view()
        owned.flags.writeable = False
        object.__setattr__(self, "pixels", owned)
        if self.truth is not None and not self.truth.fits(self.size):
            raise Mistake(f"The truth about {self.name} reaches past its edges: give the one that is of this picture.")

    @property
    def size(self) -> Size:
        """(height, width) in pixels."""
        return self.pixels.shape[0], self.pixels.shape[1]

    @cached_property
    def id(self) -> str:
        """Content id: 32 hex digits, equal for equal pixels and for nothing else."""
        digest = hashlib.sha256(repr(self.pixels.shape).encode())
        digest.update(self.pixels.data)
        return digest.hexdigest()[:32]
