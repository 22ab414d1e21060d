"""Finders of citations: nirnay's command, eyecite, and five patterns as one meets them in notebooks."""

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Span = tuple[int, int]

# Kinds that are references to published reports; case numbers and statutes have no counterpart in the labels.
KINDS = ("reporter", "neutral", "foreign")

FIVE = [
    re.compile(r"\bA\.?I\.?R\.?\s*\d{4}\s*(?:SC|S\.C\.|Supreme Court)\s*\d+"),
    re.compile(r"[\[(]?\d{4}[\])]?\s*\(?\d+\)?\s*S\.?C\.?C\.?\s*\d+"),
    re.compile(r"[\[(]?\d{4}[\])]?\s*\(?\d+\)?\s*S\.?C\.?R\.?\s*\d+"),
    re.compile(r"\bJT\s*\d{4}\s*\(\d+\)\s*SC\s*\d+"),
    re.compile(r"\(?\d{4}\)?\s*\(?\d+\)?\s*(?:SCALE|Scale)\s*\d+"),
]


def five_patterns(text: str) -> list[Span]:
    return [match.span() for pattern in FIVE for match in pattern.finditer(text)]


def eyecite(text: str) -> list[Span]:
    from eyecite import get_citations
    from eyecite.models import FullCaseCitation

    return [found.span() for found in get_citations(text) if isinstance(found, FullCaseCitation)]


def timed(find: Callable[[str], list[Span]], texts: list[str]) -> tuple[list[list[Span]], float]:
    began = time.process_time()
    found = [find(text) for text in texts]
    return found, time.process_time() - began


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def nirnay(program: Path, lines: Path) -> tuple[list[dict], float]:
    """The command's replies for a file of JSON lines `{id, text}`."""
    began = spent()
    done = subprocess.run([program, "citations", lines, "--json"], stdout=subprocess.PIPE, check=False)
    seconds = spent() - began
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    if not replies:
        sys.exit(f"{program} citations ended with {done.returncode} and without a word")
    return replies, seconds
