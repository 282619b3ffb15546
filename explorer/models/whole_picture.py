"""How a picture becomes a detector's input: whole, as torchvision's GeneralizedRCNNTransform has it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torchvision.models.detection.transform import GeneralizedRCNNTransform
from torchvision.transforms import functional as F

from explorer.errors import Mistake
from explorer.records.frame import Frame, Size

IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class WholePicture:
    """Normalised, resized until its short side is `shortest` pixels or its long one `longest`, and padded with zeros on
    the right and below to a multiple of `divisible`.

    mean, std: per channel, of values in [0, 1]; squash: both sides are resized to `shortest`, each by its own factor.
    """

    shortest: int = 800
    longest: int = 1333
    mean: tuple[float, ...] = IMAGENET[0]
    std: tuple[float, ...] = IMAGENET[1]
    divisible: int = 32
    squash: bool = False

    def batch(self, frame: Frame, crops: int = 1) -> Tensor:
        """Float32 (1, 3, h, w). Raises Mistake when crops are asked for: a detector sees the whole picture."""
        if crops != 1:
            raise Mistake("A detector sees the whole picture: ask for 1 crop.")
        self._check(frame.size)
        images, _ = self._transform()([F.to_tensor(Image.fromarray(frame.pixels))])
        return images.tensors

    def windows(self, frame: Frame, crops: int = 1) -> NDArray[np.float32]:
        """Float32 (1, 4): the whole picture."""
        return np.asarray([[0, 0, frame.size[1], frame.size[0]]], np.float32)

    def sizes(self, picture: Size) -> tuple[Size, Size]:
        """(height, width) of the resized picture, and of it with its padding. Raises Mistake for a thread of one."""
        self._check(picture)
        transform = self._transform()
        resized, _ = transform.resize(torch.empty(3, *picture, device="meta"))
        height, width = resized.shape[-2:]
        padded = transform.batch_images([resized], self.divisible).shape[-2:]
        return (height, width), (padded[0], padded[1])

    def _check(self, picture: Size) -> None:
        if not self.squash and min(self.shortest / min(picture), self.longest / max(picture)) * min(picture) < 1:
            raise Mistake("That picture is too narrow for a detector: choose one nearer to a square.")

    def _transform(self) -> GeneralizedRCNNTransform:
        fixed = (self.shortest, self.shortest) if self.squash else None
        return GeneralizedRCNNTransform(
            self.shortest, self.longest, list(self.mean), list(self.std), self.divisible, fixed
        ).eval()
