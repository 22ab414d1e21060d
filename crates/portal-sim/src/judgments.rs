//! The two judgment portals: one protocol under two names.

use std::fmt::Write as _;

use crate::site::Site;
use bytes::Bytes;

use crate::bench;
use crate::config::TokenMode;
use crate::fault::FaultKind;
use crate::forge;
use crate::json;
use crate::log::Outcome;
use crate::reply::Reply;
use crate::route::Route;
use crate::session::{Session, Shown};
use crate::world::{Request, State, Visit, World};
use crate::{link, search};

/// What differs between the two.
pub(crate) struct Face {
    /// Path of the start page, without the last slash.
    pub(crate) root: &'static str,
    /// Name of the session cookie.
    pub(crate) cookie: &'static str,
}

/// The names of a portal.
pub(crate) fn face(portal: Site) -> Face {
    match portal {
        Site::Scr => Face {
            root: "/scrsearch",
            cookie: "SCR_SESSID",
        },
        Site::HcServices => Face {
            root: "/hcservices",
            cookie: "HCSERVICES_SESSID",
        },
        Site::DistrictCourts => Face {
            root: "/ecourtindia_v6",
            cookie: "SERVICES_SESSID",
        },
        Site::CalcuttaHc => Face {
            root: "",
            cookie: "laravel_session",
        },
        _ => Face {
            root: "/pdfsearch",
            cookie: "JUDGEMENTSSEARCH_SESSID",
        },
    }
}

/// The action of a request to the router: `pdf_search/home`, with or without a last slash.
fn action(request: &Request) -> &str {
    request.query.get("p").unwrap_or("").trim_end_matches('/')
}

/// What a request is for.
pub(crate) fn route(request: &Request) -> Route {
    if request.path == "/robots.txt" {
        return Route::Robots;
    }
    let Some(rest) = request.path.strip_prefix(face(request.portal).root) else {
        return Route::Other;
    };
    match rest {
        "" | "/" | "/index.php" => match action(request) {
            "" | "pdf_search/index" => Route::Start,
            "pdf_search/checkCaptcha" => Route::Check,
            "pdf_search/home" => Route::Search,
            "pdf_search/openpdfcaptcha" | "pdf_search/openpdf" => Route::Link,
            _ => Route::Other,
        },
        "/vendor/securimage/securimage_show.php" => Route::Captcha,
        _ if rest.starts_with("/tmp/") => Route::Document,
        _ => Route::Other,
    }
}

/// Answers a request.
pub(crate) fn answer(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    arrive(world, state, visit);
    let json = matches!(visit.route, Route::Check | Route::Search | Route::Link);
    if !json && visit.fault(FaultKind::LoginPage).is_some() {
        return Reply::html(200, page(visit.request.portal, &visit.draw.hex(64)));
    }
    match visit.route {
        Route::Start => start(world, state, visit),
        Route::Captcha => picture(world, state, visit),
        Route::Check => check(world, state, visit),
        Route::Search => search::answer(world, state, visit),
        Route::Link => link::answer(
            world,
            state,
            visit,
            action(visit.request) == "pdf_search/openpdf",
        ),
        Route::Document => link::document(world, state, visit),
        Route::Robots => robots(state, visit),
        _ if visit.request.get && visit.request.path == "/" => {
            Reply::html(302, "").with("location", format!("{}/", face(visit.request.portal).root))
        }
        _ => missing(visit),
    }
}

/// The text of `robots.txt`, if there is one.
pub(crate) fn robots(state: &State, visit: &mut Visit<'_>) -> Reply {
    match state.robots.get(&visit.request.portal) {
        Some(text) => Reply::new(200, "text/plain", text.clone()),
        None => missing(visit),
    }
}

/// Finds the request's session and does to it what faults and limits do.
pub(crate) fn arrive(world: &World, state: &mut State, visit: &mut Visit<'_>) {
    if visit.fault(FaultKind::SessionLost).is_some()
        && let Some(id) = visit.request.cookie(face(visit.request.portal).cookie)
        && let Some(sessions) = state.sessions.get_mut(&visit.request.portal)
    {
        visit.notes.session = sessions.find(id);
        sessions.forget(id);
    }
    let mut expired = false;
    if let Some(session) = current(state, visit) {
        visit.notes.session = Some(session.serial);
        session.requests += 1;
        let limit = world.config.session_requests;
        if limit.is_some_and(|limit| session.requests > limit)
            || visit.fault(FaultKind::SessionExpire).is_some()
        {
            session.logged_in = false;
            session.page.clear();
            session.outputs.clear();
            session.challenge = None;
            expired = !visit.request.portal.is_judgment_portal();
        }
    }
    // The portals of cases know nothing of a session that has expired.
    if expired
        && let Some(id) = visit.request.cookie(face(visit.request.portal).cookie)
        && let Some(sessions) = state.sessions.get_mut(&visit.request.portal)
    {
        sessions.forget(id);
    }
}

/// 404.
pub(crate) fn missing(visit: &mut Visit<'_>) -> Reply {
    visit.notes.outcome = Some(Outcome::Missing);
    Reply::html(404, forge::not_found_page())
}

