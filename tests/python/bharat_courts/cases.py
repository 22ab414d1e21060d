"""Drives the case clients of bharat-courts, unmodified, against the simulated portals of cases.

    cases.py HC_URL DISTRICT_URL CALCUTTA_URL CONTROL_URL

Only base addresses are changed, from outside the package; captchas are answered by the simulator's control
surface, which also says what is true. What the client is known to lose is a step of its own, so that it is
seen when it changes. Version 0.2.1 is asked for what it can do; its district client needs a portal that
asks for no secret. Prints a line a step; exits with 1 if a step fails.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import sys
import urllib.parse
import urllib.request
from datetime import date

from bharat_courts import _version
from bharat_courts.calcuttahc import client as calcutta_client
from bharat_courts.calcuttahc import endpoints as calcutta_endpoints
from bharat_courts.config import BharatCourtsConfig
from bharat_courts.courts import get_court
from bharat_courts.districtcourts import client as district_client
from bharat_courts.districtcourts import endpoints as district_endpoints
from bharat_courts.hcservices import client as hc_client
from bharat_courts.hcservices import endpoints as hc_endpoints

from run import ControlSolver, Steps

# Since 0.4: case pages, advocates, the secret of the district courts.
MODERN = tuple(int(part) for part in _version.__version__.split(".")[:2]) >= (0, 4)


def moved(module, old: str, new: str) -> None:
    """Replaces a base address in every address the module made of it when it was imported."""
    for name, value in vars(module).items():
        if isinstance(value, str) and value.startswith(old):
            setattr(module, name, new + value[len(old):])


class Truth:
    """The simulator's own account."""

    def __init__(self, control: str):
        self.control = control

    def get(self, path: str, **query: str) -> bytes:
        url = f"{self.control}/__sim/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=60) as reply:
            return reply.read()

    def cases(self, site: str, *place: str) -> list[dict]:
        lines = self.get("cases", site=site, place=",".join(place)).splitlines()
        return [json.loads(line) for line in lines]

    def sitting(self, site: str, on: str, *place: str) -> set[str]:
        return set(json.loads(self.get("cause-list", site=site, place=",".join(place), date=on)))

    def document(self, case: dict, order: dict) -> bytes:
        return self.get("case-document", cnr=case["cnr"], number=str(order["number"]))


def dashed(iso: str) -> str:
    return "-".join(reversed(iso.split("-")))


def has_party(case: dict, text: str) -> bool:
    return any(text in party["name"].upper() for party in case["petitioners"] + case["respondents"])


def title(case: dict) -> str:
    return f"{case['case_type']['name']}/{case['number']}/{case['year']}"


def names(parties: list[dict]) -> list[str]:
    # The client reads a number and a bracket within a name as the next party's number.
    return [re.split(r"(?<![\d(])\d{1,3}\)\s*", " ".join(party["name"].split()))[0].strip() for party in parties]


