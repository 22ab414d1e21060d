"""How fast and how well ddddocr's `common_old.onnx` reads a folder of labelled pictures, on one thread.

Prepares pictures as the package does: height 64, proportions kept, grey, 0 to 1; decodes greedily.
"""

import io
import json
import pathlib
import sys
import time

import ddddocr
import numpy as np
import onnxruntime
from ddddocr.charsets import CHARSET_OLD
from PIL import Image


def prepare(data: bytes) -> np.ndarray:
    picture = Image.open(io.BytesIO(data))
    width = int(picture.size[0] * (64 / picture.size[1]))
    grey = picture.resize((width, 64), Image.Resampling.LANCZOS).convert("L")
    return np.asarray(grey, dtype=np.float32)[None, None] / 255.0


def text(scores: np.ndarray) -> str:
    before, characters = 0, []
    for index in scores[:, 0].argmax(axis=1):
        if index not in (0, before):
            characters.append(CHARSET_OLD[index])
        before = index
    return "".join(characters)


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    lines = (folder / "labels.tsv").read_text().splitlines()
    pictures = [line.split("\t") for line in lines]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    began = time.perf_counter()
    model = pathlib.Path(ddddocr.__file__).with_name("common_old.onnx")
    session = onnxruntime.InferenceSession(model, options)
    load = time.perf_counter() - began
    spent, right = 0.0, 0
    for name, wanted in pictures:
        data = (folder / name).read_bytes()
        began = time.perf_counter()
        (scores,) = session.run(None, {"input1": prepare(data)})
        read = text(scores)
        spent += time.perf_counter() - began
        right += read.lower() == wanted.lower()
    count = len(pictures)
    figures = {"load_ms": load * 1e3, "ms_per_image": spent * 1e3 / count, "exact": right / count, "answered": 1.0}
    print(json.dumps(figures))


main()
