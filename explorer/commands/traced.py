"""How a detector came to its boxes, in plain text: steps with their counts, one cell's arithmetic, and its loss."""

from __future__ import annotations

from typing import Any

SIDES = "left", "top", "right", "bottom"


def funnel(rounds: list[dict[str, Any]]) -> list[str]:
    """Each round's steps, with how many boxes each left."""
    widest = max(len(f"{stage['left']:,}") for one in rounds for stage in one["stages"])
    lines = []
    for one in rounds:
        lines.append(f"{one['round']}:")
        lines += [f"  {stage['left']:>{widest},}  {stage['name']}" for stage in one["stages"]]
    return lines


def cell(told: dict[str, Any]) -> list[str]:
    """What the cell reads, and how each of its boxes follows; "told" as `CellBoxes.as_json` has it."""
    x0, y0, x1, y1 = told["place"]
    where = f"row {told['row']}, column {told['column']} of {told['level']}"
    lines = [f"cell: {where}, x {x0:.0f} to {x1:.0f}, y {y0:.0f} to {y1:.0f} of the picture"]
    for number, box in enumerate(told["boxes"]):
        lines.append(f"  box {number}: {box['fate']}")
        lines.append(f"    reads   {'  '.join(_shown(value) for value in box['read'])}")
        lines += [f"    {name:<7} {sum_}" for name, sum_ in (*_sums(told, box), ("score", _score(told, box)))]
    return lines


def loss(told: dict[str, Any]) -> list[str]:
    """Each sum with its weight, of the whole picture and of the cell; "told" as `CellLosses.as_json` has it."""
    parts = [told, *([told["cell"]] if "cell" in told else [])]
    lines = [f"loss by {told['truth']}: weight, whole picture{', cell' if len(parts) > 1 else ''}"]
    for name, weight in told["lambdas"].items():
        lines.append(f"  {name:<8} {weight:>4g}" + "".join(f"  {_shown(part['terms'][name]):>10}" for part in parts))
    return [*lines, f"  {'total':<13}" + "".join(f"  {_shown(part['total']):>10}" for part in parts)]


def _sums(told: dict[str, Any], box: dict[str, Any]) -> list[tuple[str, str]]:
    """How the numbers that are applied and what they are applied to become the box on the picture, term by term."""
    if None in box["box"] or None in box["moved"]:
        return [("box", "is no number")]
    a, b, c, d = map(_shown, box["moved"])
    x, y, wide, high = (f"{value:g}" for value in box["prior"])
    across, down = (f"{factor:.4g}" for factor in told["to_picture"])
    x0, y0, x1, y1 = box["box"]
    if told["sum"] == "distance":
        sums = (f"({x} - {a}) * {across}", f"({y} - {b}) * {down}", f"({x} + {c}) * {across}", f"({y} + {d}) * {down}")
        return [(side, f"{sum_} = {edge:.1f}") for side, sum_, edge in zip(SIDES, sums, box["box"], strict=True)]
    if told["sum"] == "anchor":
        centre = f"({x} + {a} * {wide}) * {across}", f"({y} + {b} * {high}) * {down}"
    else:
        stride = [f"{side:.4g}" for side in told["stride"]]
        centre = f"({a} + {x}) * {stride[0]} * {across}", f"({b} + {y}) * {stride[1]} * {down}"
    return [
        ("x", f"{centre[0]} = {(x0 + x1) / 2:.1f}"),
        ("y", f"{centre[1]} = {(y0 + y1) / 2:.1f}"),
        ("width", f"{c} * {wide} * {across} = {x1 - x0:.1f}"),
        ("height", f"{d} * {high} * {down} = {y1 - y0:.1f}"),
    ]


def _score(told: dict[str, Any], box: dict[str, Any]) -> str:
    """What the box competes with, and of what that is made."""
    if box["score"] is None:
        return "is no number"
    score = f"{box['score']:.4f}"
    if box["name"] is None:
        return f"{score}, the objectness"
    named = f"{box['name']} {_shown(box['classes'][box['name']])}"
    if box["objectness"] is None:
        return f"{named}, so {score}"
    if told["sum"] == "distance":
        return f"sqrt(centre-ness {_shown(box['objectness'])} * {named}) = {score}"
    return f"objectness {_shown(box['objectness'])} * {named} = {score}"


def _shown(value: float | None) -> str:
    return "no number" if value is None else f"{value:.4f}"
