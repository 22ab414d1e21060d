//! The portal of the High Courts' cases.

mod benches;
mod causelist;
mod envelope;
mod page;
mod records;
mod token;

use std::fmt::Write as _;

pub(crate) use benches::bench_of;
use bytes::Bytes;
pub(crate) use page::long as long_date;
pub(crate) use token::{Meant, read as read_token, write as link_token};

use crate::cases::{HIGH_COURT, Key};
use crate::fault::FaultKind;
use crate::judgments;
use crate::log::Outcome;
use crate::reply::Reply;
use crate::route::Route;
use crate::world::{Request, State, Visit, World};

/// What stands before every body.
const MARK: &str = "\u{feff}";

fn action(request: &Request) -> &str {
    let named = request.query.said("action_code");
    named.or(request.body.said("action_code")).unwrap_or("")
}

/// What a request is for.
pub(crate) fn route(request: &Request) -> Route {
    if request.path == "/robots.txt" {
        return Route::Robots;
    }
    let Some(rest) = request.path.strip_prefix("/hcservices") else {
        return Route::Other;
    };
    match rest {
        "" | "/" | "/main.php" => Route::Start,
        "/securimage/securimage_show.php" => Route::Captcha,
        "/cases_qry/index_qry.php" => match action(request) {
            "fillHCBench" | "fillCaseType" => Route::List,
            "showRecords" | "showCauseList" => Route::Search,
            "fetchStateDistCourtNew" => Route::Case,
            _ => Route::Other,
        },
        "/cases_qry/o_civil_case_history.php" => Route::Case,
        "/cases/display_pdf.php" | "/cases/display_causelist_pdf.php" => Route::Document,
        _ => Route::Other,
    }
}

/// A body behind the mark.
fn marked(body: &str) -> Reply {
    Reply::html(200, format!("{MARK}{body}"))
        .with("cache-control", "no-store, no-cache, must-revalidate")
}

/// A plain text that means no.
fn refused(visit: &mut Visit<'_>, outcome: Outcome, text: &str) -> Reply {
    visit.notes.outcome = Some(outcome);
    marked(text)
}

/// The session is not there, or the request is for nothing.
fn invalid(visit: &mut Visit<'_>) -> Reply {
    refused(visit, Outcome::Expired, "Invalid Request..!!!")
}

/// A field is missing or not taken.
fn error_val(visit: &mut Visit<'_>, why: &str) -> Reply {
    visit.remark(why);
    refused(visit, Outcome::Refused, "{\"Error\":\"ERROR_VAL\"}")
}

/// Answers a request.
pub(crate) fn answer(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    judgments::arrive(world, state, visit);
    if visit.fault(FaultKind::LoginPage).is_some() {
        visit.notes.outcome = Some(Outcome::Forged);
        return marked(MAIN);
    }
    match visit.route {
        Route::Start => {
            let (_, cookies) = judgments::open_session(world, state, visit);
            judgments::with_cookies(marked(MAIN), cookies)
        }
        Route::Captcha => judgments::picture(world, state, visit),
        Route::List => list(world, visit),
        Route::Search | Route::Case => guarded(world, state, visit),
        Route::Document => document(world, state, visit),
        Route::Robots => judgments::robots(state, visit),
        _ if visit.request.path.ends_with("/index_qry.php") => invalid(visit),
        _ => judgments::missing(visit),
    }
}

const MAIN: &str = "<!DOCTYPE html>\n<html><head><title>High Court Services</title>\
    <script src=\"js/main.js\"></script></head><body>\n\
    <select id=\"sess_state_code\"></select><select id=\"court_complex_code\"></select>\n\
    <img id=\"captcha_image\" src=\"securimage/securimage_show.php\" alt=\"CAPTCHA Image\">\n\
    <input id=\"captcha\" maxlength=\"6\"></body></html>\n";

/// Benches or kinds of cases.
fn list(world: &World, visit: &mut Visit<'_>) -> Reply {
    if let Some(reply) = spoilt(visit) {
        return reply;
    }
    let body = &visit.request.body;
    let state = body.said("state_code").unwrap_or("").to_owned();
    let mut text = String::new();
    if action(visit.request) == "fillHCBench" {
        text.push_str("0~Select Bench#");
        for bench in benches::benches_of(&state) {
            write!(text, "{}~{}#", bench.code, bench.name).ok();
        }
        return marked(&text);
    }
    let code = body.said("court_code").unwrap_or("").to_owned();
    let Some(bench) = benches::bench_at(&state, &code) else {
        return error_val(visit, "no such bench");
    };
    text.push_str("0~Select Case Type#");
    for kind in world.cases.kinds(bench.seat, HIGH_COURT) {
        let side = if kind.is_criminal() {
            "CRIMINAL"
        } else {
            "CIVIL"
        };
        write!(text, "{0}~{1}({side} SIDE)-{0}#", kind.code, kind.name).ok();
    }
    marked(&text)
}

