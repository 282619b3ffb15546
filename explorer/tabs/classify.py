"""Classify: what is in the picture, and how sure is the network?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any

import gradio as gr

from explorer.asking import Asking, Chosen
from explorer.contract import Engine
from explorer.drawing.cards import answer_card, strip, trouble_card
from explorer.drawing.charts import class_bars
from explorer.drawing.layers import Pane, View
from explorer.drawing.overlay import classification
from explorer.errors import ExplorerError
from explorer.records.classify import Classification, Classify
from explorer.records.frame import Frame
from explorer.records.vary import Variations, Vary
from explorer.sources.data_url import read_data_url
from explorer.tabs import words
from explorer.tabs.components import FORMULAS, component
from explorer.tabs.offering import networks as offered
from explorer.tabs.stage import nothing, seen
from explorer.tabs.wiring import Bench, Panel, Refresh, Turns

TITLE = "Classify"
MOST_NETWORKS = 4
DIGITS = "digits_lenet5"
_label, _say = partial(words.label, "classify"), partial(words.say, "classify")


@dataclass(frozen=True)
class Settings:
    """What the panel's controls say: networks, empty for the one that knows the picture; crops; raw scores; rows."""

    networks: tuple[str, ...] = ()
    crops: int = 1
    raw: bool = False
    top: int = 5


def run(
    engine: Engine, frame: Frame, model: str, weights: str = "", crops: int = 1, top: int = 5, visitor: str = ""
) -> Classification:
    """The answer for this picture. Raises whatever the engine raises."""
    return engine.run(Classify(engine.keep(frame), model, weights, crops, top), visitor=visitor)


def vary(engine: Engine, frame: Frame, chosen: Chosen, seed: int, ways: Sequence[str], visitor: str = "") -> Variations:
    """The picture as training would vary it. Raises whatever the engine raises."""
    use = {way: way in ways for way in ("window", "mirror", "colour")}
    return engine.run(Vary(engine.keep(frame), chosen.model, chosen.weights, seed, **use), visitor=visitor)


def digits(engine: Engine, frame: Frame, visitor: str = "") -> str:
    """What the sketchpad shows: LeNet's ten scores and the 28x28 picture that it saw. Raises what the engine raises."""
    answer = run(engine, replace(frame, domain="digits"), DIGITS, top=10, visitor=visitor)
    x0, y0, x1, y1 = answer.windows[0]
    best = int(answer.order[0])
    return json.dumps(
        {
            "scores": {name: round(float(score), 4) for name, score in zip(answer.names, answer.scores, strict=True)},
            "best": answer.names[best],
            "window": [float(x0), float(y0), float(x1), float(y1)],
            "ms": round(answer.ms, 1),
        }
    )


def card(
    engine: Engine, frame: Frame, one: Chosen, settings: Settings, visitor: str = ""
) -> tuple[str, Classification | None]:
    """A network's answer as a card, and the answer itself unless there is none."""
    try:
        answer = run(engine, frame, one.model, one.weights, settings.crops, settings.top, visitor)
    except ExplorerError as error:
        return trouble_card(one.model, str(error)), None
    if one.why:
        answer = replace(answer, notes=(one.why, *answer.notes))
    known = next(card for card in engine.models() if card.name == one.model)
    return answer_card(answer, known, engine.arithmetic(one.model)), answer


