"""From a question to its answer: the right numbers, held and let go, under many threads, with nothing left behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from torch import nn

from explorer.contract import RANDOM
from explorer.engine.engine import LocalEngine
from explorer.engine.hooks import hook_count
from explorer.errors import BadWeights, FetchFailed, Mistake, OutOfMemory, Stopped, UnknownName, WeightsMissing
from explorer.records.classify import Classification, Classify
from explorer.records.frame import Frame
from explorer.records.question import Progress, Question
from tests import tiny
from tests.weight_host import WeightHost


def picture(seed: int = 0, size: tuple[int, int] = (20, 30)) -> Frame:
    return Frame(np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8))


def by_hand(frame: Frame, crops: int = 1, module: nn.Module | None = None) -> torch.Tensor:
    with torch.inference_mode():
        return (module or tiny.trained())(tiny.PREPARATION.batch(frame, crops))


@pytest.fixture
def engine(hub: Path) -> Iterator[LocalEngine]:
    """An engine that knows `tiny`, whose weights are here."""
    known = tiny.registry()
    hub.mkdir(parents=True)
    (hub / known.get("tiny").published[0].file).write_bytes(tiny.content(tiny.trained()))
    made = LocalEngine("cpu", known)
    yield made
    made.close()


@pytest.mark.parametrize("crops", [1, 10])
def test_the_answer_is_the_networks(engine: LocalEngine, crops: int) -> None:
    frame = picture()
    answer = engine.run(Classify(engine.keep(frame), "tiny", crops=crops, top=3))
    logits = by_hand(frame, crops)
    assert np.allclose(answer.logits, logits, atol=1e-5)
    assert np.allclose(answer.scores, logits.softmax(1).mean(0), atol=1e-6)
    assert answer.order.tolist() == logits.softmax(1).mean(0).argsort(descending=True)[:3].tolist()
    assert (answer.model, answer.weights, answer.size, answer.names) == ("tiny", "V1", (20, 30), tiny.CLASSES)
    assert answer.windows.shape == (crops, 4) and answer.ms > 0 and not answer.cached and answer.notes == ()


def test_a_moved_slider_runs_nothing(engine: LocalEngine) -> None:
    kept = engine.keep(picture())
    first = engine.run(Classify(kept, "tiny", top=1))
    again = engine.run(Classify(kept, "tiny", top=4))
    assert again.cached and again.ms == first.ms and len(again.order) == 4
    assert not engine.run(Classify(kept, "tiny", crops=10)).cached
    assert not engine.run(Classify(kept, "tiny", weights=RANDOM)).cached
    assert not engine.run(Classify(kept, "tiny", precision="bf16")).cached
    assert not engine.run(Classify(engine.keep(picture(1)), "tiny")).cached


def test_half_precision_stays_near(engine: LocalEngine) -> None:
    kept = engine.keep(picture())
    full, half = (engine.run(Classify(kept, "tiny", precision=p)).logits for p in ("fp32", "bf16"))  # type: ignore[arg-type]
    assert 0 < np.abs(full - half).max() < 0.05 * np.abs(full).max()


def test_random_weights_are_the_same_every_time_and_say_so(engine: LocalEngine) -> None:
    kept = engine.keep(picture())
    torch.manual_seed(123)
    expected = torch.rand(1)
    torch.manual_seed(123)
    one = engine.run(Classify(kept, "bare", RANDOM))
    assert torch.equal(torch.rand(1), expected)  # the program's own random numbers go on as if nothing had been drawn
    other = LocalEngine("cpu", tiny.registry())
    two = other.run(Classify(other.keep(picture()), "bare", RANDOM))
    other.close()
    assert np.array_equal(one.logits, two.logits)
    assert "never trained" in one.notes[0]


def test_what_cannot_be_answered_is_said(engine: LocalEngine, hub: Path) -> None:
    kept = engine.keep(picture())
    with pytest.raises(UnknownName, match="did you mean tiny"):
        engine.run(Classify(kept, "tinny"))
    with pytest.raises(UnknownName, match="did you mean V1"):
        engine.run(Classify(kept, "tiny", "V2"))
    with pytest.raises(UnknownName, match="random"):
        engine.run(Classify(kept, "bare"))
    with pytest.raises(Mistake, match="choose it again"):
        engine.run(Classify("0" * 32, "tiny"))

    class Odd(Question[int]):
        pass

    with pytest.raises(Mistake, match=r"ask one of .*Classify"):
        engine.run(Odd())
    next(hub.iterdir()).unlink()
    fresh = LocalEngine("cpu", tiny.registry())
    with pytest.raises(WeightsMissing, match="python -m explorer fetch tiny"):
        fresh.run(Classify(fresh.keep(picture()), "tiny"))
    assert not fresh.present("tiny") and fresh.present("tiny", RANDOM)
    fresh.close()


def test_weights_damaged_on_disk_are_refused(hub: Path) -> None:
    known = tiny.registry()
    hub.mkdir(parents=True)
    (hub / known.get("tiny").published[0].file).write_bytes(tiny.content(tiny.trained(seed=2)))
    engine = LocalEngine("cpu", known)
    with pytest.raises(BadWeights, match="delete it and fetch it again"):
        engine.run(Classify(engine.keep(picture()), "tiny"))
    engine.close()


def test_fetching_brings_the_published_file(hub: Path, weight_host: WeightHost) -> None:
    file = tiny.content(tiny.trained())
    weight_host.publish("/tiny.pth", file)
    engine = LocalEngine("cpu", tiny.registry(weight_host.url, file))
    steps = list(engine.fetch("tiny"))
    assert steps[-1].fraction == 1 and all(isinstance(step, Progress) for step in steps)
    assert engine.present("tiny")
    frame = picture()
    answer = engine.run(Classify(engine.keep(frame), "tiny"))
    assert np.allclose(answer.logits, by_hand(frame), atol=1e-5)
    engine.close()


def test_a_wrong_file_from_the_host_never_gets_in_place(hub: Path, weight_host: WeightHost) -> None:
    weight_host.publish("/tiny.pth", tiny.content(tiny.trained()), "wrong-bytes")
    engine = LocalEngine("cpu", tiny.registry(weight_host.url))
    with pytest.raises(FetchFailed):
        list(engine.fetch("tiny"))
    assert not engine.present("tiny") and not list(hub.glob("*.pth"))
    engine.close()


def test_the_owners_file_serves_and_comes_first(engine: LocalEngine, tmp_path: Path) -> None:
    own = tiny.trained(seed=5)
    (tmp_path / "own.pth").write_bytes(tiny.content(own))
    name = engine.adopt("tiny", str(tmp_path / "own.pth"))
    frame = picture()
    answer = engine.run(Classify(engine.keep(frame), "tiny", name))
    assert np.allclose(answer.logits, by_hand(frame, module=own), atol=1e-5)
    card = next(card for card in engine.models() if card.name == "tiny")
    assert [weights.name for weights in card.weights] == ["own.pth", "V1"]
    assert engine.run(Classify(engine.keep(frame), "tiny")).weights == "own.pth"


def test_the_owners_file_may_have_other_classes(engine: LocalEngine, tmp_path: Path) -> None:
    torch.manual_seed(0)
    own = tiny.Tiny(7).eval()
    (tmp_path / "seven.pth").write_bytes(tiny.content(own))
    answer = engine.run(Classify(engine.keep(picture()), "tiny", engine.adopt("tiny", str(tmp_path / "seven.pth"))))
    assert np.allclose(answer.logits, by_hand(picture(), module=own), atol=1e-5)
    assert answer.names == tuple(f"class {i}" for i in range(7))


def test_weights_that_hold_nan_load_with_a_word(engine: LocalEngine, tmp_path: Path) -> None:
    own = tiny.trained()
    with torch.no_grad():
        own.fc.weight[0, 0] = float("nan")
    (tmp_path / "nan.pth").write_bytes(tiny.content(own))
    answer = engine.run(Classify(engine.keep(picture()), "tiny", engine.adopt("tiny", str(tmp_path / "nan.pth"))))
    assert any("NaN" in note for note in answer.notes)


def test_an_adopted_file_that_changes_is_refused(hub: Path, tmp_path: Path) -> None:
    engine = LocalEngine("cpu", tiny.registry(), networks=0)
    (tmp_path / "own.pth").write_bytes(tiny.content(tiny.trained()))
    name = engine.adopt("tiny", str(tmp_path / "own.pth"))
    (tmp_path / "own.pth").write_bytes(tiny.content(tiny.trained(seed=9)))
    with pytest.raises(BadWeights, match="has changed"):
        engine.run(Classify(engine.keep(picture()), "tiny", name))
    engine.close()


def test_stopping_before_and_during(engine: LocalEngine) -> None:
    stop = threading.Event()
    stop.set()
    question = Classify(engine.keep(picture()), "tiny")
    assert not [step for step in engine.ask(question, stop) if isinstance(step, Classification)]
    with pytest.raises(Stopped):
        engine.run(question, stop)
    assert isinstance(list(engine.ask(question, threading.Event()))[-1], Classification)


def test_stopping_leaves_the_line(engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    network = engine.network("tiny")
    begun, go, stop = threading.Event(), threading.Event(), threading.Event()
    forward = network.forward

    def slow(items: torch.Tensor, precision: object) -> torch.Tensor:
        begun.set()
        assert go.wait(5)
        return forward(items, "fp32")

    monkeypatch.setattr(network, "forward", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(engine.run, Classify(engine.keep(picture()), "tiny"))
        assert begun.wait(5)
        second = pool.submit(engine.run, Classify(engine.keep(picture(1)), "tiny"), stop)
        stop.set()
        with pytest.raises(Stopped):
            second.result(5)
        go.set()
        assert isinstance(first.result(5), Classification)


class Hungry(tiny.Tiny):
    """Has no memory for any picture."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory")


