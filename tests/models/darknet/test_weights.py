"""The .weights reader: every float to its place, and the bytes named where they do not fit."""

from __future__ import annotations

import random
import struct
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.errors import BadWeights
from explorer.models.darknet.network import Darknet
from explorer.models.darknet.plan import Plan
from explorer.models.darknet.weights import load, read_header
from tests.models.darknet.files import EVERY, FIRST, MIDDLE, NEW, numbers, planned, written

SMALL = (
    "convolutional filters=2 size=3 pad=1 batch_normalize=1 activation=leaky",
    "maxpool size=2 stride=2",
    "convolutional filters=4 size=1 groups=2 activation=linear",
    "connected output=3 batch_normalize=1 activation=linear",
    "connected output=2 activation=linear",
)
"""60 + 8 + 210 + 8 floats at 8 x 8."""


def test_every_float_comes_to_its_place(tmp_path: Path) -> None:
    """In order: biases, scales, means, variances, weights; of a connected layer the weights come second."""
    made = planned(*SMALL)
    assert [layer.floats for layer in made.layers] == [62, 0, 8, 204, 8]
    floats = np.arange(1, made.floats + 1, dtype=np.float32)
    network = load(made, written(tmp_path, floats))
    first, _, second, third, fourth = network.layers
    assert isinstance(network, Darknet) and not network.training
    assert first.norm.bias.tolist() == [1, 2] and first.norm.weight.tolist() == [3, 4]
    assert first.norm.running_mean.tolist() == [5, 6] and first.norm.running_var.tolist() == [7, 8]
    assert first.conv.weight.flatten().tolist() == list(range(9, 63)) and first.conv.weight.shape == (2, 3, 3, 3)
    assert first.conv.bias is None and first.norm.num_batches_tracked == 0
    assert second.conv.bias.tolist() == [63, 64, 65, 66] and second.conv.weight.flatten().tolist() == [67, 68, 69, 70]
    assert third.norm.bias.tolist() == [71, 72, 73] and third.linear.weight.shape == (3, 64)
    assert third.linear.weight[0, :3].tolist() == [74, 75, 76] and third.linear.weight[1, 0] == 74 + 64
    assert third.norm.weight.tolist() == [266, 267, 268] and third.norm.running_var.tolist() == [272, 273, 274]
    assert fourth.linear.bias.tolist() == [275, 276]
    assert fourth.linear.weight.tolist() == [[277, 278, 279], [280, 281, 282]]


def test_one_of_every_kind_is_read_back_exactly(tmp_path: Path) -> None:
    made = planned(*EVERY)
    floats = numbers(made.floats)
    network = load(made, written(tmp_path, floats))
    assert np.array_equal(back(made, network), floats)
    outputs = network(torch.rand(1, 3, 8, 8))
    assert len(outputs) == 3 and all(torch.isfinite(output).all() for output in outputs)


def back(made: Plan, network: Darknet) -> np.ndarray:
    """The floats as they would be written."""
    return np.concatenate(
        [
            module.blobs()[blob.name].detach().numpy().reshape(-1)  # type: ignore[operator]
            for layer, module in zip(made.layers, network.layers, strict=True)
            for blob in layer.blobs
        ]
    )


def test_normalisation_is_darknets_on_a_gpu(tmp_path: Path) -> None:
    made = planned("convolutional filters=1 size=1 batch_normalize=1 activation=linear", channels=1, height=1, width=1)
    path = written(tmp_path, np.asarray([0.5, 2, 0.25, 4, 3], np.float32))
    (out,) = load(made, path)(torch.full((1, 1, 1, 1), 1.5))
    assert out.item() == pytest.approx(2 * (3 * 1.5 - 0.25) / (4 + 1e-5) ** 0.5 + 0.5, rel=1e-6)