/// The replies of faults that stand in for any true one.
fn spoilt(visit: &mut Visit<'_>) -> Option<Reply> {
    let kind = visit.fault.as_ref().map(|fault| fault.rule.kind)?;
    let (outcome, text) = match kind {
        FaultKind::SessionExpire => (Outcome::Expired, "Invalid Request..!!!"),
        FaultKind::Errormsg => (Outcome::Forged, "{\"Error\":\"ERROR_VAL\"}"),
        FaultKind::UnknownJson => (Outcome::Forged, "{\"status\":\"ok\",\"payload\":[]}"),
        _ => return None,
    };
    Some(refused(visit, outcome, text))
}

/// What needs a captcha: searches, a case by its CNR, cause lists.
fn guarded(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    if let Some(reply) = spoilt(visit) {
        return reply;
    }
    if judgments::current(state, visit).is_none() {
        return invalid(visit);
    }
    if visit.request.body.said("caseStatusSearchType").is_none() {
        return refused(visit, Outcome::Refused, "ERROR_caseStatusSearchTypeBlank");
    }
    let sent = visit
        .request
        .body
        .said("captcha")
        .unwrap_or("")
        .to_lowercase();
    if sent.is_empty() {
        return error_val(visit, "no captcha");
    }
    let right = judgments::try_answer(state, visit, &sent);
    let refuse = visit.fault(FaultKind::CaptchaRefuse).is_some()
        || visit.fault(FaultKind::CaptchaWrongLength).is_some();
    if !right || refuse {
        return marked("{\"con\":\"Invalid Captcha\"}");
    }
    visit.notes.outcome = None;
    let today = world.case_day(state);
    match (visit.route, action(visit.request)) {
        (Route::Case, _) => case_page(world, visit, today),
        (_, "showCauseList") => causelist::table(world, visit),
        _ => records::search(world, state, visit, today),
    }
}

fn case_page(world: &World, visit: &mut Visit<'_>, today: i32) -> Reply {
    let sent = visit.request.body.said("cino").unwrap_or("").to_uppercase();
    if sent.len() != 16 || !sent.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return error_val(visit, "no CNR");
    }
    let key = world.cases.by_cnr(&sent).filter(|key| !key.is_district());
    match key {
        Some(key) => {
            visit.notes.case = Some(sent);
            marked(&page::of(world, key, today))
        }
        None => refused(visit, Outcome::Missing, "Record Not Found"),
    }
}

/// An order, or a cause list.
fn document(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let inside = visit
        .request
        .header("referer")
        .is_some_and(|from| from.contains("/hcservices/"));
    if !inside
        || judgments::current(state, visit).is_none()
        || visit.fault(FaultKind::SessionExpire).is_some()
    {
        visit.remark(if inside { "no session" } else { "no referer" });
        return refused(visit, Outcome::Refused, "Unable to connect to server");
    }
    let sent = visit.request.query.get("filename").unwrap_or("").to_owned();
    let seed = world.config.docket.seed();
    let today = world.case_day(state);
    let listed = visit.request.path.ends_with("display_causelist_pdf.php");
    match token::read(seed, &sent) {
        Some(Meant::Order(key, number)) if !listed => {
            let (key, number) =
                wrong_order(world, visit, (key, number), today).unwrap_or((key, number));
            visit.notes.case = Some(world.cases.cnr(key));
            if let Some(bytes) = world.cases.document(key, number, today) {
                return Reply::new(200, "application/pdf", bytes);
            }
            let (kind, case) = world.cases.number(key);
            let text = format!(
                "Orders is not uploaded for case number {}/{case}/{}",
                kind.name, key.year
            );
            refused(visit, Outcome::Missing, &text)
        }
        Some(Meant::CauseList(bench, day, room, criminal)) if listed => {
            let bytes = causelist::file(world, bench, day, room, criminal);
            Reply::new(200, "application/pdf", Bytes::from(bytes))
        }
        _ => refused(visit, Outcome::Missing, "Unable to connect to server"),
    }
}

/// The order that is sent instead, if a fault says so.
fn wrong_order(
    world: &World,
    visit: &mut Visit<'_>,
    asked: (Key, u16),
    today: i32,
) -> Option<(Key, u16)> {
    let fault = visit.fault(FaultKind::WrongDocument)?;
    let other = world.cases.another(asked, fault, today)?;
    visit.remark(format!("asked for {}", world.cases.cnr(asked.0)));
    Some(other)
}