/// The session the request's cookie names.
pub(crate) fn current<'a>(state: &'a mut State, visit: &Visit<'_>) -> Option<&'a mut Session> {
    let portal = visit.request.portal;
    let id = visit.request.cookie(face(portal).cookie)?;
    let sessions = state.sessions.get_mut(&portal)?;
    let serial = sessions.find(id)?;
    sessions.get(serial)
}

/// A new token, which is from now on the session's.
pub(crate) fn new_token(state: &mut State, visit: &mut Visit<'_>) -> String {
    let token = visit.draw.hex(64);
    if let Some(session) = current(state, visit) {
        session.token.clone_from(&token);
    }
    token
}

/// Whether the request's token is good enough. Requests that open a session may come without.
pub(crate) fn token_is_good(world: &World, state: &mut State, visit: &mut Visit<'_>) -> bool {
    if world.config.tokens == TokenMode::Lenient {
        return true;
    }
    let sent = visit.request.body.get("app_token").unwrap_or("").to_owned();
    if visit.route == Route::Check && sent.is_empty() {
        return true;
    }
    let good = current(state, visit).is_some_and(|session| session.token == sent);
    if !good {
        visit.remark("stale or missing app_token");
    }
    good
}

/// JSON, which the portals send as HTML.
pub(crate) fn json_reply(body: String) -> Reply {
    Reply::html(200, body)
        .with("cache-control", "no-store, no-cache, must-revalidate")
        .with("pragma", "no-cache")
}

/// `{"session_expire":"Y",…}`.
pub(crate) fn expired(state: &mut State, visit: &mut Visit<'_>) -> Reply {
    visit.notes.outcome = Some(Outcome::Expired);
    let token = new_token(state, visit);
    json_reply(format!(
        "{{\"session_expire\":\"Y\",\"message\":\"Session Expired\",\"app_token\":\"{token}\"}}"
    ))
}

/// `{"errormsg":"Oops! …"}`.
pub(crate) fn oops(state: &mut State, visit: &mut Visit<'_>) -> Reply {
    visit.notes.outcome = Some(Outcome::Refused);
    let token = new_token(state, visit);
    json_reply(format!(
        "{{\"errormsg\":\"Oops! Something went wrong\",\"app_token\":\"{token}\"}}"
    ))
}

/// The replies of faults on JSON routes; the token turns all the same.
pub(crate) fn json_fault(state: &mut State, visit: &mut Visit<'_>) -> Option<Reply> {
    let kind = visit.fault.as_ref().map(|fault| fault.rule.kind)?;
    let reply = match kind {
        FaultKind::SessionExpire => Some(expired(state, visit)),
        FaultKind::Errormsg => Some(oops(state, visit)),
        FaultKind::UnknownJson => {
            let token = new_token(state, visit);
            Some(json_reply(format!(
                "{{\"status\":\"ok\",\"payload\":[],\"app_token\":\"{token}\"}}"
            )))
        }
        FaultKind::LoginPage => Some(Reply::html(
            200,
            page(visit.request.portal, &visit.draw.hex(64)),
        )),
        _ => None,
    };
    if reply.is_some() {
        visit.notes.outcome = Some(match kind {
            FaultKind::SessionExpire => Outcome::Expired,
            _ => Outcome::Forged,
        });
    }
    reply
}

fn start(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let (token, cookies) = open_session(world, state, visit);
    with_cookies(
        Reply::html(200, page(visit.request.portal, &token)),
        cookies,
    )
}

/// A reply that sets cookies.
pub(crate) fn with_cookies(reply: Reply, cookies: impl IntoIterator<Item = String>) -> Reply {
    cookies
        .into_iter()
        .fold(reply, |reply, cookie| reply.with("set-cookie", cookie))
}

/// Opens a session: its token, and the cookies that name it.
pub(crate) fn open_session(
    world: &World,
    state: &mut State,
    visit: &mut Visit<'_>,
) -> (String, [String; 2]) {
    let portal = visit.request.portal;
    let allowance = match visit.fault(FaultKind::PdfLimit) {
        Some(fault) => fault.n(5).max(0) as u32,
        None => world.config.documents_per_session,
    };
    let sessions = state.sessions.entry(portal).or_default();
    let serial = sessions.open(&mut visit.draw, allowance);
    visit.notes.session = Some(serial);
    let token = visit.draw.hex(64);
    let mut id = String::new();
    if let Some(session) = sessions.get(serial) {
        session.token.clone_from(&token);
        session.requests = 1;
        session.id().clone_into(&mut id);
    }
    let numbers = visit.draw.between(10_000_000, 99_999_999);
    let own = format!("{}={id}; path=/; HttpOnly", face(portal).cookie);
    (token, [own, format!("JSESSION={numbers}; path=/")])
}

