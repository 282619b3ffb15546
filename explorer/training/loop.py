"""The training loop: goes through a recipe, says how far it is, and can be stopped or killed anywhere."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from explorer.contract import Stop
from explorer.errors import Failure
from explorer.models.registry import Registry, models
from explorer.records.question import Progress
from explorer.training.augment import augmented
from explorer.training.chance import Purpose, rng, torch_seeded
from explorer.training.checkpoint import resume, save
from explorer.training.data import Batch, Data
from explorer.training.forward import judged, prepared
from explorer.training.objective import objective
from explorer.training.optimiser import optimiser_of
from explorer.training.parts import Parts
from explorer.training.recipe import Recipe
from explorer.training.result import write_result
from explorer.training.start import begin, freeze

SAVE_EVERY = 30.0
TELL_EVERY = 0.5


@dataclass(frozen=True)
class Learning(Progress):
    """Steps done of all. loss: of the latest batch; metrics: of the latest validation, by name, empty before it."""

    loss: float = math.nan
    metrics: Mapping[str, float] = field(default_factory=dict)


def train(
    recipe: Recipe,
    out: Path,
    stop: Stop | None = None,
    registry: Registry | None = None,
    device: str = "cpu",
    data: Path | None = None,
    save_every: float = SAVE_EVERY,
) -> Iterator[Progress]:
    """Make NAME.safetensors and NAME.json in `out`; where a run was broken off, it goes on.

    Once `stop` is set it writes a checkpoint and ends without a result. The checkpoint, and the made data unless `data`
    names a folder that keeps them for the next recipe, lie in NAME.training in `out`, which is removed at the end.
    save_every: seconds between checkpoints.
    Raises Mistake, UnknownName, Failure (among others when the loss is no number any more).
    """
    place = out / f"{recipe.name}.training"
    made = data or place / "data"
    for progress in recipe.data.prepare(made):
        yield progress
        if _stopped(stop):
            return
    pictures = recipe.data.open(made, recipe.batch)
    run = _Run(recipe, pictures, place / "checkpoint.pt", registry or models(), torch.device(device))
    yield from run.steps(stop, save_every)
    if not run.finished:
        return
    write_result(recipe, run.best(), pictures, out)
    shutil.rmtree(place, ignore_errors=True)


class _Run:
    def __init__(self, recipe: Recipe, data: Data, path: Path, registry: Registry, device: torch.device) -> None:
        self.path, self._recipe, self._data, self._device = path, recipe, data, device
        self._aim = objective(recipe.loss)
        entry = registry.get(recipe.model)
        with torch_seeded(recipe.seed, Purpose.START, 0, device):
            module = entry.build(len(recipe.classes))
        if recipe.start is not None:
            freeze(module, recipe.start)
            if not path.exists():
                begin(module, recipe.start)
        form = torch.channels_last if recipe.channels_last else torch.contiguous_format
        self._module = module.to(device).to(memory_format=form)
        self._parts = Parts(self._module, recipe.parts, self._aim.form)
        self._optimiser = optimiser_of(recipe, self._module)
        self._total = recipe.epochs * data.steps
        self._standing = resume(path, recipe, self._module, self._optimiser, device)
        self._loss: Tensor | None = None

    @property
    def finished(self) -> bool:
        return self._standing.step >= self._total

    def best(self) -> nn.Module:
        """The network with the weights that validated best."""
        self._module.load_state_dict(self._standing.best_state)
        return self._module

    def steps(self, stop: Stop | None, save_every: float) -> Iterator[Progress]:
        """Every step that is left, in whole epochs after the first."""
        told = saved = time.monotonic()
        yield self._told()
        while not self.finished:
            epoch, first = divmod(self._standing.step, self._data.steps)
            for batch in self._data.train_batches(epoch, rng(self._recipe.seed, Purpose.ORDER, epoch), first):
                self._step(batch)
                now = time.monotonic()
                if _stopped(stop):
                    return self._save()
                if now - saved > save_every:
                    saved = now
                    self._save()
                if now - told > TELL_EVERY:
                    told = now
                    yield self._told()
            yield self._told()
        return None

    def _step(self, batch: Batch) -> None:
        recipe, step = self._recipe, self._standing.step
        for group in self._optimiser.param_groups:
            group["lr"] = recipe.schedule.rate(step, self._total)
        with torch_seeded(recipe.seed, Purpose.DROPOUT, step, self._device):
            self._loss = self._parts.gradients(batch, self._part_loss)
        self._optimiser.step()
        self._standing.step += 1
        if self._standing.step % self._data.steps == 0:
            self._check(self._standing.step // self._data.steps)

    def _part_loss(self, part: int, form: nn.Module, batch: Batch) -> Tensor:
        recipe, step = self._recipe, self._standing.step
        batch = augmented(batch, recipe.augment, rng(recipe.seed, Purpose.AUGMENT, step * recipe.parts + part))
        x = prepared(batch, recipe.preparation, self._device, recipe.channels_last)
        if recipe.early is not None and step < recipe.early.epochs * self._data.steps:
            x = interpolate(x, recipe.early.size, mode="bilinear", antialias=True)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=recipe.precision == "bf16"):
            outputs = form(x)
        return self._aim.loss(outputs, batch.targets, recipe)

    def _check(self, epochs: int) -> None:
        """At the end of an epoch: validate, keep the best, write the checkpoint."""
        standing = self._standing
        if epochs % self._recipe.check_every == 0 or self.finished:
            batches = self._data.validation()
            standing.latest = judged(self._module, batches, self._aim, self._recipe.preparation)
            first = self._aim.metrics[0]
            if not standing.best or standing.latest[first] >= standing.best[first]:
                state = self._module.state_dict()
                standing.best = standing.latest
                standing.best_state = {key: value.detach().cpu().clone() for key, value in state.items()}
        self._save()

    def _save(self) -> None:
        self._loss_now()
        save(self.path, self._recipe, self._standing, self._module, self._optimiser)

    def _told(self) -> Learning:
        done, loss = self._standing, self._loss_now()
        known = {"loss": loss} | {f"validation {name}": value for name, value in done.latest.items()}
        text = ", ".join(["training", *(f"{name} {value:.3f}" for name, value in known.items() if value == value)])
        return Learning(text, done.step, self._total, loss, dict(done.latest))

    def _loss_now(self) -> float:
        """Raises Failure once it is no number: nothing after that is worth keeping."""
        loss = math.nan if self._loss is None else float(self._loss)
        if self._loss is not None and not math.isfinite(loss):
            raise Failure(
                f"Training {self._recipe.name} came to a loss of {loss} by step {self._standing.step}: lower the "
                "learning rate or lengthen the warm-up."
            )
        return loss


def _stopped(stop: Stop | None) -> bool:
    return stop is not None and stop.is_set()
