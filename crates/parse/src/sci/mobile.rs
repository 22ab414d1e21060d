//! The listing of the court's mobile application, as it is kept in files.

use jiff::civil::Date;
use nirnay_model::Case;
use serde_json::Value;

use super::search::mobile_case;
use crate::body::unknown;
use crate::{Refusal, Reply, json};

/// Reads a listing: `{"data":[{…}],"error":0}`. The service sometimes puts a query of its own in front; of such a
/// reply the object behind it is read.
pub fn mobile_listing(body: &[u8], today: Date) -> Reply<Vec<Case>> {
    read(body, today).into()
}

fn read(body: &[u8], today: Date) -> Result<Vec<Case>, Refusal> {
    if body.len() > 64 << 20 {
        return Err(unknown(format!(
            "{} bytes in place of a listing",
            body.len()
        )));
    }
    let text = String::from_utf8_lossy(body);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() {
        return Err(Refusal::Empty);
    }
    let text = if text.starts_with('{') {
        text
    } else {
        let at = text
            .find("{\"data\"")
            .ok_or_else(|| crate::message::loose_text(text))?;
        text.get(at..).unwrap_or("")
    };
    let value =
        json::parse(text).map_err(|error| unknown(format!("JSON that cannot be read: {error}")))?;
    if let Some(error) = value.get("error").filter(|error| error.as_u64() != Some(0)) {
        return Err(Refusal::PortalError {
            message: json::head(error, 200),
        });
    }
    let Some(Value::Array(rows)) = value.get("data") else {
        return Err(unknown("a listing without `data`"));
    };
    let read = |(at, row): (usize, &Value)| {
        let row = row
            .as_object()
            .ok_or_else(|| unknown(format!("row {at} is no object")))?;
        mobile_case(row, today).map_err(|why| unknown(format!("row {at}: {why}")))
    };
    rows.iter().enumerate().map(read).collect()
}
