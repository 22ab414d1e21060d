//! Questions from a table: a CSV or Parquet file with CNRs, or case numbers.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use nirnay_model::courts;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::question::{DistrictPlace, Question};
use crate::error::{PipelineError, config_error};

/// The most rows of a file.
const MOST_ROWS: usize = 5_000_000;

/// Columns that a question may be made from.
const COLUMNS: [&str; 12] = [
    "cnr",
    "court",
    "bench",
    "state",
    "district",
    "complex",
    "establishment",
    "side",
    "diary",
    "case_type",
    "number",
    "year",
];

/// What a row must have.
const FORMS: &str = "needs cnr; or court, case_type, number, year (and bench) for a High Court; or state, district, \
    complex, case_type, number, year (and establishment) for a district court; or side, case_type, number, year for \
    the Calcutta High Court's site; or diary, year for the Supreme Court";

/// A row by the names of its columns; empty values are none.
struct Line(Vec<Option<String>>);

impl Line {
    fn get(&self, name: &str) -> Option<&str> {
        let at = COLUMNS.iter().position(|column| *column == name)?;
        self.0.get(at)?.as_deref()
    }

    fn text(&self, name: &str) -> Result<String, String> {
        let value = self.get(name).ok_or_else(|| format!("{name} is empty"))?;
        Ok(value.to_owned())
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T, String> {
        let text = self.text(name)?;
        text.parse()
            .map_err(|_| format!("{name} {text:?} is no number that can be"))
    }

    fn question(&self) -> Result<Question, String> {
        if let Some(cnr) = self.get("cnr") {
            let cnr = cnr
                .parse()
                .map_err(|error: nirnay_model::ParseError| error.to_string())?;
            return Ok(Question::Cnr(cnr));
        }
        if self.get("diary").is_some() {
            return Ok(Question::SciDiary {
                number: self.number("diary")?,
                year: self.number("year")?,
            });
        }
        let (case_type, number) = (self.text("case_type"), self.number("number"));
        let year = self.number("year");
        if self.get("complex").is_some() {
            return Ok(Question::DistrictNumber {
                place: DistrictPlace {
                    state: self.text("state")?,
                    district: self.text("district")?,
                    complex: self.text("complex")?,
                    establishment: self.get("establishment").unwrap_or("").to_owned(),
                },
                case_type: case_type?,
                number: number?,
                year: year?,
            });
        }
        if let Some(side) = self.get("side") {
            return Ok(Question::CalcuttaNumber {
                side: side.to_owned(),
                case_type: case_type?,
                number: number?,
                year: year?,
            });
        }
        let Some(court) = self.get("court") else {
            return Err(FORMS.to_owned());
        };
        let state = hc_state(court)
            .ok_or_else(|| format!("{court:?} is no High Court; `nirnay courts` lists them"))?;
        Ok(Question::HcNumber {
            state,
            bench: self.get("bench").unwrap_or("1").to_owned(),
            case_type: case_type?,
            number: number?,
            year: year?,
        })
    }
}

/// The portal's `state_code` of a High Court: what stands behind the `~` of its compound code.
fn hc_state(name: &str) -> Option<String> {
    let (_, state) = courts().find(name)?.portal_code.split_once('~')?;
    Some(state.to_owned())
}

/// Reads the questions of a file, in its order, each once. One row that cannot be a question refuses the file: what
/// is asked for has to be known before a portal is asked.
///
/// Columns: `cnr`; or `court`, `bench`, `case_type`, `number`, `year`; or `state`, `district`, `complex`,
/// `establishment`, `case_type`, `number`, `year`; or `side`, `case_type`, `number`, `year`; or `diary`, `year`. Others
/// are passed over.
///
/// # Errors
/// [`PipelineError::Config`] with the row, [`PipelineError::Io`].
pub fn read_questions(path: &Path) -> Result<Vec<Question>, PipelineError> {
    let is_parquet = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
    let lines = if is_parquet {
        parquet_lines(path)?
    } else {
        csv_lines(path)?
    };
    let mut questions = Vec::with_capacity(lines.len());
    let mut seen = std::collections::BTreeSet::new();
    for (at, line) in lines {
        let question = line
            .question()
            .map_err(|why| config_error(path, format!("row {at}: {why}")))?;
        if seen.insert(question.to_string()) {
            questions.push(question);
        }
    }
    if questions.is_empty() {
        let what = "it names no case: a header with the columns, and a row a case".to_owned();
        return Err(config_error(path, what));
    }
    Ok(questions)
}

fn too_many(path: &Path) -> PipelineError {
    config_error(path, format!("it has more than {MOST_ROWS} rows; cut it"))
}

/// Where each known column lies.
fn places<'a>(
    path: &Path,
    names: impl Iterator<Item = &'a str>,
) -> Result<Vec<Option<usize>>, PipelineError> {
    let names: Vec<String> = names.map(|name| name.trim().to_ascii_lowercase()).collect();
    let place = |column: &&str| names.iter().position(|name| name == column);
    let places: Vec<_> = COLUMNS.iter().map(place).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("cnr") || has("number") || has("diary") {
        return Ok(places);
    }
    let what = format!("its columns are {}; it {FORMS}", names.join(", "));
    Err(config_error(path, what))
}

