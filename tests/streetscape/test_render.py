"""The same bytes always, any size, as many things and as large as asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from explorer.errors import Mistake, UnknownName
from explorer.streetscape.frozen import fingerprint, frozen
from explorer.streetscape.render import render
from explorer.streetscape.seeds import FROZEN, TEST, TRAIN, VALIDATE, purpose

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from explorer.streetscape.frozen import fingerprint
from explorer.streetscape.render import render
for seed in map(int, sys.argv[1:]):
    print(fingerprint(render(seed, (160, 224))))
"""


def elsewhere(seeds: list[int], **changes: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, seeds)],
        cwd=ROOT,
        env=os.environ | changes,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.split()


def test_same_bytes_in_another_process_in_another_order() -> None:
    seeds = [1_300_000, 1_300_001, 1_300_002]
    here = [fingerprint(render(seed, (160, 224))) for seed in seeds]
    assert elsewhere([seeds[2], 5, seeds[0], seeds[1]]) == [
        here[2],
        fingerprint(render(5, (160, 224))),
        here[0],
        here[1],
    ]


@pytest.mark.long
def test_same_bytes_on_lesser_processors() -> None:
    seeds = list(range(1_300_010, 1_300_022))
    here = [fingerprint(render(seed, (160, 224))) for seed in seeds]
    slow = "AVX512_SKX,AVX512_ICL,AVX2,FMA3,AVX,SSE4_2,SSE4_1,FP16,POPCNT"
    assert elsewhere(seeds, OPENCV_CPU_DISABLE=slow, OPENCV_IPP="disabled") == here
    assert elsewhere(seeds, NPY_DISABLE_CPU_FEATURES="AVX2 FMA3 AVX512F AVX512_SKX") == here or not _can_disable()
    assert elsewhere(seeds, OMP_NUM_THREADS="2", OPENCV_FOR_THREADS_NUM="2") == here


def _can_disable() -> bool:
    ran = subprocess.run(
        [sys.executable, "-c", "import numpy"],
        env=os.environ | {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512_SKX"},
        capture_output=True,
    )
    return ran.returncode == 0


def test_same_bytes_whatever_opencv_is_told() -> None:
    threads = cv2.getNumThreads()
    prints = set()
    try:
        for count, fast in ((1, True), (2, True), (1, False)):
            cv2.setNumThreads(count)
            cv2.setUseOptimized(fast)
            prints.add(tuple(fingerprint(render(seed, (200, 200))) for seed in (1_300_005, 1_300_006)))
    finally:
        cv2.setNumThreads(threads)
        cv2.setUseOptimized(True)
    assert len(prints) == 1


def test_the_exam_has_not_changed() -> None:
    seeds = list(FROZEN)[::5]
    assert {seed: fingerprint(render(seed)) for seed in seeds} == {seed: frozen()[seed] for seed in seeds}


@pytest.mark.long
def test_the_whole_frozen_exam_has_not_changed() -> None:
    assert {seed: fingerprint(render(seed)) for seed in FROZEN} == frozen()


@pytest.mark.parametrize("size", [(64, 64), (64, 1280), (1280, 64), (127, 333), (720, 1280)])
def test_any_size(size: tuple[int, int]) -> None:
    scene = render(1_300_100, size)
    assert scene.size == size
    assert len(scene.labels) >= 3


@pytest.mark.long
def test_every_side() -> None:
    for k, side in enumerate(range(64, 1281, 37)):
        assert render(1_300_200 + k, (side, max(64, 1344 - side))).size == (side, max(64, 1344 - side))


@pytest.mark.parametrize("difficulty", ["easy", "normal", "hard"])
@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_as_many_things_as_asked_for(count: int, difficulty: str) -> None:
    assert len(render(1_300_300 + count, (192, 256), difficulty, objects=count).labels) == count


@pytest.mark.parametrize(("share", "count"), [(0.05, None), (0.15, 1), (0.3, 1), (0.05, 2), (0.45, 1)])
def test_things_as_large_as_asked_for(share: float, count: int | None) -> None:
    for seed in range(1_300_400, 1_300_404):
        scene = render(seed, (192, 256), objects=count, min_area=share)
        sides = scene.boxes[:, 2:] - scene.boxes[:, :2]
        assert len(scene.labels) == (count or 1)
        assert np.all(sides[:, 0] * sides[:, 1] >= share * 192 * 256)


def test_seeds_have_one_purpose() -> None:
    assert [purpose(seed) for seed in (0, 999_999, 1_000_000, 1_100_000, 2_000_000)] == [
        "train",
        "train",
        "validate",
        "spare",
        "test",
    ]
    assert not set(TRAIN) & set(VALIDATE)
    assert FROZEN.start in TEST and TRAIN.stop <= VALIDATE.start < VALIDATE.stop <= TEST.start


@pytest.mark.parametrize(
    "wrong",
    [{"size": (63, 100)}, {"size": (100, 1281)}, {"seed": -1}, {"objects": 0}, {"min_area": 0.9}, {"min_area": -0.1}],
)
def test_mistakes_are_said(wrong: dict[str, object]) -> None:
    with pytest.raises(Mistake):
        render(**({"seed": 1} | wrong))  # type: ignore[arg-type]


def test_unknown_difficulty_gets_a_hint() -> None:
    with pytest.raises(UnknownName, match="did you mean hard"):
        render(1, difficulty="harder")


def test_no_room_is_said() -> None:
    with pytest.raises(Mistake, match="No room"):
        render(1, (64, 64), objects=30, min_area=0.5)
