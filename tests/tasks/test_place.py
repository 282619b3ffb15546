"""One place three times, a dense layer in three forms, an average in two orders: by the engine, on real passes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.models import squeezenet1_0

from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.models.registry import Registry
from explorer.records.averages import Averages
from explorer.records.dense import Dense, difference
from explorer.records.flip import Flip
from explorer.records.frame import Frame
from explorer.records.place import Place
from explorer.sources.open import open_picture
from tests import tiny


class Padded(tiny.Valid):
    """The same with a padded convolution: a cell is no longer its window."""

    def __init__(self, classes: int) -> None:
        super().__init__(classes)
        self.features = nn.Sequential(nn.Conv2d(3, 5, 4, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Linear(5 * 3 * 3, 9), nn.ReLU(), nn.Linear(9, classes))


@pytest.fixture(scope="module", params=[tiny.Valid, Padded])
def engine(request: pytest.FixtureRequest) -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry(build=request.param))
    yield made
    made.close()


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(np.random.default_rng(3).integers(0, 256, (30, 41, 3)).astype(np.uint8), "noise", domain="photographs")


@pytest.mark.parametrize(("scale", "row", "column"), [(1.0, 0, 0), (1.0, 3, 5), (0.7, 4, 8), (1.3, 13, 20)])
def test_three_computations_of_one_place(
    engine: LocalEngine, frame: Frame, scale: float, row: int, column: int
) -> None:
    picture = engine.keep(frame)
    seen = engine.run(Place(picture, "tiny", "random", 2, scale, row, column))
    one, dense = (
        engine.run(Dense(picture, "tiny", "random", 2, (scale,), method)).levels[0] for method in ("sliding", "dense")
    )
    slid, at_once, alone = seen.logits
    assert np.allclose(slid, one.logits[:, row, column], atol=1e-6)
    assert np.allclose(at_once, dense.logits[:, row, column], atol=1e-6)
    with torch.inference_mode():
        logits = engine.network("tiny", "random").module(tiny.PREPARATION.inputs([seen.pixels]))[0]
    assert np.allclose(alone, logits, atol=1e-6) and seen.apart("sliding", "alone") < 1e-6
    is_padded = isinstance(engine.network("tiny", "random").module, Padded)
    assert (seen.apart("dense", "sliding") > 1e-3) == is_padded
    if scale == 1:
        x0, y0, x1, y1 = seen.box.astype(int)
        assert (x0, y0) == (2 * column, 2 * row) and np.array_equal(seen.pixels, frame.pixels[y0:y1, x0:x1])


def test_what_marched_there_is_not_run_again(engine: LocalEngine, frame: Frame) -> None:
    other = Frame(255 - frame.pixels, "other", domain="photographs")
    picture = engine.keep(other)
    slid = engine.run(Dense(picture, "tiny", "random", 2, method="sliding"))
    engine.run(Dense(picture, "tiny", "random", 2))
    ran: list[int] = []
    network = engine.network("tiny", "random")
    whole, _ = network.rebuilt("dense 2", lambda module: pytest.fail("was made twice"))
    hooks = [
        part.module.register_forward_pre_hook(lambda _, given: ran.append(len(given[0]))) for part in (network, whole)
    ]
    asked = Place(picture, "tiny", "random", 2, row=3, column=5)
    seen, again = engine.run(asked), engine.run(asked)
    for hook in hooks:
        hook.remove()
    assert ran == [1] and not seen.cached and again.cached  # the crop alone, once
    assert np.array_equal(seen.logits[0], slid.levels[0].logits[:, 3, 5])


def test_a_place_outside_the_map_is_a_mistake(engine: LocalEngine, frame: Frame) -> None:
    picture = engine.keep(frame)
    for place in ({"row": 5}, {"column": 8}):
        with pytest.raises(Mistake, match="5 rows and 8 columns"):
            engine.run(Place(picture, "tiny", "random", **place))
    with pytest.raises(Mistake, match="no room for a window"):
        engine.run(Place(picture, "tiny", "random", scale=0.2))


def test_dense_layers_give_as_convolutions_what_they_gave(engine: LocalEngine, frame: Frame) -> None:
    found = engine.run(Flip(engine.keep(frame), "tiny", "random"))
    module = engine.network("tiny", "random").module
    with torch.inference_mode():
        crop = tiny.PREPARATION.batch(frame)
        maps = module.features(crop)
        linear = next(part for part in module.classifier if isinstance(part, nn.Linear))
        hidden = linear(maps.flatten(1))[0]
        logits = module(crop)[0]
    first, last = found.layers
    side = maps.shape[-1]
    assert first.kernel == (9, 5, side, side) and first.linear == (9, 5 * side * side) and last.kernel == (4, 9, 1, 1)
    assert first.largest == pytest.approx(float(hidden.abs().max()), rel=1e-5)
    assert max(first.convolution, first.product, last.convolution, last.product) < 1e-6
    assert found.unit == int(hidden.argmax()) and found.outputs == pytest.approx([float(hidden.max())] * 3, abs=1e-6)
    assert np.array_equal(found.weights_of_unit, linear.weight[found.unit].view(5, side, side).numpy())
    assert found.largest_logit == pytest.approx(float(logits.abs().max()), rel=1e-5) and found.logits_apart < 1e-6
    assert found.crop == (12, 12) and (found.size, found.map) == ((30, 41), (5, 8))
    small = engine.run(Flip(engine.keep(frame), "tiny", "random", scale=0.3))
    assert small.size == (9, 12) and small.map == (0, 0) and small.layers == found.layers


def test_a_convolution_with_other_weights_would_be_found_out(engine: LocalEngine, frame: Frame) -> None:
    """The forms are run, not assumed: where one of them is wrong the difference says so."""
    network = engine.network("tiny", "random")
    engine.run(Flip(engine.keep(frame), "tiny", "random"))
    _, layers = network.rebuilt("flip", lambda module: pytest.fail("was made twice"))
    layer = layers[0][1]
    kernel = layer.kernel
    layer.kernel = lambda: kernel() * 1.5
    try:
        turned = Frame(frame.pixels[::-1].copy(), "turned", domain="photographs")
        found = engine.run(Flip(engine.keep(turned), "tiny", "random"))
    finally:
        del layer.kernel
    assert found.layers[0].convolution > 0.01 and found.layers[0].product < 1e-6


@pytest.mark.parametrize(("stride", "scale"), [(0, 1.0), (2, 1.3)])
def test_averages_agree_in_both_orders(engine: LocalEngine, frame: Frame, stride: int, scale: float) -> None:
    picture = engine.keep(frame)
    found = engine.run(Averages(picture, "tiny", "random", stride, scale))
    maps = engine.run(Dense(picture, "tiny", "random", stride, (scale,)))
    wanted = maps.levels[0].logits.mean(axis=(1, 2))
    assert found.positions == maps.levels[0].positions and found.features == 9 and found.layer.startswith("classifier.")
    assert np.allclose(found.after, wanted, atol=1e-5) and np.allclose(found.before, wanted, atol=1e-5)
    assert found.apart < 1e-5 and difference(maps, maps).agree == 1
    assert engine.run(Averages(picture, "tiny", "random", stride, scale)).cached


class Bent(tiny.Valid):
    """Its last layer is not the last step."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x).relu()


