//! Making a document ready, and handing it over.

use bytes::Bytes;

use crate::fault::FaultKind;
use crate::forge;
use crate::json;
use crate::judgments::{self, current, json_fault, json_reply, new_token, token_is_good};
use crate::log::Outcome;
use crate::paper;
use crate::reply::Reply;
use crate::row::{Row, RowId};
use crate::session::Output;
use crate::world::{State, Visit, World};

/// `openpdfcaptcha`, or `openpdf` with the answer to the second captcha.
pub(crate) fn answer(
    world: &World,
    state: &mut State,
    visit: &mut Visit<'_>,
    second: bool,
) -> Reply {
    if let Some(reply) = json_fault(state, visit) {
        return reply;
    }
    if !current(state, visit).is_some_and(|session| session.logged_in) {
        return judgments::expired(state, visit);
    }
    if !token_is_good(world, state, visit) {
        return judgments::oops(state, visit);
    }
    let path = visit.request.body.get("path").unwrap_or("").to_owned();
    if path.contains('#') {
        visit.remark("path with a fragment");
        visit.notes.outcome = Some(Outcome::Refused);
        return Reply::html(405, forge::page("405", "Method Not Allowed"));
    }
    let Some(row) = row_of(state, visit) else {
        visit.remark("no search page in this session");
        return judgments::oops(state, visit);
    };
    visit.notes.row = Some(row);
    if second {
        let message = second_captcha(world, state, visit);
        if let Some(message) = message {
            let token = new_token(state, visit);
            return json_reply(format!(
                "{{\"message\":{},\"app_token\":\"{token}\"}}",
                json::string(message)
            ));
        }
    }
    let spent = current(state, visit).is_none_or(|session| session.allowance == 0);
    if spent {
        return ask_captcha(state, visit);
    }
    hand_out(state, visit, row)
}

/// The row a link is for: the portal goes by `val` alone, and an unknown one means the first row.
fn row_of(state: &mut State, visit: &mut Visit<'_>) -> Option<RowId> {
    let val = visit
        .request
        .body
        .get("val")
        .unwrap_or("")
        .trim()
        .to_owned();
    let page = current(state, visit)?.page.clone();
    let meant = val
        .parse::<usize>()
        .ok()
        .and_then(|place| page.get(place).copied());
    if meant.is_none() {
        visit.remark(format!("unknown val {val:?}: first row"));
    }
    meant.or(page.first().copied())
}

/// What is wrong with the answer to the second captcha; nothing if it is right.
fn second_captcha(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Option<&'static str> {
    let sent = visit
        .request
        .body
        .get("captcha1")
        .unwrap_or("")
        .trim()
        .to_lowercase();
    let allowance = world.config.documents_per_session;
    current(state, visit)?;
    if sent.is_empty() {
        return Some("Captcha not solved");
    }
    let right = judgments::try_answer(state, visit, &sent);
    if right {
        visit.notes.outcome = None;
        if let Some(session) = current(state, visit) {
            session.allowance = allowance.max(1);
        }
    }
    (!right).then_some("Invalid Captcha")
}

/// The allowance is used up: a captcha in place of the address.
fn ask_captcha(state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let root = judgments::face(visit.request.portal).root;
    let buster = visit.draw.hex(32);
    let html = format!(
        "<div class=\"col-md-auto p-0 ms-3\"><img style=\"border:1px solid #ccc;\" id=\"captcha_image_pdf\" \
         src=\"{root}/vendor/securimage/securimage_show.php?{buster}\" alt=\"CAPTCHA\" tabindex=\"0\" width=\"120\"/></div> \
         <div class=\"col-md-4\"><input maxlength=\"6\" type=\"text\" name=\"captchapdf\" id=\"captchapdf\" \
         class=\"captchaClass form-control form-control-sm\" placeholder=\"Enter captcha\" tabindex=\"0\"/></div>"
    );
    let token = new_token(state, visit);
    visit.notes.outcome = Some(Outcome::CaptchaAsked);
    visit.remark("allowance used up");
    json_reply(format!(
        "{{\"filename\":{},\"app_token\":\"{token}\"}}",
        json::string(&html)
    ))
}

