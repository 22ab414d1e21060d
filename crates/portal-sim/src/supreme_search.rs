//! The search of the Supreme Court's site: forms that end in one script, behind a sum.

use std::collections::VecDeque;
use std::fmt::Write as _;

use bytes::Bytes;

use crate::day;
use crate::fault::FaultKind;
use crate::json;
use crate::judgments;
use crate::log::{Outcome, SearchLog};
use crate::markup::escape;
use crate::paper;
use crate::random::Draw;
use crate::reply::Reply;
use crate::route::Route;
use crate::site::Site;
use crate::supreme_case::SupremeJudgment;
use crate::world::{Request, State, Visit, World};

/// A form that was handed out.
#[derive(Debug)]
struct Form {
    /// What names it and its picture.
    id: String,
    /// Name and value of its hidden field.
    token: (String, String),
    /// The number of its latest picture, and the answer until it is used up.
    picture: u64,
    answer: Option<String>,
    tries: u32,
}

/// The forms handed out lately.
#[derive(Debug, Default)]
pub(crate) struct Forms(VecDeque<Form>);

const FORMS: usize = 4_096;

/// The widest span of a search by date, in days.
const WIDEST: i32 = 30;

/// What a request is for, if it has to do with the search.
pub(crate) fn route(request: &Request) -> Option<Route> {
    let path = request.path.as_str();
    if path == "/" && request.query.said("id").is_some() {
        return Some(Route::Captcha);
    }
    if path == "/wp-admin/admin-ajax.php" {
        return Some(Route::Search);
    }
    path.starts_with("/judgements-").then_some(Route::Start)
}

/// What a request to the host of the documents is for.
pub(crate) fn document_route(request: &Request) -> Route {
    let path = request.path.as_str();
    if path == "/robots.txt" {
        return Route::Robots;
    }
    if path.starts_with("/supremecourt/") || path.starts_with("/jonew/") {
        return Route::Document;
    }
    Route::Other
}

/// Answers a request to the host of the documents.
pub(crate) fn answer_document(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    match visit.route {
        Route::Document => document(world, visit),
        Route::Robots => judgments::robots(state, visit),
        _ => judgments::missing(visit),
    }
}

/// Answers such a request.
pub(crate) fn answer(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    match visit.route {
        Route::Start => page(world, state, visit),
        Route::Captcha => picture(world, state, visit),
        _ => search(world, state, visit),
    }
}

/// What the forms by number and by judge let one choose from.
fn select(world: &World, visit: &Visit<'_>) -> String {
    let all = world.cases.supreme();
    let mut names: Vec<String> = match visit.request.path.trim_end_matches('/') {
        "/judgements-case-no" => all.iter().map(|one| parts(&one.number).0).collect(),
        "/judgements-judge-name" => all.iter().flat_map(|one| one.judges.clone()).collect(),
        _ => return String::new(),
    };
    names.sort();
    names.dedup();
    let name = if visit.request.path.starts_with("/judgements-case-no") {
        "case_type"
    } else {
        "judge_name"
    };
    let mut text = format!("<select name=\"{name}\"><option value=\"\">Select</option>");
    for option in names {
        let option = escape(&option);
        write!(text, "<option value=\"{option}\">{option}</option>").ok();
    }
    text + "</select>"
}

fn page(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let select = select(world, visit);
    let form = Form {
        id: visit.draw.hex(40),
        token: (format!("tok_{}", visit.draw.hex(40)), visit.draw.hex(40)),
        picture: 0,
        answer: None,
        tries: 0,
    };
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>Judgements</title></head><body>\n\
         <form id=\"sciapi-services-judgements\"><input type=\"text\" name=\"from_date\"><input type=\"text\" name=\"to_date\">{3}\n\
         <img id=\"siwp_captcha_image_0\" class=\"siwp_img\" src=\"/?_siwp_captcha&#038;id={0}\" width=\"186\" alt=\"captcha\" />\n\
         <input type=\"hidden\" name=\"scid\" id=\"input_siwp_captcha_id_0\" value=\"{0}\" />\n\
         <input type=\"text\" name=\"siwp_captcha_value\"><input type=\"hidden\" id=\"{1}\" name=\"{1}\" value=\"{2}\" />\n\
         <input type=\"hidden\" name=\"es_ajax_request\" value=\"1\"><input type=\"submit\" name=\"submit\" value=\"Search\"></form></body></html>\n",
        form.id, form.token.0, form.token.1, select
    );
    state.forms.0.push_back(form);
    if state.forms.0.len() > FORMS {
        state.forms.0.pop_front();
    }
    Reply::html(200, text)
}

