"""`detect --cfg NAME`: a Darknet network that its authors serve is fetched once, and judged by what its cfg asks."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from explorer.cli import main
from explorer.models.darknet.official import OFFICIAL
from tests.models.darknet.files import EVERY, cfg, planned, spread, written
from tests.weight_host import WeightHost, weight_host

__all__ = ["weight_host"]
Capture = pytest.CaptureFixture[str]
ASK = ["detect", "scene:3", "--size", "64,96", "--cfg", "yolov3-tiny", "--score", ".1", "--json"]


@pytest.fixture
def host(weight_host: WeightHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> WeightHost:
    """Serves a small network under the addresses of yolov3-tiny's files."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("EXPLORER_MIRROR", weight_host.url)
    file = written(tmp_path, spread(planned(*EVERY)), name="any.weights")
    publish(weight_host, cfg(*EVERY).encode(), file.read_bytes())
    return weight_host


def publish(host: WeightHost, text: bytes, weights: bytes) -> None:
    one = OFFICIAL["yolov3-tiny"]
    host.publish(urlsplit(one.cfg).path, text)
    host.publish(urlsplit(one.weights).path, weights)


def test_it_is_fetched_once_by_its_name(host: WeightHost, capsys: Capture) -> None:
    for _ in range(2):
        assert main(ASK) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["model"] == "yolov3-tiny" and found["detections"]
    assert len([seen for seen in host.seen if seen.path.endswith((".cfg", ".weights"))]) == 2


def test_files_that_do_not_belong_together_are_one_sentence(host: WeightHost, capsys: Capture) -> None:
    publish(host, cfg(*EVERY).encode(), b"\0" * 400)
    assert main(ASK) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "yolov3-tiny.weights" in err


def test_a_name_that_nobody_serves_and_a_network_that_is_down(
    host: WeightHost, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main([word.replace("v3", "v33") for word in ASK]) == 2
    assert "yolov3-tiny" in capsys.readouterr().err
    monkeypatch.setenv("EXPLORER_MIRROR", "http://127.0.0.1:9")
    assert main([word.replace("v3-tiny", "v4-tiny") for word in ASK]) == 1
    assert capsys.readouterr().err.count("\n") == 1
