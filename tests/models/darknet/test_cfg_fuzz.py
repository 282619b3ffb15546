"""The .cfg reader: whatever comes, it is a network or one sentence, and soon."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.errors import Mistake
from explorer.models.darknet.cfg import read_cfg
from explorer.models.darknet.plan import plan
from tests.models.darknet.files import EVERY, cfg

KEYS = [
    *("filters", "size", "stride", "stride_x", "pad", "padding", "groups", "dilation", "batch_normalize", "activation"),
    *("layers", "from", "group_id", "output", "mask", "anchors", "num", "classes", "coords", "side", "softmax", "sqrt"),
    *("scale_x_y", "new_coords", "scale", "reverse", "tree", "width", "height", "channels", "probability", "scale_wh"),
    *("temperature", "weights_type"),
]
WORDS = [
    *("0", "1", "2", "3", "4", "8", "-1", "-2", "-3", "0,1", "-1,-2", "1,1", ",", ".5", "-5.", "99999999999", "1e9"),
    *("leaky", "mish", "gelu", "nan", "inf", "1e999"),
]
VALUES = st.one_of(st.sampled_from(WORDS), st.text(max_size=12), st.integers(-(10**30), 10**30).map(str))
OPTION = st.tuples(st.sampled_from(KEYS), VALUES).map("=".join)
KINDS = st.sampled_from([*sorted({written.split()[0] for written in EVERY}), "cost", "softmax", "net", "lstm", ""])
SECTION = st.tuples(KINDS, st.lists(OPTION, max_size=6)).map(lambda s: f"[{s[0]}]\n" + "\n".join(s[1]))


def survives(text: str) -> None:
    """A network or one sentence, and in no time."""
    began = time.process_time()
    try:
        planned = plan(read_cfg(text))
    except Mistake as mistake:
        assert str(mistake).isprintable() and len(str(mistake)) < 600
    else:
        assert all(min(layer.gives) > 0 for layer in planned.layers)
    assert time.process_time() - began < 2


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400))
def test_any_text_is_a_network_or_a_sentence(text: str) -> None:
    survives(text)
    survives("[net]\nwidth=8\nheight=8\nchannels=3\n" + text)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SECTION, max_size=8))
def test_any_sections_are_a_network_or_a_sentence(written: list[str]) -> None:
    survives("\n".join(["[net]\nwidth=16\nheight=8\nchannels=4", *written]))


def changed(chance: random.Random) -> str:
    """A network with one of every kind of layer, and some of its lines spoilt."""
    lines = cfg(*EVERY).split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        line, other = lines[at], chance.choice(lines)
        cut = chance.randrange(len(line) + 1)
        lines[at] = chance.choice(["", other, line[:cut], line[:cut] + chance.choice("0-9,=[]#.e\x00é") + line[cut:]])
    return "\n".join(lines)


def test_a_network_with_lines_changed_is_a_network_or_a_sentence() -> None:
    chance = random.Random(1)
    for _ in range(400):
        survives(changed(chance))


@pytest.mark.long
def test_many_networks_with_lines_changed_are_networks_or_sentences() -> None:
    chance = random.Random(2)
    for _ in range(50_000):
        survives(changed(chance))
