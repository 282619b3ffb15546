"""Who appears: things, riders and clutter, in the numbers a difficulty asks for."""

from __future__ import annotations

from dataclasses import replace

from explorer.records.scene import CLASSES
from explorer.streetscape.actors import Actor
from explorer.streetscape.canvas import LABEL
from explorer.streetscape.clutter import ITEMS
from explorer.streetscape.dice import Dice
from explorer.streetscape.layout import Layout
from explorer.streetscape.outfit import rider
from explorer.streetscape.pretend import PRETENDERS
from explorer.streetscape.registry import Figure, kinds
from explorer.streetscape.stage.plan import Plan
from explorer.streetscape.things import bicycle

COUNTS = {"easy": (3, 6), "normal": (4, 11), "hard": (6, 14)}
CROWD = {"easy": (3, 6), "normal": (6, 12), "hard": (9, 16)}
ODDS = {"bicycle": 0.95, "person": 0.8, "car": 1.4, "bus": 2.6, "truck": 2.2, "traffic light": 1.05}


def fill(
    plan: Plan, dice: Dice, difficulty: str, objects: int | None, least: float, hero: str | None = None
) -> list[Actor]:
    """Actors for a plan: the things first (a `hero` before all), then clutter round them."""
    layout = Layout(plan, dice, difficulty, least)
    wanted = objects if objects is not None else dice.whole(*COUNTS[difficulty])
    if least and objects is None:
        wanted = 1
    odds = dict.fromkeys(CLASSES, 1.0) | ODDS | {"boat": 2.6 if "water" in plan.zones else 0.0}
    things = 0
    for _ in range(wanted * 5):
        if things >= wanted:
            break
        things += _one(layout, dice, hero or dice.weigh(odds), wanted - things)
        hero = None if things else hero
    crowd = dice.whole(*CROWD[difficulty]) if not least else dice.whole(0, 4)
    crowd += 3 if "grass" in plan.zones and not least else 0
    _furnish(layout, dice, crowd)
    return layout.actors


def _one(layout: Layout, dice: Dice, name: str, room: int) -> int:
    """Place one thing (and maybe its rider); returns how many came."""
    kind, label = kinds()[name], CLASSES.index(name)
    child = dice.child()
    if name == "bicycle" and room > 1 and not layout.least and dice.chance(0.5):
        return _ridden(layout, child)
    figure = kind.make(child)
    places = dict(figure.places) or kind.places
    return int(layout.place(figure, label, True, places, kind.along, kind.tallest) is not None)


def _ridden(layout: Layout, dice: Dice) -> int:
    kind, build, somebody = kinds()["bicycle"], bicycle.build(dice), rider(dice)
    figure = bicycle.figure(build)
    tall = figure.height + 0.42 * somebody.height
    whole = Figure(tall, figure.length, figure.width, figure.paint)
    places = {"road": 3.0, "sidewalk": 1.0}
    actor = layout.place(whole, CLASSES.index("bicycle"), True, places, 0.92, kind.tallest)
    if actor is None:
        return 0
    above = Figure(tall, figure.length, figure.width, bicycle.rider_paint(somebody, build))
    layout.actors.append(replace(actor, figure=above, label=CLASSES.index("person"), rides=True))
    return 2


def _furnish(layout: Layout, dice: Dice, count: int) -> None:
    items = ITEMS | PRETENDERS
    odds = {name: item.weight for name, item in items.items()}
    for _ in range(count):
        name = dice.weigh(odds)
        item = items[name]
        figure = item.make(dice.child())
        layout.place(figure, LABEL[item.label], False, item.places, 0.95 if name == "poster" else 0.75, 2.0)
