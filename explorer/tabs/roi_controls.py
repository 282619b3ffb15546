"""The RoI panel's controls, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from explorer.contract import RANDOM, Engine, ModelCard
from explorer.records.roi_head import FAMILIES
from explorer.records.roi_presets import PRESETS
from explorer.tabs import words
from explorer.tabs.components import FORMULAS
from explorer.tabs.roi_settings import (
    FEWEST_BINS,
    HEADS,
    LECTURE,
    MOST_BINS,
    MOST_SAMPLES,
    NUMBERS,
    PICTURES,
    SHIFT,
    Settings,
)
from explorer.tabs.wiring import Choices

OWN = "own"
STRIDES = (1, 2, 4, 8, 16, 32)
_label, _say = partial(words.label, "roi"), partial(words.say, "roi")


@dataclass(frozen=True, eq=False)
class Controls:
    """Everything in the panel; areas: what is seen in some parts only, with those parts."""

    part: gr.Radio
    preset: gr.Dropdown
    box: gr.Textbox
    region: gr.Textbox
    network: gr.Dropdown
    layer: gr.Dropdown
    channel: gr.Textbox
    detector: gr.Dropdown
    proposal: gr.Dropdown
    fetching: gr.Row
    fetch: gr.Button
    stop: gr.Button
    said: gr.HTML
    tables: gr.HTML
    axis: gr.Radio
    chart: gr.Plot
    jumped: gr.HTML
    bins: gr.Slider
    cells: gr.Slider
    which: gr.Dropdown
    samples: gr.Slider
    aligned: gr.Checkbox
    summed: gr.HTML
    matrix: gr.Textbox
    unlinked: gr.Markdown
    again: gr.Button
    mine: gr.Textbox
    areas: tuple[tuple[Any, tuple[str, ...]], ...]

    @property
    def inputs(self) -> list[Any]:
        """In the order of `Settings`."""
        return [
            self.part, self.matrix, self.box, self.bins, self.samples, self.aligned, self.which, self.axis,
            self.network, self.layer, self.channel, self.region, self.cells, self.detector,
        ]  # fmt: skip


def controls() -> Controls:
    """Make them, in the panel that is being built."""
    gr.Markdown(_label("question"))
    parts = {NUMBERS: "on_numbers", SHIFT: "shift_test", PICTURES: "on_pictures", HEADS: "into_head"}
    part = gr.Radio(
        [(_say(text), name) for name, text in parts.items()],
        value=NUMBERS, show_label=False, container=False, elem_id="roi-part",
    )  # fmt: skip
    with gr.Column(elem_id="roi-on-matrix") as on_matrix:
        preset = gr.Dropdown(
            presets(), value=PRESETS[0].name, label=_label("preset"), info=_label("preset_info"), elem_id="roi-preset"
        )
        box = gr.Textbox(Settings.box, label=_label("box"), elem_id="roi-box")
    with gr.Column(visible=False, elem_id="roi-on-pictures") as on_pictures:
        network = gr.Dropdown([(_say("auto"), "")], value="", label=_label("network"), elem_id="roi-network")
        with gr.Row():
            strides = [(_say("last_map"), ""), *((str(stride), str(stride)) for stride in STRIDES)]
            layer = gr.Dropdown(strides, value="", label=_label("layer"), elem_id="roi-layer", min_width=120)
            channel = gr.Textbox(
                "", label=_label("channel"), placeholder=_say("strongest"), elem_id="roi-channel", min_width=120
            )
    with gr.Column(visible=False, elem_id="roi-into-head") as into_head:
        detector = gr.Dropdown(
            [(_say("auto_detector"), "")], value="", label=_label("detector"), elem_id="roi-detector"
        )
        proposal = gr.Dropdown([(_say("by_hand"), "")], value="", label=_label("proposal"), elem_id="roi-proposal")
    region = gr.Textbox("", visible=False, label=_label("region"), elem_id="roi-region")
    with gr.Row(visible=False) as fetching:
        fetch = gr.Button(_label("fetch"), variant="primary", elem_id="roi-fetch")
        stop = gr.Button(_label("stop"), elem_id="roi-stop")
    said = gr.HTML(f"<p>{_say('waking')}</p>", elem_id="roi-said", elem_classes=["answers", "roi"])
    with gr.Column(elem_id="roi-on-numbers") as answers:
        tables = gr.HTML("", elem_id="roi-results", elem_classes="roi")
    with gr.Column(visible=False, elem_id="roi-shift-test") as shift_test:
        axis = gr.Radio(
            [(_say("along_x"), "x"), (_say("along_y"), "y")], value="x", label=_label("axis"), elem_id="roi-axis"
        )
        chart = gr.Plot(show_label=False, elem_id="roi-chart")
        jumped = gr.HTML("", elem_id="roi-jumps", elem_classes="roi")
    sides: dict[str, Any] = {"minimum": FEWEST_BINS, "maximum": MOST_BINS, "step": 1, "label": _label("bins")}
    bins = gr.Slider(value=Settings.bins, elem_id="roi-bins", **sides)
    cells = gr.Slider(value=Settings.cells, visible=False, elem_id="roi-cells", **sides)
    with gr.Column(elem_id="roi-sampling") as sampling:
        which = gr.Dropdown(bins_of(Settings.bins), value=Settings.bin, label=_label("bin"), elem_id="roi-bin")
        samples = gr.Slider(0, MOST_SAMPLES, value=0, step=1, label=_label("samples"), elem_id="roi-samples")
        aligned = gr.Checkbox(False, label=_label("aligned"), info=_label("aligned_info"), elem_id="roi-aligned")
    with gr.Accordion(_label("sums"), open=True, elem_id="roi-summing") as summing:
        summed = gr.HTML("", elem_id="roi-sums", elem_classes="roi")
    with gr.Accordion(_label("own"), open=False, elem_id="roi-own") as own:
        gr.Markdown(_label("own_how"))
        matrix = gr.Textbox(LECTURE, lines=8, max_lines=16, label=_label("matrix"), elem_id="roi-matrix")
        unlinked = gr.Markdown("", elem_id="roi-unlinked")
        again = gr.Button(_label("again"), elem_id="roi-again")
    with gr.Accordion(_label("how"), open=False):
        gr.Markdown(_label("how_text"), latex_delimiters=FORMULAS)
    mine = gr.Textbox("", visible="hidden", elem_id="roi-mine")
    areas: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (on_matrix, (NUMBERS, SHIFT)),
        (own, (NUMBERS, SHIFT)),
        (bins, (NUMBERS, SHIFT)),
        (on_pictures, (PICTURES,)),
        (cells, (PICTURES,)),
        (into_head, (HEADS,)),
        (answers, (NUMBERS, PICTURES, HEADS)),
        (shift_test, (SHIFT,)),
        (sampling, (NUMBERS, SHIFT, PICTURES)),
        (summing, (NUMBERS, PICTURES)),
    )
    return Controls(
        part, preset, box, region, network, layer, channel, detector, proposal, fetching, fetch, stop, said, tables,
        axis, chart, jumped, bins, cells, which, samples, aligned, summed, matrix, unlinked, again, mine, areas,
    )  # fmt: skip


def presets() -> list[tuple[str, str]]:
    """The lecture's answers with their boxes, and what is none of them."""
    return [*((one.name, one.name) for one in PRESETS), (_say("no_preset"), OWN)]


