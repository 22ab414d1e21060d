//! Advocates as cases name them.

use serde::{Deserialize, Serialize};

/// An advocate: a name and, on High Court pages, a code in brackets behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advocate {
    /// The name without the code.
    pub name: String,
    /// The code that the portal prints behind the name: `6960` of `MR. X Y(6960)`.
    pub code: Option<String>,
}

impl Advocate {
    /// Reads a list as the portals join it: commas without a blank part two names, a comma with a blank
    /// belongs to one (`PP, ASSAM`).
    pub fn list(printed: &str) -> Vec<Self> {
        // Dashes stand where somebody entered no name.
        let is_blank = |name: &str| name.trim().bytes().all(|b| b == b'-');
        let mut out = Vec::new();
        let mut take = |name: &str| {
            if !is_blank(name) {
                out.push(Self::read(name.trim_end_matches([',', ' '])));
            }
        };
        let (mut from, mut at) = (0, 0);
        for piece in printed.split(',') {
            let before = printed.get(from..at).unwrap_or("").trim_end_matches(',');
            let joins = piece.starts_with(' ') && !is_blank(before);
            if at > from && !joins {
                take(before);
                from = at;
            }
            at += piece.len() + 1;
        }
        take(printed.get(from..).unwrap_or(""));
        out
    }

    /// Reads one name.
    pub fn read(printed: &str) -> Self {
        let printed = printed.trim();
        let coded = printed
            .strip_suffix(')')
            .and_then(|rest| rest.rsplit_once('('))
            .filter(|(name, code)| {
                let digits = !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit());
                digits && !name.trim().is_empty()
            });
        match coded {
            Some((name, code)) => Self {
                name: name.trim().to_owned(),
                code: Some(code.to_owned()),
            },
            None => Self {
                name: printed.to_owned(),
                code: None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes() {
        let list = |printed: &str| {
            let list = Advocate::list(printed).into_iter();
            list.map(|a| (a.name, a.code)).collect::<Vec<_>>()
        };
        let of = |name: &str, code: Option<&str>| (name.to_owned(), code.map(str::to_owned));
        assert_eq!(
            list("MS. P S(1234),M/S A (LAW) OFFICES(5678)"),
            [
                of("MS. P S", Some("1234")),
                of("M/S A (LAW) OFFICES", Some("5678"))
            ]
        );
        assert_eq!(list("PP, ASSAM"), [of("PP, ASSAM", None)]);
        assert_eq!(list("A ,B,, "), [of("A", None), of("B", None)]);
        assert_eq!(list(" "), []);
        assert_eq!(
            list("-, A AND B FOR R 2,C"),
            [of("A AND B FOR R 2", None), of("C", None)]
        );
        assert_eq!(list("(12)"), [of("(12)", None)]);
    }
}
