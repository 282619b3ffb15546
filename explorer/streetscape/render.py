"""A seed becomes a scene."""

from __future__ import annotations

import math

import numpy as np

from explorer.errors import Mistake, UnknownName
from explorer.records.frame import Size
from explorer.records.scene import CLASSES, DIFFICULTIES, Scene, mask_bounds
from explorer.streetscape import finish, glow, raster
from explorer.streetscape.actors import Actor, order
from explorer.streetscape.canvas import LABEL, Canvas, Patch
from explorer.streetscape.cast import fill
from explorer.streetscape.dice import Dice
from explorer.streetscape.footing import Painted, on_the_ground
from explorer.streetscape.registry import kinds
from explorer.streetscape.sketch import Sketch
from explorer.streetscape.stage import facade, ground, horizon, house, sky, water
from explorer.streetscape.stage.plan import Plan, plan_for
from explorer.streetscape.weather import light_for

SMALLEST, LARGEST, MOST = 64, 1280, 40
ATTEMPTS = 60


def render(
    seed: int, size: Size = (480, 640), difficulty: str = "normal", objects: int | None = None, min_area: float = 0.0
) -> Scene:
    """The scene of a seed: the same bytes on every machine.

    size: (height, width), 64..1280 a side. objects: exactly how many things, else the difficulty says. min_area: least
    share of the picture that every thing's box covers (then one thing unless `objects` says more). Raises Mistake, also
    when so many things so large find no room.
    """
    _check(seed, size, difficulty, objects, min_area)
    for attempt in range(ATTEMPTS):
        scene = _attempt(Dice(seed, attempt), seed, size, difficulty, objects, min_area)
        if scene is not None:
            return scene
    raise Mistake(
        f"No room for {objects or 1} things of {min_area:.0%} of the picture each: ask for fewer or smaller ones."
    )


def _check(seed: int, size: Size, difficulty: str, objects: int | None, min_area: float) -> None:
    if seed < 0 or seed >= 1 << 62:
        raise Mistake(f"A seed is a whole number from 0 to 2^62 - 1, got {seed}.")
    if len(size) != 2 or not all(SMALLEST <= side <= LARGEST for side in size):
        raise Mistake(f"A scene's size is (height, width), {SMALLEST} to {LARGEST} pixels each, got {size}.")
    if difficulty not in DIFFICULTIES:
        raise UnknownName("difficulty", difficulty, DIFFICULTIES)
    if objects is not None and not 1 <= objects <= MOST:
        raise Mistake(f"A scene holds 1 to {MOST} things, got {objects}.")
    if not 0 <= min_area <= 0.6:
        raise Mistake(f"The least share of the picture lies in 0..0.6, got {min_area}.")


def _attempt(dice: Dice, seed: int, size: Size, difficulty: str, objects: int | None, min_area: float) -> Scene | None:
    height, width = size
    light = light_for(dice, difficulty)
    hero = dice.pick(CLASSES) if min_area else None
    tall = kinds()[hero].make(dice.child()).height if hero else 0.0
    wet = dice.chance(0.4) if hero is None else hero == "boat"
    plan = plan_for(dice, light, width, height, wet, tall)
    actors = order(fill(plan, dice.child(), difficulty, objects, min_area, hero))
    canvas = Canvas(width, height)
    lamps, houses = _stage(canvas, plan, dice.child())
    painted = _figures(plan, actors, lamps)
    on_the_ground(canvas, plan, painted, lamps, houses)
    wholes = _lay(canvas, plan, painted)
    scene = _truth(canvas, painted, wholes, plan, dice, seed, difficulty)
    return scene if _fits(scene, difficulty, objects, min_area) else None


def _stage(canvas: Canvas, plan: Plan, dice: Dice) -> tuple[list[glow.Lamp], list[house.House]]:
    """Paint all that stands still; returns the lights of the shops, and the houses."""
    sky.paint(canvas, plan, dice.child())
    horizon.paint(canvas, plan, dice.child())
    ground.paint(canvas, plan, dice.child())
    lamps: list[glow.Lamp] = []
    houses: list[house.House] = []
    for front in plan.fronts:
        if plan.far_side != "park" or front < 0:
            row = house.row(plan, front, dice.child())
            lamps += facade.paint(canvas, plan, row, dice.child())
            houses += row
    water.mirror(canvas, plan, 0.62)
    return lamps, houses


