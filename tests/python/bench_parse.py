#!/usr/bin/env python3
"""Rows read a second by the Python client bharat-courts, for the comparison in `just bench`.

    bench_parse.py PAGE.json [ROUNDS]

PAGE.json is a reply of the portal's search (`rows_per_second make` writes one). Prints one line of
JSON. Needs bharat-courts, see bharat_courts/requirements.txt; reads and writes nothing else.
"""

import json
import statistics
import sys
import time
from importlib.metadata import version

from bharat_courts.judgments.parser import parse_search_response


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 64
    with open(sys.argv[1], "rb") as file:
        body = file.read()
    rounds = int(sys.argv[2]) if len(sys.argv) == 3 else 3
    seconds = []
    processor = []
    rows = typed = 0
    for _ in range(max(rounds, 1)):
        began, used = time.perf_counter(), time.thread_time()
        result = parse_search_response(json.loads(body), page=1, page_size=1000)
        seconds.append(time.perf_counter() - began)
        processor.append(time.thread_time() - used)
        rows = len(result.items)
        typed = sum(1 for item in result.items if item.judgment_date and item.pdf_url)
    print(
        json.dumps(
            {
                "client": f"bharat-courts {version('bharat-courts')}",
                "rows": rows,
                "typed": typed,
                "bytes": len(body),
                "rounds": len(seconds),
                "rows_per_second": round(rows / min(seconds)),
                "rows_per_second_median": round(rows / statistics.median(seconds)),
                "rows_per_processor_second": round(rows / min(processor)),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
