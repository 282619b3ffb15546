"""`roi`: equal to torchvision from a file of numbers to the JSON, and a sentence for what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchvision

from explorer.cli import main
from explorer.records.roi_presets import ALIGN_ANSWER, MATRIX, POOL_ANSWER

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The worked example's matrix."""
    path = tmp_path / "m.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in MATRIX))
    return path


def answered(capsys: Capture, table: Path, box: str, *more: str) -> Any:
    assert main(["roi", "--matrix", str(table), "--box", box, *more, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == "" and out.count("\n") == 1
    return json.loads(out)


def refused(capsys: Capture, *arguments: str) -> str:
    assert main(["roi", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "Traceback" not in err
    return err


def test_the_worked_examples_answers_exactly(table: Path, capsys: Capture) -> None:
    found = answered(capsys, table, "1,2,7,7", "--bins", "2")
    assert found["pool"] == [list(row) for row in POOL_ANSWER]
    assert found["edges"]["pool"] == {"box": [1, 2, 7, 7], "columns": [[1, 5], [4, 8]], "rows": [[2, 5], [5, 8]]}
    found = answered(capsys, table, ".375,2.9,5.375,6.9", "--samples", "10")
    assert found["align_max"] == [list(row) for row in ALIGN_ANSWER] and found["samples"] == [10, 10]
    assert found["edges"]["align"]["x"] == [0.375, 2.875, 5.375]


@pytest.mark.long
def test_a_thousand_random_matrices_and_boxes_are_torchvisions(tmp_path: Path, capsys: Capture) -> None:
    """At torchvision's own defaults, and with every option."""
    rng = np.random.default_rng(11)
    path = tmp_path / "random.csv"
    for case in range(1000):
        matrix = rng.normal(size=rng.integers(1, 11, 2)).astype(np.float32)
        np.savetxt(path, matrix, delimiter=",", fmt="%.9g")
        start, extent = rng.uniform(-3, 9, 2).round(3), rng.uniform(0, 9, 2).round(3)
        box = np.concatenate([start, start + extent]).tolist()
        bins, options = int(rng.integers(1, 8)), []
        samples, scale, aligned = -1, 1.0, False
        if case % 2:
            samples, scale, aligned = int(rng.integers(1, 5)), float(rng.choice([0.5, 0.3, 2.0])), bool(rng.integers(2))
            options = ["--samples", str(samples), "--scale", str(scale), *["--aligned"] * aligned]
        found = answered(capsys, path, ",".join(map(repr, box)), "--bins", str(bins), *options)
        feature, rois = torch.from_numpy(matrix)[None, None], torch.tensor([[0.0, *box]])
        pool = torchvision.ops.roi_pool(feature, rois, bins, scale)[0, 0].numpy()
        align = torchvision.ops.roi_align(feature, rois, bins, scale, samples, aligned)[0, 0].numpy()
        assert np.array_equal(np.float32(found["pool"]), pool), (case, box)
        assert np.allclose(found["align"], align, rtol=1e-5, atol=1e-5), (case, box)


def test_a_box_may_begin_left_of_the_matrix(table: Path, capsys: Capture) -> None:
    found = answered(capsys, table, "-2,-.5,3,4")
    assert found["edges"]["pool"]["box"] == [-2, -1, 3, 4]
    assert found == answered(capsys, table, "-2.0,-0.5,3,4")


def test_for_people(table: Path, capsys: Capture) -> None:
    assert main(["roi", "--matrix", str(table), "--box", "1,2.6,7,7"]) == 0
    out = capsys.readouterr().out
    assert "RoI Pool\n      0.9       0.6\n" in out and "columns 1 to 7 and rows 3 to 7" in out


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ("1,2,3", "four numbers X0,Y0,X1,Y1 were wanted"),
        ("1,2,3,4,5", "four numbers"),
        ("a,b,c,d", "four numbers"),
        ("", "four numbers"),
        ("5,2,1,4", "ends before it begins"),
        ("1,4,5,2", "ends before it begins"),
        ("nan,0,1,1", "four numbers"),
        ("0,0,inf,1", "four numbers"),
        ("-inf,0,1,1", "xpected one argument"),
        ("0,0,1e9,1", "cells away"),
        ("0,0,100000,100000", "choose fewer samples or a smaller box"),
    ],
)
def test_a_box_that_is_none(box: str, said: str, table: Path, capsys: Capture) -> None:
    assert said in refused(capsys, "--matrix", str(table), "--box", box)


@pytest.mark.parametrize(
    "option",
    [["--bins", "0"], ["--bins", "65"], ["--samples", "65"], ["--scale", "0"], ["--scale", "nan"], ["--scale", "x"]],
)
def test_options_out_of_range(option: list[str], table: Path, capsys: Capture) -> None:
    refused(capsys, "--matrix", str(table), "--box", "0,0,2,2", *option)


@pytest.mark.parametrize(
    ("text", "said"), [("", "empty"), ("1,2\n3", "line 2"), ("a,b", "'a'"), ("1,inf", "finite"), ("\0\1", "no text")]
)
def test_a_file_that_holds_no_matrix(text: str, said: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert said in refused(capsys, "--matrix", str(path), "--box", "0,0,1,1")
    assert "There is no file none.csv" in refused(capsys, "--matrix", str(tmp_path / "none.csv"), "--box", "0,0,1,1")


DETECTOR = "fasterrcnn_mobilenet_v3_large_320_fpn"


def of_picture(capsys: Capture, *more: str) -> Any:
    assert main(["roi", "scene:1000007", "--box", "100,120.5,333,301", *more, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == "" and out.count("\n") == 1
    return json.loads(out)


def test_a_box_on_a_picture_is_the_matrix_of_its_map(tmp_path: Path, capsys: Capture) -> None:
    """What the map's own channel gives, written to a file and read back, at the scale that was told."""
    from explorer.engine.engine import LocalEngine
    from explorer.records.roi_features import RoiFeatures
    from explorer.sources.open import open_picture

    found = of_picture(capsys, "--samples", "2", "--layer", "8", "--bins", "3")
    assert found["model"].startswith("street_") and found["scale"] == 1 / 8 and found["stride"] == 8
    serving = LocalEngine("cpu")
    picture = serving.keep(open_picture("scene:1000007"))
    box = (100.0, 120.5, 333.0, 301.0)
    answer = serving.run(RoiFeatures(picture, found["model"], box, layer="8", bins=3, samples=2))
    serving.close()
    assert found["channel"] == answer.channel and found["map"] == list(answer.roi.matrix.shape)
    path = tmp_path / "map.csv"
    np.savetxt(path, answer.roi.matrix, delimiter=",", fmt="%.9g")
    same = answered(capsys, path, "100,120.5,333,301", "--bins", "3", "--samples", "2", "--scale", "0.125")
    assert {key: found[key] for key in same} == same
    assert found["moved"] == [rounded - side for rounded, side in zip(found["rounded"], box, strict=True)]


def test_a_detectors_head_tells_the_scores_of_both_poolings(capsys: Capture) -> None:
    found = of_picture(capsys, "--model", DETECTOR, "--weights", "random")
    assert {"pool", "align", "align_max", "edges", "model", "scale", "channel"} <= set(found)
    assert np.shape(found["pool"]) == np.shape(found["align"]) == (7, 7) and found["samples"] == [2, 2]
    assert found["level"] == 5 and found["scale"] == 1 / 32 and found["proposals"] > 0
    for row in found["scores"]:
        assert 0 <= row["pool"] <= 1 and 0 <= row["align"] <= 1 and row["name"]
    assert any("never trained" in note for note in found["notes"])
    assert main(["roi", "scene:1000007", "--box", "100,120,333,301", "--model", DETECTOR, "--weights", "random"]) == 0
    out = capsys.readouterr().out
    assert "by RoI Pool" in out and "of P5, a pixel is 0.03125 cells" in out


def test_what_is_pooled_is_one_thing(table: Path, capsys: Capture) -> None:
    box = ["--box", "1,2,7,7"]
    assert "lies on one thing" in refused(capsys, *box)
    assert "lies on one thing" in refused(capsys, "scene:1", "--matrix", str(table), *box)
    assert "--model and --layer cannot be set here" in refused(
        capsys, "--matrix", str(table), *box, "--model", "resnet18", "--layer", "8"
    )
    assert "--scale cannot" in refused(capsys, "scene:1", *box, "--scale", "2")
    detector = ["--model", DETECTOR, "--weights", "random"]
    assert "--bins and --aligned cannot" in refused(capsys, "scene:1", *box, *detector, "--bins", "3", "--aligned")
    assert "no part of the picture" in refused(capsys, "scene:1", "--box", "900,2,950,7")
