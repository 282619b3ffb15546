"""Good and hostile picture files, made by code; each is built when it is first asked for.

`READ[id]` is a Picture (file, pixels wanted, words wanted in the notes), `REFUSED[id]` a Refusal (file, words wanted in
the sentence), `EITHER[id]` a file that may end either way but must end soon, `NAMES` file names nobody should choose,
and `LIES` maps file names to the id of contents that they do not match.
"""

from __future__ import annotations

from tests.sources import broken, foreign, modes, unusual
from tests.sources.cases import EITHER, READ, REFUSED, Picture, Refusal

__all__ = ["EITHER", "LIES", "NAMES", "READ", "REFUSED", "Picture", "Refusal", "broken", "foreign", "modes", "unusual"]

NAMES = (
    "a" * 5_000 + ".png",
    "a\0b.png",
    "../../etc/passwd",
    "..",
    "CON",
    "photo\u202egnp.exe",
    "\N{CAT FACE}.png",
    "",
    " ",
    "a.png.exe",
    "a\nb\x1b[31m.png",
    "<img src=x onerror=alert(1)>.png",
    "\ud800.png",
)
LIES = {
    "page.jpg": "I03-html",
    "photo.txt": "I13-rgb",
    "photo.jpg": "I13-rgb",
    "photo.svg": "I13-rgba",
    "photo.mp4": "I13-gif",
    "photo": "I13-webp",
    "film.png": "I16-mp4",
    "photo.pt": "I11-jpeg-6",
}
