"""Tests of the generator: `python test_generate.py`."""

from __future__ import annotations

import os
import unittest
from pathlib import Path

import numpy as np

from fonts import load_bank
from generate import HEIGHT, STYLES, WHITE, WIDTH, Generator
from model import ALPHABET, STEPS
from train import IGNORED, columns

BANK = Path(os.environ.get("BANK", "work/bank"))


class GenerateTest(unittest.TestCase):
    """What training relies on."""

    generator: Generator

    @classmethod
    def setUpClass(cls) -> None:
        cls.generator = Generator(load_bank(BANK))

    def test_the_seed_decides_the_picture(self) -> None:
        for style in STYLES:
            first, again, other = (
                self.generator.sample(seed, 4, {style: 1.0}) for seed in (3, 3, 5)
            )
            self.assertTrue(np.array_equal(first.pixels, again.pixels), style)
            self.assertEqual(first.label, again.label)
            self.assertFalse(np.array_equal(first.pixels, other.pixels), style)

    def test_pictures_have_the_size_and_letters_of_the_model(self) -> None:
        for style in STYLES:
            for index in range(20):
                picture = self.generator.sample(1, index, {style: 1.0})
                self.assertEqual(picture.pixels.shape, (HEIGHT, WIDTH, 3))
                self.assertEqual(picture.pixels.dtype, np.uint8)
                self.assertTrue(set(picture.label) <= set(ALPHABET), picture.label)
                self.assertEqual(len(picture.centres), len(picture.label))

    def test_letters_have_ink_at_their_centres_and_none_beyond_the_text(self) -> None:
        for style in ("court", "default_36", "default_4"):
            for index in range(40):
                rng = np.random.default_rng((11, index))
                settings = STYLES[style](rng)
                settings.lines = settings.dots = 0
                settings.background, settings.text_colour = WHITE, (0, 0, 0)
                picture = self.generator.draw(settings, self.generator.glyphs(rng), rng)
                inked = np.flatnonzero((picture.pixels[:, :, 0] < 160).any(axis=0))
                for centre in picture.centres:
                    self.assertLess(np.abs(inked - centre).min(), 3.0, settings.text)
                self.assertGreaterEqual(inked.min(), picture.centres.min() - 40)
                self.assertLessEqual(inked.max(), picture.centres.max() + 40)

    def test_centres_follow_the_order_of_the_letters(self) -> None:
        for index in range(60):
            picture = self.generator.sample(2, index, {"default_36": 1.0})
            self.assertTrue((np.diff(picture.centres) > 0).all(), picture.label)

    def test_columns_name_every_letter(self) -> None:
        for index in range(40):
            picture = self.generator.sample(6, index, {"court": 1.0})
            wanted = columns(picture)
            self.assertEqual(len(wanted), STEPS)
            named = [ALPHABET[c] for c in wanted if c != IGNORED and c < len(ALPHABET)]
            self.assertEqual("".join(named), picture.label)


if __name__ == "__main__":
    unittest.main()
