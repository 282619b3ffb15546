"""The texts around the tabs: sources, tools, the stage, notes."""

from __future__ import annotations

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
    "camera_none": "No camera was found: plug one in, or use a picture or a video file.",
    "camera_busy": "The camera is busy in another program: close that program, then try again.",
    "camera_unplugged": "The camera is gone, unplugged or switched off: plug it in again, then start it anew.",
    "camera_late": "The camera did not answer within 15 seconds: look for the browser’s question, then try again.",
    "camera_insecure": (
        "A browser gives its camera only to pages on https or localhost: start Fovea with --https, or use a picture or "
        "a video file."
    ),
    "camera_framed": (
        "The page around this one keeps the camera from it: open Fovea in a window of its own, or give the frame "
        "allow=camera."
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
