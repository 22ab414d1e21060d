"""Rows a second of bharat-courts' search_all against a simulated portal.

    speed.py ECOURTS_URL CONTROL_URL ROWS

Pages of 1,000 rows, no pauses; stops after ROWS rows. Prints the number.
"""

from __future__ import annotations

import asyncio
import sys
import time

from bharat_courts.config import BharatCourtsConfig
from bharat_courts.judgments.client import JudgmentSearchClient

from run import TEXT, ControlSolver, point_at

PAGE = 1000


async def measure(control: str, rows: int) -> float:
    config = BharatCourtsConfig(request_delay=0.0)
    async with JudgmentSearchClient(config, ControlSolver(control)) as client:
        seen, began = 0, time.perf_counter()
        async for page in client.search_all(TEXT, page_size=PAGE):
            seen += len(page.items)
            if seen >= rows:
                break
        spent = time.perf_counter() - began
    if seen < rows:
        sys.exit(f"{seen} of {rows} rows")
    return seen / spent


if __name__ == "__main__":
    ecourts, control, rows = sys.argv[1:]
    point_at(ecourts.rstrip("/"), "")
    print(f"{asyncio.run(measure(control.rstrip('/'), int(rows))):.0f}")
