"""A class's benchmark asks a served page with sockets, and the engine without; how fast is not tested here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from explorer.bench import classroom
from explorer.bench.registry import benchmark

pytestmark = pytest.mark.long


def test_a_small_class_is_answered_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"CLIENTS": 3, "SETTLE_S": 8.0, "SECONDS": 3.0, "LOOP_S": 1.0}.items():
        monkeypatch.setattr(classroom, name, value)
    with ThreadPoolExecutor(1) as alone:  # a browser's test before this one leaves a running event loop behind
        found = alone.submit(benchmark, "classroom").result()
    assert found["better"] == "higher" and [row["view"] for row in found["rows"]] == ["picture", "classify"]
    for row in found["rows"]:
        assert row["per_s"] > 0 and row["ratio"] == pytest.approx(row["per_s"] / row["loop_per_s"])
        assert 0 < row["slowest_of_mean"] <= 1
    assert found["ratio"] == min(row["ratio"] for row in found["rows"])
