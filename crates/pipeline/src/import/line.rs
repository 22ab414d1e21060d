//! One line of a file of texts.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

/// Longer lines are set aside unread.
pub(super) const MAX_LINE: usize = 256 << 20;
pub(super) const TOO_LONG: &str = "the line is longer than 256 MB";
/// An id is a name, not a text.
const MAX_ID: usize = 512;

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) court: Option<String>,
    pub(super) decided: Option<Date>,
    pub(super) text: String,
}

#[derive(Deserialize)]
struct Raw {
    id: Option<Value>,
    text: Option<Value>,
    title: Option<Value>,
    court: Option<Value>,
    date: Option<Value>,
}

/// Reads a line, or says why it cannot be taken.
pub(super) fn read(bytes: &[u8]) -> Result<Taken, String> {
    let line = std::str::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 from byte {} on", error.valid_up_to()))?;
    let raw: Raw = serde_json::from_str(line).map_err(|error| {
        let place = error.column();
        format!("not a JSON object of the expected shape, at character {place}: {error}")
    })?;
    let id = match raw.id {
        Some(Value::String(id)) => id.trim().to_owned(),
        Some(Value::Number(id)) => id.to_string(),
        Some(_) => return Err("\"id\" is neither a string nor a number".to_owned()),
        None => return Err("there is no \"id\"".to_owned()),
    };
    if id.is_empty() || id.len() > MAX_ID || id.contains(char::is_control) {
        return Err(format!(
            "\"id\" must have 1 to {MAX_ID} bytes and no control characters"
        ));
    }
    let text = string(raw.text, "text")?.ok_or("there is no \"text\"")?;
    if text.trim().is_empty() {
        return Err("\"text\" is empty".to_owned());
    }
    let date = string(raw.date, "date")?.filter(|date| !date.trim().is_empty());
    let decided = date
        .map(|date| {
            let date = date.trim();
            date.parse::<Date>()
                .map_err(|_| format!("\"date\" is {date:?}, no day of the form YYYY-MM-DD"))
        })
        .transpose()?;
    let named = |value, name| -> Result<Option<String>, String> {
        let text = string(value, name)?;
        Ok(text
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|text| !text.is_empty()))
    };
    Ok(Taken {
        id,
        title: named(raw.title, "title")?,
        court: named(raw.court, "court")?,
        decided,
        text,
    })
}

fn string(value: Option<Value>, name: &str) -> Result<Option<String>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name:?} is not a string")),
    }
}
