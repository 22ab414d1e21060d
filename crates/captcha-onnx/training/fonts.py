"""Glyph shapes of free fonts, as signed distance fields.

Every letter of every face is drawn once, at the resolution of the text canvas, and stored as the
signed distance to its outline. The generator can then make strokes bolder or lighter by moving a
threshold, and joins overlapping letters by taking a maximum.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"
"""All characters that are drawn, before case is folded."""

EM = 171
"""Pixels of one em in the bank: 32 points of 80 pixel high pictures, at four times their size."""

PAD = 14
"""Empty border around a glyph, room for bolder strokes."""

DISTANCE_UNIT = 0.25
"""Canvas pixels of one step of the stored distances."""


@dataclass(frozen=True)
class Face:
    """A font file with its group, which decides how often it is used."""

    file: str
    group: str


HELVETICA_LIKE = [
    "NimbusSans-Bold.otf",
    "texgyreheros-bold.otf",
    "LiberationSans-Bold.ttf",
    "FreeSansBold.ttf",
    "Arimo-Bold.ttf",
]
GROTESQUE = [
    "Roboto-Bold.ttf",
    "Roboto-Black.ttf",
    "Roboto-Medium.ttf",
    "Inter-Bold.otf",
    "Inter-SemiBold.otf",
    "InterDisplay-Bold.otf",
    "InterDisplay-SemiBold.otf",
    "ClearSans-Bold.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSansCondensed-Bold.ttf",
    "NotoSans-Bold.ttf",
    "NotoSansDisplay-Bold.ttf",
    "OpenSans-Bold.ttf",
    "OpenSans-Semibold.ttf",
    "Mplus1-Bold.otf",
    "Mplus1-ExtraBold.otf",
    "Mplus2-Bold.otf",
    "Karla-Bold.otf",
    "Karla-ExtraBold.otf",
    "Karmilla-Bold.ttf",
    "Cabin-Bold.otf",
    "Manrope-Bold.ttf",
    "Play-Bold.ttf",
    "Oxygen-Sans-Bold.ttf",
    "LiberationSansNarrow-Bold.ttf",
    "NimbusSansNarrow-Bold.otf",
    "texgyreheroscn-bold.otf",
    "RobotoCondensed-Bold.ttf",
]
OTHER = [
    "NimbusSans-Regular.otf",
    "LiberationSans-Regular.ttf",
    "Lato-Bold.ttf",
    "Lato-Black.ttf",
    "Carlito-Bold.ttf",
    "Cantarell-Bold.otf",
    "Cantarell-ExtraBold.otf",
    "Andika-Bold.ttf",
    "Quicksand-Bold.ttf",
    "Comfortaa-Bold.ttf",
    "Dosis-ExtraBold.otf",
    "LeagueSpartan-Bold.otf",
    "AveriaSansGWF-Bold.ttf",
    "Jura-Bold.otf",
    "URWGothic-Demi.otf",
    "Roboto-Regular.ttf",
    "OpenSans-Regular.ttf",
    "DejaVuSans.ttf",
    "BetecknaGS-Bold.ttf",
]
FACES = (
    [Face(name, "helvetica") for name in HELVETICA_LIKE]
    + [Face(name, "grotesque") for name in GROTESQUE]
    + [Face(name, "other") for name in OTHER]
)

ROUNDINGS = {"helvetica": (0.0, 2.5, 4.0, 5.5), "grotesque": (0.0, 3.5), "other": (2.0,)}
"""Blur, in canvas pixels, that rounds the corners before the outline is taken."""

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/share/texmf"), Path("/usr/share/texlive"))


@dataclass(frozen=True)
class Bank:
    """The glyphs of all styles. A style is a face with one amount of rounding.

    `field` holds all distances one glyph after another; the other arrays have one row a style and
    one column a character of `CHARACTERS`.
    """

    field: np.ndarray
    offset: np.ndarray
    height: np.ndarray
    width: np.ndarray
    left: np.ndarray
    top: np.ndarray
    advance: np.ndarray
    groups: list[str]
    names: list[str]

    def styles(self, group: str) -> np.ndarray:
        """The indices of the styles of a group."""
        return np.array([i for i, name in enumerate(self.groups) if name == group], dtype=np.int64)


def find_fonts(names: Sequence[str]) -> dict[str, Path]:
    """Finds installed font files by name."""
    found: dict[str, Path] = {}
    wanted = set(names)
    for folder in FONT_FOLDERS:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.name in wanted and path.name not in found:
                found[path.name] = path
    return found


def signed_distance(mask: np.ndarray, rounding: float) -> np.ndarray:
    """The distance to the outline of `mask` (0..1), positive inside, as int8 steps."""
    soft = ndimage.gaussian_filter(mask.astype(np.float32), max(rounding, 0.7))
    inside = soft > 0.5
    outward = ndimage.distance_transform_edt(~inside)
    inward = ndimage.distance_transform_edt(inside)
    distance = np.where(inside, inward - 0.5, 0.5 - outward)
    distance = ndimage.gaussian_filter(distance.astype(np.float32), 0.8)
    return np.clip(np.rint(distance / DISTANCE_UNIT), -127, 127).astype(np.int8)


def draw_glyph(font: ImageFont.FreeTypeFont, character: str) -> tuple[np.ndarray, int, int, float]:
    """Draws one character: its mask, the place of the mask against the pen, the advance."""
    x0, y0, x1, y1 = font.getbbox(character, anchor="ls")
    width, height = int(x1 - x0) + 2 * PAD, int(y1 - y0) + 2 * PAD
    picture = Image.new("L", (width, height), 0)
    ImageDraw.Draw(picture).text((PAD - x0, PAD - y0), character, 255, font=font, anchor="ls")
    mask = np.asarray(picture, dtype=np.float32) / 255.0
    return mask, int(x0) - PAD, int(y0) - PAD, float(font.getlength(character))


def build_bank(folder: Path, faces: Sequence[Face] = FACES) -> None:
    """Draws all glyphs of the installed `faces` and stores them in `folder`."""
    found = find_fonts([face.file for face in faces])
    missing = [face.file for face in faces if face.file not in found]
    if missing:
        print("fonts not installed:", ", ".join(missing))
    fields: list[np.ndarray] = []
    rows: dict[str, list[list[float]]] = {
        key: [] for key in ("offset", "height", "width", "left", "top", "advance")
    }
    groups: list[str] = []
    names: list[str] = []
    at = 0
    for face in faces:
        if face.file not in found:
            continue
        font = ImageFont.truetype(str(found[face.file]), EM, layout_engine=ImageFont.Layout.BASIC)
        glyphs = [draw_glyph(font, character) for character in CHARACTERS]
        for rounding in ROUNDINGS[face.group]:
            row: dict[str, list[float]] = {key: [] for key in rows}
            for mask, left, top, advance in glyphs:
                field = signed_distance(mask, rounding)
                fields.append(field.ravel())
                for key, value in zip(
                    rows, (at, field.shape[0], field.shape[1], left, top, advance), strict=True
                ):
                    row[key].append(value)
                at += field.size
            for key, values in row.items():
                rows[key].append(values)
            groups.append(face.group)
            names.append(f"{face.file} {rounding}")
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "field.npy", np.concatenate(fields))
    for key, table in rows.items():
        kind = np.float32 if key == "advance" else np.int64
        np.save(folder / f"{key}.npy", np.array(table, dtype=kind))
    (folder / "bank.json").write_text(json.dumps({"groups": groups, "names": names}))


def load_bank(folder: Path) -> Bank:
    """Reads a bank, building it first if there is none."""
    if not (folder / "bank.json").is_file():
        build_bank(folder)
    about = json.loads((folder / "bank.json").read_text())
    tables = {
        key: np.load(folder / f"{key}.npy")
        for key in ("offset", "height", "width", "left", "top", "advance")
    }
    return Bank(field=np.load(folder / "field.npy", mmap_mode="r"), **tables, **about)
