from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import UnknownName
from explorer.sources import samples
from explorer.sources.image import VISITOR


def test_every_sample_is_a_photograph_with_a_credit() -> None:
    known = samples.samples()
    assert 8 <= len(known) <= 10 and len({sample.name for sample in known}) == len(known)
    for known_sample in known:
        frame = samples.sample(known_sample.name)
        assert frame.name == known_sample.title and known_sample.credit
        assert min(frame.size) >= 300 and frame.pixels.shape[0] * frame.pixels.shape[1] < VISITOR.max_pixels
        # a photograph has many tones; a pattern or a drawing has few
        assert len(np.unique(frame.pixels)) > 120


def test_the_cat_is_the_cat() -> None:
    frame = samples.sample("cat")
    assert frame.size == (300, 451)
    assert samples.path("cat").name == "chelsea.png"
    assert frame.pixels[150, 225].tolist() == [190, 150, 124]


def test_unknown_names_get_the_near_miss() -> None:
    with pytest.raises(UnknownName, match="did you mean astronaut"):
        samples.sample("astronut")
    with pytest.raises(UnknownName, match="no sample called"):
        samples.path("../../etc/passwd")


def test_scikit_image_is_found_but_not_imported() -> None:
    code = "import sys; from explorer.sources import samples as s; s.sample('cat'); assert 'skimage' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_scikit_image_there_are_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(samples, "find_spec", lambda name: None)
    assert samples.samples() == ()
    with pytest.raises(UnknownName):
        samples.path("cat")
    monkeypatch.setattr(samples, "_folder", lambda: tmp_path)
    (tmp_path / "coffee.png").write_bytes(b"")
    assert [sample.name for sample in samples.samples()] == ["coffee"]
