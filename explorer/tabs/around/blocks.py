"""Gradio's Blocks, whose generators' steps are told whole, and once."""

from __future__ import annotations

from typing import Any

import gradio as gr


class Blocks(gr.Blocks):
    """Steps that follow each other fast, or another handler's, do not spoil each other.

    This Gradio tells how a step differs from the one before, and its page makes that change within the very objects
    that it was told before and, on a busy machine, has not used yet: {"visible": True} and then nothing, and a button
    never came. What is no text is told whole: the page then makes a new object.

    It also tells the last step again when a generator ends, which would take the place of what another handler told
    meanwhile: here nothing changes at the end.
    """

    def handle_streaming_diffs(
        self,
        block_fn: Any,
        data: list[Any],
        session_hash: str | None,
        run: str | None,
        final: bool,
        simple_format: bool = False,
    ) -> list[Any]:
        """As Gradio's: `data`, a value for each output, after the first step the edits that lead to it, and at the end
        no change."""
        runs = self.pending_diff_streams.get(session_hash, {})
        are_edits = run in runs and not final and not simple_format
        told = super().handle_streaming_diffs(block_fn, data, session_hash, run, final, simple_format)
        if final and run is not None:
            return [gr.skip() for _ in told]
        if are_edits:
            for place, value in enumerate(runs[run]):
                if told[place] and isinstance(value, dict | list):
                    told[place] = [["replace", [], value]]
        return told
