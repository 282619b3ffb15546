"""Well-known networks, written down from their papers, and the size in bytes of the files their authors publish.

YOLOv2, arXiv:1612.08242, table 6; YOLOv3, arXiv:1804.02767, table 1; YOLOv4, arXiv:2004.10934, section 3.4; their tiny
forms as Darknet has them.
"""

from __future__ import annotations

CLASSES = 80
POOL = "maxpool size=2 stride=2"
PAIRS = "10,13,16,30,33,23,30,61,62,45,59,119,116,90,156,198,373,326"


def conv(filters: int, size: int = 3, stride: int = 1, activation: str = "leaky") -> str:
    return (
        f"convolutional batch_normalize=1 filters={filters} size={size} stride={stride} pad=1 activation={activation}"
    )


def last(boxes: int) -> str:
    return f"convolutional filters={boxes * (5 + CLASSES)} size=1 stride=1 pad=1 activation=linear"


def head(mask: str, pairs: int = 9) -> str:
    return f"yolo classes={CLASSES} num={pairs} mask={mask} anchors={PAIRS}"


def yolo_v2() -> list[str]:
    squeezed = [[128, 64, 128], [256, 128, 256], [512, 256, 512, 256, 512], [1024, 512, 1024, 512, 1024]]
    parts = [conv(32), POOL, conv(64), POOL]
    for number, stage in enumerate(squeezed):
        parts += [conv(filters, 3 if place % 2 == 0 else 1) for place, filters in enumerate(stage)]
        parts += [POOL] * (number < 3)
    parts += [
        conv(1024),
        conv(1024),
        "route layers=-9",
        conv(64, 1),
        "reorg stride=2",
        "route layers=-1,-4",
        conv(1024),
    ]
    return [*parts, last(5), f"region classes={CLASSES} num=5 softmax=1 anchors=1,1,2,2,3,3,4,4,5,5"]


def yolo_v3() -> list[str]:
    parts = [conv(32)]
    for filters, blocks in ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4)):
        parts.append(conv(filters, 3, 2))
        parts += [conv(filters // 2, 1), conv(filters), "shortcut from=-3 activation=linear"] * blocks
    for filters, mask, join in ((512, "6,7,8", 61), (256, "3,4,5", 36), (128, "0,1,2", 0)):
        parts += [*[conv(filters, 1), conv(2 * filters)] * 3, last(3), head(mask)]
        if join:
            parts += ["route layers=-4", conv(filters // 2, 1), "upsample stride=2", f"route layers=-1,{join}"]
    return parts


def yolo_v3_tiny() -> list[str]:
    parts = [part for filters in (16, 32, 64, 128, 256) for part in (conv(filters), POOL)]
    parts += [conv(512), "maxpool size=2 stride=1", conv(1024), conv(256, 1), conv(512), last(3), head("3,4,5", 6)]
    parts += ["route layers=-4", conv(128, 1), "upsample stride=2", "route layers=-1,8"]
    return [*parts, conv(256), last(3), head("0,1,2", 6)]


def yolo_v4_tiny() -> list[str]:
    parts = [conv(32, 3, 2), conv(64, 3, 2)]
    for filters in (64, 128, 256):
        half = filters // 2
        parts += [conv(filters), "route layers=-1 groups=2 group_id=1", conv(half), conv(half), "route layers=-1,-2"]
        parts += [conv(filters, 1), "route layers=-6,-1", POOL]
    parts += [conv(512), conv(256, 1), conv(512), last(3), head("3,4,5", 6)]
    parts += ["route layers=-4", conv(128, 1), "upsample stride=2", "route layers=-1,23"]
    return [*parts, conv(256), last(3), head("1,2,3", 6)]


def yolo_v4() -> list[str]:
    """CSPDarknet-53 with mish; the layer that each join reads is counted as the network is written."""
    parts: list[str] = [conv(32, activation="mish")]
    ends: list[int] = []
    for filters, blocks in ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4)):
        half = filters if filters == 64 else filters // 2
        parts += [conv(filters, 3, 2, "mish"), conv(half, 1, activation="mish")]
        parts += ["route layers=-2", conv(half, 1, activation="mish")]
        inner = conv(32 if filters == 64 else half, 1, activation="mish")
        parts += [inner, conv(half, activation="mish"), "shortcut from=-3 activation=linear"] * blocks
        parts += [conv(half, 1, activation="mish"), f"route layers=-1,-{3 * blocks + 4}"]
        parts.append(conv(filters, 1, activation="mish"))
        ends.append(len(parts) - 1)
    parts += [conv(512, 1), conv(1024), conv(512, 1), "maxpool stride=1 size=5", "route layers=-2"]
    parts += ["maxpool stride=1 size=9", "route layers=-4", "maxpool stride=1 size=13", "route layers=-1,-3,-5,-6"]
    parts += [conv(512, 1), conv(1024), conv(512, 1)]
    tops = [len(parts) - 1]
    for filters, end in ((256, ends[3]), (128, ends[2])):
        parts += [conv(filters, 1), "upsample stride=2", f"route layers={end}", conv(filters, 1), "route layers=-1,-3"]
        parts += [conv(filters, 1), conv(2 * filters)] * 2 + [conv(filters, 1)]
        tops.append(len(parts) - 1)
    parts += [conv(256), last(3), head("0,1,2")]
    for filters, mask, top, back in ((256, "3,4,5", tops[1], 4), (512, "6,7,8", tops[0], 4)):
        parts += [f"route layers=-{back}", conv(filters, 3, 2), f"route layers=-1,{top}"]
        parts += [conv(filters, 1), conv(2 * filters)] * 3 + [last(3), head(mask)]
    return parts


PUBLISHED = {
    "yolov2": (yolo_v2, 608, 203_934_260, 16, 62.94),
    "yolov3": (yolo_v3, 416, 248_007_048, 20, 65.86),
    "yolov3-tiny": (yolo_v3_tiny, 416, 35_434_956, 20, 5.57),
    "yolov4": (yolo_v4, 608, 257_717_640, 20, 128.46),
    "yolov4-tiny": (yolo_v4_tiny, 416, 24_251_276, 20, 6.91),
}
"""How it is written, its input's side, the bytes of the published file and of its header, and Darknet's own billions of
operations, two a multiply-add.
"""
