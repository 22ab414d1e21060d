//! Names of people: where they end, and their even form.

use super::words::words;
use super::zone::fold;

/// Words that stand before a name and are no part of it.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "smt",
    "shri",
    "sri",
    "sh",
    "dr",
    "kum",
    "kumari",
    "justice",
    "the",
    "hon'ble",
    "honble",
    "honourable",
    "hon'",
    "thiru",
    "tmt",
    "prof",
    "m/s",
    "ld",
    "learned",
    "hon",
    "chief",
    "lady",
    "km",
    "adv",
    "s/shri",
    "sarvashri",
    "sarvasri",
    "श्री",
    "श्रीमती",
    "न्यायमूर्ति",
    "माननीय",
    "मा",
    "डॉ",
    "सुश्री",
    "कुमारी",
];

/// Words that no name goes on over. Names of courts, cases and dates are found by their own lists.
const STOPS: &[&str] = &[
    "and",
    "on",
    "in",
    "of",
    "at",
    "for",
    "with",
    "versus",
    "vs",
    "v/s",
    "dated",
    "date",
    "order",
    "orders",
    "judgment",
    "judgement",
    "coram",
    "before",
    "between",
    "present",
    "advocate",
    "advocates",
    "counsel",
    "adv",
    "court",
    "high",
    "bench",
    "j",
    "jj",
    "jjj",
    "cj",
    "acj",
    "c",
    "additional",
    "addl",
    "district",
    "chief",
    "senior",
    "civil",
    "special",
    "metropolitan",
    "principal",
    "presiding",
    "judge",
    "member",
    "president",
    "heard",
    "through",
    "respondent",
    "respondents",
    "petitioner",
    "petitioners",
    "appellant",
    "appellants",
    "plaintiff",
    "defendant",
    "applicant",
    "complainant",
    "accused",
    "reserved",
    "pronounced",
    "this",
    "to",
    "by",
    "is",
    "was",
    "has",
    "under",
    "section",
    "reportable",
    "oral",
    "common",
    "date:",
    "whether",
    "per",
    "asj",
    "adj",
    "acmm",
    "cmm",
    "mm",
    "mact",
    "scj",
    "arc",
    "joint",
    "registrar",
    "hjs",
    "dhjs",
    "author",
    "page",
    "no",
    "nos",
    "w.p",
    "crl",
    "state",
    "union",
    "signed",
    "digitally",
    "designated",
    "first",
    "assistant",
    "reserved:",
    "p.c",
    "pc",
    "cav",
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
    "xi",
    "spl",
    "distt",
    "learned",
    "ld",
    "son",
    "wife",
    "daughter",
    "aged",
    "r/o",
    "s/o",
    "w/o",
    "d/o",
    "hearing",
    "decided",
    "delivered",
    "as",
    "jurisdiction",
    "supreme",
    "appearance",
    "from",
    "vacation",
    "officiating",
    "uploaded",
    "chairman",
    "presents",
    "1",
];

/// Titles that begin the next name. `Sri` and `Dr` stand within names too.
const NEW_TITLES: &[&str] = &[
    "hon'ble",
    "honble",
    "honourable",
    "hon",
    "justice",
    "the",
    "mr",
    "mrs",
    "ms",
    "smt",
];

/// The most words of a name.
const MOST_WORDS: usize = 6;

/// Skips titles and white space: the byte the name begins at.
pub(crate) fn skip_titles(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or("");
        let blank = rest.len()
            - rest
                .trim_start_matches(|c: char| {
                    c.is_whitespace() || matches!(c, ':' | '-' | '.' | '(' | '[' | '*')
                })
                .len();
        let rest = rest.get(blank..).unwrap_or("");
        let word_end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':'))
            .unwrap_or(rest.len());
        let word = rest.get(..word_end).unwrap_or("").to_lowercase();
        if word_end == 0 || !TITLES.contains(&word.as_str()) {
            return at + blank;
        }
        at += blank + word_end;
    }
}

/// The length in bytes of the name that `text` begins with, 0 if there is none.
///
/// Initials and capitalised words are names; a comma, a bracket, a figure, a word of [`STOPS`] or of
/// case types ends one, a line end does after the second full word.
pub(crate) fn length(text: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    let mut words_seen = 0;
    let mut full_words = 0;
    while words_seen < MOST_WORDS {
        let rest = text.get(at..).unwrap_or("");
        let begins = rest.len() - rest.trim_start().len();
        if end > 0
            && rest.get(..begins).is_some_and(|gap| gap.contains('\n'))
            && (full_words >= 2 || (full_words == 1 && !is_rest_of_name(rest.trim_start())))
        {
            break;
        }
        if rest
            .get(..begins)
            .is_some_and(|gap| gap.matches('\n').count() > 1)
        {
            break;
        }
        let rest = rest.get(begins..).unwrap_or("");
        let word_len = rest
            .find(|c: char| {
                c.is_whitespace()
                    || matches!(
                        c,
                        ',' | '('
                            | ')'
                            | '['
                            | ']'
                            | ':'
                            | ';'
                            | '&'
                            | '"'
                            | '*'
                            | '+'
                            | '%'
                            | '='
                            | '_'
                            | '@'
                    )
                    || c.is_ascii_digit()
            })
            .unwrap_or(rest.len());
        let word = rest.get(..word_len).unwrap_or("");
        let first_name_follows =
            || full_words == 0 && rest.get(word_len..).is_some_and(begins_with_name);
        let is_initial = word.trim_end_matches('.').len() == 1;
        let goes_on = is_name_word(word) || (is_initial && first_name_follows());
        if !goes_on {
            break;
        }
        if words_seen > 0
            && NEW_TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str())
        {
            break;
        }
        words_seen += 1;
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if letters > 2 && !is_initials(word) {
            full_words += 1;
        }
        let dots = word.len() - word.trim_end_matches('.').len();
        at += begins + word_len;
        end = at;
        let ends_sentence = dots > 1 || (dots == 1 && letters > 3 && !is_initials(word));
        if ends_sentence {
            end -= dots;
            break;
        }
        if text
            .get(at..)
            .is_some_and(|next| !next.starts_with(char::is_whitespace))
        {
            break;
        }
    }
    if full_words == 0 && words_seen < 2 {
        // "J." alone, or a lone initial.
        let letters = text
            .get(..end)
            .unwrap_or("")
            .chars()
            .filter(|c| c.is_alphabetic())
            .count();
        if letters < 3 {
            return 0;
        }
    }
    end
}

