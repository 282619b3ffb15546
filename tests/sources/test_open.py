"""One name for every picture, and nothing but what the name says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.errors import BadPicture, Mistake, UnknownName
from explorer.sources.gallery import gallery, offered
from explorer.sources.image import VISITOR
from explorer.sources.open import bundled, open_picture
from explorer.streetscape.render import render
from tests import pictures


def test_a_scene_is_its_seeds_picture() -> None:
    assert np.array_equal(open_picture("scene:7").pixels, render(7).picture)
    assert np.array_equal(bundled("scene:7:hard:4").pixels, render(7, difficulty="hard", objects=4).picture)
    assert open_picture("scene:7", size=(96, 128)).size == (96, 128)


@pytest.mark.parametrize("name", ["scene:", "scene:x", "scene:-1", "scene:7:normal:x", "scene:7:normal:3:4", "scene:٣"])
def test_a_scene_that_is_no_scene_is_a_sentence(name: str) -> None:
    with pytest.raises(Mistake, match="A scene is scene:SEED"):
        bundled(name)


def test_a_difficulty_that_is_none_is_told_apart() -> None:
    with pytest.raises(UnknownName, match="did you mean hard"):
        bundled("scene:7:hrad")


def test_what_the_page_opens_is_never_a_file(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(pictures.READ["I13-rgb"].data)
    assert open_picture(str(path), VISITOR).name == "photo.png"
    with pytest.raises(UnknownName):
        bundled(str(path))
    with pytest.raises(BadPicture):
        open_picture(str(tmp_path / "nothing.png"))


def test_everything_the_gallery_offers_opens() -> None:
    assert len(offered()) == sum(len(shelf.pictures) for shelf in gallery()) >= 10
    for name in offered():
        assert min(bundled(name).size) >= 200
