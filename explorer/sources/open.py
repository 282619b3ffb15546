"""One name for every picture: a path, `sample:NAME`, or a scene as `scene:SEED`, `scene:SEED:DIFFICULTY:THINGS`."""

from __future__ import annotations

from explorer.errors import Mistake
from explorer.records.frame import Frame, Size
from explorer.records.scene import Scene
from explorer.sources.image import VISITOR, Limits, read_image
from explorer.sources.samples import sample

SAMPLE, SCENE = "sample:", "scene:"
SCENE_SIZE = (480, 640)


def open_picture(name: str, limits: Limits = VISITOR, size: Size = SCENE_SIZE) -> Frame:
    """The picture of that name, or of that file; size: (height, width) of a scene. Raises Mistake, BadPicture."""
    return bundled(name, size) if name.startswith((SAMPLE, SCENE)) else read_image(name, limits)


def bundled(name: str, size: Size = SCENE_SIZE) -> Frame:
    """A sample or a scene by name, and never a file. Raises UnknownName, Mistake."""
    if name.startswith(SCENE):
        return frame_of(scene(name, size))
    return sample(name.removeprefix(SAMPLE))


def scene(name: str, size: Size = SCENE_SIZE) -> Scene:
    """The scene that `scene:SEED[:DIFFICULTY[:THINGS]]` names. Raises Mistake."""
    from explorer.streetscape.render import render  # OpenCV: imported when the first scene is drawn

    seed, difficulty, things, *more = [*name.removeprefix(SCENE).split(":"), "", "", ""][:4]
    if more != [""] or not _digits(seed) or not (things == "" or _digits(things)):
        raise Mistake(
            f"A scene is scene:SEED or scene:SEED:DIFFICULTY:THINGS, as in scene:7:hard:5, got {name[:60]!r}."
        )
    return render(int(seed), size, difficulty or "normal", int(things) if things else None)


def frame_of(made: Scene) -> Frame:
    """A scene's picture with its truth, by the name that draws it again."""
    name = f"Streetscape {made.seed}, {made.difficulty}, {made.weather}"
    return Frame(made.picture, name=name, domain="streetscape", truth=made.truth)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 19
