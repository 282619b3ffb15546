"""RoI: what does RoI Pool round away, and what does RoI Align keep?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from explorer.contract import Engine
from explorer.drawing.cards import trouble_card
from explorer.drawing.layers import View
from explorer.drawing.roi import Board, poolings_view, with_path
from explorer.drawing.roi_shift import jumps, shift_curves, shift_verdict
from explorer.drawing.roi_sums import results, sums, verdict
from explorer.errors import ExplorerError, Mistake
from explorer.records.frame import Frame
from explorer.records.roi import Axis, Box, Poolings, Roi, RoiShift, checked_box
from explorer.records.roi_presets import BINS, MATRIX, PRESETS, Preset
from explorer.sources.matrix import matrix_of, text_of
from explorer.tabs import words
from explorer.tabs.components import FORMULAS
from explorer.tabs.stage import nothing, seen
from explorer.tabs.wiring import Bench, Choices, Panel, Refresh

TITLE = "RoI"
MOVED, PICKED = EVENTS = ("roi_moved", "roi_picked")
"""What the stage reports to this tab: the box that was dragged, the bin that was clicked."""
NUMBERS, SHIFT, OWN = "numbers", "shift", "own"
FEWEST_BINS, MOST_BINS, MOST_SAMPLES = 2, 7, 16
MOST_SIDE = 64
"""Rows or columns of a matrix."""
SETTLED = "() => new Promise((done) => setTimeout(done, 120))"
"""Where an example sets several controls, the matrix tells of it before the others have their values."""
LONGEST_LINK = 300
"""Letters of a matrix that a link has room for."""

_label, _say = partial(words.label, "roi"), partial(words.say, "roi")


LECTURE = text_of(np.array(MATRIX, np.float32))


def box_text(box: Box) -> str:
    """As in 1, 2, 7, 7."""
    return ", ".join(f"{side:.6g}" for side in box)


def box_of(text: str) -> Box:
    """Four numbers parted by commas or spaces. Raises Mistake."""
    try:
        sides = tuple(float(part) for part in re.split(r"[,;\s]+", (text or "").strip(" ,;\n\t()[]")))
    except ValueError:
        sides = ()
    return checked_box(cast(Box, sides))


@dataclass(frozen=True)
class Settings:
    """What the panel's controls say, as they say it: `bin` is ROW,COLUMN; the matrix and the box are text."""

    part: str = NUMBERS
    matrix: str = LECTURE
    box: str = box_text(PRESETS[0].box)
    bins: int = BINS
    samples: int = PRESETS[0].samples
    aligned: bool = False
    bin: str = "0,0"
    axis: Axis = "x"

    def __post_init__(self) -> None:
        """A number that was wiped out is the default."""
        object.__setattr__(self, "bins", int(self.bins or Settings.bins))
        object.__setattr__(self, "samples", int(self.samples or 0))

    def numbers(self) -> NDArray[np.float32]:
        """The matrix. Raises Mistake."""
        matrix = matrix_of(self.matrix or "", _say("matrix"))
        if max(matrix.shape) > MOST_SIDE:
            rows, columns = matrix.shape
            raise Mistake(_say("too_large", most=MOST_SIDE, rows=rows, columns=columns))
        return matrix

    @property
    def question(self) -> Roi:
        """What is asked. Raises Mistake."""
        return Roi(self.numbers(), box_of(self.box), self.bins, self.samples, 1.0, bool(self.aligned))

    @property
    def chosen(self) -> tuple[int, int]:
        """Row and column of the bin; the last ones there are, where there are fewer bins."""
        row, column = (int(part) for part in (self.bin or "0,0").split(","))
        return min(row, self.bins - 1), min(column, self.bins - 1)

    def preset(self) -> Preset | None:
        """The worked example that is set just now."""
        mine = self.question
        for preset in PRESETS:
            its = preset.question
            same = (mine.box, mine.bins, mine.samples, mine.aligned) == (its.box, its.bins, its.samples, its.aligned)
            if same and np.array_equal(mine.matrix, its.matrix):
                return preset
        return None

    def kept(self) -> str:
        """The matrix for a link: empty for the lecture's, and where it is too long."""
        text = text_of(self.question.matrix)
        return "" if text == LECTURE or len(text) > LONGEST_LINK else text


def run(engine: Engine, question: Roi, visitor: str = "") -> Poolings:
    """The three poolings of a box on a matrix. Raises whatever the engine raises."""
    return engine.run(question, visitor=visitor)


@dataclass(frozen=True, eq=False)
class Shown:
    """One answer as the page has it: HTML, layers, a chart; what belongs to the other part is empty."""

    view: View
    verdict: str
    results: str = ""
    sums: str = ""
    chart: Any = None
    jumps: str = ""


