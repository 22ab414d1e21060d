//! Titles cut into parties.

/// The two sides of a title.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parties {
    pub(crate) first: Option<String>,
    pub(crate) second: Option<String>,
    /// More than one separator: the cut is at the first.
    pub(crate) ambiguous: bool,
}

/// Cuts a folded title at the word between the parties. `Vs` as the portals print it comes before
/// every other spelling, so that initials such as `VS` in a name do not cut.
pub(crate) fn split(title: &str) -> Parties {
    let words: Vec<&str> = title.split(' ').collect();
    let exact =
        |word: &&str| matches!(*word, "Vs" | "Vs." | "VS." | "versus" | "Versus" | "VERSUS");
    let loose = |word: &&str| {
        let word = word.to_ascii_lowercase();
        matches!(
            word.as_str(),
            "vs" | "vs." | "v/s" | "v/s." | "versus" | "v."
        )
    };
    let mut found: Vec<usize> = positions(&words, exact);
    if found.is_empty() {
        found = positions(&words, loose);
    }
    let Some(&at) = found.first() else {
        return Parties::default();
    };
    let side = |words: &[&str]| Some(words.join(" ")).filter(|text| !text.is_empty());
    Parties {
        first: words.get(..at).and_then(side),
        second: words.get(at + 1..).and_then(side),
        ambiguous: found.len() > 1,
    }
}

fn positions(words: &[&str], is_separator: impl Fn(&&str) -> bool) -> Vec<usize> {
    words
        .iter()
        .enumerate()
        .filter(|(_, word)| is_separator(word))
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_seen() {
        for (title, first, second, ambiguous) in [
            ("A B Vs C D", Some("A B"), Some("C D"), false),
            (
                "M. VS RAO Vs STATE",
                Some("M. VS RAO"),
                Some("STATE"),
                false,
            ),
            ("A VS B", Some("A"), Some("B"), false),
            ("A VS. B", Some("A"), Some("B"), false),
            ("A versus B", Some("A"), Some("B"), false),
            ("A V/S B", Some("A"), Some("B"), false),
            ("A Vs", Some("A"), None, false),
            ("Vs B", None, Some("B"), false),
            ("A Vs B Vs C", Some("A"), Some("B Vs C"), true),
            ("IN RE A", None, None, false),
        ] {
            let parties = split(title);
            assert_eq!(
                (
                    parties.first.as_deref(),
                    parties.second.as_deref(),
                    parties.ambiguous
                ),
                (first, second, ambiguous),
                "{title}"
            );
        }
    }
}