/// Whether the first line of `rest` is one or two words of a name and nothing else.
fn is_rest_of_name(rest: &str) -> bool {
    let line = rest.split('\n').next().unwrap_or("").trim();
    let words: Vec<&str> = line
        .trim_end_matches([',', '.', ' '])
        .split_whitespace()
        .collect();
    (1..=2).contains(&words.len())
        && words
            .iter()
            .all(|word| is_name_word(word) && word.chars().all(|c| c.is_alphabetic() || c == '.'))
}

/// Whether the next word of `rest` is an initial or a word of a name.
fn begins_with_name(rest: &str) -> bool {
    rest.split_whitespace().next().is_some_and(|word| {
        is_name_word(word.trim_end_matches([',', ')', ']']))
            && !TITLES.contains(&word.to_lowercase().as_str())
    })
}

fn is_initials(word: &str) -> bool {
    word.split('.').all(|part| part.chars().count() <= 2)
}

fn is_name_word(word: &str) -> bool {
    let Some(first) = word.chars().next() else {
        return false;
    };
    if !first.is_alphabetic() || first.is_lowercase() {
        return false;
    }
    let lower = word.trim_end_matches(['.', '-', '\'']).to_lowercase();
    if lower.is_empty() || STOPS.contains(&lower.as_str()) {
        // `C. Hari`, `V. Kumar`: an initial with its dot, not a numeral or the letter of an office.
        return word.len() == 2 && word.ends_with('.') && !word.starts_with('J');
    }
    words().month(&lower).is_none()
        && !words().is_case_type(&lower)
        && !lower.split('.').any(|part| {
            matches!(part, "no" | "nos") || (part.len() > 2 && words().is_case_type(part))
        })
}

/// A name without titles, brackets and marks, white space folded.
pub(crate) fn even(printed: &str) -> String {
    let at = skip_titles(printed);
    fold(printed.get(at..).unwrap_or(""))
        .trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(c, ',' | ';' | ':' | '-' | '*' | '(' | ')' | '[' | ']' | '"')
        })
        .trim_end_matches(" J")
        .to_owned()
}

/// The letters of a name, lower case, for comparison: initials and full names in one row.
pub(crate) fn letters(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_name_ends() {
        for (text, name) in [
            ("A.D.JAGADISH CHANDIRA\nCont.P.", "A.D.JAGADISH CHANDIRA"),
            ("Anand Byrareddy Criminal Petition No", "Anand Byrareddy"),
            ("SANGEETA K. VISHEN\nDate : 27", "SANGEETA K. VISHEN"),
            ("S. A. BOBDE, J", "S. A. BOBDE"),
            ("ABHAY S. OKA, J.", "ABHAY S. OKA"),
            ("M.Sasidharan Nambiar Dated :21", "M.Sasidharan Nambiar"),
            ("Mehta, J.", "Mehta"),
            ("C. Hari Shankar", "C. Hari Shankar"),
            ("S. J. VAZIFDAR, J. DATE", "S. J. VAZIFDAR"),
            ("K.L.MOHAN\nCont.P.(MD)No.12", "K.L.MOHAN"),
            ("A.D.JAGADISH\nCHANDIRA\nCrl", "A.D.JAGADISH\nCHANDIRA"),
            ("Maheshwari J. The", "Maheshwari"),
            ("D V Shylendra Kumar And", "D V Shylendra Kumar"),
            ("Gita Mittal Hon'Ble Mr. Justice Vipin", "Gita Mittal"),
            ("K.K.Sasidharan W.A.No.1275", "K.K.Sasidharan"),
            ("J.", ""),
            ("the court", ""),
            ("12", ""),
            ("", ""),
        ] {
            assert_eq!(text.get(..length(text)).unwrap(), name, "{text}");
        }
    }

    #[test]
    fn titles_are_no_part_of_a_name() {
        assert_eq!(even("HON'BLE MR. JUSTICE SACHIN  DATTA"), "SACHIN DATTA");
        assert_eq!(even("Smt. Leena Kowe"), "Leena Kowe");
    }
}
