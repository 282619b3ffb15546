"""Picture and truth agree, pixel by pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.errors import Mistake
from explorer.records.scene import CLASSES, DIFFICULTIES, SEMANTIC, VOID, Scene, counted, mask_bounds
from explorer.streetscape import render as stage
from explorer.streetscape.actors import Actor
from explorer.streetscape.canvas import COVERED, Canvas, Patch
from explorer.streetscape.exam import faults
from explorer.streetscape.footing import Painted
from explorer.streetscape.render import render

SEEDS = st.integers(1_200_000, 1_900_000)
SIDES = st.integers(64, 640)


def check(scene: Scene) -> None:
    assert faults(scene) == []
    height, width = scene.size
    assert scene.picture.shape == (height, width, 3)
    assert scene.boxes.dtype == np.float32 and scene.labels.dtype == np.int64
    assert np.all(scene.boxes[:, :2] < scene.boxes[:, 2:])
    assert np.all((scene.boxes >= 0) & (scene.boxes <= [width, height, width, height]))
    assert set(np.unique(scene.label_map)) <= {*range(len(SEMANTIC)), VOID}


def test_truth_agrees(scenes: list[Scene]) -> None:
    for scene in scenes:
        check(scene)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.long
@given(SEEDS, SIDES, SIDES, st.sampled_from(DIFFICULTIES))
def test_truth_agrees_everywhere(seed: int, height: int, width: int, difficulty: str) -> None:
    check(render(seed, (height, width), difficulty))


def test_a_shifted_mask_is_noticed(scenes: list[Scene]) -> None:
    scene = scenes[0]
    with pytest.raises(Mistake, match="boxes are the bounds"):
        replace(scene, instances=np.roll(scene.instances, 1, axis=1))
    moved = np.roll(scene.instances, 3, axis=1)
    with pytest.raises(Mistake, match="label map names"):
        replace(scene, instances=moved, boxes=mask_bounds(moved, len(scene.labels)))


def test_faults_names_what_is_wrong(scenes: list[Scene]) -> None:
    scene = scenes[0]
    broken = object.__new__(Scene)
    broken.__dict__.update(scene.__dict__)
    broken.__dict__["instances"] = np.roll(scene.instances, 2, axis=0)
    assert any("its mask spans" in fault for fault in faults(broken))


@pytest.mark.parametrize("seed", range(1_210_000, 1_210_006))
def test_every_pixel_belongs_to_what_covers_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay the same patches by a slow loop: the last to cover half a pixel owns it; visibility is what is left."""
    laid: list[tuple[Patch, int, int]] = []
    wholes: list[tuple[Actor, np.ndarray]] = []
    real_lay, real_truth = Canvas.lay, stage._truth

    def lay(canvas: Canvas, patch: Patch, label: int, owner: int = 0) -> None:
        laid.append((patch, label, owner))
        real_lay(canvas, patch, label, owner)

    def truth(canvas: Canvas, painted: list[Painted], *rest: object) -> Scene:
        wholes.extend((one.actor, one.patch.rgba) for one in painted)
        laid_before.append(canvas)
        return real_truth(canvas, painted, *rest)  # type: ignore[arg-type]

    laid_before: list[Canvas] = []
    monkeypatch.setattr(Canvas, "lay", lay)
    monkeypatch.setattr(stage, "_truth", truth)
    scene = render(seed, (120, 160))
    if len(laid_before) > 1:
        pytest.skip("the seed needed a second attempt")
    owner = np.zeros(scene.size, np.int64)
    for patch, _, number in laid:
        for y, x in np.argwhere(patch.rgba[..., 3] >= COVERED):
            row, column = patch.top + y, patch.left + x
            if 0 <= row < scene.size[0] and 0 <= column < scene.size[1]:
                owner[row, column] = number
    seen = [k for k in range(len(laid)) if laid[k][2] and np.any(owner == laid[k][2])]
    assert len(seen) == len(scene.labels)
    for place, k in enumerate(seen):
        mask = owner == laid[k][2]
        assert np.array_equal(scene.instances == place + 1, mask)
        assert scene.labels[place] == laid[k][1]
        actor, rgba = wholes[k]
        whole = np.count_nonzero(rgba[..., 3] >= COVERED)
        assert scene.labels[place] == actor.label
        assert scene.visibility[place] == pytest.approx(mask.sum() / whole, abs=1e-6)


def test_counted_leaves_out_small_and_hidden(scenes: list[Scene]) -> None:
    for scene in scenes:
        sides = scene.boxes[:, 2:] - scene.boxes[:, :2]
        wanted = [bool(s.min() >= 12 and v >= 0.25) for s, v in zip(sides, scene.visibility, strict=True)]
        assert counted(scene).tolist() == wanted


def test_a_scene_refuses_what_is_not_one(scenes: list[Scene]) -> None:
    scene = scenes[0]
    for change in (
        {"picture": scene.picture.astype(np.float32)},
        {"labels": scene.labels + len(CLASSES)},
        {"visibility": scene.visibility * 0},
        {"difficulty": "fiendish"},
        {"label_map": np.full(scene.size, 40, np.uint8)},
    ):
        with pytest.raises(Mistake):
            replace(scene, **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="read-only"):
        scene.picture[0, 0] = 0