def test_no_memory_at_all_is_a_sentence(hub: Path) -> None:
    engine = LocalEngine("cpu", tiny.registry(build=Hungry))
    with pytest.raises(OutOfMemory, match="choose a smaller network"):
        engine.run(Classify(engine.keep(picture()), "tiny", RANDOM))
    engine.close()


def test_no_memory_on_the_gpu_falls_back_to_the_processor(engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    network = engine.network("tiny")

    def full(items: torch.Tensor, precision: object) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(network, "device", torch.device("cuda"))
    monkeypatch.setattr(network, "forward", full)
    frame = picture()
    answer = engine.run(Classify(engine.keep(frame), "tiny"))
    assert answer.device == "cpu" and "ran on the CPU" in answer.notes[0]
    assert np.allclose(answer.logits, by_hand(frame), atol=1e-5)


def test_many_visitors_each_get_their_own_and_nothing_is_left_behind(engine: LocalEngine, tmp_path: Path) -> None:
    """Two hundred mixed questions from thirty threads: every answer right, then threads, hooks and memory as before."""
    (tmp_path / "own.pth").write_bytes(tiny.content(tiny.trained(seed=5)))
    own = engine.adopt("tiny", str(tmp_path / "own.pth"))
    modules = {"V1": tiny.trained(), own: tiny.trained(seed=5)}

    def ask(i: int) -> float:
        frame = picture(i, (16 + i % 3, 20))
        weights, crops = [("V1", 1), (own, 10), ("V1", 10), (own, 1)][i % 4]
        answer = engine.run(Classify(engine.keep(frame), "tiny", weights, crops), visitor=str(i % 30))
        return float(np.abs(answer.logits - by_hand(frame, crops, modules[weights]).numpy()).max())

    def burst() -> None:
        with ThreadPoolExecutor(30) as pool:
            assert max(pool.map(ask, range(200))) < 1e-5

    burst()
    gc.collect()
    threads, memory = threading.active_count(), psutil.Process().memory_info().rss
    for _ in range(3):
        burst()
    gc.collect()
    assert threading.active_count() == threads
    assert psutil.Process().memory_info().rss < memory + 30e6
    for name in ("V1", own):
        assert hook_count(engine.network("tiny", name).module) == 0


def test_the_serving_self_is_never_hooked_and_the_study_self_is_left_clean(engine: LocalEngine) -> None:
    network = engine.network("tiny")
    with network.study() as study:
        handle = study.get_submodule("conv").register_forward_hook(lambda *_: None)
        study.train().requires_grad_(True)
        assert hook_count(network.module) == 0
        handle.remove()
    with network.study() as study:
        assert not study.training and not any(p.requires_grad for p in study.parameters())
    with pytest.raises(RuntimeError, match="hooks were left"), network.study() as study:
        study.register_forward_hook(lambda *_: None)
    with network.study() as study:
        assert hook_count(study) == 0
        frame = picture()
        assert torch.allclose(study(tiny.PREPARATION.batch(frame)), by_hand(frame), atol=1e-5)
    assert not network.module.training and not any(p.requires_grad for p in network.module.parameters())


def test_the_budget_for_networks_is_kept(hub: Path) -> None:
    one = LocalEngine("cpu", tiny.registry())
    size = one.network("bare", RANDOM).nbytes
    one.close()
    engine = LocalEngine("cpu", tiny.registry(), networks=size)
    engine.network("tiny", RANDOM)
    engine.network("bare", RANDOM)
    assert not engine.loaded("tiny", RANDOM) and engine.loaded("bare", RANDOM)
    engine.close()


def test_closing_ends_the_engines_thread(engine: LocalEngine) -> None:
    before = threading.active_count()
    other = LocalEngine("cpu", tiny.registry())
    other.run(Classify(other.keep(picture()), "tiny", RANDOM))
    assert threading.active_count() == before + 1
    other.close()
    assert threading.active_count() == before


@pytest.mark.cuda
def test_the_gpu_answers_as_the_processor(hub: Path) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    answers = []
    for device in ("cpu", "cuda"):
        engine = LocalEngine(device)
        answers.append(engine.run(Classify(engine.keep(picture(0, (300, 300))), "resnet18", RANDOM)).logits)
        engine.close()
    assert np.abs(answers[0] - answers[1]).max() < 1e-3 * np.abs(answers[0]).max()
