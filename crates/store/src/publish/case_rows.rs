//! Rows of the tables about cases, cell by cell.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, RecordBatch, UInt16Array, UInt64Array};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{
    Advocate, CaptureId, Case, CaseView, Disposal, Hearing, Order, OrderLink, Party, PrintedDate,
    Sha256, Side,
};
use serde::Serialize;

use super::columns;
use crate::ledger::{ListLine, json};

/// A value of a row.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Text(Option<String>),
    List(Vec<String>),
    Short(Option<u16>),
    Number(Option<u32>),
    Long(Option<u64>),
    Day(Option<Date>),
    Time(Timestamp),
    Hash(Option<Sha256>),
    Capture(Option<CaptureId>),
    Flag(bool),
}

/// A row, its cells in the order of the columns.
pub(super) type Cells = Vec<Cell>;

/// Rows as a batch; fails where cells and columns do not agree.
pub(super) fn batch(schema: &SchemaRef, rows: &[Cells]) -> Result<RecordBatch, ArrowError> {
    let arrays = schema
        .fields()
        .iter()
        .enumerate()
        .map(|(at, field)| array(field.data_type(), rows.iter().map(move |row| row.get(at))))
        .collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Arc::clone(schema), arrays)
}

/// A column of cells; a cell of another kind is null, which a column that may not be null refuses.
fn array<'a>(
    kind: &DataType,
    cells: impl Iterator<Item = Option<&'a Cell>>,
) -> Result<ArrayRef, ArrowError> {
    Ok(match kind {
        DataType::Utf8 => columns::strings(cells.map(|cell| match cell {
            Some(Cell::Text(text)) => text.as_ref(),
            _ => None,
        })),
        DataType::List(_) => {
            let empty = Vec::new();
            let cells: Vec<_> = cells
                .map(|cell| match cell {
                    Some(Cell::List(list)) => list,
                    _ => &empty,
                })
                .collect();
            columns::lists(cells.into_iter())
        }
        DataType::UInt16 => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Short(number)) => *number,
                    _ => None,
                })
                .collect::<UInt16Array>(),
        ),
        DataType::UInt32 => columns::numbers(cells.map(|cell| match cell {
            Some(Cell::Number(number)) => *number,
            _ => None,
        })),
        DataType::UInt64 => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Long(number)) => *number,
                    _ => None,
                })
                .collect::<UInt64Array>(),
        ),
        DataType::Boolean => columns::flags(cells.map(|cell| match cell {
            Some(Cell::Flag(flag)) => Some(*flag),
            _ => None,
        })),
        DataType::Date32 => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Day(day)) => day.map(columns::days),
                    _ => None,
                })
                .collect::<Date32Array>(),
        ),
        DataType::Timestamp(..) => columns::times(cells.map(|cell| match cell {
            Some(Cell::Time(time)) => Some(*time),
            _ => None,
        })),
        DataType::FixedSizeBinary(16) => columns::captures(cells.map(|cell| match cell {
            Some(Cell::Capture(id)) => id.as_ref(),
            _ => None,
        }))?,
        _ => columns::hashes(cells.map(|cell| match cell {
            Some(Cell::Hash(hash)) => *hash,
            _ => None,
        }))?,
    })
}

/// What is known of a row beside its values.
pub(super) struct Standing {
    pub(super) key: String,
    pub(super) portal: String,
    pub(super) court: String,
    pub(super) bench: String,
    pub(super) cnr: String,
    pub(super) hash: Sha256,
    pub(super) first_seen: Timestamp,
    pub(super) last_seen: Timestamp,
    pub(super) capture: Option<CaptureId>,
}

/// What became of a document.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) state: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) sha256: Option<Sha256>,
    pub(super) size: Option<u64>,
}

fn text(value: Option<&String>) -> Cell {
    Cell::Text(value.cloned())
}

fn word(value: &str) -> Cell {
    Cell::Text(Some(value.to_owned()))
}

