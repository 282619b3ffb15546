"""The networks everybody has: planned from their papers, they take the bytes that their published files have."""

from __future__ import annotations

import pytest
import torch

from explorer.models.darknet.network import Darknet
from explorer.models.darknet.weights import Header, check_size
from tests.models.darknet.files import planned
from tests.models.darknet.known import PUBLISHED


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_file_is_consumed_to_the_byte(name: str) -> None:
    write, side, size, header, operations = PUBLISHED[name]
    made = planned(*write(), width=side, height=side)
    check_size(made, Header((0, 2, 0), 0, header, False), f"{name}.weights", size)
    assert 4 * made.floats + header == size
    assert 2 * made.work / 1e9 == pytest.approx(operations, rel=0.005)


@pytest.mark.parametrize("name", PUBLISHED)
def test_its_heads_read_a_box_for_every_anchor_of_every_cell(name: str) -> None:
    write, _, _, _, _ = PUBLISHED[name]
    made = planned(*write(), width=320, height=416)
    with torch.device("meta"):
        outputs = Darknet(made).eval()(torch.empty(1, *made.input))
    cells = (
        [(13, 10)] if name == "yolov2" else [(13, 10), (26, 20)] if "tiny" in name else [(13, 10), (26, 20), (52, 40)]
    )
    boxes = 5 if name == "yolov2" else 3
    assert sorted(tuple(output.shape) for output in outputs) == [(1, 85 * boxes, *cell) for cell in cells]
