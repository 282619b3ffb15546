"""A run that was stopped, killed or repeated gives what an undisturbed run gives."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import nn

from explorer.contract import ModelCard
from explorer.errors import Failure, Mistake, UnknownName
from explorer.models.registry import Entry, Registry
from explorer.records.card import read_card
from explorer.training import loop, result
from explorer.training.loop import Learning, train
from explorer.training.recipe import Early, Schedule
from explorer.training.result import add_metrics, load_result
from explorer.training.shelf import check_weights
from tests.training.small import Small, StopAfter, registry, small, trained

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "changes", [{}, {"optimiser": "sgd", "early": Early(2, (5, 6))}, {"precision": "bf16", "channels_last": True}]
)
@pytest.mark.parametrize("stops", [(2,), (1, 7, 10), (10, 10, 10, 10)])
def test_a_run_broken_off_goes_on_to_the_same_bits(tmp_path: Path, changes: Any, stops: tuple[int, ...]) -> None:
    recipe = small(**changes)
    whole = trained(recipe, tmp_path / "whole")
    for asks in stops:
        for _ in train(recipe, tmp_path / "parts", StopAfter(asks), registry()):
            torch.rand(3)  # whoever looks on may use chance too
        assert not (tmp_path / "parts" / "small_squares.json").exists()
    assert trained(recipe, tmp_path / "parts") == whole


@pytest.mark.long
def test_a_run_killed_in_the_middle_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    code = (
        "import sys, torch; from pathlib import Path; torch.set_num_threads(1)\n"
        "from explorer.training import loop; from tests.training.small import registry, small\n"
        "loop.TELL_EVERY = 0\n"
        "for p in loop.train(small(), Path(sys.argv[1]), registry=registry(), save_every=0): print(p.done, flush=True)"
    )
    run = [sys.executable, "-c", code, str(tmp_path / "killed")]
    with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("22"):
                process.send_signal(signal.SIGKILL)
                break
    work = tmp_path / "killed" / "small_squares.training"
    assert process.returncode == -signal.SIGKILL
    assert torch.load(work / "checkpoint.pt", weights_only=True)["standing"]["step"] >= 20
    assert trained(small(), tmp_path / "killed") == trained(small(), tmp_path / "whole")


def test_the_first_epochs_see_smaller_pictures_and_validation_never_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[bool, list[tuple[int, ...]]] = {True: [], False: []}

    def looks(self: Small, x: torch.Tensor) -> torch.Tensor:
        seen[self.training].append(tuple(x.shape[2:]))
        y: torch.Tensor = self.layers(x)
        return y

    monkeypatch.setattr(Small, "forward", looks)
    trained(small(early=Early(2, (5, 6))), tmp_path)
    assert seen[True] == [(5, 6)] * 18 + [(8, 8)] * 27 and set(seen[False]) == {(8, 8)}


class Plain(nn.Module):
    """Nothing that is normalised over a batch or drawn by chance: parts of a batch are then as good as the whole."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.layers(x)
        return y


class Kept(Small):
    """`Small` without chance."""

    def __init__(self, classes: int) -> None:
        super().__init__(classes)
        del self.layers[5]


def of(module: type[nn.Module]) -> Registry:
    made = Registry()
    made.add(Entry(ModelCard("small", "Small", 2000, "nobody", "Almost nothing.", input=(8, 8)), module))
    return made


def test_a_batch_in_parts_teaches_what_the_whole_does(tmp_path: Path) -> None:
    found = []
    for parts in (1, 4):
        recipe = small(parts=parts, augment=(), label_smoothing=0.0)
        list(train(recipe, tmp_path / str(parts), registry=of(Plain)))
        found.append(safetensors.torch.load_file(tmp_path / str(parts) / "small_squares.safetensors"))
    assert all(torch.allclose(found[0][key].float(), found[1][key].float(), atol=2e-3) for key in found[0])


def test_parts_give_the_same_bits_whoever_is_faster_and_after_a_break(tmp_path: Path) -> None:
    recipe = small(parts=2)
    whole = [list(train(recipe, tmp_path / name, registry=of(Kept))) for name in "ab"]
    assert len(whole) == 2
    for _ in train(recipe, tmp_path / "c", StopAfter(7), of(Kept)):
        pass
    list(train(recipe, tmp_path / "c", registry=of(Kept)))
    weights = [(tmp_path / name / "small_squares.safetensors").read_bytes() for name in "abc"]
    assert weights[0] == weights[1] == weights[2]
    assert recipe.as_json()["parts"] == 2 and "parts" not in small().as_json()


def test_chance_is_not_shared_out_among_parts(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="dropout"):
        list(train(small(parts=2), tmp_path, registry=registry()))
    with pytest.raises(Mistake, match="equal parts"):
        small(parts=3)


