"""One crop or AlexNet's ten through a classifier; Krizhevsky, Sutskever, Hinton, NIPS 2012, section 4.1."""

from __future__ import annotations

import numpy as np

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
    scores = outputs.tensor.double().softmax(1).mean(0).float().numpy()
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
