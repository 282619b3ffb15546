"""Each kind of layer against a slow loop over Darknet's memory."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from explorer.models.darknet.network import Darknet
from explorer.models.darknet.weights import load
from tests.models.darknet.files import numbers, planned, written
from tests.reference import darknet as slow

Shape = tuple[int, int, int]


def ran(shape: Shape, *sections: str, seed: int = 0) -> tuple[slow.Map, Tensor]:
    """A picture with no two numbers alike, half of them below 0, and what the network makes of it."""
    channels, height, width = shape
    picture = numbers(channels * height * width, seed).reshape(shape) - np.float32(0.5)
    torch.manual_seed(seed)
    network = Darknet(planned(*sections, channels=channels, height=height, width=width)).eval()
    with torch.inference_mode():
        return picture, network(torch.from_numpy(picture)[None])[0][0]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_reorg_is_darknets_odd_order(stride: int, channels: int, rows: int, columns: int) -> None:
    shape = channels * stride**2, rows * stride, columns * stride
    picture, made = ran(shape, f"reorg stride={stride}")
    assert np.array_equal(made.numpy(), slow.reorg(picture, stride))
    picture, made = ran(shape, f"reorg stride={stride} reverse=1")
    assert np.array_equal(made.numpy(), slow.reorg_back(picture, stride))


def test_reorg_by_hand_is_not_the_usual_space_to_depth() -> None:
    """Four channels of 2x2 are read as one of 4x4: 0 1 2 3 / 4 5 6 7 / ..."""
    x = torch.arange(16.0).reshape(1, 4, 2, 2)
    (made,) = Darknet(planned("reorg stride=2", channels=4, height=2, width=2))(x)
    assert made.flatten().tolist() == [0, 2, 8, 10, 1, 3, 9, 11, 4, 6, 12, 14, 5, 7, 13, 15]
    assert made.shape == (1, 16, 1, 1)
    assert not torch.equal(made, torch.nn.functional.pixel_unshuffle(x, 2))


@settings(max_examples=120, deadline=None)
@given(*[st.integers(1, 5)] * 2, *[st.integers(1, 4)] * 2, st.integers(0, 9), *[st.integers(5, 9)] * 2)
def test_maxpool_pads_as_darknet(
    size: int, channels: int, down: int, across: int, padding: int, height: int, width: int
) -> None:
    line = f"maxpool size={size} stride_y={down} stride_x={across} padding={padding}"
    picture, made = ran((channels, height, width), line)
    assert np.array_equal(made.numpy(), slow.maxpool(picture, size, down, across, padding))


def test_maxpool_of_size_2_and_stride_1_keeps_the_size_and_looks_right_and_down() -> None:
    x = torch.tensor([[5.0, 1, 2], [0, 3, 9], [7, 8, 4]])[None, None]
    (made,) = Darknet(planned("maxpool size=2 stride=1", channels=1, height=3, width=3))(x)
    assert made[0, 0].tolist() == [[5, 9, 9], [8, 9, 9], [8, 8, 4]]


@settings(max_examples=40, deadline=None)
@given(*[st.integers(1, 3)] * 5, st.booleans(), st.sampled_from([1, 2]))
def test_convolutions_in_groups_strided_and_dilated(
    size: int, inputs: int, filters: int, down: int, across: int, pad: bool, groups: int
) -> None:
    dilation = 2 if size == 3 and pad else 1
    line = (
        f"convolutional size={size} filters={filters * groups} groups={groups} stride_y={down} stride_x={across} "
        f"pad={int(pad)} dilation={dilation} activation=linear"
    )
    made = planned(line, channels=inputs * groups, height=6, width=7)
    network = Darknet(made).eval()
    (weights, biases) = (network.layers[0].blobs()[name].detach().numpy() for name in ("weights", "biases"))  # type: ignore[operator]
    picture = numbers(inputs * groups * 42).reshape(-1, 6, 7)
    with torch.inference_mode():
        (out,) = network(torch.from_numpy(picture)[None])
    padding = size // 2 * dilation if pad else 0
    wanted = slow.convolution(picture, weights, (down, across), padding, dilation, groups) + biases[:, None, None]
    assert out[0].numpy() == pytest.approx(wanted, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("options", ["size=3 stride=2 pad=1", "size=3 stride=1 pad=1", "size=2 stride=2", "size=4"])
def test_local_has_weights_of_its_own_at_every_place(tmp_path, options: str) -> None:  # type: ignore[no-untyped-def]
    made = planned(f"local filters=3 activation=linear {options}", channels=2, height=6, width=5)
    floats = numbers(made.floats)
    network = load(made, written(tmp_path, floats))
    picture = numbers(60, 1).reshape(2, 6, 5)
    with torch.inference_mode():
        (out,) = network(torch.from_numpy(picture)[None])
    (layer,) = made.layers
    count = math.prod(layer.gives)
    section = dict(option.split("=") for option in options.split())
    size, stride, padding = int(section["size"]), int(section.get("stride", 1)), int(section.get("pad", 0))
    wanted = slow.local(picture, floats[count:], floats[:count].reshape(layer.gives), size, stride, padding)
    assert out[0].numpy() == pytest.approx(wanted, rel=1e-4)


def test_route_takes_one_group_of_each_map() -> None:
    """Darknet parts every map by itself, and joins the parts in the order they are named."""
    picture, made = ran(
        (6, 4, 4), "upsample stride=1", "upsample stride=1 scale=2", "route layers=1,0 groups=3 group_id=1"
    )
    assert np.array_equal(made.numpy(), np.concatenate([2 * picture[2:4], picture[2:4]]))
    picture, made = ran((6, 4, 4), "upsample stride=1", "route layers=0 groups=2 group_id=1")
    assert np.array_equal(made.numpy(), picture[3:])
    picture, made = ran((6, 4, 4), "upsample stride=1", "upsample stride=1 scale=3", "route layers=-2,-1")
    assert np.array_equal(made.numpy(), np.concatenate([picture, 3 * picture]))


def test_shortcuts_add_all_they_name_then_activate() -> None:
    picture, made = ran(
        (2, 4, 4), "upsample stride=1", "upsample stride=1 scale=2", "shortcut from=0,-1 activation=relu"
    )
    assert made.numpy() == pytest.approx(np.maximum(picture + 4 * picture, 0), rel=1e-6)


def test_upsample_repeats_and_scales() -> None:
    picture, made = ran((2, 3, 4), "upsample stride=3 scale=.5")
    assert np.array_equal(made.numpy(), picture.repeat(3, 1).repeat(3, 2) * np.float32(0.5))


def test_scales_by_channel_by_place_and_by_value() -> None:
    picture, made = ran((4, 3, 2), "upsample stride=1", "avgpool", "scale_channels from=0")
    assert made.numpy() == pytest.approx(picture * picture.mean((1, 2), keepdims=True), rel=1e-5)
    picture, made = ran((4, 3, 2), "upsample stride=1", "route layers=0 groups=4", "scale_channels from=0 scale_wh=1")
    assert np.array_equal(made.numpy(), picture * picture[:1])
    picture, made = ran((4, 3, 2), "upsample stride=1", "upsample stride=1 scale=2", "sam from=0 activation=relu")
    assert np.array_equal(made.numpy(), picture * picture * 2)


def test_softmax_by_groups_and_temperature() -> None:
    picture, made = ran((6, 1, 1), "softmax groups=2 temperature=.5")
    raised = np.exp(picture.astype(np.float64).reshape(2, 3) * 2)
    assert made.numpy().flatten() == pytest.approx((raised / raised.sum(1, keepdims=True)).flatten(), rel=1e-5)


def test_dropout_does_nothing_in_an_answer() -> None:
    picture, made = ran((2, 3, 3), "dropout probability=.9")
    assert np.array_equal(made.numpy(), picture)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("leaky", lambda x: x if x > 0 else 0.1 * x),
        ("linear", lambda x: x),
        ("relu", lambda x: max(x, 0.0)),
        ("relu6", lambda x: min(max(x, 0.0), 6.0)),
        ("logistic", slow.sigmoid),
        ("mish", lambda x: x * math.tanh(math.log1p(math.exp(x)))),
        ("swish", lambda x: x * slow.sigmoid(x)),
    ],
)
def test_activations_by_their_formulas(name: str, rule) -> None:  # type: ignore[no-untyped-def]
    picture, made = ran(
        (1, 5, 5), "upsample stride=1 scale=9", "upsample stride=1 scale=9", f"shortcut from=0 activation={name}"
    )
    wanted = [rule(90 * float(value)) for value in picture.flatten()]
    assert made.flatten().tolist() == pytest.approx(wanted, rel=1e-4, abs=1e-6)
