"""Draws Securimage-like captchas, as many as wanted, each with its text and its letters' places.

The pictures follow the way Securimage 3.6 and 4 draw: text on an enlarged canvas, a warp around
three poles, small dots, waved lines. The glyphs come from free fonts (see `fonts.py`), with random
changes of weight, width, slant, spacing and outline, because the original font is not among them.

Run as a program, it writes a folder of pictures with a `labels.tsv`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numba import njit
from PIL import Image

from fonts import CHARACTERS, DISTANCE_UNIT, PAD, Bank, load_bank

WIDTH, HEIGHT = 215, 80
SCALE = 4
"""Canvas pixels of one picture pixel."""

PORTAL_LETTERS = "abcdefghklmnprstuvwyz23456789"
V36_LETTERS = "ABCDEFGHKLMNPRSTUVWYZabcdefghklmnprstuvwyz23456789"
V4_LETTERS = "abcdefghijkmnopqrstuvwxzyABCDEFGHJKLMNPQRSTUVWXZY0123456789"
LOWER_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
DIGITS = "0123456789"
RESAMPLINGS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
GREY: Colour = (112, 112, 112)

# Shapes of the dots, as lists of (row, column), with how often each occurs. Filled arcs of one to
# three pixels give the first table where colours are opaque, the second where they are transparent.
DOT_TABLES = {
    "opaque": [
        (0.38, ((0, 0),)),
        (0.16, ((0, 0), (0, 1), (0, 2), (1, 1))),
        (0.16, ((0, 1), (1, 0), (1, 1), (1, 2), (2, 1))),
        (0.13, ((0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0))),
        (0.08, ((0, 2), (1, 0), (1, 1), (1, 2), (2, 0))),
        (0.07, ((0, 0), (0, 1), (0, 2), (1, 0))),
        (0.02, ((0, 0), (1, 0), (1, 1), (1, 2), (2, 0))),
    ],
    "transparent": [
        (0.29, ((0, 0),)),
        (0.25, ((0, 0), (0, 1))),
        (0.16, ((0, 0), (1, 0))),
        (0.08, ((0, 0), (0, 1), (1, 0), (1, 1))),
        (0.05, ((0, 0), (0, 1), (1, 0))),
        (0.05, ((0, 1), (1, 0), (1, 1))),
        (0.05, ((0, 0), (1, 0), (1, 1))),
        (0.05, ((0, 0), (0, 1), (1, 1))),
        (0.02, ((0, 1), (1, 0), (1, 1), (1, 2), (2, 1))),
    ],
}


def _dot_arrays(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = DOT_TABLES[name]
    chance = np.cumsum([entry[0] for entry in table])
    sizes = np.array([len(entry[1]) for entry in table], dtype=np.int64)
    places = np.zeros((len(table), int(sizes.max()), 2), dtype=np.int64)
    for i, (_, pixels) in enumerate(table):
        places[i, : len(pixels)] = pixels
    return chance / chance[-1], sizes, places


DOTS = {name: _dot_arrays(name) for name in DOT_TABLES}


@dataclass
class Settings:
    """Everything that decides how a picture looks, apart from the fonts."""

    text: str
    layout: str = "centred"
    """`centred`: one word in the middle (3.6); `packed`: letter by letter by ink width (4)."""
    size: tuple[int, int] = (WIDTH, HEIGHT)
    perturbation: float = 0.85
    poles: str = "free"
    oversampling: float = 5.0
    lines: int = 5
    line_tilt: float = 0.7
    dots: int = 132
    dot_table: str = "transparent"
    dot_opacity: float = 0.8
    text_opacity: float = 0.8
    background: Colour = WHITE
    text_colour: Colour = GREY
    line_colour: Colour = GREY
    dot_colour: Colour = GREY


@dataclass
class Glyphs:
    """How the letters of one picture differ from the plain font."""

    style: int
    bolder: float = 0.0
    stretch: float = 1.0
    slant: float = 0.0
    spacing: float = 0.0
    jitter: float = 0.0
    rough: float = 0.0
    size: float = 1.0
    tight: float = 0.0


@dataclass
class Picture:
    """A drawn captcha: pixels, text with folded case, and the column of each letter's centre."""

    pixels: np.ndarray
    label: str
    centres: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))


