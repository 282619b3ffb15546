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

PARTS: dict[str, Mapping[str, str]] = {
    "page": PAGE,
    "sources": SOURCES,
    "difficulties": DIFFICULTIES,
    "tools": TOOLS,
    "stage": STAGE,
    "notes": NOTES,
    "device": DEVICE,
    "classify": CLASSIFY,
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
