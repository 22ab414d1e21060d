//! The requests and replies of the District Courts.

use bytes::Bytes;
use nirnay_parse::district::{self, Told};
use nirnay_parse::{Refusal, Reply};

use super::CaseAnswer;
use super::ask::{CauseListKind, DistrictAsk, DistrictCourt, DistrictDocument};
use super::wire::{Fields, Plain, day, field};

pub(super) const START: &str = "/ecourtindia_v6/";
pub(super) const PICTURE: &str = "/ecourtindia_v6/vendor/securimage/securimage_show.php";
pub(super) const PREFIX: &str = "/ecourtindia_v6/";

pub(super) fn route(action: &str, fields: Fields) -> Plain {
    Plain::post(format!("/ecourtindia_v6/?p={action}"), fields)
}

fn place(court: &DistrictCourt) -> Fields {
    vec![
        field("state_code", &court.state),
        field("dist_code", &court.district),
        field("court_complex_code", own_code(&court.complex)),
        field("est_code", &court.establishment),
    ]
}

/// What stands before the first `@`: the whole value is answered with nothing at all.
fn own_code(complex: &str) -> &str {
    complex.split('@').next().unwrap_or(complex)
}

fn with(court: &DistrictCourt, more: Fields) -> Fields {
    let mut fields = place(court);
    fields.extend(more);
    fields
}

/// The choice of a court, which searches want to be made before.
pub(super) fn set_data(ask: &DistrictAsk) -> Option<Plain> {
    match ask {
        DistrictAsk::ByNumber { court, .. }
        | DistrictAsk::ByParty { court, .. }
        | DistrictAsk::Orders { court, .. }
        | DistrictAsk::CauseList { court, .. } => Some(route("casestatus/set_data", place(court))),
        _ => None,
    }
}

/// The name of the captcha's field in the form of `ask`.
pub(super) fn captcha_field(ask: &DistrictAsk) -> &'static str {
    match ask {
        DistrictAsk::ByNumber { .. } => "case_captcha_code",
        DistrictAsk::Orders { .. } => "order_case_captcha_code",
        DistrictAsk::CauseList { .. } => "cause_list_captcha_code",
        _ => "fcaptcha_code",
    }
}

/// The request, without the captcha's answer and the token.
pub(super) fn request(ask: &DistrictAsk, today: jiff::civil::Date) -> Plain {
    match ask {
        DistrictAsk::States => Plain::get("/ecourtindia_v6/?p=casestatus/index"),
        DistrictAsk::Districts { state } => {
            route("casestatus/fillDistrict", vec![field("state_code", state)])
        }
        DistrictAsk::Complexes { state, district } => route(
            "casestatus/fillcomplex",
            vec![field("state_code", state), field("dist_code", district)],
        ),
        DistrictAsk::Establishments(court) => route(
            "casestatus/fillCourtEstablishment",
            place(court).into_iter().take(3).collect(),
        ),
        DistrictAsk::CaseTypes(court) => route(
            "casestatus/fillCaseType",
            with(court, vec![field("search_type", "c_no")]),
        ),
        DistrictAsk::Courts(court) => route(
            "cause_list/fillCauseList",
            with(court, vec![field("search_act", "")]),
        ),
        DistrictAsk::ByNumber {
            court,
            case_type,
            number,
            year,
        } => route(
            "casestatus/submitCaseNo",
            with(
                court,
                vec![
                    field("case_type", case_type),
                    field("search_case_no", number.to_string()),
                    field("case_no", number.to_string()),
                    field("rgyear", year.to_string()),
                ],
            ),
        ),
        DistrictAsk::ByParty {
            court,
            name,
            year,
            status,
        } => route(
            "casestatus/submitPartyName",
            with(
                court,
                vec![
                    field("petres_name", name),
                    field(
                        "rgyearP",
                        year.map(|year| year.to_string()).unwrap_or_default(),
                    ),
                    field("case_status", status.name()),
                ],
            ),
        ),
        DistrictAsk::Orders {
            court,
            case_type,
            number,
            year,
        } => orders(court, case_type, *number, *year),
        DistrictAsk::CauseList {
            court,
            code,
            name,
            kind,
            date,
        } => route(
            "cause_list/submitCauseList",
            with(court, cause_list(code, name, *kind, *date, today)),
        ),
        DistrictAsk::Case(cnr) => {
            route("cnr_status/searchByCNR", vec![field("cino", cnr.as_str())])
        }
        DistrictAsk::Document(DistrictDocument::Form(fields)) => {
            route("home/display_pdf", fields.clone())
        }
        DistrictAsk::Document(DistrictDocument::Address(address)) => {
            Plain::get(document_path(address))
        }
    }
}

