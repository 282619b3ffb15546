"""What each kind of Darknet layer takes: weights, in the order of the .weights file, work and room."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from explorer.models.darknet.section import Section
from explorer.models.darknet.sections import Connected, Convolutional, Local, MaxPool
from explorer.models.darknet.shapes import Shape


@dataclass(frozen=True)
class Blob:
    """A run of floats in the file: biases, scales, means, variances or weights."""

    name: str
    shape: tuple[int, ...]

    @property
    def floats(self) -> int:
        return prod(self.shape)


def blobs_of(section: Section, takes: tuple[Shape, ...], gives: Shape) -> tuple[Blob, ...]:
    """A convolution has its normalisation's numbers before its weights, a connected layer behind them."""
    if isinstance(section, Convolutional):
        weights = Blob("weights", (section.filters, takes[0][0] // section.groups, section.size, section.size))
        return Blob("biases", (section.filters,)), *_norm(section.batch_normalize, section.filters), weights
    if isinstance(section, Connected):
        weights = Blob("weights", (section.outputs, prod(takes[0])))
        return Blob("biases", (section.outputs,)), weights, *_norm(section.batch_normalize, section.outputs)
    if isinstance(section, Local):
        inputs = takes[0][0] * section.size**2
        return Blob("biases", gives), Blob("weights", (gives[1] * gives[2], section.filters, inputs))
    return ()


def work_of(section: Section, takes: tuple[Shape, ...], gives: Shape) -> int:
    """Multiply-adds for one picture; comparisons of a pool; one a value of any other layer."""
    if isinstance(section, Convolutional):
        return prod(gives) * (takes[0][0] // section.groups) * section.size**2
    if isinstance(section, Connected):
        return section.outputs * prod(takes[0])
    if isinstance(section, Local):
        return prod(gives) * takes[0][0] * section.size**2
    if isinstance(section, MaxPool):
        return prod(gives) * section.size**2
    return prod(gives)


def room_of(section: Section, takes: tuple[Shape, ...], gives: Shape) -> int:
    """Floats it needs room for while it runs, for one picture: what it gives, and its input padded or in patches."""
    channels, height, width = takes[0]
    if isinstance(section, MaxPool):
        return prod(gives) + channels * (height + section.padding) * (width + section.padding)
    if isinstance(section, Local):
        return prod(gives) + channels * section.size**2 * gives[1] * gives[2]
    return prod(gives)


def _norm(there: bool, filters: int) -> tuple[Blob, ...]:
    return tuple(Blob(name, (filters,)) for name in ("scales", "means", "variances")) if there else ()
