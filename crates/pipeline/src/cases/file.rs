//! Questions from a table: a CSV or Parquet file with CNRs, or case numbers.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use nirnay_model::service_place;
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
        // As the portal prints it, and `sci search --csv` after it: the year of the case is another.
        if let Some((number, year)) = self.get("diary").and_then(|diary| diary.split_once('/')) {
            let read = |name: &str, text: &str| format!("{name} {text:?} is no number that can be");
            return Ok(Question::SciDiary {
                number: number.parse().map_err(|_| read("diary", number))?,
                year: year.parse().map_err(|_| read("year of the diary", year))?,
            });
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
        let (state, named) = hc_place(court)
            .ok_or_else(|| format!("{court:?} is no High Court; `nirnay courts` lists them"))?;
        let bench = self.get("bench").map(str::to_owned).or(named);
        Ok(Question::HcNumber {
            state,
            bench: bench.unwrap_or_else(|| "1".to_owned()),
            case_type: case_type?,
            number: number?,
            year: year?,
        })
    }
}

/// The portal's `state_code` of a High Court, which stands behind the `~` of its compound code, and the bench that the name
/// names.
fn hc_place(name: &str) -> Option<(String, Option<String>)> {
    let (court, bench) = service_place(name)?;
    let (_, state) = court.portal_code.split_once('~')?;
    Some((state.to_owned(), bench.map(|bench| bench.code.clone())))
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
    for (name, place) in COLUMNS.iter().zip(&places) {
        let Some(field) = place.and_then(|at| schema.fields().get(at)) else {
            continue;
        };
        if !is_read(field.data_type()) {
            return Err(broken(&format!(
                "the column {name} has the type {}; write it as text or as whole numbers",
                field.data_type()
            )));
        }
    }
    let mut lines = Vec::new();
    for batch in builder.build().map_err(|error| broken(&error))? {
        let batch = batch.map_err(|error| broken(&error))?;
        let column = |place: &Option<usize>| Some(Column::of(batch.columns().get((*place)?)?));
        let columns: Vec<Option<Column<'_>>> = places.iter().map(column).collect();
        for row in 0..batch.num_rows() {
            if lines.len() >= MOST_ROWS {
                return Err(too_many(path));
            }
            let cells = columns.iter().map(|column| column.as_ref()?.text(row));
            lines.push((lines.len() + 1, line(cells)));
        }
    }
    Ok(lines)
}

/// Whether values of this type can be a part of a question.
fn is_read(kind: &DataType) -> bool {
    match kind {
        DataType::Null => true,
        DataType::Dictionary(_, values) => {
            !matches!(**values, DataType::Dictionary(_, _)) && is_read(values)
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Float32 | DataType::Float64 => true,
        kind => kind.is_integer(),
    }
}

/// A column of a batch; of one with a dictionary, its values and where each row's stands.
struct Column<'a> {
    rows: &'a ArrayRef,
    dictionary: Option<(&'a ArrayRef, Vec<usize>)>,
}

impl<'a> Column<'a> {
    fn of(rows: &'a ArrayRef) -> Self {
        let dictionary = rows.as_any_dictionary_opt();
        // An empty one has no place for any row.
        let dictionary = dictionary.filter(|dictionary| !dictionary.values().is_empty());
        Self {
            rows,
            dictionary: dictionary.map(|of| (of.values(), of.normalized_keys())),
        }
    }

    fn text(&self, row: usize) -> Option<String> {
        match &self.dictionary {
            Some((values, places)) if self.rows.is_valid(row) => cell(values, *places.get(row)?),
            Some(_) => None,
            None => cell(self.rows, row),
        }
    }
}

/// A text or whole number as text. Programs write whole numbers as floating ones where some are missing.
fn cell(array: &ArrayRef, row: usize) -> Option<String> {
    if !array.is_valid(row) {
        return None;
    }
    macro_rules! number {
        ($kind:ty) => {
            array.as_primitive::<$kind>().value(row).to_string()
        };
    }
    let whole = |number: f64| {
        let whole = number.fract() == 0.0 && number.abs() < 1e15;
        if whole {
            format!("{number:.0}")
        } else {
            number.to_string()
        }
    };
    Some(match array.data_type() {
        DataType::Float32 => whole(array.as_primitive::<Float32Type>().value(row).into()),
        DataType::Float64 => whole(array.as_primitive::<Float64Type>().value(row)),
        DataType::Int8 => number!(Int8Type),
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
    use std::sync::Arc;

    use arrow_array::{
        BooleanArray, DictionaryArray, Float64Array, Int16Array, Int64Array, LargeStringArray,
        RecordBatch, UInt16Array,
    };
    use parquet::arrow::ArrowWriter;

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
    fn a_court_by_any_of_its_names() {
        let list = read(
            "court,bench,case_type,number,year\nDLHC,,1,2,2024\nbombay-nagpur,,1,2,2024\n\
             Bombay High Court,3,1,2,2024\n7_26,,1,3,2024\n",
        );
        let at = |question: &Question| match question {
            Question::HcNumber { state, bench, .. } => (state.clone(), bench.clone()),
            other => panic!("{other}"),
        };
        let places: Vec<(String, String)> = list.unwrap().iter().map(at).collect();
        let of = |state: &str, bench: &str| (state.to_owned(), bench.to_owned());
        assert_eq!(
            places,
            [of("26", "1"), of("1", "4"), of("1", "3"), of("26", "1")]
        );
    }

    #[test]
    fn a_diary_number_as_printed() {
        let list = read("cnr,number,diary,case_year\n,C.A. 4323/1999,834/1997,1999\n").unwrap();
        let asked = Question::SciDiary {
            number: 834,
            year: 1997,
        };
        assert_eq!(list, [asked]);
        assert!(read("diary\n/0\n").unwrap_err().contains("diary \"\""));
    }

    fn parquet(columns: Vec<(&str, ArrayRef)>) -> Result<Vec<Question>, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cases.parquet");
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, array)| (name, array, true)),
        );
        let batch = batch.unwrap();
        let file = File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        read_questions(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn parquet_however_programs_type_their_columns() {
        let courts: DictionaryArray<Int8Type> = vec![Some("delhi"), None, Some("delhi")]
            .into_iter()
            .collect();
        let list = parquet(vec![
            ("court", Arc::new(courts)),
            (
                "cnr",
                Arc::new(LargeStringArray::from(vec![
                    None,
                    Some("DLHC010001232024"),
                    None,
                ])),
            ),
            (
                "case_type",
                Arc::new(Int16Array::from(vec![Some(134), None, Some(7)])),
            ),
            (
                "number",
                Arc::new(Float64Array::from(vec![
                    Some(5.0),
                    None,
                    Some(12_345_678.0),
                ])),
            ),
            (
                "year",
                Arc::new(UInt16Array::from(vec![Some(2024), None, Some(2023)])),
            ),
        ]);
        let list: Vec<String> = list.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(list.len(), 3, "{list:?}");
        assert!(list[0].contains("134") && list[0].contains('5'), "{list:?}");
        assert!(list[1].contains("DLHC010001232024"), "{list:?}");
        assert!(list[2].contains("12345678"), "{list:?}");
        let why = parquet(vec![("cnr", Arc::new(BooleanArray::from(vec![true])))]).unwrap_err();
        assert!(why.contains("the column cnr has the type Boolean"), "{why}");
        let why = parquet(vec![
            ("diary", Arc::new(Float64Array::from(vec![1.5]))),
            ("year", Arc::new(Int64Array::from(vec![2024]))),
        ]);
        assert!(why.unwrap_err().contains("\"1.5\""));
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
