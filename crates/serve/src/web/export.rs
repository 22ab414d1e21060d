//! Tables that leave as files: whole results, streamed, and small tables of pages.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use jiff::Timestamp;
use nirnay_pipeline::sheet::{Cell, Column, Format, Kind, Sheet};
use nirnay_pipeline::{hit_columns, hit_row};
use tokio::sync::mpsc;

use super::reply::{self, takes_gzip};
use super::router::App;
use crate::ask::Ask;
use crate::coverage::Coverage;
use crate::library::Shelf;
use crate::page::Table;
use crate::problem::Problem;

/// A piece of a stream, in bytes, and how many may wait for the reader.
const PIECE: usize = 64 << 10;
const PIECES: usize = 4;
/// A reader that takes nothing for so long is gone.
const READER_TIME: Duration = Duration::from_secs(30);

/// The form of a table that was asked for.
pub(crate) fn format(name: &str) -> Result<Format, Problem> {
    Format::find(name).ok_or_else(|| {
        let message = format!("there is no format {name:?}");
        Problem::parameter("format", message, "use csv, jsonl or parquet")
    })
}

/// The coverage, a row a court and year.
pub(crate) fn coverage(coverage: &Coverage) -> (Vec<Column>, Vec<Vec<Cell>>) {
    let columns = vec![
        ("court_code", Kind::Text),
        ("court_name", Kind::Text),
        ("year", Kind::Whole),
        ("judgments", Kind::Whole),
        ("as_of", Kind::Text),
    ];
    let mut rows = Vec::new();
    for court in &coverage.courts {
        for (year, judgments) in &court.years {
            rows.push(vec![
                Cell::text(&court.code),
                Cell::text(&court.name),
                Cell::Whole(i64::from(*year)),
                Cell::whole(*judgments),
                Cell::text(coverage.as_of.to_string()),
            ]);
        }
    }
    (columns, rows)
}

/// The data dictionary, a row a column.
pub(crate) fn dictionary(tables: &[Table]) -> (Vec<Column>, Vec<Vec<Cell>>) {
    let columns = ["table", "column", "type", "nullable", "meaning"].map(|name| (name, Kind::Text));
    let mut rows = Vec::new();
    for table in tables {
        for column in &table.columns {
            let nullable = if column.nullable { "yes" } else { "no" };
            let cells = [
                table.name.as_str(),
                &column.name,
                &column.kind,
                nullable,
                &column.meaning,
            ];
            rows.push(cells.map(Cell::text).into());
        }
    }
    (columns.into(), rows)
}

/// A small table as a file.
pub(crate) fn table(
    format: Format,
    name: &str,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
) -> Response {
    let made = Sheet::begin(format, columns, &[], Vec::new()).and_then(|mut sheet| {
        for row in rows {
            sheet.push(row)?;
        }
        sheet.finish()
    });
    match made {
        Ok(bytes) => file(format, name, Body::from(bytes)),
        Err(error) => {
            tracing::error!("a table could not be written: {error}");
            let problem = Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the table could not be written",
                "take it as JSON; the server's log has the cause",
            );
            reply::problem(&problem, false)
        }
    }
}

fn file(format: Format, name: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(format.content_type()),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let disposition = format!("attachment; filename=\"nirnay-{name}.{}\"", format.ending());
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

/// A whole result, as long as it is, in the order asked for.
pub(crate) async fn whole(
    State(app): State<App>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let gzip = takes_gzip(&headers);
    match begin(&app, raw.as_deref()).await {
        Ok((format, body)) => file(format, "search", body),
        Err(problem) => reply::problem(&problem, gzip),
    }
}

async fn begin(app: &App, raw: Option<&str>) -> Result<(Format, Body), Problem> {
    let (ask, rest) = Ask::parse_with(raw, &["format"])?;
    let format = match rest.as_slice() {
        [(_, name)] => self::format(name)?,
        [] => Format::Csv,
        _ => {
            return Err(Problem::parameter(
                "format",
                "more than one format",
                "ask for one at a time",
            ));
        }
    };
    let shelf = app.library.shelf();
    // What is wrong with a query is said before a file begins.
    let (counted, asked) = (std::sync::Arc::clone(&shelf), ask.clone());
    app.desk.ask(move || counted.count(&asked)).await?;
    let place = app.desk.place().await?;
    let (sender, receiver) = mpsc::channel(PIECES);
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let pipe = Pipe {
            sender: sender.clone(),
            runtime: runtime.clone(),
            held: Vec::with_capacity(PIECE),
        };
        if let Err(error) = write(&shelf, &ask, format, pipe) {
            // The reader must not take a part for the whole: the stream breaks off.
            tracing::warn!("an export ended early: {error}");
            drop(runtime.block_on(tokio::time::timeout(READER_TIME, sender.send(Err(error)))));
        }
        drop(place);
    });
    let pieces = futures::stream::unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((piece, receiver))
    });
    Ok((format, Body::from_stream(pieces)))
}

fn write(shelf: &Shelf, ask: &Ask, format: Format, out: Pipe) -> io::Result<()> {
    let exported_at = Timestamp::now().to_string();
    let version = shelf.index_mark().unwrap_or("").to_owned();
    let query = ask.address();
    let mut columns = hit_columns();
    columns.extend(["query", "exported_at", "index_version"].map(|name| (name, Kind::Text)));
    let notes = [
        ("query", query.as_str()),
        ("exported_at", exported_at.as_str()),
        ("index_version", version.as_str()),
    ];
    let mut sheet = Sheet::begin(format, columns, &notes, out)?;
    shelf.export(ask, &mut |hit| {
        let mut row = hit_row(&hit);
        row.extend([&query, &exported_at, &version].map(Cell::text));
        sheet.push(row)
    })?;
    sheet.finish()?.finish()
}

/// The writing end of a stream.
struct Pipe {
    sender: mpsc::Sender<io::Result<Bytes>>,
    runtime: tokio::runtime::Handle,
    held: Vec<u8>,
}

impl Pipe {
    fn send(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::replace(&mut self.held, Vec::with_capacity(PIECE)));
        let sending = tokio::time::timeout(READER_TIME, self.sender.send(Ok(piece)));
        match self.runtime.block_on(sending) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::new(
                io::ErrorKind::BrokenPipe,
                "the reader went away",
            )),
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the reader takes nothing",
            )),
        }
    }

    fn finish(mut self) -> io::Result<()> {
        self.send()
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    /// Pieces go when they are full: writers flush oftener than a stream should.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
