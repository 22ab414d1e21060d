//! The site of the Calcutta High Court.

use std::fmt::Write as _;

use jiff::civil::{Date, date};

use crate::bench;
use crate::cases::{CaseFile, DISTRICTS, HIGH_COURT, Key, slug_of};
use crate::day;
use crate::fault::FaultKind;
use crate::forge;
use crate::hcservices::{self, Meant};
use crate::json;
use crate::judgments;
use crate::log::{Outcome, SearchLog};
use crate::markup::escape;
use crate::random::Draw;
use crate::reply::Reply;
use crate::route::Route;
use crate::site::Site;
use crate::world::{Request, State, Visit, World};

/// The site has orders from this day on.
const FIRST: Date = date(2020, 9, 1);

/// The neutral citation of an order: `2024:CHC-AS:12`.
pub(crate) fn citation(key: Key, on: Date, number: u16) -> String {
    let side = match head(key.seat).get(4..6) {
        Some("CO") => "OS",
        Some("CJ") => "JB",
        Some("CP") => "PB",
        _ => "AS",
    };
    let serial = key.serial % 100_000 + u32::from(number) - 1;
    format!("{:04}:CHC-{side}:{serial}", on.year())
}

fn head(seat: u16) -> &'static str {
    bench::bench(seat).map_or("", |bench| bench.cnr_head.as_str())
}

/// What a request is for.
pub(crate) fn route(request: &Request) -> Route {
    match request.path.trim_end_matches('/') {
        "/robots.txt" => Route::Robots,
        "" | "/highcourt_order_search" => Route::Start,
        "/captcha/default" => Route::Captcha,
        "/case_type_list_controller" => Route::List,
        "/order_judgment_search" => Route::Search,
        "/show_pdf" => Route::Link,
        "/intra_storage/order.pdf" => Route::Document,
        _ => Route::Other,
    }
}

/// Answers a request.
pub(crate) fn answer(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    judgments::arrive(world, state, visit);
    if visit.fault(FaultKind::LoginPage).is_some() {
        visit.notes.outcome = Some(Outcome::Forged);
        return Reply::html(200, page(&visit.draw.hex(40)));
    }
    match visit.route {
        Route::Start => {
            let (token, [own, _]) = judgments::open_session(world, state, visit);
            let second = format!("XSRF-TOKEN={}; path=/", visit.draw.hex(64));
            judgments::with_cookies(Reply::html(200, page(&token)), [second, own])
        }
        Route::Captcha => judgments::picture(world, state, visit),
        Route::List | Route::Search | Route::Link => form(world, state, visit),
        Route::Document => document(world, state, visit),
        Route::Robots => judgments::robots(state, visit),
        _ => judgments::missing(visit),
    }
}

fn page(token: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Order/Judgment Search</title></head><body>\n\
         <form id=\"order_search\"><input type=\"hidden\" name=\"_token\" value=\"{token}\">\n\
         <select name=\"order_establishment\"><option value=\"WBCHCA\">Appellate Side</option>\
         <option value=\"WBCHCO\">Original Side</option><option value=\"WBCHCJ\">Circuit Bench at Jalpaiguri</option>\
         <option value=\"WBCHCP\">Circuit Bench at Port Blair</option></select>\n\
         <select name=\"order_casetype\"></select><input name=\"order_reg_no\"><input name=\"order_year\">\n\
         <img src=\"/captcha/default?x\"><input name=\"captcha\"></form></body></html>\n"
    )
}

/// What a form sends: it must carry the session's token.
fn form(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let sent = visit.request.body.get("_token").unwrap_or("").to_owned();
    let good = judgments::current(state, visit).is_some_and(|session| session.token == sent);
    if !good || visit.fault(FaultKind::SessionExpire).is_some() {
        visit.notes.outcome = Some(Outcome::Expired);
        return Reply::html(419, forge::page("419", "Page Expired"));
    }
    match visit.fault.as_ref().map(|fault| fault.rule.kind) {
        Some(FaultKind::Errormsg) => {
            visit.notes.outcome = Some(Outcome::Forged);
            return json(500, "{\"message\": \"Server Error\"}");
        }
        Some(FaultKind::UnknownJson) => {
            visit.notes.outcome = Some(Outcome::Forged);
            return json(200, "{\"status\":\"ok\",\"payload\":[]}");
        }
        _ => {}
    }
    match visit.route {
        Route::List => kinds(world, visit),
        Route::Link => link(world, state, visit),
        _ => search(world, state, visit),
    }
}

