"""How each section of a Darknet .cfg is read from its options; defaults are Darknet's own."""

from __future__ import annotations

from collections.abc import Callable

from explorer.models.darknet.heads import detection, region, yolo
from explorer.models.darknet.options import Options
from explorer.models.darknet.section import Section
from explorer.models.darknet.sections import (
    AvgPool,
    Connected,
    Convolutional,
    Cost,
    Dropout,
    Local,
    MaxPool,
    Net,
    Reorg,
    Route,
    Sam,
    ScaleChannels,
    Shortcut,
    Softmax,
    Upsample,
)

ACTIVATIONS = ("leaky", "linear", "relu", "relu6", "logistic", "mish", "swish")
MOST_FILTERS = 65_536
MOST_SIDE = 4_096
MOST_WINDOW = 100


def net(options: Options) -> Net:
    """Raises Mistake where the input's size is missing or beyond reason."""
    height, width = options.whole("height", 0, 1, MOST_SIDE), options.whole("width", 0, 1, MOST_SIDE)
    channels = options.whole("channels", 0, 1, 1_024)
    if not (height and width and channels):
        raise options.wrong("gives no size of its input", "it needs width, height and channels")
    return Net(options.kind, options.index, options.line, (height, width), channels)


def convolutional(options: Options) -> Convolutional:
    options.without(("binary", "xnor", "antialiasing", "share_index", "flipped", "coordconv", "reverse", "bin_output"))
    options.without(("sway", "rotate", "stretch", "stretch_sway"))
    size = options.whole("size", 1, 1, MOST_WINDOW)
    padding = options.whole("padding", 0, 0, MOST_WINDOW)
    dilation = options.whole("dilation", 1, 1, 64) if size > 1 else 1
    padding = size // 2 if options.flag("pad") else padding
    if dilation > 1 and padding != (size - 1) / 2:
        raise options.wrong("is dilated and does not keep its size", "give pad=1 and an odd size")
    return Convolutional(
        *(options.kind, options.index, options.line),
        filters=options.whole("filters", 1, 1, MOST_FILTERS),
        size=size,
        stride=_strides(options),
        padding=padding * dilation,
        dilation=dilation,
        groups=options.whole("groups", 1, 1, MOST_FILTERS),
        batch_normalize=options.flag("batch_normalize") or options.flag("cbn"),
        activation=_activation(options, "logistic"),
    )


def local(options: Options) -> Local:
    size, padded = options.whole("size", 1, 1, MOST_WINDOW), options.flag("pad")
    if padded and size != 3:
        raise options.wrong("is padded and its size is not 3", "Darknet itself reads that in two ways, so give pad=0")
    return Local(
        *(options.kind, options.index, options.line),
        filters=options.whole("filters", 1, 1, MOST_FILTERS),
        size=size,
        stride=options.whole("stride", 1, 1, MOST_WINDOW),
        padding=int(padded),
        activation=_activation(options, "logistic"),
    )


def connected(options: Options) -> Connected:
    return Connected(
        *(options.kind, options.index, options.line),
        outputs=options.whole("output", 1, 1, 1_000_000),
        batch_normalize=options.flag("batch_normalize"),
        activation=_activation(options, "logistic"),
    )


def maxpool(options: Options) -> MaxPool:
    options.without(("maxpool_depth", "antialiasing", "maxpool_zero_nonmax"))
    size = options.whole("size", options.whole("stride", 1, 1, MOST_WINDOW), 1, MOST_WINDOW)
    padding = options.whole("padding", size - 1, 0, MOST_WINDOW)
    return MaxPool(options.kind, options.index, options.line, size, _strides(options), padding)


def avgpool(options: Options) -> AvgPool:
    return AvgPool(options.kind, options.index, options.line)


def route(options: Options) -> Route:
    groups = options.whole("groups", 1, 1, MOST_FILTERS)
    group = options.whole("group_id", 0, 0, groups - 1)
    return Route(options.kind, options.index, options.line, _earlier(options, "layers"), groups, group)


def shortcut(options: Options) -> Shortcut:
    options.word("weights_type", "none", ("none",), "weights_type")
    return Shortcut(
        options.kind, options.index, options.line, _earlier(options, "from"), _activation(options, "linear")
    )


def scale_channels(options: Options) -> ScaleChannels:
    layer, places = _one_earlier(options), options.flag("scale_wh")
    return ScaleChannels(options.kind, options.index, options.line, layer, places, _activation(options, "linear"))


def sam(options: Options) -> Sam:
    return Sam(options.kind, options.index, options.line, _one_earlier(options), _activation(options, "linear"))


def upsample(options: Options) -> Upsample:
    stride, scale = options.whole("stride", 2, 1, 64), options.real("scale", 1.0, -1e6, 1e6)
    return Upsample(options.kind, options.index, options.line, stride, scale)


def reorg(options: Options) -> Reorg:
    options.without(("flatten", "extra"))
    return Reorg(options.kind, options.index, options.line, options.whole("stride", 1, 1, 64), options.flag("reverse"))


def dropout(options: Options) -> Dropout:
    return Dropout(options.kind, options.index, options.line, options.real("probability", 0.2, 0, 1))


def softmax(options: Options) -> Softmax:
    options.without(("tree", "spatial"))
    groups, temperature = options.whole("groups", 1, 1, MOST_FILTERS), options.real("temperature", 1.0, 1e-6, 1e6)
    return Softmax(options.kind, options.index, options.line, groups, temperature)


def cost(options: Options) -> Cost:
    return Cost(options.kind, options.index, options.line)


READERS: dict[str, Callable[[Options], Section]] = {
    **dict.fromkeys(("convolutional", "conv"), convolutional),
    **dict.fromkeys(("connected", "conn"), connected),
    **dict.fromkeys(("maxpool", "max"), maxpool),
    **dict.fromkeys(("avgpool", "avg"), avgpool),
    **dict.fromkeys(("softmax", "soft"), softmax),
    "local": local,
    "route": route,
    "shortcut": shortcut,
    "scale_channels": scale_channels,
    "sam": sam,
    "upsample": upsample,
    "reorg": reorg,
    "dropout": dropout,
    "cost": cost,
    "region": region,
    "yolo": yolo,
    "detection": detection,
}
"""How each kind of section is read, by the names that Darknet knows it by."""


def _activation(options: Options, default: str) -> str:
    return options.word("activation", default, ACTIVATIONS, "activation")


def _strides(options: Options) -> tuple[int, int]:
    """(down, across)."""
    stride = options.whole("stride", 1, 1, MOST_WINDOW)
    return options.whole("stride_y", stride, 1, MOST_WINDOW), options.whole("stride_x", stride, 1, MOST_WINDOW)


def _one_earlier(options: Options) -> int:
    layers = _earlier(options, "from")
    if len(layers) != 1:
        raise options.wrong(f"names {len(layers)} layers", "give one")
    return layers[0]


def _earlier(options: Options, key: str) -> tuple[int, ...]:
    """The numbers of the layers it reads: counted from 0, or back from this one where negative."""
    written = options.wholes(key, -1_000_000, 1_000_000)
    if not written:
        raise options.wrong(f"names no layer under {key}", f"give {key}= with the layers it reads")
    layers = tuple(options.index + number if number < 0 else number for number in written)
    for number, layer in zip(written, layers, strict=True):
        if not 0 <= layer < options.index:
            known = f"only 0 to {options.index - 1} come before it" if options.index else "none comes before it"
            raise options.wrong(f"reads {number}, which is layer {layer}", known)
    return layers
