"""Reads a Darknet .cfg, which may come from anyone, into sections: Redmon, Darknet, https://pjreddie.com/darknet."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import Mistake, shown
from explorer.models.darknet.options import Options
from explorer.models.darknet.readers import READERS, net
from explorer.models.darknet.section import Section
from explorer.models.darknet.sections import Net

MOST_BYTES = 1_000_000
MOST_LINE = 4_096
MOST_LAYERS = 2_000
_NETS = ("net", "network")


@dataclass(frozen=True)
class Config:
    """What a .cfg says: the input, and the layers in order."""

    net: Net
    layers: tuple[Section, ...]


def read_cfg(text: str) -> Config:
    """The sections of a .cfg. Raises Mistake with one sentence that names the section and the line."""
    if len(text) > MOST_BYTES:
        raise Mistake(f"The cfg has {len(text):,} characters, more than {MOST_BYTES:,}: a network's has far fewer.")
    sections = _split(text)
    if not sections:
        raise Mistake("The cfg is empty: it should begin with [net] and list the layers after it.")
    first, *rest = sections
    if first.kind not in _NETS:
        raise Mistake(f"The cfg begins with [{shown(first.kind)}] on line {first.line}: the first section is [net].")
    if not rest:
        raise Mistake("The cfg has no layer after [net]: is it the network's own file?")
    return Config(net(first), tuple(_read(options) for options in rest))


def read_cfg_file(path: Path) -> Config:
    """As `read_cfg`, from a file in UTF-8. Raises Mistake also where it cannot be read."""
    name = shown(path.name, 80)
    try:
        if not path.is_file():
            raise Mistake(f"There is no cfg file at {shown(str(path), 300)}: check the name.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError:
        raise Mistake(f"The cfg file {name} cannot be read: check its name and its rights.") from None
    if len(data) > MOST_BYTES:
        raise Mistake(
            f"{name} has more than {MOST_BYTES:,} bytes, no Darknet cfg does: give the .cfg, not the weights."
        )
    if b"\x00" in data:
        raise Mistake(f"{name} is not text: give the network's .cfg, and its .weights beside it.")
    try:
        return read_cfg(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Mistake(f"{name} is not UTF-8 text on line {line}: save it as UTF-8, or mend that line.") from None


def _split(text: str) -> list[Options]:
    """The sections as they are written; Darknet drops every blank within a line."""
    sections: list[Options] = []
    values: dict[str, tuple[str, int]] = {}
    # not splitlines(), which parts at characters that no editor counts as lines
    for number, raw in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if len(raw) > MOST_LINE:
            raise Mistake(f"Line {number} of the cfg has {len(raw):,} characters: {MOST_LINE:,} are the most.")
        line = "".join(raw.split()) if not raw.lstrip().startswith(("#", ";")) else ""
        line = line.partition("#")[0]
        if line.startswith("["):
            if not line.endswith("]"):
                raise Mistake(f"Line {number} of the cfg, '{shown(line)}', is no section: its name ends with a ].")
            if len(sections) > MOST_LAYERS:
                raise Mistake(f"The cfg has more than {MOST_LAYERS:,} layers on line {number}: no network has so many.")
            values = {}
            sections.append(Options(line[1:-1], len(sections) - 1, number, values))
        elif line:
            key, equals, value = line.partition("=")
            if not (key and equals and value):
                raise Mistake(f"Line {number} of the cfg, '{shown(line)}', is not key=value, nor a [section].")
            if not sections:
                raise Mistake(
                    f"Line {number} of the cfg, '{shown(line)}', stands before any section: begin with [net]."
                )
            values.setdefault(key, (value, number))
    return sections


def _read(options: Options) -> Section:
    if options.kind in _NETS:
        raise options.wrong("is a second [net]", "the cfg should have one, at its beginning")
    if options.kind not in READERS:
        near = difflib.get_close_matches(options.kind[:80].lower(), READERS, n=1, cutoff=0.7)
        hint = f"did you mean [{near[0]}]?" if near else f"the known ones are {', '.join(READERS)}."
        place = Options(shown(options.kind), options.index, options.line, {}).place
        raise Mistake(f"{place} is a section Fovea does not know: {hint}")
    options.without(("dontload", "dontloadscales"))
    return READERS[options.kind](options)
