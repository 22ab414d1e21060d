#!/usr/bin/env python3
"""Indexing: ours beside SQLite FTS5 and tantivy-py with its default schema, on the same texts in one run.

    index.py TEXTS DIR [--mb N]

TEXTS is the program `texts` of crates/index/examples. Every index keeps the body and positions. Time is processor
time, of all threads and children. Prints Markdown.
"""

import argparse
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import texts


def spent(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def ours(program: str, source: Path, work: Path) -> tuple[float, int]:
    before = spent(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "index", str(source), str(work)], check=True, stdout=subprocess.DEVNULL)
    return spent(resource.RUSAGE_CHILDREN) - before, size(work)


def child(name: str, source: Path, work: Path) -> tuple[float, int]:
    """A peer in a process of its own, so that its processor time is known."""
    before = spent(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, __file__, "--peer", name, str(source), str(work)], check=True)
    return spent(resource.RUSAGE_CHILDREN) - before, size(work)


def fts5(source: Path, work: Path) -> None:
    base = sqlite3.connect(work / "index.db")
    base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE VIRTUAL TABLE docs USING fts5(id UNINDEXED, body);")
    with source.open(encoding="utf-8") as file:
        base.executemany(
            "INSERT INTO docs (id, body) VALUES (?, ?)", ((d["id"], d["text"]) for d in map(json.loads, file))
        )
    base.commit()
    base.execute("INSERT INTO docs (docs) VALUES ('optimize')")
    base.commit()
    base.close()


def tantivy_py(source: Path, work: Path) -> None:
    import tantivy

    schema = tantivy.SchemaBuilder().add_text_field("id", stored=True).add_text_field("body", stored=True).build()
    index = tantivy.Index(schema, path=str(work))
    writer = index.writer(128 << 20)
    with source.open(encoding="utf-8") as file:
        for document in map(json.loads, file):
            writer.add_document(tantivy.Document(id=[document["id"]], body=[document["text"]]))
    writer.commit()
    writer.wait_merging_threads()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--mb", type=int, default=1_000, help="at most so much text")
    arguments = parser.parse_args()
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "texts.jsonl"
        held = 0
        with source.open("w", encoding="utf-8") as file:
            for document in texts.all_texts(arguments.directory):
                if held >= arguments.mb << 20:
                    break
                held += len(document["text"].encode())
                file.write(json.dumps({"id": document["id"], "text": document["text"]}, ensure_ascii=False) + "\n")
        for name in ["nirnay", "SQLite FTS5", "tantivy-py"]:
            work = Path(folder) / "work"
            work.mkdir()
            rows[name] = ours(arguments.program, source, work) if name == "nirnay" else child(name, source, work)
            shutil.rmtree(work)
    print(f"{held / 1e6:.1f} MB of text\n")
    print("| | processor seconds | MB of text a processor second | index / text |")
    print("|---|---|---|---|")
    for name, (seconds, bytes_) in rows.items():
        print(f"| {name} | {seconds:.1f} | {held / 1e6 / seconds:.1f} | {bytes_ / held:.2f} |")


if __name__ == "__main__":
    os.environ["PYTHONHASHSEED"] = "0"
    if sys.argv[1:2] == ["--peer"]:
        _, _, which, source_, work_ = sys.argv
        {"SQLite FTS5": fts5, "tantivy-py": tantivy_py}[which](Path(source_), Path(work_))
    else:
        main()
