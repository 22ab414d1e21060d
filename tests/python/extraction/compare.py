#!/usr/bin/env python3
"""Text of a folder of PDF files: nirnay beside pdftotext, PyMuPDF and pdf-extract, in one run.

    compare.py NIRNAY DIR [--rounds N] [--worst N] [--json FILE]

DIR holds index.tsv with the columns `file`, `lang_guess` and `kind`, and the files it names. Prints
Markdown. Needs requirements.txt and pdftotext (poppler-utils).

Words: of those that pdftotext and PyMuPDF both have (as often as both have them), the share that a reader
has too, over files with at least 50 of them and no eight-bit fonts. Text that nirnay keeps apart from the
body (running heads, signatures, annotations) counts as kept. Order: the same for runs of five words that
two of pdftotext, PyMuPDF and PDFium have. Files whose referees set the letters of words apart are not judged, nor is the order
of pages whose Indic text stands in eight-bit fonts, which nirnay converts and the referees print as Latin letters. Where nirnay keeps a line apart, the referees' page is cut at
that line, so that runs over it are not judged; `uncut` gives the figure without that.
"""

import argparse
import csv
import json
import math
import shutil
import statistics
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import readers
import words
from readers import Reading

ENOUGH = 50
READERS = ("nirnay", "pdf-extract", "pdftotext", "PyMuPDF", "PDFium")


@dataclass
class File:
    """A file, what the index says of it, and what every reader made of it."""

    path: Path
    name: str
    language: str
    kind: str
    by: dict[str, Reading] = field(default_factory=dict)

    def legacy(self) -> bool:
        """Whether an eight-bit font is named in the index, or found by nirnay: the referees print it as Latin letters."""
        found = (page.condition.startswith("legacy") for page in self.by["nirnay"].pages)
        return "legacy" in self.language or any(found)

    def english(self) -> bool:
        return self.language == "eng"


def listed(folder: Path) -> list[File]:
    with open(folder / "index.tsv", encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE))
    files = []
    for row in rows:
        path = (folder / row["file"]).resolve()
        if not path.is_file():
            sys.exit(f"{path}, named in index.tsv, is not there")
        files.append(File(path, row["file"], row["lang_guess"], row["kind"]))
    return files


def read_all(program: Path, files: list[File], rounds: int) -> dict[str, float]:
    """Has every reader read every file; the least processor time of the rounds."""
    paths = [file.path for file in files]
    ways = {
        "nirnay": lambda: readers.nirnay(program, paths),
        "pdftotext": lambda: readers.pdftotext(paths),
        "PyMuPDF": lambda: readers.library("pymupdf", paths),
        "pdf-extract": lambda: readers.nirnay(program, paths, "--engine", "pdf-extract"),
        "PDFium": lambda: readers.library("pdfium", paths),
    }
    seconds: dict[str, float] = {}
    for _ in range(rounds):
        for name, read in ways.items():
            readings, took = read()
            seconds[name] = min(took, seconds.get(name, math.inf))
            for file in files:
                file.by[name] = readings[file.path]
    return seconds


def all_words(reading: Reading) -> Counter:
    """Words of the body and of what is kept apart."""
    count = Counter()
    for page in reading.pages:
        for text in [page.text, *page.apart]:
            count.update(words.words(text))
    return count


def in_order(reading: Reading) -> list[str]:
    """The words of the body in the order that the reader gives them."""
    return [word for page in reading.pages for word in words.words(page.text)]


def all_runs(reading: Reading) -> Counter:
    parts = []
    for page in reading.pages:
        for text in [page.text, *page.apart]:
            parts += words.segments(text)
    return words.runs(parts)


def referee_runs(file: File, cut: bool) -> Counter:
    ours = file.by["nirnay"].pages
    counts = []
    for name in ("pdftotext", "PyMuPDF", "PDFium"):
        pages = file.by[name].pages
        parts = []
        for number, page in enumerate(pages):
            if len(pages) == len(ours) and ours[number].condition.startswith("legacy"):
                continue
            here = words.segments(page.text)
            if cut and len(pages) == len(ours):
                for line in ours[number].apart:
                    if line_words := words.words(line):
                        here = words.without(here, line_words)
            parts += here
        counts.append(words.runs(parts))
    return words.agreed(counts)


