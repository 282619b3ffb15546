"""Numbers in a text, as a matrix: rows of values parted by commas, semicolons, tabs or spaces."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.roi import MOST_CELLS

MOST_BYTES = 12_000_000
_LARGEST = float(np.finfo(np.float32).max)


def read_matrix(path: str | os.PathLike[str]) -> NDArray[np.float32]:
    """The matrix in a file of UTF-8 text. Raises Mistake."""
    name = Path(path).name[:60] or "The file"
    return matrix_of(_text(Path(path), name), name)


def matrix_of(text: str, name: str = "The text") -> NDArray[np.float32]:
    """Float32 (h, w). Beside semicolons or tabs a comma is a decimal comma; empty lines are passed over.

    name: of the text, for sentences. Raises Mistake.
    """
    text = text.removeprefix("\ufeff")
    separator = next((mark for mark in ";\t," if mark in text), None)
    decimal = "," if separator in (";", "\t") else "."
    rows: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = line.strip(" ").split(separator)
        if rows and len(parts) != len(rows[0]):
            raise Mistake(
                f"{name} has {len(parts)} numbers in line {number} and {len(rows[0])} before: give each line as many."
            )
        if len(parts) * (len(rows) + 1) > MOST_CELLS:
            raise Mistake(f"{name} has more than {MOST_CELLS:,} numbers: give a smaller matrix.")
        rows.append([_number(part.strip(), decimal, number, name) for part in parts])
    if not rows:
        raise Mistake(f"{name} is empty: give lines of numbers, as in .1,.3,.2.")
    return np.array(rows, np.float32)


def text_of(matrix: NDArray[np.float32]) -> str:
    """Lines of the shortest decimals that are these numbers, as in .1,-2,.35; `matrix_of` reads them back."""
    return "\n".join(",".join(_shortest(value) for value in row) for row in matrix)


def _shortest(value: np.float32) -> str:
    text = str(value).removesuffix(".0")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _number(part: str, decimal: str, line: int, name: str) -> float:
    try:
        value = float(part.replace(decimal, ".").replace("_", "?"))
    except ValueError:
        value = float("nan")
    if abs(value) <= _LARGEST:
        return value
    said = f"{part[:40]!r} in line {line}" if part else f"nothing between two marks in line {line}"
    raise Mistake(f"{name} has {said}, where a finite number belongs: write one there.")


def _text(path: Path, name: str) -> str:
    try:
        if path.is_dir():
            raise Mistake(f"{name} is a folder: give the path of one file in it.")
        if path.exists() and not path.is_file():
            raise Mistake(f"{name} is a device or a pipe: give the path of an ordinary file.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Mistake(f"{name} has more than {MOST_BYTES / 1e6:.0f} MB: give a smaller matrix.")
        text = data.decode()
    except FileNotFoundError:
        raise Mistake(f"There is no file {name}: check the path.") from None
    except UnicodeDecodeError:
        text = "\0"
    except ValueError:
        raise Mistake(f"{name} has a character in its path that no path may have: check the path.") from None
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise Mistake(f"{name} cannot be opened ({reason}): check the path.") from None
    if "\0" in text:
        raise Mistake(f"{name} is no text of numbers: save the matrix as CSV, in UTF-8.")
    return text
