"""One crop or AlexNet's ten through a classifier; Krizhevsky, Sutskever, Hinton, NIPS 2012, section 4.1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Classification, Classify
from explorer.records.frame import Frame
from explorer.tasks.desk import Desk, Network, Outputs, Steps
from explorer.tasks.domain import outside
from explorer.tasks.registry import answers


@answers(Classify)
def classify(question: Classify, desk: Desk) -> Steps[Classification]:
    """Crops are the items of one batch; their softmax outputs are averaged. Raises Mistake for no classifier."""
    frame = desk.frame(question.picture)
    network = yield from desk.network(question.model, question.weights)
    if "classify" not in network.card.tasks:
        raise Mistake(f"{network.card.name} names no whole picture: choose a classifier.")
    outputs = yield from desk.forward(
        network,
        lambda: network.preparation.batch(frame, question.crops),
        key=(question.picture, question.crops),
        precision=question.precision,
    )
    return finish(question, frame, network, outputs)


def finish(question: Classify, frame: Frame, network: Network, outputs: Outputs) -> Classification:
    """From logits (crops, classes) to named classes; runs no network."""
    scores = _softmax(outputs.tensor.numpy().astype(np.float64)).mean(0).astype(np.float32)
    order = np.argsort(-scores, kind="stable")[: question.top]
    lost = () if np.isfinite(scores).all() else ("some scores are not numbers: the weights are broken",)
    return Classification(
        model=network.card.name,
        weights=network.weights,
        device=outputs.device,
        precision=question.precision,
        size=frame.size,
        logits=outputs.tensor.numpy(),
        scores=scores,
        order=order,
        names=network.categories,
        windows=network.preparation.windows(frame, question.crops),
        ms=outputs.ms,
        cached=outputs.cached,
        notes=network.notes + outside(network, frame) + outputs.notes + lost,
    )


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of rows (n, classes). Not torch's: each of its operations lets go of the interpreter, and waits in the line of a
    whole class to have it back."""
    with np.errstate(invalid="ignore"):
        raised: NDArray[np.float64] = np.exp(logits - logits.max(1, keepdims=True))
        raised /= raised.sum(1, keepdims=True)
    return raised
