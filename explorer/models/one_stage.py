"""A detector of one pass over torchvision's own parts: Liu et al., SSD, ECCV 2016, arXiv:1512.02325; Lin et al.,
RetinaNet, ICCV 2017, arXiv:1708.02002; Tian et al., FCOS, ICCV 2019, arXiv:1904.01355."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import torch
from torch import Tensor, nn
from torchvision.models.detection._utils import BoxLinearCoder
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.fcos import FCOS
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.retinanet import RetinaNet
from torchvision.models.detection.ssd import SSD

from explorer.ops.shadow import shadow
from explorer.records.frame import Size

LAYOUTS = 8
"""Sizes of input whose boxes are remembered: 3 MB each at 800 x 1088 pixels."""


@dataclass(frozen=True)
class Rules:
    """How a detector judges what it reads.

    per: among which candidates only the best `candidates` meet in NMS, those of a class or those of a map; iou: the
    overlap from which on a box goes; kept: as many of what NMS leaves are answered.
    """

    per: Literal["class", "map"]
    candidates: int
    iou: float
    kept: int


class OneStage(nn.Module):
    """torchvision's SSD, RetinaNet or FCOS as networks run here: one pass over pictures, judged afterwards.

    Its parts and the names of its state are torchvision's; names: what the paper calls each map, the finest first.
    """

    def __init__(self, whole: SSD | RetinaNet | FCOS, names: tuple[str, ...]) -> None:
        super().__init__()
        self.backbone, self.head, self.anchor_generator = whole.backbone, whole.head, whole.anchor_generator
        self.box_coder, self.names = whole.box_coder, names
        self.background = isinstance(whole, SSD)
        per: Literal["class", "map"] = "class" if self.background else "map"
        self.rules = Rules(per, whole.topk_candidates, whole.nms_thresh, whole.detections_per_img)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (n, 3, h, w) to rows (n, numbers): what the head reads on all maps (`After` takes it apart)."""
        return torch.cat([part.flatten(1) for part in self.parts(x)[1].values()], 1)

    def parts(self, x: Tensor) -> tuple[list[Tensor], dict[str, Tensor]]:
        """The maps (n, c, rows, columns), and what the head reads, (n, boxes of all maps, numbers of a box) each."""
        maps = list(self.backbone(x).values())
        return maps, self.head(maps)


@dataclass(frozen=True)
class Grid:
    """A map's cells: `anchors` boxes begin at each.

    stride: width and height of a cell in pixels of the network's input; first: number of its first box among all.
    """

    name: str
    rows: int
    columns: int
    anchors: int
    stride: tuple[float, float]
    first: int

    @property
    def boxes(self) -> slice:
        """Its boxes among those of all maps: by row, column and anchor."""
        return slice(self.first, self.first + self.rows * self.columns * self.anchors)


@dataclass(frozen=True)
class Read:
    """What a pass read of one picture: N boxes of all maps, by map, row, column and anchor; c classes.

    start (N, 4): the boxes that cells begin with, x0 y0 x1 y1 in pixels of the network's input; offsets (N, 4), logits
    (N, c) and centres (N,), the raw centre-ness of FCOS: what the head read; size, picture: (height, width) of the
    input, and of what of it is no padding.
    """

    grids: tuple[Grid, ...]
    start: Tensor
    offsets: Tensor
    logits: Tensor
    centres: Tensor | None
    size: Size
    picture: Size

    @property
    def finite(self) -> bool:
        """Whether all that was read are numbers."""
        read = (self.offsets, self.logits, *(() if self.centres is None else (self.centres,)))
        return all(bool(torch.isfinite(part).all()) for part in read)

    @property
    def places(self) -> Tensor:
        """Int64 (N, 4): level, row, column and anchor of each box."""
        parts = []
        for level, grid in enumerate(self.grids):
            sides = (torch.arange(side) for side in (grid.rows, grid.columns, grid.anchors))
            places = torch.cartesian_prod(*sides)
            parts.append(torch.cat([places.new_full((len(places), 1), level), places], 1))
        return torch.cat(parts)


