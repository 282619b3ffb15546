"""The command line keeps its word: JSON on stdout, one sentence on stderr, 2 for a mistake, 1 for a failure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.models import SqueezeNet1_0_Weights, squeezenet1_0

from explorer.cli import main
from explorer.contract import RANDOM
from explorer.models.registry import models
from explorer.training.digits.draw import digit
from tests import pictures
from tests.weight_host import Manner, WeightHost
from tests.weights_files import DIFFERENT, SENTINEL, different
from tests.weights_files import REFUSED as BAD_WEIGHTS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)).save(path)
    return path


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 2) -> str:
    """The sentence on stderr of a command that must say no."""
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1 and err.endswith("\n") and "Traceback" not in err
    assert len(err) > 20 and err[:-1].isprintable()
    return err


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == "" and out.count("\n") == 1
    return json.loads(out)


def classify(path: str | Path, model: str = "squeezenet1_1", weights: str = RANDOM) -> list[str]:
    return ["classify", str(path), "--model", model, "--weights", weights]


def test_classify_as_json(capsys: pytest.CaptureFixture[str], photo: Path) -> None:
    found = answered(capsys, *classify(photo), "--top", "3")
    assert {"model", "weights", "device", "size", "classes", "ms"} <= set(found)
    assert found["model"] == "squeezenet1_1" and found["weights"] == RANDOM and found["size"] == [60, 80]
    assert [set(one) for one in found["classes"]] == [{"index", "name", "score"}] * 3
    scores = [one["score"] for one in found["classes"]]
    assert scores == sorted(scores, reverse=True) and scores[-1] > 0 and found["ms"] > 0


def test_classify_for_people(capsys: pytest.CaptureFixture[str], photo: Path) -> None:
    assert main(classify(photo)) == 0
    out = capsys.readouterr().out
    assert "squeezenet1_1 (random) on" in out and "never trained" in out


def test_ten_crops_are_averaged(capsys: pytest.CaptureFixture[str], photo: Path) -> None:
    one, ten = (answered(capsys, *classify(photo), "--crops", crops)["classes"][0] for crops in ("1", "10"))
    assert one["score"] != ten["score"]


@pytest.mark.parametrize("name", sorted(pictures.REFUSED))
def test_every_bad_picture_is_one_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "upload.png"
    path.write_bytes(pictures.REFUSED[name].data)
    refused(capsys, *classify(path))


@pytest.mark.parametrize("name", [name for name in pictures.NAMES if "\0" not in name])
def test_every_odd_name_is_one_sentence(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, *classify(name))


@pytest.mark.parametrize("name", sorted(BAD_WEIGHTS))
def test_every_bad_weights_file_is_one_sentence(
    name: str, tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = BAD_WEIGHTS[name](tmp_path)
    refused(capsys, *classify(photo, weights=str(path)))
    assert not (tmp_path / SENTINEL).exists()


@pytest.mark.parametrize("name", sorted(DIFFERENT))
def test_weights_for_another_network_are_told_apart(
    name: str, tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = "shufflenet_v2_x0_5"  # its last layer is a plain matrix called fc
    path = different(name, models().get(model).build(1000).state_dict(), tmp_path)
    assert f"does not fit {model}" in refused(capsys, *classify(photo, model, str(path)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["classify", "x.png", "--model", "squeezenet1_l"], "did you mean squeezenet1_1"),
        (["classify", "x.png", "--weights", "random"], "--model"),
        (["evaluate", "classify", "--model", "street_alexnt"], "street_alexnet"),
        (["evaluate", "segments", "--model", "street_alexnet"], "detect"),
        (["evaluate", "classify", "--model", "digits_lenet5", "--scenes", "1000000:1000001"], "Streetscape's classes"),
        (["classify", "x.png", "--model", "alexnet", "--crops", "5"], "--crops"),
        (["classify", "x.png", "--model", "alexnet", "--top", "0"], "at least 1"),
        (["classify", "x.png", "--model", "alexnet", "--top", "1001", "--weights", "random"], "1000"),
        (["classify", "x.png", "--model", "alexnet", "--device", "tpu", "--weights", "random"], "choose auto"),
        (["classify", "x.png", "--model", "alexnet", "--weights", "none.pth"], "none.pth"),
        (["classify", "sample:cta", "--model", "alexnet"], "did you mean cat"),
        (["fetch", "resnet5O"], "did you mean resnet50"),
        (["fetch", "resnet50", "--weights", "V9"], "IMAGENET1K_V2"),
        (["bench", "overheads"], "did you mean overhead"),
        (["clasify"], "COMMAND"),
        ([], "COMMAND"),
    ],
)
def test_mistakes_get_a_hint(arguments: list[str], words: str, photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words in refused(capsys, *(str(photo) if argument == "x.png" else argument for argument in arguments))


def test_a_class_too_many_is_allowed_when_the_network_has_fewer(
    capsys: pytest.CaptureFixture[str], photo: Path
) -> None:
    assert len(answered(capsys, *classify(photo), "--top", "1000")["classes"]) == 1000


def test_an_owner_may_read_more_pixels(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.new("1", (7000, 6000)).save(path)
    refused(capsys, *classify(path))
    assert answered(capsys, *classify(path), "--max-pixels", "50000000")["size"] == [6000, 7000]


def squeeze(host: WeightHost, *manners: Manner) -> str:
    """SqueezeNet's place on a host that has some file; returns the file's name."""
    published = models().get("squeezenet1_1").published[0]
    host.publish(published.url.partition(".org")[2], b"PK" + bytes(3_000), *manners)
    return published.file


@pytest.mark.parametrize("manner", ["403", "404", "500", "cut", "wrong-bytes", "page", "redirect-loop", "hang-up"])
def test_a_fetch_that_fails_is_one_sentence_and_leaves_nothing_in_place(
    manner: Manner,
    hub: Path,
    weight_host: WeightHost,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = squeeze(weight_host, manner)
    monkeypatch.setenv("EXPLORER_MIRROR", weight_host.url)
    assert file in refused(capsys, "fetch", "squeezenet1_1", code=1)
    assert weight_host.seen and not (hub / file).exists()


def test_weights_that_cannot_be_had_are_one_sentence(
    hub: Path, photo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_MIRROR", "http://127.0.0.1:9")
    sentence = refused(capsys, "classify", str(photo), "--model", "squeezenet1_1", code=1)
    assert "squeezenet1_1" in sentence and str(hub) in sentence


def test_classify_fetches_what_it_needs_once(
    hub: Path,
    weight_host: WeightHost,
    photo: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """From a host that has the right architecture under the published name, its hash accepted as the published one."""
    torch.manual_seed(0)
    torch.save(squeezenet1_0().state_dict(), tmp_path / "right.pth")
    monkeypatch.setenv("EXPLORER_MIRROR", weight_host.url)
    published = models().get("squeezenet1_0").published[0]
    remote = weight_host.publish(published.url.partition(".org")[2], (tmp_path / "right.pth").read_bytes())
    monkeypatch.setitem(published.__dict__, "sha256", remote.sha256[:8])
    for _ in range(2):
        found = answered(capsys, "classify", str(photo), "--model", "squeezenet1_0")
        assert found["weights"] == "IMAGENET1K_V1"
    assert len(weight_host.seen) == 1
    assert answered(capsys, "fetch", "squeezenet1_0")["fetched"] is False


def test_weights_that_hold_nan_answer_null_and_say_so(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = models().get("squeezenet1_1").build(1000).state_dict()
    state["features.0.weight"][:] = float("nan")
    torch.save(state, tmp_path / "nan.pth")
    found = answered(capsys, *classify(photo, weights=str(tmp_path / "nan.pth")))
    assert {one["score"] for one in found["classes"]} == {None}
    assert any("NaN" in note for note in found["notes"]) and any("not numbers" in note for note in found["notes"])
    assert main(classify(photo, weights=str(tmp_path / "nan.pth"))) == 0
    assert "NaN" in capsys.readouterr().out


@pytest.mark.long
def test_zoo_tells_what_the_code_counts(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["name"]: row for row in answered(capsys, "zoo", "--task", "classify")["models"]}
    assert rows["alexnet"]["params"] == 61_100_840 and rows["alexnet"]["input"] == [224, 224]
    assert rows["resnet50"]["macs"] == pytest.approx(4.09e9, rel=0.01)
    assert rows["vgg16"]["weights"] == ["IMAGENET1K_V1"] and rows["vgg16"]["tasks"] == ["classify", "dense"]
    assert set(rows) == {card.name for card in models().cards("classify")}


def test_doctor_tells_what_is_here(capsys: pytest.CaptureFixture[str], hub: Path) -> None:
    found = answered(capsys, "doctor")
    assert found["installed"]["torch"] == torch.__version__.partition("+")[0]
    assert {one["weights"] for one in found["weights"]["present"]} == {"bundled"}
    assert found["weights"]["folder"] == str(hub)
    assert found["device"]["kind"] in found["device"]["available"]
    assert any("https" in advice for advice in found["advice"])


def test_with_no_model_named_the_one_that_knows_the_picture_answers(
    capsys: pytest.CaptureFixture[str], photo: Path, hub: Path, monkeypatch: pytest.MonkeyPatch, weight_host: WeightHost
) -> None:
    street = answered(capsys, "classify", "scene:1000007")
    assert street["model"].startswith("street_") and street["notes"] == []
    monkeypatch.setenv("EXPLORER_MIRROR", weight_host.url)
    assert main(["classify", str(photo), "--json"]) == 0
    photograph = json.loads(capsys.readouterr().out)
    assert photograph["model"].startswith("street_") and "404" in photograph["notes"][0]
    assert "knows drawn street scenes only" in photograph["notes"][1]


def test_evaluate_counts_on_scenes_of_known_truth(capsys: pytest.CaptureFixture[str]) -> None:
    found = answered(capsys, "evaluate", "classify", "--model", "street_alexnet", "--scenes", "1000000:1000006")
    assert found["task"] == "classify" and found["scenes"] == [1_000_000, 1_000_006] and found["weights"] == "bundled"
    assert 0.7 < found["metrics"]["top1"] <= found["metrics"]["top5"] <= 1 and 60 < found["crops"] < 140


def test_an_error_inside_is_a_sentence_and_debug_shows_where(
    capsys: pytest.CaptureFixture[str], photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.commands.networks.open_picture", lambda *_: 1 / 0)
    assert "ZeroDivisionError" in refused(capsys, *classify(photo), code=1)
    with pytest.raises(ZeroDivisionError):
        main([*classify(photo), "--debug"])


@pytest.mark.long
def test_as_a_program(photo: Path) -> None:
    run = [sys.executable, "-m", "explorer"]
    good = subprocess.run([*run, *classify(photo), "--json"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert good.returncode == 0 and json.loads(good.stdout)["classes"] and good.stderr == ""
    bad = subprocess.run([*run, *classify("no.png")], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stdout, bad.stderr.count("\n")) == (2, "", 1)


def test_a_drawn_digit_is_read_with_no_network(tmp_path: Path, hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = 0
    for seed in range(20_000_000, 20_000_020):
        pixels, label = digit(seed)
        paper = np.full((140, 180), 255, np.uint8)
        paper[20:132, 30:142] -= np.kron(pixels, np.ones((4, 4), np.uint8))
        Image.fromarray(paper).save(tmp_path / "digit.png")
        found = answered(capsys, "classify", str(tmp_path / "digit.png"), "--model", "digits_lenet5")
        right += found["classes"][0]["name"] == str(label) and found["weights"] == "bundled"
    assert right >= 19


@pytest.mark.real
def test_a_real_photograph_through_real_weights(real: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = str(next((real / "weights").glob("squeezenet1_0-*.pth")))
    wanted = {
        "eagle": {"kite": 0.693, "bald eagle": 0.301},
        "dog": {"dogsled": 0.378, "Eskimo dog": 0.202, "tennis ball": 0.077},
    }
    for name, scores in wanted.items():
        found = answered(capsys, *classify(real / "photos" / f"{name}.jpg", "squeezenet1_0", weights))
        got = {one["name"]: one["score"] for one in found["classes"]}
        assert {key: got[key] for key in scores} == pytest.approx(scores, abs=0.002)


@pytest.mark.long
@pytest.mark.real
def test_a_hundred_photographs_as_torchvision_alone(real: Path) -> None:
    from explorer.engine.engine import LocalEngine
    from explorer.records.classify import Classify
    from explorer.sources.image import read_image

    file = next((real / "weights").glob("squeezenet1_0-*.pth"))
    bare = squeezenet1_0().eval()
    bare.load_state_dict(torch.load(file, weights_only=True))
    transforms = SqueezeNet1_0_Weights.DEFAULT.transforms()
    engine = LocalEngine("cpu")
    weights = engine.adopt("squeezenet1_0", str(file))
    first = fifth = 0
    for path in sorted((real / "imagenet").glob("*.jpg")):
        answer = engine.run(Classify(engine.keep(read_image(path)), "squeezenet1_0", weights))
        with torch.inference_mode():
            theirs = bare(transforms(Image.open(path).convert("RGB"))[None]).softmax(1)[0]
        assert answer.order.tolist() == theirs.argsort(descending=True)[:5].tolist()
        assert np.allclose(answer.scores, theirs, atol=1e-4)
        truth = int(path.name[:3])
        first += truth == answer.order[0]
        fifth += truth in answer.order
    engine.close()
    assert (first, fifth) == (59, 85)
