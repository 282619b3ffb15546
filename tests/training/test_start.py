"""Beginning with another network's features: which weights come over, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn

from explorer.errors import Mistake
from explorer.models import bundled
from explorer.training.loop import train
from explorer.training.start import Start, begin
from tests.training.small import Small, StopAfter, registry, small, trained


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bundled, "FOLDER", tmp_path / "shelf")
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


def kept(shelf: Path, module: nn.Module, half: bool = False) -> None:
    state = {
        key: value.half() if half and value.is_floating_point() else value for key, value in module.state_dict().items()
    }
    safetensors.torch.save_file(state, shelf / "learnt.safetensors")


def test_one_part_begins_with_what_was_learnt_and_the_rest_does_not(shelf: Path) -> None:
    torch.manual_seed(0)
    learnt, fresh = (nn.ModuleDict({"a": nn.Linear(2, 3), "ab": nn.Linear(2, 3)}) for _ in range(2))
    kept(shelf, learnt, half=True)
    other = fresh["ab"].weight.clone()
    begin(fresh, Start("learnt", "a"))
    assert (
        torch.equal(fresh["a"].weight, learnt["a"].weight.half().float()) and fresh["a"].weight.dtype == torch.float32
    )
    assert torch.equal(fresh["ab"].weight, other)


def test_what_is_not_there_or_does_not_fit_is_refused(shelf: Path) -> None:
    with pytest.raises(Mistake, match="train that first"):
        begin(nn.Linear(2, 3), Start("learnt", "a"))
    kept(shelf, nn.ModuleDict({"a": nn.Linear(2, 3)}))
    for module in (nn.ModuleDict({"a": nn.Linear(3, 3)}), nn.ModuleDict({"a": nn.Sequential(nn.Linear(2, 3))})):
        with pytest.raises(Mistake, match="choose another start"):
            begin(module, Start("learnt", "a"))
    with pytest.raises(Mistake, match="no such part"):
        begin(nn.ModuleDict({"a": nn.Linear(2, 3)}), Start("learnt", "b"))


def test_a_recipe_says_so_only_where_it_begins_so(shelf: Path, tmp_path: Path) -> None:
    assert "start" not in small().as_json()
    started = small(start=Start("learnt", "layers"))
    assert started.as_json()["start"] == {"weights": "learnt", "part": "layers", "frozen": 0}
    with pytest.raises(Mistake, match="train that first"):
        trained(started, tmp_path / "none")
    kept(shelf, Small(4))
    whole = trained(started, tmp_path / "whole")
    assert whole != trained(small(), tmp_path / "nothing")
    list(train(started, tmp_path / "parts", StopAfter(7), registry()))
    (shelf / "learnt.safetensors").unlink()  # a run that goes on has its own
    assert trained(started, tmp_path / "parts") == whole


def test_frozen_pieces_stay_and_their_normalisation_still_measures(shelf: Path, tmp_path: Path) -> None:
    learnt = Small(4)
    kept(shelf, learnt)
    recipe = small(start=Start("learnt", "layers", frozen=2))
    list(train(recipe, tmp_path, StopAfter(7), registry()))  # what goes on from a checkpoint is frozen too
    trained(recipe, tmp_path)
    now, before = safetensors.torch.load_file(tmp_path / f"{recipe.name}.safetensors"), learnt.state_dict()
    same = {key for key, value in now.items() if torch.allclose(value.float(), before[key].float(), atol=2e-3)}
    assert {key for key in same if "num_batches" not in key} == {
        "layers.0.weight",
        "layers.0.bias",
        "layers.1.weight",
        "layers.1.bias",
    }
