"""The texts of the Detect tab."""

from __future__ import annotations

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

Version 1 **learns** by squared errors, summed over all cells $i$ and boxes $j$, each sum with its weight $\\lambda$:

$$\\lambda_{coord} \\sum 1^{obj}_{ij} \\left[(x - \\hat x)^2 + (y - \\hat y)^2\\right]$$

$$+ \\lambda_{coord} \\sum 1^{obj}_{ij} \\left[(\\sqrt w - \\sqrt{\\hat w})^2 + (\\sqrt h - \\sqrt{\\hat h})^2\\right]$$

$$+ \\lambda_{obj} \\sum 1^{obj}_{ij} (C - \\hat C)^2 + \\lambda_{noobj} \\sum 1^{noobj}_{ij} C^2$$

$$+ \\lambda_{classes} \\sum 1^{obj}_i \\sum_c (p_c - \\hat p_c)^2$$

In a cell that holds the centre of a thing, $1^{obj}_{ij}$ is 1 for the box with the largest IoU, and $\\hat C$ is that
IoU. Of $x$ and $y$ the unit is the cell, of $w$ and $h$ the picture. *Cells that propose* shows the sums on a street.

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