fn line(cells: impl Iterator<Item = Option<String>>) -> Line {
    let full = |cell: Option<String>| {
        cell.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    Line(cells.map(full).collect())
}

fn csv_lines(path: &Path) -> Result<Vec<(usize, Line)>, PipelineError> {
    let io = |source| PipelineError::Io {
        path: path.to_owned(),
        source,
    };
    let text = std::fs::read_to_string(path).map_err(io)?;
    let mut records = Records::new(text.trim_start_matches('\u{feff}'));
    let heads = records.next().unwrap_or_default();
    let places = places(path, heads.iter().map(String::as_str))?;
    let mut lines = Vec::new();
    for (at, record) in records.enumerate() {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if lines.len() >= MOST_ROWS {
            return Err(too_many(path));
        }
        let cells = places.iter().map(|place| record.get((*place)?).cloned());
        lines.push((at + 2, line(cells)));
    }
    Ok(lines)
}

/// Records of comma-separated values (RFC 4180).
struct Records<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
}

impl<'a> Records<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text.chars().peekable(),
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        self.rest.peek()?;
        let (mut record, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        while let Some(c) = self.rest.next() {
            match c {
                '"' if quoted && self.rest.peek() == Some(&'"') => {
                    self.rest.next();
                    cell.push('"');
                }
                '"' if quoted => quoted = false,
                '"' if cell.is_empty() => quoted = true,
                ',' if !quoted => record.push(std::mem::take(&mut cell)),
                '\r' if !quoted => {}
                '\n' if !quoted => break,
                c => cell.push(c),
            }
        }
        record.push(cell);
        Some(record)
    }
}

fn parquet_lines(path: &Path) -> Result<Vec<(usize, Line)>, PipelineError> {
    let broken = |error: &dyn std::fmt::Display| config_error(path, error.to_string());
    let file = File::open(path).map_err(|source| PipelineError::Io {
        path: path.to_owned(),
        source,
    })?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| broken(&error))?;
    let schema = builder.schema().clone();
    let places = places(
        path,
        schema.fields().iter().map(|field| field.name().as_str()),
    )?;
    let mut lines = Vec::new();
    for batch in builder.build().map_err(|error| broken(&error))? {
        let batch = batch.map_err(|error| broken(&error))?;
        for row in 0..batch.num_rows() {
            if lines.len() >= MOST_ROWS {
                return Err(too_many(path));
            }
            let cells = places
                .iter()
                .map(|place| cell(batch.columns().get((*place)?)?, row));
            lines.push((lines.len() + 1, line(cells)));
        }
    }
    Ok(lines)
}

/// A text or whole number as text.
fn cell(array: &ArrayRef, row: usize) -> Option<String> {
    if !array.is_valid(row) {
        return None;
    }
    macro_rules! number {
        ($kind:ty) => {
            array.as_primitive::<$kind>().value(row).to_string()
        };
    }
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => array.as_string_view().value(row).to_owned(),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Question>, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cases.csv");
        std::fs::write(&path, text).unwrap();
        read_questions(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn a_table_of_cases() {
        let list =
            read("name,CNR\r\n\"a, \"\"b\"\"\nc\",DLHC01-000123-2024\r\n\r\nd,DLHC010001232024\n")
                .unwrap();
        assert_eq!(
            list,
            [Question::Cnr("DLHC010001232024".parse().unwrap())],
            "each once"
        );
        let list = read(
            "court,state,district,complex,side,diary,case_type,number,year\n\
             delhi,,,,,,134,5,2024\n,8,1,1080010,,,89^2,6,2023\n,,,,WBCHCA,,12,7,2022\n,,,,,228,,,2011\n",
        )
        .unwrap();
        let portals: Vec<&str> = list
            .iter()
            .map(|question| question.portal().name())
            .collect();
        assert_eq!(
            portals,
            ["hc-services", "district-courts", "calcutta-hc", "sci"]
        );
    }

    #[test]
    fn one_bad_row_refuses_the_file() {
        let why = |text: &str| read(text).unwrap_err();
        assert!(why("cnr\nDLHC010001232024\nDLHC\n").contains("row 3"));
        assert!(why("court,case_type,number,year\nnowhere,1,2,2024\n").contains("no High Court"));
        assert!(why("court,case_type,number,year\ndelhi,1,x,2024\n").contains("number \"x\""));
        assert!(why("a,b\n1,2\n").contains("needs cnr"));
        assert!(why("cnr\n").contains("names no case"));
        assert!(why("").contains("needs cnr"));
    }
}
