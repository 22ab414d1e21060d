"""The network: convolutions only, 3 x 80 x 215 pixels in, 54 steps of 39 classes out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz+-"
"""The classes in order. The blank comes after them."""

BLANK = len(ALPHABET)
CLASSES = len(ALPHABET) + 1
STEPS = 54
STRIDE = 4
"""Pixels of one step."""


def block(
    inputs: int,
    outputs: int,
    kernel: tuple[int, int],
    stride: int = 1,
    padding: tuple[int, int] | None = None,
) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU."""
    if padding is None:
        padding = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """A block along the steps whose input is added to its output."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.block = block(channels, channels, (1, width))

    def forward(self, x: Tensor) -> Tensor:
        """Adds the block's output to `x`."""
        return x + self.block(x)


class Reader(nn.Module):
    """Reads pictures, normalised to (pixel - 0.5) / 0.25, to logits: steps x classes for each."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 24, (3, 3), 2, 1),
            nn.ReLU(inplace=True),
            block(24, 40, (3, 3), stride=2),
            block(40, 56, (3, 3)),
            nn.MaxPool2d((2, 1)),
            block(56, 88, (3, 3)),
            nn.MaxPool2d((2, 1)),
            block(88, 128, (3, 3)),
            block(128, 208, (5, 1), padding=(0, 0)),
            Residual(208, 5),
            Residual(208, 3),
            Residual(208, 5),
        )
        self.head = nn.Conv2d(208, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of shape (pictures, steps, classes)."""
        y = self.head(self.body(x))
        return y.squeeze(2).transpose(1, 2)


def size(model: nn.Module) -> int:
    """The number of weights."""
    return sum(parameter.numel() for parameter in model.parameters())


def fold(model: Reader) -> Reader:
    """Merges every batch normalisation into the convolution before it, in place."""
    model.eval()
    for module in list(model.modules()):
        if not isinstance(module, nn.Sequential) or len(module) != 3:
            continue
        convolution, norm = module[0], module[1]
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            module[0] = torch.nn.utils.fusion.fuse_conv_bn_eval(convolution, norm)
            module[1] = nn.Identity()
    return model
