"""A detector of two passes over torchvision's own parts: Ren et al., NIPS 2015, arXiv:1506.01497; Lin et al., FPN,
CVPR 2017, arXiv:1612.03144; He et al., Mask R-CNN, ICCV 2017, arXiv:1703.06870."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, nn
from torchvision.models.detection.faster_rcnn import FasterRCNN
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.rpn import concat_box_prediction_layers
from torchvision.ops import MultiScaleRoIAlign

from explorer.models.two_stage_steps import AnchorMap, Judging, Proposing, judge, propose
from explorer.ops.shadow import shadow
from explorer.records.frame import Size

OLD_NAMES = (
    (re.compile(r"^(backbone\.fpn\.(?:inner|layer)_blocks\.\d+)\.(weight|bias)$"), r"\1.0.\2"),
    (re.compile(r"^(rpn\.head\.conv)\.(weight|bias)$"), r"\1.0.0.\2"),
)
OLD_MASK = re.compile(r"^(roi_heads\.mask_head)\.mask_fcn(\d+)\.(weight|bias)$")


class TwoStage(nn.Module):
    """torchvision's Faster or Mask R-CNN as networks run here: a first pass over pictures, a second over regions.

    Its parts and the names of its state are torchvision's; what lies between the passes learns nothing.
    """

    def __init__(self, whole: FasterRCNN) -> None:
        super().__init__()
        self.backbone, self.rpn, self.roi_heads = whole.backbone, whole.rpn, whole.roi_heads

    def forward(self, x: Tensor) -> Tensor:
        """The first pass: pictures (n, 3, h, w), sides a multiple of 32, to rows (n, numbers).

        A row holds all maps, each map's objectness and each map's box offsets, one after another (`FirstPass` takes
        it apart).
        """
        return torch.cat([part.flatten(1) for part in self.parts(x).values()], dim=1)

    def parts(self, x: Tensor) -> dict[str, Tensor]:
        """What a row is made of: maps by their names, then `objectness N` and `offsets N` of the Nth map."""
        maps = self.backbone(x)
        objectness, offsets = self.rpn.head(list(maps.values()))
        return {
            **maps,
            **{f"objectness {i}": part for i, part in enumerate(objectness)},
            **{f"offsets {i}": part for i, part in enumerate(offsets)},
        }

    def everything(self, x: Tensor) -> None:
        """All that one picture costs at most: as many regions and masks as are kept."""
        self.forward(x)
        heads = self.roi_heads
        regions = self.rpn.post_nms_top_n()
        channels = self.backbone.out_channels
        heads.box_predictor(heads.box_head(x.new_empty(regions, channels, *heads.box_roi_pool.output_size)))
        if heads.mask_head is not None:
            masks = x.new_empty(heads.detections_per_img, channels, *heads.mask_roi_pool.output_size)
            heads.mask_predictor(heads.mask_head(masks))


class BoxHead(nn.Module):
    """The second pass: pooled regions (n, c, bins, bins) to rows (n, classes + 4 classes), logits and box offsets."""

    def __init__(self, two: TwoStage) -> None:
        super().__init__()
        self.head, self.predictor = two.roi_heads.box_head, two.roi_heads.box_predictor

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat(self.predictor(self.head(x)), dim=1)


@dataclass(frozen=True)
class Level:
    """A map that regions are cut from.

    stride: pixels of the network's input between its cells; values: (c, h, w).
    """

    name: str
    stride: int
    values: Tensor


class Between:
    """What lies between the two passes of a detector, on the processor.

    bins: of a pooled region on either side; samples: of a bin on either side.
    """

    def __init__(self, two: TwoStage) -> None:
        pool = two.roi_heads.box_roi_pool
        self.bins, self.samples = int(pool.output_size[0]), int(pool.sampling_ratio)
        self._names = tuple(pool.featmap_names)
        self._light = shadow(two).eval()
        self._rpn = copy.deepcopy(two.rpn).cpu().eval()
        self._heads = two.roi_heads
        self._shapes = lru_cache(maxsize=32)(self._measured)

    def _measured(self, size: Size) -> tuple[tuple[str, tuple[int, ...]], ...]:
        with torch.inference_mode():
            parts = self._light.parts(torch.empty(1, 3, *size, device="meta"))
        return tuple((name, tuple(part.shape[1:])) for name, part in parts.items())

    def _apart(self, row: Tensor, size: Size) -> dict[str, Tensor]:
        shapes = self._shapes(size)
        lengths = [torch.Size(shape).numel() for _, shape in shapes]
        return {name: part.view(shape) for (name, shape), part in zip(shapes, row.split(lengths), strict=True)}

    def levels(self, row: Tensor, size: Size) -> tuple[Level, ...]:
        """The maps that regions are cut from, the finest first, of a row of the first pass over an input of `size`."""
        parts = self._apart(row, size)
        return tuple(
            Level(name, size[0] // values.shape[-2], values) for name, values in parts.items() if name in self._names
        )

    def proposals(self, row: Tensor, size: Size, picture: Size) -> tuple[Tensor, Tensor]:
        """The RPN's own: boxes (n, 4) in pixels of the input and objectness (n,), the best first.

        size: of the input; picture: (height, width) of the part of it that is picture and not padding.
        """
        read = self._read(row, size, picture)
        with torch.inference_mode():
            boxes = self._rpn.box_coder.decode(read.offsets, [read.anchors]).view(1, -1, 4)
            each = [one.anchors for one in read.maps]
            found, sure = self._rpn.filter_proposals(boxes, read.logits, [picture], each)
        return found[0], sure[0]

    def proposing(self, row: Tensor, size: Size, picture: Size) -> Proposing:
        """As `proposals`, step by step, with all that is left out on the way."""
        read = self._read(row, size, picture)
        with torch.inference_mode():
            return propose(self._rpn, read.maps, read.anchors, read.logits.flatten(), read.offsets, picture)

    def _read(self, row: Tensor, size: Size, picture: Size) -> _Read:
        parts = self._apart(row, size)
        objectness, offsets = (
            [part[None] for name, part in parts.items() if name.startswith(kind)] for kind in ("objectness", "offsets")
        )
        named = {name: part[None] for name, part in parts.items() if " " not in name}
        images = ImageList(torch.zeros(1).expand(1, 3, *size), [picture])
        with torch.inference_mode():
            (anchors,) = self._rpn.anchor_generator(images, list(named.values()))
            logits, moves = concat_box_prediction_layers(objectness, offsets)
        maps: list[AnchorMap] = []
        for (name, part), priors in zip(named.items(), self._rpn.anchor_generator.cell_anchors, strict=True):
            rows, columns = part.shape[-2:]
            stride, first = (size[0] // rows, size[1] // columns), sum(one.anchors for one in maps)
            maps.append(AnchorMap(name, rows, columns, stride, priors, first))
        return _Read(tuple(maps), anchors, logits, moves)

    def moved(self, offsets: Tensor, box: Tensor) -> Tensor:
        """Boxes (n, classes, 4) that offsets (n, 4 classes) make of `box` (4,)."""
        return self._heads.box_coder.decode(offsets, [box.expand(len(offsets), 4)])

    def pooled(self, row: Tensor, size: Size, picture: Size, boxes: Tensor) -> Tensor:
        """Boxes (n, 4) cut from their levels by torchvision's RoI Align, (n, c, bins, bins).

        size, picture: as of `proposals`.
        """
        maps = {level.name: level.values[None] for level in self.levels(row, size)}
        pool = MultiScaleRoIAlign(list(self._names), self.bins, self.samples)
        return pool(maps, [boxes], [picture])

    def detections(
        self, rows: Tensor, boxes: Tensor, picture: Size, score: float, iou: float | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """What remains of boxes (n, 4) with their rows of the second pass, after class-wise NMS at an overlap of `iou`,
        the detector's own where None: boxes (m, 4), scores (m,) of at least `score`, best first, and labels (m,), as
        torchvision's RoIHeads has it."""
        heads = copy.copy(self._heads)
        heads.score_thresh = score
        heads.nms_thresh = heads.nms_thresh if iou is None else iou
        classes = rows.shape[1] // 5
        logits, offsets = rows[:, :classes], rows[:, classes:]
        found, scores, labels = heads.postprocess_detections(logits, offsets, [boxes], [picture])
        return found[0], scores[0], labels[0]

    def judging(self, rows: Tensor, boxes: Tensor, picture: Size, score: float, iou: float | None = None) -> Judging:
        """As `detections`, step by step, with all that is left out on the way."""
        with torch.inference_mode():
            return judge(self._heads, rows, boxes, picture, score, self._heads.nms_thresh if iou is None else iou)


@dataclass(frozen=True)
class _Read:
    """What the RPN reads, and where it begins: anchors, offsets (N, 4) and logits (N, 1) of all maps."""

    maps: tuple[AnchorMap, ...]
    anchors: Tensor
    logits: Tensor
    offsets: Tensor


def second_pass(module: nn.Module) -> tuple[nn.Module, Between]:
    """The box head as a network of its own, and what leads to it. Raises TypeError for what has no second pass."""
    if not isinstance(module, TwoStage):
        raise TypeError(f"a detector of two passes was wanted, got {type(module).__name__}")
    return BoxHead(module), Between(module)


def with_new_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A published state under the names its parts have had since torchvision 0.13, as torchvision itself renames."""
    return {_new_name(name): tensor for name, tensor in state.items() if not name.endswith("num_batches_tracked")}


def _new_name(name: str) -> str:
    for pattern, to in OLD_NAMES:
        name = pattern.sub(to, name)
    return OLD_MASK.sub(lambda found: f"{found[1]}.{int(found[2]) - 1}.0.{found[3]}", name)
