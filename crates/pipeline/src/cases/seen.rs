//! From an answer of a case portal to what the lake keeps of it.

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_fetch::{
    CaseAnswer, CaseAsk, CauseListKind, DistrictAsk, DistrictCourt, DistrictDocument, HcAsk,
    HcBench, SciAsk,
};
use nirnay_model::{
    CaptureId, Case, CasePlace, CasePortal, CaseView, Order, OrderLink, Party, PrintedCaseNumber,
    PrintedDate, Side, courts,
};
use nirnay_parse::sci::FeedRow;
use nirnay_store::{CaseSighting, Lake, ListLine, SeenCase, SeenList, SightingCounts, StoreError};

/// Cases recorded in one transaction.
const AT_A_TIME: usize = 1_000;

/// Records what an answer shows, a part at a time: the same answer again changes nothing, so that one of which a part
/// was recorded is simply recorded once more.
///
/// # Errors
/// Those of the lake.
pub fn keep_answer(
    lake: &Lake,
    (ask, answer): (&CaseAsk, &CaseAnswer),
    capture_id: Option<CaptureId>,
    run_started: Timestamp,
) -> Result<SightingCounts, StoreError> {
    let CaseAnswer::Cases(found) = answer else {
        let seen = sighting(ask, answer, capture_id, run_started);
        return seen.map_or(Ok(SightingCounts::default()), |seen| lake.see_cases(&seen));
    };
    let view = view_of(ask);
    let mut counts = SightingCounts::default();
    let mut part = CaseSighting {
        run_started,
        capture_id,
        cases: Vec::new(),
        list: None,
    };
    found.each(|case| {
        part.cases.push(SeenCase { case, view });
        if part.cases.len() >= AT_A_TIME {
            counts.plus(lake.see_cases(&part)?);
            part.cases.clear();
        }
        Ok::<(), StoreError>(())
    })?;
    if !part.cases.is_empty() {
        counts.plus(lake.see_cases(&part)?);
    }
    Ok(counts)
}

/// A row of the Supreme Court's search is all that it shows of a case; a line of its latest is less.
fn view_of(ask: &CaseAsk) -> CaseView {
    match ask {
        CaseAsk::Sci(ask) if !matches!(ask, SciAsk::Recent(_)) => CaseView::Page,
        _ => CaseView::Row,
    }
}

/// The case of a line of the Supreme Court's list of the latest, with the order that the line is about.
pub(super) fn latest_case(row: &FeedRow) -> Case {
    let judgment = &row.judgment;
    let mut case = Case::new(CasePortal::Sci);
    case.court_name = Some(judgment.court_name.clone());
    if let Some(diary) = &judgment.diary_number {
        case.set_diary(diary);
    }
    case.number = judgment
        .case_number_raw
        .as_deref()
        .and_then(PrintedCaseNumber::read);
    case.title = Some(judgment.title.clone());
    let sides = [
        (Side::Petitioner, &judgment.petitioner),
        (Side::Respondent, &judgment.respondent),
    ];
    let named = |(side, name): (Side, &Option<String>)| Some(Party::new(side, name.clone()?));
    case.parties = sides.into_iter().filter_map(named).collect();
    case.decided = judgment.decision_date.map(|day| PrintedDate {
        printed: judgment.decision_date_raw.clone(),
        date: Some(day),
    });
    case.orders.push(Order {
        number: None,
        on: None,
        date: case.decided.clone(),
        kind: Some(judgment.document_kind.name().to_owned()),
        judge: None,
        neutral_citation_printed: None,
        neutral_citation: None,
        language: None,
        link: Some(OrderLink::Address(row.handle.path.clone())),
    });
    case
}

