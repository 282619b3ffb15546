"""Which task answers which kind of question: a task joins by existing."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from explorer.errors import Mistake
from explorer.records.question import Question
from explorer.tasks.desk import Desk, Steps

Q = TypeVar("Q", bound=Question[Any])
A = TypeVar("A")
Task = Callable[[Any, Desk], Steps[Any]]

_TASKS: dict[type[Question[Any]], Task] = {}


def answers(kind: type[Q]) -> Callable[[Callable[[Q, Desk], Steps[A]]], Callable[[Q, Desk], Steps[A]]]:
    """The decorated generator answers questions of this kind. Raises ValueError when another one does."""

    def add(task: Callable[[Q, Desk], Steps[A]]) -> Callable[[Q, Desk], Steps[A]]:
        if kind in _TASKS:
            raise ValueError(f"two tasks answer {kind.__name__}")
        _TASKS[kind] = task
        return task

    return add


@cache
def _all() -> dict[type[Question[Any]], Task]:
    import explorer.tasks as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _TASKS


def task_for(question: Question[Any]) -> Task:
    """Raises Mistake for a question nobody answers."""
    try:
        return _all()[type(question)]
    except KeyError:
        known = ", ".join(sorted(kind.__name__ for kind in _all()))
        raise Mistake(f"Nobody here answers a {type(question).__name__}: ask one of {known}.") from None
