"""What the Detect tab asks for and what it makes of the answers, without a component in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import numpy as np

from explorer.asking import Chosen
from explorer.contract import Engine
from explorer.drawing.cell_card import cell_card
from explorer.drawing.detect import found_boxes
from explorer.drawing.detect_cards import found_card, funnel
from explorer.drawing.detect_cells import cells_view
from explorer.drawing.detect_nms import met, step_card, step_view
from explorer.drawing.layers import Boxes, Layer, Pane, View
from explorer.drawing.precision_recall import judged_card
from explorer.drawing.truth import judged_layers
from explorer.errors import ExplorerError, Mistake
from explorer.evaluation.matching import judge
from explorer.records.cell import Cell, CellBoxes
from explorer.records.cell_loss import CellLosses
from explorer.records.detect import LEAST_SCORE, Detect, Detections
from explorer.records.frame import Frame
from explorer.records.judged import Judged
from explorer.records.trace import Level, Round
from explorer.records.truth import Truth
from explorer.sources.annotations.read import read_annotation
from explorer.tabs import words
from explorer.tabs.detect_loss import asked_losses, loss_card, sharing

CELL = "detect_cell"
"""What the stage calls a click on a cell."""
MOST_DETECTORS = 3
SHOWN_SCORE = 0.25
"""Where the stage's slider of scores begins."""
FOUND, JUDGED, BEFORE, CELLS, STEPS = VIEWS = ("found", "judged", "before", "cells", "steps")


@dataclass(frozen=True)
class Settings:
    """What the panel's controls say: networks, none for the one that knows the picture; view: what is on the stage;
    level: which map of cells; cell: ROW,COLUMN of the chosen one, "" for where the map is surest; box: which of its
    boxes is worked out, 0 for the best; stage: which time that boxes met in NMS; step: its winner, from 1; shift: how
    far right the picture is moved, in pixels."""

    networks: tuple[str, ...] = ()
    view: str = FOUND
    level: int = 0
    cell: str = ""
    box: int = 0
    stage: int = 0
    step: int = 1
    shift: int = 0

    @classmethod
    def of(
        cls, networks: Sequence[str] | None, view: str, level: str | None, cell: str | None, box: str | None,
        stage: str | None, step: float | None, shift: float | None,
    ) -> Settings:  # fmt: skip
        """From the controls' values; what was wiped out is the default."""
        return cls(
            tuple(networks or ())[:MOST_DETECTORS],
            view if view in VIEWS else FOUND,
            _whole(level),
            cell or "",
            _whole(box),
            _whole(stage),
            max(int(step or 1), 1),
            int(shift or 0),
        )


@dataclass(frozen=True, eq=False)
class Held:
    """What is on the stage: the picture's content id, the networks that were asked by name, their answers in that
    order, and what is true; sourced: the picture's source says so, and no annotation of the visitor's."""

    picture: str
    networks: tuple[str, ...]
    answers: tuple[Detections, ...]
    truth: Truth | None = None
    sourced: bool = False

    def answers_to(self, frame: Frame, truth: Truth | None, settings: Settings) -> bool:
        """Whether the same was asked, and is only to be seen otherwise."""
        return (self.picture, self.networks) == (frame.id, settings.networks) and self.truth is truth

    def judged(self) -> tuple[Judged, ...]:
        """Each answer against the truth. Raises Mistake where that is not known."""
        if self.truth is None:
            raise Mistake("What is true of this picture is not known: give its annotation below, or choose a street.")
        return tuple(judge(answer, self.truth, least=LEAST_SCORE) for answer in self.answers)


Own = tuple[str, Truth]
"""A visitor's annotation, and the content id of the picture that it is about."""


def read_own(path: str | None, frame: Frame | None) -> Own | str:
    """What a visitor's annotation file says of this picture, or the sentence that says why it cannot be; the file goes,
    for what it says lives in its visitor's state."""
    if path is None or frame is None:
        return words.say("detect", "no_picture")
    file = Path(path)
    try:
        return frame.id, read_annotation(file, frame.size, frame.name)
    except ExplorerError as error:
        return str(error)
    finally:
        file.unlink(missing_ok=True)


def truth_of(frame: Frame | None, own: Own | None) -> Truth | None:
    """The visitor's annotation, where it is about this picture, else what the picture's source knows."""
    if frame is None:
        return None
    return own[1] if own is not None and own[0] == frame.id else frame.truth


def run(engine: Engine, frame: Frame, one: Chosen, visitor: str = "") -> Detections:
    """A detector's answer with how it came about. Raises whatever the engine raises."""
    asked = Detect(engine.keep(frame), one.model, one.weights, LEAST_SCORE, trace=True)
    answer = engine.run(asked, visitor=visitor)
    return replace(answer, notes=(one.why, *answer.notes)) if one.why else answer


@dataclass(frozen=True, eq=False)
class Staged:
    """What is on the stage, what the panel says of it, and how many boxes the chosen cell has."""

    view: View
    said: str = ""
    boxes: int = 0


