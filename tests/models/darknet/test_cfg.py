"""The .cfg reader: what Darknet means by a line."""

from __future__ import annotations

import pytest

from explorer.models.darknet import sections
from explorer.models.darknet.cfg import read_cfg
from explorer.models.darknet.heads import Detection, Region, Yolo
from explorer.models.darknet.layers import activation
from explorer.models.darknet.readers import ACTIVATIONS
from tests.models.darknet.files import EVERY, cfg

CONV = "convolutional filters=14 size=1 activation=linear"


def only(*written: str) -> sections.Section:
    """The last layer."""
    return read_cfg(cfg(*written)).layers[-1]


def test_every_kind_of_section_is_read() -> None:
    config = read_cfg(cfg(*EVERY, width=16, height=8))
    assert config.net.size == (8, 16) and config.net.channels == 3 and config.net.line == 1
    assert [layer.index for layer in config.layers] == list(range(len(EVERY)))
    assert [layer.kind for layer in config.layers] == [written.split()[0] for written in EVERY]
    assert config.layers[0] == sections.Convolutional("convolutional", 0, 6, 8, 3, (1, 1), 1, 1, 1, True, "leaky")
    assert config.layers[3] == sections.Route("route", 3, 26, (2,), 2, 1)
    assert config.layers[8] == sections.Route("route", 8, 46, (7, 1), 1, 0)
    head = config.layers[11]
    assert isinstance(head, Yolo) and head.mask == (1, 2) and head.anchors == ((3, 4), (5, 6)) and head.boxes == 2


def test_defaults_are_darknets() -> None:
    conv = only("convolutional")
    assert conv == sections.Convolutional("convolutional", 0, 6, 1, 1, (1, 1), 0, 1, 1, False, "logistic")
    assert only("maxpool stride=2") == sections.MaxPool("maxpool", 0, 6, 2, (2, 2), 1)
    assert only("max size=5") == sections.MaxPool("max", 0, 6, 5, (1, 1), 4)
    assert only("upsample") == sections.Upsample("upsample", 0, 6, 2, 1.0)
    assert only("dropout") == sections.Dropout("dropout", 0, 6, 0.2)
    region = only(CONV, "region anchors=1,1 classes=9")
    assert isinstance(region, Region) and region.boxes == 1 and not region.softmax
    yolo = only(CONV, "yolo num=2 classes=2 anchors=1,2,3,4")
    assert isinstance(yolo, Yolo) and yolo.mask == (0, 1) and yolo.scale == 1 and not yolo.activated
    detection = only("detection coords=4")
    assert isinstance(detection, Detection) and (detection.side, detection.boxes, detection.classes) == (7, 1, 1)


def test_padding_is_half_the_window_where_pad_is_on_and_grows_with_dilation() -> None:
    assert _conv("size=5 pad=1 padding=1").padding == 2
    assert _conv("size=5 pad=0 padding=1").padding == 1
    assert _conv("size=3 pad=1 dilation=4").padding == 4
    assert _conv("size=1 pad=1 dilation=4").dilation == 1
    assert _conv("size=4 pad=1").padding == 2
    assert _conv("stride=3 stride_x=2").stride == (3, 2)


def _conv(options: str) -> sections.Convolutional:
    layer = only(f"convolutional {options}")
    assert isinstance(layer, sections.Convolutional)
    return layer


@pytest.mark.parametrize(
    "written",
    [
        "[net]\r\nwidth=8\r\nheight=8\r\nchannels=3\r\n[conv]\r\nfilters=4\r\n",
        "\ufeff[net]\nwidth=8\nheight=8\nchannels=3\n[conv]\nfilters=4",
        "# mine\n; or yours\n\n [ net ]\n\twidth =\t8\n height= 8 # pixels\nchannels=3\n\n[conv]\n  filters = 4\n",
        "[network]\rwidth=8\rheight=8\rchannels=3\r[conv]\rfilters=4\r",
        "[net]\nwidth=8\nwidth=9\nheight=8\nchannels=3\nhue=.1\nsteps=400000,450000\n[conv]\nfilters=4\nfilters=5\n",
    ],
    ids=["crlf", "bom", "blanks and comments", "cr", "twins: the first holds"],
)
def test_how_a_file_may_be_written(written: str) -> None:
    config = read_cfg(written)
    assert config.net.size == (8, 8)
    (layer,) = config.layers
    assert isinstance(layer, sections.Convolutional) and layer.filters == 4


def test_anchors_that_no_mask_uses_may_be_missing() -> None:
    yolo = only(CONV, "yolo num=9 classes=2 mask=0,1 anchors=1,2,3,4")
    assert isinstance(yolo, Yolo) and yolo.anchors == ((1, 2), (3, 4))


def test_layers_are_counted_back_from_their_own_place() -> None:
    route = only("conv", "conv", "conv", "route layers=-1,-3,1")
    assert isinstance(route, sections.Route) and route.layers == (2, 0, 1)
    shortcut = only("conv", "conv", "conv", "shortcut from=-2,0")
    assert isinstance(shortcut, sections.Shortcut) and shortcut.layers == (1, 0)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_that_is_read_has_its_module(name: str) -> None:
    assert _conv(f"activation={name}").activation == name and activation(name)
