"""A dense layer is a convolution whose kernel is the whole map it reads; Sermanet et al., OverFeat, ICLR 2014,
arXiv:1312.6229, section 3.5; Long, Shelhamer, Darrell, CVPR 2015, section 3.1."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.ops.graph import pair

MOST_BYTES = 2**28
"""Of gathered windows at a time."""


class DenseLinear(nn.Module):
    """A Linear layer that read a flattened (c, h, w) map, over larger maps; it shares the layer's weights.

    The convolution is the idea, one matrix product over gathered windows the way to run it: on a processor a 6x6
    kernel over 256 channels takes two to five times as long as a convolution. dilation: cells between the kernel's own.
    """

    def __init__(self, linear: nn.Linear, reads: tuple[int, int, int], dilation: int = 1) -> None:
        super().__init__()
        self.weight, self.bias = linear.weight, linear.bias
        self.reads, self.dilation = reads, dilation

    def forward(self, x: Tensor) -> Tensor:
        """Maps (n, c, H, W) to (n, out, H - d (h - 1), W - d (w - 1)), d the dilation."""
        _, *kernel = self.reads
        if kernel == [1, 1]:
            return F.linear(x.permute(0, 2, 3, 1), self.weight, self.bias).permute(0, 3, 1, 2)
        tall, wide = (side - self.dilation * (part - 1) for side, part in zip(x.shape[-2:], kernel, strict=True))
        rows = max(1, MOST_BYTES // max(1, 4 * self.weight.shape[1] * wide * len(x)))
        reach = self.dilation * (kernel[0] - 1)
        strips = [self._strip(x[:, :, top : min(top + rows, tall) + reach], wide) for top in range(0, tall, rows)]
        return strips[0] if len(strips) == 1 else torch.cat(strips, dim=2)

    def _strip(self, x: Tensor, wide: int) -> Tensor:
        windows = F.unfold(x, self.reads[1:], dilation=self.dilation)
        product = torch.matmul(self.weight, windows)
        if self.bias is not None:
            product = product + self.bias[:, None]
        return product.view(len(x), len(self.weight), -1, wide)

    def as_convolution(self, x: Tensor) -> Tensor:
        """The same by the convolution that it is."""
        return F.conv2d(x, self.kernel(), self.bias, dilation=self.dilation)

    def kernel(self) -> Tensor:
        """The weights (out, in) as they lie: (out, c, h, w)."""
        return self.weight.view(-1, *self.reads)

    def extra_repr(self) -> str:
        """As a Conv2d says it."""
        kernel = "x".join(map(str, self.reads[1:]))
        return f"{self.reads[0]}, {len(self.weight)}, kernel {kernel}, dilation {self.dilation}"


class DilatedAverage(nn.Module):
    """Average pooling at stride 1 whose cells lie `dilation` apart."""

    def __init__(self, kernel: tuple[int, int], dilation: int) -> None:
        super().__init__()
        self.kernel, self.dilation = kernel, dilation

    def forward(self, x: Tensor) -> Tensor:
        """Maps (n, c, H, W) to (n, c, H - d (h - 1), W - d (w - 1)), d the dilation."""
        channels = x.shape[1]
        weight = x.new_full((channels, 1, *self.kernel), 1 / (self.kernel[0] * self.kernel[1]))
        return F.conv2d(x, weight, dilation=self.dilation, groups=channels)


class EveryMax(nn.Module):
    """Max pooling at stride 1: what a pool of stride `stride` gives at every offset; cells lie `dilation` apart.

    ceil_mode pools count a last window that hangs over the edge: so far the map is continued by nothing.
    """

    def __init__(self, pool: nn.MaxPool2d, stride: int, dilation: int) -> None:
        super().__init__()
        self.kernel, self.padding = pair(pool.kernel_size), pair(pool.padding)
        self.dilation = dilation
        self.over = (stride - 1) * dilation if pool.ceil_mode else 0

    def forward(self, x: Tensor) -> Tensor:
        """Maps (n, c, h, w) to about as many cells."""
        (top, left), step, over = self.padding, self.dilation, self.over
        border = left * step, left * step + over, top * step, top * step + over
        if any(border):
            x = F.pad(x, border, value=float("-inf"))
        return F.max_pool2d(x, self.kernel, stride=1, dilation=step)
