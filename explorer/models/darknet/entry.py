"""An owner's own Darknet network as a model like any other."""

from __future__ import annotations

from pathlib import Path

from explorer.class_names import usual_names
from explorer.contract import ModelCard
from explorer.errors import Mistake, shown
from explorer.models.darknet.cfg import read_cfg_file
from explorer.models.darknet.flat import Flat
from explorer.models.darknet.heads import Detection, Head, Region
from explorer.models.darknet.names import read_names
from explorer.models.darknet.network import Darknet
from explorer.models.darknet.plan import Plan, plan
from explorer.models.darknet.prepare import DarknetPreparation, takes_pictures
from explorer.models.darknet.weights import check, load
from explorer.models.registry import Entry, Usual

FAMILY = "Darknet"


def entry_of(cfg: Path, weights: Path | None = None, names: Path | None = None) -> Entry:
    """The architecture that a .cfg tells, called as the file is, with nothing allocated and no float read yet.

    weights: the file that is to be read, judged by its size; names: of the classes, else COCO's or VOC's where there
    are as many. Raises Mistake or BadWeights with one sentence for files that do not belong together.
    """
    made = plan(read_cfg_file(cfg))
    if not made.heads:
        raise Mistake(
            f"{shown(cfg.name, 80)} has no [yolo], [region] or [detection] section, so it finds no boxes: give a "
            "detector's cfg."
        )
    takes_pictures(made)
    categories, notes = _named(made, names)
    if weights is not None:
        check(made, weights)
    return Entry(
        _card(made, shown(cfg.stem, 80)),
        build=lambda _: Flat(Darknet(made)),
        usual=Usual(DarknetPreparation(made), categories, notes=notes),
        read=lambda path: Flat(load(made, path)),
    )


def _named(made: Plan, names: Path | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the classes, and what to know of them."""
    if names is not None:
        return read_names(names, made.classes), ()
    categories, whose = usual_names(made.classes)
    if not whose:
        return categories, ("the classes have numbers only: --names gives them names",)
    return categories, (f"the class names are {whose}, for the network has as many: --names gives others",)


def _card(made: Plan, name: str) -> ModelCard:
    year, paper = _source(made.head_sections[-1])
    heads = f"{len(made.heads)} heads" if len(made.heads) > 1 else "one head"
    idea = f"Your own: {len(made.layers)} layers and {heads}, every cell of which proposes boxes, in one pass."
    return ModelCard(name, FAMILY, year, paper, idea, tasks=("detect",), input=made.size)


def _source(head: Head) -> tuple[int, str]:
    """Year and paper of the kind of head."""
    if isinstance(head, Detection):
        return 2015, "Redmon et al., CVPR 2016"
    if isinstance(head, Region):
        return 2016, "Redmon & Farhadi, CVPR 2017"
    return 2018, "Redmon & Farhadi, arXiv:1804.02767"