SINES = np.sin(3.14 * np.linspace(0.0, 1.0, 4096))


@njit(cache=True)
def _paste(canvas, distances, at, height, width, x, y):
    rows, columns = canvas.shape
    for r in range(height):
        v = y + r
        if v < 0 or v >= rows:
            continue
        start = at + r * width
        for c in range(width):
            u = x + c
            if 0 <= u < columns and distances[start + c] > canvas[v, u]:
                canvas[v, u] = distances[start + c]


@njit(cache=True)
def _warp(canvas, opacity, poles, shape, wave, wave_at, sources, targets):
    """Samples the canvas around the poles.

    `shape`: oversampling, stretch, size, slant, threshold shift, roughness, canvas scale, distance
    unit.
    """
    rows, columns = opacity.shape
    oversampling, stretch, size, slant, bolder, rough, scale, unit = shape
    middle_u = columns * scale / 2.0
    middle_v = rows * scale / 2.0
    tile = wave.shape[1]
    nearest = np.full(len(sources), 1e18)
    for iy in range(rows):
        for ix in range(columns):
            x = float(ix)
            y = float(iy)
            for p in range(len(poles)):
                dx = ix - poles[p, 0]
                dy = iy - poles[p, 1]
                square = dx * dx + dy * dy
                if square > poles[p, 2] * poles[p, 2]:
                    continue
                part = np.sqrt(square) / poles[p, 2]
                move = poles[p, 3] * SINES[int(part * (len(SINES) - 1))]
                x += dx * move
                y += dy * move
            u = (np.floor(x * oversampling) + 0.5) / oversampling * scale
            v = (np.floor(y * oversampling) + 0.5) / oversampling * scale
            if rough > 0.0:
                i = (int(v) + wave_at[0]) % tile
                j = (int(u) + wave_at[1]) % tile
                u += rough * wave[0, i, j]
                v += rough * wave[1, i, j]
            u = middle_u + (u - middle_u) / (stretch * size) + slant * (v - middle_v)
            v = middle_v + (v - middle_v) / size
            for k in range(len(sources) if ix % 2 == 0 and iy % 2 == 0 else 0):
                away = (u - sources[k, 0]) ** 2 + (v - sources[k, 1]) ** 2
                if away < nearest[k]:
                    nearest[k] = away
                    targets[k] = ix
            a = int(np.floor(v))
            b = int(np.floor(u))
            if 0 <= a < canvas.shape[0] and 0 <= b < canvas.shape[1]:
                inside = 0.5 + (canvas[a, b] * unit + bolder) * oversampling / scale
                opacity[iy, ix] = min(max(inside, 0.0), 1.0)


@njit(cache=True)
def _dot(pixels, y, x, colour, opacity):
    if 0 <= y < pixels.shape[0] and 0 <= x < pixels.shape[1]:
        for c in range(3):
            pixels[y, x, c] = pixels[y, x, c] * (1.0 - opacity) + colour[c] * opacity


