"""What the RoI panel shows as its settings change."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import gradio as gr

from explorer.asking import Asking, Chosen
from explorer.contract import Engine
from explorer.drawing.cards import trouble_card
from explorer.drawing.roi import Board
from explorer.errors import ExplorerError, WeightsMissing
from explorer.records.frame import Frame
from explorer.sources.matrix import text_of
from explorer.tabs import words
from explorer.tabs.roi_controls import OWN, Controls, bins_of
from explorer.tabs.roi_settings import HEADS, LECTURE, LONGEST_LINK, PICTURES, SHIFT, Settings, box_text
from explorer.tabs.roi_shown import Shown, chosen_for, shown
from explorer.tabs.stage import nothing, seen
from explorer.tabs.wiring import Bench, Turns

TITLE = "RoI"
DRAWN = 1
"""Decimals of a pixel in which a box on a picture is told."""
REMEMBERED = 64
"""Pictures that networks have looked at: whoever asks again is answered at once, and need not be told to wait."""

_say = partial(words.say, "roi")
Updates = dict[Any, Any]


class Page:
    """Makes the updates of the panel's controls; asked: the network that answered last; known: its proposals."""

    def __init__(self, engine: Engine, bench: Bench, parts: Controls) -> None:
        self._engine, self._bench, self._parts = engine, bench, parts
        self._asking = {PICTURES: Asking(engine, "dense"), HEADS: Asking(engine, "detect")}
        self.asked = gr.State(None)
        self.known = gr.State(())
        self._turns = Turns()
        self._ran: deque[tuple[str, str, str, str]] = deque(maxlen=REMEMBERED)

    @property
    def outputs(self) -> list[Any]:
        """Everything an answer may change."""
        p = self._parts
        areas = [area for area, _ in p.areas if area not in (p.bins, p.cells)]
        return [
            self._bench.layers, p.said, p.tables, p.summed, p.chart, p.jumped, p.preset, p.which, p.mine, p.unlinked,
            p.matrix, p.box, p.bins, p.samples, p.aligned, p.region, p.proposal, p.cells, p.fetching, p.fetch, p.stop,
            self.asked, self.known, *areas,
        ]  # fmt: skip

    def answers(
        self, frame: Frame | None, settings: Settings, visitor: str, fetching: bool = False
    ) -> Iterator[Updates]:
        """Updates as they come: how far what must be fetched is, and last the answer."""
        one = None
        if frame is not None and not settings.on_matrix:
            try:
                one = yield from self._whom(frame, settings, visitor, fetching)
            except ExplorerError as error:
                yield self._seen(settings) | self._trouble(error)
                return
            run = (frame.id, one.model, one.weights, settings.layer)
            if run not in self._ran:
                self._ran.append(run)
                yield self._seen(settings) | {
                    self._parts.said: f"<p>{_say('running', model=escape(one.model))}</p>",
                    self._parts.tables: "",
                    self._parts.summed: "",
                }
        yield self.answered(frame, settings, visitor, one)

    def _whom(self, frame: Frame, settings: Settings, visitor: str, fetching: bool) -> Generator[Updates, None, Chosen]:
        """Whom to ask: what nobody chose is fetched unasked where it is small, anything when a visitor says so."""
        asking, parts = self._asking[settings.part], self._parts
        one = chosen_for(self._engine, asking, frame, settings, fetching)
        automatic = settings.part == PICTURES and not settings.network
        if not fetching and not automatic:
            return one
        for lacking in asking.missing([one]):
            for step in asking.fetched(lacking, automatic, visitor):
                if isinstance(step, Chosen):
                    one = step
                else:
                    text = f"<p>{_say('fetching', model=escape(lacking.model))} {step.fraction:.0%}</p>"
                    yield self._seen(settings) | {parts.said: text} | self._buttons(fetch=False, stop=True)
        return one

    def answered(self, frame: Frame | None, settings: Settings, visitor: str, one: Chosen | None = None) -> Updates:
        """Updates of whatever has changed; a sentence and nothing else where there is no answer, and nothing where the
        visitor has asked something else meanwhile."""
        is_last = self._turns.take(visitor)
        made = self._answered(frame, settings, visitor, one)
        return made if is_last() else {self._parts.said: gr.skip()}

    def _answered(self, frame: Frame | None, settings: Settings, visitor: str, one: Chosen | None) -> Updates:
        parts, made = self._parts, self._seen(settings)
        if frame is None:
            return made | {parts.said: f"<p>{_say('no_picture')}</p>", self._bench.layers: nothing}
        try:
            new = shown(self._engine, frame, settings, visitor, one)
            matrix = self._matrix(settings) if settings.on_matrix else {}
        except ExplorerError as error:
            return made | self._trouble(error)
        row, column = settings.chosen
        common = {
            self._bench.layers: seen(new.view),
            parts.said: new.verdict,
            parts.which: gr.update(choices=bins_of(settings.side), value=f"{row},{column}"),
            self.asked: one,
        }
        if settings.part == SHIFT:
            return made | common | matrix | {parts.chart: new.chart, parts.jumped: new.jumps}
        return (
            made
            | common
            | matrix
            | {parts.tables: new.results, parts.summed: new.sums}
            | self._drawn(settings, new, one)
        )

    def _matrix(self, settings: Settings) -> Updates:
        known, kept = settings.preset(), settings.kept()
        is_long = not kept and text_of(settings.question.matrix) != LECTURE
        return {
            self._parts.preset: known.name if known else OWN,
            self._parts.mine: kept,
            self._parts.unlinked: _say("unlinked", most=LONGEST_LINK) if is_long else "",
        }

    def _drawn(self, settings: Settings, new: Shown, one: Chosen | None) -> Updates:
        """What belongs to a box on the picture."""
        parts = self._parts
        if settings.on_matrix or one is None:
            return {}
        made: Updates = {parts.region: gr.update(value=new.region, visible=True)}
        if settings.part == HEADS:
            listed = [(_say("by_hand"), ""), *((text, name) for text, name, _ in new.proposals)]
            mine = next((name for _, name, box in new.proposals if box == new.region), "")
            made |= {parts.proposal: gr.update(choices=listed, value=mine), self.known: new.proposals}
        return made | self._buttons(fetch=bool(one.why), stop=False)  # who answers instead of another makes room for it

    def _seen(self, settings: Settings) -> Updates:
        """Which areas belong to the part that is chosen."""
        parts = self._parts
        areas = {area: gr.update(visible=settings.part in where) for area, where in parts.areas}
        areas[parts.region] = gr.update(visible=not settings.on_matrix)
        return areas | self._buttons(fetch=False, stop=False)

    def _buttons(self, fetch: bool, stop: bool) -> Updates:
        parts = self._parts
        return {
            parts.fetching: gr.update(visible=fetch or stop),
            parts.fetch: gr.update(visible=fetch),
            parts.stop: gr.update(visible=stop),
        }

    def _trouble(self, error: ExplorerError) -> Updates:
        lacking = self._buttons(fetch=True, stop=False) if isinstance(error, WeightsMissing) else {}
        return {self._parts.said: trouble_card(TITLE, f"{error} {_say('stays')}"), **lacking}

    def moved(
        self, frame: Frame | None, settings: Settings, pixels: list[float], one: Chosen | None, visitor: str
    ) -> Updates:
        """The box was dragged, to these pixels of the picture."""
        parts = self._parts
        if frame is None:
            return {parts.said: f"<p>{_say('no_picture')}</p>"}
        if not settings.on_matrix:
            x0, y0, x1, y1 = (round(float(side), DRAWN) for side in pixels)
            return self.answered(frame, replace(settings, region=box_text((x0, y0, x1, y1))), visitor, one)
        try:
            board = Board.on(frame.size, settings.numbers().shape)
        except ExplorerError as error:
            return self._trouble(error)
        text = box_text(board.cells(pixels))
        return self.answered(frame, replace(settings, box=text), visitor) | {parts.box: text}

    def halt(self, visitor: str) -> None:
        """Break off what this visitor is fetching."""
        for asking in self._asking.values():
            asking.halt(visitor)
