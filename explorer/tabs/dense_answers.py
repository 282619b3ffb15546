"""What the Dense tab asks for and what it makes of the answers, without a component in sight."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from explorer.asking import Chosen
from explorer.contract import Engine
from explorer.drawing.dense import Cell, dense_view, surest, surest_cell
from explorer.drawing.dense_boxes import boxes_card, boxes_view
from explorer.drawing.dense_flip import flip_card
from explorer.drawing.dense_place import place_card
from explorer.drawing.dense_scales import one_answer
from explorer.drawing.layers import View
from explorer.errors import Mistake
from explorer.records.averages import Averages
from explorer.records.classify import CROPS, Classify
from explorer.records.dense import Dense, DenseMaps, Method
from explorer.records.flip import Flip
from explorer.records.frame import Frame
from explorer.records.localize import Localize
from explorer.records.place import Place, PlaceSeen
from explorer.records.question import Partial, Progress

CELL = "dense_cell"
"""What the stage calls a click on a map."""
SCALES: tuple[float, ...] = (0.35, 0.5, 0.7, 1, 1.4, 2)
"""Each about the square root of two times the one before."""
NUMBER = r"(\d{1,5}(?:\.\d{1,2})?)"
POINT = re.compile(f"{NUMBER},{NUMBER}")


@dataclass(frozen=True)
class Settings:
    """What the panel's controls say: network, "" for the one that knows the picture; class, "" for the surest; finer:
    places half as far apart; scales of the picture; the one on the stage; method of the windows; boxes: on the stage is
    what the network finds, not maps; regressor: boxes are the regressor's; at: X,Y of the chosen place in pixels of
    the picture, "" for where the class is surest."""

    network: str = ""
    kind: str = ""
    finer: bool = False
    scales: tuple[float, ...] = (1.0,)
    shown: str = ""
    method: Method = "sliding"
    boxes: bool = False
    regressor: bool = True
    at: str = ""

    @classmethod
    def of(
        cls, network: str | None, kind: str | None, apart: str, scales: Sequence[float] | None, shown: str | None,
        method: Method, what: str, regressor: bool, at: str | None,
    ) -> Settings:  # fmt: skip
        """From the controls' values; what was wiped out is the default."""
        chosen = tuple(sorted(float(scale) for scale in scales or ()))
        return cls(
            network or "",
            kind or "",
            apart == "fine",
            chosen,
            shown or "",
            method,
            what == "boxes",
            regressor,
            at or "",
        )

    @property
    def asked(self) -> tuple[str, bool, tuple[float, ...]]:
        """What decides the maps; the rest is how they are seen."""
        return self.network, self.finer, self.scales


@dataclass(frozen=True, eq=False)
class Held:
    """What is on the stage: the picture's content id, what was asked of it, and the answers, the one at once last."""

    picture: str
    asked: tuple[str, bool, tuple[float, ...]]
    found: tuple[DenseMaps, ...]

    @property
    def dense(self) -> DenseMaps:
        """All places at once."""
        return self.found[-1]


def run(engine: Engine, frame: Frame, one: Chosen, settings: Settings, visitor: str = "") -> DenseMaps:
    """The dense answer for this picture. Raises whatever the engine raises."""
    asked = Dense(engine.keep(frame), one.model, one.weights, scales=settings.scales)
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


def chosen_level(maps: DenseMaps, shown: str) -> int:
    """The level of the scale that is to be on the stage; where it is none of them, the one nearest to the picture's."""
    scales = [level.scale for level in maps.levels]
    if shown in (named := [f"{scale:g}" for scale in scales]):
        return named.index(shown)
    return min(range(len(scales)), key=lambda i: abs(scales[i] - 1))


def chosen_cell(maps: DenseMaps, level: int, at: str) -> Cell | None:
    """Row and column of the place that was clicked, None where none was."""
    point = POINT.fullmatch(at.strip())
    return maps.cell(float(point[1]), float(point[2]), level) if point else None


def view_of(held: Held, settings: Settings, level: int | None = None) -> View:
    """The maps of the scale that is shown, the chosen place marked; level: of a march that has come so far."""
    dense = held.dense
    index = chosen_level(dense, settings.shown) if level is None else level
    kind = chosen_class(dense, settings.kind)
    return dense_view(held.found, kind, held.picture, index, chosen_cell(dense, index, settings.at), CELL)


def place(engine: Engine, held: Held, settings: Settings, visitor: str = "") -> PlaceSeen:
    """The chosen place, or where the class is surest, by three computations. Raises whatever the engine raises."""
    dense = held.dense
    level = chosen_level(dense, settings.shown)
    cell = chosen_cell(dense, level, settings.at) or surest_cell(dense, chosen_class(dense, settings.kind), level)
    row, column = cell or (0, 0)
    scale = dense.levels[level].scale
    asked = Place(held.picture, dense.model, dense.weights, dense.stride, scale, row, column)
    return engine.run(asked, visitor=visitor)


def has_boxes(engine: Engine, dense: DenseMaps) -> bool:
    """Whether the network that was slid says where things are, too."""
    return any(card.name == dense.model and "dense" in card.tasks for card in engine.models("detect"))


def boxed(engine: Engine, held: Held, settings: Settings, visitor: str = "") -> tuple[View, str]:
    """What the network finds, for the stage and as HTML. Raises whatever the engine raises."""
    dense = held.dense
    scales = settings.scales if len(settings.scales) > 1 else ()
    asked = Localize(held.picture, dense.model, dense.weights, dense.stride, scales, regressor=settings.regressor)
    answer = engine.run(asked, visitor=visitor)
    return boxes_view(answer, asked), boxes_card(answer, asked)


def sections(engine: Engine, held: Held, settings: Settings, visitor: str = "") -> dict[str, Callable[[], str]]:
    """What fills the parts of the panel that are computed only when somebody opens them, by name: functions to HTML."""
    dense = held.dense
    level = chosen_level(dense, settings.shown)
    scale = dense.levels[level].scale

    def flip() -> str:
        asked = Flip(held.picture, dense.model, dense.weights, scale)
        return flip_card(engine.run(asked, visitor=visitor))

    def one() -> str:
        asked = Averages(held.picture, dense.model, dense.weights, dense.stride, scale)
        crops = [
            engine.run(Classify(held.picture, dense.model, dense.weights, count), visitor=visitor) for count in CROPS
        ]
        try:
            return one_answer(dense, level, engine.run(asked, visitor=visitor), crops=crops)
        except Mistake as refusal:  # the last layer is not linear
            return one_answer(dense, level, None, str(refusal), crops)

    return {"flip": flip, "one": one}


def placed(engine: Engine, held: Held, settings: Settings, visitor: str = "") -> str:
    """The chosen place as HTML. Raises whatever the engine raises."""
    return place_card(place(engine, held, settings, visitor))
