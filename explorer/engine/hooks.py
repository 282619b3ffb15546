"""Looking at what flows through a study network, with nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

from explorer.errors import UnknownName

_KINDS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


def hook_count(module: nn.Module) -> int:
    """Hooks of every kind on a module and all inside it."""
    return sum(len(getattr(part, kind)) for part in module.modules() for kind in _KINDS)


@contextmanager
def tapped(module: nn.Module, layers: Sequence[str]) -> Iterator[dict[str, Tensor]]:
    """What the named layers put out, filled in as the module runs inside the `with`. Raises UnknownName."""
    parts = dict(module.named_modules())
    for name in layers:
        if name not in parts:
            raise UnknownName("layer", name, [known for known in parts if known])
    seen: dict[str, Tensor] = {}

    def keep(name: str) -> Any:
        def hook(part: nn.Module, inputs: Any, output: Tensor) -> None:
            seen[name] = output

        return hook

    handles = [parts[name].register_forward_hook(keep(name)) for name in layers]
    try:
        yield seen
    finally:
        for handle in handles:
            handle.remove()
