"""Every picture of a source through one question."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from explorer.engine.engine import LocalEngine
from explorer.engine.stream import stream
from explorer.errors import Mistake
from explorer.records.classify import Classify
from explorer.records.frame import Frame
from tests import tiny


def grey(level: int) -> Frame:
    return Frame(np.full((4, 4, 3), level, np.uint8))


def levels(count: int) -> Iterator[Frame]:
    return map(grey, range(count))


def test_every_picture_in_order_however_long_each_takes() -> None:
    def answer(frame: Frame) -> int:
        level = int(frame.pixels[0, 0, 0])
        time.sleep(0.02 * (level % 3 == 0))
        return level

    found = [(int(frame.pixels[0, 0, 0]), answer) for frame, answer in stream(levels(11), answer, ahead=4)]
    assert found == [(level, level) for level in range(11)]


def test_the_source_is_read_only_so_far_ahead() -> None:
    read: list[int] = []

    def source() -> Iterator[Frame]:
        for level in range(20):
            read.append(level)
            yield grey(level)

    answers = stream(source(), lambda frame: 0, ahead=3)
    next(answers)
    assert len(read) == 3
    answers.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("stream")]


def test_several_are_on_their_way_at_once() -> None:
    together = threading.Barrier(3, timeout=10)
    assert len(list(stream(levels(6), lambda frame: together.wait(), ahead=3))) == 6


def test_what_was_answered_comes_before_the_trouble() -> None:
    def source() -> Iterator[Frame]:
        yield grey(1)
        yield grey(2)
        raise Mistake("the film tore")

    found = []
    with pytest.raises(Mistake, match="the film tore"):
        for frame, _ in stream(source(), lambda frame: 0, ahead=4):
            found.append(int(frame.pixels[0, 0, 0]))
    assert found == [1, 2]


def test_a_set_stop_ends_it() -> None:
    stop = threading.Event()
    found = []
    for _, answer in stream(levels(50), lambda frame: int(frame.pixels[0, 0, 0]), 2, stop):
        found.append(answer)
        if answer == 5:
            stop.set()
    assert found == [0, 1, 2, 3, 4, 5]


def test_the_engine_answers_as_for_stills_and_keeps_nothing(hub: object) -> None:
    engine = LocalEngine("cpu", tiny.registry())
    pictures = [Frame(np.random.default_rng(n).integers(0, 256, (20, 30, 3), np.uint8)) for n in range(5)]
    question = Classify("", "tiny", "random")
    streamed = list(engine.stream(iter(pictures), question, ahead=3))
    assert len(engine._outputs) == 0 and len(engine._pictures) == 0
    for frame, answer in streamed:
        still = engine.run(Classify(engine.keep(frame), "tiny", "random"))
        np.testing.assert_allclose(answer.scores, still.scores, atol=1e-6)
    assert [frame for frame, _ in streamed] == pictures
    engine.close()
