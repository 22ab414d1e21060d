#!/usr/bin/env python3
"""A folder of hostile PDF files through nirnay: what becomes of each, and what the worst of them cost.

    hostile.py NIRNAY DIR [--wall SECONDS] [--memory MIB] [--json FILE]

Each file by a command of its own, for its time and the memory of its worker; then all files by one command,
which has to outlive them and say something of each. Exit code 1 when a command crashed, a file was passed
over, or a limit did not hold.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import readers
import words


@dataclass
class Outcome:
    """What became of a file."""

    path: Path
    reason: str
    words: int
    wall: float
    cpu: float
    peak_mib: float
    broken: str | None


def single(program: Path, path: Path) -> Outcome:
    began = time.monotonic()
    child = subprocess.Popen([program, "extract", path, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    peak = {"kib": 0}
    watch = threading.Thread(target=watch_memory, args=(child.pid, peak))
    watch.start()
    with tempfile.TemporaryFile() as talked:
        drain = threading.Thread(target=shutil.copyfileobj, args=(child.stderr, talked))
        drain.start()
        output = child.stdout.read()
        drain.join()
        talked.seek(0)
        talk = talked.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    reason, count, broken = "nothing said", 0, None
    lines = output.splitlines()
    try:
        reading = readers.ours(json.loads(lines[0])) if len(lines) == 1 else None
    except (ValueError, KeyError):
        reading = None
    if reading is None:
        broken = f"{len(lines)} lines instead of one, exit {child.returncode}: {talk.decode(errors='replace')[-300:]}"
    else:
        count = sum(len(words.words(page.text)) for page in reading.pages)
        reason = (reading.error or ("text" if count else "no text")).split(":")[0]
    if child.returncode < 0 or b"panicked" in talk:
        broken = f"exit {child.returncode}: {talk.decode(errors='replace')[-300:]}"
    watch.join()
    # The kernel gives the largest of the command and of workers that it waited for.
    peak_mib = max(used.ru_maxrss, peak["kib"]) / 1024
    return Outcome(path, reason, count, wall, used.ru_utime + used.ru_stime, peak_mib, broken)


def watch_memory(pid: int, peak: dict[str, int]) -> None:
    """Looks at the peaks of a process and all below it until it ends."""
    while Path(f"/proc/{pid}").exists():
        below = [pid]
        for process in below:
            try:
                below += map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
                for task in Path(f"/proc/{process}/task").iterdir():
                    if task.name != str(process):
                        below += map(int, (task / "children").read_text().split())
                status = Path(f"/proc/{process}/status").read_text()
            except OSError:
                continue
            if state := re.search(r"VmHWM:\s+(\d+)", status):
                peak["kib"] = max(peak["kib"], int(state[1]))
            elif process == pid:
                return
        time.sleep(0.002)


def together(program: Path, files: list[Path]) -> tuple[int, int, float]:
    """One command for all: its exit code, files it said something of, seconds."""
    began = time.monotonic()
    done = subprocess.run([program, "extract", *files, "--json"], stdout=subprocess.PIPE, check=False)
    said = {Path(json.loads(line)["file"]) for line in done.stdout.splitlines()}
    return done.returncode, len(said & set(files)), time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nirnay", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wall", type=float, default=61, help="seconds a file may take")
    parser.add_argument("--memory", type=float, default=1024, help="MiB a worker may hold")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    program = args.nirnay.resolve()
    files = sorted(path.resolve() for path in args.folder.rglob("*.pdf"))
    if not files:
        sys.exit(f"{args.folder} has no PDF files")
    outcomes = [single(program, path) for path in files]
    print(f"{len(files)} files\n\n| outcome | files |\n|---|---|")
    for reason, number in Counter(outcome.reason for outcome in outcomes).most_common():
        print(f"| {reason} | {number} |")
    longest = max(outcomes, key=lambda outcome: outcome.wall)
    largest = max(outcomes, key=lambda outcome: outcome.peak_mib)
    print(f"\nLongest: {longest.wall:.2f} s ({longest.path.name}, {longest.cpu:.2f} s of processor time).")
    print(f"Most memory: {largest.peak_mib:.0f} MiB ({largest.path.name}).")
    broken = [outcome for outcome in outcomes if outcome.broken]
    print(f"Crashes of the command and replies that cannot be read: {len(broken)}.")
    for outcome in broken:
        print(f"- {outcome.path.name}: {outcome.broken}")
    code, said, seconds = together(program, files)
    print(f"All by one command: {said} of {len(files)} answered, exit code {code}, {seconds:.1f} s.")
    if args.json:
        rows = [{**vars(outcome), "path": str(outcome.path)} for outcome in outcomes]
        args.json.write_text(json.dumps(rows, indent=1) + "\n")
    held = longest.wall <= args.wall and largest.peak_mib <= args.memory
    return 0 if held and not broken and said == len(files) and code >= 0 else 1


if __name__ == "__main__":
    sys.exit(main())
