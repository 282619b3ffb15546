"""How a tab is asked again when the picture on the stage changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any


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