fn json(status: u16, text: impl Into<bytes::Bytes>) -> Reply {
    Reply::new(status, "application/json", text)
}

fn seat_of(establishment: &str) -> Option<u16> {
    (0..DISTRICTS)
        .take_while(|seat| bench::bench(*seat).is_some())
        .find(|seat| slug_of(*seat) == "calcutta" && head(*seat) == establishment)
}

fn kinds(world: &World, visit: &Visit<'_>) -> Reply {
    let seat = seat_of(visit.request.body.said("est").unwrap_or(""));
    let mut text = String::from("<option value=\"\">Select Case Type</option>");
    for kind in world
        .cases
        .kinds(seat, HIGH_COURT)
        .iter()
        .filter(|_| seat.is_some())
    {
        write!(
            text,
            "<option value=\"{}\">{}</option>",
            kind.code,
            escape(&kind.name)
        )
        .ok();
    }
    Reply::html(200, text)
}

fn search(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let sent = visit
        .request
        .body
        .said("captcha")
        .unwrap_or("")
        .to_lowercase();
    let right = judgments::try_answer(state, visit, &sent);
    let refuse = visit.fault(FaultKind::CaptchaRefuse).is_some()
        || visit.fault(FaultKind::CaptchaWrongLength).is_some();
    if !right || refuse {
        return json(
            422,
            "{\"message\":\"The given data was invalid.\",\"errors\":{\"captcha\":[\"Invalid Captcha\"]}}",
        );
    }
    visit.notes.outcome = None;
    let body = &visit.request.body;
    let number = |name: &str| body.said(name).and_then(|text| text.parse::<u32>().ok());
    let missing = ["order_casetype", "order_reg_no", "order_year"]
        .iter()
        .find(|name| number(name).is_none());
    let bench = seat_of(body.said("order_establishment").unwrap_or(""));
    if let Some(name) = missing
        .copied()
        .or(bench.is_none().then_some("order_establishment"))
    {
        visit.notes.outcome = Some(Outcome::Refused);
        let text = format!(
            "{{\"message\":\"The given data was invalid.\",\"errors\":{{\"{name}\":[\"The {} field is required.\"]}}}}",
            name.replace('_', " ")
        );
        return json(422, text);
    }
    let (kind, case, year) = (
        number("order_casetype"),
        number("order_reg_no"),
        number("order_year"),
    );
    let keys = world
        .cases
        .of_year(bench.unwrap_or(0), year.unwrap_or(0) as u16);
    let found = keys.iter().copied().find(|key| {
        let (own, count) = world.cases.number(*key);
        Some(u32::from(own.code)) == kind && Some(count) == case
    });
    let found = found.filter(|_| visit.fault(FaultKind::EmptyResult).is_none());
    visit.notes.search = Some(SearchLog {
        court: body.said("order_establishment").unwrap_or("").to_owned(),
        from: String::new(),
        to: year.unwrap_or(0).to_string(),
        start: 0,
        length: 0,
        total: u64::from(found.is_some()),
        sent: u64::from(found.is_some()),
    });
    let text = match found {
        Some(key) => {
            let file = world.cases.file(key, world.case_day(state));
            visit.notes.case = Some(file.cnr.clone());
            let title = state.hostile_case(Site::CalcuttaHc, key);
            answer_of(&file, title)
        }
        None => "{\"cino\":\"\",\"case_type_name\":\"\",\"reg_no\":\"\",\"year\":\"\",\"side\":\"\",\"full_Case_num\":\"\",\
                 \"cause_title\":\"\",\"list\":\"\"}"
            .to_owned(),
    };
    // Now and then a text that holds the object; the same question is answered in the same form.
    let seed = world.config.docket.seed();
    let asked = [case.unwrap_or(0), year.unwrap_or(0)].map(u64::from);
    let text = if Draw::of(&[seed, 99, asked[0], asked[1]]).chance(0.3) {
        json::string(&text)
    } else {
        text
    };
    json(200, text)
}

