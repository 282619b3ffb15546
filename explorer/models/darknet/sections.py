"""The layers of a Darknet .cfg: Redmon, Darknet, https://pjreddie.com/darknet; Bochkovskiy et al., arXiv:2004.10934.

Each keeps what decides the answer and leaves out what only training reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from explorer.models.darknet.section import Section
from explorer.records.frame import Size


@dataclass(frozen=True)
class Net(Section):
    """What the network takes: size (height, width) in pixels, and channels."""

    size: Size
    channels: int


@dataclass(frozen=True)
class Convolutional(Section):
    """A convolution; size: side of its window; stride: (down, across); padding: pixels on every side."""

    filters: int
    size: int
    stride: tuple[int, int]
    padding: int
    dilation: int
    groups: int
    batch_normalize: bool
    activation: str


@dataclass(frozen=True)
class Local(Section):
    """A convolution that has weights of its own at every place."""

    filters: int
    size: int
    stride: int
    padding: int
    activation: str


@dataclass(frozen=True)
class Connected(Section):
    """Every output from every input."""

    outputs: int
    batch_normalize: bool
    activation: str


@dataclass(frozen=True)
class MaxPool(Section):
    """The largest value of each window; padding: pixels in all, half of them, rounded down, on the left and top."""

    size: int
    stride: tuple[int, int]
    padding: int


@dataclass(frozen=True)
class AvgPool(Section):
    """The mean of each channel."""


@dataclass(frozen=True)
class Route(Section):
    """Other layers' outputs one behind the other; of each only the group `group` of `groups` equal ones."""

    layers: tuple[int, ...]
    groups: int
    group: int


@dataclass(frozen=True)
class Shortcut(Section):
    """The sum of the layer before and of other layers."""

    layers: tuple[int, ...]
    activation: str


@dataclass(frozen=True)
class ScaleChannels(Section):
    """Another layer times the layer before: one factor a channel, or, with `places`, one factor a place."""

    layer: int
    places: bool
    activation: str


@dataclass(frozen=True)
class Sam(Section):
    """Another layer times the layer before, value by value."""

    layer: int
    activation: str


@dataclass(frozen=True)
class Upsample(Section):
    """Every value repeated stride x stride times, times `scale`."""

    stride: int
    scale: float


@dataclass(frozen=True)
class Reorg(Section):
    """Places turned into channels, in Darknet's own order; reverse: channels into places."""

    stride: int
    reverse: bool


@dataclass(frozen=True)
class Dropout(Section):
    """Nothing, but while training."""

    probability: float


@dataclass(frozen=True)
class Softmax(Section):
    """Scores that add up to 1 within each of `groups` runs of values."""

    groups: int
    temperature: float


@dataclass(frozen=True)
class Cost(Section):
    """Nothing, but while training."""
