"""Citation strings in the labelled sentences of InLegalNER.

A PRECEDENT label covers parties and citations together, so the strings are found in it by shape: a year or a
volume, an abbreviation, a page, in the orders that are in use. The shapes know no reporter by name: any
capitalised abbreviation counts, which takes in reporters that no table has.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import regex

LABEL = "PRECEDENT"

# An abbreviation or a name of a reporter, its court in brackets or behind it.
_NAME = r"""(?:
    \(?[A-Z][A-Za-z]{0,7}\.?\)?(?:[\s.&]{0,2}\(?[A-Z][A-Za-z]{0,6}\)?\.?){0,5}
  | Supreme\s+Court\s+(?:Cases|Reports?)(?:\s*\([A-Za-z&\s]+\))?
  | (?:[A-Z][a-z]+\s+)?Law\s+(?:Times|Journal|Reports?|Weekly)
  | (?:[A-Z][a-z]+\s+){1,3}(?:Cases|Reports?)
)"""
_YEAR = r"[(\[]?\s*(?:1[89]|20)\d\d\s*(?:-\d\d)?\s*[)\]]?"
_VOLUME = r"(?:(?:Vol\.?\s*)?(?:Supp?(?:l|lementary)?\.?\s*)?[(\[]?\s*(?:\d{1,3}|[IVX]{1,4})\s*[)\]]?|\(?Supp?(?:l)?\.?\)?)"
_GAP = r"[\s,.:\-]{0,3}"
_SET = r"[(\[]\s*\d{1,3}\s*[)\]]"
_PAGE = r"(?:(?:at\s+)?(?:p\.|pg\.?|page)\s*)?(?:[A-Z]-?)?\d{1,5}(?!\s*/)(?!\d)"
# Parties that stand before a year as a reporter might.
_PARTY = r"(?:CIT|CST|CED|CWT|UOI|HUF|ITO|DCIT|LIC|MCD|DDA|CBI|OF)\b"

_SHAPES = regex.compile(
    rf"""
      {_YEAR}{_GAP}I\.?\s?L\.?\s?R\.?{_GAP}\(?\d{{1,2}}\)?\s*{_NAME}{_GAP}{_PAGE}
    | {_YEAR}{_GAP}(?:{_VOLUME}{_GAP}){{0,2}}(?!\(?A\.?\s?I\.?\s?R){_NAME}{_GAP}(?:{_SET}{_GAP})?
      (?:\(?[A-Z][A-Za-z&.]*\)?{_GAP})?{_PAGE}
    | \b(?!{_PARTY})(?:A\.\s?I\.\s?R\.|I\.\s?L\.\s?R\.|J\.\s?T\.|[A-Z]{{2,5}}){_GAP}(?:[A-Z][A-Za-z.]+\s)?{_YEAR}{_GAP}
      (?:{_VOLUME}{_GAP})?(?:\(?[A-Z][A-Za-z.&\s]{{0,24}}\)?{_GAP})?{_PAGE}
    | (?<![\d/])\d{{1,3}}[\s-]*{_NAME}{_GAP}\(?{_PAGE}
    | \b(?:ILR|I\.\s?L\.\s?R\.)\s*\(?\d{{1,2}}\)?\s*{_NAME}{_GAP}{_PAGE}
    """,
    regex.VERBOSE,
)


@dataclass
class Sentence:
    """A labelled sentence."""

    number: int
    text: str
    spans: list[tuple[int, int]]
    strings: list[tuple[int, int]]
    # By the same shapes, where nobody labelled anything.
    outside: list[tuple[int, int]]


def numbers(text: str) -> list[str]:
    return [number.lstrip("0") or "0" for number in regex.findall(r"\d+", text)]


def sentences(path: Path) -> list[Sentence]:
    found = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row["text"]
            spans = [(start, end) for start, end, label in row["ents"] if label == LABEL]
            strings = [string for start, end in spans for string in shapes(text, start, end)]
            outside = [
                string
                for string in shapes(text, 0, len(text))
                if not any(string[0] < end and start < string[1] for start, end in spans)
            ]
            found.append(Sentence(row["id"], text, spans, strings, outside))
    return found


def shapes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [
        (start + match.end() - len(match[0].lstrip()), start + match.end())
        for match in _SHAPES.finditer(text[start:end])
    ]


def read_by_eye(path: Path, inside: str) -> dict[int, list[tuple[int, int]]]:
    """Places that somebody went over, `in` a span or `out` of all: lines of sentence, start, end, which."""
    places: dict[int, list[tuple[int, int]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            number, start, end, where = line.split("\t")
            if where == inside:
                places.setdefault(int(number), []).append((int(start), int(end)))
    return places
