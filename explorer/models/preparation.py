"""How a picture becomes a network's input: the weights' own transforms, and where each crop came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

from explorer.errors import Mistake
from explorer.ops.ink import normalised
from explorer.records.frame import Frame, Pixels, Size


class Prepares(Protocol):
    """How a network wants its pictures."""

    def batch(self, frame: Frame, crops: int = 1) -> Tensor:
        """Float32 (crops, channels, h, w), ready to run."""

    def windows(self, frame: Frame, crops: int = 1) -> NDArray[np.float32]:
        """Float32 (crops, 4): the part of the picture that each input shows, x0 y0 x1 y1 in its pixels."""


@dataclass(frozen=True)
class Preparation:
    """Resize the short side, crop, scale to [0, 1], normalise: what torchvision's ImageClassification preset does.

    resize: short side in pixels; crop: side of the square in pixels; mean, std: per channel, of values in [0, 1];
    squash: both sides are resized to `resize`, each by its own factor, so that no part of the picture is lost.
    """

    resize: int
    crop: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: InterpolationMode = InterpolationMode.BILINEAR
    squash: bool = False

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
        image = self.resized(frame)
        if crops == 1:
            parts = [F.center_crop(image, [self.crop])]
        else:
            five = list(F.five_crop(image, [self.crop]))
            parts = five + [F.hflip(part) for part in five]
        return self.inputs([np.asarray(part) for part in parts])

    def resized(self, frame: Frame) -> Any:
        """The picture as a PIL image of the size from which crops are cut."""
        sides = [self.resize] * (2 if self.squash else 1)
        return F.resize(Image.fromarray(frame.pixels), sides, self.interpolation)

    def inputs(self, parts: Sequence[Pixels]) -> Tensor:
        """Float32 (n, 3, h, w) of n pictures uint8 (h, w, 3) of one size, in [0, 1] and normalised."""
        levels = _levels(self.mean, self.std)
        into = np.empty((len(parts), 3, *parts[0].shape[:2]), np.float32)
        for item, pixels in zip(into, parts, strict=True):
            for channel, table in enumerate(levels):
                np.take(table, pixels[:, :, channel], out=item[channel], mode="clip")
        return torch.from_numpy(into)

    def whole(self, frame: Frame, size: Size) -> Tensor:
        """Float32 (1, 3, h, w): nothing cut, resized to `size` (h, w) only where that is another."""
        return self.inputs([self.scaled(frame, size)])

    def scaled(self, frame: Frame, size: Size) -> Pixels:
        """Uint8 (h, w, 3): the picture at that size (h, w), itself where it has it."""
        if frame.size == size:
            return frame.pixels
        if self.interpolation is InterpolationMode.BILINEAR:
            return _bilinear(frame.pixels, size)
        return np.asarray(F.resize(Image.fromarray(frame.pixels), list(size), self.interpolation))

    def windows(self, frame: Frame, crops: int = 1) -> NDArray[np.float32]:
        """Float32 (crops, 4): x0 y0 x1 y1 of each crop in pixels of the picture."""
        height, width = frame.size
        short = min(height, width)
        tall, wide = (
            self.resize if self.squash or side == short else int(self.resize * side / short) for side in frame.size
        )
        middle = round((tall - self.crop) / 2), round((wide - self.crop) / 2)
        ends = tall - self.crop, wide - self.crop
        corners = [(0, 0), (0, ends[1]), (ends[0], 0), ends, middle]
        starts = [middle] if crops == 1 else corners * 2
        boxes = [(x, y, x + self.crop, y + self.crop) for y, x in starts]
        return np.asarray(boxes, np.float32) * np.asarray([width / wide, height / tall] * 2, np.float32)


def _bilinear(pixels: Pixels, size: Size) -> Pixels:
    """Pillow's antialiased bilinear by torch, in a third of the time; a few values are a level off, hardly any two."""
    planes = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None]  # a copy: a frame's are read-only
    return np.asarray(interpolate(planes, size, mode="bilinear", antialias=True)[0].permute(1, 2, 0).numpy())


@lru_cache(maxsize=64)
def _levels(mean: tuple[float, ...], std: tuple[float, ...]) -> NDArray[np.float32]:
    """Float32 (channels, 256): each of the 256 levels through torchvision's own arithmetic.

    Looking a level up gives the very bits, on one thread: spread over many, a picture's few operations wait for whoever
    else is using the cores.
    """
    ramp = torch.arange(256, dtype=torch.uint8).expand(len(mean), 1, 256)
    levels = F.normalize(F.convert_image_dtype(ramp, torch.float32), list(mean), list(std))
    return np.asarray(levels.numpy()[:, 0])


@dataclass(frozen=True)
class InkPreparation:
    """One drawn digit, found on its paper, made as MNIST's were: light on dark, fitted, centred by its mass.

    mean, std: of values in [0, 1]. What the border shows most is paper; Otsu's threshold tells ink from its grain.
    """

    mean: float
    std: float

    def batch(self, frame: Frame, crops: int = 1) -> Tensor:
        """Float32 (1, 1, 28, 28). Raises Mistake when crops are asked for: a digit is read whole."""
        if crops != 1:
            raise Mistake("A digit is read whole: ask for 1 crop.")
        pixels = normalised(self._ink(frame)).astype(np.float32) / 255
        return torch.from_numpy((pixels - self.mean) / self.std)[None, None]

    def windows(self, frame: Frame, crops: int = 1) -> NDArray[np.float32]:
        """Float32 (1, 4): the ink's bounds, or the whole picture where there is none."""
        rows, columns = np.nonzero(self._ink(frame))
        if not len(rows):
            return np.asarray([[0, 0, frame.size[1], frame.size[0]]], np.float32)
        bounds = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        return np.asarray([bounds], np.float32)

    def _ink(self, frame: Frame) -> NDArray[np.uint8]:
        """Uint8 (h, w): the stroke's darkness, 0 on the paper."""
        grey = np.asarray(Image.fromarray(frame.pixels).convert("L")).astype(np.float32)
        paper = np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]))
        darker = paper > grey.mean()
        marks = np.clip(paper - grey if darker else grey - paper, 0, None)
        ink = np.rint(marks * (255 / max(marks.max(), 1))).astype(np.uint8)
        threshold, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        return np.where(ink > threshold / 2, ink, 0).astype(np.uint8)
