//! The portal of the district courts' cases.

mod cascade;
mod guard;
mod orders;
mod page;
mod search;
mod table;

use std::fmt::Write as _;

use crate::cases::Key;
use crate::fault::FaultKind;
use crate::json;
use crate::judgments;
use crate::log::Outcome;
use crate::reply::Reply;
use crate::route::Route;
use crate::world::{Request, State, Visit, World};

const ROOT: &str = "/ecourtindia_v6";

/// The controller and action a request is for.
fn action(request: &Request) -> &str {
    request.query.get("p").unwrap_or("").trim_matches('/')
}

/// What a request is for.
pub(crate) fn route(request: &Request) -> Route {
    if request.path == "/robots.txt" {
        return Route::Robots;
    }
    let Some(rest) = request.path.strip_prefix(ROOT) else {
        return Route::Other;
    };
    match (rest, action(request)) {
        ("" | "/", "" | "casestatus/index") => Route::Start,
        ("" | "/", action) => match action {
            "casestatus/getCaptcha"
            | "casestatus/fillDistrict"
            | "casestatus/fillcomplex"
            | "casestatus/fillCourtEstablishment"
            | "casestatus/set_data"
            | "casestatus/fillCaseType"
            | "cause_list/fillCauseList" => Route::List,
            "casestatus/submitCaseNo"
            | "casestatus/submitPartyName"
            | "courtorder/submitCaseNo"
            | "courtorder/submitOrderDate"
            | "cause_list/submitCauseList" => Route::Search,
            "cnr_status/searchByCNR" | "home/viewHistory" => Route::Case,
            "home/display_pdf" => Route::Link,
            _ => Route::Other,
        },
        ("/vendor/securimage/securimage_show.php", _) => Route::Captcha,
        _ if rest.starts_with("/reports/") => Route::Document,
        _ => Route::Other,
    }
}

/// Answers a request.
pub(crate) fn answer(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    judgments::arrive(world, state, visit);
    guard::turn(world, state, visit);
    if visit.fault(FaultKind::LoginPage).is_some() {
        visit.notes.outcome = Some(Outcome::Forged);
        return Reply::html(200, cascade::start_page(world, state, visit, ""));
    }
    match visit.route {
        Route::Start => {
            let (token, cookies) = judgments::open_session(world, state, visit);
            let page = cascade::start_page(world, state, visit, &token);
            judgments::with_cookies(Reply::html(200, page), cookies)
        }
        Route::Captcha => judgments::picture(world, state, visit),
        Route::List | Route::Search | Route::Case | Route::Link => ajax(world, state, visit),
        Route::Document => orders::file(world, state, visit),
        Route::Robots => judgments::robots(state, visit),
        _ if visit.request.path == format!("{ROOT}/js/components.js") => Reply::new(
            200,
            "application/javascript",
            guard::script(world, state, visit),
        ),
        _ if !visit.request.get => {
            visit.notes.outcome = Some(Outcome::Refused);
            oops(state, visit)
        }
        _ => judgments::missing(visit),
    }
}

/// `{"status":1,…,"app_token":"…"}` with these texts.
fn reply(state: &mut State, visit: &mut Visit<'_>, pairs: &[(&str, &str)]) -> Reply {
    let token = judgments::new_token(state, visit);
    let mut text = String::from("{\"status\":1");
    for (name, value) in pairs {
        write!(text, ",\"{name}\":{}", json::string(value)).ok();
    }
    judgments::json_reply(format!("{text},\"app_token\":\"{token}\"}}"))
}

/// `{"errormsg":"…"}`.
fn error(state: &mut State, visit: &mut Visit<'_>, outcome: Outcome, message: &str) -> Reply {
    visit.notes.outcome = Some(outcome);
    let token = judgments::new_token(state, visit);
    judgments::json_reply(format!(
        "{{\"errormsg\":{},\"app_token\":\"{token}\"}}",
        json::string(message)
    ))
}

/// What is said to a request without the right headers, and to one for nothing.
fn oops(state: &mut State, visit: &mut Visit<'_>) -> Reply {
    error(
        state,
        visit,
        Outcome::Refused,
        "Oops! Something went wrong.....!!! Invalid Request...! <a href='index'>go Home Page</a>",
    )
}

