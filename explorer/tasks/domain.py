"""What a reader must know when a network is asked about pictures of another kind than it was trained on."""

from __future__ import annotations

from explorer.records.frame import Frame
from explorer.tasks.desk import Network

KINDS = {"photographs": "photographs", "streetscape": "drawn street scenes", "digits": "handwritten digits"}


def outside(network: Network, frame: Frame) -> tuple[str, ...]:
    """One sentence, or none where the network knows such pictures or nobody can say.

    A file of unknown kind is taken for a photograph: networks that know those are asked about it without a word.
    """
    knows = network.domain
    if knows == "unknown" or knows == frame.domain or (knows, frame.domain) == ("photographs", "unknown"):
        return ()
    name = network.card.name
    if frame.domain == "unknown":
        return (f"{name} knows {KINDS[knows]} only: of any other picture its answer means nothing",)
    return (f"{name} knows {KINDS[knows]}, and this is none: its answer means little",)
