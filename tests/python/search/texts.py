"""The texts, questions and judgments of relevance that the benchmarks read, and the measures."""

import json
import lzma
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

CORPORA = ["aila2019-casedocs", "fire2017-casedocs", "landmark"]


def lines(directory: Path, name: str) -> Iterator[dict]:
    with lzma.open(directory / f"{name}.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def all_texts(directory: Path) -> Iterator[dict]:
    for name in CORPORA:
        if (directory / f"{name}.jsonl.xz").exists():
            yield from lines(directory, name)


def queries(path: Path) -> list[tuple[str, str]]:
    return [tuple(line.split("||", 1)) for line in path.read_text(encoding="utf-8").splitlines() if line]


def relevant(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        query, _, document, grade = line.split()
        if int(grade) > 0:
            found.setdefault(query, set()).add(document)
    return found


def average_precision(ranked: list[str], wanted: set[str]) -> float:
    hits, total = 0, 0.0
    for place, document in enumerate(ranked, 1):
        if document in wanted:
            hits += 1
            total += hits / place
    return total / len(wanted)


def ndcg(ranked: list[str], wanted: set[str], depth: int = 10) -> float:
    gain = sum(1 / math.log2(place + 1) for place, document in enumerate(ranked[:depth], 1) if document in wanted)
    return gain / sum(1 / math.log2(place + 1) for place in range(1, min(depth, len(wanted)) + 1))


def recall(ranked: list[str], wanted: set[str], depth: int = 100) -> float:
    return len(set(ranked[:depth]) & wanted) / len(wanted)


def mean(values: Iterable[float]) -> float:
    values = list(values)
    return sum(values) / len(values)
