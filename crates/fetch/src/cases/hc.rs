//! The requests and replies of High Court Services.

use bytes::Bytes;
use nirnay_parse::{Refusal, Reply, hcservices};

use super::ask::{CauseListKind, HcAsk, HcBench};
use super::wire::{Fields, Plain, day, field};
use super::{CaseAnswer, FoundCases, StatusFilter, not_an_answer};

pub(super) const START: &str = "/hcservices/main.php";
pub(super) const PICTURE: &str = "/hcservices/securimage/securimage_show.php";
const QUERY: &str = "/hcservices/cases_qry/index_qry.php";
const RECORDS: &str = "/hcservices/cases_qry/index_qry.php?action_code=showRecords";

fn place(bench: &HcBench, search: &str) -> Fields {
    vec![
        field("court_code", &bench.bench),
        field("state_code", &bench.state),
        field("court_complex_code", &bench.bench),
        field("caseStatusSearchType", search),
    ]
}

fn records(bench: &HcBench, search: &str, more: Fields) -> Plain {
    let mut fields = place(bench, search);
    fields.extend(more);
    Plain::post(RECORDS, fields)
}

fn advocate(bench: &HcBench, search_type: &str, key: (&str, &str), status: StatusFilter) -> Plain {
    let more = vec![
        field("f", status.name()),
        field("search_type", search_type),
        field(key.0, key.1),
    ];
    records(bench, "CSAdvName", more)
}

/// The request, without the captcha's answer; `today` tells a past list from one to come.
pub(super) fn request(ask: &HcAsk, today: jiff::civil::Date) -> Plain {
    match ask {
        HcAsk::Benches { state } => Plain::post(
            QUERY,
            vec![
                field("action_code", "fillHCBench"),
                field("state_code", state),
                field("appFlag", "web"),
            ],
        ),
        HcAsk::CaseTypes(bench) => Plain::post(
            "/hcservices/cases_qry/index_qry.php?action_code=fillCaseType",
            vec![
                field("court_code", &bench.bench),
                field("state_code", &bench.state),
            ],
        ),
        HcAsk::ByNumber {
            bench,
            case_type,
            number,
            year,
        } => {
            let more = vec![
                field("case_type", case_type),
                field("case_no", number.to_string()),
                field("rgyear", year.to_string()),
                field("caseNoType", "new"),
                field("displayOldCaseNo", "NO"),
            ];
            records(bench, "CScaseNumber", more)
        }
        HcAsk::ByParty {
            bench,
            name,
            year,
            status,
        } => {
            let more = vec![
                field("f", status.name()),
                field("petres_name", name),
                field("rgyear", year.to_string()),
            ];
            records(bench, "CSpartyName", more)
        }
        HcAsk::ByAdvocate {
            bench,
            name,
            status,
        } => advocate(bench, "1", ("advocate_name", name), *status),
        HcAsk::ByBarNumber {
            bench,
            number,
            status,
        } => advocate(bench, "2", ("adv_bar_state", number), *status),
        HcAsk::AdvocateCauseList {
            bench,
            number,
            date,
        } => {
            let more = vec![
                field("search_type", "3"),
                field("f", "date_case_list"),
                field("adv_bar_state", number),
                field("caselist_date_dmy", day(*date)),
            ];
            records(bench, "CSAdvName", more)
        }
        HcAsk::CauseLists { bench, kind, date } => cause_lists(bench, *kind, *date, today),
        HcAsk::Case(cnr) => Plain::post(
            QUERY,
            vec![
                field("cino", cnr.as_str()),
                field("appFlag", "web"),
                field("action_code", "fetchStateDistCourtNew"),
                field("caseStatusSearchType", "CNRNumber"),
            ],
        ),
        HcAsk::Document { link } => Plain::get(document_path(link)),
    }
}

fn cause_lists(
    bench: &HcBench,
    kind: CauseListKind,
    date: jiff::civil::Date,
    today: jiff::civil::Date,
) -> Plain {
    let flag = match kind {
        CauseListKind::Civil => "civ_t",
        CauseListKind::Criminal => "cri_t",
    };
    let past = if date < today { "1" } else { "0" };
    Plain::post(
        QUERY,
        vec![
            field("action_code", "showCauseList"),
            field("flag", flag),
            field("selprevdays", past),
            field("state_code", &bench.state),
            field("court_code", &bench.bench),
            field("caseStatusSearchType", "CLcauselist"),
            field("appFlag", ""),
            field("causelist_date", day(date)),
        ],
    )
}

/// Where a link leads: those of older pages are relative to `cases/`, the others to the base.
pub(super) fn document_path(link: &str) -> String {
    let link = link.trim();
    if link.contains("://") || link.starts_with('/') {
        return link.to_owned();
    }
    let link = link.trim_start_matches("./");
    if link.starts_with("display_") {
        format!("/hcservices/cases/{link}")
    } else {
        format!("/hcservices/{link}")
    }
}

/// What a reply says.
pub(super) fn read(ask: &HcAsk, body: &Bytes) -> Result<CaseAnswer, Refusal> {
    Ok(match ask {
        HcAsk::Benches { .. } => CaseAnswer::Choices(hcservices::benches(body).into_result()?),
        HcAsk::CaseTypes(_) => CaseAnswer::Choices(hcservices::case_types(body).into_result()?),
        HcAsk::ByNumber { .. }
        | HcAsk::ByParty { .. }
        | HcAsk::ByAdvocate { .. }
        | HcAsk::ByBarNumber { .. } => CaseAnswer::Cases(FoundCases::of_reply(body)?),
        HcAsk::AdvocateCauseList { .. } => {
            CaseAnswer::Listed(hcservices::advocate_cause_list(body).into_result()?)
        }
        HcAsk::CauseLists { .. } => {
            CaseAnswer::CauseLists(hcservices::cause_lists(body).into_result()?)
        }
        HcAsk::Case(_) => CaseAnswer::Case(Box::new(hcservices::case_page(body).into_result()?)),
        HcAsk::Document { .. } => return Err(not_an_answer()),
    })
}

/// What the portal says in place of a document: that there is none, or that the session is over.
pub(super) fn no_document(body: &Bytes) -> Option<Refusal> {
    match hcservices::document(body) {
        Reply::Good(_) | Reply::Refused(Refusal::Unknown { .. } | Refusal::Empty) => None,
        Reply::Refused(refusal) => Some(refusal),
    }
}
