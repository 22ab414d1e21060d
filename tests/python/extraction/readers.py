"""Readers of PDF files: ours and the others, each with the processor time it took.

Time is user and system time of all processes a reader started, ended ones included.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

LIMIT_SECONDS = 60


@dataclass
class Page:
    """A page's text; what its reader keeps apart from it, a line each."""

    text: str
    apart: list[str] = field(default_factory=list)
    condition: str = ""
    method: str = ""


@dataclass
class Reading:
    """What a reader made of a file."""

    pages: list[Page] = field(default_factory=list)
    error: str | None = None

    def has_text(self) -> bool:
        return any(page.text.strip() for page in self.pages)


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def nirnay(program: Path, files: list[Path], *options: str) -> tuple[dict[Path, Reading], float]:
    """All files by one command, workers included."""
    began = spent()
    command = [program, "extract", *files, "--json", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    seconds = spent() - began
    readings = {}
    for line in done.stdout.splitlines():
        said = json.loads(line)
        readings[Path(said["file"])] = ours(said)
    if missing := [path for path in files if path not in readings]:
        sys.exit(
            f"{program} extract ended with {done.returncode} and without a word of {len(missing)} files, "
            f"the first {missing[0]}: {done.stderr.decode(errors='replace')[-2000:]}"
        )
    return readings, seconds


def ours(said: dict) -> Reading:
    error = said.get("error")
    if isinstance(error, dict):
        error = error.get("reason") or json.dumps(error)
    pages = {
        page["n"]: Page(
            page["text"],
            [line for line in (page.get("furniture") or "").splitlines() if line.strip()],
            page.get("condition") or "",
            page.get("method") or "",
        )
        for page in said.get("pages") or []
    }
    for mark in (said.get("signatures") or []) + (said.get("annotations") or []):
        home = pages.get(mark.get("page")) or next(iter(pages.values()), None)
        if home and mark.get("text"):
            home.apart.append(mark["text"])
    return Reading([pages[number] for number in sorted(pages)], error)


def pdftotext(files: list[Path]) -> tuple[dict[Path, Reading], float]:
    """Poppler's command, a process for each file, as it is used."""
    began = spent()
    readings = {}
    for path in files:
        try:
            done = subprocess.run(
                ["pdftotext", "-enc", "UTF-8", path, "-"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=LIMIT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            readings[path] = Reading(error="time limit")
            continue
        text = done.stdout.decode(errors="replace")
        error = None if done.returncode == 0 else f"exit {done.returncode}"
        pages = text.split("\f")
        readings[path] = Reading([Page(page) for page in pages[:-1] or pages], error)
    return readings, spent() - began


def library(name: str, files: list[Path]) -> tuple[dict[Path, Reading], float]:
    """A Python library, in a process of its own for all files."""
    began = spent()
    done = subprocess.run(
        [sys.executable, __file__, name, *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    seconds = spent() - began
    readings = {path: Reading(error="the library's process ended before it") for path in files}
    for line in done.stdout.splitlines():
        path, pages, error = json.loads(line)
        readings[Path(path)] = Reading([Page(page) for page in pages], error)
    return readings, seconds


def _mupdf(path: str) -> list[str]:
    import pymupdf

    with pymupdf.open(path) as document:
        if document.needs_pass:
            raise ValueError("encrypted")
        return [page.get_text() for page in document]


def _pdfium(path: str) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def _child(name: str, paths: list[str]) -> None:
    read = {"pymupdf": _mupdf, "pdfium": _pdfium}[name]
    # The libraries write warnings to standard output.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    os.dup2(2, 1)
    for path in paths:
        try:
            pages, error = read(path), None
        except Exception as problem:
            pages, error = [], f"{type(problem).__name__}: {problem}"
        out.write(json.dumps([path, pages, error]) + "\n")
        out.flush()


if __name__ == "__main__":
    _child(sys.argv[1], sys.argv[2:])
