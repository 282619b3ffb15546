"""What the page lends a tab, what a tab gives back, and how a tab is asked again."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

import gradio as gr
from gradio.components import Component

from explorer.sources.video.shelf import Shelf

Choices = Sequence[tuple[str, Any]]
"""(what a person reads, value), the default first."""


@dataclass(frozen=True)
class Refresh:
    """A handler, its inputs and outputs; ready, ready_outputs: what fills the controls when the page opens."""

    fn: Callable[..., Any]
    inputs: list[Any]
    outputs: list[Any]
    ready: Callable[[], Any] | None = None
    ready_outputs: tuple[Any, ...] = ()

    def options(self) -> dict[str, Any]:
        """Keyword arguments of a Gradio listener: the last value wins, and nothing covers the panel."""
        return {
            "fn": self.fn,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "show_progress": "hidden",
            "trigger_mode": "always_last",
            "api_visibility": "private",
        }

    def after(self, ready: Callable[[], Any], outputs: list[Any]) -> Refresh:
        """The same, with what must be filled in first."""
        return replace(self, ready=ready, ready_outputs=tuple(outputs))


class Turns:
    """Which of a visitor's answers was begun last: another that comes later must not stand."""

    MOST_VISITORS = 10_000

    def __init__(self) -> None:
        self._count = itertools.count()
        self._last: OrderedDict[str, int] = OrderedDict()

    def take(self, visitor: str) -> Callable[[], bool]:
        """Begin an answer; what is returned tells whether none was begun since."""
        turn = next(self._count)
        self._last[visitor] = turn
        self._last.move_to_end(visitor)
        while len(self._last) > self.MOST_VISITORS:
            self._last.popitem(last=False)
        return lambda: self._last.get(visitor, turn) == turn

    def last(self, steps: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """A handler that yields, one of whose arguments is Gradio's request: what it yields is passed on until its
        visitor begins another answer. It goes on to its end all the same: what it fetches is wanted."""

        @wraps(steps)
        def handler(*given: Any) -> Iterator[Any]:
            visitor = next(one.session_hash for one in given if isinstance(one, gr.Request))
            is_last = self.take(visitor or "")
            for step in steps(*given):
                if is_last():
                    yield step

        return handler


@dataclass(frozen=True)
class Bench:
    """What the page lends every tab.

    picture: the chosen Frame, or None; layers: the stage's layers, given `explorer.tabs.stage.seen(view)`; stage: has
    the events that a tab names in its `EVENTS`, for its own boxes to drag and grids to click, as `bench.stage.NAME`;
    videos: where visitors' videos lie while they are worked on.
    """

    picture: gr.State
    layers: gr.HTML
    stage: gr.HTML
    videos: Shelf = field(default_factory=Shelf)


@dataclass(frozen=True)
class Panel:
    """What a tab gives back.

    ask: asked again when the picture changes while the tab is chosen, and when it is chosen; controls: name in the
    page's address -> component whose value is kept there, as TAB.NAME; offers: the choices, known only
    when the engine is, of the controls that have such, given what a link wants by name (often nothing). What depends on
    another control, as weights on a network, is offered for the wanted one where that exists.
    """

    ask: Refresh
    controls: Mapping[str, Component] = field(default_factory=dict)
    offers: Callable[[Mapping[str, str]], Mapping[str, Choices]] | None = None
