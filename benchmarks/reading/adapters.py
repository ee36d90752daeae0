"""Small matrices beside those of a network that is trained further (LoRA; Hu et al., 2022).

What is shipped stays as it is, in eight bits, and only its adapters are trained: all layers can learn, and a new
version of a file differs from the one before by the adapters alone, which is what a clone of the project grows by.
"""

import torch
from torch import Tensor, nn

from benchmarks.reading.model import MATRICES, Encoder

RANK = 16
ENDS = (".down", ".up")
"""How the names of adapters end, and no others."""


class Adapted(nn.Linear):
    """x Wᵀ + b + x ``down`` ``up``; where nothing was trained, ``up`` is 0."""

    def __init__(self, whole: nn.Linear) -> None:
        super().__init__(whole.in_features, whole.out_features)
        self.weight, self.bias = whole.weight, whole.bias
        self.down = nn.Parameter(torch.randn(whole.in_features, RANK) * whole.in_features**-0.5)
        self.up = nn.Parameter(torch.zeros(RANK, whole.out_features))

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) + x @ self.down @ self.up


def adapt(encoder: Encoder) -> None:
    """Gives each matrix of an encoder's layers its adapter."""
    for layer in encoder.layers:
        for name in MATRICES:
            setattr(layer, name, Adapted(getattr(layer, name)))


def only(model: nn.Module) -> list[nn.Parameter]:
    """The adapters of a model; from now on nothing else of it is trained."""
    model.requires_grad_(False)
    found = [own for name, own in model.named_parameters() if name.endswith(ENDS)]
    for own in found:
        own.requires_grad_(True)
    return found
