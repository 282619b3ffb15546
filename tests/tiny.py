"""A very small network with published weights, for tests of everything around networks."""

from __future__ import annotations

import hashlib
import io

import torch
from torch import nn

from explorer.contract import ModelCard, WeightsCard
from explorer.models.preparation import Preparation
from explorer.models.registry import Entry, Published, Registry

CLASSES = ("dark", "red", "green", "blue")
PREPARATION = Preparation(16, 12, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))


class Tiny(nn.Module):
    """A convolution, an in-place activation used twice, a linear layer."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1)
        self.norm = nn.BatchNorm2d(6)
        self.relu = nn.ReLU(inplace=True)
        self.fc = nn.Linear(6, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.relu(self.norm(self.conv(x)))
        return self.fc(self.relu(x.mean((2, 3))))


class Valid(nn.Module):
    """One cell at 12x12, no padding, stride 4, of which the last pool has 2."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 5, 4, stride=2), nn.ReLU(inplace=True), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(5 * 2 * 2, 9), nn.ReLU(inplace=True), nn.Linear(9, classes)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.features(x).flatten(1))


def trained(seed: int = 1) -> Tiny:
    """Weights that differ from the random ones, the same at every call."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        module = Tiny(len(CLASSES)).eval()
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.normal_(std=0.7)
    return module


def content(module: nn.Module) -> bytes:
    """The file that torch.save makes of a module's state."""
    into = io.BytesIO()
    torch.save(module.state_dict(), into)
    return into.getvalue()


def registry(url: str = "http://127.0.0.1:9", file: bytes | None = None, build: type[nn.Module] = Tiny) -> Registry:
    """`tiny`, published at `url`/tiny.pth, and `bare`, with no published weights."""
    file = content(trained()) if file is None else file
    card = WeightsCard("V1", len(file), url.partition("//")[2], "photographs")
    digest = hashlib.sha256(file).hexdigest()[:8]
    published = Published(card, f"{url}/tiny.pth", digest, f"tiny-{digest}.pth", PREPARATION, CLASSES)
    made = Registry()
    tiny = ModelCard("tiny", "Tiny", 1998, "Nobody 1998", "Almost nothing.", input=(12, 12), weights=(card,))
    made.add(Entry(tiny, build, (published,)))
    made.add(Entry(ModelCard("bare", "Tiny", 1999, "Nobody 1999", "Less.", input=(12, 12)), build))
    return made
