//! Words that are operators.

use super::lex::Kind;
use super::tree::Gap;
use crate::QueryError;

/// The largest distance of `/n` and its kin, in words.
pub(crate) const MAX_DISTANCE: u32 = 100;
/// The distance of a bare `near`.
const NEAR: u32 = 10;

/// The operator that a word is, in any case: `and`, `ORR`, `/5`, `w/5`, `near/5`, `near`, `@5`, `pre/5`, `&&`.
pub(super) fn operator(word: &str, position: usize) -> Result<Option<Kind>, QueryError> {
    // The longest is `near/100`.
    if word.len() > 12 || !word.is_ascii() {
        return Ok(None);
    }
    let lower = word.to_ascii_lowercase();
    let (number, ordered) = match lower.as_str() {
        "and" | "andd" | "&&" => return Ok(Some(Kind::And)),
        "or" | "orr" | "||" => return Ok(Some(Kind::Or)),
        "not" | "nott" => return Ok(Some(Kind::Not)),
        "near" => {
            return Ok(Some(Kind::Near(
                Gap {
                    words: NEAR,
                    ordered: false,
                },
                word.to_owned(),
            )));
        }
        "/s" | "/p" => {
            return Err(QueryError::at(
                position,
                format!("{word} (the same sentence or paragraph) is not known here"),
                "write the distance in words: /15 for a sentence, /60 for a paragraph",
            ));
        }
        other => match ["@", "pre/"]
            .iter()
            .find_map(|head| other.strip_prefix(head))
        {
            Some(number) => (number, true),
            None => match ["w/", "near/", "/"]
                .iter()
                .find_map(|head| other.strip_prefix(head))
            {
                Some(number) => (number, false),
                None => return Ok(None),
            },
        },
    };
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    match number.parse::<u32>() {
        Ok(words) if (1..=MAX_DISTANCE).contains(&words) => {
            Ok(Some(Kind::Near(Gap { words, ordered }, word.to_owned())))
        }
        _ => Err(QueryError::at(
            position,
            format!("a distance is from 1 to {MAX_DISTANCE} words"),
            "write bail /5 refused; join words that may stand anywhere with AND",
        )),
    }
}

/// Whether a bracket after this word begins a group, whatever the word looks like.
pub(super) fn is_operator(word: &str) -> bool {
    matches!(operator(word, 0), Ok(Some(_)) | Err(_))
}
