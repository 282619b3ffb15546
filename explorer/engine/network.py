"""A model with its weights: one self that serves, one that is studied."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.engine import zero_gpu
from explorer.engine.hooks import hook_count
from explorer.engine.replay import Replays
from explorer.engine.study import study_copy, studying
from explorer.models.preparation import Prepares
from explorer.ops.arithmetic import multiply_adds
from explorer.ops.shadow import shadow
from explorer.records.classify import Precision
from explorer.records.frame import Domain, Size

T = TypeVar("T")
DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}
PINNED = 2**20
"""Bytes of an answer from which on pinned memory is worth its making."""


@dataclass(frozen=True)
class Identity:
    """What makes two networks the same: equal identities give equal answers.

    digest: SHA-256 of the weights; form: what was made of the network, "" for itself.
    """

    model: str
    weights: str
    digest: str
    form: str = ""


@dataclass(eq=False)
class Network:
    """Loaded and ready; every method may be called from many threads.

    identity: of its answers; categories: class names in order; domain: what it was trained on; preparation: how its
    input is made; notes: what a reader of its answers must know.
    """

    card: ModelCard
    identity: Identity
    module: nn.Module
    device: torch.device
    categories: tuple[str, ...]
    domain: Domain
    preparation: Prepares
    notes: tuple[str, ...] = ()
    _replays: Replays = field(default_factory=Replays, repr=False)
    _study: nn.Module | None = field(default=None, repr=False)
    _studying: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _forms: dict[str, tuple[Network, Any]] = field(default_factory=dict, repr=False)
    _forming: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _macs: dict[Size, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        module = self.module.eval().requires_grad_(False)
        self.module = module.to(self.device).to(memory_format=torch.channels_last)

    @property
    def weights(self) -> str:
        """The name questions use."""
        return self.identity.weights

    @property
    def nbytes(self) -> int:
        """Memory its tensors take."""
        return sum(t.numel() * t.element_size() for t in [*self.module.parameters(), *self.module.buffers()])

    def rebuilt(self, form: str, make: Callable[[nn.Module], tuple[nn.Module, T]]) -> tuple[Network, T]:
        """The network in another form that shares its weights, made once, and what `make` says of it."""
        with self._forming:
            if form not in self._forms:
                module, said = make(self.module)
                made = Network(
                    self.card,
                    replace(self.identity, form=form),
                    module,
                    self.device,
                    self.categories,
                    self.domain,
                    self.preparation,
                    self.notes,
                )
                self._forms[form] = made, said
            return self._forms[form]

    def macs(self, size: Size) -> int:
        """Multiply-adds of one picture of `size` (height, width)."""
        if size not in self._macs:
            self._macs[size] = multiply_adds(shadow(self.module), size)
        return self._macs[size]

    @property
    def runs_on(self) -> str:
        """The kind of device that answers."""
        return zero_gpu.DEVICE if zero_gpu.lent_pass() else self.device.type

    def forward(self, items: Tensor, precision: Precision) -> Tensor:
        """Rows (n, c, h, w) on the CPU to float32 rows on the CPU, through the serving self."""
        lent = zero_gpu.lent_pass()
        if lent is not None:
            return zero_gpu.forward(lent, self.identity, self.module, items, precision)
        if self.device.type == "cuda":
            return self._on_gpu(items.pin_memory().to(self.device, non_blocking=True), precision)
        return _forward(self.module, items.to(self.device), precision)

    def _on_gpu(self, x: Tensor, precision: Precision) -> Tensor:
        """The same of rows on the GPU, replayed where it can be; what is held for that goes first when memory ends."""

        def run(x: Tensor) -> Tensor:
            return passed(self.module, x, precision)

        with self._replays.lock, torch.inference_mode():
            try:
                return _back(self._replays(run, x, precision).float())
            except torch.OutOfMemoryError:
                if not self._replays.clear():
                    raise
            torch.cuda.empty_cache()
            return _back(run(x).float())

    def forward_on_cpu(self, items: Tensor, precision: Precision) -> Tensor:
        """The same on the processor, with a copy of the network made for this pass alone."""
        return _forward(copy.deepcopy(self.module).cpu(), items, precision)

    @contextmanager
    def study(self) -> Iterator[nn.Module]:
        """The eager, out-of-place self, for one question at a time; left with no hooks, in eval mode, gradients off.

        Raises RuntimeError when what was done to it could not be undone.
        """
        with self._studying:
            if self._study is None:
                self._study = study_copy(self.module, self.card.input)
            try:
                with studying(self._study) as module:
                    yield module
            finally:
                self._study.eval().requires_grad_(False)
                left = hook_count(self._study)
                if left:
                    self._study = None
            if left:
                raise RuntimeError(f"{left} hooks were left on {self.card.name}: register them inside a `with`")


def passed(module: nn.Module, x: Tensor, precision: Precision) -> Tensor:
    """What a module makes of rows x (n, c, h, w) where both are, in about that precision."""
    dtype = DTYPES.get(precision)
    with torch.inference_mode(), torch.autocast(x.device.type, dtype=dtype, enabled=dtype is not None):
        rows: Tensor = module(x.to(memory_format=torch.channels_last))
    return rows


def _forward(module: nn.Module, x: Tensor, precision: Precision) -> Tensor:
    return passed(module, x, precision).float().cpu()


def _back(rows: Tensor) -> Tensor:
    """Rows on the processor; into memory the GPU writes by itself where they are many, as a detector's maps are."""
    if rows.nbytes < PINNED:
        return rows.cpu()
    here = torch.empty_like(rows, device="cpu", pin_memory=True)
    here.copy_(rows, non_blocking=True)
    torch.cuda.current_stream(rows.device).synchronize()
    return here
