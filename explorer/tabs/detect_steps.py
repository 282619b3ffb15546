"""The Detect tab's answers on their way to the page: values of its outputs, by name, as they come."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial
from html import escape
from typing import Any, Literal

import gradio as gr

from explorer.asking import Asking, Chosen
from explorer.contract import Engine
from explorer.drawing.cards import trouble_card
from explorer.drawing.precision_recall import precision_recall
from explorer.errors import ExplorerError
from explorer.records.detect import Detections
from explorer.records.frame import Frame
from explorer.records.trace import Level
from explorer.records.truth import Truth
from explorer.tabs import words
from explorer.tabs.detect_answers import (
    CELLS,
    FOUND,
    JUDGED,
    SHOWN_SCORE,
    STEPS,
    Held,
    Settings,
    cards,
    funnels,
    level_of,
    levels,
    round_of,
    rounds,
    run,
    shift_view,
    staged,
)
from explorer.tabs.stage import nothing, seen

Update = dict[str, Any]
"""Values of outputs, by name; what is not named stays as it is."""
_say = partial(words.say, "detect")


def steps(
    engine: Engine, asking: Asking, frame: Frame | None, truth: Truth | None, settings: Settings, visitor: str
) -> Iterator[Update]:
    """Values for the panel's outputs: what each detector finds, as it comes; truth: what is true of the picture."""
    if frame is None:
        yield _bare() | {"said": _say("no_picture")}
        return
    answers: list[Detections] = []
    trouble = ""
    try:
        chosen = asking.networks(settings.networks, frame.domain)
    except ExplorerError as error:
        yield _bare() | {"said": trouble_card("Detect", str(error))}
        return
    for one in chosen:
        try:
            got = yield from _fetched(asking, one, not settings.networks, visitor)
            answers.append(run(engine, frame, got, visitor))
        except ExplorerError as error:
            trouble += trouble_card(one.model, str(error))
    if not answers:
        yield _bare() | {"said": trouble}
        return
    held = Held(frame.id, settings.networks, tuple(answers), truth, truth is not None and truth is frame.truth)
    yield {
        "held": held,
        "said": cards(held) + trouble,
        "funnel": funnels(held),
        "refused": "",
        "stop": gr.update(visible=False),
        **_choices(held.answers[0], settings),
    }
    yield _staged(engine, frame, held, settings, visitor)


def looked(
    engine: Engine,
    asking: Asking,
    frame: Frame | None,
    truth: Truth | None,
    held: Held | None,
    settings: Settings,
    visitor: str,
) -> Iterator[Update]:
    """The same answers seen otherwise: other marks on the stage, another cell, another step."""
    if frame is None or held is None or not held.answers_to(frame, truth, settings):
        yield from steps(engine, asking, frame, truth, settings, visitor)
        return
    yield _choices(held.answers[0], settings) | _staged(engine, frame, held, settings, visitor)


def _bare() -> Update:
    shut = gr.update(visible=False)
    return {
        "layers": nothing, "held": None, "funnel": "", "inside": "", "refused": "", "curve": shut, "stop": shut,
    }  # fmt: skip


def _curve(held: Held, settings: Settings) -> Any:
    """Precision against recall of the first detector, where it is judged."""
    if settings.view != JUDGED or held.truth is None:
        return gr.update(visible=False)
    return gr.update(value=precision_recall(held.judged()[0], SHOWN_SCORE), visible=True)


def _staged(engine: Engine, frame: Frame, held: Held, settings: Settings, visitor: str) -> Update:
    """What lies on the stage, and what the panel says of it; a sentence where that cannot be seen."""
    try:
        if settings.view == FOUND and settings.shift:
            first = held.answers[0]
            one = Chosen(first.model, first.weights)
            view, then = shift_view(engine, frame, one, settings.shift, visitor)
            said = cards(Held(frame.id, held.networks, (then,)))
            return {"layers": seen(view), "inside": said, "curve": gr.update(visible=False)}
        now = staged(engine, held, settings, visitor)
    except ExplorerError as error:
        return {"layers": nothing, "inside": trouble_card("Detect", str(error)), "curve": gr.update(visible=False)}
    numbers = [(_say("best_box"), "0"), *((f"{i + 1}", f"{i + 1}") for i in range(now.boxes))]
    chosen = str(settings.box) if settings.box <= now.boxes else "0"
    box = gr.update(choices=numbers, value=chosen, visible=_if(now.boxes > 1)) if now.boxes else gr.update()
    return {"layers": seen(now.view), "inside": now.said, "box": box, "curve": _curve(held, settings)}


def _choices(answer: Detections, settings: Settings) -> Update:
    """The controls of the view that is chosen, with what this detector offers to choose from."""
    view = settings.view
    update: Update = {
        "shift": gr.update(visible=_if(view == FOUND)),
        **{name: gr.update(visible="hidden") for name in ("level", "box", "stage", "step")},
    }
    if answer.trace is None:
        return update
    if view == CELLS:
        _, index = level_of(answer, settings)
        offered = [(_called(one), str(i)) for i, one in enumerate(levels(answer))]
        update["level"] = gr.update(choices=offered, value=str(index), visible=_if(len(offered) > 1))
    if view == STEPS:
        known = rounds(answer)
        offered = [(one.name, str(i)) for i, one in enumerate(known)]
        most = max(len(round_of(answer, settings).contest.stays), 1)
        update["stage"] = gr.update(
            choices=offered, value=str(min(settings.stage, len(known) - 1)), visible=_if(len(offered) > 1)
        )
        update["step"] = gr.update(maximum=max(most, 2), visible=_if(most > 1))
        if settings.step > most:
            update["step"] |= {"value": most}
    return update


def _called(level: Level) -> str:
    """A map by its cells, and by its makers' name where that is another."""
    cells = f"{level.rows} x {level.columns}"
    return cells if level.name == cells else f"{cells} ({level.name})"


def _if(wanted: bool) -> bool | Literal["hidden"]:
    """For `visible`: what is only hidden is there to take the values that come on the same stream."""
    return True if wanted else "hidden"


def _fetched(asking: Asking, one: Chosen, automatic: bool, visitor: str) -> Generator[Update, None, Chosen]:
    """Whom to ask, after values for the outputs that say how far what must be fetched has come."""
    for lacking in asking.missing([one]):
        for step in asking.fetched(lacking, automatic, visitor):
            if isinstance(step, Chosen):
                one = step
            else:
                said = f"<p>{_say('fetching', model=escape(lacking.model))} {step.fraction:.0%}</p>"
                yield {"said": said, "stop": gr.update(visible=True)}
    return one
