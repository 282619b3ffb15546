"""A box on a real network's map: torchvision's numbers on the same features, and no forward pass while it moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision

from explorer.engine.engine import LocalEngine
from explorer.engine.network import Network
from explorer.errors import Mistake
from explorer.models.preparation import Preparation
from explorer.models.registry import models
from explorer.ops.stages import up_to
from explorer.records.frame import Frame
from explorer.records.question import Progress
from explorer.records.roi import Box
from explorer.records.roi_features import STRONGEST, RoiFeatureMap, RoiFeatures
from explorer.sources.open import open_picture
from explorer.tasks.roi_features import MOST_PIXELS

BOX: Box = (31.5, 20.25, 118.0, 97.3)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", models())
    yield made
    made.close()


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(np.random.default_rng(3).integers(0, 256, (133, 190, 3)).astype(np.uint8), "noise")


def asked(engine: LocalEngine, frame: Frame, box: Box = BOX, model: str = "resnet18", **more: object) -> RoiFeatureMap:
    return engine.run(RoiFeatures(engine.keep(frame), model, box, **{"weights": "random"} | more))  # type: ignore[arg-type]


def map_of(engine: LocalEngine, frame: Frame, model: str, layer: str = "") -> torch.Tensor:
    """Float32 (1, c, h, w), by hand."""
    network = engine.network(model, "random")
    assert isinstance(network.preparation, Preparation)
    made, _, _ = up_to(network.module, network.card.input, layer)
    with torch.inference_mode():
        return made(network.preparation.whole(frame, frame.size))


@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize(("model", "layer"), [("resnet18", ""), ("resnet18", "8"), ("street_alexnet", "features.13")])
def test_the_numbers_are_torchvisions_on_the_networks_map(
    engine: LocalEngine, frame: Frame, model: str, layer: str, aligned: bool
) -> None:
    features = map_of(engine, frame, model, layer)
    answer = asked(engine, frame, model=model, layer=layer, bins=5, samples=2, aligned=aligned)
    stride = answer.stage.stride
    assert answer.roi.scale == 1 / stride and answer.input == answer.size == (133, 190)
    assert np.allclose(answer.roi.matrix, features[0, answer.channel], atol=1e-4)
    rois = torch.tensor([[0.0, *BOX]])
    pool = torchvision.ops.roi_pool(features, rois, 5, 1 / stride)[0, answer.channel]
    align = torchvision.ops.roi_align(features, rois, 5, 1 / stride, 2, aligned)[0, answer.channel]
    assert np.allclose(answer.poolings.pool.values[0], pool, atol=1e-4)
    assert np.allclose(answer.poolings.align.average[0], align, atol=1e-4)
    assert np.allclose(answer.difference, pool - align, atol=1e-4)


def test_the_channel_is_the_one_that_answers_most_in_the_box(engine: LocalEngine, frame: Frame) -> None:
    """Of the cells that RoI Pool compares, by hand; not the greatest anywhere."""
    features = map_of(engine, frame, "resnet18", "8")[0].numpy()
    answer = asked(engine, frame, layer="8")
    x0, y0, x1, y1 = (int(side / 8 + 0.5) for side in BOX)
    inside = features[:, y0 : y1 + 1, x0 : x1 + 1].max(axis=(1, 2))
    assert answer.strongest and answer.channel == inside.argmax() != features.max(axis=(1, 2)).argmax()
    assert answer.poolings.pool.values.max() == pytest.approx(inside.max(), rel=1e-5)
    mine = asked(engine, frame, layer="8", channel=5)
    assert mine.channel == 5 and not mine.strongest
    with pytest.raises(Mistake, match="channels 0 to 127"):
        asked(engine, frame, layer="8", channel=128)


def test_what_rounding_moves_is_told_in_pixels_of_the_picture(engine: LocalEngine, frame: Frame) -> None:
    """Stride 16: 31.5 is 1.97 cells, so 2, pixel 32; 20.25 is 1.27, so 1, 16; 118 is 7.4: cell 7 ends at 128."""
    answer = asked(engine, frame, layer="16")
    assert answer.poolings.pool.box.tolist() == [2, 1, 7, 6]
    assert answer.rounded.tolist() == [32, 16, 128, 112]
    assert answer.moved.tolist() == pytest.approx([0.5, -4.25, 10, 14.7], abs=1e-4)
    assert answer.read.tolist() == pytest.approx([side + 8 for side in BOX], abs=1e-4)  # half a cell too far
    assert asked(engine, frame, layer="16", aligned=True).read.tolist() == pytest.approx(BOX, abs=1e-4)
    assert answer.cell == (16, 16) and answer.stage.first == (0.5, 0.5)


def test_a_box_that_moves_runs_no_network(engine: LocalEngine, frame: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Frame(frame.pixels[::-1].copy())
    first = asked(engine, other)
    ran: list[object] = []
    monkeypatch.setattr(Network, "forward", lambda self, items, precision: ran.append(items))
    moved = [
        asked(engine, other, (x, 20, 80 + x, 97), channel=c, bins=3) for x, c in ((1, 0), (2.5, 7), (3, STRONGEST))
    ]
    assert not ran and not first.cached and all(one.cached and one.ms == first.ms for one in moved)
    steps = list(engine.ask(RoiFeatures(engine.keep(other), "resnet18", BOX, "random")))
    assert not any(isinstance(step, Progress) and "running" in step.text for step in steps)


def test_large_pictures_are_made_smaller_and_say_so(engine: LocalEngine) -> None:
    large = Frame(np.random.default_rng(0).integers(0, 256, (1000, 1501, 3)).astype(np.uint8))
    answer = asked(engine, large, (100, 100, 900, 700), "street_alexnet")
    height, width = answer.input
    assert height * width <= MOST_PIXELS * 1.01 and answer.size == (1000, 1501)
    assert any("made smaller first" in note for note in answer.notes)
    assert answer.cell == pytest.approx((16 * 1501 / width, 16 * 1000 / height))
    assert answer.roi.box == pytest.approx((100 * width / 1501, 0.1 * height, 900 * width / 1501, 0.7 * height))
    cells = answer.poolings.pool.box + np.array([0, 0, 1, 1])
    assert answer.rounded.tolist() == pytest.approx((cells * (answer.cell * 2)).tolist(), rel=1e-5)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"box": (200, 0, 300, 50)}, "no part of the picture"),
        ({"box": (-50, 0, 0, 50)}, "no part of the picture"),
        ({"box": (10, 10, 10, 50)}, "no part of the picture"),
        ({"model": "digits_lenet5"}, "no classifier of whole pictures"),
        ({"model": "fasterrcnn_mobilenet_v3_large_320_fpn"}, "no classifier"),
        ({"layer": "64"}, "no map called '64'"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(
    engine: LocalEngine, frame: Frame, wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(Mistake, match=said):
        asked(engine, frame, **wrong)  # type: ignore[arg-type]


def test_a_picture_too_small_is_a_sentence(engine: LocalEngine) -> None:
    small = Frame(np.zeros((20, 20, 3), np.uint8))
    with pytest.raises(Mistake, match="too small for alexnet"):
        asked(engine, small, (1, 1, 9, 9), "alexnet")


@pytest.mark.real
def test_a_trained_networks_channels_know_what_is_in_the_box(real: Path) -> None:
    """SqueezeNet's last map has a channel for each class: a dog's for the dog, another for the car behind it."""
    engine = LocalEngine("cpu", models())
    name = engine.adopt("squeezenet1_0", str(real / "weights" / "squeezenet1_0-imagenet-8505230b.pth"))
    picture = open_picture(str(real / "photos" / "dog.jpg"))
    asked = RoiFeatures(engine.keep(picture), "squeezenet1_0", (131, 220, 310, 540), name)
    dog, car = engine.run(asked), engine.run(replace(asked, box=(470, 75, 690, 170)))
    assert dog.stage.stride == 16 and dog.roi.matrix.shape == car.roi.matrix.shape == (35, 47)
    assert 151 <= dog.channel <= 268  # ImageNet's dogs
    assert engine.network("squeezenet1_0", name).categories[car.channel] == "golfcart" and car.cached
    engine.close()
