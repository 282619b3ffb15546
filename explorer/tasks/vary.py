"""AlexNet's augmentation on one picture; Krizhevsky, Sutskever, Hinton, NIPS 2012, section 4.1."""

from __future__ import annotations

import numpy as np

from explorer.errors import Mistake
from explorer.models.preparation import Preparation
from explorer.ops.colour import colour_shifts, principal_components, shifted
from explorer.records.frame import Frame, Pixels
from explorer.records.vary import Variations, Vary
from explorer.tasks.desk import Desk, Steps
from explorer.tasks.domain import outside
from explorer.tasks.registry import answers

SPREAD = 0.1


@answers(Vary)
def vary(question: Vary, desk: Desk) -> Steps[Variations]:
    """The variations are the items of one batch. Raises Mistake for networks that are not fed by crops."""
    frame = desk.frame(question.picture)
    network = yield from desk.network(question.model, question.weights)
    preparation = network.preparation
    if not isinstance(preparation, Preparation):
        raise Mistake(f"{network.card.name} reads its picture whole: choose a network that is trained on crops.")
    made = _Made(question, frame, preparation)
    outputs = yield from desk.forward(
        network, lambda: preparation.inputs(list(made.pictures)), key=question, precision="fp32"
    )
    scores = outputs.tensor.double().softmax(1).float().numpy()
    best = scores.argmax(1)
    return Variations(
        model=network.card.name,
        weights=network.weights,
        pictures=made.pictures,
        windows=made.windows,
        mirrored=made.mirrored,
        shifts=made.shifts,
        best=best,
        scores=scores[np.arange(len(best)), best],
        names=network.categories,
        ms=outputs.ms,
        cached=outputs.cached,
        notes=network.notes + outside(network, frame) + outputs.notes,
    )


class _Made:
    """The variations themselves, drawn from the question's seed; what is not asked for is still drawn, so that
    switching one way off leaves the others as they were."""

    def __init__(self, question: Vary, frame: Frame, preparation: Preparation) -> None:
        rng = np.random.Generator(np.random.PCG64(question.seed))
        image = np.asarray(preparation.resized(frame))
        n, side = question.count, preparation.crop
        image = _at_least(image, side)
        room = np.array(image.shape[:2]) - side
        corners = rng.integers(0, room + 1, (n, 2))
        if not question.window:
            corners = np.tile(np.rint(room / 2).astype(int), (n, 1))
        self.mirrored = (rng.random(n) < 0.5) & question.mirror
        amounts = rng.normal(0.0, SPREAD, (n, 3)) * question.colour
        parts = np.stack([image[y : y + side, x : x + side] for y, x in corners])
        parts[self.mirrored] = parts[self.mirrored][:, :, ::-1]
        components = principal_components(image)
        self.shifts = colour_shifts(components, amounts)
        self.pictures: Pixels = shifted(parts, self.shifts)
        scale = np.array(frame.size) / image.shape[:2]
        places = np.concatenate([corners * scale, (corners + side) * scale], axis=1)
        self.windows = places[:, [1, 0, 3, 2]].astype(np.float32)


def _at_least(image: Pixels, side: int) -> Pixels:
    """The picture with black where it is smaller than a crop, as `center_crop` pads it."""
    missing = [max(side - length, 0) for length in image.shape[:2]]
    if not any(missing):
        return image
    return np.pad(image, [(m // 2, m - m // 2) for m in missing] + [(0, 0)])