@dataclass
class Score:
    """A file's recall by a reader, and what is missing."""

    file: File
    recall: float
    missing: Counter


def score(file: File, wanted: Counter, have: Counter) -> Score:
    return Score(file, words.recall(wanted, have), wanted - have)


def letters(count: Counter) -> int:
    return sum(len(word) * number for word, number in count.items())


def fragments(count: Counter) -> bool:
    """Whether these are pieces of words, as referees make of some OCR layers: English words have 4.7 letters."""
    return letters(count) < 3 * count.total()


def word_scores(files: list[File]) -> dict[str, list[Score]]:
    scores = defaultdict(list)
    for file in files:
        have = {name: all_words(file.by[name]) for name in READERS}
        wanted = have["pdftotext"] & have["PyMuPDF"]
        if file.legacy() or wanted.total() < ENOUGH:
            continue
        if fragments(wanted):
            share = letters(have["nirnay"]) / letters(have["pdftotext"])
            print(f"Not judged, as the referees set letters apart: {file.name}; letters over pdftotext's: {share:.2f}.\n")
            continue
        for name in READERS:
            scores[name].append(score(file, wanted, have[name]))
    return scores


def run_scores(files: list[File], cut: bool) -> dict[str, list[Score]]:
    scores = defaultdict(list)
    for file in files:
        wanted = referee_runs(file, cut)
        if not file.english() or file.kind == "ocr-layer" or wanted.total() < ENOUGH:
            continue
        for name in READERS:
            scores[name].append(score(file, wanted, all_runs(file.by[name])))
    return scores


