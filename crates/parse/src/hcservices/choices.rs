//! Lists to choose from: `0~Select Bench#1~Principal Bench at Delhi#`.

use nirnay_model::Choice;

use super::plain;
use crate::body::unknown;
use crate::flat::words;
use crate::{Refusal, Reply, page};

/// No list has more entries.
const MOST: usize = 20_000;

/// Reads the benches of a High Court.
pub fn benches(body: &[u8]) -> Reply<Vec<Choice>> {
    read(body).into()
}

/// Reads the case types of a bench.
pub fn case_types(body: &[u8]) -> Reply<Vec<Choice>> {
    read(body).into()
}

fn read(body: &[u8]) -> Result<Vec<Choice>, Refusal> {
    let text = plain::text_of(body)?;
    if text.starts_with('<') {
        return Err(page::classify(&text).map_or_else(
            |refusal| refusal,
            |body| body.unexpected("a list of choices"),
        ));
    }
    if !text.contains('~') || text.starts_with('{') {
        return Err(plain::refusal(&text));
    }
    let mut out: Vec<Choice> = Vec::new();
    for (at, entry) in text.split('#').enumerate() {
        if entry.trim().is_empty() {
            continue;
        }
        if at >= MOST {
            return Err(unknown(format!("a list of more than {MOST} choices")));
        }
        // A name may hold a number sign (`&#039;`): what has no code belongs to the entry before.
        let coded = entry.split_once('~').filter(|(code, _)| is_code(code));
        match (coded, out.last_mut()) {
            (Some((code, name)), _) => out.push(Choice {
                code: code.trim().to_owned(),
                name: name.to_owned(),
            }),
            (None, Some(last)) => {
                last.name.push('#');
                last.name.push_str(entry);
            }
            (None, None) => {
                return Err(unknown(format!(
                    "an entry without a code: {:?}",
                    crate::text::clip(entry, 60)
                )));
            }
        }
    }
    for choice in &mut out {
        choice.name = words(&choice.name);
        if choice.name.contains("&#") {
            // Some names are encoded twice.
            choice.name = words(&choice.name);
        }
    }
    out.retain(|choice| choice.code != "0" && !choice.name.to_lowercase().starts_with("select"));
    Ok(out)
}

fn is_code(code: &str) -> bool {
    let code = code.trim();
    (1..=24).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'^' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_what_is_none() {
        let list = |text: &str| {
            let list = read(text.as_bytes())?.into_iter();
            Ok::<_, Refusal>(list.map(|c| (c.code, c.name)).collect::<Vec<_>>())
        };
        let of = |code: &str, name: &str| (code.to_owned(), name.to_owned());
        assert_eq!(
            list("\u{feff}0~Select Case Type#134~W.P.(C)(CIVIL WRITS)-134#27~A &#039;B&#039; ~C#")
                .unwrap(),
            [of("134", "W.P.(C)(CIVIL WRITS)-134"), of("27", "A 'B' ~C")]
        );
        assert_eq!(list("0~Select Bench#").unwrap(), []);
        assert_eq!(list("\u{feff}").unwrap_err(), Refusal::Empty);
        assert_eq!(
            list("Invalid Request..!!!").unwrap_err(),
            Refusal::SessionExpired
        );
    }
}