class After:
    """What lies after the pass of a detector, on the processor.

    points: boxes are measured from points and not from boxes to begin with; background: class 0 is no thing.
    """

    def __init__(self, one: OneStage) -> None:
        self._light = shadow(one).eval()
        self._generator = copy.deepcopy(one.anchor_generator).cpu()
        self._names, self._coder = one.names, one.box_coder
        self.points = isinstance(one.box_coder, BoxLinearCoder)
        self.background, self.rules = one.background, one.rules
        self._laid_out = lru_cache(maxsize=LAYOUTS)(self._lay_out)

    def _lay_out(self, size: Size) -> tuple[tuple[Grid, ...], Tensor, dict[str, torch.Size]]:
        """The grids of an input of `size`, the boxes that they begin with, and the shapes of what the head reads."""
        with torch.inference_mode():
            maps, read = self._light.parts(torch.empty(1, 3, *size, device="meta"))
            images = ImageList(torch.zeros(1).expand(1, 3, *size), [size])
            (start,) = self._generator(images, [torch.zeros(1).expand(one.shape) for one in maps])
        grids: list[Grid] = []
        first, each = 0, self._generator.num_anchors_per_location()
        for level, (name, one, anchors) in enumerate(zip(self._names, maps, each, strict=True)):
            rows, columns = one.shape[-2:]
            grids.append(Grid(name, rows, columns, anchors, self._stride(level, size, (rows, columns)), first))
            first = grids[-1].boxes.stop
        return tuple(grids), start, {name: part.shape[1:] for name, part in read.items()}

    def _stride(self, level: int, size: Size, cells: Size) -> tuple[float, float]:
        """Width and height of a cell, as the boxes to begin with are laid out."""
        if not isinstance(self._generator, DefaultBoxGenerator):
            return float(size[1] // cells[1]), float(size[0] // cells[0])
        if self._generator.steps is None:
            return size[1] / cells[1], size[0] / cells[0]
        return float(self._generator.steps[level]), float(self._generator.steps[level])

    def read(self, row: Tensor, size: Size, picture: Size) -> Read:
        """A row of the pass over an input of `size` taken apart; picture: (height, width) of what is no padding."""
        grids, start, shapes = self._laid_out(size)
        split = row.split([shape.numel() for shape in shapes.values()])
        parts = {name: part.view(shape) for (name, shape), part in zip(shapes.items(), split, strict=True)}
        centres = parts["bbox_ctrness"][:, 0] if "bbox_ctrness" in parts else None
        return Read(grids, start, parts["bbox_regression"], parts["cls_logits"], centres, size, picture)

    def classes(self, logits: Tensor) -> Tensor:
        """Logits (n, c) in [0, 1]: all classes of a box share 1 where one of them is the background."""
        return logits.softmax(-1) if self.background else logits.sigmoid()

    def scores(self, read: Read) -> Tensor:
        """(N, c): what each box competes with as each class, 0 as the background and where it is no number."""
        scores = self.classes(read.logits)
        if read.centres is not None:
            scores = (scores * read.centres.sigmoid()[:, None]).sqrt()
        if not read.finite:
            scores = scores.nan_to_num(0).masked_fill(~torch.isfinite(read.offsets).all(1)[:, None], 0)
        if self.background:
            scores[:, 0] = 0
        return scores

    def boxes(self, read: Read, which: Tensor) -> Tensor:
        """Boxes (n, 4) that offsets make of those to begin with, in pixels of the input, not clipped."""
        offsets, start = read.offsets[which], read.start[which]
        return self._coder.decode(offsets, start) if self.points else self._coder.decode_single(offsets, start)

    def moves(self, read: Read, which: Tensor) -> tuple[Tensor, Tensor]:
        """How `boxes` comes about, (n, 4) each: what offsets mean, and what they are applied to.

        Of points: distances to the four sides, and x, y, 0, 0; of boxes: shifts in their sides with what these are
        multiplied by, and their centre x, centre y, width and height. All in pixels of the input.
        """
        offsets, start = read.offsets[which], read.start[which]
        sides = start[:, 2:] - start[:, :2]
        centre = start[:, :2] + sides / 2
        if self.points:
            return offsets * sides.repeat(1, 2), torch.cat([centre, torch.zeros_like(sides)], 1)
        scaled = offsets / offsets.new_tensor(self._coder.weights)
        grown = scaled[:, 2:].clamp(max=self._coder.bbox_xform_clip).exp()
        return torch.cat([scaled[:, :2], grown], 1), torch.cat([centre, sides], 1)


def after_pass(module: nn.Module) -> tuple[nn.Module, After]:
    """The network itself, and what lies after its pass. Raises TypeError for what is no detector of one pass."""
    if not isinstance(module, OneStage):
        raise TypeError(f"a detector of one pass was wanted, got {type(module).__name__}")
    return module, After(module)
