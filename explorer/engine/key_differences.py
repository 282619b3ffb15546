"""Says how a state dict differs from what a network expects, in words that point at the cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import torch

from explorer.engine.weights_refused import shown

_FIRST = 3
_PARALLEL = "module."

Shapes = Mapping[str, tuple[int, ...]]


def differences(expected: Mapping[str, torch.Size], found: Mapping[str, torch.Tensor]) -> str:
    """Empty where names and shapes are equal, else one sentence: what is missing, renamed, turned or misshapen."""
    want = {key: tuple(shape) for key, shape in expected.items()}
    have = {key: tuple(tensor.shape) for key, tensor in found.items()}
    if want == have:
        return ""
    return _prefixed(want, have) or _listed(want, have)


def _prefixed(want: Shapes, have: Shapes) -> str:
    """The whole network under another name: the commonest difference, and no list is needed to tell it."""
    added = _common_prefix(have)
    if added and _stripped(have, added) == want:
        if added == _PARALLEL:
            return "Every name begins with `module.`, as DataParallel saves it: save model.module.state_dict() instead."
        return (
            f"Every name begins with `{shown(added)}`, which the network's names do not: save that part's state_dict()."
        )
    lost = _common_prefix(want)
    if lost and _stripped(want, lost) == dict(have):
        return f"Every name lacks `{shown(lost)}` at its beginning: these are the weights of a part of the network."
    return ""


def _common_prefix(shapes: Shapes) -> str:
    """The longest run of whole dotted parts that begins every name."""
    first, last = min(shapes, default=""), max(shapes, default="")
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[: first.rfind(".", 0, same) + 1]


def _stripped(shapes: Shapes, prefix: str) -> dict[str, tuple[int, ...]]:
    return {key.removeprefix(prefix): shape for key, shape in shapes.items()}


def _listed(want: Shapes, have: Shapes) -> str:
    missing = {key: shape for key, shape in want.items() if key not in have}
    extra = {key: shape for key, shape in have.items() if key not in want}
    renamed = _renamed(missing, extra)
    other = [key for key in want if key in have and want[key] != have[key]]
    turned = [key for key in other if sorted(want[key]) == sorted(have[key])]
    parts = [
        _some("missing", (f"{shown(k)} {s}" for k, s in missing.items() if k not in renamed)),
        _some("extra", (f"{shown(k)} {s}" for k, s in extra.items() if k not in renamed.values())),
        _some("renamed", (f"{shown(old)} is here {shown(new)}" for old, new in renamed.items())),
        _some("transposed", (f"{shown(k)} {have[k]} for {want[k]}" for k in turned)),
        _some("wrong shape", (f"{shown(k)} {have[k]} for {want[k]}" for k in other if k not in turned)),
    ]
    if have and all(key.startswith(_PARALLEL) for key in have) and not any(key.startswith(_PARALLEL) for key in want):
        return (
            "Every name begins with `module.`, as DataParallel saves it (save model.module.state_dict() instead), and "
            "without it: " + _listed(want, _stripped(have, _PARALLEL))
        )
    fit = sum(have.get(key) == shape for key, shape in want.items())
    head = f"Of {len(want):,} tensors {fit:,} fit: "
    return head + "; ".join(part for part in parts if part) + "."


def _renamed(missing: Shapes, extra: Shapes) -> dict[str, str]:
    """Pairs of names for tensors that came in equal number, order and shape."""
    pairs: dict[str, str] = {}
    for shape, keys in groupby(sorted(missing, key=lambda key: missing[key]), key=lambda key: missing[key]):
        wanted = list(keys)
        candidates = [key for key, its in extra.items() if its == shape]
        if len(wanted) == len(candidates):
            pairs |= dict(zip(wanted, candidates, strict=True))
    return pairs


def _some(label: str, entries: Iterable[str]) -> str:
    """`2 missing (a (3,), b (4,))`, the first few by name; empty when there are none."""
    lines = list(entries)
    rest = f" and {len(lines) - _FIRST:,} more" if len(lines) > _FIRST else ""
    return f"{len(lines):,} {label} ({', '.join(lines[:_FIRST])}{rest})" if lines else ""
