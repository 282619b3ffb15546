"""The GPU's benchmark measures both ways, and says so where there is no GPU; how fast is not tested here."""

from __future__ import annotations

import pytest
import torch

from explorer.bench import gpu
from explorer.bench.registry import benchmark
from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake


def test_without_a_gpu_it_says_that_it_was_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "available", lambda: ("cpu",))
    with pytest.raises(Mistake, match="not measured"):
        benchmark("gpu")


def test_it_compares_every_bundled_model_and_two_well_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = LocalEngine("cpu")
    wanted = {card.name for card in engine.models() if gpu._wanted(card)}
    engine.close()
    assert {"street_alexnet", "digits_lenet5", "street_overfeat", *gpu.MORE} <= wanted
    monkeypatch.setattr(gpu, "_wanted", lambda card: card.name in ("digits_lenet5", "squeezenet1_1"))
    monkeypatch.setattr(gpu, "FRAMES", 3)
    monkeypatch.setattr(gpu, "TURNS", 1)
    monkeypatch.setattr(gpu, "PRECISION", "bf16")
    rows, ratio = gpu.compared("cpu")
    assert {(row["model"], row["weights"]) for row in rows} == {
        ("digits_lenet5", "bundled"),
        ("squeezenet1_1", "random"),
    }
    assert ratio == min(row["ratio"] for row in rows) > 0
    for row in rows:
        assert row["ratio"] == pytest.approx(row["engine_per_s"] / row["bare_per_s"])
        assert row["device"] and len(row["date"]) == 10 and row["precision"] == "bf16"


@pytest.mark.cuda
def test_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    monkeypatch.setattr(gpu, "_wanted", lambda card: card.name == "street_alexnet")
    found = benchmark("gpu")
    assert found["better"] == "higher" and found["ratio"] > 0
