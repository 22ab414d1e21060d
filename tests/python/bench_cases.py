#!/usr/bin/env python3
"""Replies of the case portals read by the Python client bharat-courts, for `just bench cases`.

    bench_cases.py DIR [ROUNDS]

DIR holds what `case_replies make` wrote. Each reply goes through the functions that the client itself calls on it.
Prints rows and processor seconds of each round as JSON. Needs bharat-courts, see bharat_courts/requirements.txt.
"""

import json
import logging
import sys
import time
from importlib.metadata import version
from pathlib import Path

from bharat_courts.calcuttahc.parser import parse_search_response, to_case_orders
from bharat_courts.casedetail import parse_case_detail
from bharat_courts.districtcourts import parser as district
from bharat_courts.hcservices import parser as hc

logging.disable(logging.CRITICAL)


def answered(raw, key):
    return district.parse_ajax_response(raw).get(key, "")


READERS = {
    "hc-cases.json": lambda raw: len(hc.parse_case_status(raw)),
    "hc-advocate-list.json": lambda raw: len(hc.parse_advocate_cause_list(raw)),
    "hc-cause-lists.html": lambda raw: len(hc.parse_cause_list(raw)),
    "hc-case-page.html": lambda raw: len(parse_case_detail(raw).history),
    "district-cases.json": lambda raw: len(
        district.parse_case_status_html(answered(raw, "party_data"))
    ),
    "district-cause-list.json": lambda raw: len(
        district.parse_cause_list_html(answered(raw, "causelist_data"))
    ),
    "district-case-page.json": lambda raw: len(
        parse_case_detail(answered(raw, "casetype_list")).history
    ),
    "calcutta-search.json": lambda raw: len(
        to_case_orders(parse_search_response(raw))
    ),
}


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 64
    rounds = int(sys.argv[2]) if len(sys.argv) == 3 else 3
    out = {"client": f"bharat-courts {version('bharat-courts')}"}
    for file, read in READERS.items():
        # The client decodes what it received; that is part of the work.
        body = (Path(sys.argv[1]) / file).read_bytes()
        times = max(200_000 // len(body), 1)
        rows, seconds = 0, []
        for _ in range(max(rounds, 1)):
            began = time.thread_time()
            for _ in range(times):
                rows = read(body.decode())
            seconds.append((time.thread_time() - began) / times)
        out[file] = {"rows": rows, "bytes": len(body), "seconds": seconds}
    print(json.dumps(out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
