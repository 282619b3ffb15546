"""COCO's JSON: images, annotations, categories. Lin et al., ECCV 2014; cocodataset.org/#format-data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NoReturn, TypeGuard

from explorer.errors import Mistake, shown
from explorer.records.frame import Size
from explorer.sources.annotations.thing import MOST_PIXELS, Annotated, Thing, class_name, edges, room, told
from explorer.sources.whole_file import shown_name

MOST_BRACKETS = 1_000_000
Item = dict[str, Any]


def read_coco(text: str, who: str, picture: str) -> Annotated:
    """The things of the image of that file name, or of the only image; crowds do not count.

    Raises Mistake where the file cannot be read, or does not say which picture is meant.
    """
    whole = _parsed(text, who)
    image, note = _image(_list(whole, "images", who), picture, who)
    names = _categories(_list(whole, "categories", who), who)
    mine = [
        (at, one)
        for at, one in enumerate(_list(whole, "annotations", who), 1)
        if _same(one.get("image_id"), image["id"])
    ]
    room(len(mine), who)
    things = [_thing(one, names, f"Annotation {at} of {who}") for at, one in mine]
    return Annotated("COCO", things, _size(image, who), note)


def _parsed(text: str, who: str) -> Item:
    if text.count("[") + text.count("{") > MOST_BRACKETS:  # 60 to 70 bytes each, once they are objects
        raise Mistake(f"{who} holds more than {MOST_BRACKETS:,} lists and objects: give the part that is needed.")

    def once(pairs: list[tuple[str, Any]]) -> Item:
        item = dict(pairs)
        if len(item) != len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise Mistake(f"{who} says '{shown(twice)}' twice in one object: keep the right one.")
        return item

    def infinite(word: str) -> NoReturn:
        raise Mistake(f"{who} has {word} where a finite number belongs: write one there.")

    try:
        whole = json.loads(text, object_pairs_hook=once, parse_constant=infinite)
    except RecursionError:
        raise Mistake(f"{who} is nested deeper than any annotation: save it again.") from None
    except json.JSONDecodeError as error:
        raise Mistake(f"{who} is JSON that is broken on line {error.lineno:,}: save it again.") from None
    except ValueError:
        raise Mistake(f"{who} has a number of more digits than any box needs: write a shorter one.") from None
    if not isinstance(whole, dict):
        raise Mistake(
            f"{who} is a list and not COCO's object of images, annotations and categories: give one of those."
        )
    return whole


def _list(whole: Item, key: str, who: str) -> list[Item]:
    items = whole.get(key)
    if isinstance(items, list) and all(isinstance(one, dict) for one in items):
        return items
    raise Mistake(
        f"{who} has no list of {key}, as COCO's annotations do: give one with images, annotations, categories."
    )


def _image(images: list[Item], picture: str, who: str) -> tuple[Item, tuple[str, ...]]:
    """The one that is meant, and what to say of it."""
    wanted = shown_name(PurePosixPath(picture))
    found = [one for one in images if picture and wanted in _calls(one)]
    note: tuple[str, ...] = ()
    if not found and len(images) == 1:
        found = images
        called = next(_calls(images[0]), "")
        note = (f"it calls the picture {called}",) if picture and called else ()
    if len(found) != 1:
        said = f"{len(images):,} pictures" if images else "no picture"
        called = f" and {len(found) or 'none'} of them is called {wanted}" if images and picture else ""
        raise Mistake(f"{who} is about {said}{called}: give one in which this picture stands once, by its file's name.")
    if not _is_id(found[0].get("id")) or sum(_same(one.get("id"), found[0]["id"]) for one in images) > 1:
        raise Mistake(f"{who} has no id of its own for the picture: give each image another number.")
    return found[0], note


def _calls(image: Item) -> Iterator[str]:
    name = image.get("file_name")
    if isinstance(name, str) and name:
        yield shown_name(PurePosixPath(name.replace("\\", "/")))


def _categories(items: list[Item], who: str) -> dict[int | str, str]:
    names: dict[int | str, str] = {}
    for at, one in enumerate(items, 1):
        where = f"Category {at} of {who}"
        key = one.get("id")
        if not _is_id(key) or key in names:
            raise Mistake(f"{where} has no id of its own: give each category another number.")
        names[key] = class_name(one.get("name"), where)
    return names


def _thing(one: Item, names: dict[int | str, str], where: str) -> Thing:
    key, crowd, box = one.get("category_id"), one.get("iscrowd", 0), one.get("bbox")
    if not _is_id(key) or key not in names:
        raise Mistake(f"{where} has a category_id that no category has: name the category.")
    if crowd not in (0, 1):
        raise Mistake(f"{where} has an iscrowd that is neither 0 nor 1: write one of them.")
    if not isinstance(box, list) or len(box) != 4:
        raise Mistake(f"{where} has no bbox of four numbers: write x, y, width, height in pixels.")
    x, y, wide, tall = (_real(value, where) for value in box)
    return Thing(names[key], edges(x, y, x + wide, y + tall, where), not crowd)


def _size(image: Item, who: str) -> Size | None:
    sides = [_real(image.get(name) or 0, f"The image in {who}") for name in ("height", "width")]
    if not all(0 <= side <= MOST_PIXELS for side in sides):
        raise Mistake(f"{who} is about a picture of an impossible size: write its width and height in pixels.")
    height, width = (int(side) for side in sides)
    return (height, width) if height and width else None


def _real(value: object, where: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e30:
        return float(value)
    raise Mistake(f"{where} has {told(value)} where a finite number belongs: write one there.")


def _is_id(value: object) -> TypeGuard[int | str]:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _same(value: object, key: int | str) -> bool:
    return _is_id(value) and value == key
