"""Dense layers beside the convolutions that they are, and the kernel of one unit, as HTML."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.encode import png_url
from explorer.drawing.palette import RGB, heat_colours
from explorer.records.flip import Flipped, FlippedLayer
from explorer.records.frame import Frame, Pixels

GAP: RGB = (24, 24, 32)


def flip_card(made: Flipped) -> str:
    """Shapes, how far the numbers are apart, the sizes of the maps, and one unit's weights as a picture."""
    tall, wide = made.crop
    notes = "".join(f'<p class="badge">{escape(note)}</p>' for note in made.notes)
    if not made.layers:
        none = "This network has no dense layer: it ends in a convolution and an average over its last map."
        return f"<p>{none}</p>{_sizes(made)}{notes}"
    return (
        f"<p>Computed now, on the crop of {wide}x{tall} pixels that this network always sees: as a Linear layer, as a "
        "Conv2d, and as one matrix product over gathered windows, which is how maps are made here.</p>"
        f"{_table(made.layers)}{_sizes(made)}{_unit(made)}{notes}"
    )


def _table(layers: Sequence[FlippedLayer]) -> str:
    """A column a layer."""
    rows: tuple[tuple[str, Callable[[FlippedLayer], str]], ...] = (
        ("Linear", lambda layer: " × ".join(f"{side:,}" for side in layer.linear)),
        ("Conv2d", lambda layer: " × ".join(f"{side:,}" for side in layer.kernel)),
        ("outputs up to", lambda layer: f"{layer.largest:.3g}"),
        ("Conv2d differs by", lambda layer: _data(layer.convolution)),
        ("product differs by", lambda layer: _data(layer.product)),
    )
    heads = "".join(f"<th>{escape(layer.name)}</th>" for layer in layers)
    body = "".join(
        f'<tr><th scope="row">{title}</th>{"".join(f"<td>{told(layer)}</td>" for layer in layers)}</tr>'
        for title, told in rows
    )
    head = f"<thead><tr><th></th>{heads}</tr></thead>"
    return f'<table class="costs flip" data-testid="flip-table">{head}<tbody>{body}</tbody></table>'


def _data(value: float) -> str:
    return f'<data value="{value!r}">{small(value)}</data>'


def small(value: float) -> str:
    """A difference of numbers that ought to be equal: two digits, and 0 only where it is nothing at all."""
    return f"{value:.1e}" if value else "0"


def _sizes(made: Flipped) -> str:
    rows, columns = made.map
    (tall, wide), (height, width) = made.crop, made.size
    larger = (
        f'On this picture of {width}x{height} they give <output data-testid="flip-map">{rows} × {columns}</output> '
        "places in one pass."
        if rows
        else f"This picture of {width}x{height} is smaller than that: there is no map to see."
    )
    return (
        f"<p>On {wide}x{tall} pixels the converted network gives one place, and its logits differ from the network's "
        f'own by <output data-testid="flip-logits" data-value="{made.logits_apart!r}">{small(made.logits_apart)}'
        f"</output> at most, of logits up to {made.largest_logit:.3g}. {larger}</p>"
    )


def _unit(made: Flipped) -> str:
    """Each channel's part of one unit's kernel as a tile, and the mean of all."""
    weights, first = made.weights_of_unit, made.layers[0]
    channels, height, width = weights.shape
    mean = weights.mean(axis=0)
    linear, convolution, product = made.outputs.tolist()
    title = f"Unit {made.unit} of {escape(first.name)}"
    many = (
        f"{channels:,} tiles of {height}x{width}, one a channel" if height > 1 else f"{channels:,} channels, 1x1 each"
    )
    figures = _figure(tiles(weights), f"{many}, ±{float(np.abs(weights).max()):.2g}")
    if height > 1:
        figures += _figure(tiles(mean[None]), f"their mean, ±{float(np.abs(mean).max()):.2g}")
    return (
        f"<p>{title} answers strongest to this crop: {linear:.4f} as a dense layer, {convolution:.4f} as a "
        f"convolution, {product:.4f} as a product. Its {weights.size:,} weights, negative dark, positive bright:</p>"
        f'<div class="kernel">{figures}</div>'
    )


def tiles(weights: NDArray[np.float32]) -> Pixels:
    """Uint8 (h, w, 3): kernels (n, h, w) in a square, dark between them; zero is the middle of the colours."""
    count, height, width = weights.shape
    gap = int(count > 1 and height > 1)
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    top = float(np.abs(weights).max()) or 1.0
    values = np.rint((np.nan_to_num(weights) / top + 1) / 2 * 255).astype(np.uint8)
    made = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), GAP, np.uint8)
    for i, tile in enumerate(heat_colours()[values]):
        y, x = i // columns * (height + gap), i % columns * (width + gap)
        made[y : y + height, x : x + width] = tile
    return made


def _figure(pixels: Pixels, caption: str) -> str:
    picture = f'<img src="{png_url(Frame(pixels))}" alt="{caption}">'
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"
