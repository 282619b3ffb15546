"""A planned Darknet network as a module: pictures in, what its heads read out."""

from __future__ import annotations

from torch import Tensor, nn

from explorer.errors import Mistake
from explorer.models.darknet import heads, layers, sections
from explorer.models.darknet.plan import INPUT, Plan, PlannedLayer


class Darknet(nn.Module):
    """The layers in `layers`, numbered as Darknet prints them; `plan` says who reads whom."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        self.layers = nn.ModuleList(_module(layer) for layer in plan.layers)
        self._done = plan.last_reads

    def forward(self, x: Tensor) -> list[Tensor]:
        """What each head reads, before its activations, of pictures (n, c, h, w) in [0, 1]; else the last layer's.

        [region], [yolo]: (n, boxes x (5 + classes), rows, columns); [detection]: (n, values). Raises Mistake for
        pictures of another shape than planned.
        """
        if x.ndim != 4 or tuple(x.shape[1:]) != self.plan.input:
            wanted = ", ".join(str(side) for side in self.plan.input)
            raise Mistake(f"This network takes (n, {wanted}) and got {tuple(x.shape)}: resize, or plan another size.")
        outputs = {INPUT: x}
        for number, (layer, module) in enumerate(zip(self.plan.layers, self.layers, strict=True)):
            outputs[number] = module(*[outputs[read] for read in layer.reads])
            for done in self._done[number]:
                del outputs[done]
        return [outputs[number] for number in self.plan.heads or (len(self.layers) - 1,)]


def _module(layer: PlannedLayer) -> nn.Module:
    takes, gives = layer.takes[0], layer.gives
    match layer.section:
        case sections.Convolutional() as section:
            return layers.Convolutional(section, takes)
        case sections.Connected() as section:
            return layers.Connected(section, takes)
        case sections.Local() as section:
            return layers.Local(section, takes, gives)
        case sections.MaxPool() as section:
            return layers.MaxPool(section)
        case sections.AvgPool():
            return layers.AvgPool()
        case sections.Route() as section:
            return layers.Route(section)
        case sections.Shortcut() as section:
            return layers.Shortcut(section)
        case sections.ScaleChannels() | sections.Sam() as section:
            return layers.Scale(section)
        case sections.Upsample() as section:
            return layers.Upsample(section)
        case sections.Reorg() as section:
            return layers.Reorg(section)
        case sections.Dropout() as section:
            return nn.Dropout(section.probability)
        case sections.Softmax() as section:
            return layers.Softmax(section)
        case heads.Detection():
            return nn.Flatten()
        case heads.Region() | heads.Yolo() | sections.Cost():
            return nn.Identity()
        case section:
            raise section.wrong("has no module", "this is a fault of Fovea's")
