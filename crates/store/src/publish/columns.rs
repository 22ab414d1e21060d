//! Arrow columns of the published tables.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, FixedSizeBinaryArray, Float32Array, RecordBatch,
    StringArray, TimestampMicrosecondArray, UInt16Array, UInt32Array, UInt64Array,
};
use arrow_schema::{ArrowError, DataType, Field, SchemaRef};
use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{
    CaptureId, Cnr, Disposal, DocumentFacts, DocumentState, PublishedJudgment, RowKey, Sha256,
    judgments_schema,
};

type Rows<'a> = &'a [PublishedJudgment];

/// Days since 1970-01-01, as Arrow counts dates.
pub(super) fn days(date: Date) -> i32 {
    (date - Date::constant(1970, 1, 1)).get_days()
}

/// The date of a day count.
pub(super) fn date(days: i32) -> Option<Date> {
    Date::constant(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()
}

pub(super) fn strings<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

pub(super) fn dates(values: impl Iterator<Item = Option<Date>>) -> ArrayRef {
    Arc::new(values.map(|date| date.map(days)).collect::<Date32Array>())
}

pub(super) fn times(values: impl Iterator<Item = Option<Timestamp>>) -> ArrayRef {
    let array: TimestampMicrosecondArray = values
        .map(|time| time.map(Timestamp::as_microsecond))
        .collect();
    Arc::new(array.with_timezone("UTC"))
}

pub(super) fn hashes(values: impl Iterator<Item = Option<Sha256>>) -> Result<ArrayRef, ArrowError> {
    let values = values.map(|hash| hash.map(|hash| *hash.as_bytes()));
    Ok(Arc::new(
        FixedSizeBinaryArray::try_from_sparse_iter_with_size(values, 32)?,
    ))
}

pub(super) fn captures<'a>(
    values: impl Iterator<Item = Option<&'a CaptureId>>,
) -> Result<ArrayRef, ArrowError> {
    // An id is 32 hex digits by its type.
    let bytes = values.map(|id| {
        u128::from_str_radix(id?.as_str(), 16)
            .ok()
            .map(u128::to_be_bytes)
    });
    Ok(Arc::new(
        FixedSizeBinaryArray::try_from_sparse_iter_with_size(bytes, 16)?,
    ))
}

pub(super) fn numbers(values: impl Iterator<Item = Option<u32>>) -> ArrayRef {
    Arc::new(values.collect::<UInt32Array>())
}

pub(super) fn floats(values: impl Iterator<Item = Option<f32>>) -> ArrayRef {
    Arc::new(values.collect::<Float32Array>())
}

pub(super) fn flags(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(values.collect::<BooleanArray>())
}

pub(super) fn lists<'a>(values: impl Iterator<Item = &'a Vec<String>>) -> ArrayRef {
    let item = Field::new("item", DataType::Utf8, false);
    let mut builder = ListBuilder::new(StringBuilder::new()).with_field(item);
    for list in values {
        for value in list {
            builder.values().append_value(value);
        }
        builder.append(true);
    }
    Arc::new(builder.finish())
}

fn facts(row: &PublishedJudgment) -> Option<&DocumentFacts> {
    match &row.document {
        DocumentState::Stored(facts) => Some(facts),
        _ => None,
    }
}

fn status(row: &PublishedJudgment) -> &'static str {
    match row.document {
        DocumentState::Pending => "pending",
        DocumentState::Stored(_) => "stored",
        DocumentState::Missing { .. } => "missing",
    }
}

fn missing_reason(row: &PublishedJudgment) -> Option<&'static str> {
    match row.document {
        DocumentState::Missing { reason } => Some(reason.name()),
        _ => None,
    }
}

/// The rows as a batch of `judgments/`.
pub(super) fn judgments(rows: Rows<'_>) -> Result<RecordBatch, ArrowError> {
    let schema: SchemaRef = judgments_schema();
    let arrays = schema
        .fields()
        .iter()
        .map(|field| match judgment_column(field.name(), rows)? {
            Some(array) => Ok(array),
            None => Err(ArrowError::SchemaError(format!(
                "column {} is not filled",
                field.name()
            ))),
        })
        .collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(schema, arrays)
}

