"""Figures in their places, and which of them hides which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.streetscape.registry import Figure


@dataclass(slots=True)
class Actor:
    """One figure in its place; half extents along and across the street, and its rectangle on the picture."""

    figure: Figure
    label: int
    thing: bool
    x: float
    z: float
    t: float
    a: float
    yaw: float
    base: float
    reach_t: float
    reach_a: float
    near: float
    box: tuple[float, float, float, float]
    area: float
    hidden: float = 0.0
    rides: bool = False


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Pixels that two rectangles share."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def order(actors: Sequence[Actor]) -> list[Actor]:
    """Actors from back to front: a plane between two of them says which one can hide the other."""
    left = sorted(actors, key=lambda actor: (-actor.z, actor.rides))
    done: list[Actor] = []
    while left:
        for actor in left:
            if not any(_behind(other, actor) for other in left if other is not actor):
                break
        else:
            actor = left[0]
        left.remove(actor)
        done.append(actor)
    return done


def _behind(one: Actor, other: Actor) -> bool:
    """Whether `one` must be painted before `other`."""
    if one.rides and other.x == one.x and other.z == one.z:
        return False
    if other.rides and other.x == one.x and other.z == one.z:
        return True
    if not overlap(one.box, other.box):
        return False
    if one.base > 3 or other.base > 3:
        return one.z > other.z
    for mine, theirs, reach in (
        (one.a, other.a, one.reach_a + other.reach_a),
        (one.t, other.t, one.reach_t + other.reach_t),
    ):
        if abs(mine - theirs) >= reach:
            return (mine > theirs) == (mine + theirs > 0)
    return one.z > other.z
