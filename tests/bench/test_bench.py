"""The benchmarks run, and say what they measured; how fast is not tested here."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from explorer.bench import batch, dense, detect, overhead, start, video
from explorer.bench.registry import alternate, benchmark
from explorer.errors import UnknownName
from explorer.records.frame import Frame


def test_sides_take_turns_and_the_first_run_of_a_turn_is_not_counted() -> None:
    order: list[str] = []
    one, two = alternate(2, lambda: order.append("a"), lambda: order.append("b"), each=3)
    assert "".join(order) == "aaaabbbb" * 2
    assert one >= 0 and two >= 0


def test_overhead_compares_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overhead, "TURNS", 1)
    monkeypatch.setattr(overhead, "EACH", 1)
    monkeypatch.setattr(overhead, "NETWORKS", ("squeezenet1_1",))
    found = benchmark("overhead")
    (row,) = found["rows"]
    assert found["name"] == "overhead" and found["better"] == "lower" and found["ratio"] == row["ratio"]
    assert row["ratio"] == pytest.approx(row["engine_ms"] / row["bare_ms"])


def test_batch_asks_everybody_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "TURNS", 1)
    monkeypatch.setattr(batch, "MODEL", "squeezenet1_1")
    found = benchmark("batch")
    in_turn, at_once = (row["seconds"] for row in found["rows"])
    assert found["ratio"] == pytest.approx(at_once / in_turn) and in_turn > 0


def test_dense_times_all_three_ways_at_each_stride(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "TURNS", 1)
    monkeypatch.setattr(dense, "MODEL", "squeezenet1_1")
    monkeypatch.setattr(dense, "STRIDES", (16,))
    monkeypatch.setattr(dense, "open_picture", lambda name: Frame(np.zeros((240, 272, 3), np.uint8)))
    found = benchmark("dense")
    (row,) = found["rows"]
    assert row["positions"] == 2 * 4 and row["stride"] == 16 and found["better"] == "higher"
    assert found["ratio"] == row["against_sliding"] == pytest.approx(row["sliding_ms"] / row["dense_ms"])
    assert 1 < row["arithmetic"] < 8


def test_detect_compares_rates_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "TURNS", 1)
    monkeypatch.setattr(detect, "EACH", 1)
    monkeypatch.setattr(detect, "DETECTORS", ("ssdlite320_mobilenet_v3_large",))
    found = benchmark("detect")
    (row,) = found["rows"]
    assert found["better"] == "higher" and found["ratio"] == row["ratio"]
    assert row["ratio"] == pytest.approx(row["stream_per_s"] / row["bare_per_s"])
    assert row["one_by_one_ratio"] == pytest.approx(row["one_by_one_per_s"] / row["bare_per_s"])


def test_a_page_is_waited_for_and_a_server_that_dies_is_noticed() -> None:
    server = "import sys, http.server as h; h.test(h.SimpleHTTPRequestHandler, port=int(sys.argv[1]), bind='127.0.0.1')"
    assert start.seconds_to_page([sys.executable, "-c", server], "{port}") > 0
    with pytest.raises(RuntimeError, match="ended with 3"):
        start.seconds_to_page([sys.executable, "-c", "raise SystemExit(3)"], "{port}")


def test_a_benchmark_that_is_none_is_told_apart() -> None:
    with pytest.raises(UnknownName, match="did you mean batch"):
        benchmark("bach")


@pytest.mark.long
def test_video_compares_rates_both_ways_and_peaks_of_two_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "TURNS", 1)
    monkeypatch.setattr(video, "FRAMES", 5)
    monkeypatch.setattr(video, "SIZE", (48, 64))
    monkeypatch.setattr(video, "VIEWS", (("picture", "", ""),))
    monkeypatch.setattr(video, "LENGTHS_S", (1, 2))
    found = benchmark("video")
    row, short, long = found["rows"]
    assert found["better"] == "lower" and found["ratio"] == row["ratio"]
    assert row["ratio"] == pytest.approx(row["bare_fps"] / row["whole_fps"])
    assert (short["frames"], long["frames"]) == (5, 10) and short["peak_mb"] > 30 and short["decoder_mb"] > 20
