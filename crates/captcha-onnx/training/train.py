"""Trains the network on pictures that are drawn while it trains.

The generator knows where each letter is. For the first part of a run the network learns, column by
column, which letter's centre lies there; then it learns whole texts (CTC), with a share of the
first task kept. The weights that are saved are a moving average.
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from fonts import load_bank
from generate import HEIGHT, SHARES, WIDTH, Generator, Picture, read_folder
from model import ALPHABET, BLANK, CLASSES, STEPS, STRIDE, Reader, size

IGNORED = -100
MOST_LETTERS = 10


@dataclass(frozen=True)
class Plan:
    """What a run does."""

    bank: Path
    pictures: int
    minutes: float
    batch: int
    seed: int
    shares: dict[str, float]
    extra: Path | None
    extra_share: float


def columns(picture: Picture) -> np.ndarray:
    """The class that each column should show: letters at centres, nothing known next to them."""
    wanted = np.full(STEPS, BLANK, dtype=np.int64)
    places = np.clip(np.rint(picture.centres / STRIDE).astype(int), 0, STEPS - 1)
    for place in places:
        wanted[max(place - 1, 0) : place + 2] = IGNORED
    for place, character in zip(places, picture.label, strict=True):
        wanted[place] = ALPHABET.index(character)
    return wanted


class Batches(IterableDataset):  # type: ignore[type-arg]
    """An endless supply of batches: pixels, texts as classes, lengths, wanted columns."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan

    def __iter__(self) -> Iterator[tuple[np.ndarray, ...]]:
        plan = self.plan
        info = get_worker_info()
        first, step = (info.id, info.num_workers) if info else (0, 1)
        generator = Generator(load_bank(plan.bank))
        extra = read_folder(plan.extra) if plan.extra else []
        for number in range(first, plan.pictures // plan.batch, step):
            rng = np.random.default_rng((plan.seed, 1, number))
            pixels = np.empty((plan.batch, HEIGHT, WIDTH, 3), dtype=np.uint8)
            texts = np.full((plan.batch, MOST_LETTERS), BLANK, dtype=np.int64)
            lengths = np.empty(plan.batch, dtype=np.int64)
            wanted = np.full((plan.batch, STEPS), IGNORED, dtype=np.int64)
            for i in range(plan.batch):
                if extra and rng.random() < plan.extra_share:
                    pixels[i], label = extra[rng.integers(len(extra))]
                else:
                    picture = generator.sample(plan.seed, number * plan.batch + i, plan.shares)
                    pixels[i], label = picture.pixels, picture.label
                    wanted[i] = columns(picture)
                lengths[i] = len(label)
                texts[i, : len(label)] = [ALPHABET.index(character) for character in label]
            yield pixels, texts, lengths, wanted


def column_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """Cross entropy of the columns; empty ones count less, because there are more of them."""
    weight = torch.ones(CLASSES)
    weight[BLANK] = 0.3
    if not bool((wanted != IGNORED).any()):
        return logits.sum() * 0.0
    return functional.cross_entropy(logits.transpose(1, 2), wanted, weight, ignore_index=IGNORED)


def text_loss(logits: Tensor, texts: Tensor, lengths: Tensor) -> Tensor:
    """CTC loss."""
    scores = logits.log_softmax(2).transpose(0, 1)
    steps = torch.full((len(texts),), STEPS, dtype=torch.long)
    return functional.ctc_loss(scores, texts, steps, lengths, blank=BLANK, zero_infinity=True)


def rate(step: int, part: float, peak: float, warm: int) -> float:
    """The learning rate: a short rise, then a half cosine to a hundredth at `part` 1 of the run."""
    rise = min((step + 1) / warm, 1.0)
    return peak * rise * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * min(part, 1.0))))


def average(into: nn.Module, model: nn.Module, keep: float) -> None:
    """Moves the averaged weights towards the current ones."""
    with torch.no_grad():
        for old, new in zip(into.state_dict().values(), model.state_dict().values(), strict=True):
            if old.is_floating_point():
                old.lerp_(new, 1.0 - keep)
            else:
                old.copy_(new)


def train(plan: Plan, out: Path, start: Path | None, peak: float, columns_first: float) -> None:
    """Runs the training and saves the averaged weights, also now and then on the way."""
    torch.manual_seed(plan.seed)
    model = Reader()
    if start:
        model.load_state_dict(torch.load(start, map_location="cpu", weights_only=True))
    model = model.to(memory_format=torch.channels_last).train()
    averaged = copy.deepcopy(model)
    steps = plan.pictures // plan.batch
    optimiser = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=0.01)
    loader = DataLoader(
        Batches(plan),
        batch_size=None,
        num_workers=1,
        prefetch_factor=16,
        persistent_workers=False,
    )
    print(f"{size(model)} weights, {steps} steps of {plan.batch} pictures", flush=True)
    begun, total, right = time.time(), 0.0, 0.0
    every = max(min(500, steps // 4), 1)
    for step, (pixels, texts, lengths, wanted) in enumerate(loader):
        part = max(step / steps, (time.time() - begun) / 60.0 / plan.minutes)
        if part >= 1.0:
            print(f"time is over after {step * plan.batch} pictures", flush=True)
            break
        for group in optimiser.param_groups:
            group["lr"] = rate(step, part, peak, min(300, steps // 10 + 1))
        image = pixels.permute(0, 3, 1, 2).float().div(255.0).sub(0.5).div(0.25)
        image = image.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(image)
        logits = logits.float()
        loss = column_loss(logits, wanted)
        if part >= columns_first:
            loss = 0.25 * loss + text_loss(logits, texts, lengths)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        average(averaged, model, min(0.999, (step + 1) / (step + 10)))
        total += loss.item()
        right += exact(logits.detach(), texts, lengths)
        if (step + 1) % every == 0:
            spent = time.time() - begun
            print(
                f"step {step + 1}/{steps} loss {total / every:.4f} exact {right / every:.4f} "
                f"{spent:.0f} s, {1000 * spent / ((step + 1) * plan.batch):.2f} ms a picture",
                flush=True,
            )
            total = right = 0.0
            torch.save(averaged.state_dict(), out)
    torch.save(averaged.state_dict(), out)


def exact(logits: Tensor, texts: Tensor, lengths: Tensor) -> float:
    """The share of texts that the best path gives."""
    best = logits.argmax(2)
    hits = 0
    for path, text, length in zip(best.tolist(), texts.tolist(), lengths.tolist(), strict=True):
        read = [c for i, c in enumerate(path) if c != BLANK and (i == 0 or path[i - 1] != c)]
        hits += read == text[:length]
    return hits / len(best)


def main() -> None:
    """Trains the network."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--bank", type=Path, default=Path("work/bank"))
    parser.add_argument("--out", type=Path, default=Path("work/reader.pt"))
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--pictures", type=int, default=400_000)
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="most time; the learning rate ends with it"
    )
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--peak", type=float, default=0.003, help="highest learning rate")
    parser.add_argument("--columns-first", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sums", type=float, default=SHARES["sums"], help="share of the sums")
    parser.add_argument("--extra", type=Path, help="folder of more pictures, with a labels.tsv")
    parser.add_argument("--extra-share", type=float, default=0.08)
    options = parser.parse_args()
    load_bank(options.bank)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    plan = Plan(
        bank=options.bank,
        pictures=options.pictures,
        minutes=options.minutes,
        batch=options.batch,
        seed=options.seed,
        shares=SHARES | {"sums": options.sums},
        extra=options.extra,
        extra_share=options.extra_share,
    )
    train(plan, options.out, options.start, options.peak, options.columns_first)


if __name__ == "__main__":
    main()
