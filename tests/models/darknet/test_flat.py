"""One row a picture, and the row taken apart again."""

from __future__ import annotations

import pytest
import torch

from explorer.models.darknet.flat import Flat, parted
from explorer.models.darknet.network import Darknet
from explorer.models.darknet.sections import Connected, Convolutional, Local
from explorer.ops.arithmetic import channels_of, count
from tests.models.darknet.files import EVERY, YOLO, planned


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_a_row_holds_what_every_head_reads(memory_format: torch.memory_format) -> None:
    made = planned(*EVERY)
    torch.manual_seed(2)
    network = Darknet(made).eval()
    flat = Flat(network).to(memory_format=memory_format)
    pictures = torch.rand(3, 3, 8, 8)
    with torch.inference_mode():
        wanted = network(pictures)
        rows = flat(pictures.to(memory_format=memory_format))
    assert rows.shape == (3, 14 * 4 * 4 + 48 + 14 * 4 * 4)
    parts = parted(made, rows)
    assert [part.shape for part in parts] == [part.shape for part in wanted]
    assert all(torch.allclose(part, other, atol=1e-5) for part, other in zip(parts, wanted, strict=True))


def test_what_it_costs_is_counted_on_its_own_layers() -> None:
    """torch's count of products and the plan's agree, also where no layer is a plain convolution of the picture."""
    for sections in (EVERY, ("connected output=14 activation=linear", YOLO), ("conv filters=14 size=1 groups=2", YOLO)):
        made = planned(*sections, channels=4)
        products = [one.work for one in made.layers if isinstance(one.section, Convolutional | Connected | Local)]
        found = count(lambda: Flat(Darknet(made)), made.size)  # noqa: B023 - called at once
        assert found.macs == sum(products) > 0
        assert channels_of(Flat(Darknet(made))) == 4
