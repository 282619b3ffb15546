"""`classify --out`: the picture with what was seen, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explorer.cli import main
from explorer.contract import RANDOM

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)).save(path)
    return path


def command(photo: Path, out: Path | str, *more: str) -> list[str]:
    return ["classify", str(photo), "--model", "squeezenet1_1", "--weights", RANDOM, "--out", str(out), *more]


def answered(capsys: Capture, *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: Capture, *arguments: str, code: int = 2) -> str:
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "Traceback" not in err
    return err


def test_a_small_picture_is_enlarged_and_drawn_on(photo: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "new" / "seen.png"
    found = answered(capsys, *command(photo, out))
    assert found["out"] == str(out)
    with Image.open(out) as image:
        made = np.asarray(image)
        assert image.format == "PNG" and image.mode == "RGB"
    large = np.asarray(Image.open(photo)).repeat(6, 0).repeat(6, 1)
    assert made.shape[1] == 480 and made.shape[0] > 360 + 100
    assert np.array_equal(made[100:200, 100:300], large[100:200, 100:300])  # nothing is written over the picture
    assert not np.array_equal(made[:360, :480], large)  # but the crop is


def test_ten_crops_are_drawn(photo: Path, tmp_path: Path, capsys: Capture) -> None:
    one, ten = tmp_path / "one.png", tmp_path / "ten.png"
    answered(capsys, *command(photo, one))
    answered(capsys, *command(photo, ten, "--crops", "10"))
    assert not np.array_equal(*(np.asarray(Image.open(path))[:360] for path in (one, ten)))


@pytest.mark.parametrize(
    ("name", "kind"), [("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a.webp", "WEBP"), ("a.PNG", "PNG")]
)
def test_the_name_chooses_the_kind(name: str, kind: str, photo: Path, tmp_path: Path, capsys: Capture) -> None:
    answered(capsys, *command(photo, tmp_path / name))
    with Image.open(tmp_path / name) as image:
        assert image.format == kind


def test_for_people(photo: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(command(photo, tmp_path / "seen.png")) == 0
    assert f"painted in {tmp_path / 'seen.png'}" in capsys.readouterr().out


def test_without_out_there_is_no_such_key(photo: Path, capsys: Capture) -> None:
    assert "out" not in answered(capsys, *command(photo, "x.png")[:-2])


@pytest.mark.parametrize("name", ["a.gif", "a", "a.png.exe", ".png", ""])
def test_an_unknown_kind_is_a_mistake_before_any_work(
    name: str, photo: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.commands.networks.open_picture", lambda *_: pytest.fail("was read"))
    before = sorted(tmp_path.iterdir())
    assert ".png" in refused(capsys, *command(photo, f"{tmp_path}/{name}"))
    assert sorted(tmp_path.iterdir()) == before


def test_a_place_that_cannot_be_written_is_a_mistake_before_any_work_where_that_can_be_known(
    photo: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "choose" in refused(capsys, *command(photo, "/proc/no/a.png"))
    (tmp_path / "folder.png").mkdir()
    monkeypatch.setattr("explorer.commands.networks.open_picture", lambda *_: pytest.fail("was read"))
    for place in (tmp_path / "folder.png", photo / "a.png", tmp_path / ("x" * 300 + ".png")):
        assert "choose" in refused(capsys, *command(photo, place))


def test_the_picture_itself_is_not_written_over(photo: Path, tmp_path: Path, capsys: Capture) -> None:
    before = photo.read_bytes()
    (tmp_path / "link.png").symlink_to(photo)
    for place in (photo, tmp_path / "link.png"):
        assert "would be lost" in refused(capsys, *command(photo, place))
    assert photo.read_bytes() == before


def test_a_full_disk_is_a_failure_and_leaves_the_old_file(
    photo: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "seen.png"
    out.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("explorer.training.atomic.os.fsync", full)
    assert "No space left" in refused(capsys, *command(photo, out), code=1)
    assert out.read_bytes() == b"old" and not list(tmp_path.glob("*.part"))
