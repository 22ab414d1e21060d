//! The control surface: for test drivers in other processes, never for the client under test.

use std::sync::Arc;

use crate::site::Site;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use bytes::Bytes;
use futures::stream;
use jiff::Timestamp;
use nirnay_model::SourceId;
use serde::Deserialize;

use crate::fault::FaultScript;
use crate::form::Form;
use crate::row::RowId;
use crate::schedule::ChangeKind;
use crate::world::World;

/// The largest picture taken.
const PICTURE: usize = 1 << 20;

/// The rows of a piece of the truth.
const PIECE: usize = 1000;

/// Answers, JSON lines where there are many:
///
/// * `/__sim/answer`: POST a picture, get what it says;
/// * `/__sim/log?since=N`, `/__sim/counts`, `/__sim/urls`;
/// * `/__sim/truth?source=…&sha256=1`, with `&at=TIMESTAMP` the rows listed at that moment;
/// * `/__sim/cases?site=hc-services&place=26,1`, or `?cnr=…`: cases as they stand, of a site, of a place
///   or one;
/// * `/__sim/cause-list?site=…&place=…&date=2024-05-06`: the CNRs that are in court on a day;
/// * `/__sim/supreme`: the judgments that the Supreme Court's search finds;
/// * `/__sim/case-document?cnr=…&number=1`: the file of an order;
/// * `/__sim/time`: the docket's moment, `?to=TIMESTAMP` moves it;
/// * `/__sim/change`: POST `{"row": 7, "what": "withdraw"}`;
/// * `/__sim/faults`: POST another fault script (TOML);
/// * `/__sim/robots?portal=ecourts`: POST another text; without a body there is none.
pub(crate) async fn answer(State(world): State<Arc<World>>, request: Request) -> Response<Body> {
    let path = request.uri().path().trim_end_matches('/').to_owned();
    let query = Form::read(request.uri().query().unwrap_or("").as_bytes());
    match path.as_str() {
        "/__sim/answer" => {
            let picture = to_bytes(request.into_body(), PICTURE)
                .await
                .unwrap_or_default();
            match world.answer_of(&picture) {
                Some(text) => reply(StatusCode::OK, "text/plain", text),
                None => reply(
                    StatusCode::NOT_FOUND,
                    "text/plain",
                    "no such picture was handed out lately\n",
                ),
            }
        }
        "/__sim/log" => {
            let since = query.said("since").and_then(|n| n.parse().ok());
            let lines: String = world
                .log_since(since.unwrap_or(0))
                .iter()
                .map(line)
                .collect();
            reply(StatusCode::OK, "application/jsonl", lines)
        }
        "/__sim/counts" => {
            let counts: String = world
                .counts()
                .into_iter()
                .map(|((portal, route), count)| {
                    line(&serde_json::json!({ "portal": portal, "route": route, "count": count }))
                })
                .collect();
            reply(StatusCode::OK, "application/jsonl", counts)
        }
        "/__sim/urls" => reply(StatusCode::OK, "application/json", line(&world.bases)),
        "/__sim/truth" => truth(world, &query),
        "/__sim/cases" => cases(&world, &query),
        "/__sim/supreme" => {
            let lines: String = world.cases.supreme().iter().map(line).collect();
            reply(StatusCode::OK, "application/jsonl", lines)
        }
        "/__sim/cause-list" => sitting(&world, &query),
        "/__sim/case-document" => {
            let number = query
                .said("number")
                .and_then(|n| n.parse().ok())
                .unwrap_or(0);
            let cnr = query.said("cnr").unwrap_or("");
            match world.case_document(cnr, number) {
                Some(bytes) => reply(StatusCode::OK, "application/pdf", bytes),
                None => reply(StatusCode::NOT_FOUND, "text/plain", "no such file\n"),
            }
        }
        "/__sim/time" => match query.said("to").map(str::parse::<Timestamp>) {
            Some(Err(error)) => refusal(error),
            Some(Ok(moment)) => {
                world.move_to(moment);
                done(&world)
            }
            None => done(&world),
        },
        "/__sim/change" | "/__sim/faults" | "/__sim/robots" => {
            let body = to_bytes(request.into_body(), PICTURE)
                .await
                .unwrap_or_default();
            let text = String::from_utf8_lossy(&body);
            match order(&world, &path, &query, &text) {
                Ok(()) => done(&world),
                Err(why) => refusal(why),
            }
        }
        _ => reply(
            StatusCode::NOT_FOUND,
            "text/plain",
            "answer, log, counts, urls, truth, cases, supreme, cause-list, case-document, time, change, faults, robots\n",
        ),
    }
}

