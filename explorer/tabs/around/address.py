"""The page's address: which tab, which picture, which control has which value, read with distrust.

Nothing of it is run, opened or shown as markup: a value counts only where a control could have had it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gradio.components import Component

from explorer.errors import Mistake
from explorer.sources.open import SAMPLE, SCENE
from explorer.tabs.wiring import Choices

TAB, PICTURE = "tab", "picture"
FOREIGN = re.compile(r"__.*|view|deep_link|utm_.*|fbclid|gclid")
LONGEST = 300
TOLD = 3
STEP_SLACK = 1e-6


@dataclass(frozen=True)
class Wish:
    """What a link asks for: tab and picture by name, "" for none; controls: TAB.NAME -> text; refused: not here."""

    tab: str
    picture: str
    controls: Mapping[str, str]
    refused: tuple[str, ...] = ()


def wish(query: Iterable[tuple[str, str]], tabs: Iterable[str], controls: Iterable[str]) -> Wish:
    """The wish in a query string; tabs and controls: the names there are."""
    tabs, known = set(tabs), set(controls)
    tab, picture, wanted, refused = "", "", {}, []
    for key, text in query:
        if FOREIGN.fullmatch(key):
            continue
        if key == TAB and text in tabs:
            tab = text
        elif key == PICTURE and text.startswith((SAMPLE, SCENE)) and len(text) <= LONGEST:
            picture = text
        elif key in known and len(text) <= LONGEST:
            wanted[key] = text
        else:
            refused.append(named(key, text))
    return Wish(tab, picture, wanted, tuple(refused))


def named(key: str, text: str) -> str:
    """An entry of the address as a person is told of it: one short line of printable text."""
    short = (one if len(one) <= 40 else one[:39] + "…" for one in (key, text))
    key, text = ("".join(c if c.isprintable() else "?" for c in one) for one in short)
    return f"{key} “{text}”"


def text_of(value: Any) -> str:
    """A control's value as the address has it: what JavaScript makes of it."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, separators=(",", ":"))


def value_of(control: Component, text: str, choices: Choices | None = None) -> Any:
    """The value that this text means to this control; choices: where they are known better. Raises Mistake."""
    offered = choices if choices is not None else getattr(control, "choices", None)
    if offered is not None and getattr(control, "multiselect", control.get_block_name() == "checkboxgroup"):
        most = getattr(control, "max_choices", None) or len(offered)
        return [_choice(offered, text_of(one)) for one in _list(text, most)]
    if offered is not None and not getattr(control, "allow_custom_value", False):
        return _choice(offered, text)
    if control.get_block_name() == "checkbox":
        return _choice([("", True), ("", False)], text)
    if control.get_block_name() in ("slider", "number"):
        return _number(control, text)
    return text


def _choice(choices: Choices, text: str) -> Any:
    for _, value in choices:
        if text_of(value) == text:
            return value
    raise Mistake(f"One of {len(choices)} choices was wanted, got {text!r}: choose on the page.")


def _list(text: str, most: int) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) > most or len(found) != len({text_of(one) for one in found}):
        raise Mistake(f"A list of at most {most} choices was wanted, got {text!r}: choose on the page.")
    return found


def _number(control: Any, text: str) -> float | int:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    low = -math.inf if control.minimum is None else control.minimum
    high = math.inf if control.maximum is None else control.maximum
    if not (math.isfinite(number) and low <= number <= high):
        raise Mistake(f"A number from {low} to {high} was wanted, got {text!r}: choose on the page.")
    step = getattr(control, "step", None) if control.get_block_name() == "slider" else None
    if step and abs((number - low) / step - round((number - low) / step)) > STEP_SLACK:
        raise Mistake(f"A number in steps of {step} from {low} was wanted, got {text!r}: choose on the page.")
    return int(number) if number.is_integer() else number
