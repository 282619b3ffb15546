"""`scene`, `sheet`, `cache`, `exam`: Streetscape from the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from explorer.commands.command import Add, positive, seeds, size, told, whole
from explorer.errors import Failure
from explorer.records.scene import DIFFICULTIES
from explorer.sources.open import SCENE, scene
from explorer.streetscape.seeds import EXAM

TRAINING = range(2_500)
SHEET = range(24)
SHEET_QUALITY = 80
TRUTH = "truth.json"


def add(command: Add) -> None:
    """Make the four known."""
    one = command("scene", _scene, _show_scene, "Draw street scenes, with their truth.")
    one.add_argument("--seed", type=whole, required=True)
    one.add_argument("--count", type=positive, default=1, help="seeds from --seed on")
    one.add_argument("--objects", type=positive, default=None, metavar="N", help="exactly so many things")
    one.add_argument(
        "--min-area", type=_share, default=0.0, metavar="F", help="least share of the picture a thing fills"
    )
    cache = command("cache", _cache, _show_cache, "Draw many scenes once, for training; goes on where it stopped.")
    cache.add_argument("--seeds", type=seeds, required=True, metavar="A:B")
    for parser in (one, cache):
        parser.add_argument("--difficulty", choices=DIFFICULTIES, default="normal")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--size", type=size, default=(480, 640) if parser is one else (256, 256), metavar="H,W")
    sheet = command("sheet", _sheet, _show_sheet, "Draw scenes side by side on one picture.")
    sheet.add_argument("--seeds", type=seeds, default=SHEET, metavar="A:B")
    sheet.add_argument("--difficulty", choices=DIFFICULTIES, default="normal")
    sheet.add_argument("--columns", type=positive, default=6)
    sheet.add_argument("--out", type=Path, required=True, metavar="FILE")
    exam = command("exam", _exam, _show_exam, "What the exam's scenes hold.")
    exam.add_argument("--scenes", type=seeds, default=EXAM, metavar="A:B")
    exam.add_argument("--baseline", action="store_true", help="also what a colour histogram and HOG reach on it")


def _scene(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.streetscape.cache import write_scene
    from explorer.streetscape.render import render

    _folder(arguments.out)
    drawn = []
    for seed in range(arguments.seed, arguments.seed + arguments.count):
        made = render(seed, arguments.size, arguments.difficulty, arguments.objects, arguments.min_area)
        drawn.append(write_scene(made, arguments.out))
    (arguments.out / TRUTH).write_text(json.dumps({"scenes": drawn}, indent=1))
    return {"scenes": [_placed(entry, arguments.out) for entry in drawn], "folder": str(arguments.out)}


def _placed(entry: dict[str, Any], folder: Path) -> dict[str, Any]:
    """With paths that open from anywhere; the truth file in the folder names its neighbours."""
    return entry | {name: str((folder / str(entry[name])).resolve()) for name in ("image", "mask", "instances")}


def _cache(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.streetscape.cache import prerender

    _folder(arguments.out)
    told(prerender(arguments.out, arguments.seeds, arguments.size, arguments.difficulty))
    return {"folder": str(arguments.out), "scenes": len(arguments.seeds)}


def _sheet(arguments: argparse.Namespace) -> dict[str, Any]:
    from PIL import Image

    from explorer.streetscape.sheet import contact_sheet

    pictures = [scene(f"{SCENE}{seed}:{arguments.difficulty}") for seed in arguments.seeds]
    try:
        Image.fromarray(contact_sheet(pictures, arguments.columns)).save(arguments.out, quality=SHEET_QUALITY)
    except (OSError, ValueError) as error:
        raise Failure(
            f"{arguments.out} cannot be written ({error}): choose another name, as sheet.webp or sheet.png."
        ) from None
    return {"file": str(arguments.out), "scenes": len(pictures)}


def _exam(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.streetscape.exam import statistics
    from explorer.streetscape.render import render

    found = dict(statistics(render(seed) for seed in arguments.scenes))
    if arguments.baseline:
        from explorer.streetscape.baseline import measure

        found["baseline"] = measure(TRAINING, arguments.scenes)
    return found


def _folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"{path} cannot be made ({error.strerror}): choose another folder with --out.") from None


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"a share of the picture between 0 and 1 was wanted, got {text[:40]!r}")
    return share


def _show_scene(result: dict[str, Any]) -> str:
    rows = [f"{scene['image']}: {', '.join(scene['labels']) or 'nothing'}" for scene in result["scenes"]]
    return "\n".join([*rows, f"in {result['folder']}"])


def _show_cache(result: dict[str, Any]) -> str:
    return f"{result['scenes']} scenes in {result['folder']}"


def _show_sheet(result: dict[str, Any]) -> str:
    return f"{result['scenes']} scenes on {result['file']}"


def _show_exam(result: dict[str, Any]) -> str:
    return "\n".join(f"{name:<14} {value}" for name, value in result.items())
