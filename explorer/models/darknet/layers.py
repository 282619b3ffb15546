"""Darknet's layers as modules: maps (n, c, h, w) in and out, a layer's own arithmetic in its forward."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.darknet import sections
from explorer.models.darknet.shapes import Shape

EPSILON = 1e-5
"""Added to a variance before its root, as Darknet does on a GPU."""
LEAK = 0.1

_ACTIVATIONS: dict[str, type[nn.Module]] = {
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "logistic": nn.Sigmoid,
    "mish": nn.Mish,
    "swish": nn.SiLU,
}


def activation(name: str) -> nn.Module:
    """The module of one of readers.ACTIVATIONS."""
    return nn.LeakyReLU(LEAK, inplace=True) if name == "leaky" else _ACTIVATIONS[name]()


class Convolutional(nn.Module):
    """Convolution, normalisation where there is one, activation."""

    def __init__(self, section: sections.Convolutional, takes: Shape) -> None:
        super().__init__()
        normal = section.batch_normalize
        self.conv = nn.Conv2d(
            *(takes[0], section.filters, section.size, section.stride, section.padding),
            dilation=section.dilation,
            groups=section.groups,
            bias=not normal,
        )
        self.norm = nn.BatchNorm2d(section.filters, eps=EPSILON) if normal else nn.Identity()
        self.activation = activation(section.activation)

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.norm(self.conv(x)))

    def blobs(self) -> dict[str, Tensor]:
        """Its tensors by their names in the file."""
        return _blobs(self.conv, self.norm)


class Connected(nn.Module):
    """Every output (n, outputs, 1, 1) from every value of a map, read row by row, channel after channel."""

    def __init__(self, section: sections.Connected, takes: Shape) -> None:
        super().__init__()
        normal = section.batch_normalize
        self.linear = nn.Linear(takes[0] * takes[1] * takes[2], section.outputs, bias=not normal)
        self.norm = nn.BatchNorm1d(section.outputs, eps=EPSILON) if normal else nn.Identity()
        self.activation = activation(section.activation)

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.norm(self.linear(x.flatten(1))))[:, :, None, None]

    def blobs(self) -> dict[str, Tensor]:
        """Its tensors by their names in the file."""
        return _blobs(self.linear, self.norm)


class Local(nn.Module):
    """A convolution with weights (places, filters, c x size x size) and biases (filters, h, w) of each place's own."""

    def __init__(self, section: sections.Local, takes: Shape, gives: Shape) -> None:
        super().__init__()
        inputs = takes[0] * section.size**2
        self.window = {"kernel_size": section.size, "padding": section.padding, "stride": section.stride}
        self.weight = nn.Parameter(torch.empty(gives[1] * gives[2], section.filters, inputs))
        nn.init.uniform_(self.weight, -((2 / inputs) ** 0.5), (2 / inputs) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(gives))
        self.activation = activation(section.activation)

    def forward(self, x: Tensor) -> Tensor:
        patches = F.unfold(x, **self.window)  # n, c x size x size, places
        made = (self.weight @ patches.permute(2, 1, 0)).permute(2, 1, 0)  # n, filters, places
        return self.activation(made.unflatten(2, self.bias.shape[1:]) + self.bias)

    def blobs(self) -> dict[str, Tensor]:
        """Its tensors by their names in the file."""
        return {"biases": self.bias, "weights": self.weight}


class MaxPool(nn.Module):
    """The largest of each window; of `padding` pixels in all, half, rounded down, lie on the left and on top."""

    def __init__(self, section: sections.MaxPool) -> None:
        super().__init__()
        self.size, self.stride, self.padding = section.size, section.stride, section.padding

    def forward(self, x: Tensor) -> Tensor:
        first = self.padding // 2
        last = self.padding - first
        if first == last <= self.size // 2:
            return F.max_pool2d(x, self.size, self.stride, first)
        padded = F.pad(x, (first, last, first, last), value=torch.finfo(x.dtype).min)
        return F.max_pool2d(padded, self.size, self.stride)


class AvgPool(nn.Module):
    """The mean (n, c, 1, 1) of each channel."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3), keepdim=True)


class Route(nn.Module):
    """One group of the channels of each map, one behind the other."""

    def __init__(self, section: sections.Route) -> None:
        super().__init__()
        self.groups, self.group = section.groups, section.group

    def forward(self, *maps: Tensor) -> Tensor:
        parts = [x.unflatten(1, (self.groups, -1))[:, self.group] for x in maps] if self.groups > 1 else list(maps)
        return parts[0] if len(parts) == 1 else torch.cat(parts, 1)


class Shortcut(nn.Module):
    """The sum of maps of one shape."""

    def __init__(self, section: sections.Shortcut) -> None:
        super().__init__()
        self.activation = activation(section.activation)

    def forward(self, x: Tensor, *others: Tensor) -> Tensor:
        for other in others:
            x = x + other
        return self.activation(x)


class Scale(nn.Module):
    """A map times factors: one a channel, one a place or one a value."""

    def __init__(self, section: sections.ScaleChannels | sections.Sam) -> None:
        super().__init__()
        self.activation = activation(section.activation)

    def forward(self, factors: Tensor, x: Tensor) -> Tensor:
        return self.activation(factors * x)


class Upsample(nn.Module):
    """Every value repeated stride x stride times."""

    def __init__(self, section: sections.Upsample) -> None:
        super().__init__()
        self.stride, self.scale = section.stride, section.scale

    def forward(self, x: Tensor) -> Tensor:
        made = F.interpolate(x, scale_factor=self.stride, mode="nearest")
        return made if self.scale == 1 else made * self.scale


class Reorg(nn.Module):
    """Places into channels, or back, in Darknet's order.

    Darknet runs the backward loop forward: the map is read as if it had c / s^2 channels of s h x s w, those are parted
    into s^2 times as many of h x w, and the numbers, as they lie, are taken for c s^2 channels of h / s x w / s.
    """

    def __init__(self, section: sections.Reorg) -> None:
        super().__init__()
        self.stride, self.reverse = section.stride, section.reverse

    def forward(self, x: Tensor) -> Tensor:
        s, (n, c, h, w) = self.stride, x.shape
        if self.reverse:
            return x.reshape(n, s, s, c // s**2, h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, c // s**2, h * s, w * s)
        parted = x.reshape(n, c // s**2, h, s, w, s).permute(0, 3, 5, 1, 2, 4)
        return parted.reshape(n, c * s**2, h // s, w // s)


class Softmax(nn.Module):
    """Scores that add up to 1 within each group."""

    def __init__(self, section: sections.Softmax) -> None:
        super().__init__()
        self.groups, self.temperature = section.groups, section.temperature

    def forward(self, x: Tensor) -> Tensor:
        grouped = x.flatten(1).unflatten(1, (self.groups, -1)) / self.temperature
        return grouped.softmax(2).reshape(x.shape)


def _blobs(weighs: nn.Conv2d | nn.Linear, norm: nn.Module) -> dict[str, Tensor]:
    tensors: dict[str, Tensor | None] = {"biases": weighs.bias, "weights": weighs.weight}
    if isinstance(norm, nn.BatchNorm1d | nn.BatchNorm2d):
        tensors |= {"biases": norm.bias, "scales": norm.weight}
        tensors |= {"means": norm.running_mean, "variances": norm.running_var}
    return {name: tensor for name, tensor in tensors.items() if tensor is not None}