def test_no_average_before_what_is_not_linear(frame: Frame) -> None:
    registry: Registry = tiny.registry(build=Bent)
    engine = LocalEngine("cpu", registry)
    with pytest.raises(Mistake, match="something follows"):
        engine.run(Averages(engine.keep(frame), "tiny", "random"))
    engine.close()


@pytest.mark.long
@pytest.mark.real
def test_real_weights_on_a_real_photograph(real: Path) -> None:
    """SqueezeNet pads and its pools hang over: at half of the places the two name the same class, and a cell is not its
    window; the window slid, its crop alone, and the bare module are one."""
    engine = LocalEngine("cpu")
    file = real / "weights" / "squeezenet1_0-imagenet-8505230b.pth"
    name = engine.adopt("squeezenet1_0", str(file))
    picture = engine.keep(open_picture(str(real / "photos" / "dog.jpg")))
    one, dense = (
        engine.run(Dense(picture, "squeezenet1_0", name, scales=(0.6,), method=method))
        for method in ("batched", "dense")
    )
    both = difference(one, dense)
    assert dense.levels[0].positions == (8, 15) and len(dense.causes.padded) == 8 and len(dense.causes.ceiled) == 3
    assert 0.35 < both.agree < 0.6 and 5 < both.max_abs < 12
    assert dense.names[one.levels[0].logits.max(axis=(1, 2)).argmax()] == "dogsled"
    seen = engine.run(Place(picture, "squeezenet1_0", name, scale=0.6, row=4, column=3))
    module = squeezenet1_0()
    module.load_state_dict(torch.load(file, weights_only=True))
    x = torch.from_numpy(seen.pixels.copy()).permute(2, 0, 1)[None] / 255
    mean, std = (torch.tensor(three)[:, None, None] for three in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    with torch.inference_mode():
        logits = module.eval()((x - mean) / std)[0]
    assert np.allclose(seen.logits[2], logits, atol=1e-3) and seen.apart("sliding", "alone") < 1e-3
    assert np.allclose(seen.logits[0], one.levels[0].logits[:, 4, 3], atol=1e-3)
    found = engine.run(Flip(picture, "squeezenet1_0", name, 0.6))
    assert not found.layers and found.logits_apart <= 1e-5 * found.largest_logit and found.map == (8, 15)
    engine.close()
