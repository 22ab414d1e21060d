//! The keys of a search reply: which it must have, which it may have.

use serde_json::{Map, Value};

use crate::text;

/// Keys named of one reply.
const MOST_KEYS: usize = 64;

/// The list of rows and all that stands around it.
const NEEDED: [&str; 2] = ["reportrow", "reportrow.aaData"];
/// Either of these is the total.
const TOTALS: [&str; 2] = ["reportrow.iTotalDisplayRecords", "reportrow.iTotalRecords"];
/// Seen in replies, not needed.
const MAY_BE: [&str; 13] = [
    "app_token",
    "captcha_status",
    "court_dtls",
    "errormsg",
    "filename",
    "judge_dtls",
    "message",
    "reportrow.sEcho",
    "reportrow.sSearch",
    "seconds",
    "session_expire",
    "total",
    "year_dtls",
];

/// Names the keys of an object, each behind `prefix`.
pub(super) fn keys(prefix: &str, object: &Map<String, Value>) -> Vec<String> {
    let name = |key: &String| format!("{prefix}{}", text::clip(key, 60));
    object.keys().take(MOST_KEYS).map(name).collect()
}

/// The keys without which there is no page.
pub(super) fn usual() -> Vec<String> {
    let all = NEEDED.iter().chain(TOTALS.first());
    all.map(|key| (*key).to_owned()).collect()
}

/// What is new (`+key`) or missing (`-key`), sorted.
pub(super) fn differences(keys: &[String]) -> Vec<String> {
    let is = |list: &[&str], key: &String| list.contains(&key.as_str());
    let mut out: Vec<String> = keys
        .iter()
        .filter(|key| !is(&NEEDED, key) && !is(&TOTALS, key) && !is(&MAY_BE, key))
        .map(|key| format!("+{key}"))
        .collect();
    let has = |wanted: &str| keys.iter().any(|key| key == wanted);
    out.extend(
        NEEDED
            .iter()
            .filter(|key| !has(key))
            .map(|key| format!("-{key}")),
    );
    if !TOTALS.iter().any(|key| has(key)) {
        out.extend(TOTALS.first().map(|key| format!("-{key}")));
    }
    out.sort();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_or_missing_is_named() {
        let keys = |list: &[&str]| list.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let usual = keys(&[
            "reportrow",
            "reportrow.aaData",
            "reportrow.iTotalRecords",
            "total",
        ]);
        assert_eq!(differences(&usual), Vec::<String>::new());
        let changed = keys(&["reportrow", "reportrow.rows", "reportrow.iTotalRecords"]);
        assert_eq!(
            differences(&changed),
            ["+reportrow.rows", "-reportrow.aaData"]
        );
    }
}
