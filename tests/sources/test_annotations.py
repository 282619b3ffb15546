"""Annotation files of three kinds become truth; whatever else comes gets one sentence, soon."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.class_names import VOC
from explorer.errors import Mistake
from explorer.sources.annotations.read import MOST_BYTES, MOST_JSON_BYTES, read_annotation

SIZE = 100, 200


def voc(body: str = "", wide: object = 200, tall: object = 100) -> bytes:
    size = f"<size><width>{wide}</width><height>{tall}</height><depth>3</depth></size>"
    return f"<?xml version='1.0'?>\n<annotation><filename>x</filename>{size}{body}</annotation>".encode()


def thing(name: str = "dog", box: tuple[object, ...] = (11, 21, 30, 40), more: str = "") -> str:
    corners = "".join(f"<{k}>{v}</{k}>" for k, v in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True))
    return f"<object><name>{name}</name>{more}<bndbox>{corners}</bndbox></object>"


def coco(images: Any = None, annotations: Any = None, categories: Any = None) -> dict[str, Any]:
    here = {"id": 7, "file_name": "a/mine.jpg", "width": 200, "height": 100}
    box = {"image_id": 7, "category_id": 3, "bbox": [10, 20, 30, 40], "iscrowd": 0}
    return {
        "images": [here, {"id": 8, "file_name": "other.jpg"}] if images is None else images,
        "annotations": [box, box | {"image_id": 8}] if annotations is None else annotations,
        "categories": [{"id": 3, "name": "hot dog"}] if categories is None else categories,
    }


def one(**changed: Any) -> dict[str, Any]:
    """A COCO file of one thing in one picture, with that of it changed."""
    return coco(annotations=[{"image_id": 7, "category_id": 3, "bbox": [10, 20, 30, 40]} | changed])


def test_voc_counts_pixels_from_1_with_both_ends_within() -> None:
    part = "<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part>"
    body = thing(more="<difficult>0</difficult>" + part) + thing("cat", (1, 1, 200, 100), "<difficult>1</difficult>")
    truth = read_annotation(voc(body), SIZE, name="x.xml")
    assert truth.boxes.tolist() == [[10, 20, 30, 40], [0, 0, 200, 100]] and truth.names == ("dog", "cat")
    assert truth.counts.tolist() == [True, False] and truth.source == "x.xml (VOC)" and truth.notes == ()


def test_voc_that_counts_from_0_is_taken_as_it_stands_and_says_so() -> None:
    truth = read_annotation(voc(thing(box=(0, 21, 30.5, 40))), SIZE)
    assert truth.boxes.tolist() == [[0, 21, 30.5, 40]] and "from 0" in truth.notes[0]


def test_yolo_is_centre_and_size_in_parts_of_the_picture() -> None:
    truth = read_annotation(b"\xef\xbb\xbf16 .5 .5 .5 .2\r\n\r\n2 1e-1 0.1 .1 .2\r\n", SIZE, name="x.txt")
    assert truth.boxes.tolist() == [[50, 40, 150, 60], pytest.approx([10, 0, 30, 20])]
    assert truth.names == ("dog", "car") and truth.counts.all() and "COCO's 80" in truth.notes[0]


def test_yolos_numbers_have_names() -> None:
    line = b"14 .5 .5 .5 .5"
    assert read_annotation(line, SIZE, names=VOC).names == ("person",)
    assert read_annotation(line, SIZE).names == ("bird",)
    few = read_annotation(line, SIZE, names=("a", "b"))
    assert few.names == ("bird",) and "there are 2 names" in few.notes[0]
    none = read_annotation(line + b"\n93 .5 .5 .5 .5", SIZE)
    assert none.names == ("class 14", "class 93") and "no names" in none.notes[0]


def test_coco_is_chosen_by_the_pictures_name_or_is_the_only_one() -> None:
    crowd = {"image_id": 7, "category_id": 3, "bbox": [0, 0, 9.5, 9], "iscrowd": 1}
    many = coco()
    many["annotations"].append(crowd)
    truth = read_annotation(json.dumps(many).encode(), SIZE, "mine.jpg")
    assert truth.boxes.tolist() == [[10, 20, 40, 60], [0, 0, 9.5, 9]] and truth.names == ("hot dog", "hot dog")
    assert truth.counts.tolist() == [True, False] and truth.source == "annotation (COCO)" and not truth.notes
    alone = json.dumps(coco(images=[{"id": 7, "file_name": "b\\his.jpg"}], annotations=many["annotations"])).encode()
    assert read_annotation(alone, SIZE).notes == ()
    assert read_annotation(alone, SIZE, "mine.jpg").notes == ("it calls the picture his.jpg",)
    long = "x" * 90 + ".jpg"  # as Frame.name has it: cut
    named = coco(images=[{"id": 7, "file_name": long}, {"id": 8, "file_name": "other.jpg"}])
    assert len(read_annotation(json.dumps(named).encode(), SIZE, "x" * 40 + "…" + "x" * 15 + ".jpg").names) == 1


def test_boxes_are_cut_at_the_edge_and_those_outside_left_out() -> None:
    body = thing(box=(-50, 21, 30, 400)) + thing(box=(300, 1, 400, 50)) + thing(box=(10, 10, 20, 100.4))
    truth = read_annotation(voc(body), SIZE)
    assert truth.boxes.tolist() == [[0, 20, 30, 100], pytest.approx([9, 9, 20, 100])]
    assert truth.notes == (
        "1 box past the picture's edge, cut there",
        "1 box with nothing inside the picture, left out",
    )


def test_another_size_of_the_same_picture_is_scaled_and_another_picture_refused() -> None:
    assert read_annotation(voc(thing(), 0, 0), SIZE).notes == ()
    truth = read_annotation(voc(thing(), 400, 201), SIZE)
    assert truth.boxes[0].tolist() == pytest.approx([5, 20 / 2.01, 15, 40 / 2.01])
    assert truth.notes == ("scaled from its 400 x 201 pixels to the picture's 200 x 100",)
    halves = coco(images=[{"id": 7, "width": 100, "height": 50}])
    assert read_annotation(json.dumps(halves).encode(), SIZE).boxes.tolist() == [[20, 40, 80, 100]]
    for wide, tall in ((100, 200), (200, 103), (1, 1)):
        with pytest.raises(Mistake, match=f"picture of {wide} x {tall} pixels and this one has 200 x 100"):
            read_annotation(voc(thing(), wide, tall), SIZE)


def test_a_picture_with_nothing_in_it_is_told() -> None:
    for empty in (voc(), json.dumps(coco(annotations=[])).encode(), b"0 -.9 -.9 .1 .1"):
        truth = read_annotation(empty, SIZE, "mine.jpg")
        assert truth.boxes.shape == (0, 4) and "nothing is in this picture" in truth.notes[-1]


HOSTILE: dict[str, tuple[bytes | dict[str, Any], str]] = {
    "empty": (b"", "empty file"),
    "only-blanks": (b"\xef\xbb\xbf \n\t ", "empty file"),
    "odd-blanks": ("\u00a0\u2003".encode(), "none of VOC XML, YOLO text and COCO JSON"),
    "binary": (bytes(range(256)), "no UTF-8 text"),
    "a-picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a PNG, and annotations are"),
    "utf-16": ("<annotation/>".encode("utf-16"), "no UTF-8 text"),
    "nul": (b"0 .5 .5 .5 .5\0", "no UTF-8 text"),
    "prose": (b"a dog, I think", "none of VOC XML, YOLO text and COCO JSON"),
    "large": (b"0 .5 .5 .5 .5\n" * (MOST_BYTES // 14 + 1), "limit is 1 MB"),
    "larger": (b"{" + b" " * MOST_JSON_BYTES, "limit is 20 MB"),
    "yolo-many": (b"0 .5 .5 .5 .5\n" * 10_001, "more than 10,000 boxes"),
    "yolo-few": (b"0 .5 .5 .5", "Line 1 .* has 4 values"),
    "yolo-polygon": (b"0 .5 .5 .5 .5\n0 .1 .1 .2 .2 .3 .3", "Line 2 .* has a polygon"),
    "yolo-nan": (b"0 .5 .5 .5 nan", "'nan' where a finite number"),
    "yolo-inf": (b"0 .5 .5 .5 1e999", "'1e999' where a finite number"),
    "yolo-digits": ("0 .5 .5 .5 .٥".encode(), "where a finite number"),
    "yolo-negative": (b"0 .5 .5 -.1 .5", "negative size"),
    "yolo-pixels": (b"0 50 50 20 20", "perhaps pixels"),
    "yolo-class": (b"0.5 .5 .5 .5 .5", "'0.5' for its class"),
    "yolo-class-long": (b"9" * 5000 + b" .5 .5 .5 .5", "for its class"),
    "xml-broken": (b"<annotation>\n<object>", "broken on line 2"),
    "xml-entity": (b"<!DOCTYPE a [<!ENTITY b 'c'>]><annotation/>", "declares a document type"),
    "xml-unknown-entity": (b"<annotation>&lol;</annotation>", "broken on line 1"),
    "xml-html": (b"<html><body/></html>", "XML of <html>"),
    "xml-deep": (b"<annotation>" + b"<a>" * 100_000, "more than 32 elements"),
    "xml-many": (voc("<object/>" * 10_001), "more than 10,000 boxes"),
    "xml-no-box": (voc("<object><name>dog</name></object>"), "Object 1 .* no xmin"),
    "xml-nan": (voc(thing(box=(1, 1, "NaN", 9))), "Object 1 .* 'NaN' where a finite number"),
    "xml-empty-number": (voc(thing(box=(1, 1, "", 9))), "nothing where a finite number"),
    "xml-swapped": (voc(thing() + thing(box=(30, 1, 9, 9))), "Object 2 .* negative size"),
    "xml-twice": (voc(thing(more="<name>cat</name>")), "says its name twice"),
    "xml-no-name": (voc(thing(name="")), "nothing for its class"),
    "xml-name-long": (voc(thing(name="x" * 101)), "for its class"),
    "xml-name-turned": (voc(thing(name="\u202egod")), "for its class"),
    "xml-difficult": (voc(thing(more="<difficult>maybe</difficult>")), "'maybe' for difficult"),
    "xml-size": (voc(thing(), "1e30", 5), "impossible size"),
    "json-list": (b"[]", "is a list"),
    "json-broken": (b'{"images": [}', "broken on line 1"),
    "json-deep": (b'{"a":' + b"[" * 100_000, "nested deeper"),
    "json-brackets": (b'{"a":' + b"[]," * 1_000_001, "more than 1,000,000 lists"),
    "json-twice": (b'{"images": [], "images": []}', "'images' twice"),
    "json-digits": (b'{"images": ' + b"9" * 5000 + b"}", "more digits"),
    "json-nan": (b'{"images": [NaN]}', "has NaN where a finite number"),
    "json-no-lists": ({"shapes": []}, "no list of images"),
    "json-wrong-list": (coco(categories={}), "no list of categories"),
    "json-wrong-items": (coco(annotations=[1]), "no list of annotations"),
    "json-no-images": (coco(images=[]), "about no picture"),
    "json-others": (coco(images=[{"id": 1, "file_name": "a"}, {"id": 2}]), "2 pictures and none of them is called"),
    "json-same-name": (coco(images=[{"id": i, "file_name": "mine.jpg"} for i in (1, 2)]), "2 of them is called mine"),
    "json-same-id": (coco(images=[{"id": 7, "file_name": "mine.jpg"}, {"id": 7}]), "id of its own"),
    "json-no-id": (coco(images=[{"id": [], "file_name": "mine.jpg"}]), "id of its own"),
    "json-category-twice": (coco(categories=[{"id": 3, "name": "a"}] * 2), "Category 2 .* id of its own"),
    "json-category-name": (coco(categories=[{"id": 3, "name": ["a"]}]), "a list for its class"),
    "json-no-category": (one(category_id=4), "category_id that no category has"),
    "json-odd-category": (one(category_id={}), "category_id that no category has"),
    "json-no-box": (one(bbox=None), "no bbox of four numbers"),
    "json-text": (one(bbox=[1, 2, 3, "4"]), "'4' where a finite number"),
    "json-true": (one(bbox=[1, 2, 3, True]), "where a finite number"),
    "json-inf": (b'{"images":[{"id":1}],"categories":[{"id":1,"name":"a"}],"annotations":[{"image_id":1,'
                 b'"category_id":1,"bbox":[0,0,1,1e999]}]}', "'inf' where a finite number"),
    "json-huge": (one(bbox=[1, 2, 3, 10**400]), "where a finite number"),
    "json-negative": (one(bbox=[1, 2, -3, 4]), "negative size"),
    "json-crowd": (one(iscrowd="yes"), "neither 0 nor 1"),
    "json-many": (coco(annotations=[{"image_id": 7}] * 10_001), "more than 10,000 boxes"),
    "json-size": (coco(images=[{"id": 7, "width": -5, "height": 5}]), "impossible size"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_annotation_is_one_sentence(kind: str) -> None:
    content, word = HOSTILE[kind]
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    began = time.process_time()
    with pytest.raises(Mistake, match=word) as refused:
        read_annotation(data, SIZE, "mine.jpg", name="x.file")
    said = str(refused.value)
    assert said.isprintable() and len(said) < 400 and time.process_time() - began < 2


def test_what_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path, Path("/dev/zero"), tmp_path / ("x" * 400), tmp_path / "a\0b", ""):
        with pytest.raises(Mistake):
            read_annotation(path, SIZE)
    path = tmp_path / "x.txt"
    path.write_bytes(b"0 .5 .5 .5 .5")
    assert read_annotation(path, SIZE).source == "x.txt (YOLO)" == read_annotation(str(path), SIZE).source


NUMBERS = st.one_of(st.integers(-5, 300), st.floats(), st.sampled_from(["1e999", "-0", "٣", "", "0x9"])).map(str)
LINES = st.lists(st.lists(NUMBERS, min_size=3, max_size=6).map(" ".join), max_size=4).map("\n".join)
XML = st.lists(st.tuples(st.text("dog<>&", max_size=4), st.tuples(*[NUMBERS] * 4)), max_size=3).map(
    lambda things: voc("".join(thing(name, box) for name, box in things), 200, 100)
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3), st.lists, max_leaves=5
)
JSON = st.builds(
    lambda key, of, value: json.dumps(coco() | {of: [{**coco()[of][0], key: value}]}),
    st.sampled_from(["id", "file_name", "width", "image_id", "category_id", "bbox", "iscrowd", "name"]),
    st.sampled_from(["images", "annotations", "categories"]),
    VALUES,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text().map(str.encode), LINES.map(str.encode), XML, JSON.map(str.encode)))
def test_any_bytes_are_a_truth_or_a_sentence(data: bytes) -> None:
    try:
        truth = read_annotation(data, SIZE)
    except Mistake as refused:
        assert str(refused).isprintable() and len(str(refused)) < 400
    else:
        assert truth.fits(SIZE) and len(truth.boxes) == len(truth.names)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([voc(thing()), json.dumps(one()).encode()]), st.data())
def test_a_file_cut_or_changed_anywhere_is_a_truth_or_a_sentence(whole: bytes, data: st.DataObject) -> None:
    at, by = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.binary(max_size=4))
    for wrong in (whole[:at], whole[:at] + by + whole[at + len(by) :]):
        try:
            assert read_annotation(wrong, SIZE).fits(SIZE)
        except Mistake as refused:
            assert str(refused).isprintable()


@pytest.mark.real
def test_cocos_photographs_in_yolos_text(real: Path) -> None:
    from explorer.sources.image import read_image

    pairs = sorted((real / "coco" / "labels").glob("*.txt"))
    boxes = 0
    for path in pairs:
        frame = read_image(real / "coco" / "images" / f"{path.stem}.jpg")
        boxes += len(read_annotation(path, frame.size).names) if path.read_text().strip() else 0
    assert boxes == 461 and len(pairs) == 64
