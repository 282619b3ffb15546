"""`dense`: a classifier slid over a picture against the same classifier run once over the whole."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from explorer.commands.command import Add, engine, told, whole
from explorer.commands.networks import chosen, on_a_picture, opened
from explorer.records.classify import Precision
from explorer.records.dense import METHODS, Dense, DenseMaps, Difference, Method, difference
from explorer.records.detect import listed
from explorer.records.localize import Localize

if TYPE_CHECKING:
    from explorer.engine.engine import LocalEngine

TOP = 5
ASKED: dict[str, tuple[Method, ...]] = {"sliding": ("sliding",), "dense": ("dense",), "both": METHODS}


def add(command: Add) -> None:
    """Make `dense` known."""
    parser = command("dense", _dense, _show, "A classifier at every place of a picture, window by window or at once.")
    on_a_picture(parser)
    parser.add_argument("--stride", type=whole, default=0, metavar="PX", help="between places; 0: the network's own")
    parser.add_argument("--scales", type=_scales, default=(1.0,), metavar="S,S", help="of the picture, one to six")
    parser.add_argument("--method", choices=tuple(ASKED), default="both")


def _dense(arguments: argparse.Namespace) -> dict[str, Any]:
    frame = opened(arguments)
    serving = engine(arguments.device)
    model, weights, why = chosen(serving, frame, arguments)
    picture = serving.keep(frame)
    found: dict[str, DenseMaps] = {}
    for method in ASKED[arguments.method]:
        question = Dense(picture, model, weights, arguments.stride, arguments.scales, method, arguments.precision)
        found[method] = told(serving.ask(question))
    first = next(iter(found.values()))
    both = difference(found["sliding"], found["dense"]) if len(found) > 1 else None
    notes = dict.fromkeys(
        [*frame.notes, *filter(None, [why]), *(note for maps in found.values() for note in maps.notes)]
    )
    boxes = _boxes(serving, picture, first, arguments.precision)
    return _summed(first, found, both) | {"detections": boxes, "notes": list(notes)}


def _boxes(serving: LocalEngine, picture: str, maps: DenseMaps, precision: Precision) -> list[dict[str, Any]]:
    """What is where, of a network that says so too: at these scales, or six of its own where there is one."""
    if not any(card.name == maps.model for card in serving.models("detect")):
        return []
    scales = tuple(level.scale for level in maps.levels) if len(maps.levels) > 1 else ()
    asked = Localize(picture, maps.model, maps.weights, maps.stride, scales, precision=precision)
    found = told(serving.ask(asked)).detections
    return listed(found.boxes, found.labels, found.scores, found.names)


def _summed(first: DenseMaps, found: dict[str, DenseMaps], both: Difference | None) -> dict[str, Any]:
    compared = {} if both is None else {"max_abs_diff": _number(both.max_abs), "agree_top1": _number(both.agree)}
    macs = {method: maps.macs for method, maps in found.items() if method != "batched"}
    return {
        "model": first.model,
        "weights": first.weights,
        "device": first.device,
        "window": list(first.window),
        "stride": first.stride,
        "strides": list(first.strides),
        "scales": [level.scale for level in first.levels],
        "positions": first.positions,
        "levels": [_level(found, i) for i in range(len(first.levels))],
        "classes": _best(list(found.values())[-1]),
        "padded": bool(first.causes.padded),
        "causes": {
            "padded": list(first.causes.padded),
            "ceiled": list(first.causes.ceiled),
            "whole": list(first.causes.whole),
        },
        **compared,
        "ms": {method: maps.ms for method, maps in found.items()},
        "macs": macs,
    }


def _level(found: dict[str, DenseMaps], index: int) -> dict[str, Any]:
    """One scale of the picture, and what it cost in each way."""
    own = {method: maps.levels[index] for method, maps in found.items()}
    level = next(iter(own.values()))
    return {
        "scale": level.scale,
        "size": list(level.size),
        "rows": level.positions[0],
        "columns": level.positions[1],
        "ms": {method: one.ms for method, one in own.items()},
        "macs": {method: one.macs for method, one in own.items() if method != "batched"},
    }


def _best(maps: DenseMaps) -> list[dict[str, Any]]:
    """The classes of the whole picture by OverFeat's rule, the highest first; they do not sum to 1."""
    scores = maps.pooled
    order = (-scores).argsort(kind="stable")[:TOP]
    return [{"index": int(i), "name": maps.names[i], "score": _number(float(scores[i]))} for i in order]


def _number(value: float) -> float | None:
    return value if value == value else None


def _scales(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"scales are numbers, as in 1,.7, got {text[:40]!r}") from None


def _show(result: dict[str, Any]) -> str:
    (tall, wide), stride = result["window"], result["stride"]
    rows = [
        f"{result['positions']} windows of {wide}x{tall}, {stride} pixels apart, scales {_listed(result['scales'])}"
    ]
    if len(result["levels"]) > 1:
        rows += [_scale(level) for level in result["levels"]]
    macs = result["macs"]
    for method, ms in result["ms"].items():
        cost = macs.get(method, macs.get("sliding", 0))
        rows.append(f"{method:>8}  {ms:10.1f} ms  {cost / 1e9:8.2f} G multiply-adds")
    if "max_abs_diff" in result:
        ratios = result["ms"]["sliding"] / result["ms"]["dense"], macs["sliding"] / macs["dense"]
        rows.append(
            "dense is {:.1f} times as fast as window by window, with {:.1f} times less to compute".format(*ratios)
        )
        rows.append(
            f"largest difference of a logit {result['max_abs_diff']:.2g}; "
            f"the same best class at {result['agree_top1']:.1%} of the places"
        )
    if result["detections"]:
        rows.append(f"found: {', '.join('{name} {score:.0%}'.format(**one) for one in result['detections'][:TOP])}")
    named = ", ".join(f"{one['name']} {one['score']:.1%}" for one in result["classes"] if one["score"] is not None)
    rows.append(f"highest place of each class, mean of all scales: {named}")
    rows.append(f"{result['model']} ({result['weights']}) on {result['device']}")
    return "\n".join([*rows, *(f"note: {note}" for note in result["notes"])])


def _scale(level: dict[str, Any]) -> str:
    (tall, wide), ms = level["size"], ", ".join(f"{method} {ms:.1f} ms" for method, ms in level["ms"].items())
    return f"   scale {level['scale']:g}: {wide}x{tall}, {level['rows']}x{level['columns']} places, {ms}"


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
