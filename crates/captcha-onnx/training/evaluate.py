"""Measures an exported model on folders of labelled pictures.

For each set: exact texts, characters, answers at the manifest's threshold and how many of these are
right, milliseconds of one thread. A second row, `+prior`, knows the portals' letters.
"""

from __future__ import annotations

import argparse
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from generate import PORTAL_LETTERS, read_folder

BEAM = 16
LEAST_LOG = -11.0
THRESHOLDS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95)
BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
PORTAL_SETS = ("ecourts", "recorded", "court", "district")


@dataclass(frozen=True)
class Answer:
    """What a model says of a picture."""

    wanted: str
    read: str
    confidence: float


class Model:
    """An exported model with its manifest."""

    def __init__(self, folder: Path) -> None:
        self.manifest = tomllib.loads((folder / "securimage.toml").read_text())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(folder / "securimage.onnx", options)
        output = self.manifest["output"]
        self.alphabet: str = output["alphabet"]
        self.blank: int = output["special"]
        taken = self.manifest["input"]
        self.mean = np.array(taken["mean"], dtype=np.float32)
        self.std = np.array(taken["std"], dtype=np.float32)
        self.threshold: float = self.manifest["guess"]["min_confidence"]

    def scores(self, pixels: np.ndarray) -> np.ndarray:
        """Logits, steps x classes."""
        image = (pixels.astype(np.float32) / 255.0 - self.mean) / self.std
        return self.session.run(None, {"image": image.transpose(2, 0, 1)[None]})[0][0].T


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Logarithms of the probabilities."""
    moved = scores - scores.max(axis=1, keepdims=True)
    return moved - np.log(np.exp(moved).sum(axis=1, keepdims=True))


Paths = dict[tuple[int, ...], tuple[float, float]]
"""Texts with the log probabilities of their paths that end with a blank, and with a character."""


def add(paths: Paths, text: tuple[int, ...], ends_blank: float, ends_other: float) -> None:
    """Adds paths to a text."""
    old = paths.get(text, (-np.inf, -np.inf))
    paths[text] = (
        float(np.logaddexp(old[0], ends_blank)),
        float(np.logaddexp(old[1], ends_other)),
    )


def beam(logs: np.ndarray, blank: int, lengths: range) -> tuple[tuple[int, ...], float]:
    """The likeliest text with a length of `lengths`, by prefix beam search, and its probability."""
    paths: Paths = {(): (0.0, -np.inf)}
    for step in logs:
        likely = np.flatnonzero(step > LEAST_LOG)
        longer: Paths = {}
        for text, (ends_blank, ends_other) in paths.items():
            both = float(np.logaddexp(ends_blank, ends_other))
            for class_ in likely:
                log = float(step[class_])
                if class_ == blank:
                    add(longer, text, both + log, -np.inf)
                    continue
                repeats = bool(text) and text[-1] == class_
                if repeats:
                    add(longer, text, -np.inf, ends_other + log)
                if len(text) < lengths.stop - 1:
                    more = ends_blank if repeats else both
                    add(longer, (*text, int(class_)), -np.inf, more + log)
        best = sorted(longer.items(), key=lambda item: -np.logaddexp(*item[1]))
        paths = dict(best[:BEAM])
    fitting = {text: np.logaddexp(*ends) for text, ends in paths.items() if len(text) in lengths}
    if not fitting:
        return (), 0.0
    text = max(fitting, key=lambda found: fitting[found])
    return text, float(np.exp(fitting[text]))


def read(
    model: Model, scores: np.ndarray, letters: str | None, lengths: range
) -> tuple[str, float]:
    """The text of scores, with letters and lengths that may occur."""
    logs = log_softmax(scores)
    if letters is not None:
        allowed = [c in letters for c in model.alphabet]
        allowed.insert(model.blank, True)
        logs = log_softmax(np.where(allowed, logs, -np.inf))
    classes, confidence = beam(logs, model.blank, lengths)
    return "".join(model.alphabet[c] for c in classes), confidence


def distance(a: str, b: str) -> int:
    """The edit distance of two texts."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        left, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, left + (x != y))
    return row[-1]


