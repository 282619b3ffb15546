"""YOLO-Fastest 1.1 with its own weights on photographs: what an independent reader measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.engine.study import study_copy, studying
from explorer.errors import BadWeights
from explorer.models.darknet.cfg import read_cfg_file
from explorer.models.darknet.decode import Candidates, decode, suppress
from explorer.models.darknet.network import Darknet
from explorer.models.darknet.plan import plan
from explorer.models.darknet.prepare import prepare
from explorer.models.darknet.weights import load
from explorer.records.frame import Frame
from tests.models.darknet.coco import annotations, matched

pytestmark = pytest.mark.real


@dataclass(frozen=True)
class Reader:
    network: Darknet
    names: tuple[str, ...]

    def detect(self, path: Path) -> tuple[Candidates, torch.Tensor]:
        """All candidates of a picture, and which stay, best first."""
        frame = Frame(np.asarray(Image.open(path).convert("RGB")))
        with torch.inference_mode():
            outputs = self.network(prepare(self.network.plan, frame))
        candidates = decode(self.network.plan, outputs, frame.size)
        return candidates, suppress(candidates)


@pytest.fixture(scope="module")
def reader(real: Path) -> Reader:
    made = plan(read_cfg_file(real / "darknet" / "yolo-fastest-1.1.cfg"))
    names = (real / "darknet" / "coco.names").read_text().split("\n")[:80]
    return Reader(load(made, real / "darknet" / "yolo-fastest-1.1.weights"), tuple(names))


def test_every_float_is_consumed(real: Path, reader: Reader) -> None:
    made = reader.network.plan
    assert 4 * made.floats + 20 == (real / "darknet" / "yolo-fastest-1.1.weights").stat().st_size
    assert made.input == (3, 320, 320) and made.classes == 80
    assert [made.layers[number].gives for number in made.heads] == [(255, 10, 10), (255, 20, 20)]


@pytest.mark.parametrize(
    ("photo", "wanted"),
    [
        ("person", {"person": 0.985, "dog": 0.866}),
        ("dog", {"car": 0.88, "dog": 0.68, "bicycle": 0.47}),
        ("eagle", {"bird": 0.89}),
    ],
)
def test_the_known_photographs(real: Path, reader: Reader, photo: str, wanted: dict[str, float]) -> None:
    candidates, kept = reader.detect(real / "photos" / f"{photo}.jpg")
    best: dict[str, float] = {}
    for number in kept:
        best.setdefault(reader.names[int(candidates.labels[number])], candidates.scores[number].item())
    assert {name: best.get(name) for name in wanted} == {name: pytest.approx(s, abs=0.01) for name, s in wanted.items()}
    assert next(iter(best)) == next(iter(wanted))


def test_64_photographs_of_coco(real: Path, reader: Reader) -> None:
    """Greedy by score, at an IoU of .5: 141 true, 122 false, of 461 that are annotated."""
    true = false = annotated = 0
    for photo in sorted((real / "coco" / "images").iterdir()):
        candidates, kept = reader.detect(photo)
        truth = annotations(real / "coco" / "labels" / f"{photo.stem}.txt", candidates.size)
        hits = matched(candidates.clipped[kept], candidates.labels[kept], truth)
        true, false, annotated = true + hits, false + len(kept) - hits, annotated + len(truth)
    assert annotated == 461
    assert true == pytest.approx(141, abs=2) and false == pytest.approx(122, abs=2)


def test_the_study_self_answers_the_same(reader: Reader) -> None:
    picture = torch.rand(1, 3, 320, 320)
    study = study_copy(reader.network, (320, 320))
    with torch.inference_mode(), studying(study):
        for one, other in zip(reader.network(picture), study(picture), strict=True):
            assert torch.allclose(one, other, atol=1e-4)


def test_the_real_file_cut_short_or_with_another_cfg_is_refused(real: Path, reader: Reader, tmp_path: Path) -> None:
    data = (real / "darknet" / "yolo-fastest-1.1.weights").read_bytes()
    short = tmp_path / "short.weights"
    short.write_bytes(data[:-4])
    with pytest.raises(BadWeights, match=r"Layer 129 .* needs 123,420 bytes and 123,416 are left .* 4 are missing"):
        load(reader.network.plan, short)
    text = (real / "darknet" / "yolo-fastest-1.1.cfg").read_text()
    other = tmp_path / "other.cfg"
    other.write_text(text.replace("filters=224", "filters=220").replace("groups=224", "groups=220"))
    with pytest.raises(BadWeights, match="bytes are left over behind it"):
        load(plan(read_cfg_file(other)), real / "darknet" / "yolo-fastest-1.1.weights")