fn date(cells: &mut Cells, value: Option<&PrintedDate>) {
    cells.push(Cell::Text(value.map(|date| date.printed.clone())));
    cells.push(Cell::Day(value.and_then(|date| date.date)));
}

fn count(number: usize) -> Cell {
    Cell::Number(u32::try_from(number).ok())
}

fn objects<T: Serialize>(list: &[T]) -> Cell {
    Cell::List(list.iter().map(json).collect())
}

fn head(standing: &Standing) -> Cells {
    let cnr = (!standing.cnr.is_empty()).then(|| standing.cnr.clone());
    vec![
        word(&standing.portal),
        word(&standing.court),
        word(&standing.bench),
        Cell::Text(cnr),
    ]
}

fn tail(cells: &mut Cells, standing: &Standing) {
    cells.push(Cell::Capture(standing.capture.clone()));
    cells.push(word(&standing.key));
}

fn document(cells: &mut Cells, kept: &Kept) {
    cells.push(word(kept.state.as_deref().unwrap_or("not_asked")));
    cells.push(text(kept.reason.as_ref()));
    cells.push(Cell::Hash(kept.sha256));
    cells.push(Cell::Long(kept.size));
}

fn names(parties: &[Party], side: Side) -> Cell {
    let on_side = parties.iter().filter(|party| party.side == side);
    Cell::List(on_side.map(|party| party.name.clone()).collect())
}