def test_a_repeated_run_gives_the_same_figures_and_another_seed_others(tmp_path: Path) -> None:
    first = trained(small(), tmp_path / "a")
    assert trained(small(), tmp_path / "b") == first
    assert trained(small(seed=12), tmp_path / "c") != first
    a, b = (read_card(tmp_path / name / "small_squares.json") for name in "ab")
    assert a.metrics == b.metrics and a.metrics["top1"] > 0.8


def test_a_finished_run_leaves_weights_and_card_and_nothing_else(tmp_path: Path) -> None:
    recipe = small()
    told = list(train(recipe, tmp_path, registry=registry()))
    last = told[-1]
    assert isinstance(last, Learning) and last.fraction == 1 and set(last.metrics) == {"top1", "top5", "loss"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small_squares.json", "small_squares.safetensors"]
    card = read_card(tmp_path / "small_squares.json")
    check_weights(card, tmp_path / "small_squares.safetensors")
    assert (card.name, card.model, card.seed, card.classes) == ("small_squares", "small", 11, recipe.classes)
    assert recipe.as_json() == card.recipe
    assert card.data == "72 bright corners" and card.preparation == recipe.preparation
    module, _ = load_result(tmp_path / "small_squares.json", registry())
    assert not module.training and {p.dtype for p in module.parameters()} == {torch.float32}
    assert add_metrics(tmp_path / "small_squares.json", {"elsewhere": 0.5}).metrics["elsewhere"] == 0.5
    assert read_card(tmp_path / "small_squares.json").metrics["top1"] == card.metrics["top1"]


def test_a_run_that_fails_at_its_card_writes_both_files_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(result, "write_card", lambda *_: (_ for _ in ()).throw(Failure("no room")))
        with pytest.raises(Failure, match="no room"):
            trained(small(), tmp_path / "twice")
    assert not (tmp_path / "twice" / "small_squares.json").exists()
    assert trained(small(), tmp_path / "twice") == trained(small(), tmp_path / "whole")
    load_result(tmp_path / "twice" / "small_squares.json", registry())


def test_the_best_weights_are_kept_not_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([0.2, 0.9, 0.9, 0.5, 0.1])
    states: list[dict[str, torch.Tensor]] = []

    def scripted(module: torch.nn.Module, *_: Any) -> dict[str, float]:
        states.append({key: value.clone() for key, value in module.state_dict().items()})
        return {"top1": next(scores), "top5": 1.0, "loss": 0.0}

    monkeypatch.setattr(loop, "judged", scripted)
    trained(small(), tmp_path)
    kept = safetensors.torch.load_file(tmp_path / "small_squares.safetensors")
    assert all(torch.equal(kept[key].float(), states[2][key].to(kept[key].dtype).float()) for key in kept)


@pytest.mark.parametrize(("rounded", "stored"), [(0.75, "fp16"), (0.74, "fp32")])
def test_half_precision_is_stored_only_where_it_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounded: float, stored: str
) -> None:
    scores = iter([0.75, rounded])
    monkeypatch.setattr(result, "judged", lambda *_: {"top1": next(scores)})
    trained(small(), tmp_path)
    card = read_card(tmp_path / "small_squares.json")
    kept = safetensors.torch.load_file(tmp_path / "small_squares.safetensors")
    assert card.stored == stored and card.metrics == {"top1": 0.75, "top1_fp32": 0.75}
    assert kept["layers.0.weight"].dtype == {"fp16": torch.float16, "fp32": torch.float32}[stored]
    assert kept["layers.1.num_batches_tracked"].dtype == torch.int64


def test_chance_outside_is_left_as_it_was(tmp_path: Path) -> None:
    torch.manual_seed(3)
    wanted = torch.rand(4)
    torch.manual_seed(3)
    trained(small(epochs=1), tmp_path)
    assert torch.equal(torch.rand(4), wanted)


def test_a_loss_that_is_no_number_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="lower the learning rate"):
        trained(small(schedule=Schedule(1e30), optimiser="sgd"), tmp_path)
    assert not (tmp_path / "small_squares.json").exists()


def test_a_checkpoint_of_another_recipe_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    list(train(small(), tmp_path, StopAfter(5), registry()))
    with pytest.raises(Mistake, match="another form of the recipe"):
        trained(small(batch=9), tmp_path)
    (tmp_path / "small_squares.training" / "checkpoint.pt").write_bytes(b"half")
    with pytest.raises(Mistake, match="not a checkpoint"):
        trained(small(), tmp_path)


@pytest.mark.parametrize("changes", [{"loss": "clasify"}, {"augment": ("shiftt",)}, {"model": "smal"}])
def test_unknown_names_in_a_recipe_suggest_the_near_miss(tmp_path: Path, changes: Any) -> None:
    with pytest.raises(UnknownName, match="did you mean"):
        trained(small(**changes), tmp_path)
