"""What stands under one section of a Darknet .cfg, read as numbers and words; anything else is refused by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from explorer.errors import Mistake, shown

_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_REAL = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
MOST_LISTED = 256


@dataclass(frozen=True)
class Options:
    """One section as it is written.

    kind: its name without brackets; index: the layer's number as Darknet prints it, from 0, and -1 for [net];
    line: where it begins, from 1; values: text and line by key, the first of two with one name, as Darknet has it.
    """

    kind: str
    index: int
    line: int
    values: Mapping[str, tuple[str, int]]

    @property
    def place(self) -> str:
        """How errors name it."""
        return placed(self.kind, self.index, self.line)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`. Raises Mistake."""
        if key not in self.values:
            return default
        return self._whole(key, self.values[key][0], low, high)

    def flag(self, key: str) -> bool:
        """Whether a number is there and is not 0. Raises Mistake."""
        return self.whole(key, 0, 0, 100) != 0

    def real(self, key: str, default: float, low: float, high: float) -> float:
        """A finite number from `low` to `high`. Raises Mistake."""
        if key not in self.values:
            return default
        return self._real(key, self.values[key][0], low, high)

    def wholes(self, key: str, low: int, high: int) -> tuple[int, ...]:
        """Whole numbers parted by commas, none where the key is missing. Raises Mistake."""
        return tuple(self._whole(key, part, low, high) for part in self._parts(key))

    def reals(self, key: str, low: float, high: float) -> tuple[float, ...]:
        """Numbers parted by commas, none where the key is missing. Raises Mistake."""
        return tuple(self._real(key, part, low, high) for part in self._parts(key))

    def word(self, key: str, default: str, known: tuple[str, ...], what: str) -> str:
        """One of the words that are known. Raises Mistake naming it."""
        word = self.values.get(key, (default, self.line))[0]
        if word in known:
            return word
        where = f"on line {self.values[key][1]}" if key in self.values else "by default"
        ones = f"the known ones are {', '.join(known)}" if len(known) > 1 else f"only {known[0]} is computed"
        raise Mistake(f"{self.place} has the {what} '{shown(word)}' {where}: {ones}.")

    def without(self, keys: tuple[str, ...]) -> None:
        """Raises Mistake where one of these is given and is not 0: it would change the answer, and is not computed."""
        for key in keys:
            text, line = self.values.get(key, ("0", 0))
            if not _REAL.fullmatch(text) or float(text) != 0:
                raise Mistake(
                    f"{self.place} has {key}={shown(text)} on line {line}, which Fovea does not compute: "
                    "train or choose a network without it."
                )

    def wrong(self, what: str, mend: str) -> Mistake:
        """A refusal that names this section."""
        return Mistake(f"{self.place} {what}: {mend}.")

    def _parts(self, key: str) -> list[str]:
        if key not in self.values:
            return []
        parts = self.values[key][0].rstrip(",").split(",")
        if len(parts) > MOST_LISTED:
            raise Mistake(f"{self.place} lists {len(parts):,} numbers under {key}: {MOST_LISTED} are the most.")
        return parts

    def _whole(self, key: str, text: str, low: int, high: int) -> int:
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise self._unfit(key, text, f"a whole number from {low:,} to {high:,}")
        return int(text)

    def _real(self, key: str, text: str, low: float, high: float) -> float:
        if not _REAL.fullmatch(text) or not low <= float(text) <= high:
            raise self._unfit(key, text, f"a number from {low:g} to {high:g}")
        return float(text)

    def _unfit(self, key: str, text: str, wanted: str) -> Mistake:
        return Mistake(f"{self.place} has {key}={shown(text)} on line {self.values[key][1]}: give {wanted}.")


def placed(kind: str, index: int, line: int) -> str:
    """How errors name a section: Darknet's number of the layer, its kind, its line."""
    return f"[{kind}] (line {line})" if index < 0 else f"Layer {index} ([{kind}], line {line})"
