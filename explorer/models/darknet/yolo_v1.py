"""YOLO's first form as a cfg: Redmon, Divvala, Girshick, Farhadi, CVPR 2016, figure 3, arXiv:1506.02640."""

from __future__ import annotations

CLASSES, SIDE, BOXES = 20, 7, 2

_POOL = (0, 0, 0)
_LAYERS = (
    *((64, 7, 2), _POOL),
    *((192, 3, 1), _POOL),
    *((128, 1, 1), (256, 3, 1), (256, 1, 1), (512, 3, 1), _POOL),
    *(((256, 1, 1), (512, 3, 1)) * 4),
    *((512, 1, 1), (1024, 3, 1), _POOL),
    *(((512, 1, 1), (1024, 3, 1)) * 2),
    *((1024, 3, 1), (1024, 3, 2)),
    *((1024, 3, 1), (1024, 3, 1)),
)
"""Filters, size, stride of the 24 convolutions, as figure 3 has them; _POOL: a 2x2 pool of stride 2."""


def yolo_v1(classes: int = CLASSES, side: int = SIDE, boxes: int = BOXES) -> str:
    """The cfg of a network for 64 x side pixels a side: 24 convolutions, two connected layers, S x S x (5 B + C)."""
    parts = [f"[net]\nwidth={64 * side}\nheight={64 * side}\nchannels=3"]
    for filters, size, stride in _LAYERS:
        if not filters:
            parts.append("[maxpool]\nsize=2\nstride=2")
        else:
            parts.append(f"[convolutional]\nfilters={filters}\nsize={size}\nstride={stride}\npad=1\nactivation=leaky")
    parts += [
        "[connected]\noutput=4096\nactivation=leaky",
        "[dropout]\nprobability=.5",
        f"[connected]\noutput={side**2 * (5 * boxes + classes)}\nactivation=linear",
        f"[detection]\nclasses={classes}\ncoords=4\nside={side}\nnum={boxes}\nsoftmax=0\nsqrt=1\nrescore=1",
    ]
    return "\n\n".join(parts) + "\n"
