"""The plan: shapes, weights, work and memory, worked out before anything is allocated."""

from __future__ import annotations

import random
import resource
import weakref
from math import prod

import pytest
import torch
from torch import Tensor, nn

from explorer.errors import Mistake
from explorer.models.darknet.cfg import read_cfg
from explorer.models.darknet.network import Darknet
from explorer.models.darknet.plan import plan
from explorer.models.darknet.yolo_v1 import yolo_v1
from explorer.ops.arithmetic import count
from tests.models.darknet.files import EVERY, YOLO, cfg, planned


def on_meta(network: Darknet, pictures: int) -> list[tuple[int, ...]]:
    """The shape every layer's module gives, where nothing is computed."""
    shapes: list[tuple[int, ...]] = []

    def keep(part: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        shapes.append(tuple(output.shape))

    for part in network.layers:
        part.register_forward_hook(keep)
    network.eval()(torch.empty(pictures, *network.plan.input, device="meta"))
    return shapes


@pytest.mark.parametrize("size", [(8, 8), (64, 8), (8, 24)])
def test_the_modules_give_the_planned_shapes_and_hold_the_planned_weights(size: tuple[int, int]) -> None:
    written = [line for line in EVERY if "detection" not in line] if size != (8, 8) else list(EVERY)
    made = planned(*written, height=size[0], width=size[1])
    with torch.device("meta"):
        network = Darknet(made)
    for layer, shape in zip(made.layers, on_meta(network, 2), strict=True):
        assert shape[0] == 2 and prod(shape[1:]) == prod(layer.gives), layer.section.place
        assert len(shape) == 2 or shape[1:] == layer.gives
    for layer, module in zip(made.layers, network.layers, strict=True):
        tensors = module.blobs() if layer.blobs else {}  # type: ignore[operator]
        assert {name: tuple(tensor.shape) for name, tensor in tensors.items()} == {b.name: b.shape for b in layer.blobs}
    state = {key: tensor for key, tensor in network.state_dict().items() if "num_batches" not in key}
    assert made.floats == sum(tensor.numel() for tensor in state.values())


def test_another_size_is_planned_from_the_same_cfg() -> None:
    config = read_cfg(cfg("convolutional filters=14 size=3 stride=2 pad=1", YOLO))
    assert plan(config).layers[1].gives == (14, 4, 4) and plan(config, (16, 32)).layers[1].gives == (14, 8, 16)
    assert plan(config, (16, 32)).input == (3, 16, 32) and plan(config, (16, 32)).floats == plan(config).floats
    with pytest.raises(Mistake, match="5000 x 32 pixels: give sides from 1 to 4,096"):
        plan(config, (5000, 32))


def test_work_is_the_multiply_adds_of_the_convolutions_and_connected_layers() -> None:
    sections = ("conv filters=8 size=3 pad=1 stride=2", "conv filters=6 size=3 groups=2", "connected output=5")
    made = planned(*sections, height=12, width=10)
    assert [layer.work for layer in made.layers] == [8 * 6 * 5 * 27, 6 * 4 * 3 * 36, 5 * 72]
    assert made.work == count(lambda: Darknet(made), (12, 10)).macs


def test_an_output_is_forgotten_after_its_last_reader_and_a_heads_is_kept() -> None:
    made = planned("conv", "conv", "route layers=0", "conv filters=14", YOLO, "route layers=1", "conv")
    assert made.last_reads == ((), (), (0,), (2,), (3,), (1,), (5, 6))
    assert made.heads == (4,)
    deep = planned(*["conv filters=4"] * 50)
    assert deep.alive == 3 * 64 + 2 * 4 * 64


def test_forgotten_outputs_are_freed_while_the_network_runs() -> None:
    """Of fifty maps in a row, two are there at once."""
    network = Darknet(planned(*["conv filters=4 activation=relu"] * 50)).eval()
    made: list[weakref.ref[Tensor]] = []
    there: list[int] = []

    def keep(part: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        made.append(weakref.ref(output))
        there.append(sum(one() is not None for one in made))

    for part in network.layers:
        part.register_forward_hook(keep)
    with torch.inference_mode():
        network(torch.rand(1, 3, 8, 8))
    assert max(there) == 2


def test_a_layer_that_nobody_reads_twice_may_share_its_memory_but_never_changes_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every output as it was made, and as it is when the network is done."""
    made = planned(*EVERY)
    torch.manual_seed(0)
    network = Darknet(made).eval()
    kept: list[tuple[Tensor, Tensor]] = []

    def keep(part: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        kept.append((output, output.clone()))

    for part in network.layers:
        part.register_forward_hook(keep)
    picture = torch.rand(2, 3, 8, 8)
    before = picture.clone()
    with torch.inference_mode():
        network(picture)
    assert torch.equal(picture, before)
    assert len(kept) == len(EVERY) and all(torch.equal(now, then) for now, then in kept)


def test_a_network_without_a_head_gives_its_last_layer() -> None:
    made = planned("conv filters=5", "avgpool", "softmax", "cost type=sse")
    with torch.inference_mode():
        (scores,) = Darknet(made).eval()(torch.rand(2, 3, 8, 8))
    assert made.heads == () and made.classes == 0
    assert scores.shape == (2, 5, 1, 1) and scores.sum(1).flatten().tolist() == pytest.approx([1, 1])


def test_pictures_of_another_shape_are_refused() -> None:
    network = Darknet(planned("conv"))
    for shape in ((1, 3, 8, 9), (1, 1, 8, 8), (3, 8, 8)):
        with pytest.raises(Mistake, match=r"takes \(n, 3, 8, 8\) and got"):
            network(torch.zeros(shape))


def test_what_is_refused_costs_no_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for line in ("connected output=1000000", "conv filters=65536 size=100 pad=1", "upsample stride=64"):
        with pytest.raises(Mistake, match="are the most"):
            planned(*[line] * 4, width=4096, height=4096)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_random_networks_give_the_planned_shapes() -> None:
    """Where a plan is made, its modules agree with it."""
    chance = random.Random(5)
    agreed = 0
    for _ in range(150):
        lines = [line for line in EVERY if not line.startswith(("yolo", "region", "detection"))]
        drawn = [
            f"{chance.choice(lines)} size={chance.randint(1, 5)} padding={chance.randint(0, 5)} "
            f"stride_x={chance.randint(1, 3)}"
            for _ in range(chance.randint(1, 6))
        ]
        try:
            made = planned(*drawn, width=chance.randint(6, 30), height=chance.randint(6, 30), channels=4)
        except Mistake:
            continue
        with torch.device("meta"):
            network = Darknet(made)
        assert [shape[1:] for shape in on_meta(network, 1)] == [layer.gives for layer in made.layers], drawn
        agreed += 1
    assert agreed > 30


def test_yolo_v1_is_the_papers() -> None:
    """Figure 3: 24 convolutions, 2 connected layers, maps of 448, 112, 56, 28, 14 and 7, and 7 x 7 x 30 in the end."""
    made = plan(read_cfg(yolo_v1()))
    kinds = [layer.section.kind for layer in made.layers]
    assert kinds.count("convolutional") == 24 and kinds.count("connected") == 2 and kinds.count("maxpool") == 4
    assert [layer.gives for layer in made.layers if layer.section.kind == "maxpool"] == [
        *((64, 112, 112), (192, 56, 56), (512, 28, 28), (1024, 14, 14))
    ]
    sides = [layer.gives[1] for layer in made.layers if layer.section.kind == "convolutional"]
    assert sides == [224, 112, *[56] * 4, *[28] * 10, *[14] * 5, *[7] * 3]
    assert made.layers[-5].gives == (1024, 7, 7) and made.layers[-1].gives == (7 * 7 * 30, 1, 1)
    windows = [  # inputs, filters, side, written down from the figure
        *((3, 64, 7), (64, 192, 3), (192, 128, 1), (128, 256, 3), (256, 256, 1), (256, 512, 3)),
        *((512, 256, 1), (256, 512, 3)) * 4,
        *((512, 512, 1), (512, 1024, 3)),
        *((1024, 512, 1), (512, 1024, 3)) * 2,
        *((1024, 1024, 3),) * 4,
    ]
    convolutions = sum(inputs * filters * side**2 + filters for inputs, filters, side in windows)
    dense = 7 * 7 * 1024 * 4096 + 4096 + 4096 * 1470 + 1470
    assert made.floats == convolutions + dense == 271_703_550


def test_yolo_v1_in_small_runs() -> None:
    made = plan(read_cfg(yolo_v1(classes=3, side=1, boxes=2)))
    assert made.size == (64, 64) and made.head_sections[0].values == 13  # type: ignore[attr-defined]
    with torch.device("meta"):
        assert on_meta(Darknet(made), 1)[-1] == (1, 13)