fn advocates(parties: &[Party], side: Side) -> Vec<String> {
    let on_side = parties.iter().filter(|party| party.side == side);
    let all = on_side.flat_map(|party| &party.advocates);
    let mut list: Vec<String> = Vec::new();
    for Advocate { name, .. } in all {
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
    list
}

/// A row of `cases/`.
pub(super) fn case(standing: &Standing, case: &Case, view: CaseView) -> Cells {
    let mut cells = head(standing);
    let parts = case
        .number
        .as_ref()
        .and_then(|number| number.parts.as_ref());
    let case_type = parts.map(|parts| parts.case_type.clone());
    cells.extend([
        text(case.cnr_printed.as_ref()),
        text(case.court_name.as_ref()),
        text(case.court_code.as_ref()),
        Cell::Text(case.number.as_ref().map(|number| number.printed.clone())),
        Cell::Text(case_type.or_else(|| case.case_type.clone())),
        Cell::Number(parts.map(|parts| parts.number)),
        Cell::Short(parts.map(|parts| parts.year)),
        text(case.case_type.as_ref()),
        text(case.case_type_code.as_ref()),
        text(case.portal_key.as_ref()),
        text(case.diary_number.as_ref()),
        text(case.filing_number.as_ref()),
        text(case.registration_number.as_ref()),
    ]);
    for value in [
        &case.filed,
        &case.registered,
        &case.first_hearing,
        &case.next_hearing,
        &case.decided,
    ] {
        date(&mut cells, value.as_ref());
    }
    let disposal = case.disposal.as_deref().and_then(Disposal::classify);
    cells.extend([
        text(case.status.as_ref()),
        text(case.stage.as_ref()),
        text(case.disposal.as_ref()),
        Cell::Text(disposal.map(|disposal| disposal.name().to_owned())),
        text(case.coram.as_ref()),
        Cell::List(case.judges.clone()),
        text(case.bench_type.as_ref()),
        text(case.court_and_judge.as_ref()),
        text(case.state.as_ref()),
        text(case.district.as_ref()),
        text(case.title.as_ref()),
        names(&case.parties, Side::Petitioner),
        names(&case.parties, Side::Respondent),
        Cell::List(advocates(&case.parties, Side::Petitioner)),
        Cell::List(advocates(&case.parties, Side::Respondent)),
        objects(&case.parties),
        objects(&case.acts),
        objects(&case.applications),
        objects(&case.linked),
        objects(&case.fields),
        count(case.hearings.len()),
        count(case.orders.len()),
        word(view.name()),
        Cell::List(case.flags.clone()),
        Cell::Time(standing.first_seen),
        Cell::Time(standing.last_seen),
        Cell::Hash(Some(standing.hash)),
    ]);
    tail(&mut cells, standing);
    cells
}

/// A row of `hearings/`.
pub(super) fn hearing(standing: &Standing, at: usize, hearing: &Hearing) -> Cells {
    let mut cells = head(standing);
    cells.push(count(at));
    date(&mut cells, hearing.business.as_ref());
    date(&mut cells, hearing.hearing.as_ref());
    cells.extend([
        text(hearing.purpose.as_ref()),
        text(hearing.judge.as_ref()),
        text(hearing.list_type.as_ref()),
        text(hearing.registration_number.as_ref()),
        Cell::Flag(hearing.on_filing),
    ]);
    tail(&mut cells, standing);
    cells
}

/// A row of `orders/`.
pub(super) fn order(standing: &Standing, at: usize, order: &Order, kept: &Kept) -> Cells {
    let mut cells = head(standing);
    cells.extend([
        count(at),
        text(order.number.as_ref()),
        text(order.on.as_ref()),
    ]);
    date(&mut cells, order.date.as_ref());
    let neutral = order.neutral_citation.as_ref();
    let link = match &order.link {
        Some(OrderLink::Address(address)) => Some(address.clone()),
        _ => None,
    };
    cells.extend([
        text(order.kind.as_ref()),
        text(order.judge.as_ref()),
        text(order.neutral_citation_printed.as_ref()),
        Cell::Text(neutral.map(ToString::to_string)),
        text(order.language.as_ref()),
        Cell::Text(link),
    ]);
    document(&mut cells, kept);
    tail(&mut cells, standing);
    cells
}

/// Where a line of a list stands.
pub(super) struct ListPlace {
    pub(super) list: String,
    pub(super) day: Option<Date>,
    pub(super) row: u32,
}

/// A row of `cause_lists/`.
pub(super) fn line(standing: &Standing, at: &ListPlace, line: &ListLine, kept: &Kept) -> Cells {
    let mut cells = head(standing);
    let kind = match line {
        ListLine::Line(_) => "line",
        ListLine::Document(_) => "document",
    };
    cells.extend([word(kind), word(&at.list), Cell::Day(at.day)]);
    match line {
        ListLine::Line(entry) => {
            let mut all = advocates(&entry.parties, Side::Petitioner);
            all.extend(advocates(&entry.parties, Side::Respondent));
            all.extend(entry.advocates.iter().map(|advocate| advocate.name.clone()));
            cells.extend([
                Cell::Number(entry.serial),
                text(entry.portal_key.as_ref()),
                Cell::Text(entry.number.as_ref().map(|number| number.printed.clone())),
                text(entry.case_type.as_ref()),
                names(&entry.parties, Side::Petitioner),
                names(&entry.parties, Side::Respondent),
                Cell::List(all),
                text(entry.court.as_ref()),
                text(entry.judge.as_ref()),
                text(entry.designation.as_ref()),
                text(entry.purpose.as_ref()),
                text(entry.section.as_ref()),
                Cell::Text(None),
            ]);
            date(&mut cells, entry.listed.as_ref());
            date(&mut cells, entry.business.as_ref());
        }
        ListLine::Document(list) => {
            let none = || Cell::Text(None);
            let empty = || Cell::List(Vec::new());
            cells.extend([
                Cell::Number(list.serial),
                none(),
                none(),
                none(),
                empty(),
                empty(),
                empty(),
                word(&list.bench),
                none(),
                none(),
                none(),
                none(),
                word(&list.list_type),
            ]);
            date(&mut cells, list.listed.as_ref());
            date(&mut cells, None);
        }
    }
    document(&mut cells, kept);
    cells.extend([
        Cell::Time(standing.first_seen),
        Cell::Time(standing.last_seen),
        Cell::Number(Some(at.row)),
    ]);
    tail(&mut cells, standing);
    cells
}
