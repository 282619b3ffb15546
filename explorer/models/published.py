"""torchvision's and timm's published weights, described by their own records."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath
from urllib.parse import urlparse

import timm
import torchvision.models
from timm.data import resolve_data_config

from explorer.contract import WeightsCard
from explorer.models.preparation import Preparation, Prepares
from explorer.models.registry import Published

HUB = "https://huggingface.co"


@cache
def imagenet_categories() -> tuple[str, ...]:
    """ImageNet's 1,000 class names in the order every published classifier here answers in."""
    return tuple(torchvision.models.AlexNet_Weights.DEFAULT.meta["categories"])


def from_torchvision(name: str) -> tuple[Published, ...]:
    """Every ImageNet-1k set of weights torchvision publishes for `name`, torchvision's default first."""
    enum = torchvision.models.get_model_weights(name)
    members = sorted(enum, key=lambda member: member is not enum.DEFAULT)
    found = []
    for weights in members:
        if weights.meta["categories"] is None:  # VGG-16's features-only file answers nothing
            continue
        file = PurePosixPath(urlparse(weights.url).path)
        metrics = weights.meta["_metrics"].get("ImageNet-1K", {})
        card = WeightsCard(
            name=weights.name,
            size=round(weights.meta["_file_size"] * 2**20),
            host=urlparse(weights.url).netloc,
            domain="photographs",
            metrics={"top1": metrics["acc@1"] / 100, "top5": metrics["acc@5"] / 100} if metrics else {},
        )
        preparation = Preparation.of_torchvision(weights.transforms())
        digest = file.stem.rpartition("-")[2]
        found.append(Published(card, weights.url, digest, file.name, preparation, tuple(weights.meta["categories"])))
    return tuple(found)


def detectors_of_torchvision(name: str, preparation: Prepares) -> tuple[Published, ...]:
    """Every set of weights torchvision publishes for a detector trained on COCO; preparation: the detector's own, for
    the weights' transforms leave resizing to it. Its metrics are COCO's averages of precision, as fractions."""
    found = []
    for weights in torchvision.models.get_model_weights(name):
        file = PurePosixPath(urlparse(weights.url).path)
        metrics = weights.meta["_metrics"]["COCO-val2017"]
        card = WeightsCard(
            name=weights.name,
            size=round(weights.meta["_file_size"] * 2**20),
            host=urlparse(weights.url).netloc,
            domain="photographs",
            metrics={{"box_map": "map", "mask_map": "mask_map"}[key]: value / 100 for key, value in metrics.items()},
        )
        digest = file.stem.rpartition("-")[2]
        found.append(Published(card, weights.url, digest, file.name, preparation, tuple(weights.meta["categories"])))
    return tuple(found)


def from_timm(architecture: str, tag: str, size: int) -> tuple[Published, ...]:
    """The ImageNet-1k weights `architecture.tag` of timm; size: bytes, about, for timm's records do not tell."""
    config = timm.get_pretrained_cfg(f"{architecture}.{tag}")
    preparation = Preparation.of_timm(resolve_data_config(pretrained_cfg=config.to_dict()))
    if config.hf_hub_id:
        url, digest = f"{HUB}/{config.hf_hub_id}/resolve/main/model.safetensors", ""
        file = f"{architecture}.{tag}.safetensors"
    else:
        url = config.url
        file = PurePosixPath(urlparse(url).path).name
        digest = PurePosixPath(file).stem.rpartition("-")[2]
    card = WeightsCard(name=tag, size=size, host=urlparse(url).netloc, domain="photographs")
    return (Published(card, url, digest, file, preparation, imagenet_categories()),)
