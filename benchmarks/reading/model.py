"""The two networks in PyTorch: the encoder (BERT's, of e5's weights), and the reader on top of one of its own.

The rows of a batch are packed, one after the other: only attention is padded, so that a processor spends nothing on
padding. What they give is what ``retrieval.reader.encoder`` asks of the files that ``export`` makes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from retrieval.reader.encoder import SIZE
from retrieval.reader.windows import OTHER, Row

LAYERS, HEADS, INNER, PLACES, PARTS = 12, 12, 1536, 512, 4
MATRICES = ("qkv", "ao", "fi", "fo")
"""Those of a layer, in the order of use."""
HIDDEN = 128  # units between a sentence's vector and its score
_EPSILON = 1e-12
_WITHIN = 15.0  # of the logarithms that are summed
_CLOSED = -1e4  # what attention adds where there is nothing


@dataclass(frozen=True, slots=True)
class Batch:
    """Packed rows. Of each piece: ``ids``, ``place`` in its row, ``part`` and ``sentence``, by its number in the batch,
    or OTHER. ``put``: for each place of the padded rows, its piece, 0 where there is none; ``mask``: whether there
    is."""

    ids: Tensor
    place: Tensor
    part: Tensor
    sentence: Tensor
    put: Tensor
    mask: Tensor
    sentences: int


def packed(rows: Sequence[Row], numbers: Sequence[Mapping[int, int]]) -> Batch:
    """The batch of some rows. ``numbers``: of the sentences of each row, their numbers in the batch."""
    lengths = torch.tensor([len(row.ids) for row in rows])
    column = torch.arange(int(lengths.max()))[None]
    mask = column < lengths[:, None]
    starts = lengths.cumsum(0) - lengths
    sentence = [own.get(at, OTHER) for row, own in zip(rows, numbers, strict=True) for at in row.sentence]
    return Batch(
        ids=torch.tensor([piece for row in rows for piece in row.ids]),
        place=torch.tensor([place for row in rows for place in range(len(row.ids))]),
        part=torch.tensor([part for row in rows for part in row.parts]),
        sentence=torch.tensor(sentence),
        put=torch.where(mask, starts[:, None] + column, 0),
        mask=mask[:, None, None, :],
        sentences=sum(map(len, numbers)),
    )


class Layer(nn.Module):
    """One of the encoder's."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.ao = nn.Linear(SIZE, 3 * SIZE), nn.Linear(SIZE, SIZE)
        self.n1, self.n2 = nn.LayerNorm(SIZE, _EPSILON), nn.LayerNorm(SIZE, _EPSILON)
        self.fi, self.fo = nn.Linear(SIZE, INNER), nn.Linear(INNER, SIZE)

    def forward(self, x: Tensor, batch: Batch, dropped: float) -> Tensor:
        """``x``: a row a piece."""
        rows, length = batch.put.shape
        parts = self.qkv(x)[batch.put].view(rows, length, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4).contiguous()
        seen = attention(parts[0], parts[1], parts[2], batch.mask).permute(0, 2, 1, 3).reshape(rows * length, SIZE)
        x = self.n1(x + functional.dropout(self.ao(seen[batch.mask.view(-1)]), dropped, self.training))
        inner = self.fo(functional.gelu(self.fi(x)))
        done: Tensor = self.n2(x + functional.dropout(inner, dropped, self.training))
        return done


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """Plain attention: on a processor, in bfloat16, torch's own costs several times this."""
    rows, heads, length, size = q.shape
    flat = (rows * heads, length, size)
    closed = torch.zeros(mask.shape, dtype=q.dtype).masked_fill_(~mask, _CLOSED)
    closed = closed.expand(rows, heads, length, length).reshape(rows * heads, length, length)
    odds = torch.baddbmm(closed, q.reshape(flat), k.reshape(flat).transpose(1, 2), alpha=size**-0.5)
    return (torch.softmax(odds, -1) @ v.reshape(flat)).view(rows, heads, length, size)


