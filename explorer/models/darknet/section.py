"""What every section of a Darknet .cfg has."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.errors import Mistake
from explorer.models.darknet.options import placed


@dataclass(frozen=True)
class Section:
    """kind: its name without brackets; index: the layer's number, from 0, and -1 for [net]; line: where it begins."""

    kind: str
    index: int
    line: int

    @property
    def place(self) -> str:
        """How errors name it."""
        return placed(self.kind, self.index, self.line)

    def wrong(self, what: str, mend: str) -> Mistake:
        """A refusal that names this section."""
        return Mistake(f"{self.place} {what}: {mend}.")
