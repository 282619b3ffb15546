"""Small networks as cfgs, and .weights files made for them number by number."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.models.darknet.cfg import read_cfg
from explorer.models.darknet.plan import Plan, plan

NEW = struct.pack("<3iQ", 0, 2, 5, 12345)
MIDDLE = struct.pack("<3iI", 0, 1, 0, 777)
FIRST = struct.pack("<3fI", 0.001, 0.9, 0.0005, 4242)
"""Headers: Darknet 0.2, 0.1, and what stood there before there were versions: rate, momentum, decay."""


def cfg(*sections: str, width: int = 8, height: int = 8, channels: int = 3) -> str:
    """[net] and then sections, each as 'kind key=value key=value'."""
    net = f"net width={width} height={height} channels={channels}"
    parts = [section.split() for section in (net, *sections)]
    return "\n\n".join("\n".join([f"[{kind}]", *options]) for kind, *options in parts) + "\n"


def planned(*sections: str, width: int = 8, height: int = 8, channels: int = 3) -> Plan:
    return plan(read_cfg(cfg(*sections, width=width, height=height, channels=channels)))


def numbers(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Floats that are all positive, so that they do for variances too, and no two alike."""
    return np.random.default_rng(seed).permutation(np.linspace(0.05, 1.0, count, dtype=np.float32))


def spread(made: Plan, seed: int = 5) -> NDArray[np.float32]:
    """A network's floats, of both signs, so that its scores differ; scales and variances are 1."""
    rng = np.random.default_rng(seed)
    parts = [
        np.ones(blob.floats) if blob.name in ("scales", "variances") else rng.normal(0, 0.5, blob.floats)
        for layer in made.layers
        for blob in layer.blobs
    ]
    return np.concatenate(parts).astype(np.float32)


def written(folder: Path, floats: NDArray[np.float32], header: bytes = NEW, name: str = "net.weights") -> Path:
    path = folder / name
    path.write_bytes(header + floats.astype("<f4").tobytes())
    return path


YOLO = "yolo classes=2 num=4 mask=1,2 anchors=1,2,3,4,5,6,7,8"
EVERY = (
    "convolutional filters=8 size=3 stride=1 pad=1 batch_normalize=1 activation=leaky",
    "convolutional filters=8 size=3 pad=1 groups=4 stride=2 activation=mish",
    "maxpool size=2 stride=1",
    "route layers=-1 groups=2 group_id=1",
    "convolutional filters=8 size=1 activation=swish",
    "shortcut from=-3 activation=relu",
    "reorg stride=2",
    "upsample stride=2",
    "route layers=-1,1",
    "dropout probability=.3",
    "convolutional filters=14 size=1 activation=linear",
    YOLO,
    "route layers=1",
    "avgpool",
    "convolutional filters=8 size=1 activation=logistic",
    "scale_channels from=1",
    "local filters=6 size=3 stride=2 pad=1 activation=relu6",
    "connected output=48 batch_normalize=1 activation=linear",
    "detection side=2 num=2 classes=2 coords=4 sqrt=1",
    "route layers=1",
    "sam from=1",
    "convolutional filters=14 size=1 activation=linear",
    "region classes=2 num=2 anchors=1,1,2,2 softmax=1",
)
"""One of every kind of layer."""
