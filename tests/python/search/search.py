#!/usr/bin/env python3
"""Searching: ours beside SQLite FTS5 on paragraphs of the same texts, 500 mixed queries, in one run.

    search.py TEXTS DIR [--units N] [--queries N] [--no-peer]

TEXTS is the program `texts` of crates/index/examples. A query asks for the first ten hits with snippets, and the counts
of courts and years. Courts and years are dealt out to the paragraphs by a hash, the same for both. Prints Markdown.
"""

import argparse
import json
import random
import re
import sqlite3
import subprocess
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import texts

COURTS = ["delhi", "bombay", "madras", "calcutta", "kerala", "karnataka", "gujarat", "sikkim"]
WORD = re.compile(r"[a-z]{3,}")
OPERATORS = {"and", "or", "not", "andd", "orr", "nott", "near"}
LEAST = 60


def units(directory: Path, wanted: int) -> Iterator[dict]:
    """Paragraphs, cut between sentences; when the texts are used up, again with cuts after every second one."""
    number = 0
    for sentences in range(1, 20):
        for document in texts.all_texts(directory):
            held: list[str] = []
            for sentence in re.split(r"(?<=[.;:?])\s+|\n+", document["text"]):
                held.append(sentence)
                if len(held) < sentences or sum(map(len, held)) < LEAST:
                    continue
                place = zlib.crc32(f"{document['id']} {number}".encode())
                yield {
                    "id": str(number),
                    "text": " ".join(held),
                    "court": COURTS[place % len(COURTS)],
                    "year": 1950 + place // 8 % 75,
                }
                held, number = [], number + 1
                if number == wanted:
                    return


def mixed(sample: list[dict], count: int) -> list[dict]:
    """Queries of seven kinds, of words that stand in the texts."""
    rng = random.Random(20261130)
    made: list[dict] = []
    while len(made) < count:
        unit = rng.choice(sample)
        words = [word for word in WORD.findall(unit["text"].lower()) if word not in OPERATORS]
        if len(words) < 8:
            continue
        at = rng.randrange(len(words) - 4)
        kind = rng.choice(["word", "and", "and", "phrase", "phrase", "near", "year", "court", "or"])
        query: dict = {"kind": kind}
        if kind == "word":
            query["words"] = [words[at]]
        elif kind == "phrase":
            found = re.search(rf"\b{words[at]} {words[at + 1]}\b", unit["text"].lower())
            if not found:
                continue
            query["words"] = [words[at], words[at + 1]]
        else:
            query["words"] = rng.sample(words, 2)
        if kind in ("year", "court"):
            query[kind] = unit[kind]
        if len(set(query["words"])) == len(query["words"]):
            made.append(query)
    return made


def ours_text(query: dict) -> dict:
    first, *rest = query["words"]
    text = {
        "phrase": f'"{" ".join(query["words"])}"',
        "near": f"{first} /5 {' '.join(rest)}",
        "or": " or ".join(query["words"]),
    }.get(query["kind"], " ".join(query["words"]))
    if "year" in query:
        text = f"{text} year:{query['year']}"
    return {"kind": query["kind"], "query": text, "court": query.get("court")}


def fts5_text(query: dict) -> str:
    quoted = [f'"{word}"' for word in query["words"]]
    return {
        "phrase": f'"{" ".join(query["words"])}"',
        "near": f"NEAR({' '.join(quoted)}, 5)",
        "or": " OR ".join(quoted),
    }.get(query["kind"], " AND ".join(quoted))


