"""Every text of the page, one dict for each part: the place to translate it.

`label` is for what Gradio shows as it stands, `say` for sentences with values; a component drawn in JavaScript gets its
whole part as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr
from gradio.i18n import I18nData

PAGE = {
    "name": "Fovea",
    "tagline": "See inside vision networks.",
}

SOURCES = {
    "ways": "Where the picture comes from",
    "gallery": "Gallery",
    "file": "Your file",
    "camera": "Camera",
    "scene": "Street scene",
    "street_shelf": "Street scenes",
    "photo_shelf": "Photographs",
    "choose_file": "Choose a picture",
    "file_hint": "or paste one with Ctrl+V, or drop it anywhere on this page",
    "file_kept": "It stays in this page’s memory: it is never kept on a disk, and nobody else sees it.",
    "file_label": "Your picture",
    "drop_here": "Drop the picture anywhere",
    "no_file": "That was not a picture file: save it first, then drop the file here.",
    "too_large": "That file has {got} MB; the most is {most} MB: make it smaller first.",
    "camera_open": "Use the camera",
    "camera_take": "Take the picture",
    "camera_close": "Close the camera",
    "camera_kept": "The picture goes from the camera into this page’s memory, and nowhere else.",
    "camera_refused": "The browser refused the camera: allow it in the address bar, then try again.",
    "camera_none": "No camera was found: plug one in, or upload a picture.",
    "camera_busy": "The camera is busy in another program: close that program, then try again.",
    "camera_late": "The camera did not answer: look for the browser’s question, then try again.",
    "camera_insecure": (
        "A browser gives its camera only to pages on https or localhost: upload a picture, or open this page there."
    ),
    "scene_about": "A street drawn by code, the same for the same numbers.",
    "scene_seed": "Scene number",
    "scene_difficulty": "Difficulty",
    "scene_things": "How many things (0: as it comes)",
    "scene_draw": "Draw it",
    "scene_surprise": "Surprise me",
}

DIFFICULTIES = {"easy": "easy", "normal": "normal", "hard": "hard"}

TOOLS = {
    "tools": "This page",
    "pictures": "Pictures",
    "pictures_hint": "Choose a picture",
    "link": "Copy link",
    "link_hint": "Copy a link that opens exactly this",
    "copied": "Link copied: it opens exactly this.",
    "copied_without": "Link copied. Your own picture is not in it: it stays with you.",
    "copy_by_hand": "Copy this link:",
    "present": "Present",
    "present_hint": "Fill the screen with the picture (P)",
    "leave": "Leave",
    "leave_hint": "Back to the page (Escape)",
    "drawer": "Panel",
    "drawer_hint": "Show or hide the panel (D)",
    "presenting": "Presenting: arrow keys change the picture, D shows the panel, Escape leaves.",
    "large": "Large type",
    "large_hint": "Larger type, for a projector",
    "theme_system": "Colours: as this computer has them",
    "theme_light": "Colours: light",
    "theme_dark": "Colours: dark",
}

STAGE = {
    "stage": "stage",
    "nothing": "No picture yet.",
    "broken": "This picture could not be shown.",
    "out": "Zoom out",
    "in": "Zoom in",
    "zoom": "Zoom",
    "fit": "Fit the whole picture",
    "fit_short": "Fit",
    "full": "Full screen",
    "export": "Export",
    "png": "Picture (PNG)",
    "svg": "Drawing (SVG)",
    "clip": "Record a clip (WebM)",
    "stop": "Stop and save the clip",
    "opacity": "Opacity",
    "score": "Score",
    "iou": "NMS IoU",
    "layers_shown": "Layers",
    "table": "As a table",
    "keys": "Keys: + - 0 zoom; arrows move a cursor, with Shift by one pixel; Enter picks; 1 to 4 choose a pane.",
    "handle": "movable box; arrows move it, with Shift they size it, with Alt by a tenth of a pixel",
    "shown": "{some} of {all} shown",
    "best": ", the best of {all}",
    "more": "and {count} more",
    "panes": "{count} panes",
    "layer": "1 layer",
    "layers": "{count} layers",
    "no_value": "no value",
    "unnamed": "class {index}",
    "cell": "row {row}, column {column}",
    "label": "label",
    "score_head": "score",
    "class": "class",
    "cells": "cells",
    "share": "share",
    "row": "row",
    "column": "column",
    "rows": "rows",
    "columns": "columns",
    "value": "value",
    "greatest": "{unit}, greatest first",
    "from_x": "from x",
    "from_y": "from y",
    "to_x": "to x",
    "to_y": "to y",
    "text": "text",
}

NOTES = {
    "link_ignored": "This link asked for something that is not here, and was followed without it: {what}.",
    "and_more": "and {count} more",
    "waking": "Waking the networks …",
    "asleep": "The networks could not be woken: {why}",
}

DEVICE = {
    "cpu": "Runs on this computer’s processor",
    "cuda": "Runs on a graphics card",
    "mps": "Runs on Apple graphics",
    "other": "Runs on {kind}",
    "memory": "{name}, {memory} GB",
}

CLASSIFY = {
    "question": "**What is in this picture, and how sure is the network?**",
    "networks": "Networks",
    "networks_info": "Up to four, side by side; with none chosen, the one that knows such pictures answers.",
    "to_fetch": "{name} · {size:.0f} MB to fetch",
    "untrained": "{model}, never trained",
    "crops": "It sees",
    "centre": "the centre crop",
    "ten": "ten crops",
    "bars": "Bars show",
    "softmax": "probabilities",
    "raw": "raw scores",
    "top": "How many classes",
    "waking": "Waking the networks …",
    "no_picture": "Choose a picture on the left.",
    "fetch": "Fetch the weights",
    "stop": "Stop",
    "fetching": "Fetching {model} …",
    "sketch": "Draw a digit, and LeNet reads it",
    "sketch_how": "Write one digit, large, with mouse, finger or pen. LeNet-5 of 1998 answers while you draw.",
    "sketch_name": "your drawing",
    "sketch_clear": "Clear",
    "sketch_canvas": "A field to draw a digit on",
    "sketch_hint": "Draw here",
    "vary": "As training would have shown it",
    "vary_how": (
        "AlexNet never saw a picture twice the same way: a window of it at random, perhaps mirrored, its colours moved "
        "along their own main directions. A network that learnt from that should not mind. Does it?"
    ),
    "ways": "Vary",
    "window": "the window",
    "mirror": "left and right",
    "colour": "the colours",
    "throw": "Throw of the dice",
    "throw_again": "Throw again",
    "how": "How it works",
    "how_text": """
