"""The sentences with which a weights file is turned down."""

from __future__ import annotations

from explorer.errors import BadWeights

SAVE_LINE = "torch.save(model.state_dict(), 'weights.pt')"


def shown(name: str, limit: int = 80) -> str:
    """A name from a file or a folder, fit for one line: escaped where it would not print, cut at `limit`."""
    safe = name if name.isprintable() else ascii(name[: 2 * limit])[1:-1]
    return safe if len(safe) <= limit else safe[: limit - 3] + "..."


def damaged(name: str, what: str) -> BadWeights:
    """The file is of a kind we read but broken: fetch or save it again."""
    return BadWeights(f"{shown(name)} is damaged or was made to deceive ({what}): download it again or save it anew.")


def unfit(name: str, what: str, mend: str = f"save only the weights with {SAVE_LINE}") -> BadWeights:
    """The file is whole but holds what we do not take; `mend` says how to make one that we do."""
    return BadWeights(f"{shown(name)} {what}, and only plain dense tensors are read: {mend}.")


def other_kind(name: str, what: str, mend: str) -> BadWeights:
    """The file is something else altogether."""
    return BadWeights(f"{shown(name)} is {what}, not a safetensors file or a PyTorch state dict: {mend}.")