/// The replies of faults that stand in for any true one.
fn spoilt(state: &mut State, visit: &mut Visit<'_>) -> Option<Reply> {
    match visit.fault.as_ref().map(|fault| fault.rule.kind)? {
        FaultKind::SessionExpire => Some(expired(state, visit)),
        FaultKind::Errormsg => Some(error(
            state,
            visit,
            Outcome::Forged,
            "Oops! Something went wrong",
        )),
        FaultKind::UnknownJson => {
            visit.notes.outcome = Some(Outcome::Forged);
            Some(reply(state, visit, &[("payload", "")]))
        }
        _ => None,
    }
}

fn expired(state: &mut State, visit: &mut Visit<'_>) -> Reply {
    error(
        state,
        visit,
        Outcome::Expired,
        "Session Expired..! Please try again",
    )
}

/// Every call of the page's script.
fn ajax(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    if !guard::passes(world, state, visit) {
        visit.remark("wrong or missing headers");
        return oops(state, visit);
    }
    if let Some(reply) = spoilt(state, visit) {
        return reply;
    }
    if judgments::current(state, visit).is_none() {
        return expired(state, visit);
    }
    let first = action(visit.request) == "casestatus/getCaptcha";
    if !first && !judgments::token_is_good(world, state, visit) {
        return oops(state, visit);
    }
    let complex = visit.request.body.get("court_complex_code").unwrap_or("");
    if complex.contains('@') {
        visit.remark("complex code not cut at its first @");
        visit.notes.outcome = Some(Outcome::Refused);
        return Reply::html(200, "");
    }
    match visit.route {
        Route::List => cascade::answer(world, state, visit),
        Route::Link => orders::link(world, state, visit),
        _ if action(visit.request) == "home/viewHistory" => page::history(world, state, visit),
        _ => guarded(world, state, visit),
    }
}

/// The field in which an action has its captcha answer.
fn captcha_field(action: &str) -> &'static str {
    match action {
        "casestatus/submitCaseNo" => "case_captcha_code",
        "courtorder/submitCaseNo" => "order_case_captcha_code",
        "courtorder/submitOrderDate" => "order_date_captcha_code",
        "cause_list/submitCauseList" => "cause_list_captcha_code",
        _ => "fcaptcha_code",
    }
}

/// What needs a captcha.
fn guarded(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let field = captcha_field(action(visit.request));
    let sent = visit.request.body.said(field).unwrap_or("").to_lowercase();
    let right = judgments::try_answer(state, visit, &sent);
    if visit.fault(FaultKind::CaptchaWrongLength).is_some() {
        let token = judgments::new_token(state, visit);
        return judgments::json_reply(format!("Invalid Captcha..!!!<br/>#####{token}"));
    }
    if !right || visit.fault(FaultKind::CaptchaRefuse).is_some() {
        // The portal says it in one of two forms.
        let token = judgments::new_token(state, visit);
        let picture = json::string(&cascade::captcha_block(visit));
        let verdict = if visit.draw.chance(0.5) {
            "\"status\":0"
        } else {
            "\"errormsg\":\"Invalid Captcha... \""
        };
        return judgments::json_reply(format!(
            "{{{verdict},\"app_token\":\"{token}\",\"div_captcha\":{picture}}}"
        ));
    }
    visit.notes.outcome = None;
    match action(visit.request) {
        "cnr_status/searchByCNR" => page::by_cnr(world, state, visit),
        "courtorder/submitCaseNo" => orders::of_case(world, state, visit),
        "courtorder/submitOrderDate" => orders::of_days(world, state, visit),
        "cause_list/submitCauseList" => table::cause_list(world, state, visit),
        _ => search::answer(world, state, visit),
    }
}

/// The seats a form's codes mean: an establishment, or all of a complex. None, if there is no such place.
fn seats(visit: &Visit<'_>) -> Vec<u16> {
    let body = &visit.request.body;
    let said = |name: &str| body.said(name).unwrap_or("").to_owned();
    let complex = body
        .said("court_complex_code")
        .or(body.said("court_complex"));
    cascade::places(
        &said("state_code"),
        &said("dist_code"),
        complex.unwrap_or(""),
        &said("est_code"),
    )
    .map(|(seat, _)| seat)
    .collect()
}

/// The case whose number a link or a form names, in these seats.
fn numbered(world: &World, seats: &[u16], long: &str) -> Option<Key> {
    let all = seats.iter().flat_map(|seat| world.cases.keys(*seat));
    all.copied().find(|key| {
        let (kind, number) = world.cases.number(*key);
        crate::cases::long_number(&kind, number, key.year) == long
    })
}
