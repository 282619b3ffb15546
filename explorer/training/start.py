"""Beginning with what another network has learnt; Yosinski et al., NIPS 2014, arXiv:1411.1792."""

from __future__ import annotations

from dataclasses import dataclass

import safetensors.torch
from torch import nn

from explorer.errors import Mistake
from explorer.models import bundled


@dataclass(frozen=True)
class Start:
    """weights: the name of bundled weights; part: the part of both networks, by its name, that begins with theirs;
    frozen: how many of its first pieces learn nothing more, though their normalisations go on measuring."""

    weights: str
    part: str
    frozen: int = 0


def freeze(module: nn.Module, start: Start) -> None:
    """Keep the first pieces of the part as they are: edges and colours need no second lesson, and going back through
    their large maps is what costs most."""
    for piece in list(module.get_submodule(start.part).children())[: start.frozen]:
        piece.requires_grad_(False)


def begin(module: nn.Module, start: Start) -> None:
    """Give the part its learnt weights, of which there may be more than it takes.

    Raises Mistake where they are not there yet or do not fit.
    """
    path = bundled.FOLDER / f"{start.weights}.safetensors"
    if not path.exists():
        raise Mistake(f"This recipe begins with {start.weights}, of which there are no weights: train that first.")
    learnt = safetensors.torch.load_file(path)
    state = module.state_dict()
    wanted = {key: value for key, value in state.items() if key.startswith(f"{start.part}.")}
    wrong = [key for key, value in wanted.items() if key not in learnt or learnt[key].shape != value.shape]
    if wrong or not wanted:
        raise Mistake(
            f"{start.part} of this network does not begin as {start.weights} does ({(wrong or ['no such part'])[0]}): "
            "choose another start."
        )
    module.load_state_dict(state | {key: learnt[key].to(value.dtype) for key, value in wanted.items()})
