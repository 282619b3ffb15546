"""One place of a dense map as a card: the crop, and its logits by three computations."""

from __future__ import annotations

from html import escape

import numpy as np

from explorer.drawing.encode import data_url
from explorer.records.frame import Frame
from explorer.records.place import WAYS, PlaceSeen

TOP = 4
SAYS = {"sliding": "Slid over it", "dense": "All at once", "alone": "This crop alone"}


def place_card(seen: PlaceSeen) -> str:
    """What the window shows, the best classes' logits in three columns, and how far these are apart."""
    x0, y0, x1, y1 = seen.box.tolist()
    where = f"Row {seen.row}, column {seen.column}: x {x0:.0f} to {x1:.0f}, y {y0:.0f} to {y1:.0f}"
    picture = f'<img src="{data_url(Frame(seen.pixels))}" alt="{escape(where)}">'
    said = "".join(f'<li data-testid="says-{way}">{SAYS[way]}: {_says(seen, way)}</li>' for way in WAYS)
    rows = "".join(_row(seen, i) for i in seen.order(TOP))
    head = "".join(f"<th>{text}</th>" for text in ("logit", "slid", "at once", "alone", "at once − slid"))
    table = (
        '<table class="costs place" data-testid="place-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
    notes = "".join(f'<p class="badge">{escape(note)}</p>' for note in seen.notes)
    return f'<div class="crop">{picture}<div><p>{where}</p><ul>{said}</ul></div></div>{_verdict(seen)}{table}{notes}'


def _says(seen: PlaceSeen, way: str) -> str:
    logits = seen.logits[WAYS.index(way)]
    shares = np.exp(logits - logits.max())
    best = int(logits.argmax())
    return f"<b>{escape(seen.names[best])}</b> {shares[best] / shares.sum():.1%}"


def _row(seen: PlaceSeen, index: int) -> str:
    slid, at_once, alone = (float(value) for value in seen.logits[:, index])
    cells = "".join(
        f'<td><data value="{value!r}">{value:{sign}.3f}</data></td>'
        for value, sign in ((slid, ""), (at_once, ""), (alone, ""), (at_once - slid, "+"))
    )
    return f'<tr><th scope="row">{escape(seen.names[index])}</th>{cells}</tr>'


def _verdict(seen: PlaceSeen) -> str:
    alone, at_once = seen.apart("sliding", "alone"), seen.apart("dense", "sliding")
    same = "the very numbers" if alone == 0 else f"the numbers, to {alone:.1e},"
    return (
        f"<p>Shown this crop and nothing else ({seen.ms:.0f} ms{' cached' if seen.cached else ''}), the network gives "
        f'<output data-testid="place-alone" data-value="{alone!r}">{same}</output> of the window that slid over it. '
        "All at once, its logits differ by up to "
        f'<output data-testid="place-dense" data-value="{at_once!r}">{at_once:.3g}</output>.</p>'
    )
