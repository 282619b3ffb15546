"""The page opens: a link's picture and tab first, then, when the engine is awake, the value of every control."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from explorer.errors import ExplorerError, Mistake
from explorer.sources.open import bundled
from explorer.tabs import words
from explorer.tabs.around.address import PICTURE, TOLD, Wish, named, text_of, value_of, wish
from explorer.tabs.around.sources import numbers, placed
from explorer.tabs.components import plain
from explorer.tabs.wiring import Choices, Panel


@dataclass(frozen=True)
class Opening:
    """panels: tab -> what it gave back; first: the picture where the link names none."""

    panels: Mapping[str, Panel]
    first: str

    def open(self, request: gr.Request) -> tuple[Any, ...]:
        """What can be shown at once: the picture, the tab, the scene's numbers; and what the link wants besides."""
        controls = [f"{tab}.{name}" for tab, panel in self.panels.items() for name in panel.controls]
        asked = wish(dict(request.query_params).items(), self.panels, controls)
        name, refused = asked.picture or self.first, asked.refused
        try:
            frame = bundled(name)
        except ExplorerError:
            refused = (named(PICTURE, name), *refused)
            name = self.first
            frame = bundled(name)
        told = Wish(asked.tab, name, asked.controls, refused)
        picture, stage, place, note = placed(frame, name)
        return (
            picture,
            stage,
            place,
            ignored(refused) or note,
            gr.Tabs(selected=told.tab) if told.tab else gr.skip(),
            told,
            *numbers(name),
        )

    def filled(self) -> list[Component]:
        """What `fill` gives values to, before note and kept."""
        parts: dict[int, Component] = {}
        for panel in self.panels.values():
            for part in (*panel.ask.ready_outputs, *panel.controls.values()):
                parts[part._id] = part
        return list(parts.values())

    def fill(self, asked: Wish) -> list[Any]:
        """Updates for `filled`, what the note says, and every control's value and default for the page's address."""
        updates: dict[int, Any] = {}
        values: dict[str, str] = {}
        defaults: dict[str, str] = {}
        refused = list(asked.refused)
        try:
            for tab, panel in self.panels.items():
                updates |= _ready(panel)
                wanted = _of(tab, asked)
                offered = panel.offers(wanted) if panel.offers else {}
                for name, control in panel.controls.items():
                    key = f"{tab}.{name}"
                    update = _offered(control, updates.get(control._id) or gr.update(), offered.get(name))
                    values[key] = defaults[key] = text_of(update.get("value", control.value))
                    if name in wanted:
                        try:
                            update["value"] = value_of(control, wanted[name], update.get("choices"))
                            values[key] = text_of(update["value"])
                        except Mistake:
                            refused.append(named(key, wanted[name]))
                    updates[control._id] = update
        except ExplorerError as error:
            gr.Warning(words.say("notes", "asleep", why=plain(str(error))))
        note = ignored(tuple(refused)) or gr.skip()
        kept = json.dumps({"values": values, "defaults": defaults})
        return [*(updates.get(part._id, gr.skip()) for part in self.filled()), note, kept]


def ignored(refused: tuple[str, ...]) -> str:
    """One sentence that says what of a link was not followed; empty where all was."""
    told = [plain(one) for one in refused[:TOLD]]
    if len(refused) > TOLD:
        told.append(words.say("notes", "and_more", count=len(refused) - TOLD))
    return words.say("notes", "link_ignored", what=", ".join(told)) if told else ""


def _of(tab: str, asked: Wish) -> dict[str, str]:
    return {key.removeprefix(f"{tab}."): text for key, text in asked.controls.items() if key.startswith(f"{tab}.")}


def _ready(panel: Panel) -> dict[int, Any]:
    """What the tab's own `ready` gives, by component, each as an update."""
    if panel.ask.ready is None:
        return {}
    given = panel.ask.ready()
    several = given if isinstance(given, tuple | list) and len(panel.ask.ready_outputs) > 1 else (given,)
    pairs = zip(panel.ask.ready_outputs, several, strict=True)
    return {part._id: one if isinstance(one, dict) else gr.update(value=one) for part, one in pairs}


def _offered(control: Component, update: dict[str, Any], choices: Choices | None) -> dict[str, Any]:
    """The update with these choices, and with a value that is among them."""
    if choices is None:
        return dict(update)
    values = [value for _, value in choices]
    value = update.get("value", control.value)
    if getattr(control, "multiselect", False):
        value = [one for one in value or [] if one in values]
    elif value not in values:
        value = values[0] if values else None
    return update | {"choices": list(choices), "value": value}