def _figures(plan: Plan, actors: list[Actor], lamps: list[glow.Lamp]) -> list[Painted]:
    shining = [
        actor
        for actor in actors
        if plan.light.lamps and not actor.thing and actor.figure.height > 4 and actor.label == LABEL["void"]
    ]
    painted = []
    for actor in actors:
        warm = 0.0
        if plan.light.lamps > 0.3:
            near = [(a.x, a.z, 5.0) for a in shining if a is not actor] + [(p[0], p[2], 4.0) for p, _, _ in lamps]
            warm = min(0.55, 2.2 * sum(_warmth(actor.x - x, actor.z - z, r) for x, z, r in near)) * plan.light.lamps
        sketch = Sketch(plan.camera, plan.light, actor.x, actor.z, actor.yaw, actor.figure.height, actor.base, warm)
        actor.figure.paint(sketch)
        patch = raster.patch(sketch)
        if patch is not None:
            painted.append(Painted(actor, sketch, patch))
    return painted


def _warmth(dx: float, dz: float, reach: float) -> float:
    """Light from a lamp some metres away, falling off with the square of the distance."""
    return reach / (reach * reach + 3 * (dx * dx + dz * dz))


def _lay(canvas: Canvas, plan: Plan, painted: list[Painted]) -> list[int]:
    """Lay all patches back to front; returns the whole size in pixels of every one."""
    for number, one in enumerate(painted, start=1):
        patch = _behind_the_quay(canvas, plan, one) if one.actor.base < 0 else one.patch
        canvas.lay(patch, one.actor.label, number if one.actor.thing else 0)
        for lamp in one.sketch.shine:
            glow.halo(canvas.picture, plan.camera, lamp, plan.light.lamps)
    return [one.patch.whole if one.actor.thing else 0 for one in painted]


def _behind_the_quay(canvas: Canvas, plan: Plan, one: Painted) -> Patch:
    """What floats below street level is hidden by the ground that is nearer."""
    part = one.patch.clip(canvas.width, canvas.height)
    first = math.ceil(plan.camera.row(0.0, 0.97 * one.actor.z))
    if part is None or first >= part[0].stop:
        return one.patch
    rows, columns, _ = part
    top = max(first, rows.start)
    dry = canvas.label[top : rows.stop, columns] != LABEL["water"]
    rgba = one.patch.rgba.copy()
    left = columns.start - one.patch.left
    rgba[top - one.patch.top : rows.stop - one.patch.top, left : left + dry.shape[1]][dry] = 0
    return Patch(one.patch.left, one.patch.top, rgba)


def _truth(
    canvas: Canvas, painted: list[Painted], wholes: list[int], plan: Plan, dice: Dice, seed: int, difficulty: str
) -> Scene:
    visible = np.bincount(canvas.owner.ravel(), minlength=len(painted) + 1)[1:]
    seen = [k for k, count in enumerate(visible.tolist()) if count > 0]
    number = np.zeros(len(painted) + 1, np.int32)
    number[[k + 1 for k in seen]] = np.arange(1, len(seen) + 1)
    instances = number[canvas.owner]
    return Scene(
        picture=finish.develop(canvas.picture, plan.light, dice, difficulty),
        boxes=mask_bounds(instances, len(seen)),
        labels=np.array([painted[k].actor.label for k in seen], np.int64),
        visibility=np.array([visible[k] / max(wholes[k], 1) for k in seen], np.float32),
        instances=instances,
        label_map=canvas.label,
        weather=plan.light.name,
        seed=seed,
        difficulty=difficulty,
    )


def _fits(scene: Scene, difficulty: str, objects: int | None, min_area: float) -> bool:
    count = len(scene.labels)
    if objects is not None and count != objects:
        return False
    if min_area:
        sides = scene.boxes[:, 2:] - scene.boxes[:, :2]
        share = sides[:, 0] * sides[:, 1] / (scene.size[0] * scene.size[1])
        return count > 0 and bool((share >= min_area).all())
    return objects is not None or 3 <= count <= (12 if difficulty != "hard" else 16)
