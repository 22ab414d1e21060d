//! Search answers: one page of rows in the envelope of `DataTables` 1.9.

use std::fmt::Write as _;

use crate::site::Site;
use bytes::Bytes;

use crate::bench;
use crate::config::TokenMode;
use crate::day;
use crate::drift;
use crate::facets::{self, Facets};
use crate::fault::FaultKind;
use crate::form::Form;
use crate::hostile;
use crate::json;
use crate::judgments::{self, current, json_fault, json_reply, token_is_good};
use crate::listing::{self, Printed};
use crate::log::SearchLog;
use crate::prose;
use crate::query::{self, Filter, Match};
use crate::random::Draw;
use crate::reply::{Delivery, Reply};
use crate::row::{Flaw, RowId};
use crate::thinning::Thinning;
use crate::trouble::{self, Fault};
use crate::world::{State, Visit, World};

/// Fields without which the portal gives its empty default answer.
const NEEDED: &[&str] = &[
    "search_txt1",
    "search_txt2",
    "search_txt3",
    "search_txt4",
    "search_txt5",
    "pet_res",
    "state_code",
    "state_code_li",
    "dist_code",
    "case_no",
    "case_year",
    "from_date",
    "to_date",
    "judge_name",
    "reg_year",
    "fulltext_case_type",
    "judge_txt",
    "act_txt",
    "section_txt",
    "judge_val",
    "act_val",
    "year_val",
    "judge_arr",
    "flag",
    "disp_nature",
    "search_opt",
    "date_val",
    "fcourt_type",
    "citation_yr",
    "citation_vol",
    "citation_supl",
    "citation_page",
    "case_no1",
    "case_year1",
    "pet_res1",
    "fulltext_case_type1",
    "citation_keyword",
    "sel_lang",
    "proximity",
    "neu_cit_year",
    "neu_no",
    "sEcho",
    "iDisplayStart",
    "iDisplayLength",
];

/// The most rows of a page.
const LONGEST: usize = 1000;

/// What a page is about to show.
struct Page {
    total: u64,
    start: usize,
    rows: Vec<RowId>,
    facets: Facets,
}

pub(crate) fn answer(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    if let Some(reply) = json_fault(state, visit) {
        return reply;
    }
    if !current(state, visit).is_some_and(|session| session.logged_in) {
        return judgments::expired(state, visit);
    }
    if !token_is_good(world, state, visit) {
        return judgments::oops(state, visit);
    }
    let body = &visit.request.body;
    let missing = NEEDED
        .iter()
        .find(|name| body.get(name).is_none_or(|value| value == "undefined"));
    let filter = match missing {
        Some(name) => {
            visit.remark(format!("missing field {name}: default empty answer"));
            None
        }
        None => filter_of(visit),
    };
    let page = match filter {
        Some(filter) => look_up(world, state, visit, &filter),
        None => Page::empty(0),
    };
    note(visit, &page);
    if let Some(session) = current(state, visit) {
        session.page.clone_from(&page.rows);
    }
    let envelope = envelope(world, state, visit, &page);
    let reply = envelope.reply(visit, page.rows.len());
    with_new_id(world, state, visit, reply)
}

/// Every search answer gives the session a new id.
fn with_new_id(world: &World, state: &mut State, visit: &mut Visit<'_>, reply: Reply) -> Reply {
    let portal = visit.request.portal;
    let keep_old = world.config.tokens != TokenMode::StrictAll;
    let serial = visit.notes.session.unwrap_or_default();
    let id = state
        .sessions
        .get_mut(&portal)
        .and_then(|sessions| sessions.renew(serial, &mut visit.draw, keep_old));
    match id {
        Some(id) => reply.with(
            "set-cookie",
            format!("{}={id}; path=/; HttpOnly", judgments::face(portal).cookie),
        ),
        None => reply,
    }
}

/// The filter a form asks for; `None` if it has a value the portal does not understand.
fn filter_of(visit: &mut Visit<'_>) -> Option<Filter> {
    let body = &visit.request.body;
    let reports = visit.request.portal == Site::Scr || body.get("fcourt_type") == Some("3");
    let court = body.said("state_code").or(body.said("state_code_li"));
    // A court nobody knows finds nothing; the number of no court does that.
    let court = court.map(|code| bench::court_of_filter(code).unwrap_or(u16::MAX));
    let mut bad = None;
    let mut date = |name: &'static str| {
        body.said(name).and_then(|text| {
            let date = text.parse().ok().map(day::number);
            if date.is_none() {
                bad = Some(name);
            }
            date
        })
    };
    let (from, to) = (date("from_date"), date("to_date"));
    if let Some(name) = bad {
        visit.remark(format!("{name} is no date: default empty answer"));
        return None;
    }
    let text = text_of(body);
    Some(Filter {
        reports,
        court,
        dist_code: body.said("dist_code").map(str::to_owned),
        from,
        to,
        text,
    })
}

