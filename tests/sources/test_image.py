from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from explorer.errors import BadPicture
from explorer.sources import image as reader
from explorer.sources.image import VISITOR, Limits, read_image
from tests.pictures import EITHER, LIES, NAMES, READ, REFUSED
from tests.sources.encoders import blank, encode, exif, jpeg, plain, scene, with_size

BOMBS = ("I09-ztxt", "I09-itxt", "I09-iccp", "I09-many", "I09-idat", "I09-jpeg-icc")


def sentence(source: str | os.PathLike[str] | bytes, limits: Limits = VISITOR, name: str | None = None) -> str:
    """What is said about a file that must be refused: one line, one full stop at its end."""
    with pytest.raises(BadPicture) as caught:
        read_image(source, limits, name)
    said = str(caught.value)
    assert said.endswith(".") and said.isprintable() and len(said) < 250, said
    assert "Error" not in said and "Traceback" not in said and "0x" not in said, said
    return said


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_sentence_in_time(case: str) -> None:
    refusal = REFUSED[case]
    start = time.perf_counter()
    said = sentence(refusal.data, name="holiday.png")
    seconds = time.perf_counter() - start
    assert refusal.says in said
    assert said.startswith("holiday.png ")
    assert seconds < (0.1 if case.startswith(("I05", "I06")) else 2)


@pytest.mark.parametrize("case", READ)
def test_read_to_the_right_pixels_with_the_right_notes(case: str) -> None:
    picture = READ[case]
    start = time.perf_counter()
    frame = read_image(picture.data)
    seconds = time.perf_counter() - start
    assert frame.pixels.shape == picture.pixels.shape
    assert np.abs(frame.pixels.astype(int) - picture.pixels).max() <= picture.within
    assert len(frame.notes) == len(picture.notes), frame.notes
    for wanted in picture.notes:
        assert any(wanted in note for note in frame.notes), frame.notes
    assert seconds < (1 if case.startswith("I15") else 2)


@pytest.mark.parametrize("case", EITHER)
def test_read_or_refused_but_soon(case: str) -> None:
    data = EITHER[case]
    start = time.perf_counter()
    try:
        assert read_image(data).pixels.size
    except BadPicture as error:
        assert str(error).endswith(".")
    assert time.perf_counter() - start < 2


def test_size_is_refused_before_any_decoder_is_made(monkeypatch: pytest.MonkeyPatch) -> None:  # I05, I06, I16
    monkeypatch.setattr(reader, "_DECODERS", {})
    monkeypatch.setattr(Image, "open", None)
    for case in REFUSED:
        if case.startswith(("I05", "I06", "I14", "I16", "I17")):
            assert REFUSED[case].says in sentence(REFUSED[case].data)


def test_a_size_that_only_the_decoder_sees_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def lies(data: bytes) -> reader.Contents:
        return reader.Contents(data, 9, 9)

    monkeypatch.setitem(reader._READERS, "JPEG", lies)
    assert "122.4 megapixels" in sentence(with_size(jpeg(), 12_000, 10_200))


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_bombs_do_not_fill_memory(tmp_path: Path) -> None:  # I09
    files = []
    for case in BOMBS:
        files.append(tmp_path / case)
        files[-1].write_bytes(READ[case].data if case in READ else EITHER[case])
    code = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from explorer.errors import BadPicture\n"
        "from explorer.sources.image import read_image\n"
        "peak = lambda: int(re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1])\n"
        "before = peak()\n"
        "for path in sys.argv[1:]:\n"
        "    try: read_image(path)\n"
        "    except BadPicture: pass\n"
        "print(peak() - before)\n"
    )
    run = subprocess.run([sys.executable, "-c", code, *map(str, files)], capture_output=True, text=True, check=True)
    assert 0 < int(run.stdout) * 1024 < 250e6


def test_owner_may_raise_the_pixels() -> None:
    data = blank(17_000, 5_000)
    assert "85.0 megapixels" in sentence(data)
    frame = read_image(data, Limits(max_pixels=90_000_000))
    assert frame.size == (5_000, 17_000) and not frame.pixels.any()
    raised = Limits(max_pixels=400_000_000)
    assert raised.max_side >= 20_000 and raised.max_bytes >= 400_000_000 and raised.jpeg_pixels == 400_000_000
    assert Limits().max_side == 16_384 and Limits(max_pixels=1_000).max_bytes == 20_000_000


def test_lower_limits_bind() -> None:
    assert "the limit is 0.0005" in sentence(plain(), Limits(max_pixels=500))
    assert read_image(jpeg(), Limits(max_pixels=500)).size == (12, 20)
    assert read_image(jpeg(), Limits(max_pixels=20)).size == (3, 5)
    assert "even at an eighth" in sentence(jpeg(), Limits(max_pixels=10))
    assert "the limit is 30 a side" in sentence(plain(), Limits(max_side=30))
    assert "the limit is 0.0001 MB" in sentence(plain(), Limits(max_bytes=100))


