"""An owner's files as a model: its card, its names, and what is refused before anything is read or allocated."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from explorer.errors import BadWeights, Mistake
from explorer.models.darknet.entry import entry_of
from explorer.models.darknet.prepare import DarknetPreparation
from tests.models.darknet.files import EVERY, NEW, YOLO, cfg, numbers, planned, written

CONV = "convolutional filters=14 size=1 activation=linear"
HUGE = "convolutional filters=8192 size=3 pad=1 activation=linear"


def saved(folder: Path, *sections: str, name: str = "own.cfg", **net: int) -> Path:
    path = folder / name
    path.write_text(cfg(*sections, **net))
    return path


@pytest.mark.parametrize(
    ("sections", "year", "paper", "heads"),
    [
        ((CONV, YOLO), 2018, "1804.02767", "2 layers and one head"),
        ((CONV, "region classes=2 num=2 anchors=1,1,2,2"), 2016, "CVPR 2017", "one head"),
        (("connected output=48", "detection side=2 num=2 classes=2 coords=4"), 2015, "CVPR 2016", "one head"),
        ((CONV, YOLO, "route layers=0", YOLO), 2018, "1804", "4 layers and 2 heads"),
    ],
)
def test_the_card_says_what_the_cfg_says(
    tmp_path: Path, sections: tuple[str, ...], year: int, paper: str, heads: str
) -> None:
    entry = entry_of(saved(tmp_path, *sections, name="street.v2.cfg", width=16))
    card = entry.card
    assert (card.name, card.family, card.tasks, card.input, card.year) == (
        *("street.v2", "Darknet", ("detect",), (8, 16)),
        year,
    )
    assert paper in card.paper and heads in card.idea and card.weights == () and entry.published == ()
    assert entry.usual is not None and isinstance(entry.usual.preparation, DarknetPreparation)
    assert entry.usual.categories == ("class 0", "class 1") and "--names" in entry.usual.notes[0]


def test_names_are_given_or_known_by_their_number(tmp_path: Path) -> None:
    given = tmp_path / "own.names"
    given.write_text("cat\ndog\n")
    usual = entry_of(saved(tmp_path, CONV, YOLO), names=given).usual
    assert usual is not None and usual.categories == ("cat", "dog") and usual.notes == ()
    many = "convolutional filters=170 size=1", "yolo classes=80 num=2 anchors=1,2,3,4"
    usual = entry_of(saved(tmp_path, *many)).usual
    assert usual is not None and usual.categories[16] == "dog" and "COCO's" in usual.notes[0]


@pytest.mark.parametrize(
    ("sections", "net", "word"),
    [
        (("convolutional filters=2", "softmax"), {}, r"own.cfg has no \[yolo\], \[region\] or \[detection\] section"),
        ((CONV, YOLO), {"channels": 1}, "takes 1 channels and a picture has 3"),
        ((HUGE, HUGE, CONV, YOLO), {}, "brings the weights to 604,"),
        ((CONV, YOLO), {"width": 10**6}, "width"),
        (("convolutional filters=15", YOLO), {}, "Layer 1"),
    ],
)
def test_a_cfg_that_cannot_serve(tmp_path: Path, sections: tuple[str, ...], net: dict[str, int], word: str) -> None:
    with pytest.raises(Mistake, match=word):
        entry_of(saved(tmp_path, *sections, **net))


def test_weights_are_judged_by_their_size_alone(tmp_path: Path) -> None:
    """A file of 100 GB costs no time: nothing of it is read."""
    path, floats = saved(tmp_path, *EVERY), numbers(planned(*EVERY).floats)
    entry_of(path, written(tmp_path, floats))
    for wrong in (floats[:-1], floats.repeat(2)):
        with pytest.raises(BadWeights, match="bytes"):
            entry_of(path, written(tmp_path, wrong))
    vast = tmp_path / "vast.weights"
    with vast.open("wb") as file:
        file.write(NEW)
        file.truncate(10**11)
    began = time.perf_counter()
    with pytest.raises(BadWeights, match="bytes are left over"):
        entry_of(path, vast)
    with pytest.raises(BadWeights, match="no weights file at /dev/zero"):
        entry_of(path, Path("/dev/zero"))
    assert time.perf_counter() - began < 1
