"""Passes that come again are replayed, a bounded number of them; what cannot be replayed runs as ever."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from explorer.contract import RANDOM
from explorer.engine import network as networks
from explorer.engine.engine import LocalEngine
from explorer.engine.network import Network
from explorer.engine.replay import AFTER, HELD, ROWS, SIZES, Replays, Run, captured
from tests import tiny


class Captured:
    """Captures as a GPU would: the same work into one and the same result."""

    def __init__(self, error: Exception | None = None, off: float = 0.0) -> None:
        self.error, self.off, self.shapes, self.replayed = error, off, list[torch.Size](), 0

    def __call__(self, run: Run, x: Tensor) -> Run:
        self.shapes.append(x.shape)
        if self.error is not None:
            raise self.error
        kept = run(x).clone()

        def replay(x: Tensor) -> Tensor:
            self.replayed += 1
            return kept.copy_(run(x)) + self.off

        return replay


def double(x: Tensor) -> Tensor:
    return x * 2


def rows(count: int = 1, width: int = 3) -> Tensor:
    return torch.rand(count, width) + 1


def test_what_comes_again_is_captured_once_and_replayed_with_new_numbers() -> None:
    capture = Captured()
    replays = Replays(capture)
    for turn in range(AFTER + 3):
        x = rows()
        assert torch.equal(replays(double, x, "fp16"), x * 2)
        assert len(capture.shapes) == (turn + 1 >= AFTER)
    assert capture.replayed == 1 + 3 and len(replays) == 1


def test_other_shapes_and_other_kinds_are_others() -> None:
    capture = Captured()
    replays = Replays(capture)
    for _ in range(AFTER):
        replays(double, rows(1), "fp16")
        replays(double, rows(2), "fp16")
        replays(lambda x: x * 3, rows(1), "fp32")
    replays(double, rows(2), "fp16")
    assert capture.shapes[0] == (1, 3)
    x = rows(1)
    assert torch.equal(replays(double, x, "fp16"), x * 2) and torch.equal(replays(lambda x: x * 3, x, "fp32"), x * 3)


def test_a_large_pass_is_not_worth_it() -> None:
    capture = Captured()
    replays = Replays(capture)
    for _ in range(2 * AFTER):
        replays(double, rows(ROWS + 1), "fp16")
    assert capture.shapes == []


def test_the_number_held_is_bounded_and_the_oldest_go() -> None:
    replays = Replays(Captured())
    for width in range(1, HELD + 4):
        for _ in range(AFTER):
            replays(double, rows(1, width), "fp16")
    assert len(replays) == HELD
    for width in range(1, 500):
        replays(double, rows(1, 100 + width), "fp16")
    assert len(replays._seen) <= SIZES + 1
    assert replays.clear() and len(replays) == 0 and not replays.clear()


@pytest.mark.parametrize("capture", [Captured(RuntimeError("not permitted when stream is capturing")), Captured(off=1)])
def test_what_fails_or_differs_runs_as_ever_and_is_not_tried_again(capture: Captured) -> None:
    replays = Replays(capture)
    for width in (3, 4):
        for _ in range(2 * AFTER):
            x = rows(1, width)
            assert torch.equal(replays(double, x, "fp16"), x * 2)
    assert len(capture.shapes) == 1 and len(replays) == 0


def test_no_memory_for_a_capture_is_not_the_networks_fault() -> None:
    capture = Captured(torch.OutOfMemoryError("full"))
    replays = Replays(capture)
    for _ in range(2 * AFTER):
        replays(double, rows(), "fp16")
    assert len(capture.shapes) == 2 and len(replays) == 0
    capture.error = None
    for _ in range(AFTER):
        replays(double, rows(), "fp16")
    assert len(replays) == 1


@pytest.fixture
def network() -> Network:
    engine = LocalEngine("cpu", tiny.registry())
    found = engine.network("tiny", RANDOM)
    engine.close()
    return found


def test_a_networks_passes_on_a_gpu_are_its_own(network: Network) -> None:
    network._replays = Replays(Captured())
    for seed in range(AFTER + 2):
        x = torch.rand(2, 3, 12, 12, generator=torch.Generator().manual_seed(seed))
        assert torch.equal(network._on_gpu(x, "fp32"), network.forward(x, "fp32"))
        assert torch.equal(network._on_gpu(x, "bf16"), network.forward(x, "bf16"))
    assert len(network._replays) == 2


def test_the_study_self_is_never_captured(network: Network) -> None:
    capture = Captured()
    network._replays = Replays(capture)
    for _ in range(2 * AFTER):
        with network.study() as study, torch.inference_mode():
            study(torch.rand(1, 3, 12, 12))
    assert capture.shapes == []


def test_what_is_held_goes_when_memory_ends(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.rand(1, 3, 12, 12)
    network._replays = Replays(Captured())
    for _ in range(AFTER):
        network._on_gpu(x, "fp32")
    wanted, full, passed = network.forward(x, "fp32"), [True], networks.passed

    def once(*arguments: object) -> Tensor:
        if full and len(network._replays):
            raise torch.OutOfMemoryError("full")
        return passed(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(networks, "passed", once)
    assert torch.equal(network._on_gpu(x, "fp32"), wanted)
    assert len(network._replays) == 0


def test_no_memory_and_nothing_to_let_go_is_said(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Tensor:
        raise torch.OutOfMemoryError("full")

    monkeypatch.setattr(networks, "passed", never)
    with pytest.raises(torch.OutOfMemoryError):
        network._on_gpu(torch.rand(1, 3, 12, 12), "fp32")


@pytest.mark.cuda
@pytest.mark.parametrize("precision", ["fp32", "fp16", "bf16"])
def test_a_gpu_replays_what_it_ran(precision: str) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    engine = LocalEngine("cuda")
    network = engine.network("resnet18", RANDOM)
    kept = []
    for seed in range(AFTER + 2):
        x = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(seed))
        eager = networks.passed(network.module, x.cuda(), precision).float().cpu()  # type: ignore[arg-type]
        kept.append((network.forward(x, precision), eager))  # type: ignore[arg-type]
    assert all(torch.allclose(found, eager, atol=1e-2) for found, eager in kept)  # no pass wrote over an earlier answer
    assert len(network._replays) == 1
    engine.close()


@pytest.mark.cuda
def test_a_network_that_branches_on_what_it_sees_is_not_captured() -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")

    class Branches(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x * 2 if x.sum() > 0 else x

    module, replays = Branches().cuda(), Replays(captured)
    for value in (1.0, -1.0) * AFTER:
        x = torch.full((1, 3), value, device="cuda")
        assert torch.equal(replays(module, x, "fp32"), x * 2 if value > 0 else x)
    assert len(replays) == 0
