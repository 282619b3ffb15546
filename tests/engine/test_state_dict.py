"""Weights files: what is taken, what is refused, and how fast and in how much memory."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save as safetensors_bytes

from explorer.engine.key_differences import differences
from explorer.engine.state_dict import read_state_dict
from explorer.errors import BadWeights
from tests.weights_bytes import archive, one_tensor, op_tensor, saved, state
from tests.weights_files import REFUSED, SENTINEL

REAL = os.environ.get("EXPLORER_REAL", "")


def refusal(path: Path, **options: object) -> str:
    """The one sentence a file is refused with."""
    with pytest.raises(BadWeights) as caught:
        read_state_dict(path, **options)  # type: ignore[arg-type]
    sentence = str(caught.value)
    assert sentence.endswith((".", ".pt').")) and "\n" not in sentence
    assert len(sentence) < 500
    assert sentence.isprintable()
    return sentence


def written(folder: Path, content: bytes, name: str = "net.pt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def same(found: dict[str, torch.Tensor], good: dict[str, torch.Tensor]) -> bool:
    return list(found) == list(good) and all(torch.equal(found[key], good[key]) for key in good)


# --- what is taken


@pytest.mark.parametrize(
    "content",
    [
        saved(state()),
        saved(torch.nn.Module.state_dict(torch.nn.ModuleDict()) | state()),
        saved({key: torch.nn.Parameter(value) for key, value in state().items()}),
        saved({"state_dict": state(), "epoch": 3, "arch": "alexnet", "best": 0.5, "classes": ["a", "b"]}),
        saved({"model": state(), "state_dict": None}),
        safetensors_bytes(state()),
        safetensors_bytes(state(), metadata={"format": "pt"}),
    ],
    ids=["zip", "ordered", "parameters", "checkpoint", "model", "safetensors", "metadata"],
)
@pytest.mark.parametrize("name", ["net.pt", "net.pth", "net.safetensors", "weights"])
def test_good_files_are_read_by_what_is_in_them(tmp_path: Path, content: bytes, name: str) -> None:
    found = read_state_dict(written(tmp_path, content, name))
    good = state()
    assert set(found) == set(good)
    for key, tensor in found.items():
        assert torch.equal(tensor, good[key])
        assert type(tensor) is torch.Tensor
        assert tensor.is_contiguous() and not tensor.requires_grad and tensor.device.type == "cpu"


@pytest.mark.parametrize(
    "tensor",
    [
        torch.ones(3, 4).T,
        torch.arange(24.0).reshape(2, 3, 4).permute(2, 0, 1),
        torch.ones(2, 3, 4, 5).to(memory_format=torch.channels_last),
        torch.arange(10)[3:7],
        torch.arange(10)[::2],
        torch.tensor(7),
        torch.zeros(0, 3),
        torch.ones(1, 5).expand(1, 5),
        *(
            torch.ones(3).to(dtype)
            for dtype in (torch.float16, torch.bfloat16, torch.float64, torch.int32, torch.uint8)
        ),
    ],
    ids=str,
)
def test_views_and_dtypes_survive(tmp_path: Path, tensor: torch.Tensor) -> None:
    (found,) = read_state_dict(written(tmp_path, saved({"w": tensor}))).values()
    assert found.is_contiguous()
    assert found.dtype == tensor.dtype
    assert torch.equal(found, tensor)


def test_shared_storage_is_read(tmp_path: Path) -> None:
    both = torch.arange(6.0)
    found = read_state_dict(written(tmp_path, saved({"a": both[:4], "b": both[2:]})))
    assert torch.equal(found["b"], both[2:])


def test_a_training_checkpoint_is_read(tmp_path: Path) -> None:
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    net(torch.ones(1, 3, 8, 8)).sum().backward()
    optimiser.step()
    content = saved({"state_dict": net.state_dict(), "optimizer": optimiser.state_dict(), "epoch": 1})
    found = read_state_dict(written(tmp_path, content))
    assert differences({key: value.shape for key, value in net.state_dict().items()}, found) == ""


def test_nan_and_infinity_are_numbers_too(tmp_path: Path) -> None:
    odd = torch.tensor([float("nan"), float("inf"), -float("inf"), 1e38, 1e-45, 0.0])
    (found,) = read_state_dict(written(tmp_path, saved({"w": odd}))).values()
    assert torch.equal(found.nan_to_num(), odd.nan_to_num())


def test_reading_warns_of_nothing_and_leaves_torch_alone(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    read_state_dict(written(tmp_path, saved(state())))
    assert list(recwarn) == []


def test_a_trusted_legacy_file_is_read_and_an_untrusted_one_not(tmp_path: Path) -> None:
    path = written(tmp_path, saved(state(), _use_new_zipfile_serialization=False))
    assert same(read_state_dict(path, trusted=True), state())
    assert "load it once where you trust it and save it again with torch.save(" in refusal(path)


def test_a_trusted_legacy_file_still_runs_no_code(tmp_path: Path) -> None:
    refusal(REFUSED["W01 legacy torch file that runs a command"](tmp_path), trusted=True)
    assert not (tmp_path / SENTINEL).exists()


@pytest.mark.parametrize("percent", range(5, 100, 5))
def test_a_cut_legacy_file_is_refused(tmp_path: Path, percent: int) -> None:
    content = saved(state(), _use_new_zipfile_serialization=False)
    assert "damaged" in refusal(written(tmp_path, content[: len(content) * percent // 100]), trusted=True)


@pytest.mark.real
@pytest.mark.skipif(not REAL, reason="EXPLORER_REAL does not name the folder of real weights")
def test_the_real_squeezenet_is_read() -> None:
    import torchvision

    found = read_state_dict(Path(REAL) / "weights" / "squeezenet1_0-imagenet-8505230b.pth")
    net = torchvision.models.squeezenet1_0()
    assert differences({key: value.shape for key, value in net.state_dict().items()}, found) == ""
    assert sum(tensor.numel() for tensor in found.values()) == 1_248_424


# --- what is refused

SAYS = {
    "W01 pickle that runs": "bare Python pickle",
    "W01 pickle of protocol 0": "bare Python pickle",
    "W01 zip that runs": "asks Python to run posix.system",
    "W01 zip that calls eval": "asks Python to run __builtin__.eval",
    "W01 legacy torch file": "before PyTorch 1.6",
    "W01 legacy tar": "tar archive",
    "W01 TorchScript": "TorchScript archive",
    "W01 pt2": "exported program",
    "W01 HDF5": "Keras or HDF5",
    "W01 ONNX": "ONNX",
    "W01 npz": "npz",
    "W01 Keras": "Keras",
    "W01 web page": "web page",
    "W01 LFS": "git lfs pull",
    "W01 Darknet": "--cfg",
    "W01 empty file": "is empty",
    "W01 folder": "is a folder",
    "W01 missing": "There is no weights file",
    "W02": "whole network",
    "W03 deflated": "compressed",
    "W03 storage larger": "not the size it should have",
    "W03 tensor larger": "claims 500,000,000 numbers and its record holds 1",
    "W04 stride 0, two": "repeats its numbers",
    "W04 record": "not the size it should have",
    "W04 overlapping": "repeats its numbers",
    "W05 meta": "meta",
    "W05 sparse": "sparse",
    "W05 quantised": "quantised",
    "W05 nested": "nested",
    "W05 complex": "complex64",
    "W05 bool": "bool",
    "W05 float8": "float8_e4m3fn",
    "W05 safetensors bool": "BOOL",
    "W08 300,000 names": "300,000 tensors",
    "W08 names that are numbers": "not text but int",
    "W08 text for a tensor": "under note not a tensor but a str",
    "W09 parent": "leads elsewhere",
    "W09 absolute": "leads elsewhere",
    "W09 twin": "one name",
    "W09 encrypted": "encrypted",
    "W09 link": "is a link",
    "W09 10^6 records": "1,000,000 records",
    "W09 300,000 records": "more than the 1 records it claims",
    "W09 something before": "not where it says",
    "W10 cut": "cut short",
    "W10 one number flipped": "checksum",
    "S02 overlap": "overlap",
    "S02 gap": "gap",
    "S03 twin names": "a stands in it twice",
    "S04 30,000": "30,000 tensors",
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_files_are_refused_by_name_and_at_once(tmp_path: Path, name: str) -> None:
    path = REFUSED[name](tmp_path)
    begun = time.process_time()
    sentence = refusal(path)
    assert time.process_time() - begun < 2
    for start, words in SAYS.items():
        if name.startswith(start):
            assert words in sentence
    assert {one.name for one in tmp_path.iterdir()} <= {path.name}


def test_every_sentence_asked_for_belongs_to_a_file() -> None:
    assert [start for start in SAYS if not any(name.startswith(start) for name in REFUSED)] == []


def test_whole_networks_get_the_line_to_run(tmp_path: Path) -> None:
    assert "torch.save(model.state_dict(), 'weights.pt')" in refusal(REFUSED["W02 whole network"](tmp_path))


def test_large_files_are_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.pt"
    with path.open("wb") as file:
        file.truncate(1_000_000_001)
    assert "1,000,000,001 bytes, more than the 1,000,000,000" in refusal(path)
    assert "more than the 100" in refusal(written(tmp_path, saved(state())), max_bytes=100)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "net.pt")
    assert "pipe" in refusal(tmp_path / "net.pt")


def test_names_do_not_reach_the_terminal_raw(tmp_path: Path) -> None:
    path = written(tmp_path, saved({"\x1b[31m\n" + "w" * 300: "text"}), "evil\n\x1b[0m.pt")
    assert "\\x1b[31m" in refusal(path)


MEASURE = """
import sys, time
from pathlib import Path
from explorer.engine.state_dict import read_state_dict
from explorer.errors import BadWeights

