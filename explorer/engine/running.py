"""The step of a question at which it waits for the device."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from explorer.records.question import Progress


@dataclass(frozen=True)
class Running(Progress):
    """A pass stands in the device's line. ready: done when it has run; who asks for the next step waits for that."""

    ready: Future[Any] = field(kw_only=True)