@pytest.mark.parametrize(
    ("header", "version", "seen"),
    [
        (NEW, (0, 2, 5), 12345),
        (MIDDLE, (0, 1, 0), 777),
        (struct.pack("<3iQ", 1, 0, 0, 1 << 40), (1, 0, 0), 1 << 40),
        (struct.pack("<3iI", 0, 0, 9, 3), (0, 0, 9), 3),
    ],
)
def test_headers_of_16_and_of_20_bytes(tmp_path: Path, header: bytes, version: tuple[int, ...], seen: int) -> None:
    made = planned(*SMALL)
    floats = numbers(made.floats)
    path = written(tmp_path, floats, header)
    with path.open("rb") as file:
        read = read_header(file, path.name, path.stat().st_size)
        assert file.tell() == read.size
    assert read.version == version and read.seen == seen and read.size == len(header) and not read.transposed
    assert np.array_equal(back(made, load(made, path)), floats)


def test_a_file_from_before_there_were_versions_has_its_connected_weights_turned(tmp_path: Path) -> None:
    made = planned("connected output=2 activation=linear", channels=3, height=1, width=1)
    path = written(tmp_path, np.arange(8, dtype=np.float32), FIRST)
    with path.open("rb") as file:
        assert read_header(file, "a", path.stat().st_size).transposed
    layer = load(made, path).layers[0]
    assert layer.linear.bias.tolist() == [0, 1] and layer.linear.weight.tolist() == [[2, 4, 6], [3, 5, 7]]
    conv = planned("convolutional filters=2 size=1 activation=linear", channels=2, height=1, width=1)
    straight = load(conv, written(tmp_path, np.arange(6, dtype=np.float32), FIRST)).layers[0]
    assert straight.conv.weight.flatten().tolist() == [2, 3, 4, 5]


def refused(made: Plan, path: Path) -> str:
    """One line, in no time."""
    began = time.process_time()
    with pytest.raises(BadWeights) as caught:
        load(made, path)
    assert time.process_time() - began < 2
    said = str(caught.value)
    assert "\n" not in said and said.isprintable() and said.endswith((".", "?")) and len(said) < 500
    return said


def test_bytes_that_are_missing_are_counted_in_their_layer(tmp_path: Path) -> None:
    made = planned(*SMALL)
    floats = numbers(made.floats)
    said = refused(made, written(tmp_path, floats[:-1]))
    assert said.startswith("Layer 4 ([connected], line 28) needs 32 bytes and 28 are left for it: behind its header of")
    assert "20 bytes (version 0.2.5) net.weights holds 1,124 and the cfg's layers take 1,128, so 4 are missing" in said
    assert "Layer 3 ([connected], line 23) needs 816 bytes and 4 are" in refused(made, written(tmp_path, floats[:71]))
    assert "Layer 0 ([convolutional], line 6) needs 248 bytes and 0 are" in refused(made, written(tmp_path, floats[:0]))
    path = written(tmp_path, floats)
    path.write_bytes(path.read_bytes()[:-1])
    assert "needs 32 bytes and 31 are left for it" in refused(made, path)


def test_bytes_that_are_too_many_are_counted_behind_the_last_layer(tmp_path: Path) -> None:
    made = planned(*SMALL, "dropout")
    said = refused(made, written(tmp_path, numbers(made.floats + 3)))
    assert said.startswith(
        "Layer 4 ([connected], line 28) is the last with weights and 12 bytes are left over behind it"
    )
    assert "holds 1,140 and the cfg's layers take 1,128" in said
    bare = planned("maxpool")
    assert "8 bytes are left over" in refused(bare, written(tmp_path, numbers(2)))


def test_a_header_of_the_other_size_is_told_by_its_four_bytes(tmp_path: Path) -> None:
    made = planned(*SMALL)
    floats = numbers(made.floats)
    said = refused(made, written(tmp_path, floats, struct.pack("<3iI", 0, 2, 5, 1)))
    assert "28 are left for it: behind its header of 20 bytes (version 0.2.5)" in said and "so 4 are missing" in said
    said = refused(made, written(tmp_path, floats, struct.pack("<3iQ", 0, 1, 0, 1)))
    assert "4 bytes are left over" in said and "header of 16 bytes (version 0.1.0)" in said
    said = refused(made, written(tmp_path, floats, struct.pack("<3iQ", 10**9, 0, 0, 1)))
    assert "4 bytes are left over" in said and "header of 16 bytes (version 1000000000.0.0)" in said