def fts5(source: Path, queries: list[dict], path: Path) -> tuple[list[float], float, float, int]:
    base = sqlite3.connect(path)
    base.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE VIRTUAL TABLE body USING fts5(text);"
        "CREATE TABLE fact (id INTEGER PRIMARY KEY, court TEXT, year INTEGER);"
    )
    begun = time.process_time()
    with source.open(encoding="utf-8") as file:
        for unit in map(json.loads, file):
            key = int(unit["id"]) + 1
            base.execute("INSERT INTO body (rowid, text) VALUES (?, ?)", (key, unit["text"]))
            base.execute("INSERT INTO fact VALUES (?, ?, ?)", (key, unit["court"], unit["year"]))
    base.commit()
    base.execute("INSERT INTO body (body) VALUES ('optimize')")
    base.executescript("CREATE INDEX by_year ON fact (year); CREATE INDEX by_court ON fact (court); ANALYZE;")
    base.commit()
    base.close()
    built = time.process_time() - begun
    begun = time.perf_counter()
    base = sqlite3.connect(path)
    base.execute("SELECT rowid FROM body WHERE body MATCH '\"the\"' LIMIT 1").fetchall()
    opened = time.perf_counter() - begun
    taken = []
    for query in queries:
        match, narrowed, values = fts5_text(query), "", []
        for name in ("court", "year"):
            if name in query:
                narrowed, values = f" AND fact.{name} = ?", [query[name]]
        joined = "FROM body JOIN fact ON fact.id = body.rowid WHERE body MATCH ?" + narrowed
        begun = time.perf_counter()
        base.execute(
            f"SELECT body.rowid, snippet(body, 0, '[', ']', '…', 32) {joined} ORDER BY rank LIMIT 10", [match, *values]
        ).fetchall()
        base.execute(f"SELECT court, count(*) {joined} GROUP BY court", [match, *values]).fetchall()
        base.execute(f"SELECT year, count(*) {joined} GROUP BY year", [match, *values]).fetchall()
        taken.append(time.perf_counter() - begun)
    return taken, opened, built, path.stat().st_size


def share(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--no-peer", action="store_true")
    arguments = parser.parse_args()
    rng = random.Random(7)
    sample: list[dict] = []
    with tempfile.TemporaryDirectory() as folder:
        source, index, asked = Path(folder) / "units.jsonl", Path(folder) / "index", Path(folder) / "queries.json"
        held = made = 0
        with source.open("w", encoding="utf-8") as file:
            for unit in units(arguments.directory, arguments.units):
                file.write(json.dumps(unit, ensure_ascii=False) + "\n")
                held, made = held + len(unit["text"].encode()), made + 1
                if rng.random() < 0.01:
                    sample.append(unit)
        queries = mixed(sample, arguments.queries)
        asked.write_text(json.dumps([ours_text(query) for query in queries]))
        subprocess.run([arguments.program, "index", str(source), str(index)], check=True, stdout=subprocess.DEVNULL)
        out = subprocess.run([arguments.program, "ask", str(index), str(asked)], check=True, capture_output=True, text=True)
        answer = json.loads(out.stdout)
        rows = {"nirnay": (answer["seconds"], answer["open_seconds"])}
        if not arguments.no_peer:
            taken, opened, _, _ = fts5(source, queries, Path(folder) / "peer.db")
            rows["SQLite FTS5"] = (taken, opened)
    print(f"{made:,} paragraphs, {held / 1e6:.0f} MB; {len(queries)} queries\n")
    print("| | p50 ms | p95 ms | p99 ms | worst ms | cold open ms |")
    print("|---|---|---|---|---|---|")
    for name, (taken, opened) in rows.items():
        parts = " | ".join(f"{share(taken, part):.1f}" for part in (0.5, 0.95, 0.99, 1))
        print(f"| {name} | {parts} | {1000 * opened:.0f} |")
    print("\n| kind | queries | " + " | ".join(f"{name} p50 / p95 ms" for name in rows) + " |")
    print("|---|---|" + "---|" * len(rows))
    for kind in sorted({query["kind"] for query in queries}):
        places = [place for place, query in enumerate(queries) if query["kind"] == kind]
        cells = []
        for taken, _ in rows.values():
            of_kind = [taken[place] for place in places]
            cells.append(f"{share(of_kind, 0.5):.1f} / {share(of_kind, 0.95):.1f}")
        print(f"| {kind} | {len(places)} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