The picture is made as small as the network wants it, a square is cut from it (dashed on the picture), and the network
answers with one number per class, its *raw scores* or *logits* $z$. Softmax turns them into probabilities:

$$p_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}$$

**Ten crops** cuts the four corners and the centre, adds their mirror images, and averages the ten answers: so AlexNet
was tested. **Colour shift**: to every pixel is added $[p_1, p_2, p_3][\\alpha_1 \\lambda_1, \\alpha_2 \\lambda_2,
\\alpha_3 \\lambda_3]^T$, with $p_i$, $\\lambda_i$ the eigenvectors and eigenvalues of the colours' covariance and
$\\alpha_i \\sim N(0, 0.1)$, drawn once a picture; the paper takes the covariance over all its training pictures, this
page over the one you see. Krizhevsky, Sutskever and Hinton 2012, section 4.1.

**Try:** a picture with its subject at the edge, by one crop and by ten · a trained network beside the same one *never
trained*: how even are the scores of a network that never learnt? · an old network against a new one: which is faster? ·
a street scene before a network that knows photographs, and the other way round.
""",
}

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

DENSE = {
    "question": "**What if the network looked everywhere?** Sliding its window, or all at once?",
    "network": "Network",
    "auto": "one that fits it",
    "class": "Class",
    "surest": "the surest one",
    "stride": "Places lie",
    "coarse": "as far apart as the network steps",
    "fine": "half as far: its last pool at every offset",
    "scales": "Picture made larger by",
    "scales_info": "One to six: each is looked at, and their answers become one.",
    "shown": "On the stage",
    "what": "On the stage are",
    "maps": "maps of a class",
    "boxes": "boxes: what is where",
    "regressor": "boxes by the regressor, not the windows themselves",
    "method": "Windows",
    "sliding": "one by one",
    "batched": "32 at a time",
    "slide": "Slide the window",
    "stop": "Stop",
    "waking": "Waking the networks …",
    "no_picture": "Choose a picture on the left.",
    "fetching": "Fetching {model} …",
    "place": "One place, computed three times",
    "place_how": "Click a place on a map (or Enter at the stage’s cursor); until then, where the class is surest.",
    "flip": "A dense layer is a convolution",
    "flip_how": (
        "A dense layer that reads a map of 6x6 cells is a convolution with 6x6 kernels: the same weights, the same "
        "numbers out. On its own picture size it gives one cell; on a larger picture, a map."
    ),
    "why": "Where the two disagree, and why",
    "why_how": "Layers that see something else at a window’s border than inside the picture, by name.",
    "one": "One answer from the whole picture",
    "one_how": (
        "OverFeat takes the highest score of each class over the places of a scale, then the mean over the scales: a "
        "small thing fills few places, and a mean over them would drown it, while no one scale alone is to decide. "
        "Averages over the places of the scale on the stage stand beside it. Where the last layer is linear, averaging "
        "its logits is averaging the features before it: so ResNet and GoogLeNet end. Ten crops were what AlexNet had."
    ),
    "how": "How it works",
    "how_text": """