def test_the_weights_of_another_cfg(tmp_path: Path) -> None:
    one, other = planned(*SMALL), planned(*EVERY)
    assert "bytes are left over" in refused(one, written(tmp_path, numbers(other.floats)))
    assert "are left for it" in refused(other, written(tmp_path, numbers(one.floats)))


@pytest.mark.parametrize("twentieth", range(20))
def test_a_file_that_is_cut_short(tmp_path: Path, twentieth: int) -> None:
    made = planned(*SMALL)
    path = written(tmp_path, numbers(made.floats))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * twentieth // 20])
    said = refused(made, path)
    assert "are left for it" in said or "a Darknet header alone has" in said


@pytest.mark.parametrize("size", range(21))
def test_a_file_that_ends_in_its_header(tmp_path: Path, size: int) -> None:
    path = written(tmp_path, numbers(0))
    path.write_bytes(NEW[:size])
    refused(planned(*SMALL), path)


STRANGERS = {
    b"PK\x03\x04" + b"\x00" * 60: "a zip archive or a PyTorch file",
    b"version https://git-lfs.github.com/spec/v1\noid": "a Git LFS pointer",
    b"<!DOCTYPE html><html><body>": "a web page",
    b"[net]\nwidth=8\nheight=8\n": "a cfg",
    struct.pack("<3iI", -1, 2, 5, 0): "gives -1.2.5 as its version",
}


@pytest.mark.parametrize("number", range(len(STRANGERS)))
def test_a_file_of_another_kind_is_named(tmp_path: Path, number: int) -> None:
    data, said = list(STRANGERS.items())[number]
    path = tmp_path / "net.weights"
    path.write_bytes(data)
    assert said in refused(planned(*SMALL), path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    ("at", "where"),
    [
        (0, "Layer 0 ([convolutional], line 6), biases: net.weights has NaN or infinity there"),
        (61, "Layer 0 ([convolutional], line 6), weights"),
        (62, "Layer 2 ([convolutional], line 17), biases"),
        (268, "Layer 3 ([connected], line 23), means"),
        (281, "Layer 4 ([connected], line 28), weights"),
    ],
)
def test_numbers_that_are_none_are_named_by_layer(tmp_path: Path, value: float, at: int, where: str) -> None:
    made = planned(*SMALL)
    floats = numbers(made.floats)
    floats[at] = value
    assert where in refused(made, written(tmp_path, floats))


def test_any_bytes_are_weights_or_a_sentence(tmp_path: Path) -> None:
    """Random files of about the right size, and the right file with one byte of another value."""
    made, chance = planned(*SMALL), random.Random(6)
    path = written(tmp_path, numbers(made.floats))
    right, loaded = path.read_bytes(), 0
    for turn in range(200):
        data = bytearray(right) if turn % 2 else bytearray(chance.randbytes(len(right) + chance.randint(-9, 9)))
        data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            loaded += all(torch.isfinite(tensor).all() for tensor in load(made, path).state_dict().values())
        except BadWeights as refusal:
            assert str(refusal).isprintable() and len(str(refusal)) < 500
    assert loaded > 50


def test_a_variance_below_0_is_named(tmp_path: Path) -> None:
    made = planned(*SMALL)
    floats = numbers(made.floats)
    floats[7] = -1e-3
    assert "Layer 0 ([convolutional], line 6) has variances below 0" in refused(made, written(tmp_path, floats))


def test_no_file_a_folder_and_strange_names(tmp_path: Path) -> None:
    made = planned(*SMALL)
    for path in (tmp_path / "none.weights", tmp_path, tmp_path / "a\x00b", tmp_path / "\u202egnp.weights"):
        assert "There is no weights file" in refused(made, path) or path == tmp_path


def test_a_small_file_for_a_large_network_is_refused_before_there_is_a_large_network(tmp_path: Path) -> None:
    """A gigabyte would take more than two seconds here, and `refused` gives no more."""
    made = planned("connected output=390000 activation=linear", width=16, height=16)
    assert made.floats > 290_000_000
    assert "Layer 0 ([connected], line 6) needs" in refused(made, written(tmp_path, numbers(10)))