/// A picture, which is from now on the session's.
pub(crate) fn picture(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let portal = visit.request.portal;
    let mut cookie = None;
    if current(state, visit).is_none() {
        // PHP opens a session for whoever comes without one.
        let sessions = state.sessions.entry(portal).or_default();
        let serial = sessions.open(&mut visit.draw, world.config.documents_per_session);
        visit.notes.session = Some(serial);
        cookie = sessions.get(serial).map(|session| session.id().to_owned());
    }
    let pinned = visit.fault(FaultKind::CaptchaPinned).is_some();
    let fresh = world.config.captcha.draw(portal, &mut visit.draw);
    let serial = visit.notes.session.unwrap_or_default();
    let session = state
        .sessions
        .get_mut(&portal)
        .and_then(|sessions| sessions.get(serial));
    state.pictures += 1;
    let mut shown = Shown {
        number: state.pictures,
        png: Bytes::from(fresh.png),
        answer: fresh.answer,
    };
    if let Some(session) = session {
        if let Some(old) = session.picture.clone().filter(|_| pinned) {
            shown = old;
        }
        session.picture = Some(shown.clone());
        session.challenge = Some(shown.answer.clone());
    }
    visit.notes.picture = Some(shown.number);
    state.remember(&shown.png, &shown.answer);
    let reply = Reply::new(200, "image/png", shown.png)
        .with("cache-control", "no-store, no-cache, must-revalidate");
    match cookie {
        Some(id) => reply.with(
            "set-cookie",
            format!("{}={id}; path=/; HttpOnly", face(portal).cookie),
        ),
        None => reply,
    }
}

/// Holds an answer against the session's picture, which is used up by it, and notes the try.
pub(crate) fn try_answer(state: &mut State, visit: &mut Visit<'_>, sent: &str) -> bool {
    let mut right = false;
    if let Some(session) = current(state, visit) {
        session.tries += 1;
        let tries = session.tries;
        let picture = session.picture.as_ref().map(|shown| shown.number);
        right = session
            .challenge
            .take()
            .is_some_and(|answer| answer == sent);
        visit.notes.tries = Some(tries);
        visit.notes.picture = picture;
    }
    visit.notes.captcha = Some(right);
    visit.notes.answer = Some(sent.to_owned());
    visit.notes.outcome = Some(Outcome::CaptchaRefused);
    right
}

fn check(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let sent = visit
        .request
        .body
        .get("captcha")
        .unwrap_or("")
        .trim()
        .to_lowercase();
    let right = try_answer(state, visit, &sent);
    if let Some(reply) = json_fault(state, visit) {
        return reply;
    }
    if !token_is_good(world, state, visit) {
        return oops(state, visit);
    }
    let token = new_token(state, visit);
    let portal = visit.request.portal;
    let length = world.config.captcha.longest(portal);
    let takes = world.config.captcha.takes(portal, &sent);
    if !takes || visit.fault(FaultKind::CaptchaWrongLength).is_some() {
        return json_reply(format!(
            "Captcha should be less than {length} characters..!<br/>#####{token}"
        ));
    }
    if !right || visit.fault(FaultKind::CaptchaRefuse).is_some() {
        let message = json::string("Invalid Captcha..!!! ");
        return json_reply(format!(
            "{{\"captcha_status\":\"N\",\"errormsg\":{message},\"app_token\":\"{token}\"}}"
        ));
    }
    visit.notes.outcome = Some(Outcome::CaptchaTaken);
    if let Some(session) = current(state, visit) {
        session.logged_in = true;
    }
    json_reply(format!(
        "{{\"captcha_status\":\"Y\",\"app_token\":\"{token}\"}}"
    ))
}

/// The start page: the ids that browsers' scripts look for, and the token.
fn page(portal: Site, token: &str) -> String {
    let root = face(portal).root;
    let mut courts: Vec<(&str, &str)> = Vec::new();
    for facts in bench::benches() {
        if !courts.iter().any(|(code, _)| *code == facts.portal_code) {
            courts.push((facts.portal_code, &facts.printed));
        }
    }
    let mut options = String::new();
    for (code, name) in courts {
        write!(options, "<option value='{code}'>{name}</option>").ok();
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Judgments and Orders</title></head><body>\n\
         <a href=\"{root}/?p=pdf_search/index&escr_flag=&app_token={token}\">Home</a>\n\
         <form><input id=\"search_text\" name=\"search_text\"><input id=\"captcha\" maxlength=\"6\">\n\
         <img id=\"captcha_image\" src=\"{root}/vendor/securimage/securimage_show.php\" width=\"120\" alt=\"CAPTCHA Image\">\n\
         <select id=\"fcourt_type\"><option value='2'>High Courts</option><option value='3'>SCR</option></select>\n\
         <select id=\"state_code\"><option value=''>Select High Court</option>{options}</select><select id=\"dist_code\"></select>\n\
         <input type=\"date\" id=\"from_date\"><input type=\"date\" id=\"to_date\"><button id=\"main_search\">Search</button></form>\n\
         <table id=\"example_pdf\"><tbody id=\"report_body\"></tbody></table>\n\
         <div id=\"fil_court_name\"></div><div id=\"fil_judge_name\"></div><div id=\"fil_year\"></div>\n\
         <input type=\"hidden\" id=\"txt_base_url\" value=\"{root}\">\
         <input type=\"hidden\" name=\"app_token\" id='app_token' value=\"{token}\">\n</body></html>\n"
    )
}
