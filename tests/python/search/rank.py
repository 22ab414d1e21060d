#!/usr/bin/env python3
"""Ranking by passage: nirnay beside plain BM25 (bm25s) on the same questions, in one run.

    rank.py NIRNAY DIR [--corpus NAME] [--queries FILE] [--qrels FILE] [--json FILE]

DIR holds CORPUS.jsonl.xz (`id`, `text`), the questions (`id||text` lines) and TREC qrels. Every question goes through
the command line, as anybody's would: import texts, index, search --text-file. Prints Markdown.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bm25s
import texts

DEPTH = 1000


def peer(documents: list[dict], questions: list[tuple[str, str]], stopwords: str | None) -> dict[str, list[str]]:
    """bm25s with its default parameters over one body field."""
    index = bm25s.BM25()
    index.index(bm25s.tokenize([d["text"] for d in documents], stopwords=stopwords, show_progress=False), show_progress=False)
    words = bm25s.tokenize([text for _, text in questions], stopwords=stopwords, show_progress=False)
    found, _ = index.retrieve(words, k=min(DEPTH, len(documents)), show_progress=False)
    return {question: [documents[i]["id"] for i in row] for (question, _), row in zip(questions, found, strict=True)}


class Ours:
    def __init__(self, nirnay: str, corpus: Path, work: Path):
        self.nirnay, self.lake, self.work = nirnay, work / "lake", work
        self.run("import", "texts", str(corpus))
        self.run("index")

    def run(self, *arguments: str) -> str:
        command = [self.nirnay, "--lake", str(self.lake), "--quiet", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: {done.returncode}: {done.stderr}{done.stdout[:2000]}")
        return done.stdout

    def rank(self, questions: list[tuple[str, str]], *options: str) -> tuple[dict[str, list[str]], float]:
        ranked, spent = {}, 0.0
        for question, text in questions:
            path = self.work / "question.txt"
            path.write_text(text, encoding="utf-8")
            begun = time.monotonic()
            out = self.run("search", "--text-file", str(path), "--limit", str(DEPTH), "--snippets", "0", "--json", *options)
            spent += time.monotonic() - begun
            ranked[question] = [hit["id"] for hit in json.loads(out)["hits"]]
        return ranked, spent / len(questions)


def measures(ranked: dict[str, list[str]], wanted: dict[str, set[str]]) -> dict[str, float]:
    each = [q for q in ranked if wanted.get(q)]
    precisions = [texts.average_precision(ranked[q], wanted[q]) for q in each]
    return {
        "map": texts.mean(precisions),
        "ndcg10": texts.mean(texts.ndcg(ranked[q], wanted[q]) for q in each),
        "recall100": texts.mean(texts.recall(ranked[q], wanted[q]) for q in each),
        "map_odd": texts.mean(precisions[::2]),
        "map_even": texts.mean(precisions[1::2]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nirnay")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--corpus", default="aila2019-casedocs")
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--qrels", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    questions = texts.queries(arguments.queries or arguments.directory / "aila2019-queries.txt")
    wanted = texts.relevant(arguments.qrels or arguments.directory / "aila2019-qrels.txt")
    documents = list(texts.lines(arguments.directory, arguments.corpus))
    rows = {
        "bm25s, English stop words (its default)": measures(peer(documents, questions, "en"), wanted),
        "bm25s, all words": measures(peer(documents, questions, None), wanted),
    }
    with tempfile.TemporaryDirectory() as work:
        ours = Ours(arguments.nirnay, arguments.directory / f"{arguments.corpus}.jsonl.xz", Path(work))
        ranked, _ = ours.rank(questions, "--words-only")
        rows["nirnay, words only"] = measures(ranked, wanted)
        ranked, each = ours.rank(questions)
        rows["nirnay"] = measures(ranked, wanted)
    best = max(row["map"] for name, row in rows.items() if name.startswith("bm25s"))
    print(f"{len(documents)} documents, {len(questions)} questions, {sum(map(len, wanted.values()))} relevant pairs\n")
    print("| | MAP | of the better bm25s | nDCG@10 | recall@100 | MAP, odd / even questions |")
    print("|---|---|---|---|---|---|")
    for name, row in rows.items():
        print(
            f"| {name} | {row['map']:.4f} | {row['map'] / best:.2f} | {row['ndcg10']:.4f} | {row['recall100']:.4f} "
            f"| {row['map_odd']:.3f} / {row['map_even']:.3f} |"
        )
    print(f"\n{1000 * each:.0f} ms a question, the start of the program included")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