fn text_of(body: &Form) -> Option<(Match, String)> {
    let words = body
        .said("search_txt1")
        .or(body.said("pet_res"))?
        .to_lowercase();
    let mode = match body.get("search_opt") {
        Some("ANY") => Match::Any,
        Some("ALL" | "BOOLEAN") => Match::All,
        _ => Match::Phrase,
    };
    Some((mode, words.split_whitespace().collect::<Vec<_>>().join(" ")))
}

fn look_up(world: &World, state: &mut State, visit: &mut Visit<'_>, filter: &Filter) -> Page {
    let docket = &world.config.docket;
    let number = |name: &str| {
        visit
            .request
            .body
            .get(name)
            .and_then(|v| v.trim().parse::<usize>().ok())
    };
    let start = number("iDisplayStart").unwrap_or(0);
    let mut length = number("iDisplayLength").unwrap_or(10).clamp(1, LONGEST);
    if visit.fault(FaultKind::EmptyResult).is_some() {
        return Page::empty(start);
    }
    if let Some(fault) = visit.fault(FaultKind::ShiftRows) {
        shift(world, state, filter, (start, length), fault, visit.number);
    }
    if let Some(fault) = visit.fault(FaultKind::RowFlood)
        && fault.form() != "repeat"
    {
        length = fault.n(50_000).clamp(1, 1_000_000) as usize;
    }
    let found = query::find(docket, &state.changes, filter, &mut state.texts);
    let thin: Vec<Thinning> = visit.lasting.iter().filter_map(Thinning::of).collect();
    let (total, rows, facets) = if thin.is_empty() {
        let facets = state.facets.of(docket, &state.changes, filter, &found);
        (found.total(), found.page(start, length), facets)
    } else {
        let mut ids = found.page(0, found.total());
        ids.retain(|id| {
            let row = world.row(&state.changes, *id);
            row.is_none_or(|row| thin.iter().all(|thinning| thinning.keeps(*id, row.bench)))
        });
        let facets = facets::count(docket, &state.changes, &ids);
        let rows = ids.iter().skip(start).take(length).copied().collect();
        (ids.len(), rows, facets)
    };
    let mut page = Page {
        total: total as u64,
        start,
        rows,
        facets,
    };
    page.disturb(visit);
    page
}

impl Page {
    fn empty(start: usize) -> Self {
        Self {
            total: 0,
            start,
            rows: Vec::new(),
            facets: Facets::default(),
        }
    }

    /// What the request's fault does to numbers and rows.
    fn disturb(&mut self, visit: &Visit<'_>) {
        if let Some(fault) = visit.fault(FaultKind::ShortPage) {
            let fewer = fault.n(1).max(0) as usize;
            self.rows.truncate(self.rows.len().saturating_sub(fewer));
        }
        if let Some(fault) = visit.fault(FaultKind::TotalMoves) {
            self.total = self.total.saturating_add_signed(fault.n(1));
        }
        if let Some(fault) = visit.fault(FaultKind::DuplicateRow)
            && self.rows.len() > 1
        {
            let place = fault.draw.clone().below(self.rows.len() as u32 - 1) as usize;
            self.rows[place + 1] = self.rows[place];
        }
    }
}

/// Adds rows before or after the rows asked for, or takes some away there.
fn shift(
    world: &World,
    state: &mut State,
    filter: &Filter,
    (start, length): (usize, usize),
    fault: &Fault,
    number: u64,
) {
    let docket = &world.config.docket;
    let (rule, mut draw) = (&fault.rule, fault.draw.clone());
    let amount = fault.n(1);
    for _ in 0..amount.unsigned_abs().min(1000) {
        let found = query::find(docket, &state.changes, filter, &mut state.texts);
        let after = rule.place.as_deref() == Some("after");
        let (from, mut to) = if after {
            (start + length, found.total())
        } else {
            (0, start.min(found.total()))
        };
        if !after && amount > 0 && filter.reports {
            // A case added to the reports stands last on its day, so it needs an earlier day.
            let day = |place| {
                found
                    .page(place, 1)
                    .first()
                    .and_then(|id| world.row(&state.changes, *id))
                    .map(|row| row.day)
            };
            let cursor = day(start);
            while to > from && day(to - 1) == cursor {
                to -= 1;
            }
        }
        if from >= to {
            return;
        }
        let place = from + draw.below((to - from) as u32) as usize;
        let Some(id) = found.page(place, 1).first().copied() else {
            return;
        };
        if amount < 0 {
            state.changes.hide(id, number);
        } else if let Some(model) = world.row(&state.changes, id) {
            state.changes.add_like(&model, number);
        }
    }
}

fn note(visit: &mut Visit<'_>, page: &Page) {
    let body = &visit.request.body;
    let value = |name: &str| body.said(name).unwrap_or("").to_owned();
    let bench = body
        .said("dist_code")
        .map(|code| format!("/{code}"))
        .unwrap_or_default();
    visit.notes.search = Some(SearchLog {
        court: format!("{}{bench}", value("state_code")),
        from: value("from_date"),
        to: value("to_date"),
        start: page.start as u64,
        length: value("iDisplayLength").parse().unwrap_or(0),
        total: page.total,
        sent: page.rows.len() as u64,
    });
}

