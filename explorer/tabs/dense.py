"""Dense: a classifier slid over the picture against the same classifier run once over the whole of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any

import gradio as gr

from explorer.asking import Asking, Chosen
from explorer.contract import RANDOM, Engine
from explorer.drawing.cards import trouble_card
from explorer.drawing.dense import dense_view, surest
from explorer.drawing.dense_cards import averaged, causes, cost_curve, costs, flip
from explorer.errors import ExplorerError
from explorer.records.dense import Dense, DenseMaps, Method
from explorer.records.frame import Frame
from explorer.records.question import Partial, Progress
from explorer.tabs import words
from explorer.tabs.components import FORMULAS
from explorer.tabs.stage import nothing, seen
from explorer.tabs.wiring import Bench, Choices, Panel, Refresh

TITLE = "Dense"
SHOW_EVERY_S = 0.12

_label, _say = partial(words.label, "dense"), partial(words.say, "dense")


@dataclass(frozen=True)
class Settings:
    """What the panel's controls say: network, "" for the one that knows the picture; class, "" for the surest; finer:
    places half as far apart; scale of the picture; method of the windows."""

    network: str = ""
    kind: str = ""
    finer: bool = False
    scale: float = 1.0
    method: Method = "sliding"


def run(engine: Engine, frame: Frame, one: Chosen, settings: Settings, visitor: str = "") -> DenseMaps:
    """The dense answer for this picture. Raises whatever the engine raises."""
    asked = Dense(engine.keep(frame), one.model, one.weights, scales=(settings.scale,))
    answer = engine.run(asked, visitor=visitor)
    if settings.finer and len(answer.strides) > 1:
        answer = engine.run(replace(asked, stride=answer.strides[1]), visitor=visitor)
    return replace(answer, notes=(one.why, *answer.notes)) if one.why else answer


def march(
    engine: Engine, frame: Frame, dense: DenseMaps, method: Method, stop: threading.Event, visitor: str = ""
) -> Iterator[DenseMaps]:
    """The windows of the same question, as far as they have come. Raises whatever the engine raises."""
    scales = tuple(level.scale for level in dense.levels)
    asked = Dense(engine.keep(frame), dense.model, dense.weights, dense.stride, scales, method)
    for step in engine.ask(asked, stop, visitor):
        if isinstance(step, Partial):
            yield step.answer
        elif not isinstance(step, Progress):
            yield step


def chosen_class(maps: DenseMaps, name: str) -> int:
    """The class with this name, or the one the network is surest of."""
    wanted = name.strip().lower()
    return next((i for i, known in enumerate(maps.names) if known.lower() == wanted), surest(maps))


def build(engine: Engine, bench: Bench) -> Panel:
    """The panel of the tab."""
    gr.Markdown(_label("question"))
    network = gr.Dropdown(label=_label("network"), choices=[(_say("auto"), "")], value="", elem_id="dense-network")
    kind = gr.Dropdown(
        label=_label("class"), info=_label("class_info"), choices=[""], value="", allow_custom_value=True,
        elem_id="dense-class",
    )  # fmt: skip
    with gr.Row():
        slide = gr.Button(_label("slide"), variant="primary", elem_id="slide")
        stop = gr.Button(_label("stop"), elem_id="slide-stop", visible=False)
    method = gr.Radio(
        [(_say("sliding"), "sliding"), (_say("batched"), "batched")],
        value="sliding", label=_label("method"), elem_id="dense-method",
    )  # fmt: skip
    said = gr.HTML(_say("waking"), elem_id="dense-costs", elem_classes="answers")
    stride = gr.Radio(
        [(_say("coarse"), "coarse"), (_say("fine"), "fine")],
        value="coarse", label=_label("stride"), elem_id="dense-stride",
    )  # fmt: skip
    scale = gr.Slider(0.4, 2.0, value=1.0, step=0.1, label=_label("scale"), elem_id="dense-scale")
    chart = gr.Plot(show_label=False, elem_id="dense-chart", visible=False)
    parts = []
    for name, how in (("flip", True), ("why", False), ("one", True)):
        with gr.Accordion(_label(name), open=False, elem_id=f"dense-{name}"):
            if how:
                gr.Markdown(_label(f"{name}_how"))
            parts.append(gr.HTML("", elem_classes="answers"))
    with gr.Accordion(_label("how"), open=False):
        gr.Markdown(_label("how_text"), latex_delimiters=FORMULAS)

    asking = Asking(engine, "dense")
    stops: dict[str, threading.Event] = {}
    inputs = [bench.picture, network, kind, stride, scale, method]
    outputs = [said, bench.layers, chart, kind, stop, *parts]

    def settings(name: str | None, of: str | None, apart: str, size: float, way: Method) -> Settings:
        return Settings(name or "", of or "", apart == "fine", round(float(size), 1), way)

    def ask(
        frame: Frame | None, name: str | None, of: str | None, apart: str, size: float, way: Method, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        chosen = settings(name, of, apart, size, way)
        yield from _steps(engine, asking, frame, chosen, request.session_hash or "")

    def go(
        frame: Frame | None, name: str | None, of: str | None, apart: str, size: float, way: Method, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        visitor = request.session_hash or ""
        stops[visitor] = threading.Event()
        try:
            chosen = settings(name, of, apart, size, way)
            yield from _marching(engine, asking, frame, chosen, stops[visitor], visitor)
        finally:
            stops.pop(visitor, None)

    def halt(request: gr.Request) -> None:
        visitor = request.session_hash or ""
        asking.halt(visitor)
        if wanted := stops.get(visitor):
            wanted.set()

    refresh = Refresh(ask, inputs, outputs)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    for control in (network, kind, stride, scale):
        control.input(**refresh.options())
    slide.click(go, inputs, outputs, trigger_mode="once", **quiet)
    stop.click(halt, queue=False, **quiet)
    controls = {"network": network, "class": kind, "stride": stride, "scale": scale, "windows": method}
    return Panel(refresh, controls, lambda wanted: _offers(engine, wanted))


def _offers(engine: Engine, wanted: Mapping[str, str]) -> dict[str, Choices]:
    """Every network that can look everywhere, trained and not."""
    found: list[tuple[str, str]] = [(_say("auto"), "")]
    for card in engine.models("dense"):
        found += [(f"{card.name} ({card.year})", card.name)] if card.weights else []
        found.append((words.say("classify", "untrained", model=card.name), f"{card.name}:{RANDOM}"))
    return {"network": found}


def _steps(
    engine: Engine, asking: Asking, frame: Frame | None, settings: Settings, visitor: str
) -> Generator[tuple[Any, ...], None, DenseMaps | None]:
    """Values for the panel's outputs: costs, layers, chart, the class's choices, the stop button, three tables.

    Returns the answer, unless there is none.
    """
    same, hidden = gr.skip(), gr.update(visible=False)
    if frame is None:
        yield _say("no_picture"), nothing, hidden, same, hidden, same, same, same
        return None
    try:
        one = yield from _fetched(asking, frame, settings, visitor)
        maps = run(engine, frame, one, settings, visitor)
    except ExplorerError as error:
        yield trouble_card(TITLE, str(error)), nothing, hidden, same, hidden, same, same, same
        return None
    yield _shown(frame, [maps], settings, chart=True)
    return maps


def _marching(
    engine: Engine, asking: Asking, frame: Frame | None, settings: Settings, stop: threading.Event, visitor: str
) -> Iterator[tuple[Any, ...]]:
    """The dense answer at once, and the windows beside it as they come."""
    dense = yield from _steps(engine, asking, frame, settings, visitor)
    if frame is None or dense is None:
        return
    begun, shown = None, 0.0
    try:
        for begun in march(engine, frame, dense, settings.method, stop, visitor):
            if time.monotonic() - shown > SHOW_EVERY_S:
                shown = time.monotonic()
                yield _shown(frame, [begun, dense], settings, stoppable=True)
    except ExplorerError as error:
        same = gr.skip()
        yield trouble_card(TITLE, str(error)), same, same, same, gr.update(visible=False), same, same, same
        return
    yield _shown(frame, [dense] if begun is None else [begun, dense], settings)


def _shown(
    frame: Frame, found: Sequence[DenseMaps], settings: Settings, chart: bool = False, stoppable: bool = False
) -> tuple[Any, ...]:
    same, dense = gr.skip(), found[-1]
    view = seen(dense_view(found, chosen_class(dense, settings.kind), frame.id))
    button = gr.update(visible=stoppable)
    if not chart:
        return costs(found), view, same, same, button, same, same, same
    drawn = gr.update(value=cost_curve(dense), visible=True)
    kinds = gr.update(choices=["", *dict.fromkeys(dense.names)])
    return costs(found), view, drawn, kinds, button, flip(dense), causes(dense), averaged(dense)


def _fetched(
    asking: Asking, frame: Frame, settings: Settings, visitor: str
) -> Generator[tuple[Any, ...], None, Chosen]:
    """Whom to ask, after values for the outputs that say how far what must be fetched has come."""
    same = gr.skip()
    names = [settings.network] if settings.network else []
    (one,) = asking.networks(names, frame.domain)
    for lacking in asking.missing([one]):
        for step in asking.fetched(lacking, not names, visitor):
            if isinstance(step, Chosen):
                one = step
            else:
                said = f"<p>{_say('fetching', model=escape(lacking.model))} {step.fraction:.0%}</p>"
                yield said, same, same, same, gr.update(visible=True), same, same, same
    return one
