"""The texts of the RoI tab."""

from __future__ import annotations

ROI = {
    "question": "**What does RoI Pool round away, and what does RoI Align keep?** Drag the yellow box.",
    "on_numbers": "On numbers",
    "shift_test": "Shift test",
    "on_pictures": "On pictures",
    "into_head": "Any proposal",
    "network": "Network",
    "auto": "the one that knows such pictures",
    "layer": "Its map of stride",
    "last_map": "the last",
    "channel": "Channel (empty: strongest in the box)",
    "strongest": "the strongest",
    "no_channel": "{got!r} is no channel: give a whole number from 0, or leave the field empty.",
    "region": "Box on the picture, in pixels: left, top, right, bottom",
    "detector": "Detector",
    "auto_detector": "a trained one, where one is here",
    "proposal": "Its own proposals: objectness and box",
    "by_hand": "none: a box drawn by hand",
    "untrained_why": (
        "no trained detector is here: fetch one ({model}, {size:.0f} MB), or read these scores of a network that never "
        "learnt for how much they change"
    ),
    "fetch": "Fetch the weights",
    "stop": "Stop",
    "fetching": "Fetching {model} …",
    "running": "{model} looks at the whole picture: then boxes are cut from its maps at once …",
    "preset": "The lecture’s example",
    "preset_info": (
        "Two answers, and boxes that give them: no one box was found that gives both, and 2x2 samples never give the "
        "second exactly."
    ),
    "no_preset": "settings of your own",
    "box": "Box: left, top, right, bottom",
    "bin": "Bin: row, column",
    "bin_at": "{row}, {column}",
    "bins": "Bins on a side of the box",
    "samples": "Samples on a side of a bin (0: as many as cells)",
    "aligned": "Aligned: a number stands in the middle of its cell",
    "aligned_info": "Off, as in the first implementations, RoI Align reads half a cell too far to the right and down.",
    "sums": "How this bin came about",
    "own": "Numbers of your own",
    "own_how": "Rows of numbers: type them, or paste them from a table (CSV). Rows and columns count from 0.",
    "matrix": "The matrix",
    "again": "The lecture’s matrix again",
    "too_large": "The matrix is {rows} by {columns}; the most this page shows is {most} by {most}: paste a part of it.",
    "unlinked": "A link has room for {most} letters of a matrix: this one stays on this page only.",
    "no_detector": "No detector with a head that takes boxes is known here: take the project again.",
    "no_network": "No network was chosen for this picture: choose one, or the picture again.",
    "stays": "Until then the last answer stays.",
    "axis": "The box moves 64 steps of 1/16 cell",
    "along_x": "to the right",
    "along_y": "down",
    "waking": "Waking the networks …",
    "no_picture": "Choose a picture on the left: it, or a matrix in its place, is what boxes are drawn on.",
    "how": "How it works",
    "how_text": """
A detector cuts regions of any size out of one feature map and needs them all equally large, $n \\times n$ bins.

**RoI Pool** rounds the box to whole cells, cuts it into bins whose edges are rounded outwards, and takes the largest
cell of each: bin $i$ of a box from cell $a$ to cell $b$ holds the cells
$a + \\lfloor i w \\rfloor$ to $a + \\lceil (i + 1) w \\rceil - 1$, with $w = (b - a + 1) / n$.
Girshick, *Fast R-CNN*, ICCV 2015, section 2.1.

**RoI Align** rounds nothing. It reads the map at evenly spaced places in each bin, between cells if need be, and takes
the mean (or, in the lecture, the highest):

$$f(x, y) = \\sum_{i, j} \\max(0, 1 - |x - j|)\\, \\max(0, 1 - |y - i|)\\, f_{ij}$$

He, Gkioxari, Dollár and Girshick, *Mask R-CNN*, ICCV 2017, section 3. There, on COCO with ResNet-50-C5 of stride 32:

| | RoI Pool | RoI Align |
|---|---|---|
| mask AP | 23.6 | 30.9 |
| mask AP50 | 46.5 | 51.8 |
| mask AP75 | 21.6 | 32.1 |
| box AP | 28.2 | 34.0 |
| box AP50 | 52.7 | 55.3 |
| box AP75 | 26.9 | 36.4 |

**RoI Warp** reads between cells too, but on a box that was rounded first: so what helps is not to round. With
*samples* at 0, a bin has as many on a side as it has cells, rounded up.

**On pictures** the map is a network’s own, made once of the whole picture; only the box is cut out again as it moves. A
pixel is $1 / s$ cells, $s$ being the product of the strides of the layers up to the map. **Any proposal** puts a box
through both poolings into one trained head. Its map is that of level
$k = \\lfloor 4 + \\log_2(\\sqrt{wh} / 224) \\rfloor$ of the feature pyramid: Lin and others, CVPR 2017, equation 1.

**Try:** drag the box by less than half a cell: which numbers change? · the *Shift test*: who jumps, who glides? ·
*Aligned* on and off: where do the samples go? · *On pictures*, the maps of stride 8 and 32: how many pixels does RoI
Pool lose with each? · a small box and a large one: whose scores does rounding hurt?
""",
}