def bins_of(bins: int) -> list[tuple[str, str]]:
    """Every bin, row by row."""
    side = range(int(bins))
    return [(_say("bin_at", row=row, column=column), f"{row},{column}") for row in side for column in side]


def offers(engine: Engine, wanted: Mapping[str, str]) -> Mapping[str, Choices]:
    """Every network that makes maps and every detector, trained and not; which bins there are depends on how many a
    link wants."""
    key, usual = ("cells", Settings.cells) if wanted.get("part") == PICTURES else ("bins", Settings.bins)
    text = wanted.get(key, "")
    bins = int(text) if text.isdecimal() and FEWEST_BINS <= int(text) <= MOST_BINS else usual
    two_stage = [card for card in engine.models("detect") if card.family in FAMILIES]
    named = {
        "network": networks(engine, engine.models("dense"), _say("auto")),
        "detector": networks(engine, two_stage, _say("auto_detector")),
    }
    return {"bin": bins_of(bins), **named}


def networks(engine: Engine, cards: Sequence[ModelCard], auto: str) -> Choices:
    """Whichever knows, and every one by name, trained and not."""
    found: list[tuple[str, str]] = [(auto, "")]
    for card in cards:
        if card.weights:
            name = f"{card.name} ({card.year})"
            here = engine.present(card.name, card.weights[0].name)
            size = card.weights[0].size / 1e6
            found.append((name if here else words.say("classify", "to_fetch", name=name, size=size), card.name))
        found.append((words.say("classify", "untrained", model=card.name), f"{card.name}:{RANDOM}"))
    return found
