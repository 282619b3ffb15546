"""Trees, hedges and plants in pots."""

from __future__ import annotations

from functools import partial

from explorer.streetscape import solid, trig
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import PAINT, Colour, darker, lighter
from explorer.streetscape.registry import Figure
from explorer.streetscape.sketch import Sketch

LEAVES: tuple[Colour, ...] = (
    (92, 132, 84), (122, 154, 88), (70, 112, 84), (150, 160, 90), (196, 140, 80), (106, 140, 104),
)  # fmt: skip


def planter(d: Dice) -> Figure:
    """A plant in a tub."""
    pot, leaf, balls = (
        d.pick(PAINT),
        d.pick(LEAVES),
        [(d.between(-0.3, 0.3), d.between(0.6, 1.0), d.between(-0.3, 0.3), d.between(0.16, 0.3)) for _ in range(6)],
    )

    def paint(s: Sketch) -> None:
        for x, y, z, r in sorted(balls, key=lambda q: -s.depth(q[0], q[2])):
            s.blob(((x, y, z, r),), leaf)
        solid.box(s, (-0.42, 0.0, -0.42), (0.42, 0.55, 0.42), pot)

    return Figure(1.1, 0.9, 0.9, paint)


def tree(d: Dice) -> Figure:
    """A tree: round, tall or pointed."""
    tall, leaf, bark = d.between(3.8, 8.0), d.pick(LEAVES), d.pick(((104, 78, 62), (84, 70, 66), (130, 106, 86)))
    kind = d.weigh({"round": 4.0, "tall": 1.4, "cone": 1.2})
    wide = tall * (0.27 if kind == "round" else 0.15)
    balls = []
    for k in range(22):
        u = (k + 0.5) / 22
        r = wide * (1.1 - 0.75 * u if kind == "cone" else (1.0 - abs(u - 0.45) * 0.9))
        turn = k * 0.382 + d.unit() * 0.1
        balls.append(
            (
                r * 0.8 * trig.cosine(turn),
                tall * (0.42 + 0.5 * u),
                r * 0.8 * trig.sine(turn),
                wide * d.between(0.32, 0.5) * (1.0 - 0.5 * u * (kind == "cone")),
            )
        )
    lean = d.between(-0.2, 0.2)

    return Figure(
        tall, wide * 2.4, wide * 2.4, partial(_paint_tree, tall=tall, leaf=leaf, bark=bark, balls=balls, lean=lean)
    )


def _paint_tree(
    s: Sketch, tall: float, leaf: Colour, bark: Colour, balls: list[tuple[float, float, float, float]], lean: float
) -> None:
    s.limb((0, 0, 0), (lean, tall * 0.5, 0), tall * 0.03, tall * 0.017, bark)
    s.limb((lean * 0.7, tall * 0.38, 0), (lean + 0.12 * tall, tall * 0.56, 0), tall * 0.014, tall * 0.009, bark)
    s.limb((lean * 0.7, tall * 0.4, 0), (lean - 0.11 * tall, tall * 0.6, 0), tall * 0.012, tall * 0.009, bark)
    side = s.side
    order = sorted(balls, key=lambda q: -s.depth(q[0], q[2]))
    if s.detail < 2:
        order = order[::2]
    for x, y, z, r in order:
        s.hull(((x, y, z, r * 1.15),), s.ink(darker(leaf, 0.18), 0.1))
    for x, y, z, r in order:
        s.hull(((x, y, z, r * 0.9),), s.ink(leaf, 0.42), 0.25 * side, 0.25)
    if s.detail:
        for x, y, z, r in order[::2] if s.detail < 3 else order:
            s.hull(((x, y, z, r * 0.55),), s.ink(leaf, 0.8), 0.6 * side, 0.7)
    if s.detail > 1:
        for x, y, z, r in order[::2]:
            s.hull(((x, y, z, r * 0.2),), s.ink(lighter(leaf, 0.12), 1.05), 2.0 * side, 2.3)


def hedge(d: Dice) -> Figure:
    """A hedge, sometimes cut like an animal."""
    long, tall, leaf = d.between(0.8, 4.0), d.between(0.5, 1.4), d.pick(LEAVES)
    balls = [
        (long * d.between(-0.5, 0.5), tall * d.between(0.25, 0.8), d.between(-0.25, 0.25), tall * d.between(0.18, 0.34))
        for _ in range(16)
    ]
    if d.chance(0.3):
        balls += [
            (long * 0.5, tall * 1.1, 0.0, tall * 0.26),
            (long * 0.5, tall * 1.4, 0.1, tall * 0.12),
            (long * 0.45, tall * 1.4, -0.1, tall * 0.12),
        ]

    def paint(s: Sketch) -> None:
        for x, y, z, r in balls:
            s.hull(((x, y, z, r * 1.15), (x, r * 0.5, z, r)), s.ink(darker(leaf, 0.2), 0.15))
        for x, y, z, r in balls:
            s.hull(((x, y, z, r * 0.85),), s.ink(leaf, 0.5), 0.25 * s.side, 0.25)
        for x, y, z, r in balls[::2]:
            s.hull(((x, y, z, r * 0.45),), s.ink(leaf, 0.95), 0.7 * s.side, 0.8)

    return Figure(tall, long, 0.8, paint)
