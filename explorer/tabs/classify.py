"""Classify: what is in the picture, and how sure is the network?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr

from explorer.contract import HERE, RANDOM, Engine, ModelCard
from explorer.drawing.charts import class_bars
from explorer.errors import ExplorerError, WeightsMissing
from explorer.records.classify import Classification, Classify
from explorer.records.frame import Frame
from explorer.tabs.components import plain, shown
from explorer.tabs.wiring import Refresh

TITLE = "Classify"
QUESTION = "**What is in this picture, and how sure is the network?**"
HOW = """
The picture is resized until its short side fits, a square is cut from its centre (dashed on the picture) and the
network answers with one number per class, its *logits* $z$. Softmax turns them into scores that add up to one:

$$p_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}$$

**Ten crops** cuts the four corners and the centre, adds their mirror images, and averages the ten answers: so AlexNet
was tested (Krizhevsky, Sutskever and Hinton 2012, section 4.1).

**Try:** a picture with its subject at the edge, by one crop and by ten · the same picture with *random* weights: how
even are the scores of a network that never learnt? · an old network against a new one: which is faster?
"""


def run(
    engine: Engine, frame: Frame, model: str, weights: str, crops: int = 1, top: int = 5, visitor: str = ""
) -> Classification:
    """The answer for this picture. Raises whatever the engine raises."""
    return engine.run(Classify(engine.keep(frame), model, weights, crops, top), visitor=visitor)


def verdict(answer: Classification, card: ModelCard) -> str:
    """The answer in one line of Markdown, and what must be known to trust it."""
    best = answer.order[0]
    time = f"{answer.ms:.0f} ms" + (" (cached)" if answer.cached else "")
    lines = [
        f"### {plain(answer.names[best])} · {answer.scores[best]:.1%}",
        f"{plain(card.family)} {card.year} · {plain(answer.weights)} · {time} on {answer.device} · {plain(card.idea)}",
    ]
    lines += [f"> {plain(note)}" for note in answer.notes]
    return "\n\n".join(lines)


def build(engine: Engine, picture: gr.State, stage: gr.HTML) -> Refresh:
    """The panel; returns how to ask again when the picture has changed."""
    gr.Markdown(QUESTION)
    model = gr.Dropdown(label="Network", choices=[], elem_id="model")
    weights = gr.Dropdown(label="Weights", choices=[], elem_id="weights")
    with gr.Row():
        crops = gr.Radio([("centre crop", 1), ("ten crops", 10)], value=1, label="See it by", elem_id="crops")
        top = gr.Slider(1, 20, value=5, step=1, label="Show", elem_id="top")
    said = gr.Markdown("Waking the networks …", elem_id="verdict")
    with gr.Row(visible=False, elem_id="missing") as missing:
        fetch = gr.Button("Fetch the weights", variant="primary", elem_id="fetch")
        stop = gr.Button("Stop", visible=False, elem_id="stop")
    chart = gr.Plot(show_label=False, elem_id="chart", visible=False)
    with gr.Accordion("How it works", open=False):
        gr.Markdown(HOW, latex_delimiters=[{"left": "$$", "right": "$$", "display": True},
                                           {"left": "$", "right": "$", "display": False}])  # fmt: skip

    def answer(
        frame: Frame | None, name: str, state: str, crop: int, rows: int, request: gr.Request
    ) -> tuple[Any, ...]:
        if frame is None or not name:
            return "Choose a picture on the left.", gr.skip(), gr.update(visible=False), gr.skip()
        try:
            found = run(engine, frame, name, state, crop, rows, request.session_hash or "")
        except WeightsMissing as error:
            return plain(str(error)), shown(frame), gr.update(visible=False), gr.update(visible=True)
        except ExplorerError as error:
            return plain(str(error)), shown(frame), gr.update(visible=False), gr.update(visible=False)
        bars = gr.update(value=class_bars(found), visible=True)
        card = next(card for card in engine.models() if card.name == name)
        return verdict(found, card), shown(frame, found), bars, gr.update(visible=False)

    stops: dict[str, threading.Event] = {}

    def download(
        frame: Frame | None,
        name: str,
        state: str,
        crop: int,
        rows: int,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> Iterator[tuple[Any, ...]]:
        wanted = stops[request.session_hash or ""] = threading.Event()
        waiting = gr.skip(), gr.skip(), gr.skip(), gr.skip()
        yield *waiting, gr.update(visible=True)
        try:
            for step in engine.fetch(name, state, wanted):
                progress(step.fraction, desc=step.text)
                yield *waiting, gr.skip()
            stopped = "Stopped: what has come is kept for the next try."
            done = (stopped, *waiting[1:]) if wanted.is_set() else answer(frame, name, state, crop, rows, request)
        except ExplorerError as error:
            done = plain(str(error)), *waiting[1:]
        finally:
            stops.pop(request.session_hash or "", None)
        yield *done, gr.update(visible=False)

    def halt(request: gr.Request) -> None:
        if wanted := stops.get(request.session_hash or ""):
            wanted.set()

    ask = Refresh(answer, [picture, model, weights, crops, top], [said, stage, chart, missing])
    model.input(lambda name: _weights(engine, name), model, weights, queue=False, api_visibility="private").success(
        **ask.options()
    )
    for control in (weights, crops, top):
        control.input(**ask.options())
    fetch.click(download, ask.inputs, [*ask.outputs, stop], show_progress_on=said, api_visibility="private")
    stop.click(halt, queue=False, api_visibility="private")
    return ask.after(lambda: (_models(engine), _weights(engine, _first(engine))), [model, weights])


def _models(engine: Engine) -> Any:
    cards = engine.models("classify")
    return gr.update(choices=[(f"{card.name} ({card.year})", card.name) for card in cards], value=_first(engine))


def _first(engine: Engine) -> str:
    """What the owner brought, else what is here and knows photographs, else the smallest download that does."""
    cards = engine.models("classify")
    own = [card.name for card in cards if card.weights and card.weights[0].host == HERE]
    photographs = [card for card in cards if card.weights and card.weights[0].domain == "photographs"]
    here = [card.name for card in photographs if any(engine.present(card.name, w.name) for w in card.weights)]
    smallest = min(photographs, key=lambda card: card.weights[0].size).name if photographs else ""
    return (own or here or [smallest])[0]


def _weights(engine: Engine, name: str) -> Any:
    card = next(card for card in engine.models() if card.name == name)
    choices = [(_label(engine, card, i), weights.name) for i, weights in enumerate(card.weights)]
    return gr.update(choices=[*choices, ("random (never trained)", RANDOM)], value=(choices or [("", RANDOM)])[0][1])


def _label(engine: Engine, card: ModelCard, index: int) -> str:
    weights = card.weights[index]
    return weights.name if engine.present(card.name, weights.name) else f"{weights.name} ({weights.size / 1e6:.0f} MB)"
