//! The control surface: for test drivers in other processes, never for the client under test.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use bytes::Bytes;
use futures::stream;
use nirnay_model::SourceId;

use crate::form::Form;
use crate::world::World;

/// The largest picture taken.
const PICTURE: usize = 1 << 20;

/// The rows of a piece of the truth.
const PIECE: usize = 1000;

/// Answers `/__sim/answer` (POST a picture, get what it says), `/__sim/log`, `/__sim/counts`,
/// `/__sim/urls` and `/__sim/truth?source=…&sha256=1`, JSON lines where there are many.
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
            let lines: String = world.log().iter().map(line).collect();
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
        _ => reply(
            StatusCode::NOT_FOUND,
            "text/plain",
            "answer, log, counts, urls, truth\n",
        ),
    }
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

fn truth(world: Arc<World>, query: &Form) -> Response<Body> {
    let sources: Vec<SourceId> = match query.said("source") {
        None => SourceId::ALL.to_vec(),
        Some(name) => match name.parse() {
            Ok(source) => vec![source],
            Err(error) => {
                return reply(StatusCode::BAD_REQUEST, "text/plain", format!("{error}\n"));
            }
        },
    };
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
