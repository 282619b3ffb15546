"""Preparation is the weights' own transforms, to the last bit, and says where each crop came from."""

from __future__ import annotations

import numpy as np
import pytest
import timm
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from timm.data import create_transform, resolve_data_config
from torchvision.models import get_model_weights
from torchvision.transforms import InterpolationMode

from explorer.errors import Mistake
from explorer.models.preparation import InkPreparation, Preparation
from explorer.models.registry import models
from explorer.records.frame import Frame
from explorer.training.recipe import recipes

PLAIN = Preparation(8, 6, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), InterpolationMode.NEAREST)


def noise(height: int, width: int, seed: int = 0) -> Frame:
    return Frame(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


TORCHVISION = [
    (one.name, card.name) for one in models().cards("classify") for card in one.weights if "pytorch" in card.host
]
TIMM = {
    "mobilenet_v1": "mobilenetv1_100.ra4_e3600_r224_in1k",
    "xception": "legacy_xception.tf_in1k",
    "inception_v4": "inception_v4.tf_in1k",
    "inception_resnet_v2": "inception_resnet_v2.tf_in1k",
    "se_resnet50": "seresnet50.a1_in1k",
    "nfnet_l0": "nfnet_l0.ra2_in1k",
    "dla34": "dla34.in1k",
}


@pytest.mark.parametrize(("name", "weights"), TORCHVISION)
def test_the_same_as_torchvision(name: str, weights: str) -> None:
    frame = noise(300, 400)
    theirs = get_model_weights(name)[weights].transforms()(Image.fromarray(frame.pixels))
    ours = models().get(name).weights(weights).preparation.batch(frame)
    assert torch.equal(ours[0], theirs)


@pytest.mark.parametrize(("name", "tag"), TIMM.items())
def test_the_same_as_timm(name: str, tag: str) -> None:
    config = resolve_data_config(pretrained_cfg=timm.get_pretrained_cfg(tag).to_dict())
    frame = noise(300, 400)
    theirs = create_transform(**config)(Image.fromarray(frame.pixels))
    ours = models().get(name).weights().preparation.batch(frame)
    assert torch.allclose(ours[0], theirs, atol=1e-6)


def test_every_timm_model_is_checked() -> None:
    ours = {recipes().get(name).model for name in recipes()}
    published = {card.name for card in models().cards("classify") if card.weights}
    assert published <= {name for name, _ in TORCHVISION} | set(TIMM) | ours


def written(colours: tuple[int, int], where: tuple[int, int, int, int]) -> Frame:
    """A bar of ink: (paper, ink) levels, x0 y0 x1 y1 in a picture of 90 x 120."""
    x0, y0, x1, y1 = where
    pixels = np.full((90, 120, 3), colours[0], np.uint8)
    pixels[y0:y1, x0:x1] = colours[1]
    return Frame(pixels)


@pytest.mark.parametrize("colours", [(255, 0), (0, 255), (230, 60), (40, 200)])
def test_a_digit_is_found_on_light_paper_and_on_dark(colours: tuple[int, int]) -> None:
    preparation = InkPreparation(0.0, 1.0)
    frame = written(colours, (70, 10, 80, 50))
    (pixels,) = preparation.batch(frame)[0].numpy()
    assert preparation.windows(frame).tolist() == [[70, 10, 80, 50]]
    rows, columns = np.nonzero(pixels > pixels.max() / 2)
    assert (rows.min(), rows.max() + 1) == (4, 24) and 5 <= columns.max() + 1 - columns.min() <= 6
    assert abs((columns * 1.0).mean() - 13.5) <= 0.5 and abs((rows * 1.0).mean() - 13.5) <= 0.5
    assert pixels[:3].max() == 0


def test_an_empty_paper_is_an_empty_input() -> None:
    preparation = InkPreparation(0.0, 1.0)
    for level in (0, 128, 255):
        frame = written((level, level), (0, 0, 1, 1))
        assert preparation.batch(frame).shape == (1, 1, 28, 28) and preparation.batch(frame).isfinite().all()
        assert preparation.windows(frame).shape == (1, 4)


def test_a_digit_is_read_whole() -> None:
    with pytest.raises(Mistake, match="ask for 1 crop"):
        InkPreparation(0.13, 0.31).batch(written((255, 0), (1, 1, 9, 9)), 10)


def test_ten_crops_are_corners_and_centre_and_their_reflections() -> None:
    frame = noise(8, 12)
    batch = (PLAIN.batch(frame, 10) * 255).round().to(torch.uint8)
    pixels = torch.from_numpy(frame.pixels.copy()).permute(2, 0, 1)
    starts = [(0, 0), (0, 6), (2, 0), (2, 6), (1, 3)]
    crops = [pixels[:, y : y + 6, x : x + 6] for y, x in starts]
    assert torch.equal(batch, torch.stack([*crops, *(crop.flip(2) for crop in crops)]))


@settings(max_examples=60, deadline=None)
@given(st.integers(8, 90), st.integers(8, 90), st.sampled_from([1, 10]))
def test_windows_are_where_the_crops_came_from(height: int, width: int, crops: int) -> None:
    """A picture whose colour is its own coordinate tells, through the crop, where the crop was."""
    side = Preparation(32, 32, (0.0,) * 3, (1.0,) * 3, InterpolationMode.BILINEAR)
    y, x = np.mgrid[:height, :width]
    ramp = np.stack([(x + 0.5) / width * 255, (y + 0.5) / height * 255, 0 * x], -1).round().astype(np.uint8)
    batch = side.batch(Frame(ramp), crops).numpy()
    windows = side.windows(Frame(ramp), crops)
    assert windows.shape == (crops, 4)
    for crop, (x0, y0, x1, y1) in zip(batch, windows, strict=True):
        middle = crop[:2, 15:17, 15:17].mean((1, 2)) * np.array([width, height])
        coarse = np.array([width, height]) * 2 / 255 + 0.51
        assert np.all(np.abs(middle - [(x0 + x1) / 2, (y0 + y1) / 2]) <= coarse)
        assert -0.51 <= x0 < x1 <= width + 0.51 and -0.51 <= y0 < y1 <= height + 0.51


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (31, 31), (1, 50), (500, 20)])
def test_any_size_of_picture_makes_an_input(size: tuple[int, int]) -> None:
    batch = models().get("squeezenet1_0").weights().preparation.batch(noise(*size), 10)
    assert batch.shape == (10, 3, 224, 224) and batch.isfinite().all()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 120), st.integers(1, 120), st.integers(0, 99))
def test_a_whole_picture_is_resized_as_pillow_does_but_for_a_level_here_and_there(
    height: int, width: int, tall: int, wide: int, seed: int
) -> None:
    frame = noise(height, width, seed)
    made = Preparation(8, 6, (0.0,) * 3, (1.0,) * 3).scaled(frame, (tall, wide)).astype(int)
    pillow = np.asarray(Image.fromarray(frame.pixels).resize((wide, tall), Image.Resampling.BILINEAR)).astype(int)
    apart = np.abs(made - pillow)
    assert made.shape == pillow.shape and apart.max() <= 2
    assert (apart > 0).sum() <= 10 + 0.1 * apart.size and (apart > 1).sum() <= 2 + 0.001 * apart.size