/// A change of one row, as it is posted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    row: RowId,
    what: ChangeKind,
}

/// Does what a body asks for.
fn order(world: &World, path: &str, query: &Form, text: &str) -> Result<(), String> {
    match path {
        "/__sim/change" => {
            let order: Order = serde_json::from_str(text).map_err(|error| error.to_string())?;
            world.change(order.row, order.what);
        }
        "/__sim/faults" => {
            let script = FaultScript::from_toml(text).map_err(|error| error.to_string())?;
            world
                .set_faults(script)
                .map_err(|error| error.to_string())?;
        }
        _ => {
            let name = query.said("portal").unwrap_or("");
            let known = Site::ALL.into_iter().find(|p| p.to_string() == name);
            let portal = known.ok_or_else(|| format!("no portal {name:?}"))?;
            world.set_robots(portal, (!text.is_empty()).then(|| text.to_owned()));
        }
    }
    Ok(())
}

fn done(world: &World) -> Response<Body> {
    let moment = line(&serde_json::json!({ "moment": world.moment() }));
    reply(StatusCode::OK, "application/json", moment)
}

fn refusal(why: impl std::fmt::Display) -> Response<Body> {
    reply(StatusCode::BAD_REQUEST, "text/plain", format!("{why}\n"))
}

fn line(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    text
}

fn reply(status: StatusCode, content_type: &str, body: impl Into<Body>) -> Response<Body> {
    let response = Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(body.into());
    response.unwrap_or_default()
}

/// The site and the place that a query names.
fn place(query: &Form) -> Result<(Site, Vec<&str>), String> {
    let site = query.said("site").unwrap_or("hc-services").parse()?;
    let codes = query.said("place").unwrap_or("").split(',').map(str::trim);
    Ok((site, codes.filter(|code| !code.is_empty()).collect()))
}

fn cases(world: &World, query: &Form) -> Response<Body> {
    let found = match (query.said("cnr"), place(query)) {
        (Some(cnr), _) => world.case(cnr, None).into_iter().collect(),
        (None, Ok((site, codes))) => world.cases(site, &codes),
        (None, Err(why)) => return refusal(why),
    };
    let lines: String = found.iter().map(line).collect();
    reply(StatusCode::OK, "application/jsonl", lines)
}

fn sitting(world: &World, query: &Form) -> Response<Body> {
    let (site, codes) = match place(query) {
        Ok(place) => place,
        Err(why) => return refusal(why),
    };
    let Some(date) = query.said("date").and_then(|date| date.parse().ok()) else {
        return refusal("date is no date such as 2024-05-06");
    };
    let found = world.sitting(site, &codes, date);
    reply(StatusCode::OK, "application/json", line(&found))
}

fn truth(world: Arc<World>, query: &Form) -> Response<Body> {
    let sources: Vec<SourceId> = match query.said("source") {
        None => SourceId::ALL.to_vec(),
        Some(name) => match name.parse() {
            Ok(source) => vec![source],
            Err(error) => return refusal(error),
        },
    };
    if let Some(moment) = query.said("at") {
        let Ok(moment) = moment.parse::<Timestamp>() else {
            return refusal("at is no timestamp");
        };
        let lines: String = sources
            .into_iter()
            .flat_map(|source| world.truth_at(source, moment))
            .map(|row| line(&row))
            .collect();
        return reply(StatusCode::OK, "application/jsonl", lines);
    }
    let hashes = query.said("sha256").is_some();
    let pieces = stream::unfold((sources, 0), move |(mut sources, from)| {
        let world = Arc::clone(&world);
        async move {
            let source = *sources.first()?;
            let rows = world.truth(source, from, PIECE);
            let next = if rows.len() < PIECE {
                sources.remove(0);
                0
            } else {
                from + PIECE
            };
            let mut text = String::new();
            for row in rows {
                let mut value = serde_json::to_value(&row).unwrap_or_default();
                if hashes {
                    let hash = world
                        .document(row.row)
                        .map(|bytes| nirnay_model::Sha256::of(&bytes));
                    value["document_sha256"] = serde_json::json!(hash);
                }
                text.push_str(&line(&value));
            }
            Some((Ok::<_, std::io::Error>(Bytes::from(text)), (sources, next)))
        }
    });
    reply(
        StatusCode::OK,
        "application/jsonl",
        Body::from_stream(pieces),
    )
}
