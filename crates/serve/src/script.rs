//! Scripts of India in a text, so that a screen reader reads each aloud in its language.

/// The language to read a script in, and whether it runs from right to left. Devanagari stands for several
/// languages; Hindi is by far the most frequent in judgments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tongue {
    pub(crate) lang: &'static str,
    pub(crate) right_to_left: bool,
}

/// The tongue of a letter or mark; `None` for Latin and for what belongs to none.
fn of(c: char) -> Option<Tongue> {
    let lang = match c {
        '\u{0900}'..='\u{0963}' | '\u{0966}'..='\u{097F}' | '\u{A8E0}'..='\u{A8FF}' => "hi",
        '\u{0980}'..='\u{09FF}' => "bn",
        '\u{0A00}'..='\u{0A7F}' => "pa",
        '\u{0A80}'..='\u{0AFF}' => "gu",
        '\u{0B00}'..='\u{0B7F}' => "or",
        '\u{0B80}'..='\u{0BFF}' => "ta",
        '\u{0C00}'..='\u{0C7F}' => "te",
        '\u{0C80}'..='\u{0CFF}' => "kn",
        '\u{0D00}'..='\u{0D7F}' => "ml",
        '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' => "ur",
        _ => return None,
    };
    Some(Tongue {
        lang,
        right_to_left: lang == "ur",
    })
}

/// Cuts a text into stretches of one tongue. Spaces, digits and points go with what is before them; Latin
/// letters end a stretch.
pub(crate) fn stretches(text: &str) -> Vec<(Option<Tongue>, &str)> {
    let mut found = Vec::new();
    let mut current: Option<Tongue> = None;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let next = match of(c) {
            None if !c.is_alphabetic() => current,
            tongue => tongue,
        };
        if next != current {
            if let Some(part) = text.get(start..at).filter(|part| !part.is_empty()) {
                found.push((current, part));
            }
            (current, start) = (next, at);
        }
    }
    if let Some(part) = text.get(start..).filter(|part| !part.is_empty()) {
        found.push((current, part));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_join_to_the_text_and_are_of_one_tongue() {
        let text = "The उच्च न्यायालय, 2024 held; தமிழ் and اردو।";
        let cut = stretches(text);
        let joined: String = cut.iter().map(|(_, part)| *part).collect();
        assert_eq!(joined, text);
        let langs: Vec<&str> = cut
            .iter()
            .map(|(tongue, _)| tongue.map_or("", |tongue| tongue.lang))
            .collect();
        assert_eq!(langs, ["", "hi", "", "ta", "", "ur"]);
        assert_eq!(cut[1].1, "उच्च न्यायालय, 2024 ");
        assert_eq!(stretches(""), []);
        assert_eq!(stretches("plain"), [(None, "plain")]);
    }
}