fn judgment_column(name: &str, rows: Rows<'_>) -> Result<Option<ArrayRef>, ArrowError> {
    if let Some(array) = case_column(name, rows) {
        return Ok(Some(array));
    }
    if let Some(array) = document_column(name, rows)? {
        return Ok(Some(array));
    }
    let j = rows.iter().map(|row| &row.judgment);
    let opt = |f: fn(&nirnay_model::Judgment) -> Option<&str>| {
        strings(rows.iter().map(|row| f(&row.judgment)))
    };
    Ok(Some(match name {
        "source" => strings(j.map(|j| Some(j.source.name()))),
        "court_code" => opt(|j| Some(j.court_code.as_str())),
        "court_name" => opt(|j| Some(&j.court_name)),
        "bench_code" => opt(|j| Some(j.bench_code.as_str())),
        "title" => opt(|j| Some(&j.title)),
        "petitioner" => opt(|j| j.petitioner.as_deref()),
        "respondent" => opt(|j| j.respondent.as_deref()),
        "judges" => lists(j.map(|j| &j.judges)),
        "author_judge" => opt(|j| j.author_judge.as_deref()),
        "bench_strength" => Arc::new(j.map(|j| j.bench_strength).collect::<UInt16Array>()),
        "registration_date" => dates(j.map(|j| j.registration_date)),
        "decision_date" => dates(j.map(|j| j.decision_date)),
        "disposal_raw" => opt(|j| j.disposal_raw.as_deref()),
        "disposal" => strings(j.map(|j| j.disposal.map(Disposal::name))),
        "neutral_citation" => {
            strings(j.map(|j| j.neutral_citation.as_ref().map(ToString::to_string)))
        }
        "reporter_citation" => opt(|j| j.reporter_citation.as_deref()),
        "description" => opt(|j| j.description.as_deref()),
        "languages" => lists(j.map(|j| &j.languages)),
        "uploaded_at" => times(j.map(|j| j.uploaded_at)),
        "flags" => lists(j.map(|j| &j.flags)),
        "first_seen" => times(rows.iter().map(|row| Some(row.first_seen))),
        "last_seen" => times(rows.iter().map(|row| Some(row.last_seen))),
        "not_listed_since" => times(rows.iter().map(|row| row.not_listed_since)),
        "row_hash" => hashes(rows.iter().map(|row| Some(row.row_hash)))?,
        "capture_id" => captures(rows.iter().map(|row| Some(&row.capture_id)))?,
        "capture_row" => Arc::new(
            rows.iter()
                .map(|row| Some(row.capture_row))
                .collect::<UInt32Array>(),
        ),
        "row_key" => strings(j.map(|j| Some(RowKey::of(j).as_str().to_owned()))),
        _ => return Ok(None),
    }))
}

/// CNR, case number and diary number, whole and in parts.
fn case_column(name: &str, rows: Rows<'_>) -> Option<ArrayRef> {
    let cnr = rows.iter().map(|row| row.judgment.cnr.as_ref());
    let case = rows.iter().map(|row| row.judgment.case_number.as_ref());
    Some(match name {
        "cnr" => strings(cnr.map(|cnr| cnr.map(Cnr::as_str))),
        "cnr_prefix" => strings(cnr.map(|cnr| cnr.map(Cnr::prefix))),
        "cnr_establishment" => strings(cnr.map(|cnr| cnr.map(Cnr::establishment))),
        "cnr_serial" => Arc::new(cnr.map(|cnr| cnr.map(Cnr::serial)).collect::<UInt32Array>()),
        "cnr_year" => Arc::new(cnr.map(|cnr| cnr.map(Cnr::year)).collect::<UInt16Array>()),
        "order_no" => Arc::new(
            rows.iter()
                .map(|row| row.judgment.order_no)
                .collect::<UInt32Array>(),
        ),
        "case_number" => strings(
            rows.iter()
                .map(|row| row.judgment.case_number_raw.as_deref()),
        ),
        "case_type" => strings(case.map(|case| case.map(|case| case.case_type.as_str()))),
        "case_no" => Arc::new(
            case.map(|case| case.map(|case| case.number))
                .collect::<UInt32Array>(),
        ),
        "case_year" => Arc::new(
            case.map(|case| case.map(|case| case.year))
                .collect::<UInt16Array>(),
        ),
        "diary_number" => strings(rows.iter().map(|row| row.judgment.diary_number.as_deref())),
        _ => return None,
    })
}

fn document_column(name: &str, rows: Rows<'_>) -> Result<Option<ArrayRef>, ArrowError> {
    let facts = rows.iter().map(facts);
    Ok(Some(match name {
        "document_kind" => strings(
            rows.iter()
                .map(|row| Some(row.judgment.document_kind.name())),
        ),
        "document_path" => strings(rows.iter().map(|row| row.judgment.document_path.as_deref())),
        "document_status" => strings(rows.iter().map(|row| Some(status(row)))),
        "document_missing_reason" => strings(rows.iter().map(missing_reason)),
        "document_sha256" => hashes(facts.map(|facts| facts.map(|facts| facts.sha256)))?,
        "document_size" => Arc::new(
            facts
                .map(|facts| facts.map(|facts| facts.size))
                .collect::<UInt64Array>(),
        ),
        "document_pages" => Arc::new(
            facts
                .map(|facts| facts.and_then(|facts| facts.pages))
                .collect::<UInt32Array>(),
        ),
        "document_check" => strings(facts.map(|facts| facts.map(|facts| facts.check.name()))),
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_from_1970() {
        for (text, count) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2026-11-21", 20778),
            ("1800-01-01", -62091),
        ] {
            let day: Date = text.parse().unwrap();
            assert_eq!(days(day), count);
            assert_eq!(date(count), Some(day));
        }
        assert_eq!(date(i32::MAX), None);
    }

    #[test]
    fn every_column_of_the_schema_is_filled() {
        let batch = judgments(&[]).unwrap();
        assert_eq!(batch.num_columns(), judgments_schema().fields().len());
    }
}