Cut a window $R$ pixels wide at every place of a picture of $H \\times W$, $s$ pixels apart, and ask the network each
time: $(\\lfloor (H-R)/s \\rfloor + 1)(\\lfloor (W-R)/s \\rfloor + 1)$ passes that compute nearly the same maps over and
over. Run the convolutions **once over the whole picture** instead, and let the dense layers slide over the last map, as
the convolutions that they are: the same scores for a fraction of the work. Where the last pool steps by 2, it is
done at each of its offsets, and places lie half as far apart.

Sermanet and others, *OverFeat*, ICLR 2014, section 3.3; Long, Shelhamer, Darrell, CVPR 2015, section 3.1.

A convolution this large runs best as one matrix product over the gathered windows: that is how it is run here.

**Try:** a network with padding (AlexNet) and look at the difference map: where is it largest? · places half as far
apart: by how much does each time grow? · several scales: which finds the bus, which the bird? · a click where the two
maps disagree: which of the three numbers is the odd one? · a class that is not there.
""",
}

DETECT = {
    "question": "**What is where?** And how did the boxes come about?",
    "networks": "Detectors",
    "networks_info": "Up to three, side by side. None: the one that knows such pictures.",
    "view": "On the stage",
    "found": "what is found",
    "judged": "what is right, wrong and missed",
    "before": "all boxes, before suppression",
    "cells": "cells that propose",
    "steps": "suppression, step by step",
    "level": "Map of cells",
    "round": "Boxes that met",
    "step": "Winner",
    "box": "Box of the cell",
    "best_box": "the best",
    "one_cell": "One cell holds the centres of several things: version 1 of YOLO can name only one kind there.",
    "crowded_cells": "{count} cells hold the centres of several things: YOLO’s version 1 can name only one kind there.",
    "shift": "Move the picture to the right",
    "shift_info": "What goes out on one side comes in on the other. Is everything still found?",
    "stop": "Stop",
    "waking": "Waking the networks …",
    "no_picture": "Choose a picture on the left.",
    "fetching": "Fetching {model} …",
    "truth": "An annotation of your own",
    "truth_how": (
        "A street scene knows what is in it. For a picture of your own give its annotation: VOC XML, YOLO text or COCO "
        "JSON. It is read for this page and kept nowhere."
    ),
    "annotation": "Choose an annotation",
    "funnel": "How many boxes each step leaves",
    "funnel_how": "From every box that is proposed to those that are answered. Bars are on a logarithmic scale.",
    "how": "How it works",
    "how_text": """
**YOLO** (Redmon and others, CVPR 2016) cuts the picture into $S \\times S$ cells. Each gives $B$ boxes with an
objectness and, in version 1, one set of classes for all of them: so at most one kind of thing a cell. Later versions
multiply the sides of **anchors**: $b_w = p_w e^{t_w}$, $b_x = \\sigma(t_x) + c_x$.

**Faster R-CNN** (Ren and others, NIPS 2015) asks at each cell of a map whether any of its anchors holds *something*,
keeps the best, and only then cuts those regions out and names them. **SSD** (Liu and others, ECCV 2016) and
**RetinaNet** (Lin and others, ICCV 2017) name the anchors of several maps at once; **FCOS** (Tian and others, ICCV
2019) has none: a cell tells how far it is to the four sides.

**Non-maximum suppression**: take the best box, drop all of its class that overlap it by more than a threshold, and go
on with the best that is left.

$$\\mathrm{IoU}(A, B) = \\frac{|A \\cap B|}{|A \\cup B|}$$

**Try:** *cells that propose*, and a click beside a thing: how sure is it? · *all boxes*, and the stage’s IoU slider at
.9: what comes back? · *step by step*: which box does a winner remove that you would have kept? · two detectors side by
side on a crowd · the picture moved by half a cell: whose boxes change?
""",
}

PARTS: dict[str, Mapping[str, str]] = {
    "page": PAGE,
    "sources": SOURCES,
    "difficulties": DIFFICULTIES,
    "tools": TOOLS,
    "stage": STAGE,
    "notes": NOTES,
    "device": DEVICE,
    "classify": CLASSIFY,
    "dense": DENSE,
    "detect": DETECT,
    "roi": ROI,
}


def i18n() -> gr.I18n:
    """All parts, for the launch: keys are PART.KEY."""
    return gr.I18n(en={f"{part}.{key}": text for part, texts in PARTS.items() for key, text in texts.items()})


def label(part: str, key: str) -> I18nData:
    """A text that the browser looks up in its own language. Raises KeyError for what is not written down."""
    PARTS[part][key]
    return I18nData(f"{part}.{key}")


def say(part: str, key: str, **values: object) -> str:
    """A sentence with its values, as they are: escape them before. Raises KeyError."""
    return PARTS[part][key].format(**values)