async def high_courts(steps: Steps, config: BharatCourtsConfig, truth: Truth) -> None:
    delhi = get_court("delhi")
    cases = truth.cases("hc-services", "26", "1")
    async with hc_client.HCServicesClient(config, ControlSolver(truth.control)) as client:
        benches = await client.list_benches(delhi)
        steps.check("hc: benches", list(benches) == ["1"], benches)
        kinds = await client.list_case_types(delhi)
        known = {str(case["case_type"]["code"]) for case in cases}
        steps.check("hc: case types", known <= set(kinds), f"{len(kinds)} kinds")
        one = next(case for case in cases if case["orders"] and not case["orders"][-1]["has_mark"] and case["orders"][-1]["has_file"])
        query = {"case_type": str(one["case_type"]["code"]), "case_number": str(one["number"]), "year": str(one["year"])}
        found = await client.case_status(delhi, **query)
        steps.check("hc: by number", one["cnr"] in {case.cnr_number for case in found}, f"{len(found)} cases")
        year = cases[len(cases) // 2]["year"]
        expected = {case["cnr"] for case in cases if case["year"] == year and has_party(case, "STATE")}
        found = await client.case_status_by_party(delhi, party_name="state", year=str(year))
        steps.check("hc: by party", {case.cnr_number for case in found} == expected and expected, f"{len(found)} cases")
        orders = await client.court_orders(delhi, **query)
        own = next(order for order in orders if one["cnr"] in order.pdf_url)
        steps.check("hc: its order's date is invented", own.order_date == date.today(), own.order_date)
        pdf = await client.download_order_pdf(own.pdf_url)
        same = hashlib.sha256(pdf).digest() == hashlib.sha256(truth.document(one, one["orders"][-1])).digest()
        steps.check("hc: order", same, f"{len(pdf)} bytes")
        await marked(steps, client, delhi, cases)
        await cause_lists(steps, client, delhi, cases, truth)
        bombay = truth.cases("hc-services", "1", "1")
        year = bombay[len(bombay) // 2]["year"]
        expected = [case for case in bombay if case["year"] == year and has_party(case, "STATE")]
        found = await client.case_status_by_party(get_court("bombay"), party_name="state", year=str(year))
        first = {case["cnr"] for case in expected if case["establishment"] == 1}
        lost = len(expected) - len(first)
        steps.check("hc: of two establishments it reads one", {case.cnr_number for case in found} == first and lost, f"{len(found)} of {len(expected)} cases")
        if MODERN:
            await case_pages(steps, client, cases)
            await advocates(steps, client, delhi, cases, truth)


async def marked(steps: Steps, client, court, cases: list[dict]) -> None:
    """A file behind a byte order mark is good, and the client refuses it."""
    case = next(case for case in cases if case["orders"] and case["orders"][-1]["has_mark"])
    query = {"case_type": str(case["case_type"]["code"]), "case_number": str(case["number"]), "year": str(case["year"])}
    orders = await client.court_orders(court, **query)
    own = next(order for order in orders if case["cnr"] in order.pdf_url)
    try:
        await client.download_order_pdf(own.pdf_url)
        steps.check("hc: a file behind a mark is refused", False, "taken")
    except RuntimeError as error:
        steps.check("hc: a file behind a mark is refused", "%PDF" in str(error), "refused")


async def cause_lists(steps: Steps, client, court, cases: list[dict], truth: Truth) -> None:
    on = next(case["next_hearing"] for case in cases if case["next_hearing"])
    sitting = truth.sitting("hc-services", on, "26", "1")
    lists = []
    for civil in (True, False):
        lists += await client.cause_list(court, civil=civil, causelist_date=dashed(on))
    if not MODERN:
        # It takes the links as relative to the wrong folder.
        wrong = all("/cases_qry/cases/" in entry.pdf_url for entry in lists)
        steps.check("hc: cause lists, whose links lead nowhere", bool(lists) and wrong, f"{len(lists)} files")
        return
    files = [await client.download_order_pdf(entry.pdf_url) for entry in lists]
    steps.check("hc: cause lists", bool(files) and bool(sitting), f"{len(files)} files for {len(sitting)} cases")


async def case_pages(steps: Steps, client, cases: list[dict]) -> None:
    seen = wrong = 0
    for case in cases[:: max(1, len(cases) // 12)]:
        page = await client.case_status_by_cnr(case["cnr"])
        seen += 1
        good = (
            [party.name for party in page.petitioners] == names(case["petitioners"])
            and [party.name for party in page.respondents] == names(case["respondents"])
            and [act.act for act in page.acts] == [act["act"] for act in case["acts"]]
            and len(page.history) == len(case["hearings"])
            and [str(order.order_date) for order in page.orders] == [order["on"] for order in case["orders"]]
            and str(page.registration_date) == case["registered"]
            and str(page.decision_date) == str(case["decided"])
            and str(page.next_hearing_date) == str(case["next_hearing"])
        )
        wrong += not good
    steps.check("hc: case pages", seen > 8 and not wrong, f"{seen - wrong} of {seen} whole")


async def advocates(steps: Steps, client, court, cases: list[dict], truth: Truth) -> None:
    def acts(case: dict, bar: str) -> bool:
        return any(a["bar"] == bar for p in case["petitioners"] + case["respondents"] for a in p["advocates"])

    busy = next(case for case in cases if case["next_hearing"] and case["petitioners"][0]["advocates"])
    lawyer = busy["petitioners"][0]["advocates"][0]
    mine = {case["cnr"] for case in cases if acts(case, lawyer["bar"])}
    result = await client.advocate_search(court, bar_code=lawyer["bar"])
    steps.check("hc: by bar number", {case.cnr_number for case in result.cases} == mine and result.code == str(lawyer["code"]), result.raw_name)
    found = await client.case_status_by_advocate(court, advocate_name=lawyer["name"])
    steps.check("hc: by advocate's name", {case.cnr_number for case in found} >= mine, f"{len(found)} rows")
    on = busy["next_hearing"]
    expected = truth.sitting("hc-services", on, "26", "1") & mine
    rows = await client.advocate_cause_list(court, bar_code=lawyer["bar"], causelist_date=dashed(on))
    steps.check("hc: advocate's cause list", {row.cnr_number for row in rows} == expected, f"{len(rows)} rows, {len(expected)} cases")
    try:
        await client.advocate_search(court, bar_code="Z/1/1999")
        steps.check("hc: unknown bar number", False, "taken")
    except Exception as error:
        steps.check("hc: unknown bar number", "ERROR_VAL" in str(error), error)


async def districts(steps: Steps, config: BharatCourtsConfig, truth: Truth) -> None:
    async with district_client.DistrictCourtClient(config, ControlSolver(truth.control)) as client:
        states = await client.list_states()
        steps.check("district: states", len(states) >= 36, len(states))
        found = await client.list_districts("8")
        steps.check("district: districts", found.get("1") == "Patna", found)
        complexes = await client.list_complexes("8", "1")
        whole = next(code for code in complexes if code.endswith("@Y"))
        bare = whole.split("@")[0]
        steps.check("district: complexes", len(complexes) == 2, list(complexes))
        courts = await client.list_establishments("8", "1", bare)
        steps.check("district: establishments", list(courts) == ["2", "3", "4"], courts)
        cases = truth.cases("district-courts", "8", "1", bare, "2")
        place = {"state_code": "8", "dist_code": "1", "court_complex_code": bare, "est_code": "2"}
        kinds = await client.list_case_types("8", "1", bare, "2")
        steps.check("district: case types", len(kinds) == 12 and all(code.endswith("^2") for code in kinds), len(kinds))
        rooms = await client.list_cause_list_courts("8", "1", bare, "2")
        steps.check("district: courts", "1@2" in rooms, len(rooms))
        one = next(case for case in cases if len(case["orders"]) > 1)
        query = {"case_type": f"{one['case_type']['code']}^2", "case_number": str(one["number"]), "year": str(one["year"])}
        found = await client.case_status(**place, **query)
        good = [case for case in found if case.cnr_number == one["cnr"] and case.case_number == title(one)]
        steps.check("district: by number", len(good) == 1, f"{len(found)} cases")
        year = cases[len(cases) // 2]["year"]
        expected = {case["cnr"] for case in cases if case["year"] == year and has_party(case, "STATE")}
        found = await client.case_status_by_party(**place, party_name="state", year=str(year))
        steps.check("district: by party", {case.cnr_number for case in found} == expected, f"{len(found)} cases")
        orders = await client.court_orders(**place, **query)
        dates = [str(order.order_date) for order in orders]
        steps.check("district: orders", dates == [order["on"] for order in one["orders"]], dates)
        steps.check("district: its links lead nowhere", all(order.pdf_url.endswith("#") for order in orders), orders[0].pdf_url)
        await district_list(steps, client, cases, place, truth)
        if MODERN:
            page = await client.case_status_by_cnr(one["cnr"])
            good = (
                [party.name for party in page.petitioners] == names(one["petitioners"])
                and str(page.registration_date) == one["registered"]
                and str(page.decision_date) == str(one["decided"])
                and len(page.orders) > 0
            )
            steps.check("district: case page", good, f"{len(page.history)} hearings, {len(page.orders)} orders")


async def district_list(steps: Steps, client, cases: list[dict], place: dict, truth: Truth) -> None:
    on = next(case["next_hearing"] for case in cases if case["next_hearing"])
    sitting = truth.sitting("district-courts", on, *place.values())
    expected = {title(case) for case in cases if case["cnr"] in sitting}
    found = []
    for room in range(1, 7):
        for civil in (True, False):
            found += await client.cause_list(**place, court_no=f"{room}@2", causelist_date=dashed(on), civil=civil)
    steps.check("district: cause lists", {row.case_number for row in found} == expected, f"{len(found)} of {len(sitting)} cases")


async def calcutta(steps: Steps, config: BharatCourtsConfig, truth: Truth) -> None:
    cases = [case for case in truth.cases("calcutta-hc") if case["cnr"].startswith("WBCHCA") and case["orders"]]
    async with calcutta_client.CalcuttaHCClient(config, ControlSolver(truth.control)) as client:
        got = texts = 0
        for case in cases[:10]:
            query = {"case_type": str(case["case_type"]["code"]), "case_number": str(case["number"]), "year": str(case["year"])}
            info, orders = await client.search_orders(**query)
            texts += info is None
            if info is None:
                continue
            expected = [(order["on"], order["citation"]) for order in case["orders"]]
            got += info.cnr_number == case["cnr"] and [(str(o.order_date), o.neutral_citation) for o in orders] == expected
        steps.check("calcutta: orders and citations", got == 10, f"{got} of 10 cases")
        order = next(order for order in orders if order.pdf_url)
        pdf = await client.download_order_pdf(order.pdf_url)
        own = case["orders"][orders.index(order)]
        steps.check("calcutta: order", pdf == truth.document(case, own), f"{len(pdf)} bytes")
        nothing = await client.search_orders(case_type="1", case_number="9999999", year="2024")
        steps.check("calcutta: no such case", nothing == (None, []), nothing)


async def run(arguments: argparse.Namespace) -> int:
    old = "https://"
    moved(hc_endpoints, f"{old}hcservices.ecourts.gov.in", arguments.hc.rstrip("/"))
    moved(district_endpoints, f"{old}services.ecourts.gov.in", arguments.district.rstrip("/"))
    moved(calcutta_endpoints, f"{old}calcuttahighcourt.gov.in", arguments.calcutta.rstrip("/"))
    truth = Truth(arguments.control.rstrip("/"))
    config = BharatCourtsConfig(request_delay=0.0)
    steps = Steps()
    print(f"bharat-courts {_version.__version__}", flush=True)
    await high_courts(steps, config, truth)
    await districts(steps, config, truth)
    await calcutta(steps, config, truth)
    return 1 if steps.failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hc", help="address of the High Courts' portal")
    parser.add_argument("district", help="address of the district courts' portal")
    parser.add_argument("calcutta", help="address of the Calcutta High Court's site")
    parser.add_argument("control", help="address of the control surface")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
