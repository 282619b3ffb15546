"""A Darknet network worked out before a float is read: shapes, weights, work and memory, in whole numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from explorer.errors import Mistake
from explorer.models.darknet.blobs import Blob, blobs_of, room_of, work_of
from explorer.models.darknet.cfg import Config
from explorer.models.darknet.heads import Head
from explorer.models.darknet.readers import MOST_SIDE
from explorer.models.darknet.section import Section
from explorer.models.darknet.sections import Route, Sam, ScaleChannels, Shortcut
from explorer.models.darknet.shapes import Shape, shape_of
from explorer.records.frame import Size

MOST_WEIGHTS = 300_000_000
"""Floats in a file: 1.2 GB. The largest known, YOLO v1 with its two dense layers, has 272 million."""
MOST_VALUES = 1 << 28
"""Floats one layer needs room for, for one picture: 1 GB."""
MOST_ALIVE = 1 << 29
"""Floats that lie in memory at once for one picture: 2 GB."""
MOST_WORK = 10**12
"""Multiply-adds, or comparisons, for one picture: a minute or less of a laptop's processor."""
INPUT = -1


@dataclass(frozen=True)
class PlannedLayer:
    """One layer: which layers it reads (INPUT: the picture), shapes (c, h, w) in and out, its weights in file order.

    work: multiply-adds, or comparisons, for one picture; room: floats it needs room for while it runs.
    """

    section: Section
    reads: tuple[int, ...]
    takes: tuple[Shape, ...]
    gives: Shape
    blobs: tuple[Blob, ...]
    work: int
    room: int

    @property
    def floats(self) -> int:
        """How many numbers it has in the file."""
        return sum(blob.floats for blob in self.blobs)


@dataclass(frozen=True)
class Plan:
    """size: the input's (height, width); heads: numbers of the layers that detect; floats: weights in the file.

    work: multiply-adds for one picture; alive: floats in memory at once, weights left out.
    """

    config: Config
    size: Size
    layers: tuple[PlannedLayer, ...]
    heads: tuple[int, ...]
    floats: int
    work: int
    alive: int

    @property
    def input(self) -> Shape:
        """(channels, height, width)."""
        return self.config.net.channels, *self.size

    @property
    def classes(self) -> int:
        """How many classes its heads tell apart, 0 where it has no head."""
        return max((head.classes for head in self.head_sections), default=0)

    @property
    def head_sections(self) -> tuple[Head, ...]:
        """The heads, in order."""
        sections = (self.layers[number].section for number in self.heads)
        return tuple(section for section in sections if isinstance(section, Head))

    @property
    def last_reads(self) -> tuple[tuple[int, ...], ...]:
        """For each layer, the numbers of those whose output nobody reads after it."""
        return _last_reads(self.layers, self.heads or (len(self.layers) - 1,))


def plan(config: Config, size: Size | None = None) -> Plan:
    """What running this network takes; nothing is allocated.

    size: another (height, width) of the input than the cfg's. Raises Mistake that names the layer and its line.
    """
    size = size or config.net.size
    if not all(1 <= side <= MOST_SIDE for side in size):
        raise Mistake(f"The input would have {size[0]} x {size[1]} pixels: give sides from 1 to {MOST_SIDE:,}.")
    layers: list[PlannedLayer] = []
    weights = work = 0
    for section in config.layers:
        layer = _planned(section, layers, (config.net.channels, *size))
        layers.append(layer)
        weights, work = weights + layer.floats, work + layer.work
        _check(section, "needs room for", layer.room, MOST_VALUES, "numbers")
        _check(section, "brings the weights to", weights, MOST_WEIGHTS, "numbers")
        _check(section, "brings the work to", work, MOST_WORK, "multiply-adds a picture")
    heads = tuple(number for number, layer in enumerate(layers) if isinstance(layer.section, Head))
    _check_classes([layers[number].section for number in heads])
    alive = _alive(layers, heads or (len(layers) - 1,), prod((config.net.channels, *size)))
    return Plan(config, size, tuple(layers), heads, weights, work, alive)


def _planned(section: Section, before: list[PlannedLayer], picture: Shape) -> PlannedLayer:
    reads = _reads(section)
    for number in reads:
        if number != INPUT and isinstance(before[number].section, Head):
            raise section.wrong(
                f"reads layer {number}, which is a [{before[number].section.kind}] head",
                "heads are where a network ends, so route around it",
            )
    takes = tuple(picture if number == INPUT else before[number].gives for number in reads)
    gives = shape_of(section, takes)
    if min(gives) < 1:
        shown = " x ".join(str(side) for side in takes[0][1:])
        raise section.wrong(f"has nothing left of the {shown} places it reads", "give a larger width and height")
    parts = section, takes, gives
    return PlannedLayer(section, reads, takes, gives, blobs_of(*parts), work_of(*parts), room_of(*parts))


def _reads(section: Section) -> tuple[int, ...]:
    """The layer before first, but for a route, which reads only what it names."""
    if isinstance(section, Route):
        return section.layers
    if isinstance(section, Shortcut):
        return section.index - 1, *section.layers
    if isinstance(section, ScaleChannels | Sam):
        return section.index - 1, section.layer
    return (section.index - 1,)


def _check(section: Section, verb: str, value: int, most: int, unit: str) -> None:
    if value > most:
        raise section.wrong(f"{verb} {value:,} {unit}", f"{most:,} are the most Fovea runs")


def _check_classes(heads: list[Section]) -> None:
    counts = {head.classes: head for head in heads if isinstance(head, Head)}
    if len(counts) > 1:
        few, many = sorted(counts)[0], sorted(counts)[-1]
        raise counts[many].wrong(f"tells {many} classes apart and another head {few}", "give all heads the same")


def _last_reads(layers: tuple[PlannedLayer, ...], kept: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """An output that nobody reads goes with the layer that made it."""
    last = {number: number for number in range(len(layers))}
    for number, layer in enumerate(layers):
        last |= dict.fromkeys(layer.reads, number)
    done: list[list[int]] = [[] for _ in layers]
    for number, reader in last.items():
        if number != INPUT and number not in kept:
            done[reader].append(number)
    return tuple(tuple(numbers) for numbers in done)


def _alive(layers: list[PlannedLayer], kept: tuple[int, ...], picture: int) -> int:
    """The most floats that lie in memory at once; raises Mistake where they are too many."""
    now = most = picture
    for layer, done in zip(layers, _last_reads(tuple(layers), kept), strict=True):
        most = max(most, now + layer.room)
        now += prod(layer.gives)
        _check(layer.section, "brings what lies in memory to", most, MOST_ALIVE, "numbers")
        now -= sum(prod(layers[number].gives) for number in done)
    return most
