"""What a network costs: weights and multiply-adds, counted on the `meta` device, where nothing is computed.

A convolution of k x k over c_in channels to h x w x c_out is k k c_in h w c_out multiply-adds (He et al. 2015, table 1,
calls them FLOPs); additions of bias, normalisation and activations are not counted.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from explorer.contract import Arithmetic
from explorer.records.frame import Size


def channels_of(module: nn.Module) -> int:
    """How many channels a picture must have: its `input_channels`, else as many as the first convolution takes."""
    if isinstance(told := getattr(module, "input_channels", None), int):
        return told
    return next(parameter.shape[1] for parameter in module.parameters() if parameter.ndim == 4)


def count(build: Callable[[], nn.Module], size: Size) -> Arithmetic:
    """Of the module that `build` makes, for one picture of `size` (height, width)."""
    with torch.device("meta"):
        module = build().eval()
    params = sum(parameter.numel() for parameter in module.parameters())
    return Arithmetic(params, multiply_adds(module, size))


def multiply_adds(light: nn.Module, size: Size) -> int:
    """Of one picture of `size` (height, width) through a module on the `meta` device.

    A module that runs in several passes has a method `everything`, which is all of them.
    """
    picture = torch.empty(1, channels_of(light), *size, device="meta")
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        getattr(light, "everything", light)(picture)
    return int(counter.get_total_flops()) // 2
