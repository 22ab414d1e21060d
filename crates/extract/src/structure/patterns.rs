//! The expressions that are made of lists of words.
//!
//! All of them are run by an engine that is linear in the text.

use super::pattern::Pattern;

/// An alternation of words, the longest first, any white space for a space.
fn any_of<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let mut words: Vec<&str> = words.map(String::as_str).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
        .iter()
        .map(|word| {
            regex::escape(word)
                .replace("\\ ", "\\s+")
                .replace(' ', "\\s+")
        })
        .collect::<Vec<_>>()
        .join("|")
}

/// The word between the sides; group 1 is the word.
pub(crate) fn versus(words: &[String]) -> Pattern {
    Pattern::new(&format!(
        r"(?i)(?:^|[\s.:(\-_…)/])({})(?:[\s.:)\-_,/]|$)",
        any_of(words.iter())
    ))
}

/// A role; group 1 is the word with its plural mark.
pub(crate) fn role<'a>(words: impl Iterator<Item = &'a String>) -> Pattern {
    Pattern::new(&format!(
        r"(?i)(?:^|[\s.:,;/\-_\])…]|\d)((?:{})(?:\s?\(s\)|/s\b|\.s\b|'s\b)?)(?:[^\p{{L}}\p{{M}}]|$)",
        any_of(words)
    ))
}

/// A date in figures or words: groups `d`, `m` and `y` with 1 to 4 behind them; 4 is one behind the number of an
/// order and a slash.
pub(crate) fn date<'a>(months: impl Iterator<Item = &'a String>) -> Pattern {
    Pattern::of_any_script(&format!(
        concat!(
            r"(?i)(?:^|[^\d/.\-]|[^\d]-)(?:\d{{1,3}}\s?/\s?(?P<d4>\d{{1,2}})[.\-](?P<m4>\d{{1,2}})[.\-](?P<y4>\d{{4}})(?:[^\d/\-]|$)",
            r"|(?P<d1>\d{{1,2}})\s?[./\-]\s?(?P<m1>\d{{1,2}})\s?[./\-]\s?(?P<y1>\d{{4}}|\d{{2}})(?:[^\d/\-]|$)",
            r"|(?P<d2>\d{{1,2}})\s*(?:st|nd|rd|th|ನೇ|वीं|वें|वी|ஆம்|ம்|వ|তম|ই|ઠ્ઠી|મી)?[\s,\-]*(?:(?:day\s+)?of\s+)?(?P<m2>{months})[\s.,\-]{{0,4}}(?P<y2>\d{{4}})",
            r"|\b(?P<m3>{months})[\s.]{{1,3}}(?P<d3>\d{{1,2}})\s*(?:st|nd|rd|th)?[\s,.\-]{{1,4}}(?P<y3>\d{{4}}))"
        ),
        months = any_of(months)
    ))
}

/// The label at the end of what stands before a date; group 1 is the label.
pub(crate) fn date_label<'a>(labels: impl Iterator<Item = &'a String>) -> Pattern {
    Pattern::new(&format!(
        r"(?i)(?:^|[^\p{{L}}\p{{M}}])({})(?:\s+(?:on|this|the|this\s+the))?[\s:;.,\-=%]*(?:the\s+)?$",
        any_of(labels)
    ))
}

/// A number and a year with what stands between: groups `label`, `number`, `year`; `label2` and
/// `year2` where the number's place was left blank.
pub(crate) fn number(labels: &[String], of: &[String]) -> Pattern {
    Pattern::of_any_script(&format!(
        concat!(
            r"(?i)(?P<label>\b(?:{labels})\b?[.,]?(?:\s?\(s\))?\.?[\s:;.\-]*)?",
            r"(?P<number>\d{{1,8}}(?:\s?(?:-|to|,|&|and)\s?\d{{1,8}}){{0,60}})\s?(?:\([^()\s]{{0,8}}\))?[\s,]{{0,2}}(?:/|\b(?:{of})\b|-)\s?(?P<year>(?:18|19|20)\d{{2}}|\d{{2}})(?:[^\d]|$)",
            r"|(?P<label2>\b(?:nos?|numbers?)\b[.,]?(?:\s?\(s\))?[\s:;.\-_]*)(?P<of2>of\s+)(?P<year2>(?:19|20)\d{{2}})(?:[^\d]|$)"
        ),
        labels = any_of(labels.iter()),
        of = any_of(of.iter())
    ))
}

/// "Justice" in English and in the words of other languages.
pub(crate) fn justice(words: &[String]) -> Pattern {
    Pattern::of_any_script(&format!(
        r"(?i)(?:\bjus?t?s?ice\b|(?P<native>{}))[\s.:]*",
        any_of(words.iter())
    ))
}

/// The letters or the word of a judge's office at the beginning of what stands behind a name.
pub(crate) fn office(words: &[String]) -> Pattern {
    Pattern::new(&format!(
        r"^[\s,.*]*(?:A?\.?C\.?\s?J\.?I?\.?|J[Jj]?\.?[Jj]?\.?|JUDGE|(?i:chief justice)|{})(?:[\s,.;:\])&]|$)",
        any_of(words.iter())
    ))
}

/// A line of dots for a signature that ends in the letters or the word of a judge's office.
pub(crate) fn dots(words: &[String]) -> Pattern {
    Pattern::new(&format!(
        r"(?:[.…_\-]\s?){{3,}}\s*[,.]?\s*\(?(?:A?C\.?\s?J\.?I?\.?|J\.?|JUDGE|{})\)?\s*[.,]?\s*$",
        any_of(words.iter())
    ))
}