/// What the answer to a question shows; `None` where it shows no case and no list: choices, documents, and orders that
/// stand alone, of which nothing tells whose they are.
fn sighting(
    ask: &CaseAsk,
    answer: &CaseAnswer,
    capture_id: Option<CaptureId>,
    run_started: Timestamp,
) -> Option<CaseSighting> {
    let mut seen = CaseSighting {
        run_started,
        capture_id,
        cases: Vec::new(),
        list: None,
    };
    let view = view_of(ask);
    let rows = |cases: &[Case]| -> Vec<SeenCase> {
        let seen = |case: &Case| SeenCase {
            case: case.clone(),
            view,
        };
        cases.iter().map(seen).collect()
    };
    match answer {
        CaseAnswer::Case(case) => seen.cases.push(SeenCase {
            case: (**case).clone(),
            view: CaseView::Page,
        }),
        CaseAnswer::Cases(found) => seen.cases = rows(&found.list()),
        CaseAnswer::Orders(found) => seen.cases = rows(&found.cases.as_ref()?.cases),
        CaseAnswer::CauseLists(lists) => {
            let lines = lists.iter().cloned().map(ListLine::Document).collect();
            seen.list = Some(list(ask, lines)?);
        }
        CaseAnswer::Listed(found) => {
            let lines = found
                .entries
                .iter()
                .cloned()
                .map(Box::new)
                .map(ListLine::Line)
                .collect();
            seen.list = Some(list(ask, lines)?);
        }
        CaseAnswer::Feed(feed) => {
            let cases: Vec<Case> = feed.rows.iter().map(latest_case).collect();
            seen.cases = rows(&cases);
        }
        CaseAnswer::Choices(_) | CaseAnswer::Complexes(_) | CaseAnswer::Document(_) => return None,
    }
    Some(seen)
}

/// The list that a question asks for.
pub(super) fn list(ask: &CaseAsk, lines: Vec<ListLine>) -> Option<SeenList> {
    let (name, day) = match ask {
        CaseAsk::Hc(HcAsk::CauseLists { bench, kind, date }) => (
            format!("{} {}", bench_words(bench), kind_word(*kind)),
            *date,
        ),
        CaseAsk::Hc(HcAsk::AdvocateCauseList {
            bench,
            number,
            date,
        }) => (format!("{} advocate {number}", bench_words(bench)), *date),
        CaseAsk::District(DistrictAsk::CauseList {
            court,
            code,
            kind,
            date,
            ..
        }) => (
            format!("{} court {code} {}", court_words(court), kind_word(*kind)),
            *date,
        ),
        _ => return None,
    };
    Some(SeenList {
        portal: ask.portal(),
        list: name,
        place: place(ask, day),
        day,
        lines,
    })
}

/// Where lines without a CNR lie.
fn place(ask: &CaseAsk, day: Date) -> CasePlace {
    let mut place = CasePlace::of_portal(ask.portal(), u16::try_from(day.year()).ok());
    if let CaseAsk::Hc(HcAsk::CauseLists { bench, .. } | HcAsk::AdvocateCauseList { bench, .. }) =
        ask
    {
        let state = |code: &str| code.split_once('~').map(|(_, state)| state.to_owned());
        let court = courts()
            .iter()
            .find(|court| state(&court.portal_code).as_ref() == Some(&bench.state));
        if let Some(court) = court {
            court.code.as_str().clone_into(&mut place.court);
        }
    }
    place
}

fn bench_words(bench: &HcBench) -> String {
    format!("state {} bench {}", bench.state, bench.bench)
}

fn court_words(court: &DistrictCourt) -> String {
    let mut words = format!(
        "state {} district {} complex {}",
        court.state, court.district, court.complex
    );
    if !court.establishment.is_empty() {
        words.push_str(" establishment ");
        words.push_str(&court.establishment);
    }
    words
}

fn kind_word(kind: CauseListKind) -> &'static str {
    match kind {
        CauseListKind::Civil => "civil",
        CauseListKind::Criminal => "criminal",
    }
}

/// How the document of an order is asked for; `None` where this portal has no such way.
pub fn document_ask(portal: CasePortal, link: &OrderLink) -> Option<CaseAsk> {
    Some(match (portal, link) {
        (CasePortal::HcServices, OrderLink::Address(link)) => {
            CaseAsk::Hc(HcAsk::Document { link: link.clone() })
        }
        (CasePortal::District, OrderLink::Address(link)) => CaseAsk::District(
            DistrictAsk::Document(DistrictDocument::Address(link.clone())),
        ),
        (CasePortal::District, OrderLink::Form(fields)) => CaseAsk::District(
            DistrictAsk::Document(DistrictDocument::Form(fields.clone())),
        ),
        (CasePortal::Calcutta, OrderLink::Token(token)) => {
            CaseAsk::Calcutta(nirnay_fetch::CalcuttaAsk::Document {
                token: token.clone(),
            })
        }
        (CasePortal::Sci, OrderLink::Address(path)) => {
            CaseAsk::Sci(SciAsk::Document { path: path.clone() })
        }
        _ => return None,
    })
}
