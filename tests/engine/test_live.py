"""A live source: the newest picture is answered, and nobody waits for the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pytest

from explorer.engine.crew import Crew
from explorer.engine.engine import LocalEngine
from explorer.engine.live import Live
from explorer.engine.running import Running
from explorer.errors import BadPicture, Mistake, Stopped
from explorer.records.classify import Classify
from explorer.records.frame import Frame
from explorer.records.live import Answered, Counters, Look
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


class Device:
    """Its passes end when they are let."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.passes: dict[int, Future[None]] = {}

    def __call__(self, question: Question[Any], frame: Frame, stop: Any) -> Iterator[Any]:
        number = int(frame.pixels[0, 0, 0])
        self.passes[number] = Future()
        self.begun.append(number)
        yield Running("in the line", ready=self.passes[number])
        if isinstance(question, Classify):
            raise Mistake("choose another")
        yield frame.size

    def let(self, number: int) -> None:
        self.passes[number].set_result(None)


@pytest.fixture
def crew() -> Iterator[Crew]:
    made = Crew(2)
    yield made
    made.close()


def live_of(ask: Any, ears: Ears, crew: Crew, question: Question[Any] | None = None) -> Live[int]:
    return Live(ask, lambda: 0, question or Look(""), ears, crew)


def test_the_newest_is_answered_and_the_others_are_counted(crew: Crew) -> None:
    device, ears = Device(), Ears()
    live = live_of(device, ears, crew)
    live.offer(0, bytes([0]))
    until(lambda: device.begun == [0])
    live.offer(1, bytes([1]))
    until(lambda: device.begun == [0, 1])  # prepared while the first runs
    for number in range(2, 10):
        live.offer(number, bytes([number]))
    device.let(0)
    until(lambda: device.begun == [0, 1, 9])
    device.let(1)
    device.let(9)
    until(lambda: ears.told == [0, 1, 9])
    live.close()
    assert live.counters() == Counters(came=10, answered=3, dropped=7)


def test_pictures_are_begun_and_told_in_their_order(crew: Crew) -> None:
    """One that a later one passed by would have run in vain."""
    device, ears = Device(), Ears()
    slow = threading.Event()

    def ask(question: Question[Any], frame: Frame, stop: Any) -> Iterator[Any]:
        slow.wait(PATIENCE_S)
        yield from device(question, frame, stop)

    live = live_of(ask, ears, crew)
    live.offer(0, bytes([0]))
    time.sleep(0.05)
    live.offer(1, bytes([1]))
    live.offer(2, bytes([2]))  # takes the place of one that was not begun
    slow.set()
    until(lambda: device.begun == [0, 2])
    device.let(2)
    time.sleep(0.05)
    assert ears.told == []
    device.let(0)
    until(lambda: ears.told == [0, 2])
    live.close()
    assert live.counters() == Counters(came=3, answered=2, dropped=1)


def test_one_that_fails_lets_those_after_it_pass(crew: Crew) -> None:
    device, ears = Device(), Ears()
    live = live_of(device, ears, crew, Classify("", "tiny"))
    live.offer(0, bytes([0]))
    until(lambda: device.begun == [0])
    live.ask(Look(""))
    live.offer(1, bytes([1]))
    until(lambda: device.begun == [0, 1])
    device.let(1)
    device.let(0)
    until(lambda: ears.told == [1])
    live.close()
    assert ears.troubles == []


def test_who_waits_for_the_device_keeps_nobody_busy() -> None:
    """A class has many more pictures on their way than the crew has hands."""
    crew, device = Crew(1), Device()
    people = [Ears() for _ in range(5)]
    lives = [live_of(device, ears, crew) for ears in people]
    for number, live in enumerate(lives):  # the first of each has a thread of its own
        live.offer(number, bytes([number]))
        until(partial(device.passes.get, number))
        device.let(number)
        until(partial(getattr, people[number], "told"))
    for number, live in enumerate(lives):
        live.offer(10 + number, bytes([10 + number]))
    until(lambda: len(device.begun) == 10)
    for number in range(5):
        device.let(14 - number)
    until(lambda: all(ears.told == [number, 10 + number] for number, ears in enumerate(people)))
    for live in lives:
        live.close()
    crew.close()
    assert not [thread for thread in threading.enumerate() if thread.name in ("crew", "live")]


