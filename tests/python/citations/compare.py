#!/usr/bin/env python3
"""Citations in labelled sentences: nirnay beside eyecite and five patterns, in one run, and their speed.

    compare.py NIRNAY DIR [--list N] [--json FILE]

DIR holds entities/inlegalner_*judgment*.jsonl (`text`, `ents`) and text/*.jsonl.xz (`text`). Prints Markdown.
Needs requirements.txt.

A string is found when a citation lies over it with the same numbers (year, volume, page; more behind them is
a pinpoint). Strings are counted twice: as the shapes of gold.py draw them from PRECEDENT spans, and as
crates/citation/tests/gold/inlegalner.tsv has them, which were read by eye. A citation is right when it is one of
the strings or, outside the spans, which leave out many, when the shapes or that file have it too or judged.tsv,
where places were looked at one by one, says so.
"""

import argparse
import csv
import json
import lzma
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import finders
import gold
from finders import Span
from gold import Sentence

# Bytes of text that the slow ones are timed with.
SAMPLE = 4_000_000

READ = Path(__file__).parents[3] / "crates/citation/tests/gold/inlegalner.tsv"


@dataclass
class Tally:
    """What a finder found."""

    strings: int = 0
    found: int = 0
    cited: int = 0
    right: int = 0
    missed: list[tuple[Sentence, Span]] = field(default_factory=list)
    wrong: list[tuple[Sentence, Span]] = field(default_factory=list)

    def recall(self) -> float:
        return self.found / max(self.strings, 1)

    def precision(self) -> float:
        return self.right / max(self.cited, 1)


def same(text: str, wanted: Span, found: Span) -> bool:
    """Whether a citation is the string: it lies over it and has its numbers."""
    if found[0] >= wanted[1] or wanted[0] >= found[1]:
        return False
    those, these = (gold.numbers(text[start:end]) for start, end in (wanted, found))
    return these[: len(those)] == those


def tally(
    sentences: list[Sentence],
    found: list[list[Span]],
    strings: dict[int, list[Span]],
    judged: dict[tuple[int, int], bool],
) -> Tally:
    count = Tally()
    for sentence, spans in zip(sentences, found, strict=True):
        wanted = strings.get(sentence.number, [])
        count.strings += len(wanted)
        count.cited += len(spans)
        for string in wanted:
            if any(same(sentence.text, string, span) for span in spans):
                count.found += 1
            else:
                count.missed.append((sentence, string))
        for span in spans:
            known = any(same(sentence.text, string, span) for string in wanted + sentence.outside)
            if judged.get((sentence.number, span[0]), known):
                count.right += 1
            else:
                count.wrong.append((sentence, span))
    return count


def judged_places() -> dict[tuple[int, int], bool]:
    with open(Path(__file__).with_name("judged.tsv"), encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {(int(row["id"]), int(row["start"])): row["citation"] == "yes" for row in rows}


def ours(program: Path, sentences: list[Sentence]) -> tuple[list[list[Span]], Counter]:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as lines:
        for sentence in sentences:
            lines.write(json.dumps({"id": str(sentence.number), "text": sentence.text}) + "\n")
        lines.flush()
        replies, _ = finders.nirnay(program, Path(lines.name))
    by_id = {str(reply["id"]): reply["citations"] for reply in replies}
    kinds = Counter(cite["kind"] for cites in by_id.values() for cite in cites)
    found = []
    for sentence in sentences:
        cites = [cite for cite in by_id[str(sentence.number)] if cite["kind"] in finders.KINDS]
        found.append([(cite["start"], cite["end"]) for cite in cites])
    return found, kinds


def accuracy(program: Path, sentences: list[Sentence], number: int) -> dict:
    texts = [sentence.text for sentence in sentences]
    found, kinds = ours(program, sentences)
    theirs, _ = finders.timed(finders.eyecite, texts)
    five, _ = finders.timed(finders.five_patterns, texts)
    outside = gold.read_by_eye(READ, "out")
    by_shape = {sentence.number: sentence.strings for sentence in sentences}
    by_eye = gold.read_by_eye(READ, "in")
    for sentence in sentences:
        sentence.outside += outside.get(sentence.number, [])
    judged = judged_places()
    print(f"{len(sentences)} sentences\n")
    print("| finder | strings by shape | recall | precision | strings read by eye | recall | precision |")
    print("|---|---|---|---|---|---|---|")
    figures = {}
    for name, spans in (("nirnay", found), ("eyecite", theirs), ("five patterns", five)):
        shape, eye = (tally(sentences, spans, strings, judged) for strings in (by_shape, by_eye))
        cells = []
        for count in (shape, eye):
            cells += [f"{count.found} of {count.strings}", f"{count.recall():.4f}", f"{count.precision():.4f}"]
        print(f"| {name} | {' | '.join(cells)} |")
        figures[name] = {"recall": eye.recall(), "precision": eye.precision(), "recall_by_shape": shape.recall()}
        if name == "nirnay":
            kept = eye
    print(f"\nKinds that nirnay found: {dict(kinds.most_common())}\n")
    for title, places in (("Missed", kept.missed), ("Not known as citations", kept.wrong)):
        print(f"\n{title} ({len(places)}):\n")
        for sentence, (start, end) in places[:number]:
            near = sentence.text[max(start - 25, 0) : end + 25]
            print(f"- {sentence.number}:{start} {sentence.text[start:end]!r} in {near!r}")
    return figures


def speed(program: Path, folder: Path) -> dict:
    """Megabytes of text a second of processor time."""
    total, sample, cited = 0, [], 0
    seconds = 0.0
    for packed in sorted(folder.glob("*.jsonl.xz")):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as lines, lzma.open(packed, "rt") as source:
            for line in source:
                text = json.loads(line)["text"]
                total += len(text.encode())
                if sum(map(len, sample)) < SAMPLE:
                    sample.append(text)
                lines.write(line)
            lines.flush()
            replies, took = finders.nirnay(program, Path(lines.name))
            seconds += took
            cited += sum(len(reply["citations"]) for reply in replies)
    size = sum(len(text.encode()) for text in sample) / 1e6
    print("\n| finder | MB of text | MB/s of processor time |\n|---|---|---|")
    print(f"| nirnay, the command, JSON in and out | {total / 1e6:.1f} | {total / 1e6 / seconds:.1f} |")
    figures = {"nirnay": total / 1e6 / seconds, "citations": cited}
    for name, find in (("five patterns, Python", finders.five_patterns), ("eyecite", finders.eyecite)):
        _, took = finders.timed(find, sample)
        print(f"| {name} | {size:.1f} | {size / took:.1f} |")
        figures[name] = size / took
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nirnay", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", type=int, default=25, help="misses and doubtful citations to print")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    program = args.nirnay.resolve()
    labelled = sorted((args.folder / "entities").glob("inlegalner_*judgment*.jsonl"))
    if not labelled:
        sys.exit(f"{args.folder}/entities has no inlegalner_*judgment*.jsonl")
    sentences = [sentence for path in labelled for sentence in gold.sentences(path)]
    figures = {"labelled": accuracy(program, sentences, args.list), "speed": speed(program, args.folder / "text")}
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