fn orders(court: &DistrictCourt, case_type: &str, number: u32, year: u16) -> Plain {
    let fields = vec![
        field("state_code", &court.state),
        field("dist_code", &court.district),
        field("court_complex", own_code(&court.complex)),
        field("court_complex_arr", ""),
        field("est_code", &court.establishment),
        field("case_type", case_type),
        field("search_case_no", number.to_string()),
        field("case_no", number.to_string()),
        field("rgyearCaseOrder", year.to_string()),
        field("rgyear", year.to_string()),
        field("frad", "both"),
        field("radvalue", "both"),
    ];
    route("courtorder/submitCaseNo", fields)
}

fn cause_list(
    code: &str,
    name: &str,
    kind: CauseListKind,
    date: jiff::civil::Date,
    today: jiff::civil::Date,
) -> Fields {
    let kind = match kind {
        CauseListKind::Civil => "civ",
        CauseListKind::Criminal => "cri",
    };
    let past = if date < today { "1" } else { "0" };
    vec![
        field("CL_court_no", code),
        field("court_name_txt", name),
        field("causelist_date", day(date)),
        field("cicri", kind),
        field("selprevdays", past),
    ]
}

/// A path that the portal names, from the root of the host.
pub(super) fn document_path(path: &str) -> String {
    let path = path.trim();
    if path.contains("://") || path.starts_with('/') {
        return path.to_owned();
    }
    format!("{PREFIX}{}", path.trim_start_matches("./"))
}

/// What a reply says, with the next token.
pub(super) fn read(ask: &DistrictAsk, body: &Bytes) -> Result<Told<CaseAnswer>, Refusal> {
    fn told<T>(
        reply: Reply<Told<T>>,
        made: impl Fn(T) -> CaseAnswer,
    ) -> Result<Told<CaseAnswer>, Refusal> {
        let told = reply.into_result()?;
        Ok(Told {
            value: made(told.value),
            token: told.token,
        })
    }
    match ask {
        DistrictAsk::States => Ok(Told {
            value: CaseAnswer::Choices(district::states(body).into_result()?),
            token: None,
        }),
        DistrictAsk::Districts { .. } => told(district::districts(body), CaseAnswer::Choices),
        DistrictAsk::Complexes { .. } => told(district::complexes(body), CaseAnswer::Complexes),
        DistrictAsk::Establishments(_) => told(district::establishments(body), CaseAnswer::Choices),
        DistrictAsk::CaseTypes(_) => told(district::case_types(body), CaseAnswer::Choices),
        DistrictAsk::Courts(_) => told(district::courts(body), CaseAnswer::Choices),
        DistrictAsk::ByNumber { .. } | DistrictAsk::ByParty { .. } => {
            told(district::cases(body), |found| {
                CaseAnswer::Cases(found.into())
            })
        }
        DistrictAsk::Orders { .. } => told(district::orders(body), CaseAnswer::Orders),
        DistrictAsk::CauseList { .. } => told(district::cause_list(body), CaseAnswer::Listed),
        DistrictAsk::Case(_) => told(district::case_page(body), |case| {
            CaseAnswer::Case(Box::new(case))
        }),
        DistrictAsk::Document(_) => Err(super::not_an_answer()),
    }
}