fn answer_of(file: &CaseFile, hostile: Option<String>) -> String {
    let side = match file.cnr.get(4..6) {
        Some("CO") => "Original Side",
        Some("CJ") => "Circuit Bench at Jalpaiguri",
        Some("CP") => "Circuit Bench at Port Blair",
        _ => "Appellate Side",
    };
    let petitioner = hostile.unwrap_or_else(|| escape(CaseFile::first(&file.petitioners)));
    let title = format!(
        "<b>{petitioner}<br>-vs-<br>{}",
        escape(CaseFile::first(&file.respondents))
    );
    let mut rows = String::new();
    for order in file.orders.iter().filter(|order| order.on >= FIRST) {
        let kind = if order.is_judgment {
            "Judgment"
        } else {
            "Order"
        };
        let citation = order.citation.as_deref().unwrap_or("");
        write!(
            rows,
            "<tr><td>{0}</td><td>{1}</td><td>{2}</td><td>{kind}<br><small>Neutral Citation:</small><br>{citation}</td>\
             <td><button class=\"btn btn-sm btn-primary showorder\" onclick='show_order(\"{0}~{3}~{0}~{4}~{5}\")'>View Order</button></td></tr>",
            order.number,
            day::dashed(order.on),
            escape(&order.judge),
            file.long_number(),
            file.cnr,
            file.year,
        )
        .ok();
    }
    let text = json::string;
    format!(
        "{{\"cino\":\"{}\",\"case_type_name\":{},\"reg_no\":\"{}\",\"year\":\"{}\",\"side\":{},\"full_Case_num\":{},\
         \"cause_title\":{},\"list\":{}}}",
        file.cnr,
        text(&file.case_type.name),
        file.number,
        file.year,
        text(&format!("Calcutta High Court - {side}")),
        text(&file.title_number()),
        text(&title),
        text(&rows),
    )
}

/// `show_pdf`: the address of a file, as plain text.
fn link(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let sent = visit
        .request
        .body
        .said("order_data")
        .unwrap_or("")
        .to_owned();
    let parts: Vec<&str> = sent.split('~').collect();
    let today = world.case_day(state);
    let meant = match parts.as_slice() {
        [number, _, _, cnr, _] => world.cases.by_cnr(cnr).zip(number.parse().ok()),
        _ => None,
    };
    let meant = meant.filter(|(key, number)| world.cases.document(*key, *number, today).is_some());
    let Some((key, number)) = meant else {
        visit.notes.outcome = Some(Outcome::Missing);
        return Reply::html(200, "File not found");
    };
    visit.notes.case = Some(world.cases.cnr(key));
    let base = world
        .bases
        .get(&Site::CalcuttaHc)
        .map_or("", String::as_str);
    let token = hcservices::link_token(world.config.docket.seed(), Meant::Order(key, number));
    let dead = visit.fault(FaultKind::StaleLink).is_some();
    let told = match visit.fault(FaultKind::BadOutputfile) {
        Some(fault) => forge::bad_path(fault, base),
        None if dead => format!("{base}/intra_storage/order.pdf?f=gone"),
        None => format!("{base}/intra_storage/order.pdf?f={token}"),
    };
    Reply::html(200, told)
}

/// The file; no cookies are needed.
fn document(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let sent = visit.request.query.get("f").unwrap_or("").to_owned();
    let today = world.case_day(state);
    let Some(Meant::Order(key, number)) = hcservices::read_token(world.config.docket.seed(), &sent)
    else {
        return judgments::missing(visit);
    };
    let (key, number) = match visit.fault(FaultKind::WrongDocument) {
        Some(fault) => {
            let other = world.cases.another((key, number), fault, today);
            if other.is_some() {
                visit.remark(format!("asked for {}", world.cases.cnr(key)));
            }
            other.unwrap_or((key, number))
        }
        None => (key, number),
    };
    visit.notes.case = Some(world.cases.cnr(key));
    match world.cases.document(key, number, today) {
        Some(bytes) => Reply::new(200, "application/pdf", bytes),
        None => judgments::missing(visit),
    }
}
