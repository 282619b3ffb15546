"""A live source: the newest picture is answered, and nobody waits for the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from explorer.engine.engine import LocalEngine
from explorer.engine.live import Live
from explorer.errors import BadPicture, Mistake
from explorer.records.classify import Classify
from explorer.records.frame import Frame
from explorer.records.live import Answered, Look
from explorer.records.question import Progress, Question
from tests import tiny

PATIENCE_S = 10


@dataclass
class Ears:
    """Takes one byte for a picture of that level, 255 for none."""

    told: list[int] = field(default_factory=list)
    spoilt: list[int] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)

    def read(self, data: bytes) -> Frame:
        if data == b"\xff":
            raise BadPicture("that is none")
        return Frame(np.full((12, 12, 3), data[0], np.uint8))

    def shape(self, answered: Answered[Any]) -> int:
        return answered.number

    def tell(self, shaped: int) -> None:
        self.told.append(shaped)

    def spoiled(self, number: int, why: str) -> None:
        self.spoilt.append(number)

    def trouble(self, why: str) -> None:
        self.troubles.append(why)

    def progress(self, step: Progress) -> None:
        self.steps.append(step.text)


def until(true: Any) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.002)


class Slow:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.let = threading.Semaphore(0)

    def __call__(self, question: Question[Any], frame: Frame, stop: Any) -> Iterator[Any]:
        self.begun.append(int(frame.pixels[0, 0, 0]))
        while not self.let.acquire(timeout=0.01):
            if stop.is_set():
                return
        yield frame.size


def test_the_newest_is_answered_and_the_others_are_counted() -> None:
    slow, ears = Slow(), Ears()
    live = Live(slow, lambda: 0, Look(""), ears)
    live.offer(0, bytes([0]))
    until(lambda: slow.begun == [0])
    live.offer(1, bytes([1]))
    until(lambda: slow.begun == [0, 1])  # prepared while the first runs
    for number in range(2, 10):
        live.offer(number, bytes([number]))
    slow.let.release(3)
    until(lambda: len(slow.begun) == 3)
    until(lambda: 9 in ears.told)
    live.close()
    counters = live.counters()
    assert slow.begun == [0, 1, 9]
    assert ears.told == sorted(ears.told)
    assert counters.came == 10 and counters.answered + counters.dropped == 10 and counters.dropped >= 7


def test_an_answer_that_a_later_one_overtook_is_not_told() -> None:
    gates = {0: threading.Event(), 1: threading.Event()}

    def ask(question: Question[Any], frame: Frame, stop: Any) -> Iterator[Any]:
        gates[int(frame.pixels[0, 0, 0])].wait(PATIENCE_S)
        yield frame.size

    ears = Ears()
    live = Live(ask, lambda: 0, Look(""), ears)
    live.offer(0, bytes([0]))
    time.sleep(0.05)
    live.offer(1, bytes([1]))
    gates[1].set()
    until(lambda: ears.told == [1])
    gates[0].set()
    until(lambda: live.counters().dropped == 1)
    live.close()
    assert ears.told == [1]


def test_what_is_no_picture_is_said_and_the_next_is_answered() -> None:
    slow, ears = Slow(), Ears()
    live = Live(slow, lambda: 0, Look(""), ears)
    live.offer(4, b"\xff")
    until(lambda: ears.spoilt == [4])
    slow.let.release()
    live.offer(5, bytes([5]))
    until(lambda: ears.told == [5])
    live.close()
    assert live.counters().spoiled == 1


@pytest.mark.parametrize("error", [Mistake("choose another"), ValueError("inside a network")])
def test_a_question_that_fails_is_told_once_and_another_goes_on(error: Exception) -> None:
    def ask(question: Question[Any], frame: Frame, stop: Any) -> Iterator[Any]:
        if isinstance(question, Classify):
            raise error
        yield frame.size

    ears = Ears()
    live = Live(ask, lambda: 0, Classify("", "tiny"), ears)
    for number in range(5):
        live.offer(number, bytes([1]))
        time.sleep(0.02)
    assert len(ears.troubles) == 1 and "another" in ears.troubles[0]
    live.ask(Look(""))
    live.offer(9, bytes([1]))
    until(lambda: 9 in ears.told)
    live.close()


def test_closed_it_leaves_no_thread_and_cancels_what_waits() -> None:
    slow, ears = Slow(), Ears()
    live = Live(slow, lambda: 0, Look(""), ears)
    live.offer(0, bytes([0]))
    until(lambda: slow.begun == [0])
    live.close()
    assert ears.told == []
    assert not [thread for thread in threading.enumerate() if thread.name == "live"]


def test_who_leaves_while_the_device_is_busy_never_runs(hub: object) -> None:
    """Work that has not begun is cancelled before the device."""
    engine = LocalEngine("cpu", tiny.registry())
    gate, ran = threading.Event(), []

    def hold(items: Any) -> Any:
        gate.wait(PATIENCE_S)
        return items

    network = engine.network("tiny", "random")
    held = engine._batcher.submit("busy", tiny.torch.zeros(1), hold)
    network.module.register_forward_pre_hook(lambda *_: ran.append(1))
    live = engine.live(Classify("", "tiny", "random"), Ears(), "leaver")
    live.offer(0, bytes([1]))
    until(lambda: engine._batcher.line("") == 1)
    assert engine._batcher.line("leaver") == 0  # nobody stands in his own way
    live.close()
    gate.set()
    held.result(PATIENCE_S)
    engine.run(Look(engine.keep(Frame(np.zeros((4, 4, 3), np.uint8)))))
    assert ran == []
    engine.close()


def test_the_engine_tells_what_its_first_answer_waits_for(hub: object) -> None:
    engine = LocalEngine("cpu", tiny.registry())
    ears = Ears()
    live = engine.live(Classify("", "tiny", "random"), ears)
    live.offer(0, bytes([9]))
    until(lambda: ears.told == [0])
    assert ears.steps == ["loading tiny", "running tiny"]
    live.offer(1, bytes([8]))
    until(lambda: ears.told == [0, 1])
    assert len(ears.steps) == 2
    live.close()
    engine.close()
