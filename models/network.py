"""The network: a small uncased encoder, shapes added to its word pieces, and a linear layer over its labels."""

from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812  (the name everybody knows)
from torch import Tensor, nn

from entityscan.recogniser.pieces import SHAPE_COUNT

WIDTH, HEADS, LAYERS, VOCABULARY, POSITIONS = 384, 12, 6, 30522, 512
DROPOUT = 0.1


class Layer(nn.Module):
    """One layer of BERT, with one matrix for query, key and value."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the layer's output; ``mask`` is true where there is text."""
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.norm1(x + self.drop(self.out(seen)))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Network(nn.Module):
    """Word pieces and shapes in, one score for each label and piece out."""

    def __init__(self, labels: int, layers: int = LAYERS) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(SHAPE_COUNT, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(DROPOUT)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear(WIDTH, labels)
        nn.init.normal_(self.shapes.weight, std=0.02)
        nn.init.normal_(self.head.weight, std=0.02)

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """Return the scores; ``mask`` is true where there is text and false where there is padding."""
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.drop(self.norm(self.words(pieces) + self.shapes(shapes) + self.positions(places)))
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        return self.head(self.drop(x))

    def load_encoder(self, path: Path) -> None:
        """Take the weights of a BERT of this size from a safetensors file."""
        from safetensors.torch import load_file

        source = {key.removeprefix("bert."): value for key, value in load_file(path).items()}
        embeddings = "embeddings."
        with torch.no_grad():
            self.words.weight.copy_(source[embeddings + "word_embeddings.weight"])
            self.positions.weight.copy_(
                source[embeddings + "position_embeddings.weight"]
                + source[embeddings + "token_type_embeddings.weight"][0]
            )
        _copy(self.norm, source, embeddings + "LayerNorm")
        for number, layer in enumerate(self.layers):
            prefix = f"encoder.layer.{number}."
            with torch.no_grad():
                for field in ("weight", "bias"):
                    parts = [
                        source[f"{prefix}attention.self.{name}.{field}"] for name in ("query", "key", "value")
                    ]
                    getattr(layer.qkv, field).copy_(torch.cat(parts))
            _copy(layer.out, source, prefix + "attention.output.dense")
            _copy(layer.norm1, source, prefix + "attention.output.LayerNorm")
            _copy(layer.up, source, prefix + "intermediate.dense")
            _copy(layer.down, source, prefix + "output.dense")
            _copy(layer.norm2, source, prefix + "output.LayerNorm")


def _copy(module: nn.Module, source: dict[str, Tensor], name: str) -> None:
    module.load_state_dict({field: source[f"{name}.{field}"] for field in ("weight", "bias")})