def kilobytes(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1])

for path in map(Path, sys.argv[1:]):
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest mark so far
    before, begun = kilobytes("VmRSS"), time.monotonic()
    try:
        read_state_dict(path)
        print("LOADED", path)
    except BadWeights:
        pass
    seconds = time.monotonic() - begun
    print(path.parent.name, kilobytes("VmHWM") - before, kilobytes("VmRSS") - before, seconds)
"""

BOMBS = [
    name for name in REFUSED if name.startswith(("W03", "W04", "W08", "W09 10^6", "W09 300", "S01", "S04", "S02 deep"))
]


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the highest memory is read from Linux's /proc")
@pytest.mark.long
def test_bombs_take_no_memory(tmp_path: Path) -> None:
    paths = []
    for index, name in enumerate(BOMBS):
        folder = tmp_path / str(index)
        folder.mkdir()
        paths.append(str(REFUSED[name](folder)))
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, *paths], capture_output=True, text=True, check=True, timeout=60
    )
    assert len(run.stdout.splitlines()) == len(BOMBS)
    for line in run.stdout.splitlines():
        index, peak, kept, seconds = line.split()
        name = BOMBS[int(index)]
        assert int(peak) < 150_000, name
        assert int(kept) < 50_000, name
        assert float(seconds) < 2, name


# --- damage


def shape_of(tensor: torch.Tensor) -> tuple[int, ...]:
    return tuple(tensor.shape)


def outcome(path: Path) -> None:
    """It is refused, or it loads with the shapes it had."""
    try:
        found = read_state_dict(path)
    except BadWeights as error:
        assert "\n" not in str(error)
        return
    assert sorted(map(shape_of, found.values())) == sorted(map(shape_of, state().values()))


@pytest.mark.parametrize("content", [saved(state()), safetensors_bytes(state())], ids=["zip", "safetensors"])
def test_w10_a_flipped_byte_in_200_places(tmp_path: Path, content: bytes) -> None:
    for at in range(0, len(content), max(len(content) // 200, 1)):
        damaged = bytearray(content)
        damaged[at] ^= 0xFF
        outcome(written(tmp_path, bytes(damaged)))


@pytest.mark.parametrize("percent", range(5, 100, 5))
def test_w10_a_cut_safetensors_file_is_refused(tmp_path: Path, percent: int) -> None:
    content = safetensors_bytes(state())
    refusal(written(tmp_path, content[: len(content) * percent // 100], "net.safetensors"))


@settings(max_examples=150, deadline=None)
@given(program=st.binary(max_size=200))
def test_no_pickle_program_does_more_than_be_refused(tmp_path_factory: pytest.TempPathFactory, program: bytes) -> None:
    refusal(written(tmp_path_factory.getbasetemp(), archive(b"\x80\x02" + program + b"."), "fuzz.pt"))


@settings(max_examples=150, deadline=None)
@given(
    shape=st.lists(st.integers(0, 4), max_size=3).map(tuple),
    stride=st.lists(st.integers(0, 6), max_size=3).map(tuple),
    offset=st.integers(0, 4),
)
def test_a_view_loads_just_when_it_lies_in_its_storage(
    tmp_path_factory: pytest.TempPathFactory, shape: tuple[int, ...], stride: tuple[int, ...], offset: int
) -> None:
    record = torch.arange(12.0)
    path = written(
        tmp_path_factory.getbasetemp(),
        one_tensor(op_tensor(shape, stride, offset, numel=12), record.numpy().tobytes()),
        "view.pt",
    )
    try:
        (found,) = read_state_dict(path).values()
    except BadWeights:
        pass
    else:
        assert torch.equal(found, record.as_strided(shape, stride, offset))
        assert found.unique().numel() == found.numel()


# --- long


@pytest.mark.long
@pytest.mark.parametrize("content", [saved(state()), safetensors_bytes(state())], ids=["zip", "safetensors"])
def test_fuzz_bytes(tmp_path: Path, content: bytes) -> None:
    draw = random.Random(0)
    for _ in range(4000):
        damaged = bytearray(content)
        for _ in range(draw.choice((1, 1, 2, 8))):
            at = draw.randrange(len(damaged))
            damaged[at] = draw.randrange(256)
        if draw.random() < 0.2:
            del damaged[draw.randrange(len(damaged)) :]
        outcome_or_other(written(tmp_path, bytes(damaged)))


@pytest.mark.long
def test_fuzz_pickle_programs(tmp_path: Path) -> None:
    """Programs with good checksums, so that the damage reaches the dry run and, past it, torch."""
    good = b"\x80\x02}(X\x01\x00\x00\x00w" + op_tensor((2, 3), (3, 1), numel=6) + b"u."
    draw = random.Random(1)
    for _ in range(6000):
        damaged = bytearray(good)
        for _ in range(draw.choice((1, 1, 2, 4))):
            at = draw.randrange(2, len(damaged))
            damaged[at : at + draw.choice((0, 1))] = bytes([draw.choice((*good, draw.randrange(256)))])
        outcome_or_other(written(tmp_path, archive(bytes(damaged), {"0": bytes(24)})))


@pytest.mark.long
def test_fuzz_safetensors_headers(tmp_path: Path) -> None:
    content = safetensors_bytes(state())
    length = int.from_bytes(content[:8], "little")
    draw = random.Random(2)
    for _ in range(6000):
        header = bytearray(content[8 : 8 + length])
        for _ in range(draw.choice((1, 2, 4))):
            at = draw.randrange(1, len(header))
            header[at : at + draw.choice((0, 1, 2))] = bytes(draw.choice(header) for _ in range(draw.choice((0, 1, 2))))
        outcome_or_other(written(tmp_path, len(header).to_bytes(8, "little") + bytes(header) + content[8 + length :]))


def outcome_or_other(path: Path) -> None:
    """It is refused in a sentence, or loads as plain tensors no larger than the file."""
    try:
        found = read_state_dict(path)
    except BadWeights:
        return
    assert sum(tensor.numel() * tensor.element_size() for tensor in found.values()) <= path.stat().st_size
