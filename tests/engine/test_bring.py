"""An owner's own Darknet network, from its files to the engine's other doors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.contract import HERE, RANDOM
from explorer.engine.deferred import Deferred
from explorer.engine.engine import LocalEngine
from explorer.errors import BadWeights, Mistake, UnknownName
from explorer.models.darknet.flat import Flat
from explorer.models.darknet.weights import load
from explorer.records.classify import Classify
from explorer.records.dense import Dense
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from tests import tiny
from tests.models.darknet.files import EVERY, cfg, numbers, planned, written

PLAN = planned(*EVERY)
FRAME = Frame(np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8))


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    path = tmp_path / "own.cfg"
    path.write_text(cfg(*EVERY))
    return str(path), str(written(tmp_path, numbers(PLAN.floats)))


@pytest.fixture
def engine(hub: Path) -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry())
    yield made
    made.close()


def found(engine: LocalEngine, model: str, weights: str = "") -> Detections:
    return engine.run(Detect(engine.keep(FRAME), model, weights, score=0.0))


def test_it_is_a_model_like_any_other(engine: LocalEngine, files: tuple[str, str]) -> None:
    before = engine.models()
    assert engine.bring(*files) == "own"
    (card,) = engine.models("detect")
    assert engine.models("classify") == before and len(engine.models()) == len(before) + 1
    assert (card.name, card.family, card.input) == ("own", "Darknet", (8, 8))
    assert [(one.name, one.host, one.size) for one in card.weights] == [
        ("net.weights", HERE, Path(files[1]).stat().st_size)
    ]
    assert engine.present("own") and engine.present("own", "net.weights") and engine.present("own", RANDOM)
    cost = engine.arithmetic("own")
    assert cost.params == sum(one.numel() for one in load(PLAN, Path(files[1])).parameters()) and cost.macs > 0


def test_what_it_answers_is_the_files(engine: LocalEngine, files: tuple[str, str]) -> None:
    model = engine.bring(*files)
    network = engine.network(model)
    with torch.inference_mode():
        wanted = Flat(load(PLAN, Path(files[1])))(network.preparation.batch(FRAME))
    assert torch.allclose(network.forward(network.preparation.batch(FRAME), "fp32"), wanted, atol=1e-5)
    assert found(engine, model).notes[0] == "your own weights" and found(engine, model).weights == "net.weights"
    assert network.macs((8, 8)) == engine.arithmetic(model).macs
    with network.study() as study:
        assert len(list(study.modules())) == len(list(network.module.modules()))


def test_untrained_it_is_the_same_every_time_and_says_so(engine: LocalEngine, files: tuple[str, str]) -> None:
    model = engine.bring(files[0], RANDOM)
    (card,) = engine.models("detect")
    answer = found(engine, model, RANDOM)
    assert card.weights == () and "never trained" in answer.notes[0] and len(answer.scores)
    other = LocalEngine("cpu", tiny.registry())
    assert np.array_equal(found(other, other.bring(*files), RANDOM).boxes, answer.boxes)
    other.close()
    with pytest.raises(UnknownName, match="random"):
        found(engine, model)


def test_a_second_file_serves_beside_the_first(engine: LocalEngine, files: tuple[str, str], tmp_path: Path) -> None:
    model = engine.bring(*files)
    first = found(engine, model)
    other = written(tmp_path, numbers(PLAN.floats, seed=1), name="later.weights")
    assert engine.adopt(model, str(other)) == "later.weights"
    second = found(engine, model)
    assert second.weights == "later.weights" and not second.cached
    assert not np.array_equal(first.scores[:9], second.scores[:9])
    assert found(engine, model, "net.weights").cached
    with pytest.raises(BadWeights, match="its header"):
        engine.adopt(model, str(written(tmp_path, numbers(9), name="short.weights")))
    assert found(engine, model).weights == "later.weights"


def test_a_file_that_changed_is_not_served_under_the_old_hash(files: tuple[str, str], hub: Path) -> None:
    none_held = LocalEngine("cpu", tiny.registry(), networks=0)
    model = none_held.bring(*files)
    assert len(found(none_held, model).scores)
    Path(files[1]).write_bytes(Path(files[1]).read_bytes()[:-4] + b"\0\0\0\0")
    with pytest.raises(BadWeights, match="has changed since"):
        found(none_held, model)
    none_held.close()


def test_names_are_twins_of_no_other_model(engine: LocalEngine, files: tuple[str, str], tmp_path: Path) -> None:
    engine.bring(*files)
    with pytest.raises(Mistake, match="a model called own already: give the cfg file another name"):
        engine.bring(*files)
    twin = tmp_path / "tiny.cfg"
    twin.write_text(cfg(*EVERY))
    with pytest.raises(Mistake, match="a model called tiny already"):
        engine.bring(str(twin), files[1])


def test_what_was_refused_leaves_nothing_behind(engine: LocalEngine, files: tuple[str, str], tmp_path: Path) -> None:
    floats = numbers(PLAN.floats)
    floats[-1] = np.nan  # found only while it is read
    names = tmp_path / "own.names"
    names.write_text("cat\n")
    broken = str(written(tmp_path, floats, name="broken.weights"))
    for arguments in ((files[0], broken), (files[0], files[1], str(names)), (files[0], str(tmp_path / "none"))):
        with pytest.raises(Mistake):
            engine.bring(*arguments)
    assert engine.models("detect") == ()
    assert engine.bring(*files) == "own"


def test_it_is_known_to_this_engine_only(files: tuple[str, str], hub: Path) -> None:
    shared = tiny.registry()
    one, other = LocalEngine("cpu", shared), LocalEngine("cpu", shared)
    one.bring(*files)
    assert len(one.models("detect")) == 1 and other.models("detect") == () and "own" not in shared
    one.close()
    other.close()


def test_a_page_that_has_no_engine_yet_may_bring_one(engine: LocalEngine, files: tuple[str, str]) -> None:
    assert Deferred(lambda: engine).bring(*files) == "own" and engine.present("own")


@pytest.mark.parametrize("kind", [Classify, Dense])
def test_other_questions_are_told_what_it_cannot(engine: LocalEngine, files: tuple[str, str], kind: type) -> None:
    with pytest.raises(Mistake, match="own"):
        engine.run(kind(engine.keep(FRAME), engine.bring(*files)))
