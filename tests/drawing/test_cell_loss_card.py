"""A cell's loss as a table: every number is the record's, and so is the thing that the cell is responsible for."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from explorer.drawing.cell_loss_card import cell_loss_card
from explorer.drawing.detect_cells import cells_view
from explorer.drawing.layers import Grid, HeatMap
from tests.losses import losses
from tests.traces import NAMES, cell, level


def values(html: str) -> list[float]:
    return [float(one) for one in re.findall(r'<data value="([^"]+)">', html)]


def test_each_sum_has_its_weight_the_cells_part_and_the_whole() -> None:
    said = cell_loss_card(losses(), 1, 2)
    table = said[: said.index("</table>")]
    assert values(table) == pytest.approx([1, 1, 2, 2, 3, 3, 4, 4.75, 5.5, 5.5, 15.5, 16.25])
    weights = re.findall(r"λ<sub>(\w+)</sub> = ([\d.]+)", table)
    assert weights == [("coord", "5"), ("coord", "5"), ("obj", "1"), ("noobj", "0.5"), ("classes", "1")]
    assert "by the truth of a test" in said
    assert values(cell_loss_card(losses(), 0, 0))[::2] == pytest.approx([0, 0, 0, 0.5, 0, 0.5])


def test_the_responsible_box_is_named_with_its_overlap() -> None:
    said = cell_loss_card(losses(), 1, 2)
    thing = said[said.index("cell-thing") :]
    assert "<b>dog</b>" in thing and "Box 2 is responsible" in thing and "(1: 0.25)" in thing
    assert values(thing) == [0.75]
    apart = replace(losses(), overlaps=np.zeros((2, 4, 2), np.float32))
    assert "overlaps it: box 2, the nearest, is responsible" in cell_loss_card(apart, 1, 2)
    alone = replace(losses(), overlaps=losses().overlaps[..., 1:], responsible=losses().responsible.clip(max=0))
    assert "Box 1 is responsible for it, with an IoU of" in cell_loss_card(alone, 1, 2)
    assert "()" not in cell_loss_card(alone, 1, 2)


def test_without_a_thing_it_says_so_and_what_is_no_number_is_none() -> None:
    assert "Nothing has its centre here" in cell_loss_card(losses(), 0, 0)
    assert "does not count" in cell_loss_card(losses(), 0, 1)
    broken = losses().terms.copy()
    broken[0, 1, 2] = np.nan
    assert cell_loss_card(replace(losses(), terms=broken), 1, 2).count("no number") == 4


def test_names_and_sources_are_no_markup() -> None:
    said = cell_loss_card(replace(losses(), names=("<i>", "<b>x"), source="<u>"), 1, 2)
    assert "&lt;b&gt;x" in said and "&lt;u&gt;" in said and "<u>" not in said


def test_what_each_cell_costs_has_a_pane_of_its_own() -> None:
    panes = cells_view(level(), NAMES, "id", cell(), "picked", losses=losses()).panes
    assert len(panes) == 3 and len(cells_view(level(), NAMES, "id", cell(), "picked").panes) == 2
    heat, grid = panes[-1].layers[:2]
    assert isinstance(heat, HeatMap) and isinstance(grid, Grid) and grid.event == "picked"
    assert heat.values.tolist() == losses().of_cells.tolist() and (heat.low, heat.high) == (0, 15.5)
    assert heat.place == level().place
    broken = replace(losses(), terms=np.full((5, 2, 4), np.nan, np.float32))
    lost = cells_view(level(), NAMES, "id", losses=broken).panes[-1].layers[0]
    assert isinstance(lost, HeatMap) and lost.high == 1
