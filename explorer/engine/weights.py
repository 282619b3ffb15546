"""Where weights come from: publishers' files, the owner's own, or a seed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from explorer.contract import HERE, RANDOM, WeightsCard
from explorer.engine.fetch import Remote, sha256_of
from explorer.engine.key_differences import differences
from explorer.engine.network import Identity, Network
from explorer.engine.state_dict import read_state_dict
from explorer.errors import BadWeights, WeightsMissing
from explorer.models.preparation import Preparation
from explorer.models.registry import Entry, Published, Usual

SEED = 0
IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_SEEDING = threading.Lock()


@dataclass(frozen=True)
class Adopted:
    """The owner's own file, the name under which it serves, and the SHA-256 of what it holds."""

    path: Path
    name: str
    digest: str


def folder() -> Path:
    """Where published weights lie: torch hub's own folder, so that what torchvision has fetched is found."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def place(published: Published) -> Path:
    """Where this file lies, or will."""
    return folder() / published.file


def remote(published: Published) -> Remote:
    """What to ask the network for; a size that is only about right proves nothing where no hash is known."""
    return Remote(published.url, published.sha256, published.card.size if published.sha256 else 0)


def missing(entry: Entry, published: Published) -> WeightsMissing:
    """What to tell whoever wants weights that are not here."""
    return WeightsMissing(
        f"The weights {published.card.name} of {entry.card.name} are not on this machine: fetch them "
        f"({published.card.size / 1e6:.0f} MB from {published.card.host}), on the page or with "
        f"`python -m explorer fetch {entry.card.name}`, or choose others."
    )


def adopt(path: Path) -> Adopted:
    """The owner's file, by what it holds now. Raises BadWeights when it is not a file that can be read."""
    try:
        return Adopted(path, path.name, sha256_of(path))
    except OSError as error:
        raise BadWeights(f"The weights file {path} cannot be read ({error.strerror}): check the path.") from None


def card(adopted: Adopted) -> WeightsCard:
    """What is known of the owner's file."""
    return WeightsCard(adopted.name, adopted.path.stat().st_size, HERE, "unknown")


def load_published(entry: Entry, published: Published, device: torch.device) -> Network:
    """Raises WeightsMissing, or BadWeights when the file was damaged since it came."""
    path = place(published)
    if not path.exists():
        raise missing(entry, published)
    digest = sha256_of(path)
    if not digest.startswith(published.sha256):
        raise BadWeights(
            f"{path} is not the file that {published.card.host} publishes (its SHA-256 begins {digest[:8]}, not "
            f"{published.sha256}): delete it and fetch it again."
        )
    state = entry.adapt(read_state_dict(path, trusted=True))
    module = with_state(entry, _as_float(state), len(published.categories), path.name)
    return Network(
        entry.card,
        Identity(entry.card.name, published.card.name, digest),
        module,
        device,
        published.categories,
        published.card.domain,
        published.preparation,
    )


def load_adopted(entry: Entry, adopted: Adopted, device: torch.device) -> Network:
    """The owner's file on this architecture, with as many classes as the file has. Raises BadWeights."""
    if sha256_of(adopted.path) != adopted.digest:
        raise BadWeights(f"{adopted.path} has changed since it was opened: start again with the new file.")
    usual, notes = _usual(entry), ["your own weights"]
    identity = Identity(entry.card.name, adopted.name, adopted.digest)
    names, domain = usual.categories, usual.domain
    if entry.read is not None:
        module, notes = entry.read(adopted.path), [*notes, *usual.notes]
        return Network(entry.card, identity, module, device, names, domain, usual.preparation, tuple(notes))
    state = _as_float(entry.adapt(read_state_dict(adopted.path)))
    classes = _classes(entry, state, len(names))
    module = with_state(entry, state, classes, adopted.path.name)
    if classes != len(names):
        names, domain = tuple(f"class {i}" for i in range(classes)), "unknown"
    if not all(torch.isfinite(tensor).all() for tensor in state.values()):
        notes.append("the weights hold NaN or infinity, so scores may mean nothing")
    return Network(entry.card, identity, module, device, names, domain, usual.preparation, tuple(notes))


def load_random(entry: Entry, device: torch.device) -> Network:
    """Untrained, from a fixed seed: the architecture alone."""
    usual = _usual(entry)
    with _SEEDING, torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        module = entry.build(len(usual.categories))
    notes = ("random weights, never trained: the scores mean nothing",)
    identity = Identity(entry.card.name, RANDOM, f"seed {SEED}")
    return Network(entry.card, identity, module, device, usual.categories, "unknown", usual.preparation, notes)


def with_state(entry: Entry, state: dict[str, Tensor], classes: int, file: str) -> nn.Module:
    """The architecture holding exactly these tensors. Raises BadWeights with the differences."""
    with torch.device("meta"):
        module = entry.build(classes)
    found = dict(state)
    wanted = {key: value.shape for key, value in module.state_dict().items()}
    for key in wanted.keys() - found.keys():
        if key.endswith("num_batches_tracked"):  # files from before 2018 do not count batches
            found[key] = torch.tensor(0)
    wrong = differences(wanted, found)
    if wrong:
        raise BadWeights(f"{file} does not fit {entry.card.name}: {wrong}")
    module.load_state_dict(found, assign=True)
    return module


def _classes(entry: Entry, state: dict[str, Tensor], usual: int) -> int:
    """How many classes a file answers: its heads may differ from the published ones in nothing but their number.

    A detector's heads have as many channels for each class as boxes begin at a cell.
    """
    with torch.device("meta"):
        wanted = entry.build(usual).state_dict()
    other = {
        state[key].shape[0] * usual / value.shape[0]
        for key, value in wanted.items()
        if key in state and state[key].shape != value.shape and state[key].ndim and _per_class(value, usual)
    }
    only = other.pop() if len(other) == 1 else usual
    return int(only) if only == int(only) and only > 0 else usual


def _per_class(tensor: Tensor, classes: int) -> bool:
    return tensor.ndim > 0 and tensor.shape[0] > 0 and tensor.shape[0] % classes == 0


def _usual(entry: Entry) -> Usual:
    """What weights of this architecture eat and answer where nothing else is known of them."""
    if entry.usual is not None:
        return entry.usual
    if entry.published:
        default = entry.published[0]
        return Usual(default.preparation, default.categories, default.card.domain)
    side = entry.card.input[0]
    return Usual(Preparation(side, side, *IMAGENET), tuple(f"class {i}" for i in range(1000)))


def _as_float(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}