def shown(engine: Engine, frame: Frame, settings: Settings, visitor: str = "") -> Shown:
    """What the page shows for these settings. Raises Mistake, and whatever the engine raises."""
    question, chosen = settings.question, settings.chosen
    answer = run(engine, question, visitor)
    view = poolings_view(question, answer, frame, chosen, EVENTS)
    if settings.part == NUMBERS:
        known = settings.preset()
        said = verdict(question, answer, known)
        return Shown(view, said, results(question, answer, chosen, known), sums(question, answer, chosen))
    moving = RoiShift(question, axis=settings.axis)
    made = engine.run(moving, visitor=visitor)
    return Shown(
        with_path(view, moving, frame),
        shift_verdict(made, chosen),
        chart=shift_curves(made, moving, chosen),
        jumps=jumps(made, moving, chosen),
    )


def build(engine: Engine, bench: Bench) -> Panel:
    """The panel of the tab."""
    gr.Markdown(_label("question"))
    part = gr.Radio(
        [(_say("on_numbers"), NUMBERS), (_say("shift_test"), SHIFT)],
        value=NUMBERS, show_label=False, container=False, elem_id="roi-part",
    )  # fmt: skip
    preset = gr.Dropdown(
        presets(), value=PRESETS[0].name, label=_label("preset"), info=_label("preset_info"), elem_id="roi-preset"
    )
    with gr.Row():
        box = gr.Textbox(Settings.box, label=_label("box"), elem_id="roi-box", scale=3, min_width=150)
        which = gr.Dropdown(
            bins_of(Settings.bins), value=Settings.bin, label=_label("bin"), elem_id="roi-bin", scale=2, min_width=120
        )
    said = gr.HTML(f"<p>{_say('waking')}</p>", elem_id="roi-said", elem_classes=["answers", "roi"])
    with gr.Column(elem_id="roi-on-numbers") as on_numbers:
        tables = gr.HTML("", elem_id="roi-results", elem_classes="roi")
    with gr.Column(visible=False, elem_id="roi-shift-test") as shift_test:
        axis = gr.Radio(
            [(_say("along_x"), "x"), (_say("along_y"), "y")], value="x", label=_label("axis"), elem_id="roi-axis"
        )
        chart = gr.Plot(show_label=False, elem_id="roi-chart")
        jumped = gr.HTML("", elem_id="roi-jumps", elem_classes="roi")
    bins = gr.Slider(FEWEST_BINS, MOST_BINS, value=Settings.bins, step=1, label=_label("bins"), elem_id="roi-bins")
    samples = gr.Slider(0, MOST_SAMPLES, value=0, step=1, label=_label("samples"), elem_id="roi-samples")
    aligned = gr.Checkbox(False, label=_label("aligned"), info=_label("aligned_info"), elem_id="roi-aligned")
    with gr.Accordion(_label("sums"), open=True, elem_id="roi-summing") as summing:
        summed = gr.HTML("", elem_id="roi-sums", elem_classes="roi")
    with gr.Accordion(_label("own"), open=False, elem_id="roi-own"):
        gr.Markdown(_label("own_how"))
        matrix = gr.Textbox(LECTURE, lines=8, max_lines=16, label=_label("matrix"), elem_id="roi-matrix")
        unlinked = gr.Markdown("", elem_id="roi-unlinked")
        again = gr.Button(_label("again"), elem_id="roi-again")
    with gr.Accordion(_label("how"), open=False):
        gr.Markdown(_label("how_text"), latex_delimiters=FORMULAS)
    mine = gr.Textbox("", visible="hidden", elem_id="roi-mine")

    inputs = [part, matrix, box, bins, samples, aligned, which, axis]
    outputs: list[Any] = [
        bench.layers, said, tables, summed, chart, jumped, on_numbers, shift_test, summing, preset, which, mine,
        unlinked, matrix, box, bins, samples, aligned,
    ]  # fmt: skip

    def answered(frame: Frame | None, settings: Settings, visitor: str | None) -> dict[Any, Any]:
        """Updates of whatever has changed; a sentence and nothing else where there is no answer."""
        on = settings.part == NUMBERS
        areas = {on_numbers: on, summing: on, shift_test: not on}
        made: dict[Any, Any] = {area: gr.update(visible=is_seen) for area, is_seen in areas.items()}
        if frame is None:
            return made | {said: f"<p>{_say('no_picture')}</p>", bench.layers: nothing}
        try:
            new = shown(engine, frame, settings, visitor or "")
            known, kept = settings.preset(), settings.kept()
        except ExplorerError as error:
            return made | {said: trouble_card(TITLE, f"{error} {_say('stays')}")}
        row, column = settings.chosen
        texts = {tables: new.results, summed: new.sums} if on else {chart: new.chart, jumped: new.jumps}
        is_long = not kept and text_of(settings.question.matrix) != LECTURE
        return made | texts | {
            bench.layers: seen(new.view),
            said: new.verdict,
            preset: known.name if known else OWN,
            which: gr.update(choices=bins_of(settings.bins), value=f"{row},{column}"),
            mine: kept,
            unlinked: _say("unlinked", most=LONGEST_LINK) if is_long else "",
        }  # fmt: skip

    def answer(request: gr.Request, frame: Frame | None, *values: Any) -> dict[Any, Any]:
        return answered(frame, Settings(*values), request.session_hash)

    def opened(request: gr.Request, frame: Frame | None, linked: str, *values: Any) -> dict[Any, Any]:
        """A link's matrix takes the place of the lecture's, which nobody has touched yet."""
        settings = Settings(*values)
        if linked and settings.matrix == LECTURE:
            settings = replace(settings, matrix=linked)
            return answered(frame, settings, request.session_hash) | {matrix: linked}
        return answered(frame, settings, request.session_hash)

    def moved(event: gr.EventData, request: gr.Request, frame: Frame | None, *values: Any) -> dict[Any, Any]:
        settings = Settings(*values)
        try:
            if frame is None:
                return {said: f"<p>{_say('no_picture')}</p>"}
            board = Board.on(frame.size, settings.numbers().shape)
        except ExplorerError as error:
            return {said: trouble_card(TITLE, f"{error} {_say('stays')}")}
        text = box_text(board.cells(event._data["box"]))
        return answered(frame, replace(settings, box=text), request.session_hash) | {box: text}

    def picked(event: gr.EventData, request: gr.Request, frame: Frame | None, *values: Any) -> dict[Any, Any]:
        place = f"{int(event._data['row'])},{int(event._data['column'])}"
        return answered(frame, replace(Settings(*values), bin=place), request.session_hash)

    def example(request: gr.Request, frame: Frame | None, name: str, *values: Any) -> dict[Any, Any]:
        settings = Settings(*values)
        one = next((preset for preset in PRESETS if preset.name == name), None)
        if one is None:
            return answered(frame, settings, request.session_hash)
        new = Settings(settings.part, LECTURE, box_text(one.box), BINS, one.samples, False, settings.bin, settings.axis)
        to = {matrix: new.matrix, box: new.box, bins: new.bins, samples: new.samples, aligned: new.aligned}
        return answered(frame, new, request.session_hash) | to

    def lecture(request: gr.Request, frame: Frame | None, *values: Any) -> dict[Any, Any]:
        settings = replace(Settings(*values), matrix=LECTURE)
        return answered(frame, settings, request.session_hash) | {matrix: LECTURE}

    ask = Refresh(opened, [bench.picture, mine, *inputs], outputs)
    own = Refresh(answer, [bench.picture, *inputs], outputs).options()
    for control in (part, box, bins, samples, aligned, which, axis):
        control.input(**own)
    for event in (box.submit, box.blur):  # what is pasted is no input
        event(**own)
    matrix.change(None, js=SETTLED).then(**own)
    preset.input(**(own | {"fn": example, "inputs": [bench.picture, preset, *inputs]}))
    again.click(**(own | {"fn": lecture}))
    direct = own | {"trigger_mode": "multiple", "queue": False}
    bench.stage.roi_moved(**(direct | {"fn": moved}))
    bench.stage.roi_picked(**(direct | {"fn": picked}))
    controls = {
        "part": part, "box": box, "bins": bins, "samples": samples, "aligned": aligned, "bin": which, "axis": axis,
        "matrix": mine,
    }  # fmt: skip
    return Panel(ask, controls, offers)


def presets() -> list[tuple[str, str]]:
    """The lecture's answers with their boxes, and what is none of them."""
    return [*((one.name, one.name) for one in PRESETS), (_say("no_preset"), OWN)]


def bins_of(bins: int) -> list[tuple[str, str]]:
    """Every bin, row by row."""
    side = range(int(bins))
    return [(_say("bin_at", row=row, column=column), f"{row},{column}") for row in side for column in side]


def offers(wanted: Mapping[str, str]) -> Mapping[str, Choices]:
    """Which bins there are depends on how many a link wants."""
    text = wanted.get("bins", "")
    bins = int(text) if text.isdecimal() and FEWEST_BINS <= int(text) <= MOST_BINS else Settings.bins
    return {"bin": bins_of(bins)}
