"""Do dense layers give as convolutions what they gave; Long, Shelhamer, Darrell, CVPR 2015, arXiv:1411.4038."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from explorer.errors import Mistake
from explorer.ops.flip import Named, three_forms
from explorer.records.flip import Flip, Flipped, FlippedLayer
from explorer.records.frame import Size
from explorer.tasks.desk import Desk, Outputs, Steps
from explorer.tasks.domain import outside
from explorer.tasks.ground import Ground, ground
from explorer.tasks.registry import answers


@answers(Flip)
def flip(question: Flip, desk: Desk) -> Steps[Flipped]:
    """On the crop that the network always sees, and on the whole picture. Raises Mistake for what cannot be asked."""
    found = yield from ground(question.picture, question.model, question.weights, 0, desk)
    window, key = found.plan.window, (question.picture, "crop")

    def crop() -> Tensor:
        made = found.preparation.batch(found.frame)
        if made.shape[-2:] != window:
            raise Mistake(f"{found.network.card.name} was made for another size than it is shown: choose another.")
        return made

    forms, layers = yield from desk.rebuilt(found.network, "flip", lambda module: three_forms(module, window))
    ran = yield from desk.forward(forms, crop, key, question.precision)
    own = yield from desk.forward(found.network, crop, key, question.precision)
    converted = yield from desk.forward(found.whole, crop, key, question.precision)
    size, cells = found.size(question.scale), (0, 0)
    if size[0] >= window[0] and size[1] >= window[1]:
        larger = yield from found.map(desk, size, question.precision)
        cells = found.positions(size)
        if larger.tensor.shape[2] < cells[0] or larger.tensor.shape[3] < cells[1]:
            raise RuntimeError(f"a map of {cells} was wanted, got {tuple(larger.tensor.shape)}")
    return _finish(found, layers, ran, (own, converted), (size, cells))


def _finish(
    found: Ground, layers: tuple[Named, ...], ran: Outputs, both: tuple[Outputs, Outputs], larger: tuple[Size, Size]
) -> Flipped:
    own, converted = (outputs.tensor.flatten(1)[0] for outputs in both)
    unit, kernel, outputs = 0, np.zeros((0, 0, 0), np.float32), np.zeros(3, np.float32)
    if layers:
        first = layers[0][1]
        unit = int(ran.tensor[0, 0, : len(first.weight)].argmax())
        kernel = first.kernel()[unit].float().cpu().numpy().copy()
        outputs = ran.tensor[0, :, unit].numpy()
    return Flipped(
        model=found.network.card.name,
        weights=found.network.weights,
        device=ran.device,
        crop=found.plan.window,
        layers=_compared(layers, ran.tensor[0]),
        unit=unit,
        weights_of_unit=kernel,
        outputs=outputs,
        largest_logit=float(own.abs().max()),
        logits_apart=float((own - converted).abs().max()),
        size=larger[0],
        map=larger[1],
        cached=ran.cached,
        notes=(*found.network.notes, *outside(found.network, found.frame), *ran.notes),
    )


def _compared(layers: tuple[Named, ...], ran: Tensor) -> tuple[FlippedLayer, ...]:
    """ran: (3, all outputs of all layers one after another)."""
    found, start = [], 0
    for name, layer in layers:
        count, reads = layer.weight.shape
        linear, convolution, product = ran[:, start : start + count]
        apart = [float((form - linear).abs().max()) for form in (convolution, product)]
        kernel = (count, *layer.reads)
        found.append(FlippedLayer(name, (count, reads), kernel, float(linear.abs().max()), apart[0], apart[1]))
        start += count
    return tuple(found)