fn hand_out(state: &mut State, visit: &mut Visit<'_>, row: RowId) -> Reply {
    let root = judgments::face(visit.request.portal).root;
    let path = format!(
        "{root}/tmp/{}{}.pdf",
        visit.draw.hex(64),
        visit.now.as_second()
    );
    let dead = visit.fault(FaultKind::StaleLink).is_some();
    let bad = visit
        .fault(FaultKind::BadOutputfile)
        .map(|fault| forge::bad_path(fault, root));
    let language = visit.request.body.said("lang_flg").unwrap_or("").to_owned();
    let made_at = visit.now;
    if let Some(session) = current(state, visit) {
        session.allowance = session.allowance.saturating_sub(1);
        let made_after = session.requests;
        session.make_ready(Output {
            path: path.clone(),
            row,
            language,
            made_at,
            made_after,
            dead,
        });
    }
    let told = bad.unwrap_or(path);
    let token = new_token(state, visit);
    json_reply(format!(
        "{{\"outputfile\":{},\"app_token\":\"{token}\"}}",
        json::string(&told)
    ))
}

/// A document made ready before, for the session it was made ready for.
pub(crate) fn document(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let config = &world.config;
    let (path, now) = (visit.request.path.clone(), visit.now);
    let alive = current(state, visit).and_then(|session| {
        let output = session.outputs.iter().find(|output| output.path == path)?;
        let age = now.duration_since(output.made_at);
        let fresh = session.requests - output.made_after <= config.link_requests
            && age.unsigned_abs() <= config.link_age
            && !output.dead;
        fresh.then(|| (output.row, output.language.clone(), session.page.clone()))
    });
    let Some((asked, language, page)) = alive else {
        visit.remark("no such file, or not any more");
        return judgments::missing(visit);
    };
    let sent = wrong_row(visit, asked, &page, config.docket.all_rows()).unwrap_or(asked);
    visit.notes.row = Some(sent);
    if sent != asked {
        visit.remark(format!("asked for row {}", asked.0));
    }
    let bytes = match world.row(&state.changes, sent) {
        Some(row) if !language.is_empty() => {
            Some(paper::translation(&config.docket, &row, &language))
        }
        Some(row) => {
            let version = state.changes.standing(sent).map_or(0, |s| s.document);
            paper::of_row(&config.docket, &row, version)
        }
        None => None,
    };
    Reply::new(200, "application/pdf", bytes.unwrap_or_else(Bytes::new))
}

/// The row whose document is sent instead, if a fault says so.
fn wrong_row(visit: &Visit<'_>, asked: RowId, page: &[RowId], all: &[Row]) -> Option<RowId> {
    let fault = visit.fault(FaultKind::WrongDocument)?;
    match fault.rule.pick.as_deref() {
        Some("first_row") => return page.first().copied(),
        Some("same_case") => return another_order(asked, all),
        _ => {}
    }
    let mut draw = fault.draw.clone();
    let all = all.len() as u32;
    let others: Vec<RowId> = page.iter().copied().filter(|id| *id != asked).collect();
    if others.is_empty() {
        return Some(RowId(
            (asked.0 + 1 + draw.below(all.max(2) - 1)) % all.max(1),
        ));
    }
    others
        .get(draw.below(others.len() as u32) as usize)
        .copied()
}

/// The first other order of the case, if it has several.
fn another_order(asked: RowId, all: &[Row]) -> Option<RowId> {
    let own = all.get(asked.0 as usize)?.case_seed(0);
    let other = all
        .iter()
        .enumerate()
        .find(|(id, row)| *id != asked.0 as usize && row.case_seed(0) == own)?;
    Some(RowId(other.0 as u32))
}