fn picture(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let id = visit.request.query.said("id").unwrap_or("").to_owned();
    let drawn = world.config.captcha.draw(Site::SciFeed, &mut visit.draw);
    state.pictures += 1;
    let number = state.pictures;
    let png = Bytes::from(drawn.png);
    let Some(form) = state.forms.0.iter_mut().find(|form| form.id == id) else {
        return judgments::missing(visit);
    };
    form.picture = number;
    form.answer = Some(drawn.answer.clone());
    visit.notes.picture = Some(number);
    state.remember(&png, &drawn.answer);
    Reply::new(200, "image/png", png)
}

/// `{"success":…}`.
fn said(success: bool, data: &str) -> Reply {
    Reply::new(
        200,
        "application/json; charset=UTF-8",
        format!("{{\"success\":{success},\"data\":{data}}}"),
    )
}

fn refused(visit: &mut Visit<'_>, outcome: Outcome, message: &str) -> Reply {
    visit.notes.outcome = Some(outcome);
    said(false, &json::string(message))
}

fn search(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    match visit.fault.as_ref().map(|fault| fault.rule.kind) {
        Some(FaultKind::SessionExpire | FaultKind::SessionLost) => {
            return refused(
                visit,
                Outcome::Expired,
                "The captcha has expired. Please try again.",
            );
        }
        Some(FaultKind::Errormsg) => {
            return refused(visit, Outcome::Forged, "Something went wrong.");
        }
        Some(FaultKind::UnknownJson) => {
            visit.notes.outcome = Some(Outcome::Forged);
            return said(true, "{\"status\":\"ok\"}");
        }
        _ => {}
    }
    let field = |name: &str| {
        let request = visit.request;
        let sent = request.query.said(name).or(request.body.said(name));
        sent.unwrap_or("").to_owned()
    };
    let (id, sent) = (field("scid"), field("siwp_captcha_value"));
    let Some(form) = state.forms.0.iter_mut().find(|form| form.id == id) else {
        return refused(
            visit,
            Outcome::Expired,
            "The captcha has expired. Please try again.",
        );
    };
    form.tries += 1;
    let right = form.answer.take().is_some_and(|answer| answer == sent);
    visit.notes.picture = Some(form.picture);
    visit.notes.tries = Some(form.tries);
    visit.notes.captcha = Some(right);
    visit.notes.answer = Some(sent);
    let (name, value) = form.token.clone();
    if field(&name) != value {
        visit.remark("wrong or missing tok_ field");
        return refused(visit, Outcome::Refused, "Invalid request.");
    }
    if !right || visit.fault(FaultKind::CaptchaRefuse).is_some() {
        let message = "The captcha code entered was incorrect.";
        return refused(visit, Outcome::CaptchaRefused, message);
    }
    let found = match wanted(visit, &field) {
        Ok(wanted) => world
            .cases
            .supreme()
            .iter()
            .filter(|judgment| wanted(judgment))
            .collect(),
        Err(why) => return refused(visit, Outcome::Refused, why),
    };
    results(world, state, visit, found)
}

type Wanted = Box<dyn Fn(&SupremeJudgment) -> bool>;

