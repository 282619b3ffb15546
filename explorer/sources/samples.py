"""Photographs that ship inside scikit-image: found on disk without importing it, free to show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from explorer.errors import UnknownName
from explorer.records.frame import Frame
from explorer.sources.image import read_image


@dataclass(frozen=True)
class Sample:
    """name: what one asks for; title: what it shows; credit: whose it is and how free, as scikit-image says."""

    name: str
    title: str
    credit: str


# (file, record), the ones a detector finds most in first
_PHOTOGRAPHS: tuple[tuple[str, Sample], ...] = (
    ("chelsea.png", Sample("cat", "Chelsea the cat", "Stéfan van der Walt, CC0")),
    ("astronaut.png", Sample("astronaut", "Eileen Collins, astronaut", "NASA, public domain")),
    ("coffee.png", Sample("coffee", "A cup of coffee", "Rachel Michetti, courtesy of Pikolo Espresso Bar, CC0")),
    (
        "motorcycle_left.png",
        Sample(
            "motorcycle",
            "A motorcycle in a workshop",
            "Middlebury Stereo 2014: D. Scharstein, H. Hirschmüller, Y. Kitajima, G. Krathwohl, N. Nesic, X. Wang, "
            "P. Westling",
        ),
    ),
    ("rocket.jpg", Sample("rocket", "Falcon 9 lifts off with DSCOVR", "SpaceX, public domain")),
    ("camera.png", Sample("camera", "A photographer with a camera", "Lav Varshney, CC0")),
    ("coins.png", Sample("coins", "Greek coins from Pompeii", "Brooklyn Museum, no known copyright restrictions")),
    ("retina.jpg", Sample("retina", "The retina of an eye", "Mikael Häggström, CC0")),
    ("hubble_deep_field.jpg", Sample("galaxies", "Hubble eXtreme Deep Field", "NASA, HubbleSite, public domain")),
)


def _folder() -> Path | None:
    spec = find_spec("skimage")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "data" if places else None


def _installed() -> dict[str, tuple[Sample, Path]]:
    folder = _folder()
    if folder is None:
        return {}
    return {photo.name: (photo, folder / file) for file, photo in _PHOTOGRAPHS if (folder / file).is_file()}


def samples() -> tuple[Sample, ...]:
    """The photographs that are on this machine; none where scikit-image is not installed."""
    return tuple(photo for photo, _ in _installed().values())


def path(name: str) -> Path:
    """Where a sample's file is; raises UnknownName."""
    known = _installed()
    if name not in known:
        raise UnknownName("sample", name, known)
    return known[name][1]


def sample(name: str) -> Frame:
    """A sample as a Frame that bears its title; raises UnknownName."""
    return replace(read_image(path(name), name=_installed()[name][0].title), domain="photographs")
