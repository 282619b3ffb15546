"""What the RoI tab asks the engine, and what the page shows of its answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from explorer.asking import Asking, Chosen
from explorer.contract import RANDOM, Engine, WeightsCard
from explorer.drawing.layers import View
from explorer.drawing.roi import poolings_view, with_path
from explorer.drawing.roi_features import features_results, features_verdict, features_view
from explorer.drawing.roi_head import head_scores, head_verdict, head_view, proposal_names
from explorer.drawing.roi_shift import jumps, shift_curves, shift_verdict
from explorer.drawing.roi_sums import results, sums, verdict
from explorer.errors import Mistake
from explorer.records.frame import Frame
from explorer.records.roi import Box, Poolings, Roi, RoiShift
from explorer.records.roi_features import RoiFeatureMap, RoiFeatures
from explorer.records.roi_head import FAMILIES, HeadAnswers, RoiHead
from explorer.tabs import words
from explorer.tabs.roi_settings import HEADS, NUMBERS, PICTURES, Settings, box_text

MOVED, PICKED = EVENTS = ("roi_moved", "roi_picked")
"""What the stage reports to this tab: the box that was dragged, the bin that was clicked."""
UNTRAINED = "fasterrcnn_resnet50_fpn"
"""Never trained, MobileNet's maps are so faint that its scores are all alike; this one's differ."""
_say = partial(words.say, "roi")


@dataclass(frozen=True, eq=False)
class Shown:
    """One answer as the page has it: HTML, layers, a chart; what belongs to the other parts is empty.

    region: the box on the picture as the page writes it; proposals: (what a person reads, number, box on the picture).
    """

    view: View
    verdict: str
    results: str = ""
    sums: str = ""
    chart: Any = None
    jumps: str = ""
    region: str = ""
    proposals: tuple[tuple[str, str, str], ...] = ()


def run(engine: Engine, question: Roi, visitor: str = "") -> Poolings:
    """The three poolings of a box on a matrix. Raises whatever the engine raises."""
    return engine.run(question, visitor=visitor)


def features(engine: Engine, frame: Frame, settings: Settings, one: Chosen, visitor: str = "") -> RoiFeatureMap:
    """The poolings of a box on the picture, on that network's map. Raises whatever the engine raises."""
    asked = RoiFeatures(
        engine.keep(frame), one.model, settings.on_picture(frame.size), one.weights, settings.layer or "",
        settings.cells, settings.samples, settings.wanted_channel(), bool(settings.aligned),
    )  # fmt: skip
    answer = engine.run(asked, visitor=visitor)
    return replace(answer, notes=(one.why, *answer.notes)) if one.why else answer


def head(engine: Engine, frame: Frame, settings: Settings, one: Chosen, visitor: str = "") -> HeadAnswers:
    """That detector's scores of a box on the picture. Raises whatever the engine raises."""
    asked = RoiHead(engine.keep(frame), one.model, settings.on_picture(frame.size), one.weights)
    answer = engine.run(asked, visitor=visitor)
    return replace(answer, notes=(one.why, *answer.notes)) if one.why else answer


def chosen_for(engine: Engine, asking: Asking, frame: Frame, settings: Settings, fetching: bool = False) -> Chosen:
    """The network that is asked: the one that is set, or the one that knows the picture.

    A detector is large: where none is here and nobody wants to fetch one, one that was never trained shows what
    rounding changes, and says what it is. Raises Mistake.
    """
    if settings.part == PICTURES:
        return asking.networks([settings.network] if settings.network else [], frame.domain, retry=fetching)[0]
    if settings.detector:
        return Chosen.of(settings.detector)
    model, weights, here = _detector(engine)
    if here or fetching:
        return Chosen(model, weights.name)
    return Chosen(UNTRAINED, RANDOM, _say("untrained_why", model=model, size=weights.size / 1e6))


def _detector(engine: Engine) -> tuple[str, WeightsCard, bool]:
    """The most precise that is here, else the smallest to fetch; and whether it is here. Raises Mistake."""
    known = [(card.name, one) for card in engine.models("detect") if card.family in FAMILIES for one in card.weights]
    here = [pair for pair in known if engine.present(pair[0], pair[1].name)]
    if here:
        return (*max(here, key=lambda pair: pair[1].metrics.get("map", 0.0)), True)
    if not known:
        raise Mistake(_say("no_detector"))
    return (*min(known, key=lambda pair: pair[1].size), False)


def shown(engine: Engine, frame: Frame, settings: Settings, visitor: str = "", one: Chosen | None = None) -> Shown:
    """What the page shows for these settings; one: the network to ask, on pictures.

    Raises Mistake, and whatever the engine raises.
    """
    if settings.on_matrix:
        return _on_matrix(engine, frame, settings, visitor)
    if one is None:
        raise Mistake(_say("no_network"))
    region = box_text(settings.on_picture(frame.size))
    if settings.part == HEADS:
        found = head(engine, frame, settings, one, visitor)
        return Shown(
            head_view(found, frame.id, MOVED), head_verdict(found), head_scores(found), region=region,
            proposals=tuple((*named, _tenths(found, i)) for i, named in enumerate(proposal_names(found))),
        )  # fmt: skip
    answer, chosen = features(engine, frame, settings, one, visitor), settings.chosen
    return Shown(
        features_view(answer, frame.id, chosen, EVENTS),
        features_verdict(answer),
        features_results(answer, chosen),
        sums(answer.roi, answer.poolings, chosen),
        region=region,
    )


def _tenths(found: HeadAnswers, i: int) -> str:
    """A proposal's box as the page writes it."""
    x0, y0, x1, y1 = (float(side) for side in np.round(found.proposals[i].astype(np.float64), 1))
    box: Box = (x0, y0, x1, y1)
    return box_text(box)


def _on_matrix(engine: Engine, frame: Frame, settings: Settings, visitor: str) -> Shown:
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