@njit(cache=True)
def _dots(pixels, rng, count, chance, sizes, places, colour, opacity):
    blocks = ((pixels.shape[0] + 19) // 20) * ((pixels.shape[1] + 19) // 20)
    across = (pixels.shape[1] + 19) // 20
    for i in range(count):
        block = i % blocks if count >= blocks else int(rng.random() * blocks)
        y = block // across * 20 + int(rng.random() * 21)
        x = block % across * 20 + int(rng.random() * 21)
        kind = np.searchsorted(chance, rng.random())
        kind = min(kind, len(sizes) - 1)
        for p in range(sizes[kind]):
            _dot(pixels, y + places[kind, p, 0], x + places[kind, p, 1], colour, opacity)


@njit(cache=True)
def _lines(pixels, rng, count, tilt, colour):
    height, width = pixels.shape[:2]
    for line in range(count):
        middle = width * (1 + line) / (count + 1) + (0.5 - rng.random()) * width / count
        level = height * (0.1 + 0.8 * rng.random())
        theta = (rng.random() - 0.5) * np.pi * tilt
        length = width * (0.4 + 0.3 * rng.random())
        thick = int(rng.random() * 3)
        k = rng.random() * 0.6 + 0.2
        k = k * k * 0.5
        phase = rng.random() * 6.28
        dx = 0.5 * np.cos(theta)
        dy = 0.5 * np.sin(theta)
        swing = 1.5 * rng.random() / (k + 5.0 / length)
        x0 = middle - 0.5 * length * np.cos(theta)
        y0 = level - 0.5 * length * np.sin(theta)
        for i in range(int(length * 2)):
            wave = swing * np.sin(k * i * 0.5 + phase)
            x = int(x0 + i * dx + dy * wave)
            y = int(y0 + i * dy - dx * wave)
            for a in range(thick + 1):
                for b in range(thick + 1):
                    _dot(pixels, y + a, x + b, colour, 1.0)


@njit(cache=True)
def _ink(pixels, opacity, colour):
    for y in range(pixels.shape[0]):
        for x in range(pixels.shape[1]):
            if opacity[y, x] > 0.0:
                _dot(pixels, y, x, colour, opacity[y, x])


def make_waves(seed: int = 7, size: int = 512) -> np.ndarray:
    """Two smooth random fields that tile, to roughen outlines with."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.fftfreq(size)[None, :])
    fields = []
    for _ in range(2):
        spectrum = np.fft.fft2(rng.standard_normal((size, size)))
        smooth = np.fft.ifft2(spectrum * np.exp(-((frequency * 14) ** 2) * 6)).real
        fields.append(smooth / smooth.std())
    return np.array(fields, dtype=np.float32)


class Generator:
    """Draws pictures. The same seed and index give the same picture."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.field = np.asarray(bank.field)
        self.index = {character: i for i, character in enumerate(CHARACTERS)}
        self.waves = make_waves()
        self.groups = {name: bank.styles(name) for name in ("helvetica", "grotesque", "other")}

    def glyphs(self, rng: np.random.Generator) -> Glyphs:
        """Picks a font and its changes."""
        group = rng.choice(("helvetica", "grotesque", "other"), p=(0.72, 0.22, 0.06))
        styles = self.groups[str(group)]
        if not len(styles):
            styles = np.arange(len(self.bank.groups))
        return Glyphs(
            style=int(rng.choice(styles)),
            bolder=rng.normal(0.0, 1.1),
            stretch=float(np.clip(rng.normal(1.03, 0.05), 0.85, 1.18)),
            slant=rng.normal(0.0, 0.03),
            spacing=rng.normal(0.0, 2.5),
            jitter=abs(rng.normal(0.0, 1.2)),
            rough=abs(rng.normal(0.0, 0.7)),
            size=float(np.clip(rng.normal(0.97, 0.03), 0.88, 1.08)),
            tight=rng.uniform(0.0, 2.5 * SCALE),
        )

    def place(
        self, settings: Settings, glyphs: Glyphs, rng: np.random.Generator
    ) -> tuple[list[tuple[int, float, float]], np.ndarray]:
        """Where each glyph goes: (character, pen x, baseline y) and the centres of their ink."""
        bank, style = self.bank, glyphs.style
        chars = [self.index[c] for c in settings.text if c != " "]
        left = bank.left[style, chars] + PAD
        ink = bank.width[style, chars] - 2 * PAD
        top = bank.top[style, chars] + PAD
        tall = bank.height[style, chars] - 2 * PAD
        width, height = settings.size[0] * SCALE, settings.size[1] * SCALE
        pens = np.zeros(len(chars))
        x, at = 0.0, 0
        space = 0.278 * bank.advance[style, self.index["n"]] / 0.6
        for character in settings.text:
            if character == " ":
                x += space
                continue
            pens[at] = x
            if settings.layout == "packed":
                x += ink[at] - 2 * SCALE * rng.integers(0, 3) - glyphs.tight
            else:
                x += bank.advance[style, chars[at]] + glyphs.spacing + glyphs.jitter * rng.normal()
            at += 1
        if settings.layout == "packed":
            wide = glyphs.stretch * glyphs.size
            free = width / wide - x - 10 * SCALE
            start = 5 * SCALE + rng.random() * max(free, 0.0)
            pens += width / 2 + start - width / 2 / wide
            baseline = height / 2 + tall[0] / 2 - (top[0] + tall[0])
        else:
            first, last = pens[0] + left[0], pens[-1] + left[-1] + ink[-1]
            pens += width / 2 - (first + last) / 2
            baseline = height / 2 - (top.min() + (top + tall).max()) / 2
        centres = np.stack([pens + left + ink / 2, baseline + top + tall / 2], axis=1)
        return [(c, pen, baseline) for c, pen in zip(chars, pens, strict=True)], centres

    def poles(self, settings: Settings, rng: np.random.Generator) -> np.ndarray:
        """The three centres of the warp: x, y, radius, amplitude."""
        width, height = settings.size
        amplitude = settings.perturbation * (-0.15 - 0.15 * rng.random(3))
        if settings.poles == "free":
            x = width * rng.uniform(0.2, 0.8, 3)
            y = height * rng.uniform(0.2, 0.8, 3)
            radius = height * rng.uniform(0.2, 0.8, 3)
        else:
            start, step = width / 4, np.floor(rng.uniform(width / 40, width / 4))
            x = np.floor(start + step * np.arange(3)) % np.floor(width - start)
            y0, down = rng.integers(20, height - 19), rng.integers(20, int(height * 0.7) + 1)
            y = (y0 + down * np.arange(3)) % (height - 20) + 20
            radius = np.floor(height * rng.uniform(0.4, 0.8, 3))
        return np.stack([np.floor(x), np.floor(y), np.floor(radius), amplitude], axis=1)

    def draw(self, settings: Settings, glyphs: Glyphs, rng: np.random.Generator) -> Picture:
        """Draws one picture."""
        width, height = settings.size
        canvas = np.full((height * SCALE, width * SCALE), -127, dtype=np.int8)
        placed, sources = self.place(settings, glyphs, rng)
        bank, style = self.bank, glyphs.style
        for char, pen, baseline in placed:
            _paste(
                canvas,
                self.field,
                bank.offset[style, char],
                bank.height[style, char],
                bank.width[style, char],
                int(round(pen + bank.left[style, char])),
                int(round(baseline + bank.top[style, char])),
            )
        opacity = np.zeros((height, width), dtype=np.float32)
        targets = np.zeros(len(sources), dtype=np.float32)
        _warp(
            canvas,
            opacity,
            self.poles(settings, rng),
            (
                float(settings.oversampling),
                float(glyphs.stretch),
                float(glyphs.size),
                float(glyphs.slant),
                float(glyphs.bolder),
                float(glyphs.rough),
                float(SCALE),
                DISTANCE_UNIT,
            ),
            self.waves,
            rng.integers(0, 512, 2),
            sources,
            targets,
        )
        pixels = np.empty((height, width, 3), dtype=np.float32)
        pixels[:] = settings.background
        if settings.dots:
            _dots(
                pixels,
                rng,
                settings.dots,
                *DOTS[settings.dot_table],
                np.array(settings.dot_colour, dtype=np.float32),
                settings.dot_opacity,
            )
        _ink(
            pixels,
            opacity * np.float32(settings.text_opacity),
            np.array(settings.text_colour, dtype=np.float32),
        )
        if settings.lines:
            colour = np.array(settings.line_colour, dtype=np.float32)
            _lines(pixels, rng, settings.lines, settings.line_tilt, colour)
        label = settings.text.replace(" ", "").lower()
        drawn = pixels.astype(np.uint8)
        if (width, height) != (WIDTH, HEIGHT):
            drawn, ratio, left = fit(drawn, RESAMPLINGS[rng.integers(len(RESAMPLINGS))])
            targets = targets * ratio + left
        return Picture(drawn, label, targets)

    def sample(self, seed: int, index: int, styles: dict[str, float] | None = None) -> Picture:
        """The picture of an index, of a random style with the given shares."""
        rng = np.random.default_rng((seed, index))
        shares = styles or SHARES
        names = list(shares)
        share = np.array([shares[name] for name in names])
        name = names[int(np.searchsorted(np.cumsum(share) / share.sum(), rng.random()))]
        return self.draw(STYLES[name](rng), self.glyphs(rng), rng)


def fit(
    pixels: np.ndarray, way: Image.Resampling = Image.Resampling.BILINEAR
) -> tuple[np.ndarray, float, int]:
    """Scales a picture to the model's size, keeping its proportions, and pads it.

    Also gives the ratio and the width of the left border. The border has the corner's colour.
    """
    height, width = pixels.shape[:2]
    ratio = min(WIDTH / width, HEIGHT / height)
    size = (round(width * ratio), round(height * ratio))
    left, top = (WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2
    corner = pixels[0, 0]
    page = Image.new("RGB", (WIDTH, HEIGHT), (int(corner[0]), int(corner[1]), int(corner[2])))
    page.paste(Image.fromarray(pixels).resize(size, way), (left, top))
    return np.asarray(page), ratio, left


def read_folder(folder: Path) -> list[tuple[np.ndarray, str]]:
    """The pictures that a `labels.tsv` lists, fitted to the model, and their texts."""
    found = []
    for line in (folder / "labels.tsv").read_text().splitlines():
        name, text = line.split("\t")
        with Image.open(folder / name) as opened:
            pixels = np.asarray(opened.convert("RGB"))
        if pixels.shape[:2] != (HEIGHT, WIDTH):
            pixels = fit(pixels)[0]
        found.append((pixels, text.replace(" ", "").lower()))
    return found


def word(rng: np.random.Generator, letters: str, lengths: dict[int, float]) -> str:
    """A random text."""
    share = np.array(list(lengths.values()))
    length = list(lengths)[int(np.searchsorted(np.cumsum(share) / share.sum(), rng.random()))]
    return "".join(letters[i] for i in rng.integers(0, len(letters), length))


def grey(rng: np.random.Generator, low: int, high: int) -> Colour:
    """A random grey."""
    level = int(rng.integers(low, high))
    return (level, level, level)


def court(rng: np.random.Generator) -> Settings:
    """The High Court portals: black text, many dots, a line or none."""
    letters = PORTAL_LETTERS if rng.random() < 0.85 else LOWER_LETTERS
    line = GREY if rng.random() < 0.8 else grey(rng, 60, 160)
    return Settings(
        text=word(rng, letters, {5: 5, 6: 5, 4: 0.4, 7: 0.4, 8: 0.2}),
        perturbation=rng.uniform(0.15, 0.35),
        lines=int(rng.choice(4, p=(0.15, 0.65, 0.15, 0.05))),
        line_tilt=0.7 if rng.random() < 0.8 else 0.33,
        dots=int(44 * rng.choice((2, 3, 5, 8, 10), p=(0.1, 0.2, 0.5, 0.15, 0.05))),
        text_colour=(0, 0, 0) if rng.random() < 0.7 else grey(rng, 0, 70),
        line_colour=line,
        dot_colour=line,
    )


def district(rng: np.random.Generator) -> Settings:
    """The newer portals: grey text, few dots, no line."""
    letters = PORTAL_LETTERS if rng.random() < 0.85 else LOWER_LETTERS
    return Settings(
        text=word(rng, letters, {6: 8, 5: 2, 4: 0.4, 7: 0.4, 8: 0.2}),
        perturbation=rng.uniform(0.12, 0.32),
        lines=int(rng.random() < 0.08),
        dots=int(rng.poisson(4)) if rng.random() < 0.8 else int(rng.integers(10, 90)),
        text_colour=(61, 61, 61) if rng.random() < 0.6 else grey(rng, 0, 120),
        dot_colour=(0, 0, 0) if rng.random() < 0.6 else grey(rng, 0, 140),
    )


def digits(rng: np.random.Generator) -> Settings:
    """Six digits on dotted noise."""
    settings = court(rng) if rng.random() < 0.6 else district(rng)
    settings.text = word(rng, DIGITS, {6: 8, 5: 1, 4: 1})
    return settings


def default_36(rng: np.random.Generator) -> Settings:
    """Securimage 3.6 as it comes."""
    return Settings(
        text=word(rng, V36_LETTERS, {6: 9, 5: 0.6, 4: 0.4}),
        perturbation=0.85 if rng.random() < 0.7 else rng.uniform(0.5, 1.0),
        lines=5 if rng.random() < 0.8 else int(rng.integers(1, 8)),
        dots=132 if rng.random() < 0.8 else int(rng.integers(0, 300)),
    )


def default_4(rng: np.random.Generator) -> Settings:
    """Securimage 4 as it comes."""
    plain = rng.random() < 0.8
    return Settings(
        text=word(rng, V4_LETTERS, {6: 9, 5: 0.6, 4: 0.4}),
        layout="packed",
        poles="chained",
        perturbation=0.85 if rng.random() < 0.8 else rng.uniform(0.5, 1.0),
        oversampling=float(rng.choice((2.0, 5.0), p=(0.75, 0.25))),
        lines=5 if plain else int(rng.integers(1, 9)),
        line_tilt=0.33,
        dots=132 if plain else int(rng.integers(0, 260)),
        dot_table="opaque",
        dot_opacity=1.0,
        text_opacity=1.0,
    )


MIXED_BACKGROUNDS: tuple[Colour, ...] = (
    WHITE,
    (0, 153, 204),
    (227, 218, 237),
    (255, 255, 240),
    (246, 246, 246),
)
MIXED_TEXTS: tuple[Colour, ...] = (GREY, (0, 0, 204), (51, 102, 0), (139, 0, 0), (0, 0, 0))
MIXED_LINES: tuple[Colour, ...] = (GREY, (0, 0, 204), (153, 153, 153), (170, 51, 51))


def nearby(rng: np.random.Generator, colour: Colour, away: int) -> Colour:
    """A colour like another one."""
    moved = np.clip(np.array(colour) + rng.integers(-away, away + 1, 3), 0, 255)
    return (int(moved[0]), int(moved[1]), int(moved[2]))


def mixed_4(rng: np.random.Generator) -> Settings:
    """Securimage 4 in colours."""
    settings = default_4(rng)
    away = 0 if rng.random() < 0.5 else 40
    settings.background = nearby(rng, MIXED_BACKGROUNDS[rng.integers(5)], away // 2)
    settings.text_colour = nearby(rng, MIXED_TEXTS[rng.integers(5)], away)
    same = rng.random() < 0.15
    line = settings.text_colour if same else nearby(rng, MIXED_LINES[rng.integers(4)], away)
    settings.line_colour = settings.dot_colour = line
    settings.lines = int(rng.integers(2, 8))
    settings.dots = int(44 * rng.integers(0, 6))
    settings.perturbation = rng.uniform(0.6, 1.0)
    return settings


def sums(rng: np.random.Generator) -> Settings:
    """Sums of the Securimage-WP kind, on a larger picture."""
    left, right = int(rng.integers(1, 11)), int(rng.integers(1, 11))
    settings = (court, district, default_4)[rng.integers(3)](rng)
    settings.text = f"{left} {'+-x'[rng.integers(3)]} {right}"
    settings.layout = "centred"
    settings.perturbation = rng.uniform(0.1, 0.85)
    settings.lines = int(rng.integers(0, 4))
    settings.size = (279, 88) if rng.random() < 0.85 else (WIDTH, HEIGHT)
    return settings


STYLES: dict[str, Callable[[np.random.Generator], Settings]] = {
    "court": court,
    "district": district,
    "digits": digits,
    "default_36": default_36,
    "default_4": default_4,
    "mixed_4": mixed_4,
    "sums": sums,
}
SHARES = {
    "court": 0.13,
    "district": 0.09,
    "digits": 0.03,
    "default_36": 0.20,
    "default_4": 0.27,
    "mixed_4": 0.24,
    "sums": 0.04,
}


def write_set(folder: Path, generator: Generator, style: str, count: int, seed: int) -> None:
    """Writes pictures of one style with their labels."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = []
    for index in range(count):
        picture = generator.sample(seed, index, {style: 1.0})
        Image.fromarray(picture.pixels).save(folder / f"{index:05}.png")
        labels.append(f"{index:05}.png\t{picture.label}\n")
    (folder / "labels.tsv").write_text("".join(labels))


def main() -> None:
    """Writes sets of pictures, one folder a style."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--bank", type=Path, default=Path("work/bank"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--styles", nargs="*", default=list(STYLES), choices=list(STYLES))
    options = parser.parse_args()
    generator = Generator(load_bank(options.bank))
    for style in options.styles:
        write_set(options.out / style, generator, style, options.count, options.seed)


if __name__ == "__main__":
    main()
