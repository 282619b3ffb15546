"""One place, a flipped layer, several scales and an average as HTML: every number on the card is the answer's."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explorer.drawing.dense_flip import flip_card, small, tiles
from explorer.drawing.dense_place import place_card
from explorer.drawing.dense_scales import one_answer, scales_table
from explorer.drawing.palette import heat_colours
from explorer.records.averages import Averaged
from explorer.records.classify import Classification
from explorer.records.dense import Level
from explorer.records.flip import Flipped, FlippedLayer
from explorer.records.place import PlaceSeen
from tests.drawing.test_dense import maps

KNOWN: dict[str, Any] = {"model": "net", "weights": "random", "device": "cpu"}
NAMES = ("cat", "<b>", "car", "bus", "bird", "dog")


def seen(**more: Any) -> PlaceSeen:
    logits = np.asarray([[1, 5, 0, 0, -1, 2], [1.5, 4, 0, 0, 7, 2], [1, 5, 0, 0, -1, 2]], np.float32)
    known: dict[str, Any] = {
        "row": 1, "column": 2, "box": np.asarray([10, 20, 50, 60], np.float32), "names": NAMES, "logits": logits,
        "pixels": np.full((8, 8, 3), 70, np.uint8), "ms": 3.0,
    }  # fmt: skip
    return PlaceSeen(**KNOWN, **(known | more))


def values(html: str) -> list[float]:
    return [float(value) for value in re.findall(r'<data value="([^"]+)"', html)]


def test_a_place_shows_the_logits_of_all_three_and_the_difference() -> None:
    html = place_card(seen(notes=("a <note>",)))
    assert "Row 1, column 2: x 10 to 50, y 20 to 60" in html and "a &lt;note&gt;" in html
    order = seen().order(4)
    assert order == [1, 5, 0, 2, 4]
    rows = [[*(float(value) for value in seen().logits[:, i]), float(np.diff(seen().logits[:2, i])[0])] for i in order]
    assert values(html) == [value for row in rows for value in row] and "<b>&lt;b&gt;</b>" in html
    share = np.exp(7) / np.exp(seen().logits[1]).sum()
    assert f"All at once: <b>bird</b> {share:.1%}" in html
    assert 'data-testid="place-alone" data-value="0.0">the very numbers<' in html and 'data-value="8.0">8<' in html
    assert 'src="data:image/jpeg;base64,' in html


def test_a_crop_that_gives_other_numbers_says_so() -> None:
    logits = seen().logits.copy()
    logits[2, 3] += 0.5
    assert 'data-value="0.5">the numbers, to 5.0e-01,<' in place_card(seen(logits=logits, cached=True))
    assert "3 ms cached" in place_card(seen(cached=True))


def flipped(**more: Any) -> Flipped:
    layers = (
        FlippedLayer("fc.<1>", (7, 45), (7, 5, 3, 3), 2.5, 3e-7, 0.0),
        FlippedLayer("fc.2", (6, 7), (6, 7, 1, 1), 4.5, 0.0, 1e-9),
    )
    weights = np.random.default_rng(0).normal(size=(5, 3, 3)).astype(np.float32)
    known: dict[str, Any] = {
        "crop": (12, 16), "layers": layers, "unit": 4, "weights_of_unit": weights,
        "outputs": np.asarray([1.25, 1.2501, 1.25], np.float32), "largest_logit": 4.5, "logits_apart": 2e-6,
        "size": (40, 60), "map": (3, 5),
    }  # fmt: skip
    return Flipped(**KNOWN, **(known | more))


def test_a_dense_layer_stands_beside_its_convolution() -> None:
    html = flip_card(flipped())
    assert "fc.&lt;1&gt;" in html and "7 × 45" in html and "7 × 5 × 3 × 3" in html and "6 × 7 × 1 × 1" in html
    assert values(html) == [3e-7, 0.0, 0.0, 1e-9] and ">3.0e-07<" in html and ">0<" in html
    assert "16x12 pixels" in html and 'data-testid="flip-map">3 × 5<' in html and 'data-value="2e-06"' in html
    assert "Unit 4 of fc.&lt;1&gt;" in html and "1.2501 as a convolution" in html
    assert "5 tiles of 3x3" in html and html.count("<img") == 2


def test_a_picture_that_is_too_small_and_a_network_without_dense_layers() -> None:
    assert "smaller than that" in flip_card(flipped(map=(0, 0)))
    bare = flip_card(flipped(layers=(), weights_of_unit=np.zeros((0, 0, 0), np.float32), notes=("a <note>",)))
    assert "no dense layer" in bare and "<table" not in bare and "<img" not in bare and "a &lt;note&gt;" in bare
    assert flip_card(flipped(weights_of_unit=np.ones((5, 3, 3), np.float32))).count("<img") == 2


def test_a_kernel_is_drawn_tile_by_tile() -> None:
    weights = flipped().weights_of_unit
    pixels = tiles(weights)
    assert pixels.shape == (2 * 4 - 1, 3 * 4 - 1, 3)
    top = np.abs(weights).max()
    for i, tile in enumerate(weights):
        y, x = i // 3 * 4, i % 3 * 4
        shades = heat_colours()[np.rint((tile / top + 1) / 2 * 255).astype(int)]
        assert np.array_equal(pixels[y : y + 3, x : x + 3], shades)
    assert np.ptp(pixels[3].astype(int), axis=0).max() == 0  # the gap between the rows of tiles
    assert tiles(np.zeros((1, 2, 2), np.float32)).shape == (2, 2, 3)
    assert tiles(np.ones((512, 1, 1), np.float32)).shape == (23, 23, 3)
    source = flip_card(flipped()).partition('src="data:image/png;base64,')[2].partition('"')[0]
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(source)))), pixels)


def test_small_differences_are_zero_only_when_they_are() -> None:
    assert [small(value) for value in (0.0, 3e-9, 0.25)] == ["0", "3.0e-09", "2.5e-01"]


def levels() -> tuple[Level, ...]:
    larger = Level(1.0, (100, 140), np.zeros((3, 4, 6), np.float32), 5.0, 7_000_000_000)
    larger.logits[1] = 3
    return maps().levels[0], larger


def test_every_scale_has_its_row() -> None:
    dense = maps(levels=levels())
    assert scales_table([maps()]) == ""
    alone, both = scales_table([dense], 1), scales_table([maps("sliding"), dense], 0)
    rows = {scale: alone.partition(f'data-testid="scale-{scale}"')[2].partition("</tr>")[0] for scale in ("0.5", "1")}
    assert "70x50" in rows["0.5"] and "2 × 3" in rows["0.5"] and "<output>10</output> ms<br>6.00 G" in rows["0.5"]
    assert "140x100" in rows["1"] and "4 × 6" in rows["1"] and "<output>5</output> ms<br>7.00 G" in rows["1"]
    assert alone.count('class="shown"') == 1 and '<tr class="shown" data-testid="scale-1">' in alone
    assert both.count("<output>40</output> ms") == 1 and "<td></td>" in both  # the larger one has not been slid over


def crops(count: int) -> Classification:
    logits, windows = np.zeros((count, 3), np.float32), np.zeros((count, 4), np.float32)
    scores = np.asarray([0.2, 0.7, 0.1], np.float32)
    order, size = np.asarray([1, 0, 2]), (100, 140)
    return Classification(**KNOWN, precision="fp32", size=size, logits=logits, scores=scores, order=order,
                          names=maps().names, windows=windows, ms=1.0)  # fmt: skip


def test_one_answer_in_several_ways() -> None:
    dense = maps(levels=levels())
    after = np.asarray([1, 2, 3], np.float32)
    averaged = Averaged(
        **KNOWN,
        layer="f<c>",
        features=512,
        positions=(2, 3),
        names=dense.names,
        after=after,
        before=after + 1e-6,
        ms=4.0,
    )
    html = one_answer(dense, 0, averaged, crops=[crops(1), crops(10)])
    assert "<b>&lt;b&gt;</b> 70.0%" in html.partition('data-testid="one-crops-1"')[2].partition("</tr>")[0]
    assert "ten crops" in html.partition('data-testid="one-crops-10"')[2].partition("</tr>")[0]
    ways = {
        way: html.partition(f'data-testid="one-{way}"')[2].partition("</tr>")[0]
        for way in ("overfeat", "logits", "scores")
    }
    highest = [level.scores.max(axis=(1, 2)) for level in dense.levels]
    assert f"<b>&lt;b&gt;</b> {np.mean(highest, axis=0)[1]:.1%}" in ways["overfeat"]
    assert "mean of 2 scales" in ways["overfeat"] and "background</b> 0.0%" in ways["overfeat"]
    assert f"<b>background</b> {averaged.scores[2]:.1%}" in ways["logits"]
    assert f"{dense.levels[0].scores.mean(axis=(1, 2))[0]:.1%}" in ways["scores"]
    assert f'data-value="{averaged.apart!r}"' in html and "2 × 3 places" in html and "f&lt;c&gt;" in html


def test_what_is_not_linear_is_averaged_after_and_says_why() -> None:
    html = one_answer(replace(maps(), names=("cat", "dog", "sky")), 0, None, "It is <bent>.")
    logits = maps().levels[0].logits.reshape(3, -1).mean(1)
    share = np.exp(logits) / np.exp(logits).sum()
    assert f"<b>sky</b> {share[2]:.1%}" in html and "It is &lt;bent&gt;." in html and "its one scale" in html
    assert "averages-apart" not in html and pytest.approx(1.0) == float(share.sum())
