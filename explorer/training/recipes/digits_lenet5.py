"""LeNet-5 that reads handwritten digits and has never seen one but drawn ones."""

from __future__ import annotations

from explorer.records.card import Preparing
from explorer.training.digits.data import DrawnDigits
from explorer.training.recipe import Recipe, Schedule, recipe


@recipe
def digits_lenet5() -> Recipe:
    """fp32 and channels_last: on one core with no bf16 arithmetic twice as fast as fp32 alone, six times as bf16."""
    return Recipe(
        name="digits_lenet5",
        model="digits_lenet5",
        data=DrawnDigits(train=160_000, held_out=10_000),
        classes=tuple("0123456789"),
        preparation=Preparing(mean=(0.13,), std=(0.31,), size=(28, 28), channels=1),
        schedule=Schedule(peak=3e-3, warm_up=0.05),
        batch=128,
        epochs=8,
        seed=1998,
        weight_decay=1e-2,
        label_smoothing=0.05,
        augment=("shift",),
        channels_last=True,
    )