def row(name: str, answers: Sequence[Answer], threshold: float, speed: float) -> str:
    """A row of the table."""
    count = len(answers)
    exact = sum(a.read == a.wanted for a in answers) / count
    wrong = sum(distance(a.read, a.wanted) for a in answers)
    characters = 1.0 - wrong / sum(len(a.wanted) for a in answers)
    given = [a for a in answers if a.confidence >= threshold]
    right = sum(a.read == a.wanted for a in given) / max(len(given), 1)
    return (
        f"| {name} | {count} | {exact:.4f} | {characters:.4f} | {len(given) / count:.3f} "
        f"| {right:.4f} | {speed:.2f} |"
    )


def calibration(answers: Sequence[Answer]) -> str:
    """How often answers of a confidence are right."""
    lines = ["| confidence | answers | mean confidence | right |", "|---|---|---|---|"]
    for low, high in zip(BINS, BINS[1:], strict=False):
        last = high == BINS[-1]
        found = [a for a in answers if low <= a.confidence and (a.confidence < high or last)]
        if found:
            mean = sum(a.confidence for a in found) / len(found)
            right = sum(a.read == a.wanted for a in found) / len(found)
            lines.append(f"| {low:.2f} to {high:.2f} | {len(found)} | {mean:.4f} | {right:.4f} |")
    return "\n".join(lines)


def thresholds(answers: Sequence[Answer]) -> str:
    """What answers are given, and right, with other thresholds."""
    lines = ["| threshold | answered | right of these |", "|---|---|---|"]
    for threshold in THRESHOLDS:
        given = [a for a in answers if a.confidence >= threshold]
        right = sum(a.read == a.wanted for a in given) / max(len(given), 1)
        lines.append(f"| {threshold:.2f} | {len(given) / len(answers):.4f} | {right:.5f} |")
    return "\n".join(lines)


def measure(model: Model, folder: Path, show: bool) -> tuple[list[Answer], list[Answer], float]:
    """Reads a set, freely and with the portals' letters."""
    free: list[Answer] = []
    prior: list[Answer] = []
    spent = []
    guess = model.manifest["guess"]
    lengths = range(guess["min_length"], guess["max_length"] + 1)
    for pixels, wanted in read_folder(folder):
        begun = time.perf_counter()
        scores = model.scores(pixels)
        spent.append(time.perf_counter() - begun)
        free.append(Answer(wanted, *read(model, scores, None, lengths)))
        if folder.name.startswith(PORTAL_SETS) and set(wanted) <= set(PORTAL_LETTERS):
            exactly = range(len(wanted), len(wanted) + 1)
            prior.append(Answer(wanted, *read(model, scores, PORTAL_LETTERS, exactly)))
        if show and free[-1].read != wanted:
            print(f"  {folder.name}: {wanted} read {free[-1].read} ({free[-1].confidence:.3f})")
    return free, prior, 1000 * float(np.median(spent))


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", type=Path, default=Path("../models"))
    parser.add_argument("--threshold", type=float, help="instead of the manifest's")
    parser.add_argument("--show", action="store_true", help="list the misread pictures")
    parser.add_argument("sets", type=Path, nargs="+", help="folders with a labels.tsv")
    options = parser.parse_args()
    model = Model(options.model)
    threshold = model.threshold if options.threshold is None else options.threshold
    everything: list[Answer] = []
    portals: list[Answer] = []
    print(f"model {model.manifest['version']}, answers of at least {threshold}\n")
    print("| set | n | exact | characters | answered | right of these | ms |")
    print("|---|---|---|---|---|---|---|")
    for folder in options.sets:
        free, prior, speed = measure(model, folder, options.show)
        everything += free
        portals += prior
        print(row(folder.name, free, threshold, speed), flush=True)
        if prior:
            print(row(folder.name + " +prior", prior, threshold, speed), flush=True)
    print("\nAll sets, read freely:\n\n" + calibration(everything))
    if portals:
        print("\nPortal sets, with the portals' letters:\n\n" + thresholds(portals))


if __name__ == "__main__":
    main()
