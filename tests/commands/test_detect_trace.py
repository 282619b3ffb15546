"""`detect --trace` and `detect --cell`: how a detector came to its boxes, from outside."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from explorer.cli import main
from explorer.commands import detect
from explorer.commands.traced import cell, funnel, loss
from explorer.engine.engine import LocalEngine
from tests.losses import losses
from tests.models.darknet.files import EVERY, cfg, planned, spread, written
from tests.street_networks import registry

Capture = pytest.CaptureFixture[str]
PICTURE = "scene:3", "--size", "64,96"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """A picture and a network with three heads, of v3, v1 and v2; a pixel of its 8 x 8 is 12 wide and 8 high here."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.cfg").write_text(cfg(*EVERY))
    written(folder, spread(planned(*EVERY)), name="own.weights")
    return *PICTURE, "--cfg", str(folder / "own.cfg"), "--weights", str(folder / "own.weights"), "--score", ".1"


def answered(capsys: Capture, *arguments: str) -> Any:
    assert main(["detect", *arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == "" and out.count("\n") == 1
    return json.loads(out)


def told(capsys: Capture, *arguments: str) -> list[str]:
    assert main(["detect", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_json_says_what_each_step_left_and_who_met(capsys: Capture, own: tuple[str, ...]) -> None:
    found = answered(capsys, *own, "--trace")
    (one,) = found["trace"]
    left = [stage["left"] for stage in one["stages"]]
    assert one["round"] == "YOLO" and left[0] == 4 * 4 * 2 + 2 * 2 * 2 + 4 * 4 * 2
    assert left[-1] == len(found["detections"]) and left[2] == len(one["nms"]["met"]) > left[3]
    assert [(level["rows"], level["columns"], level["anchors"]) for level in one["levels"]] == [
        (4, 4, 2), (2, 2, 0), (4, 4, 2),
    ]  # fmt: skip
    stay = [met for met in one["nms"]["met"] if met["by"] == -1]
    assert len(stay) == left[3] > left[4]
    there = [met for met in stay if met["box"][2] > 0 and met["box"][3] > 0]
    assert [met["score"] for met in there if met["box"][0] < 96 and met["box"][1] < 64] == [
        thing["score"] for thing in found["detections"]
    ]
    assert one["nms"]["iou"] == 0.45 and "trace" not in answered(capsys, *own) and "cell" not in found


def test_the_text_is_a_funnel(capsys: Capture, own: tuple[str, ...]) -> None:
    (one,) = answered(capsys, *own, "--trace")["trace"]
    lines = told(capsys, *own, "--trace")
    begin = lines.index("YOLO:") + 1
    read = [line.split(maxsplit=1) for line in lines[begin : begin + 5]]
    assert read == [[str(stage["left"]), stage["name"]] for stage in one["stages"]]
    assert [name for _, name in read][:3] == ["all boxes", "score above 0.1", "best 1,000"]
    assert "YOLO:" not in told(capsys, *own)


@pytest.mark.parametrize("place", ["0,1,2", "1,1,0", "2,3,3"])
def test_a_cell_in_json_and_its_sums_in_text(capsys: Capture, own: tuple[str, ...], place: str) -> None:
    """Every sum in the text comes out as it says; what the cell's boxes score is what they met with."""
    level, row, column = map(int, place.split(","))
    found = answered(capsys, *own, "--cell", place, "--trace")
    one, told_boxes = found["cell"], found["cell"]["boxes"]
    assert (one["row"], one["column"], len(told_boxes)) == (row, column, 2) and one["cached"]
    assert one["sum"] == ("yolo cell" if level == 1 else "yolo anchor")
    for met in found["trace"][0]["nms"]["met"]:
        if (met["level"], met["row"], met["column"]) == (level, row, column):
            box = told_boxes[met["anchor"]]
            assert met["score"] == box["score"] and met["box"] == pytest.approx(box["box"], abs=0.01)
            assert (met["by"] == -1) == ("answered" in box["fate"] or "outside" in box["fate"])
    lines = told(capsys, *own, "--cell", place)
    side = 2 if level == 1 else 4
    assert any(f"row {row}, column {column} of {side} x {side}" in line for line in lines)
    sums = [line.strip().split(maxsplit=1) for line in lines if " = " in line and " * " in line]
    assert [name for name, _ in sums] == ["x", "y", "width", "height", "score"] * 2
    for number, (name, sum_) in enumerate(sums):
        x0, y0, x1, y1 = told_boxes[number // 5]["box"]
        wanted = {"x": (x0 + x1) / 2, "y": (y0 + y1) / 2, "width": x1 - x0, "height": y1 - y0}
        how, _, value = sum_.rpartition(" = ")
        if name == "score":
            parts = [float(part.split()[-1]) for part in how.split(" * ")]
            assert min(max(math.prod(parts), 0), 1) == pytest.approx(float(value), abs=2e-4)
        else:
            assert eval(how, {"__builtins__": {}}) == pytest.approx(wanted[name], rel=1e-3, abs=0.2)
            assert float(value) == pytest.approx(wanted[name], abs=0.06)


def box_of(**changed: Any) -> dict[str, Any]:
    usual = {
        "read": [1.0, 2, 3, 4], "moved": [1.0, 2, 3, 4], "prior": [10.0, 20, 4, 8], "box": [0.0, 0, 1, 1],
        "objectness": 0.25, "classes": {"cat": 0.64, "N/A": 0.1}, "score": 0.4, "index": 0, "name": "cat",
        "fate": "answered, number 1 of 1",
    }  # fmt: skip
    return usual | changed


def cell_with(sum_: str, **changed: Any) -> list[str]:
    place = {"level": "P3", "row": 1, "column": 2, "place": [0, 0, 8, 8], "stride": [8, 8], "to_picture": [2, 0.5]}
    return [" ".join(line.split()) for line in cell(place | {"sum": sum_, "boxes": [box_of(**changed)]})]


def test_the_sums_of_other_families() -> None:
    away = cell_with("distance", box=[18.0, 9, 26, 12])
    assert {"left (10 - 1.0000) * 2 = 18.0", "bottom (20 + 4.0000) * 0.5 = 12.0"} <= set(away)
    assert "score sqrt(centre-ness 0.2500 * cat 0.6400) = 0.4000" in away
    shifted = cell_with("anchor", box=[16.0, 10, 40, 26], objectness=None, score=0.64)
    assert {"x (10 + 1.0000 * 4) * 2 = 28.0", "height 4.0000 * 8 * 0.5 = 16.0"} <= set(shifted)
    assert "score cat 0.6400, so 0.6400" in shifted
    assert "score 0.2500, the objectness" in cell_with("anchor", name=None, score=0.25)


def test_what_is_no_number_is_said() -> None:
    lines = cell_with("yolo anchor", box=[None, 0, 1, 1], read=[None, 2, 3, 4], score=None)
    assert {"reads no number 2.0000 3.0000 4.0000", "box is no number", "score is no number"} <= set(lines)


def test_a_funnel_of_two_rounds_is_aligned() -> None:
    stages = [{"name": "all", "left": 12345}, {"name": "few", "left": 7}]
    assert funnel([{"round": "RPN", "stages": stages}, {"round": "RoI head", "stages": stages[1:]}]) == [
        "RPN:", "  12,345  all", "       7  few", "RoI head:", "       7  few",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (("--cell", "1,2"), "MAP,ROW,COLUMN"),
        (("--cell", "1,2,-3"), "at least 0"),
        (("--cell", "3,0,0"), "3 maps, counted from 0"),
        (("--cell", "1,2,0"), "2 rows and 2 columns"),
        (("--cell", "0,0,9223372036854775808"), "4 rows and 4 columns"),
    ],
)
def test_cells_that_cannot_be_are_one_sentence(
    capsys: Capture, own: tuple[str, ...], more: tuple[str, ...], word: str
) -> None:
    assert main(["detect", *own, *more]) == 2
    out, err = capsys.readouterr()
    assert word in err and out == "" and err.count("\n") == 1


@pytest.mark.parametrize(
    ("more", "word"), [(("--trace",), "no cells or anchors to trace"), (("--cell", "0,0,0"), "has no cells")]
)
def test_a_family_without_cells_says_so(capsys: Capture, more: tuple[str, ...], word: str) -> None:
    assert main(["detect", *PICTURE, "--model", "street_overfeat", "--weights", "random", *more]) == 2
    out, err = capsys.readouterr()
    assert word in err and out == "" and err.count("\n") == 1


def test_two_stages_are_two_rounds(capsys: Capture) -> None:
    arguments = *PICTURE, "--model", "fasterrcnn_mobilenet_v3_large_320_fpn", "--weights", "random", "--score", "0"
    found = answered(capsys, *arguments, "--trace", "--cell", "2,1,1")
    first, second = found["trace"]
    assert (first["round"], second["round"]) == ("RPN", "RoI head") and second["levels"] == []
    assert first["stages"][-1]["left"] * 90 == second["stages"][0]["left"]
    assert second["stages"][-1]["left"] == len(found["detections"])
    assert len(found["cell"]["boxes"]) == 15 and found["cell"]["boxes"][0]["classes"] == {}


def test_a_loss_in_text_has_its_weights_and_two_columns() -> None:
    told = losses().as_json()
    lines = [line.split() for line in loss(told | {"cell": losses().told(1, 2)})]
    assert lines[0][-1] == "cell" and lines[1] == ["centres", "5", "1.0000", "1.0000"]
    assert lines[4] == ["noobj", "0.5", "4.7500", "4.0000"] and lines[6] == ["total", "16.2500", "15.5000"]
    assert loss(told)[-1].split() == ["total", "16.2500"] and len(loss(told)) == 7


def test_the_loss_of_a_scene_and_of_a_cell(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "engine", lambda device: LocalEngine("cpu", registry("street_yolo")))
    asked = "scene:3", "--size", "240,320", "--model", "street_yolo", "--weights", "random", "--loss"
    found = answered(capsys, *asked)["loss"]
    assert found["truth"] == "Streetscape 3" and found["total"] == pytest.approx(sum(found["terms"].values()))
    thing = found["things"][0]
    told_again = answered(capsys, *asked, "--cell", f"0,{thing['row']},{thing['column']}")
    assert told_again["loss"]["cell"] == thing and "cell" not in found
    assert any(line.startswith("loss by Streetscape 3") for line in told(capsys, *asked))


def test_a_loss_is_of_version_1_alone(capsys: Capture, own: tuple[str, ...]) -> None:
    assert main(["detect", *own, "--loss"]) == 2
    out, err = capsys.readouterr()
    assert "version 1" in err and out == "" and err.count("\n") == 1


@pytest.mark.real
def test_the_known_person(capsys: Capture, real: Path) -> None:
    network = str(real / "darknet" / "yolo-fastest-1.1")
    photo = str(real / "photos" / "person.jpg")
    arguments = photo, "--cfg", f"{network}.cfg", "--weights", f"{network}.weights"
    best = answered(capsys, *arguments, "--trace")["trace"][0]["nms"]["met"][0]
    place = f"{best['level']},{best['row']},{best['column']}"
    lines = told(capsys, *arguments, "--trace", "--cell", place)
    assert any("  1,500  all boxes" in line for line in lines)
    assert any(f"box {best['anchor']}: answered, number 1 of" in line for line in lines)
    assert any("* person 0.9" in line and "= 0.98" in line for line in lines)