def staged(engine: Engine, held: Held, settings: Settings, visitor: str = "") -> Staged:
    """The chosen view of the answers. Raises Mistake where the detector has no such inside."""
    if settings.view == FOUND:
        return Staged(_side_by_side(held, [(_found(answer),) for answer in held.answers]))
    if settings.view == JUDGED:
        judged = held.judged()
        return Staged(_side_by_side(held, [judged_layers(one, SHOWN_SCORE) for one in judged]), _verdicts(judged))
    if settings.view == BEFORE:
        return Staged(_side_by_side(held, [(_met(answer),) for answer in held.answers]))
    answer = held.answers[0]
    if settings.view == CELLS:
        return _cells(engine, held, settings, visitor)
    contest = round_of(answer, settings).contest
    if not len(contest.stays):
        raise Mistake(f"No box of {answer.model} scored enough to meet another: choose another picture.")
    step = min(settings.step, len(contest.stays)) - 1
    view = step_view(contest, answer.names, step, held.picture)
    return Staged(view, step_card(contest, answer.names, step))


def _cells(engine: Engine, held: Held, settings: Settings, visitor: str) -> Staged:
    """The first detector's cells, and one of them opened."""
    answer = held.answers[0]
    level, _ = level_of(answer, settings)
    cell = asked_cell(engine, held, answer, settings, visitor)
    losses = asked_losses(engine, held.picture, cell, visitor) if held.sourced else None
    drawn = losses if isinstance(losses, CellLosses) else None
    names = cell.names or answer.names
    view = cells_view(level, names, held.picture, cell, CELL, LEAST_SCORE, held.truth, drawn)
    opened = cell_card(cell, settings.box - 1 if settings.box else None)
    return Staged(view, opened + loss_card(losses, cell) + sharing(level, held.truth), len(cell.scores))


def cards(held: Held) -> str:
    """What each detector found."""
    return "".join(found_card(answer, SHOWN_SCORE) for answer in held.answers)


def funnels(held: Held) -> str:
    """How many boxes each step of each detector left."""
    return funnel(held.answers)


def rounds(answer: Detections) -> tuple[Round, ...]:
    """Raises Mistake for a detector that has none."""
    if answer.trace is None:
        raise Mistake(f"{answer.model} has no cells or anchors to open: its places are in the Dense tab.")
    return answer.trace.rounds


def levels(answer: Detections) -> tuple[Level, ...]:
    """All maps that propose boxes. Raises Mistake for a detector that has none."""
    return tuple(level for one in rounds(answer) for level in one.levels)


def level_of(answer: Detections, settings: Settings) -> tuple[Level, int]:
    """The chosen map and its number; the last one where there are not so many."""
    known = levels(answer)
    index = min(settings.level, len(known) - 1)
    return known[index], index


def round_of(answer: Detections, settings: Settings) -> Round:
    """The chosen time that boxes met; the last one where there are not so many."""
    known = rounds(answer)
    return known[min(settings.stage, len(known) - 1)]


def surest_cell(level: Level) -> tuple[int, int]:
    """Row and column of the best score of a map."""
    row, column = np.unravel_index(int(np.nan_to_num(level.scores, nan=-1.0).argmax()), level.scores.shape)
    return int(row), int(column)


def chosen_cell(level: Level, text: str) -> tuple[int, int]:
    """Row and column that were clicked, held within the map; where none were, those of the best score."""
    parts = text.split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        return surest_cell(level)
    return min(int(parts[0]), level.rows - 1), min(int(parts[1]), level.columns - 1)


def asked_cell(engine: Engine, held: Held, answer: Detections, settings: Settings, visitor: str = "") -> CellBoxes:
    """The chosen cell's numbers. Raises whatever the engine raises."""
    level, index = level_of(answer, settings)
    row, column = chosen_cell(level, settings.cell)
    asked = Cell(held.picture, answer.model, index, row, column, answer.weights, LEAST_SCORE)
    return engine.run(asked, visitor=visitor)


def shifted(frame: Frame, shift: int) -> Frame:
    """The picture moved to the right, what goes out on one side coming in on the other."""
    moved = np.roll(frame.pixels, shift, axis=1)
    return replace(frame, pixels=moved, name=f"{frame.name}, moved by {shift} pixels", truth=None)


def shift_view(engine: Engine, frame: Frame, one: Chosen, shift: int, visitor: str = "") -> tuple[View, Detections]:
    """The same detector on the picture and on the picture moved. Raises whatever the engine raises."""
    there = run(engine, frame, one, visitor)
    moved = shifted(frame, shift)
    then = run(engine, moved, one, visitor)
    panes = Pane("where it was", (_found(there),)), Pane(f"moved by {shift} pixels", (_found(then),), moved)
    return View(engine.keep(frame), panes), then


def _found(answer: Detections) -> Boxes:
    return replace(found_boxes("found", answer), score=SHOWN_SCORE)


def _met(answer: Detections) -> Boxes:
    return met("before suppression", rounds(answer)[-1].contest, answer.names, SHOWN_SCORE)


def _side_by_side(held: Held, layers: Sequence[Sequence[Layer]]) -> View:
    titles = [answer.model for answer in held.answers] if len(held.answers) > 1 else [""]
    panes = (Pane(title, tuple(own)) for title, own in zip(titles, layers, strict=True))
    return View(held.picture, tuple(panes))


def _verdicts(judged: Sequence[Judged]) -> str:
    """How right each detector is."""
    titles = [f"<h3>{escape(one.found.model)}</h3>" if len(judged) > 1 else "" for one in judged]
    return "".join(title + judged_card(one, SHOWN_SCORE) for title, one in zip(titles, judged, strict=True))


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