/// An answer in three parts: what stands before the rows, the rows, what stands behind them.
struct Envelope {
    head: String,
    rows: String,
    tail: String,
}

fn envelope(world: &World, state: &mut State, visit: &mut Visit<'_>, page: &Page) -> Envelope {
    let token = judgments::new_token(state, visit);
    let echo = visit
        .request
        .body
        .get("sEcho")
        .and_then(|v| v.parse::<u64>().ok())
        .unwrap_or(1);
    let space = visit.draw.pick(&["", "\n", "\n\n", "  \r\n", " "]);
    let total = page.total;
    let counted = if visit.draw.chance(0.3) {
        format!("\"{total}\"")
    } else {
        total.to_string()
    };
    let grouped = if visit.draw.chance(0.5) {
        prose::grouped(total)
    } else {
        prose::grouped_english(total)
    };
    let seconds = format!("0.{:03}", visit.draw.below(900) + 12);
    let mut head = format!(
        "{space}{{\"reportrow\":{{\"sEcho\":{echo},\"iTotalRecords\":{counted},\"iTotalDisplayRecords\":{counted},\
         \"sSearch\":\"\",\"aaData\":["
    );
    for fault in visit.drifts() {
        head = drift::envelope(fault, head);
    }
    let facets = &page.facets;
    let tail = format!(
        "]}},\"total\":\"{grouped}\",\"seconds\":\"{seconds}\",\"app_token\":\"{token}\",\
         \"court_dtls\":{},\"year_dtls\":{},\"judge_dtls\":{}}}",
        json::string(&facets.courts),
        json::string(&facets.years),
        json::string(&facets.judges)
    );
    Envelope {
        head,
        rows: rows_json(world, state, visit, page),
        tail,
    }
}

impl Envelope {
    /// The reply; a flood repeats the rows while it is sent.
    fn reply(self, visit: &Visit<'_>, rows: usize) -> Reply {
        let flood = visit
            .fault(FaultKind::RowFlood)
            .filter(|fault| fault.form() == "repeat" && rows > 0);
        let Some(fault) = flood else {
            return json_reply(self.head + &self.rows + &self.tail);
        };
        let times = fault.n(50_000).max(0) as u64 / rows as u64;
        let mut reply = json_reply(self.head + &self.rows);
        reply.delivery = Delivery::Repeat {
            block: Bytes::from(format!(",{}", self.rows)),
            times: times.saturating_sub(1),
            tail: Bytes::from(self.tail),
        };
        reply
    }
}

fn rows_json(world: &World, state: &State, visit: &Visit<'_>, page: &Page) -> String {
    let docket = &world.config.docket;
    let portal = visit.request.portal;
    // A fault meant for this request spoils one row of it.
    let spoilt_now = visit.fault.as_ref().and_then(|fault| {
        let flaw = trouble::flaw_of(&fault.rule)?;
        let place = fault.draw.clone().below(page.rows.len() as u32) as usize;
        Some((place, flaw, fault.clone()))
    });
    let drifts: Vec<&Fault> = visit.drifts().collect();
    let mut out = String::with_capacity(page.rows.len() * 1800);
    for (val, id) in page.rows.iter().enumerate() {
        let Some(row) = world.row(&state.changes, *id) else {
            continue;
        };
        let now = spoilt_now
            .as_ref()
            .filter(|(place, ..)| *place == val)
            .map(|(_, flaw, fault)| (*flaw, fault.clone()));
        let spoilt = now.or_else(|| state.spoilt(portal, *id));
        let mut case = docket.case(&row);
        if let Some(standing) = state.changes.standing(*id) {
            standing.edit(&mut case);
        }
        if let Some((Flaw::HostileText | Flaw::HostileKey, fault)) = &spoilt {
            hostile::spoil(fault, &mut case);
        }
        let mut html = listing::html(Printed {
            case: &case,
            val,
            flaw: match &spoilt {
                // What a row prints is odd; what is wrong with it besides stays.
                Some((Flaw::HostileText | Flaw::HostileKey, _)) | None => row.flaw,
                Some((flaw, _)) => Some(*flaw),
            },
            draw: Draw::of(&[row.order_seed(docket.seed()), 40]),
            loaded: row.is_loaded(),
            own_portal: portal == Site::Scr,
        });
        if let Some((Flaw::Nested, fault)) = &spoilt {
            html = listing::nested(fault, &html);
        }
        let mut columns = [(page.start + val + 1).to_string(), String::new()];
        let mut swapped = false;
        for drift in &drifts {
            html = drift::row(drift, *id, html);
            swapped |= drift::swaps_columns(drift, *id);
        }
        columns[1] = json::string(&html);
        if swapped {
            columns.reverse();
        }
        let comma = if out.is_empty() { "" } else { "," };
        write!(out, "{comma}[{},{}]", columns[0], columns[1]).ok();
    }
    out
}
