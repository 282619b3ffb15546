"""How a picture becomes a network's input: the weights' own transforms, and where each crop came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

from explorer.records.frame import Frame, Size


@dataclass(frozen=True)
class Preparation:
    """Resize the short side, crop, scale to [0, 1], normalise: what torchvision's ImageClassification preset does.

    resize: short side in pixels; crop: side of the square in pixels; mean, std: per channel, of values in [0, 1].
    """

    resize: int
    crop: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: InterpolationMode = InterpolationMode.BILINEAR

    @classmethod
    def of_torchvision(cls, preset: Any) -> Preparation:
        """From the preset that `Weights.transforms()` returns."""
        return cls(
            preset.resize_size[0], preset.crop_size[0], tuple(preset.mean), tuple(preset.std), preset.interpolation
        )

    @classmethod
    def of_timm(cls, config: dict[str, Any]) -> Preparation:
        """From `timm.data.resolve_data_config`, evaluated at the training size with a centre crop."""
        crop = config["input_size"][-1]
        resize = int(crop / config["crop_pct"])
        return cls(resize, crop, config["mean"], config["std"], InterpolationMode(config["interpolation"]))

    def batch(self, frame: Frame, crops: int = 1) -> Tensor:
        """Float32 (crops, 3, crop, crop): the centre, or four corners and the centre followed by their reflections."""
        image: Any = F.resize(Image.fromarray(frame.pixels), [self.resize], self.interpolation)
        if crops == 1:
            parts = [F.center_crop(image, [self.crop])]
        else:
            five = list(F.five_crop(image, [self.crop]))
            parts = five + [F.hflip(part) for part in five]
        return torch.stack([self._normalised(part) for part in parts])

    def _normalised(self, part: Any) -> Tensor:
        pixels = F.convert_image_dtype(F.pil_to_tensor(part), torch.float32)
        return F.normalize(pixels, list(self.mean), list(self.std), inplace=True)

    def windows(self, size: Size, crops: int = 1) -> NDArray[np.float32]:
        """Float32 (crops, 4): x0 y0 x1 y1 of each crop in pixels of a picture of `size` (height, width)."""
        height, width = size
        short = min(height, width)
        tall, wide = (int(self.resize * side / short) if side != short else self.resize for side in size)
        middle = round((tall - self.crop) / 2), round((wide - self.crop) / 2)
        ends = tall - self.crop, wide - self.crop
        corners = [(0, 0), (0, ends[1]), (ends[0], 0), ends, middle]
        starts = [middle] if crops == 1 else corners * 2
        boxes = [(x, y, x + self.crop, y + self.crop) for y, x in starts]
        return np.asarray(boxes, np.float32) * np.asarray([width / wide, height / tall] * 2, np.float32)