def spread(scores: list[Score]) -> dict[str, float]:
    values = sorted(score.recall for score in scores)
    if not values:
        return {"files": 0, "median": math.nan, "p10": math.nan, "min": math.nan, "under": 0}
    return {
        "files": len(values),
        "median": statistics.median(values),
        "p10": values[len(values) // 10],
        "min": values[0],
        "under": sum(value < 0.9 for value in values),
    }


def cells(figures: dict[str, float]) -> str:
    return f"{figures['median']:.4f} / {figures['p10']:.4f} / {figures['min']:.4f}"


def main_table(files: list[File], seconds: dict[str, float], scores: dict) -> dict:
    """One row a reader."""
    print(f"{len(files)} files\n")
    print(
        "| reader | with text / without / failed | CPU s | x pdftotext | words: median / p10 / min | files < 0.9 "
        "| runs of five: median / p10 / min | uncut |"
    )
    print("|---|---|---|---|---|---|---|---|")
    figures = {}
    for name in READERS:
        failed = sum(file.by[name].error is not None for file in files)
        text = sum(file.by[name].error is None and file.by[name].has_text() for file in files)
        of_words, of_runs, of_uncut = (spread(kind[name]) for kind in scores.values())
        ratio = seconds[name] / seconds["pdftotext"]
        referee = name in ("pdftotext", "PyMuPDF")
        shown = ("(referee)", "") if referee else (cells(of_words), f"{of_words['under']} of {of_words['files']}")
        print(
            f"| {name} | {text} / {len(files) - text - failed} / {failed} | {seconds[name]:.2f} | {ratio:.2f} "
            f"| {shown[0]} | {shown[1]} | {cells(of_runs)} | {cells(of_uncut)} |"
        )
        figures[name] = {
            "cpu_seconds": seconds[name],
            "over_pdftotext": ratio,
            "with_text": text,
            "failed": failed,
            "words": of_words,
            "runs": of_runs,
            "runs_uncut": of_uncut,
        }
    print(f"\nRuns of five over {of_runs['files']} English files, the files with an OCR layer not among them.")
    return figures


def failures(files: list[File]) -> list[str]:
    """Files that a referee could read and nirnay could not."""
    lost = []
    readable = 0
    for file in files:
        most = max(all_words(file.by[name]).total() for name in ("pdftotext", "PyMuPDF"))
        if most < ENOUGH:
            continue
        readable += 1
        reading = file.by["nirnay"]
        if reading.error or not reading.has_text():
            lost.append(f"{file.name}: {reading.error or 'no text'}")
    print(f"\nFailures: {len(lost)} of {readable} files in which pdftotext or PyMuPDF find {ENOUGH} words.")
    for line in lost:
        print(f"- {line}")
    return lost


def letters_of(reading: Reading, name: str) -> tuple[Counter, Counter]:
    """Runs of letters and signs of a script, page by page."""
    runs, signs = Counter(), Counter()
    for page in reading.pages:
        for text in [page.text, *page.apart]:
            more = words.letters(text, name)
            runs += more[0]
            signs += more[1]
    return runs, signs


def put_together(theirs: list[str], wanted: Counter, have: Counter) -> int:
    """Of the wanted words that are missing, those that stand side by side in `theirs` and are one word of ours that
    nothing else accounts for: pdftotext parts words after some vowel signs, so that the name Devi becomes two."""
    missing = wanted - have
    spare = have - wanted
    found = 0
    for number in range(2, 5):
        for at in range(len(theirs) - number + 1):
            run = theirs[at : at + number]
            if spare["".join(run)] > 0 and any(missing[word] > 0 for word in run):
                spare["".join(run)] -= 1
                for word in run:
                    if missing[word] > 0:
                        missing[word] -= 1
                        found += 1
    return found


def seconded_words(file: File, wanted: Counter) -> Counter:
    """Of pdftotext's words those that PyMuPDF or PDFium has too."""
    second = all_words(file.by["PyMuPDF"]) | all_words(file.by["PDFium"])
    return wanted & second


def scripts(files: list[File]) -> dict:
    """Of pdftotext's words in each script, the share that the others have, fonts with Unicode only; and of its
    letters, in runs of five over whatever parts words, and signs. Words that PyMuPDF or PDFium has too have a column
    of their own: two readers seldom part or misplace alike. So have words that it parts and nirnay has whole; whether
    they are one word is for the eye to say."""
    found: dict[str, list] = defaultdict(list)
    for file in files:
        if file.legacy():
            continue
        theirs = all_words(file.by["pdftotext"])
        by_script = defaultdict(Counter)
        for word, count in theirs.items():
            if name := words.script(word):
                by_script[name][word] = count
        for name, wanted in by_script.items():
            if wanted.total() >= ENOUGH:
                found[name].append((file, wanted))
    print("\nOf pdftotext's words in Indic scripts; behind the stroke of its letters in runs of five, and of its signs.")
    print(
        "\n| script | files | words of pdftotext | nirnay has | of those that a second reader has | and whole what it parts "
        "| least in a file | PyMuPDF | pdf-extract |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    figures = {}
    for name, wanted_of in sorted(found.items()):
        total = sum(wanted.total() for _, wanted in wanted_of)
        kept = {}
        letters = {}
        least = 1.0
        whole = 0
        seconded = {file.name: seconded_words(file, wanted) for file, wanted in wanted_of}
        of_seconded = sum((seconded[file.name] & all_words(file.by["nirnay"])).total() for file, _ in wanted_of)
        of_seconded /= max(sum(count.total() for count in seconded.values()), 1)
        for reader in ("nirnay", "PyMuPDF", "pdf-extract"):
            have = [(wanted & all_words(file.by[reader])).total() for file, wanted in wanted_of]
            kept[reader] = sum(have) / total
            letters[reader] = letter_recalls([file for file, _ in wanted_of], name, reader)
            if reader == "nirnay":
                least = min(part / wanted.total() for part, (_, wanted) in zip(have, wanted_of, strict=True))
                whole = sum(have) + sum(
                    put_together(in_order(file.by["pdftotext"]), wanted, all_words(file.by["nirnay"]))
                    for file, wanted in wanted_of
                )
        print(
            f"| {name} | {len(wanted_of)} | {total} | {shown(kept, letters, 'nirnay')} "
            f"| {of_seconded:.4f} | {whole / total:.4f} "
            f"| {least:.4f} "
            f"| {shown(kept, letters, 'PyMuPDF')} | {shown(kept, letters, 'pdf-extract')} |"
        )
        figures[name] = {
            "files": len(wanted_of),
            "recall": kept["nirnay"],
            "recall_seconded": of_seconded,
            "recall_put_together": whole / total,
            "least": least,
            "letters": letters["nirnay"][0],
            "signs": letters["nirnay"][1],
        }
    return figures


def letter_recalls(files: list[File], name: str, reader: str) -> tuple[float, float]:
    """The shares of pdftotext's runs of letters and of its signs that a reader has, over files."""
    have = [0, 0]
    all_of = [0, 0]
    for file in files:
        theirs, ours = (letters_of(file.by[by], name) for by in ("pdftotext", reader))
        for at in (0, 1):
            have[at] += (theirs[at] & ours[at]).total()
            all_of[at] += theirs[at].total()
    return have[0] / max(all_of[0], 1), have[1] / max(all_of[1], 1)


def shown(kept: dict, letters: dict, reader: str) -> str:
    return f"{kept[reader]:.4f} / {letters[reader][0]:.4f} {letters[reader][1]:.4f}"


def legacy(files: list[File]) -> None:
    """Files with eight-bit fonts: their pages' conditions, and how many Indic words came of them."""
    chosen = [file for file in files if file.legacy()]
    if not chosen:
        return
    print("\n| file with an eight-bit font | pages by condition | words in an Indic script | Latin words |")
    print("|---|---|---|---|")
    for file in chosen:
        reading = file.by["nirnay"]
        conditions = Counter(page.condition or "?" for page in reading.pages)
        count = all_words(reading)
        indic = sum(number for word, number in count.items() if words.script(word))
        shown = ", ".join(f"{number} {name}" for name, number in conditions.most_common())
        print(f"| {file.name} ({file.language}) | {reading.error or shown} | {indic} | {count.total() - indic} |")


def apart_share(files: list[File]) -> float:
    """The share of words that nirnay keeps apart from the body."""
    body = apart = 0
    for file in files:
        for page in file.by["nirnay"].pages:
            body += len(words.words(page.text))
            apart += sum(len(words.words(line)) for line in page.apart)
    share = apart / max(body + apart, 1)
    print(f"\nKept apart from the body: {share:.2%} of nirnay's words.")
    return share


def worst(of_words: list[Score], of_runs: list[Score], number: int) -> None:
    print("\nLowest in words, with the words that are missing:\n")
    for entry in sorted(of_words, key=lambda score: score.recall)[:number]:
        if entry.recall < 1:
            some = ", ".join(f"{word} {count}" for word, count in entry.missing.most_common(14))
            print(f"- {entry.recall:.4f} {entry.file.name} ({entry.file.kind}): {entry.missing.total()}: {some}")
    print("\nLowest in runs of five, with some that are missing:\n")
    for entry in sorted(of_runs, key=lambda score: score.recall)[:number]:
        if entry.recall < 1:
            lost = list(entry.missing)
            some = "; ".join(" ".join(run) for run in lost[:: max(len(lost) // 6, 1)][:6])
            print(f"- {entry.recall:.4f} {entry.file.name} ({entry.file.kind}): {entry.missing.total()}: {some}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nirnay", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--worst", type=int, default=15)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    if not shutil.which("pdftotext"):
        sys.exit("pdftotext is not installed (poppler-utils)")
    files = listed(args.folder)
    seconds = read_all(args.nirnay.resolve(), files, max(args.rounds, 1))
    scores = {"words": word_scores(files), "runs": run_scores(files, True), "uncut": run_scores(files, False)}
    figures = {"readers": main_table(files, seconds, scores)}
    figures["failures"] = failures(files)
    figures["apart"] = apart_share(files)
    figures["scripts"] = scripts(files)
    legacy(files)
    worst(scores["words"]["nirnay"], scores["runs"]["nirnay"], args.worst)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
