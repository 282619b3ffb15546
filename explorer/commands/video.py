"""`video`: a whole video through one view, as a film with its sound."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.commands.command import Add, engine
from explorer.commands.networks import chosen
from explorer.commands.picture_file import writable
from explorer.errors import Failure, Mistake, UnknownName
from explorer.records.classify import PRECISIONS

if TYPE_CHECKING:
    from explorer.whole_video import Pace, Processed

KINDS = (".mp4",)


def add(command: Add) -> None:
    """Make `video` known."""
    parser = command("video", _video, _show, "A whole video through one view, as an H.264 MP4 with its sound.")
    parser.add_argument("video", metavar="IN", help="an MP4, MOV, WebM, MKV or AVI file")
    parser.add_argument(
        "--view", default="detect", help="detect, classify, dense, or picture for none (default: detect)"
    )
    parser.add_argument("--model", default="", help="unless named, one that knows photographs")
    parser.add_argument("--weights", default="", metavar="FILE", help="a file of your own, a published name, or random")
    parser.add_argument("--precision", choices=PRECISIONS, default="fp32")
    parser.add_argument("--class", dest="named", default="", metavar="NAME", help="with --view dense: whose map")
    parser.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    parser.add_argument("--out", type=Path, metavar="OUT.mp4", help="default: IN-VIEW.mp4 in this folder")
    parser.add_argument("--keep-part", action="store_true", help="on Ctrl-C write a film of what was done so far")


def _video(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.drawing.live import LIVE_VIEWS
    from explorer.sources.video.read import frames
    from explorer.whole_video import Wanted, processed

    if arguments.view not in LIVE_VIEWS:
        raise UnknownName("view", arguments.view, LIVE_VIEWS)
    task = LIVE_VIEWS[arguments.view].task
    if task is None and (arguments.model or arguments.weights):
        raise Mistake(f"The view {arguments.view} asks no network: leave out --model and --weights.")
    out = arguments.out or Path(f"{Path(arguments.video).stem}-{arguments.view}.mp4")
    writable(out, arguments.video, KINDS, "video")
    with frames(arguments.video) as reading:
        first = next(reading)  # a file that is no video is told before a network is fetched
    serving = engine(arguments.device)
    model, weights, why = chosen(serving, first, arguments, task) if task else ("", "", "")
    wanted = Wanted(arguments.view, model, weights, arguments.precision, arguments.named, arguments.keep_part)
    with _interrupted(arguments.keep_part) as stop:
        made = _told(processed(serving, Path(arguments.video), out, wanted, stop=stop))
    found = made.as_json()
    return found | {"notes": [*found["notes"], *filter(None, [why])]}


def _told(steps: Iterable[Pace | Processed]) -> Processed:
    """What was made; how far it is moves a line where a person watches."""
    from explorer.whole_video import Processed

    watched = sys.stderr.isatty()
    for step in steps:
        if isinstance(step, Processed):
            if watched:
                print(file=sys.stderr)
            return step
        if watched:
            share = f"{step.fraction:4.0%}" if step.total else f"{step.done:.1f} s"
            left = "" if step.left is None else f", {time_of(step.left)} left"
            print(f"\r{step.frames} pictures, {share}{left}\033[K", end="", file=sys.stderr, flush=True)
    raise Failure("The video was not processed and nobody said why: run it with --debug and report it.")


def time_of(seconds: float) -> str:
    """As 1:05:09, 2:03 or 45 s."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def _interrupted(keeps: bool) -> Iterator[threading.Event]:
    """Ctrl-C asks for an end, where what there is shall be kept; otherwise it breaks off as ever."""
    stop = threading.Event()
    if not keeps or threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _show(result: dict[str, Any]) -> str:
    height, width = result["size"]
    who = f"{result['model']}, " if result["model"] else ""
    lines = [
        f"{result['frames_out']:,} pictures, {result['seconds']:.1f} s, {width} x {height}, "
        f"{result['rate']:.4g} a second; sound: {result['sound'] or 'none'}",
        f"{who}{result['view']}: {result['ms_per_frame']:.0f} ms a picture",
        f"written to {result['out']}",
    ]
    return "\n".join([*lines, *(f"note: {note}" for note in result["notes"])])