def test_reduced_jpeg_is_the_picture_made_smaller() -> None:
    pixels = scene(400, 640)
    frame = read_image(jpeg(pixels), Limits(max_pixels=70_000))
    assert frame.notes == ("decoded at half size",)
    small = np.asarray(Image.fromarray(pixels).reduce(2)).astype(int)
    assert frame.size == (200, 320) and np.abs(frame.pixels - small).max() <= 4
    quarter = read_image(jpeg(pixels), Limits(max_pixels=16_000))
    assert quarter.size == (100, 160) and quarter.notes == ("decoded at a quarter of its size",)


def test_files_are_read_from_paths(tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(plain())
    for source in (file, str(file)):
        frame = read_image(source)
        assert frame.name == "cat.png" and np.array_equal(frame.pixels, scene())
    assert read_image(file, name="Tom").name == "Tom"
    assert read_image(plain()).name == "picture"


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_become_names_or_sentences(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # I18
    monkeypatch.chdir(tmp_path)
    frame = read_image(plain(), name=name)
    assert 0 < len(frame.name) <= 60 and frame.name.isprintable()
    assert "\u202e" not in frame.name and "\x1b" not in frame.name
    assert "is an empty file" in sentence(b"", name=name)
    assert "check the path" in sentence(f"{tmp_path}/none/{name}")
    assert any(words in sentence(name) for words in ("check the path", "is a folder", "No picture is named"))


def test_the_name_never_decides(tmp_path: Path) -> None:  # I19
    for name, case in LIES.items():
        file = tmp_path / name
        if case in READ:
            file.write_bytes(READ[case].data)
            assert np.abs(read_image(file).pixels.astype(int) - READ[case].pixels).max() <= READ[case].within
        else:
            file.write_bytes(REFUSED[case].data)
            assert REFUSED[case].says in sentence(file) and name in sentence(file)


def test_paths_that_are_no_files_are_said_so_and_never_waited_for(tmp_path: Path) -> None:
    assert "is a folder" in sentence(tmp_path)
    assert "There is no file" in sentence(tmp_path / "none.png")
    assert "No picture is named" in sentence("")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        assert "device or a pipe" in sentence(tmp_path / "pipe.png")
    if Path("/dev/zero").exists():
        assert "device or a pipe" in sentence("/dev/zero")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "large.png"
    with file.open("wb") as out:
        out.truncate(50_000_000_000)
    assert "50000.0 MB" in sentence(file)
    assert "20.0 MB" in sentence(bytes(20_000_001))
    monkeypatch.setattr(Path, "stat", lambda self: os.stat_result((0o100644, *[0] * 9)))
    file.write_bytes(plain())
    assert "grown past" in sentence(file, Limits(max_bytes=100))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret.png"
    file.write_bytes(plain())

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "may not be read by this user" in sentence(file)


def test_too_little_memory_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(self: ImageFile.ImageFile) -> None:
        raise MemoryError

    monkeypatch.setattr(reader._DECODERS["PNG"], "load", none_left)
    assert "more memory" in sentence(plain())


@pytest.mark.parametrize(
    "error", [OSError("image file is truncated"), SyntaxError("odd"), ValueError("x"), EOFError("x")]
)
def test_what_a_decoder_raises_is_a_sentence(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: ImageFile.ImageFile) -> None:
        raise error

    monkeypatch.setattr(reader._DECODERS["WEBP"], "load", fails)
    said = sentence(encode(scene(), "WEBP"))
    wanted = {OSError: "stops early", SyntaxError: "(odd)"}
    assert wanted.get(type(error), "its picture data is damaged") in said


def test_pillow_stays_as_it_was_and_says_nothing() -> None:
    script = (
        "import numpy, warnings, PIL.Image as I, PIL.ImageFile as F, PIL.PngImagePlugin as P\n"
        "state = lambda: (I.MAX_IMAGE_PIXELS, F.LOAD_TRUNCATED_IMAGES, P.MAX_TEXT_CHUNK, warnings.filters[:])\n"
        "before = state()\n"
        "import sys, explorer.sources.image\n"
        "assert state() == before\n"
        "assert 'torch' not in sys.modules and 'gradio' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = read_image(blank(12_000, 8_000), Limits(max_pixels=100_000_000))
    assert frame.size == (8_000, 12_000)


def test_no_metadata_stays_with_a_frame() -> None:  # I11
    secret = b"GPS 52.5N 13.4E"
    frame = read_image(jpeg(exif=b"Exif\0\0" + exif(3, extra=secret), comment=secret), name="a")
    assert vars(frame).keys() == {"pixels", "name", "time", "notes", "domain", "truth"} and frame.truth is None
    assert secret not in frame.pixels.tobytes() and frame.notes == ("turned upright by its EXIF tag",)
