"""A whole video through the view that the Live tab shows: sent, processed on the server, watched and kept."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Generator, Iterator
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from explorer.asking import Asking, Chosen
from explorer.contract import Engine
from explorer.drawing.live import LIVE_VIEWS
from explorer.errors import ExplorerError, Mistake, Stopped
from explorer.sources.video.shelf import Item, Shelf
from explorer.tabs import words
from explorer.tabs.components import component

if TYPE_CHECKING:
    from explorer.whole_video import Pace, Processed

AT_ONCE = 2
"""Videos that are worked on at the same time: a film's encoder holds some twenty pictures."""
LINE_S = 0.5
_label, _say = partial(words.label, "live_video"), partial(words.say, "live_video")


def build_video(engine: Engine, videos: Shelf, settings: list[Any]) -> None:
    """The part of the panel. settings: the controls whose values are view, network, precision and class."""
    turns = threading.BoundedSemaphore(AT_ONCE)
    limits = videos.limits
    with gr.Accordion(_label("title"), open=False, elem_id="live-video"):
        gr.Markdown(_label("about"))
        most = {"most": limits.max_bytes or 0, "seconds": limits.seconds or 0}
        picker = component("videofile", ("uploaded",), json.dumps(most), words.LIVE_VIDEO_PICKER)
        key = gr.State("")
        with gr.Row():
            process = gr.Button(
                _label("process"), variant="primary", interactive=False, min_width=120, elem_id="video-process"
            )
            stop = gr.Button(_label("stop"), visible=False, min_width=120, elem_id="video-stop")
        said = gr.HTML("", elem_id="video-said", elem_classes="video-said")

    def uploaded(event: gr.EventData) -> dict[Any, Any]:
        found = str(event._data.get("id", ""))
        return {key: found, process: gr.update(interactive=bool(found)), said: ""}

    def run(request: gr.Request, chosen: str, *values: Any) -> Iterator[dict[Any, Any]]:
        working = {process: gr.update(visible=False), stop: gr.update(visible=True)}
        done = {process: gr.update(visible=True), stop: gr.update(visible=False)}
        try:
            yield working | {said: f"<p>{_say('begun')}</p>"}
            for html in told(engine, videos, turns, chosen, values, request.session_hash or ""):
                yield {said: html}
            yield done
        except ExplorerError as error:
            yield done | {said: f'<p class="trouble" role="alert">{escape(str(error))}</p>'}

    def halt(chosen: str) -> None:
        try:
            videos.get(chosen).stop.set()
        except Mistake:
            return  # it is gone already

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    picker.uploaded(uploaded, None, [key, process, said], **quiet)
    begun = process.click(run, [key, *settings], [process, stop, said], trigger_mode="once", **quiet)
    begun.failure(lambda: (gr.update(visible=True), gr.update(visible=False)), None, [process, stop], **quiet)
    stop.click(halt, key, None, queue=False, **quiet)


def told(
    engine: Engine, videos: Shelf, turns: threading.BoundedSemaphore, key: str, values: tuple[Any, ...], visitor: str
) -> Iterator[str]:
    """HTML of how far it is, and last of the film. Raises ExplorerError."""
    from explorer.whole_video import Processed, Wanted, processed  # OpenCV: imported when the first video comes

    if not key:
        raise Mistake(_say("empty"))
    view, network, precision, named = values
    with videos.held(key) as item:
        item.stop.clear()
        one = yield from _whom(engine, view, network or "", visitor)
        yield from _turn(turns, item)
        try:
            wanted = Wanted(view, one.model, one.weights, precision, named or "", keep_part=True)
            for step in processed(engine, item.source, item.made, wanted, videos.limits, item.stop, visitor, item.name):
                yield film(item, step, one.why) if isinstance(step, Processed) else pace(step)
        finally:
            turns.release()
            videos.written(item)


def _whom(engine: Engine, view: str, network: str, visitor: str) -> Generator[str, None, Chosen]:
    """Whom to ask: fetched where it must be, for whoever says `process` wants it."""
    task = LIVE_VIEWS[view].task if view in LIVE_VIEWS else None
    if task is None:
        return Chosen("")
    asking = Asking(engine, task)
    (one,) = asking.networks([network] if network else [], "photographs", retry=True)
    for lacking in asking.missing([one]):
        for step in asking.fetched(lacking, not network, visitor):
            if isinstance(step, Chosen):
                one = step
            else:
                text = _say("fetching", model=escape(lacking.model), share=f"{step.fraction:.0%}")
                yield _bar(step.fraction, text)
    return one


def _turn(turns: threading.BoundedSemaphore, item: Item) -> Iterator[str]:
    """Wait until few enough others are at it. Raises Mistake where nobody waits any more."""
    told = False
    while not turns.acquire(timeout=LINE_S):
        if item.stop.is_set():
            raise Stopped(_say("stopped"))
        if not told:
            told = True
            yield f"<p>{_say('waiting')}</p>"


def pace(step: Pace) -> str:
    """How far it is, as a bar with its words."""
    done, total = length(step.done), length(step.total)
    key = "pace" if step.total else "pace_unknown"
    text = _say(key, frames=f"{step.frames:,}", done=done, total=total)
    if step.left is not None:
        text += f" · {_say('left', left=length(math.ceil(step.left)))}"
    return _bar(step.fraction if step.total else None, text)


def _bar(share: float | None, text: str) -> str:
    value = "" if share is None else f' value="{share:.4f}"'
    return f'<p>{text}</p><progress max="1"{value} aria-label="{text}"></progress>'


def film(item: Item, made: Processed, why: str = "") -> str:
    """The film with its numbers and notes."""
    height, width = made.size
    numbers = _say(
        "made", frames_in=f"{made.frames_in:,}", frames_out=f"{made.frames_out:,}", seconds=length(made.seconds),
        width=width, height=height, ms=f"{made.ms_per_frame:.0f}",
    )  # fmt: skip
    by = f", {_say('made_by', model=escape(made.model))}" if made.model else ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in (*made.notes, *filter(None, [why])))
    source = f"video/{item.id}.mp4"
    return (
        f'<video controls playsinline preload="metadata" src="{source}?of={made.frames_out}-{made.ms_per_frame:.3f}" '
        f'aria-label="{_say("film")}" data-testid="video-film"></video>'
        f'<p data-testid="video-made" data-frames="{made.frames_out}">{numbers}{by}</p>'
        f"{f'<ul>{notes}</ul>' if notes else ''}"
        f'<p><a class="save" href="{source}?save" download data-testid="video-save">{_say("save")}</a></p>'
        f'<p class="fine">{_say("gone")}</p>'
    )


def length(seconds: float) -> str:
    """As 1:05:09, 2:03 or 4.5 s."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
