"""`dense`: sliding against dense, from outside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from explorer.cli import main

Capture = pytest.CaptureFixture[str]
STREET = ("dense", "scene:3", "--model", "street_alexnet", "--weights", "random")


def answered(capsys: Capture, *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_both_ways_are_compared(capsys: Capture) -> None:
    found = answered(capsys, *STREET, "--size", "96,128", "--scales", "1,.75")
    assert found["model"] == "street_alexnet" and found["window"] == [64, 64] and found["stride"] == 16
    assert found["scales"] == [1, 0.75] and found["positions"] == 3 * 5 + 1 * 3
    assert [(level["rows"], level["columns"]) for level in found["levels"]] == [(3, 5), (1, 3)]
    for level in found["levels"]:
        assert set(level["ms"]) == {"sliding", "batched", "dense"} and set(level["macs"]) == {"sliding", "dense"}
    assert [level["size"] for level in found["levels"]] == [[96, 128], [72, 96]]
    for method in ("sliding", "dense"):
        assert sum(level["macs"][method] for level in found["levels"]) == found["macs"][method]
        assert sum(level["ms"][method] for level in found["levels"]) == pytest.approx(found["ms"][method])
    scores = [one["score"] for one in found["classes"]]
    assert len(scores) == 5 and scores == sorted(scores, reverse=True) and 0 < scores[0] <= 1
    assert found["padded"] is True and found["causes"]["padded"][0] == "features.0"
    assert set(found["ms"]) == {"sliding", "batched", "dense"} and set(found["macs"]) == {"sliding", "dense"}
    assert found["macs"]["sliding"] > found["macs"]["dense"] > 0
    assert found["max_abs_diff"] > 0 and 0 <= found["agree_top1"] <= 1


def test_one_way_alone_compares_nothing(capsys: Capture) -> None:
    found = answered(capsys, *STREET, "--size", "96,128", "--method", "dense", "--stride", "8")
    assert found["stride"] == 8 and set(found["ms"]) == {"dense"} and "max_abs_diff" not in found


def test_it_is_told_in_sentences(capsys: Capture) -> None:
    assert main([*STREET, "--size", "96,128", "--scales", "1,.75"]) == 0
    out = capsys.readouterr().out
    assert "scale 0.75: 96x72, 1x3 places" in out and "highest place of each class, mean of all scales" in out
    assert "18 windows of 64x64, 16 pixels apart" in out and "times as fast" in out


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--stride", "5"), "choose one of 16, 8"),
        (("--scales", "1,x"), "scales are numbers"),
        (("--scales", ".1"), "no room for a window"),
        (("--stride", "-4"), "whole number of at least 0"),
    ],
)
def test_a_mistake_is_one_sentence(capsys: Capture, more: tuple[str, ...], says: str) -> None:
    assert main([*STREET, *more]) == 2
    out, err = capsys.readouterr()
    assert out == "" and says in err and err.count("\n") == 1


def test_a_network_with_boxes_says_where_things_are_and_others_do_not(capsys: Capture) -> None:
    street = ("dense", "scene:3", "--weights", "random", "--size", "96,128", "--method", "dense", "--model")
    found = answered(capsys, *street, "street_overfeat")
    assert found["window"] == [79, 79] and found["padded"] is False and isinstance(found["detections"], list)
    assert all(set(one) == {"box", "name", "index", "score"} for one in found["detections"])
    assert answered(capsys, *street, "street_alexnet")["detections"] == []
