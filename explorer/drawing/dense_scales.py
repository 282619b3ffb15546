"""A picture in several scales: what each cost, and one answer of them all, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.dense_flip import small
from explorer.records.averages import Averaged
from explorer.records.classify import Classification
from explorer.records.dense import DenseMaps, Level

BEST = 3
CROPS = {1: "for comparison, its centre crop alone", 10: "for comparison, ten crops averaged (AlexNet)"}


def scales_table(found: Sequence[DenseMaps], shown: int = 0) -> str:
    """A row a scale: the picture's size there, places, and time and multiply-adds of each answer; empty for one scale.

    shown: the level on the stage.
    """
    dense = found[-1]
    if len(dense.levels) < 2:
        return ""
    heads = ["slid", "at once"] if len(found) == 2 else ["at once"]
    head = "".join(f"<th>{text}</th>" for text in ("scale", "picture", "places", *heads))
    rows = "".join(_row(found, i, i == shown) for i in range(len(dense.levels)))
    return (
        f'<table class="costs scales" data-testid="scales"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(found: Sequence[DenseMaps], index: int, is_shown: bool) -> str:
    level = found[-1].levels[index]
    (height, width), (rows, columns) = level.size, level.positions
    cells = "".join(f"<td>{_cost(maps.levels[index : index + 1])}</td>" for maps in found)
    mark = ' class="shown"' if is_shown else ""
    return (
        f'<tr{mark} data-testid="scale-{level.scale:g}"><th scope="row">{level.scale:g}</th><td>{width}x{height}</td>'
        f"<td>{rows} × {columns}</td>{cells}</tr>"
    )


def _cost(level: Sequence[Level]) -> str:
    """Of one level, or of none that has come yet."""
    return "".join(f"<output>{one.ms:,.0f}</output> ms<br>{one.macs / 1e9:,.2f} G" for one in level)


def one_answer(
    maps: DenseMaps,
    level: int,
    averaged: Averaged | None,
    refusal: str = "",
    crops: Sequence[Classification] = (),
) -> str:
    """One answer of the whole picture in several ways, and whether averaging before the last layer is the same.

    averaged: of this level; refusal: why there is none; crops: what the network says of crops, for comparison.
    """
    scores = maps.levels[level].scores.reshape(len(maps.names), -1)
    counted = f"{len(maps.levels)} scales" if len(maps.levels) > 1 else "its one scale"
    logits = maps.levels[level].logits.reshape(len(maps.names), -1)
    of_logits = averaged.scores if averaged else _softmax(np.asarray(np.nanmean(logits, axis=1), np.float32))
    but = " but background" if "background" in maps.names else ""
    things = np.where([name == "background" for name in maps.names], np.float32(0), maps.pooled)
    ways = (
        ("overfeat", f"highest place of each class{but}, mean of {counted} (OverFeat)", things),
        ("logits", "logits averaged over the places, then softmax", of_logits),
        ("scores", "softmax first, then averaged over the places", np.nanmean(scores, axis=1)),
        *((f"crops-{len(one.logits)}", CROPS[len(one.logits)], one.scores) for one in crops),
    )
    rows = "".join(
        f'<tr data-testid="one-{name}"><th scope="row">{title}</th><td>{_named(maps.names, values)}</td></tr>'
        for name, title, values in ways
    )
    return f'<table class="costs one"><tbody>{rows}</tbody></table>{_linear(averaged, refusal)}'


def _named(names: Sequence[str], scores: NDArray[np.float32]) -> str:
    best = np.argsort(-scores, kind="stable")[:BEST]
    return ", ".join(f"<b>{escape(names[i])}</b> {scores[i]:.1%}" for i in best)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    shifted = np.exp(logits - logits.max())
    return np.asarray(shifted / shifted.sum(), np.float32)


def _linear(averaged: Averaged | None, refusal: str) -> str:
    if averaged is None:
        return f"<p>{escape(refusal)}</p>" if refusal else ""
    rows, columns = averaged.positions
    ms = f"{averaged.ms:.0f} ms{' cached' if averaged.cached else ''}"
    return (
        f"<p>Its last layer, {escape(averaged.layer)}, is linear. Computed both ways ({ms}): the mean of its logits at "
        f"{rows} × {columns} places, and its logits for the mean of the {averaged.features:,} features it reads there. "
        f'They differ by <output data-testid="averages-apart" data-value="{averaged.apart!r}">{small(averaged.apart)}'
        f"</output> at most, of logits up to {float(np.abs(averaged.after).max()):.3g}.</p>"
    )
