"""The Dense tab's answers on their way to the page: values of its outputs, by name, as they come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any, Literal

import gradio as gr

from explorer.asking import Asking, Chosen
from explorer.contract import Engine
from explorer.drawing.cards import trouble_card
from explorer.drawing.dense_cards import causes, cost_curve, costs
from explorer.drawing.dense_scales import scales_table
from explorer.errors import ExplorerError
from explorer.records.dense import DenseMaps
from explorer.records.frame import Frame
from explorer.tabs import words
from explorer.tabs.dense_answers import (
    Held,
    Settings,
    boxed,
    chosen_level,
    has_boxes,
    march,
    placed,
    run,
    sections,
    view_of,
)
from explorer.tabs.stage import nothing, seen

SHOW_EVERY_S = 0.12
LAZY = ("flip", "one")
"""Parts of the panel that are computed when they are opened."""
Update = dict[str, Any]
"""Values of outputs, by name; what is not named stays as it is."""

_say = partial(words.say, "dense")


def steps(
    engine: Engine, asking: Asking, frame: Frame | None, settings: Settings, folded: Sequence[str], visitor: str
) -> Generator[Update, None, DenseMaps | None]:
    """Values for the panel's outputs, the dense maps first. Returns the answer, unless there is none."""
    bare: Update = {
        "layers": nothing, "chart": gr.update(visible=False), "stop": gr.update(visible=False), "held": None,
        "table": "", "place": "", "why": "", "boxes": "", **dict.fromkeys(LAZY, ""),
    }  # fmt: skip
    if frame is None:
        yield bare | {"said": _say("no_picture")}
        return None
    try:
        one = yield from _fetched(asking, frame, settings, visitor)
        maps = run(engine, frame, one, settings, visitor)
    except ExplorerError as error:
        yield bare | {"said": trouble_card("Dense", str(error))}
        return None
    held = Held(frame.id, settings.asked, (maps,))
    yield _shown(held, settings) | {
        "chart": gr.update(value=cost_curve(maps), visible=True),
        "kinds": gr.update(choices=[(_say("surest"), ""), *((name, name) for name in dict.fromkeys(maps.names))]),
        "shown": _choice(maps, settings),
        "what": gr.update(visible=_if(has_boxes(engine, maps))),
        "regressor": gr.update(visible=_if(has_boxes(engine, maps) and settings.boxes)),
    }
    yield from _filled(engine, held, settings, folded, visitor)
    return maps


def looked(
    engine: Engine,
    asking: Asking,
    frame: Frame | None,
    held: Held | None,
    settings: Settings,
    folded: Sequence[str],
    visitor: str,
) -> Iterator[Update]:
    """The same answers seen otherwise: another class, another scale, another place."""
    if frame is None or held is None or (held.picture, held.asked) != (frame.id, settings.asked):
        yield from steps(engine, asking, frame, settings, folded, visitor)
        return
    yield _shown(held, settings)
    yield from _filled(engine, held, settings, folded, visitor)


def marching(
    engine: Engine,
    asking: Asking,
    frame: Frame | None,
    settings: Settings,
    folded: Sequence[str],
    stop: threading.Event,
    visitor: str,
) -> Iterator[Update]:
    """The dense answer at once, and the windows beside it as they come, scale by scale."""
    settings = replace(settings, boxes=False)
    yield {"what": "maps"}
    dense = yield from steps(engine, asking, frame, settings, folded, visitor)
    if frame is None or dense is None:
        return
    held, shown = Held(frame.id, settings.asked, (dense,)), 0.0
    try:
        for begun in march(engine, frame, dense, settings.method, stop, visitor):
            held = Held(frame.id, settings.asked, (begun, dense))
            if time.monotonic() - shown > SHOW_EVERY_S:
                shown = time.monotonic()
                level = len(begun.levels) - 1
                view = seen(view_of(held, settings, level))
                yield {"said": costs(held.found), "layers": view, "stop": gr.update(visible=True)}
    except ExplorerError as error:
        yield {"said": trouble_card("Dense", str(error)), "stop": gr.update(visible=False)}
        return
    yield _shown(held, settings)


def _shown(held: Held, settings: Settings) -> Update:
    """The answers as they stand: maps, costs, and why they differ."""
    level = chosen_level(held.dense, settings.shown)
    return {
        "said": costs(held.found),
        "layers": seen(view_of(held, settings)),
        "table": scales_table(held.found, level),
        "why": causes(held.found),
        "stop": gr.update(visible=False),
        "held": held,
    }


def _if(wanted: bool) -> bool | Literal["hidden"]:
    """For `visible`: what is only hidden is there to take the values that come on the same stream."""
    return True if wanted else "hidden"


def _choice(maps: DenseMaps, settings: Settings) -> Any:
    """The radio of scales, seen where there are several."""
    scales = [level.scale for level in maps.levels]
    value = f"{scales[chosen_level(maps, settings.shown)]:g}"
    return gr.update(choices=shown_scales(scales), value=value, visible=_if(len(scales) > 1))


def _filled(engine: Engine, held: Held, settings: Settings, folded: Sequence[str], visitor: str) -> Iterator[Update]:
    """What takes passes of its own: boxes, the chosen place, then the parts that are open."""
    yield _boxes(engine, held, settings, visitor)
    yield {"place": told(lambda: placed(engine, held, settings, visitor))}
    made = sections(engine, held, settings, visitor)
    for name in LAZY:
        yield {name: told(made[name]) if name in folded else ""}


def _boxes(engine: Engine, held: Held, settings: Settings, visitor: str) -> Update:
    """On the stage instead of the maps, where they are wanted and the network has them."""
    if not settings.boxes or not has_boxes(engine, held.dense):
        return {"boxes": "", "regressor": gr.update(visible=_if(False))}
    try:
        view, card = boxed(engine, held, settings, visitor)
    except ExplorerError as error:
        return {"boxes": trouble_card("Dense", str(error))}
    return {"layers": seen(view), "boxes": card, "regressor": gr.update(visible=True)}


def told(make: Callable[[], str]) -> str:
    """What it makes, or the sentence that says why it could not."""
    try:
        return make()
    except ExplorerError as error:
        return trouble_card("Dense", str(error))


def _fetched(asking: Asking, frame: Frame, settings: Settings, visitor: str) -> Generator[Update, None, Chosen]:
    """Whom to ask, after values for the outputs that say how far what must be fetched has come."""
    names = [settings.network] if settings.network else []
    (one,) = asking.networks(names, frame.domain)
    for lacking in asking.missing([one]):
        for step in asking.fetched(lacking, not names, visitor):
            if isinstance(step, Chosen):
                one = step
            else:
                said = f"<p>{_say('fetching', model=escape(lacking.model))} {step.fraction:.0%}</p>"
                yield {"said": said, "stop": gr.update(visible=True)}
    return one


def shown_scales(scales: Sequence[float]) -> list[tuple[str, str]]:
    """The scales that can be on the stage: what a person reads, value."""
    return [(f"{scale:g}", f"{scale:g}") for scale in scales]