def build(engine: Engine, bench: Bench) -> Panel:
    """The panel of the tab."""
    gr.Markdown(_label("question"))
    networks = gr.Dropdown(
        label=_label("networks"), info=_label("networks_info"), choices=[], value=[], multiselect=True,
        max_choices=MOST_NETWORKS, elem_id="networks",
    )  # fmt: skip
    said = gr.HTML(_say("waking"), elem_id="verdict", elem_classes="answers")
    with gr.Row(visible=False) as missing:
        fetch = gr.Button(_label("fetch"), variant="primary", elem_id="fetch")
        stop = gr.Button(_label("stop"), elem_id="stop")
    chart = gr.Plot(show_label=False, elem_id="chart", visible=False)
    with gr.Row():
        crops = gr.Radio(
            [(_say("centre"), 1), (_say("ten"), 10)],
            value=1,
            label=_label("crops"),
            elem_id="crops",
        )
        scale = gr.Radio(
            [(_say("softmax"), "scores"), (_say("raw"), "raw")],
            value="scores",
            label=_label("bars"),
            elem_id="bars",
        )
    top = gr.Slider(1, 20, value=5, step=1, label=_label("top"), elem_id="top")
    with gr.Accordion(_label("sketch"), open=False, elem_id="sketching"):
        gr.Markdown(_label("sketch_how"))
        sketch = component("sketch", ("ink",), value=json.dumps(words.CLASSIFY))
    with gr.Accordion(_label("vary"), open=False, elem_id="varying"):
        gr.Markdown(_label("vary_how"))
        ways = gr.CheckboxGroup(
            [(_say("window"), "window"), (_say("mirror"), "mirror"), (_say("colour"), "colour")],
            value=["window", "mirror", "colour"], label=_label("ways"), elem_id="ways",
        )  # fmt: skip
        with gr.Row():
            throw = gr.Number(0, label=_label("throw"), precision=0, minimum=0, elem_id="throw")
            again = gr.Button(_label("throw_again"), variant="primary", elem_id="throw-again")
        varied = gr.HTML("", elem_id="varied")
    with gr.Accordion(_label("how"), open=False):
        gr.Markdown(_label("how_text"), latex_delimiters=FORMULAS)

    asking, turns = Asking(engine, "classify"), Turns()
    inputs = [bench.picture, networks, crops, scale, top]
    outputs = [said, bench.layers, chart, missing, fetch, stop]

    @turns.last
    def answer(
        frame: Frame | None, names: list[str], crop: int, bars: str, rows: int, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        settings = Settings(tuple(names or ())[:MOST_NETWORKS], crop, bars == "raw", int(rows))
        yield from _steps(engine, asking, frame, settings, False, request.session_hash or "")

    @turns.last
    def download(
        frame: Frame | None, names: list[str], crop: int, bars: str, rows: int, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        settings = Settings(tuple(names or ())[:MOST_NETWORKS], crop, bars == "raw", int(rows))
        yield from _steps(engine, asking, frame, settings, True, request.session_hash or "")

    def halt(request: gr.Request) -> None:
        asking.halt(request.session_hash or "")

    def ink(event: gr.EventData, request: gr.Request) -> str:
        try:
            frame = read_data_url(str(event._data.get("png", "")), name=_say("sketch_name"))
            return digits(engine, frame, request.session_hash or "")
        except ExplorerError as error:
            return json.dumps({"trouble": str(error)})

    def strew(
        frame: Frame | None, names: list[str] | None, seed: float | None, use: list[str], request: gr.Request
    ) -> str:
        if frame is None:
            return _say("no_picture")
        try:
            one = asking.networks(names or (), frame.domain)[0]
            return strip(vary(engine, frame, one, int(seed or 0), use, request.session_hash or ""))
        except ExplorerError as error:
            return trouble_card(TITLE, str(error))

    ask = Refresh(answer, inputs, outputs)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    for control in (networks, crops, scale, top):
        control.input(**ask.options())
    fetch.click(download, inputs, outputs, **quiet)
    stop.click(halt, queue=False, **quiet)
    sketch.ink(ink, None, sketch, queue=False, **quiet)
    strewing = {"fn": strew, "inputs": [bench.picture, networks, throw, ways], "outputs": varied, **quiet}
    ways.input(**strewing)
    throw.input(**strewing)
    again.click(lambda seed: int(seed or 0) + 1, throw, throw, queue=False, **quiet).then(**strewing)
    controls = {"networks": networks, "crops": crops, "bars": scale, "top": top, "ways": ways, "throw": throw}
    return Panel(ask, controls, lambda wanted: {"networks": offered(engine, "classify")})


def _steps(
    engine: Engine, asking: Asking, frame: Frame | None, settings: Settings, fetching: bool, visitor: str
) -> Iterator[tuple[Any, ...]]:
    """Values for the panel's outputs, as the answers come: cards, layers, chart, the row of buttons, fetch, stop.

    fetching: also what a visitor chose is fetched; what nobody chose always is.
    """
    same, hidden = gr.skip(), gr.update(visible=False)
    if frame is None:
        yield _say("no_picture"), nothing, hidden, hidden, same, same
        return
    try:
        chosen = asking.networks(settings.networks, frame.domain, retry=fetching)
        if fetching or not settings.networks:
            for one in asking.missing(chosen):
                for step in asking.fetched(one, not settings.networks, visitor):
                    if isinstance(step, Chosen):
                        chosen[chosen.index(one)] = step
                    else:
                        yield _bar(one.model, step.fraction), same, same, *_buttons(fetch=False, stop=True)
    except ExplorerError as error:
        yield trouble_card(TITLE, str(error)), same, same, *_buttons(fetch=True, stop=False)
        return
    cards: list[str] = []
    found: list[Classification] = []
    for one in chosen:
        text, got = card(engine, frame, one, settings, visitor)
        cards.append(text)
        found += [got] if got else []
        if len(chosen) > 1:
            yield "".join(cards), same, same, same, same, same
    chart = gr.update(value=class_bars(found, settings.raw), visible=True) if found else hidden
    lacking = bool(asking.missing(chosen))
    yield "".join(cards), seen(_view(frame, found)), chart, *_buttons(fetch=lacking, stop=False)


def _view(frame: Frame, found: Sequence[Classification]) -> View:
    """A pane for every network that answered."""
    panes = [classification(answer, frame.id).panes[0] for answer in found]
    if len(panes) > 1:
        titles = [f"{answer.model} · {answer.weights}" for answer in found]
        panes = [replace(pane, title=title) for pane, title in zip(panes, titles, strict=True)]
    return View(frame.id, tuple(panes) or (Pane(),))


def _buttons(fetch: bool, stop: bool) -> tuple[Any, ...]:
    """The row and its two buttons."""
    return gr.update(visible=fetch or stop), gr.update(visible=fetch), gr.update(visible=stop)


def _bar(model: str, share: float) -> str:
    said = _say("fetching", model=escape(model))
    return f'<p>{said} <progress max="1" value="{share:.3f}"></progress> {share:.0%}</p>'