/// What a form asks for.
fn wanted(visit: &Visit<'_>, field: &dyn Fn(&str) -> String) -> Result<Wanted, &'static str> {
    let request = visit.request;
    let action = request
        .query
        .said("action")
        .or(request.body.said("action"))
        .unwrap_or("");
    let number = |name: &str| field(name).parse::<u32>().ok();
    let upper = |name: &str| field(name).to_uppercase();
    let dates = || {
        let (from, to) = (
            day::read_dashed(&field("from_date")),
            day::read_dashed(&field("to_date")),
        );
        let (from, to) = from.zip(to).ok_or("Please enter a valid date.")?;
        if day::number(to) - day::number(from) > WIDEST || to < from {
            return Err("The date range must not be more than 30 days.");
        }
        Ok((from, to))
    };
    match action.strip_prefix("get_judgements_").unwrap_or("") {
        "judgement_date" => {
            let (from, to) = dates()?;
            Ok(Box::new(move |judgment| (from..=to).contains(&judgment.on)))
        }
        "diary_no" => {
            let diary = number("diary_no").ok_or("Please enter a diary number.")?;
            let year = number("year")
                .or(number("diary_year"))
                .ok_or("Please enter a year.")?;
            Ok(Box::new(move |j| {
                j.diary == diary && u32::from(j.diary_year) == year
            }))
        }
        "case_no" => {
            let case = number("case_no").ok_or("Please enter a case number.")?;
            let year = number("year")
                .or(number("case_year"))
                .ok_or("Please enter a year.")?;
            let kind = upper("case_type");
            Ok(Box::new(move |judgment| {
                let (name, own, in_year) = parts(&judgment.number);
                own == case && in_year == year && (kind.is_empty() || name.to_uppercase() == kind)
            }))
        }
        "party_name" => {
            let name = upper("party_name");
            if name.chars().count() < 3 {
                return Err("Please enter at least 3 characters.");
            }
            let year = number("year");
            Ok(Box::new(move |judgment| {
                let parties =
                    format!("{} VS {}", judgment.petitioner, judgment.respondent).to_uppercase();
                parties.contains(&name) && year.is_none_or(|year| judgment.on.year() as u32 == year)
            }))
        }
        "judge_name" => {
            let (from, to) = dates()?;
            let judge = upper("judge_name");
            if judge.is_empty() {
                return Err("Please select a judge.");
            }
            Ok(Box::new(move |judgment| {
                (from..=to).contains(&judgment.on)
                    && judgment
                        .judges
                        .iter()
                        .any(|name| name.to_uppercase().contains(&judge))
            }))
        }
        _ => Err("Invalid request."),
    }
}

/// Kind, number and year of `CIVIL APPEAL No. 131/2004`.
fn parts(number: &str) -> (String, u32, u32) {
    let (name, rest) = number.split_once(" No. ").unwrap_or((number, ""));
    let (case, year) = rest.split_once('/').unwrap_or(("", ""));
    (
        name.to_owned(),
        case.parse().unwrap_or(0),
        year.parse().unwrap_or(0),
    )
}

fn results(
    world: &World,
    state: &State,
    visit: &mut Visit<'_>,
    mut found: Vec<&SupremeJudgment>,
) -> Reply {
    let total = found.len() as u64;
    match &visit.fault {
        Some(fault) if fault.is(FaultKind::EmptyResult) => found.clear(),
        Some(fault) if fault.is(FaultKind::ShortPage) => {
            found.truncate(found.len().saturating_sub(fault.n(1).max(0) as usize));
        }
        Some(fault) if fault.is(FaultKind::DuplicateRow) => {
            let first = found.first().copied();
            found.splice(0..0, first);
        }
        _ => {}
    }
    let query = &visit.request.query;
    visit.notes.search = Some(SearchLog {
        court: query.said("action").unwrap_or("").to_owned(),
        from: query.said("from_date").unwrap_or("").to_owned(),
        to: query.said("to_date").unwrap_or("").to_owned(),
        start: 0,
        length: 0,
        total,
        sent: found.len() as u64,
    });
    visit.notes.outcome = Some(Outcome::Served);
    if found.is_empty() {
        return said(
            true,
            "{\"pagination\":false,\"resultsHtml\":\"<div class=\\\"notfound\\\">No records found<\\/div>\"}",
        );
    }
    let base = world
        .bases
        .get(&Site::SciDocuments)
        .map_or("", String::as_str);
    let first = found.first().map_or(0, |judgment| judgment.row.0);
    let mut rows = String::new();
    for (serial, judgment) in (1..).zip(found) {
        rows.push_str(&row(
            base,
            serial,
            judgment,
            state.hostile_feed(judgment.row),
        ));
    }
    let html = format!(
        "<div class=\"distTableContent\"><table class=\"\"><thead><tr><th scope=\"col\">Serial Number</th><th scope=\"col\">Diary Number</th>\
         <th scope=\"col\">Case Number</th><th scope=\"col\">Petitioner / Respondent</th><th scope=\"col\">Petitioner/Respondent Advocate</th>\
         <th scope=\"col\">Bench</th><th scope=\"col\">Judgment By</th><th scope=\"col\">Judgment</th></tr></thead><tbody>{rows}</tbody></table></div>"
    );
    let html = json::string(&html);
    // Now and then the table itself, without the object around it; of the same rows in the same form.
    if Draw::of(&[world.config.docket.seed(), 99, u64::from(first), total]).chance(0.2) {
        return said(true, &html);
    }
    said(
        true,
        &format!("{{\"pagination\":false,\"resultsHtml\":{html}}}"),
    )
}

fn row(base: &str, serial: usize, judgment: &SupremeJudgment, hostile: Option<String>) -> String {
    let date = day::dashed(judgment.on);
    let mut links = String::new();
    for (language, path) in &judgment.links {
        write!(
            links,
            "<a target=\"_blank\" href=\"{base}{path}\">{date}({language})</a><br/>"
        )
        .ok();
    }
    if let (Some(citation), Some((_, path))) = (&judgment.citation, judgment.links.first()) {
        write!(
            links,
            "<a target=\"_blank\" href=\"{base}{path}\">{citation}</a><br/>"
        )
        .ok();
    }
    // A link to nowhere, which every row has.
    write!(links, "<a target=\"_blank\" href=\"{base}/\"></a>").ok();
    let bench: Vec<String> = judgment.judges.iter().map(|name| escape(name)).collect();
    let petitioner = hostile.unwrap_or_else(|| escape(&judgment.petitioner));
    let diary = format!("{}/{}", judgment.diary, judgment.diary_year);
    format!(
        "<tr id=\"{:030x}\" data-diary-no=\"{diary}\"><td>{serial}</td><td>{diary}</td><td>{}</td>\
         <td class=\"petitioners text-center\"><div>{petitioner}</div><div>VS</div><div>{}</div></td>\
         <td class=\"respondents\"><div>{}</div><div>{}</div></td><td>{}</td><td>{}</td><td>{links}</td></tr>",
        crate::random::mix(&[u64::from(judgment.row.0), 98]),
        escape(&judgment.number),
        escape(&judgment.respondent),
        escape(&judgment.advocates.0),
        escape(&judgment.advocates.1),
        bench.join("<br>"),
        escape(&judgment.author),
    )
}

/// A judgment by its path; no cookies are needed.
fn document(world: &World, visit: &mut Visit<'_>) -> Reply {
    let path = visit.request.path.as_str();
    let all = world.cases.supreme();
    let found = all.iter().find_map(|judgment| {
        let place = judgment.links.iter().position(|(_, known)| known == path)?;
        Some((judgment, place))
    });
    let Some((judgment, place)) = found else {
        return judgments::missing(visit);
    };
    let mut sent = judgment;
    if let Some(fault) = visit.fault(FaultKind::WrongDocument) {
        let other = fault.draw.clone().below(all.len() as u32) as usize;
        sent = all
            .get(other)
            .filter(|other| other.row != judgment.row)
            .unwrap_or(&all[0]);
        visit.remark(format!("asked for row {}", judgment.row.0));
    }
    visit.notes.row = Some(sent.row);
    let docket = &world.config.docket;
    let language = path
        .rsplit('_')
        .next()
        .and_then(|tail| tail.strip_suffix(".pdf"));
    let translated = docket
        .row(sent.row)
        .filter(|_| place > 0 && sent.row == judgment.row);
    let bytes = match (translated, language) {
        (Some(row), Some(language)) => Some(paper::translation(docket, row, language)),
        _ => docket.document(sent.row),
    };
    match bytes {
        Some(bytes) => Reply::new(200, "application/pdf", bytes),
        None => judgments::missing(visit),
    }
}