class Encoder(nn.Module):
    """Pieces to vectors of their own. ``parts``: kinds of pieces that it tells apart, 0 for none."""

    def __init__(self, vocabulary: int, parts: int = 0, dropped: float = 0.1) -> None:
        super().__init__()
        self.word, self.place = nn.Embedding(vocabulary, SIZE), nn.Embedding(PLACES, SIZE)
        self.part = nn.Embedding(parts, SIZE) if parts else None
        if self.part is not None:
            nn.init.zeros_(self.part.weight)
        self.n0 = nn.LayerNorm(SIZE, _EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropped = dropped

    def forward(self, batch: Batch, frozen: int = 0) -> Tensor:
        """A vector for each piece. ``frozen``: how many of the first layers are not trained, nor anything before them;
        they drop nothing."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and not frozen):
            x = self.word(batch.ids) + self.place(batch.place)
            x = self.n0(x + self.part(batch.part) if self.part is not None else x)
            for layer in self.layers[:frozen]:
                x = layer(x, batch, 0.0)
        for layer in self.layers[frozen:]:
            x = layer(x, batch, self.dropped)
        return x

    @torch.no_grad()
    def start(self, path: Path) -> None:
        """Takes the base weights."""
        tensors = dict(np.load(path))
        self.word.weight.copy_(_of(tensors, "emb.word", -1, SIZE))
        self.place.weight.copy_(_of(tensors, "emb.pos", PLACES, SIZE) + _of(tensors, "emb.type", 2, SIZE)[0])
        _copy(self.n0, tensors, "emb.ln", SIZE)
        for number, layer in enumerate(self.layers):
            own = f"l{number}."
            layer.qkv.weight.copy_(torch.cat([_of(tensors, f"{own}{one}.w", SIZE, SIZE) for one in "qkv"]))
            layer.qkv.bias.copy_(torch.cat([_of(tensors, f"{own}{one}.b", SIZE) for one in "qkv"]))
            _copy(layer.ao, tensors, f"{own}ao", SIZE, SIZE)
            _copy(layer.fi, tensors, f"{own}fi", INNER, SIZE)
            _copy(layer.fo, tensors, f"{own}fo", SIZE, INNER)
            _copy(layer.n1, tensors, f"{own}aln", SIZE)
            _copy(layer.n2, tensors, f"{own}oln", SIZE)


def _of(tensors: Mapping[str, NDArray[np.float32]], name: str, *shape: int) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(tensors[name].reshape(shape)))


def _copy(to: nn.Module, tensors: Mapping[str, NDArray[np.float32]], name: str, *shape: int) -> None:
    to.weight.copy_(_of(tensors, f"{name}.w", *shape))
    to.bias.copy_(_of(tensors, f"{name}.b", shape[0]))


class Reader(nn.Module):
    """The encoder, and what it says of sentences and pieces: a sentence's score is of its mean vector, and of its
    likeliest pieces. ``none``: the score of that nothing answers."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.encoder = Encoder(vocabulary, PARTS)
        self.hid, self.out, self.tok = nn.Linear(SIZE, HIDDEN), nn.Linear(HIDDEN, 1), nn.Linear(SIZE, 1)
        self.none = nn.Parameter(torch.zeros(1))
        nn.init.normal_(self.out.weight, std=0.02)
        for weight in (self.out.bias, self.tok.weight, self.tok.bias):
            nn.init.zeros_(weight)

    def forward(self, batch: Batch, frozen: int = 0) -> tuple[Tensor, Tensor]:
        """The scores of the sentences, by their numbers, and of the pieces. ``frozen``: of the encoder's layers."""
        x = self.encoder(batch, frozen).float()
        with torch.autocast("cpu", enabled=False):
            pieces = self.tok(x)[:, 0]
            at = batch.sentence >= 0
            mean = means(x[at], batch.sentence[at], batch.sentences)
            likely = means(torch.exp(pieces[at].clamp(-_WITHIN, _WITHIN)), batch.sentence[at], batch.sentences)
            mean = functional.dropout(mean, self.encoder.dropped, self.training)
            return self.scored(mean, likely), pieces

    def scored(self, mean: Tensor, likely: Tensor) -> Tensor:
        """The scores of sentences by their mean vectors, and the means of their pieces' odds."""
        scores: Tensor = self.out(torch.tanh(self.hid(mean)))[:, 0] + torch.log(likely)
        return scores


def means(values: Tensor, of: Tensor, count: int) -> Tensor:
    """The means of the values of each of ``count`` stretches, 0 of one without any. ``of``: whose each value is."""
    sizes = torch.zeros(count).index_add(0, of, torch.ones(len(of))).clamp(min=1)
    sums = torch.zeros(count, *values.shape[1:]).index_add(0, of, values)
    return sums / sizes.view(-1, *[1] * (values.dim() - 1))


class Padded(nn.Module):
    """The encoder over padded rows, as it is exported."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, part: Tensor | None, lengths: Tensor) -> Tensor:
        """Vectors [rows, length, SIZE]."""
        own = self.encoder
        rows, length = ids.shape
        column = torch.arange(length, device=ids.device)
        x = own.word(ids) + own.place(column)[None]
        x = own.n0(x + own.part(part) if own.part is not None else x)
        closed = torch.where(column[None] < lengths[:, None], 0.0, _CLOSED)[:, None, None, :]
        for layer in own.layers:
            q, k, v = layer.qkv(x).view(rows, length, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
            seen = torch.softmax(q @ k.transpose(-1, -2) * (SIZE // HEADS) ** -0.5 + closed, -1) @ v
            x = layer.n1(x + layer.ao(seen.permute(0, 2, 1, 3).reshape(rows, length, SIZE)))
            x = layer.n2(x + layer.fo(functional.gelu(layer.fi(x))))
        return x


class ExportedTowers(nn.Module):
    """``ids`` [rows, length], ``lengths`` [rows], ``pool`` [stretches, rows · length], each row the mean of a stretch,
    to vectors [stretches, SIZE] of length 1."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.padded = Padded(encoder)

    def forward(self, ids: Tensor, lengths: Tensor, pool: Tensor) -> Tensor:
        vectors = pool @ self.padded(ids, None, lengths).reshape(-1, SIZE)
        return vectors / vectors.norm(dim=1, keepdim=True).clamp(min=1e-6)


class ExportedReader(nn.Module):
    """The same with ``part`` [rows, length], to the sentences' scores [stretches], beyond that nothing answers, and the
    pieces' [rows, length]."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader, self.padded = reader, Padded(reader.encoder)

    def forward(self, ids: Tensor, part: Tensor, lengths: Tensor, pool: Tensor) -> tuple[Tensor, Tensor]:
        x = self.padded(ids, part, lengths).reshape(-1, SIZE)
        pieces = self.reader.tok(x)[:, 0]
        scores = self.reader.scored(pool @ x, pool @ torch.exp(pieces.clamp(-_WITHIN, _WITHIN)))
        return scores - self.reader.none, pieces.reshape(ids.shape)


def trained(parameters: Iterable[nn.Parameter]) -> list[nn.Parameter]:
    """Those that are trained."""
    return [parameter for parameter in parameters if parameter.requires_grad]
