"""Questions and answers as plain values, as the API has them: a new kind of question joins by existing."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np

from explorer.errors import Mistake, UnknownName
from explorer.records.question import Question

MOST_NUMBERS = 2_000_000
"""In one answer."""
Keep = Callable[[str], str]
"""From what names or holds a picture to the content id it is kept under."""


@cache
def kinds() -> dict[str, type[Question[Any]]]:
    """Every kind of question, by name."""
    import explorer.records as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return {kind.__name__: kind for kind in Question.__subclasses__() if kind.__module__.startswith(package.__name__)}


def question_of(values: Any, keep: Keep) -> Question[Any]:
    """The question that `{"question": KIND, FIELD: VALUE, ...}` asks; pictures are kept by `keep`.

    Raises Mistake, UnknownName, and whatever `keep` raises.
    """
    if not isinstance(values, Mapping):
        raise Mistake('A question is an object such as {"question": "Classify", "picture": "sample:cat", ...}.')
    name = values.get("question")
    if name not in kinds():
        raise UnknownName("question", str(name)[:60], kinds())
    made: Question[Any] = _record(kinds()[name], {k: v for k, v in values.items() if k != "question"}, keep)
    return made


def _record(kind: type[Any], values: Mapping[str, Any], keep: Keep) -> Any:
    hints, known = get_type_hints(kind), {field.name: field for field in fields(kind)}
    for name in values:
        if name not in known:
            raise UnknownName(f"field of a {kind.__name__}", str(name)[:60], known)
    for name, field in known.items():
        if name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise Mistake(f"A {kind.__name__} needs {name}: give it.")
    made = {name: _value(f"{kind.__name__}.{name}", hints[name], value, keep) for name, value in values.items()}
    return kind(**made)


def _value(place: str, hint: Any, value: Any, keep: Keep) -> Any:
    """One field's value from JSON. Raises Mistake that names the field."""
    origin = get_origin(hint)
    if origin is UnionType:
        (hint,) = set(get_args(hint)) - {NoneType}
        return None if value is None else _value(place, hint, value, keep)
    if hint is str:
        if isinstance(value, str):
            return keep(value) if place.endswith(".picture") else value
        raise _wanted(place, "a text", value)
    if hint is bool:
        if isinstance(value, bool):
            return value
        raise _wanted(place, "true or false", value)
    if hint in (int, float):
        return _number(place, hint, value)
    if origin is Literal:
        if value in get_args(hint):
            return value
        raise _wanted(place, f"one of {', '.join(map(repr, get_args(hint)))}", value)
    if origin is tuple:
        return _numbers(place, get_args(hint), value)
    if origin is np.ndarray:
        return _matrix(place, value)
    if is_dataclass(hint) and isinstance(value, Mapping):
        return _record(hint, value, keep)  # type: ignore[arg-type]
    raise _wanted(place, "an object", value)


def _number(place: str, hint: type[int] | type[float], value: Any) -> int | float:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
    if hint is int and whole:
        return int(value)
    if hint is float and (whole or (isinstance(value, float) and math.isfinite(value))):
        return float(value)
    raise _wanted(place, "a whole number" if hint is int else "a number", value)


def _numbers(place: str, hints: tuple[Any, ...], value: Any) -> tuple[int | float, ...]:
    open_ended = len(hints) == 2 and hints[1] is Ellipsis
    if not _is_list(value) or (not open_ended and len(value) != len(hints)):
        raise _wanted(place, "a list of numbers" if open_ended else f"a list of {len(hints)} numbers", value)
    return tuple(_number(place, hints[0], one) for one in value)


def _matrix(place: str, value: Any) -> Any:
    if not _is_list(value) or not all(_is_list(row) and len(row) == len(value[0]) for row in value) or not value:
        raise _wanted(place, "rows of numbers, all of one length", value)
    return np.asarray([[_number(place, float, cell) for cell in row] for row in value], np.float32)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _wanted(place: str, what: str, got: Any) -> Mistake:
    return Mistake(f"{place} is {what}, got {str(got)[:60]}: give that.")


def plain_of(answer: Any) -> Any:
    """An answer as JSON has it: its own form where it has one, else every field; a number that is none is null.

    Raises Mistake for one too large to be written out.
    """
    return answer.as_json() if hasattr(answer, "as_json") else _plain(answer, [MOST_NUMBERS])


def _plain(value: Any, left: list[int]) -> Any:
    if isinstance(value, np.ndarray):
        left[0] -= value.size
        if left[0] < 0:
            raise Mistake(f"This answer has more than {MOST_NUMBERS:,} numbers: ask for fewer places or scales.")
        return _plain(value.tolist(), left) if value.dtype.kind == "f" else value.tolist()
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), left) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one, left) for key, one in value.items()}
    if _is_list(value):
        return [_plain(one, left) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
