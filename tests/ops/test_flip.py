"""Dense layers in three forms: the same numbers, on what the network really reads there."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from explorer.errors import Mistake
from explorer.models.registry import models
from explorer.ops.flip import three_forms
from tests.ops.test_dense import built, small


@torch.inference_mode()
def test_each_form_of_each_layer_is_the_layer_in_the_network() -> None:
    module = small()
    x = torch.randn(2, 3, 22, 26)
    forms, layers = three_forms(module, (22, 26))
    seen: dict[str, torch.Tensor] = {}
    hooks = [
        part.register_forward_hook(lambda part, _, out, name=name: seen.__setitem__(name, out.clone()))
        for name, part in module.named_modules()
        if isinstance(part, nn.Linear)
    ]
    module(x)
    for hook in hooks:
        hook.remove()
    found = forms(x)
    assert [name for name, _ in layers] == ["dense", "last"] and found.shape == (2, 3, 8 + 5)
    assert [layer.reads for _, layer in layers] == [(6, 4, 5), (8, 1, 1)]
    wanted = torch.cat([seen["dense"], seen["last"]], dim=1)
    for form in range(3):
        assert torch.allclose(found[:, form], wanted, atol=1e-5)


@torch.inference_mode()
def test_weights_are_shared_and_the_network_is_left_as_it_was() -> None:
    module, size = built("street_alexnet")
    names = [name for name, _ in module.named_modules()]
    forms, layers = three_forms(module, size)
    held = {p.data_ptr() for p in module.parameters()}
    assert {p.data_ptr() for p in forms.parameters()} == held
    assert [name for name, _ in module.named_modules()] == names
    assert [name for name, _ in layers] == ["classifier.1", "classifier.4", "classifier.6"]
    assert layers[0][1].kernel().data_ptr() == module.get_submodule("classifier.1").weight.data_ptr()  # type: ignore[operator]


@torch.inference_mode()
def test_a_network_without_dense_layers_has_no_forms() -> None:
    torch.manual_seed(0)
    forms, layers = three_forms(models().get("squeezenet1_1").build(10).eval(), (224, 224))
    assert not layers and forms(torch.randn(2, 3, 224, 224)).shape == (2, 3, 0)


def test_what_cannot_be_converted_is_refused() -> None:
    normed = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.LayerNorm(144), nn.Linear(144, 2)).eval()
    with pytest.raises(Mistake, match="LayerNorm"):
        three_forms(normed, (8, 8))