def test_what_is_no_picture_is_said_and_the_next_is_answered(crew: Crew) -> None:
    device, ears = Device(), Ears()
    live = live_of(device, ears, crew)
    live.offer(4, b"\xff")
    until(lambda: ears.spoilt == [4])
    live.offer(5, bytes([5]))
    until(lambda: device.begun == [5])
    device.let(5)
    until(lambda: ears.told == [5])
    live.close()
    assert live.counters().spoiled == 1


@pytest.mark.parametrize("error", [Mistake("choose another"), ValueError("inside a network")])
def test_a_question_that_fails_is_told_once_and_another_goes_on(error: Exception, crew: Crew) -> None:
    def ask(question: Question[Any], frame: Frame, stop: Any) -> Iterator[Any]:
        if isinstance(question, Classify):
            raise error
        yield frame.size

    ears = Ears()
    live = live_of(ask, ears, crew, Classify("", "tiny"))
    for number in range(5):
        live.offer(number, bytes([1]))
        time.sleep(0.02)
    assert len(ears.troubles) == 1 and "another" in ears.troubles[0]
    live.ask(Look(""))
    live.offer(9, bytes([1]))
    until(lambda: 9 in ears.told)
    live.close()


def test_an_answer_nobody_can_shape_any_more_is_passed_by(crew: Crew) -> None:
    class Turned(Ears):
        def shape(self, answered: Answered[Any]) -> int:
            if answered.number == 0:
                raise Stopped("something else is asked by now")
            return answered.number

    device, ears = Device(), Turned()
    live = live_of(device, ears, crew)
    for number in range(2):
        live.offer(number, bytes([number]))
        until(partial(device.passes.get, number))
        device.let(number)
    until(lambda: ears.told == [1])
    live.close()
    assert ears.troubles == []


def test_closed_it_leaves_no_thread_and_cancels_what_waits(crew: Crew) -> None:
    device, ears = Device(), Ears()
    live = live_of(device, ears, crew)
    live.offer(0, bytes([0]))
    until(lambda: device.begun == [0])
    live.close()
    device.let(0)
    live.offer(1, bytes([1]))
    assert ears.told == [] and device.begun == [0]
    assert not [thread for thread in threading.enumerate() if thread.name == "live"]


def test_the_crew_outlives_work_that_breaks_and_does_what_it_promised() -> None:
    crew, done, gate = Crew(1), [], threading.Event()

    def broken() -> None:
        gate.wait(PATIENCE_S)
        raise ValueError("inside")

    assert crew.do(broken) and crew.do(lambda: done.append(1))
    gate.set()
    crew.close()
    assert done == [1] and not crew.do(lambda: done.append(2))


def test_who_leaves_while_the_device_is_busy_never_runs(hub: object) -> None:
    """Work that has not begun is cancelled before the device."""
    engine = LocalEngine("cpu", tiny.registry())
    gate, ran = threading.Event(), []

    def hold(items: Any) -> Any:
        gate.wait(PATIENCE_S)
        return items

    network = engine.network("tiny", "random")
    lanes = range(engine.device().at_once)
    held = [engine._batcher.submit(f"busy {lane}", tiny.torch.zeros(1), hold) for lane in lanes]
    network.module.register_forward_pre_hook(lambda *_: ran.append(1))
    live = engine.live(Classify("", "tiny", "random"), Ears(), "leaver")
    live.offer(0, bytes([1]))
    until(lambda: engine._batcher.line("") == 1)
    assert engine._batcher.line("leaver") == 0  # nobody stands in his own way
    live.close()
    gate.set()
    for one in held:
        one.result(PATIENCE_S)
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
