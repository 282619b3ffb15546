"""The shape that each kind of Darknet layer gives, by Darknet's own rounding."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from explorer.models.darknet import heads, sections
from explorer.models.darknet.section import Section

Shape = tuple[int, int, int]
"""(channels, height, width)"""


def shape_of(section: Section, takes: tuple[Shape, ...]) -> Shape:
    """What a layer gives for what it reads; sides may come out below 1. Raises Mistake where the two do not fit."""
    rule = _RULES.get(type(section))
    return rule(section, takes) if rule else takes[0]


def _out(side: int, padding: int, window: int, stride: int) -> int:
    return (side + padding - window) // stride + 1


def _convolutional(section: sections.Convolutional, takes: tuple[Shape, ...]) -> Shape:
    channels, height, width = takes[0]
    if channels % section.groups or section.filters % section.groups:
        raise section.wrong(
            f"has groups={section.groups} for {channels} channels and {section.filters} filters",
            "give a number that divides both",
        )
    window, padding = section.dilation * (section.size - 1) + 1, 2 * section.padding
    down, across = section.stride
    return section.filters, _out(height, padding, window, down), _out(width, padding, window, across)


def _local(section: sections.Local, takes: tuple[Shape, ...]) -> Shape:
    _, height, width = takes[0]
    padding, size, stride = 2 * section.padding, section.size, section.stride
    return section.filters, _out(height, padding, size, stride), _out(width, padding, size, stride)


def _connected(section: sections.Connected, takes: tuple[Shape, ...]) -> Shape:
    return section.outputs, 1, 1


def _maxpool(section: sections.MaxPool, takes: tuple[Shape, ...]) -> Shape:
    channels, height, width = takes[0]
    down, across = section.stride
    size, padding = section.size, section.padding
    return channels, _out(height, padding, size, down), _out(width, padding, size, across)


def _avgpool(section: sections.AvgPool, takes: tuple[Shape, ...]) -> Shape:
    return takes[0][0], 1, 1


def _route(section: sections.Route, takes: tuple[Shape, ...]) -> Shape:
    if len({shape[1:] for shape in takes}) > 1:
        raise section.wrong(f"joins maps of {_sizes(takes)}", "they need one height and width")
    if any(channels % section.groups for channels, _, _ in takes):
        raise section.wrong(f"parts maps of {_sizes(takes)} into groups={section.groups}", "give a number that divides")
    return sum(channels // section.groups for channels, _, _ in takes), *takes[0][1:]


def _shortcut(section: sections.Shortcut, takes: tuple[Shape, ...]) -> Shape:
    if len(set(takes)) > 1:
        raise section.wrong(f"adds maps of {_sizes(takes)}", "only maps of one shape are added")
    return takes[0]


def _scale_channels(section: sections.ScaleChannels, takes: tuple[Shape, ...]) -> Shape:
    factors, scaled = takes
    if factors != ((1, *scaled[1:]) if section.places else (scaled[0], 1, 1)):
        raise section.wrong(f"reads factors and a map of {_sizes(takes)}", "they need one factor a channel, or a place")
    return scaled


def _sam(section: sections.Sam, takes: tuple[Shape, ...]) -> Shape:
    if takes[0] != takes[1]:
        raise section.wrong(f"multiplies maps of {_sizes(takes)}", "only maps of one shape are multiplied")
    return takes[0]


def _upsample(section: sections.Upsample, takes: tuple[Shape, ...]) -> Shape:
    channels, height, width = takes[0]
    return channels, height * section.stride, width * section.stride


def _reorg(section: sections.Reorg, takes: tuple[Shape, ...]) -> Shape:
    (channels, height, width), stride = takes[0], section.stride
    if channels % stride**2 or (not section.reverse and (height % stride or width % stride)):
        raise section.wrong(f"cannot part {_sizes(takes)} by its stride {stride}", "give another width and height")
    if section.reverse:
        return channels // stride**2, height * stride, width * stride
    return channels * stride**2, height // stride, width // stride


def _softmax(section: sections.Softmax, takes: tuple[Shape, ...]) -> Shape:
    if prod(takes[0]) % section.groups:
        raise section.wrong(f"cannot part {prod(takes[0])} values into {section.groups} groups", "give another number")
    return takes[0]


def _anchored(section: heads.Region | heads.Yolo, takes: tuple[Shape, ...]) -> Shape:
    wanted = section.boxes * (section.classes + 5)
    if takes[0][0] != wanted:
        raise section.wrong(
            f"reads {takes[0][0]} channels and needs {wanted}, {section.boxes} boxes x ({section.classes} classes + 5)",
            f"give the layer before it filters={wanted}",
        )
    return takes[0]


def _detection(section: heads.Detection, takes: tuple[Shape, ...]) -> Shape:
    if prod(takes[0]) != section.values:
        raise section.wrong(
            f"reads {prod(takes[0]):,} values and needs {section.side} x {section.side} x ({section.classes} classes + "
            f"5 x {section.boxes}) = {section.values:,}",
            f"give the layer before it output={section.values}",
        )
    return prod(takes[0]), 1, 1


def _sizes(takes: tuple[Shape, ...]) -> str:
    shown = [" x ".join(str(side) for side in shape) for shape in takes[:8]]
    return " and ".join(shown) + (" and others" if len(takes) > 8 else "")


_RULES: dict[type[Section], Callable[[Any, tuple[Shape, ...]], Shape]] = {
    sections.Convolutional: _convolutional,
    sections.Local: _local,
    sections.Connected: _connected,
    sections.MaxPool: _maxpool,
    sections.AvgPool: _avgpool,
    sections.Route: _route,
    sections.Shortcut: _shortcut,
    sections.ScaleChannels: _scale_channels,
    sections.Sam: _sam,
    sections.Upsample: _upsample,
    sections.Reorg: _reorg,
    sections.Softmax: _softmax,
    heads.Region: _anchored,
    heads.Yolo: _anchored,
    heads.Detection: _detection,
}
