"""The .cfg reader: a sentence for what nobody can mean."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from explorer.errors import Mistake
from explorer.models.darknet.cfg import MOST_BYTES, MOST_LAYERS, MOST_LINE, Config, read_cfg, read_cfg_file
from explorer.models.darknet.plan import plan
from tests.models.darknet.files import YOLO, cfg

CONV = "convolutional filters=14 size=1 activation=linear"


def refused(text: str) -> str:
    """The sentence: one line, one full stop or question mark at its end, not too long to read."""
    with pytest.raises(Mistake) as caught:
        plan(read_cfg(text))
    said = str(caught.value)
    assert "\n" not in said and said.isprintable() and said[-1] in ".?" and len(said) < 400 and said[0] in "L[TG"
    return said


REFUSED = {
    "": "is empty",
    "# only a comment\n": "is empty",
    "filters=3\n": "Line 1 of the cfg, 'filters=3', stands before any section",
    "[convolutional]\nfilters=3\n": r"begins with \[convolutional\] on line 1",
    "[net]\nwidth=8\nheight=8\nchannels=3\n": "no layer after",
    "[net\nwidth=8\n": r"Line 1 of the cfg, '\[net', is no section",
    "[net]\nwidth=8\nheight=8\nchannels=3\n[conv]\nhello\n": "Line 6 of the cfg, 'hello', is not key=value",
    "[net]\nwidth=\n": "Line 2",
    "[net]\n=3\n": "Line 2",
    "[net]\nheight=8\nchannels=3\n[conv]\n": r"\[net\] \(line 1\) gives no size",
    "[net]\nwidth=1000000\nheight=8\nchannels=3\n[conv]\n": r"\[net\] \(line 1\) has width=1000000 on line 2",
    "[net]\n" + "x" * (MOST_LINE + 1): "Line 2 of the cfg has 4,097 characters",
    "x" * (MOST_BYTES + 1): "1,000,001 characters",
    "[net]\nwidth=8\nheight=8\nchannels=3\n" + "[conv]\n" * (MOST_LAYERS + 1): "more than 2,000 layers on line 2005",
    "[net]\n\x00\x01\x02\n": "Line 2",
    cfg("net"): r"Layer 0 \(\[net\], line 6\) is a second",
    cfg("conv", "convolutionnal filters=3"): r"Layer 1 \(\[convolutionnal\], line 8\) is .*mean \[convolutional\]",
    cfg("lstm"): r"Layer 0 \(\[lstm\], line 6\) is a section Fovea does not know: the known ones are",
    cfg("Gaussian_yolo"): "Gaussian_yolo",
    cfg("conv activation=gelu"): r"Layer 0 \(\[conv\], line 6\) has the activation 'gelu' on line 7: the known",
    cfg("conv activation=" + "é" * 200): "has the activation",
    cfg("conv filters=1000000000"): r"Layer 0 \(\[conv\], line 6\) has filters=1000000000 on line 7: give a whole",
    cfg("conv filters=1e9"): "filters=1e9 on line 7",
    cfg("conv filters=-3"): "filters=-3",
    cfg("conv filters=0"): "filters=0",
    cfg("conv filters=nan"): "filters=nan",
    cfg("conv filters=" + "9" * 4000): r"filters=9+\.\.\. on line 7",
    cfg("conv filters=\u0663"): "filters=\u0663",
    cfg("conv size=10000"): "size=10000",
    cfg("conv size=-1"): "size=-1",
    cfg("conv stride=0"): "stride=0",
    cfg("conv stride=-2"): "stride=-2",
    cfg("conv pad=-1"): "pad=-1",
    cfg("conv padding=-1"): "padding=-1",
    cfg("conv groups=0"): "groups=0",
    cfg("conv filters=6 groups=2"): r"Layer 0 \(\[conv\], line 6\) has groups=2 for 3 channels and 6 filters",
    cfg("conv size=9"): r"Layer 0 \(\[conv\], line 6\) has nothing left of the 8 x 8 places",
    cfg("conv dilation=2 size=4 pad=1"): "dilated",
    cfg("conv xnor=1"): "has xnor=1 on line 7, which Fovea does not compute",
    cfg("conv share_index=-2"): "share_index",
    cfg("conv dontload=1"): "dontload",
    cfg("maxpool stride=0"): "stride=0",
    cfg("maxpool size=99 padding=3"): "nothing left",
    cfg("maxpool maxpool_depth=1"): "maxpool_depth",
    cfg("conv filters=65536", "avgpool", "max size=1 stride=99 padding=100"): "needs room for 668,794,880 numbers",
    cfg("local size=5 pad=1"): "its size is not 3",
    cfg("connected output=1000000000"): "output=1000000000",
    cfg("route layers=-1"): r"Layer 0 \(\[route\], line 6\) reads -1, which is layer -1: none comes before it",
    cfg("conv", "route layers=-99"): r"Layer 1 \(\[route\], line 8\) reads -99, .*only 0 to 0 come before it",
    cfg("conv", "route layers=1"): r"Layer 1 \(\[route\], line 8\) reads 1, which is layer 1",
    cfg("conv", "route layers=0,5", "conv"): "reads 5, which is layer 5",
    cfg("conv", "route"): "names no layer under layers",
    cfg("conv", "route layers=a"): "layers=a",
    cfg("conv", "route layers=" + "0," * 300): "lists 300 numbers",
    cfg("conv", "conv stride=2", "route layers=0,1"): r"Layer 2 .* joins maps of 1 x 8 x 8 and 1 x 4 x 4",
    cfg("conv", "route layers=0 groups=2"): "groups=2",
    cfg("conv filters=4", "route layers=0 groups=2 group_id=2"): "group_id=2",
    cfg("conv", "conv stride=2", "shortcut from=0"): r"Layer 2 \(\[shortcut\], line 11\) adds maps of 1 x 4 x 4 and",
    cfg("conv", "conv filters=2", "shortcut from=0"): "adds maps of 2 x 8 x 8 and 1 x 8 x 8",
    cfg("conv", "shortcut from=9"): "reads 9",
    cfg("conv", "shortcut"): "names no layer under from",
    cfg("conv", "conv", "shortcut from=0 weights_type=per_feature"): "weights_type 'per_feature' on line 12: only none",
    cfg("conv", "conv", "sam from=0,1"): "names 2 layers",
    cfg("conv", "conv stride=2", "sam from=0"): "multiplies maps",
    cfg("conv", "conv", "scale_channels from=0"): "factors",
    cfg("upsample stride=-2"): "stride=-2",
    cfg("upsample scale=nan"): "scale=nan",
    cfg("upsample scale=1e999"): "scale=1e999",
    cfg("reorg stride=2"): "cannot part 3 x 8 x 8 by its stride 2",
    cfg("conv filters=4", "reorg stride=3"): "cannot part",
    cfg("dropout probability=2"): "probability=2",
    cfg("softmax groups=5"): "cannot part 192 values into 5 groups",
    cfg("softmax tree=imagenet.tree"): "tree=imagenet.tree",
    cfg("softmax temperature=0"): "temperature=0",
    cfg("conv filters=13", YOLO): r"Layer 1 \(\[yolo\], line 9\) reads 13 channels and needs 14, 2 boxes x",
    cfg("conv", YOLO.replace("mask=1,2", "mask=1,4")): "mask=4 on line 11: give a whole number from 0 to 3",
    cfg("conv", YOLO.replace("mask=1,2", "mask=-1")): "mask=-1",
    cfg("conv", YOLO.replace("anchors=1,2,", "anchors=1,")): "gives 7 numbers as anchors and uses 3 pairs",
    cfg("conv", "yolo num=1"): "gives 0 numbers as anchors",
    cfg("conv", YOLO.replace("anchors=1", "anchors=0")): "anchors=0",
    cfg("conv", YOLO.replace("classes=2", "classes=1000000000")): "classes=1000000000",
    cfg("conv", YOLO + " scale_x_y=inf"): "scale_x_y=inf",
    cfg(CONV, YOLO, "conv"): r"Layer 2 \(\[conv\], line 17\) reads layer 1, which is a \[yolo\] head",
    cfg(CONV, YOLO, "route layers=0", "conv filters=8", "region classes=3 anchors=1,1"): "and another head 2",
    cfg(CONV, "region num=2 classes=2 anchors=1,1,2,2 tree=9k.tree"): "tree=9k.tree",
    cfg("conv", "region coords=5 anchors=1,1"): "four coordinates",
    cfg("conv", "detection classes=3"): "four coordinates",
    cfg("connected output=47", "detection coords=4 side=2 num=2 classes=2"): "reads 47 values and needs 2 x 2 x",
    cfg(*["conv filters=65536 size=100 pad=1"] * 2): "brings the weights to",
    cfg("upsample stride=64", "upsample stride=64"): "needs room for 3,221,225,472 numbers",
    cfg("connected output=100000", "connected output=100000"): "brings the weights to 10,019,400,000 numbers",
    cfg(*["maxpool size=100 stride=1"] * 2_000, width=1024, height=512): "brings the work to",
    cfg(
        *["conv filters=100"] * 6, "route layers=0,1,2,3,4,5", width=1000, height=1000
    ): "needs room for 600,000,000 numbers",
    cfg(*["conv filters=99"] * 6, "shortcut from=0,1,2,3,4", width=1000, height=1000): "what lies in memory to 597,",
}


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_a_refusal_names_the_section_and_the_line(number: int) -> None:
    text, said = list(REFUSED.items())[number]
    began = time.process_time()
    with pytest.raises(Mistake, match=said):
        plan(read_cfg(text))
    refused(text)
    assert time.process_time() - began < 2


FILES = {
    "empty": (b"", "is empty"),
    "weights": (b"\x00\x00\x00\x00\x02\x00\x00\x00" * 90, "is not text: give the network's .cfg"),
    "random": (random.Random(3).randbytes(5000), "is not text"),
    "latin": ("[net]\n# à la carte\nwidth=8\n".encode("latin-1"), "is not UTF-8 text on line 2"),
    "utf-16": (cfg("conv").encode("utf-16"), "is not text"),
    "large": (b"#" * 10_000_000, "has more than 1,000,000 bytes"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_cfg(tmp_path: Path, kind: str) -> None:
    data, said = FILES[kind]
    path = tmp_path / "net.cfg"
    path.write_bytes(data)
    with pytest.raises(Mistake, match=said):
        read_cfg_file(path)


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.cfg", tmp_path, tmp_path / "a\x00b.cfg", Path("x" * 5000)):
        with pytest.raises(Mistake, match=r"There is no cfg file|cannot be read"):
            read_cfg_file(path)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "net.cfg"
    path.write_bytes(b"\xef\xbb\xbf" + cfg("conv").encode())
    assert isinstance(read_cfg_file(path), Config)
