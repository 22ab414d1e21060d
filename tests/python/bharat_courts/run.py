"""Drives the public client bharat-courts, unmodified, against a simulated portal.

    run.py ECOURTS_URL SCI_URL CONTROL_URL [--rows N] [--expect-silent-loss]

Only base addresses are changed, from outside the package. Captchas are answered by the simulator's
control surface. Prints a line a step; exits with 1 if a step fails.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import sys
import urllib.request

from bharat_courts import _version
from bharat_courts.captcha.base import CaptchaSolver
from bharat_courts.config import BharatCourtsConfig
from bharat_courts.judgments import endpoints
from bharat_courts.judgments.client import JudgmentSearchClient
from bharat_courts.sci import client as sci_client

PAGE = 25
# Stands in every document, so it finds every row.
TEXT = "court"


class ControlSolver(CaptchaSolver):
    """Asks the simulator what the picture says."""

    def __init__(self, control: str):
        self.control = control

    async def solve(self, image_bytes: bytes) -> str:
        return await asyncio.to_thread(self._ask, image_bytes)

    def _ask(self, image_bytes: bytes) -> str:
        request = urllib.request.Request(f"{self.control}/__sim/answer", data=image_bytes, method="POST")
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.read().decode()


class Steps:
    """Counts what passes and what does not."""

    def __init__(self) -> None:
        self.failed = 0

    def check(self, name: str, good: bool, seen: object) -> None:
        self.failed += not good
        print(f"{'pass' if good else 'FAIL'}  {name}: {seen}", flush=True)


def point_at(ecourts: str, sci: str) -> None:
    """Replaces the base addresses, and what the package derived from them when it was imported."""
    base = f"{ecourts}/pdfsearch"
    endpoints.BASE_URL = base
    endpoints.SITE_ROOT = ecourts
    endpoints.MAIN_PAGE_URL = f"{base}/"
    endpoints.CAPTCHA_IMAGE_URL = f"{base}/vendor/securimage/securimage_show.php"
    endpoints.CHECK_CAPTCHA_URL = f"{base}/?p=pdf_search/checkCaptcha"
    endpoints.SEARCH_RESULTS_URL = f"{base}/?p=pdf_search/home"
    endpoints.OPEN_PDF_CAPTCHA_URL = f"{base}/?p=pdf_search/openpdfcaptcha"
    sci_client.SCI_BASE = sci
    sci_client.SCI_HOME_URL = f"{sci}/"
    sci_client.SCI_GET_PDF_URL = f"{sci}/sci-get-pdf/"


def truth(control: str, source: str) -> list[dict]:
    """The simulator's own account of a source, with the hashes of the documents."""
    with urllib.request.urlopen(f"{control}/__sim/truth?source={source}&sha256=1", timeout=60) as reply:
        return [json.loads(line) for line in reply.read().splitlines()]


async def walk(client: JudgmentSearchClient) -> list[list]:
    """The pages of search_all."""
    return [page.items async for page in client.search_all(TEXT, page_size=PAGE)]


async def judgments(steps: Steps, config: BharatCourtsConfig, control: str, rows: int) -> None:
    known = {row["path"]: row for row in truth(control, "ecourts-hc")}
    async with JudgmentSearchClient(config, ControlSolver(control)) as client:
        first = await client.search(TEXT, page_size=PAGE)
        steps.check("judgments: first page", len(first.items) == PAGE and first.total_count == rows, first.total_count)
        steps.check("judgments: has_next", first.has_next, first.has_next)
        named = [item for item in first.items if item.source_id and item.case_number and item.judgment_date]
        steps.check("judgments: rows are read", len(named) >= PAGE - 2, f"{len(named)} with CNR, number and date")
        last = first.items[-1]
        done = await client.download_pdf(last)
        digest = hashlib.sha256(done.pdf_bytes).hexdigest()
        row = known.get(last.pdf_url.split("#")[0], {})
        steps.check("judgments: document of the last row", digest == row.get("document_sha256"), f"{len(done.pdf_bytes)} bytes")
        second = await client.search(TEXT, page=2, page_size=PAGE)
        paths = {item.pdf_url for item in first.items} & {item.pdf_url for item in second.items}
        steps.check("judgments: page 2", len(second.items) == PAGE and not paths, f"{len(second.items)} other rows")
        found = [item for page in await walk(client) for item in page]
        distinct = {item.pdf_url.split("#")[0] for item in found}
        steps.check("judgments: search_all", len(found) == rows and distinct == set(known), f"{len(found)} of {rows} rows")
        reports = await client.search(TEXT, page_size=10, court_type="3")
        steps.check("judgments: reports", len(reports.items) == 10, reports.total_count)


async def supreme(steps: Steps, config: BharatCourtsConfig, control: str) -> None:
    known = {row["path"]: row for row in truth(control, "sci-feed")}
    async with sci_client.SCIClient(config) as client:
        latest = await client.list_recent_judgments()
        steps.check("sci: latest feed", len(latest) == 50, f"{len(latest)} rows")
        dated = [item for item in latest if item.judgment_date and item.metadata["respondent"]]
        steps.check("sci: rows are read", len(dated) >= 45, f"{len(dated)} with date and parties")
        done = await client.download_pdf(latest[7])
        path = "/" + done.pdf_url.split("/", 3)[3]
        digest = hashlib.sha256(done.pdf_bytes).hexdigest()
        steps.check("sci: document", digest == known[path]["document_sha256"], f"{len(done.pdf_bytes)} bytes")


async def silent_loss(steps: Steps, config: BharatCourtsConfig, control: str, rows: int) -> None:
    async with JudgmentSearchClient(config, ControlSolver(control)) as client:
        pages = await walk(client)
    found = sum(len(page) for page in pages)
    steps.check("judgments: search_all loses rows without an error", found == 2 * PAGE < rows, f"{found} of {rows} rows")


async def run(arguments: argparse.Namespace) -> int:
    point_at(arguments.ecourts.rstrip("/"), arguments.sci.rstrip("/"))
    control = arguments.control.rstrip("/")
    config = BharatCourtsConfig(request_delay=0.0)
    steps = Steps()
    print(f"bharat-courts {_version.__version__}", flush=True)
    if arguments.expect_silent_loss:
        await silent_loss(steps, config, control, arguments.rows)
    else:
        await judgments(steps, config, control, arguments.rows)
        await supreme(steps, config, control)
    return 1 if steps.failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ecourts", help="address of the judgment portal")
    parser.add_argument("sci", help="address of the Supreme Court's site")
    parser.add_argument("control", help="address of the control surface")
    parser.add_argument("--rows", type=int, default=137, help="High Court rows in the docket (137)")
    parser.add_argument("--expect-silent-loss", action="store_true", help="the session ends after two pages")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
