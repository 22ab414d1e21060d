"""Words and runs of five words of a text, and how many of them another text has.

What readers may do in their own way is made alike before: case, compatibility forms (ligatures), hyphens at
line ends, joiners of Indic scripts. Headings with letters set apart (`O R D E R`) are not judged: whether to
close them up is the reader's choice. The mark of a footnote is parted from a year before it (`1973` with a small
`8`), which some readers print as one number.
"""

import unicodedata
from collections import Counter

import regex

RUN = 5

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_DASH = regex.compile(r"[\u00ad\u2010\u2011\u2012\u2013\u2212]")
_HYPHEN = regex.compile(r"(?<=[\p{L}\p{M}\p{N}])-\s*(?=[\p{L}\p{M}\p{N}])")
_JOINER = regex.compile(r"[\u200b-\u200f\u2060\ufeff]")
_FOOTNOTE = regex.compile(r"(?<!\d)((?:19|20)\d\d)(\d{1,2})(?!\d)")
_SET_APART = regex.compile(r"(?<!\S)(?:\p{L}[ \t\u00a0]+){3,}\p{L}(?!\S)")

SCRIPTS = {
    name: regex.compile(rf"\p{{Script={name}}}")
    for name in (
        "Devanagari",
        "Bengali",
        "Gurmukhi",
        "Gujarati",
        "Oriya",
        "Tamil",
        "Telugu",
        "Kannada",
        "Malayalam",
        "Arabic",
    )
}


def segments(text: str) -> list[list[str]]:
    """The words of a text, apart where something that is not judged stands between them."""
    text = unicodedata.normalize("NFKC", _JOINER.sub("", _DASH.sub("-", text)))
    text = _FOOTNOTE.sub(r"\1 \2", text)
    parts = _SET_APART.split(text)
    return [
        [word.casefold() for word in _WORD.findall(_HYPHEN.sub("", part))]
        for part in parts
    ]


def words(text: str) -> list[str]:
    return [word for part in segments(text) for word in part]


def runs(parts: list[list[str]]) -> Counter:
    """How often each run of five words occurs; none goes over the end of a part."""
    count = Counter()
    for part in parts:
        count.update(tuple(part[at : at + RUN]) for at in range(len(part) - RUN + 1))
    return count


def letters(text: str, name: str) -> tuple[Counter, Counter]:
    """Runs of five letters of a script, whatever stands between them, and its signs (vowels, viramas, nasals).

    Readers part words at signs that are set below the line, and differ in where they write a sign that stands
    before its letter; neither touches these.
    """
    text = unicodedata.normalize("NFKC", _JOINER.sub("", text))
    own = [c for c in text if SCRIPTS[name].match(c)]
    base = [c for c in own if unicodedata.category(c) == "Lo"]
    signs = Counter(c for c in own if unicodedata.category(c).startswith("M"))
    return Counter(tuple(base[at : at + RUN]) for at in range(len(base) - RUN + 1)), signs


def agreed(counts: list[Counter]) -> Counter:
    """What at least two of them have."""
    result = Counter()
    for key in set().union(*counts):
        second = sorted((count[key] for count in counts), reverse=True)[1]
        if second:
            result[key] = second
    return result


def recall(wanted: Counter, have: Counter) -> float:
    total = wanted.total()
    return (wanted & have).total() / total if total else 1.0


def without(parts: list[list[str]], line: list[str]) -> list[list[str]]:
    """The parts cut where the line stands: of several places the one nearest to the page's edge."""
    total = sum(map(len, parts))
    best, before = None, 0
    for number, part in enumerate(parts):
        for at in range(len(part) - len(line) + 1):
            if part[at : at + len(line)] == line:
                place = before + at
                distance = min(place, total - place - len(line))
                if best is None or distance < best[0]:
                    best = (distance, number, at)
        before += len(part)
    if best is None:
        return parts
    _, number, at = best
    part = parts[number]
    cut = [part[:at], line, part[at + len(line) :]]
    return parts[:number] + [piece for piece in cut if piece] + parts[number + 1 :]


def script(word: str) -> str | None:
    return next((name for name, letter in SCRIPTS.items() if letter.search(word)), None)
