//! The lawyers of a masthead, by side.

use std::ops::Range;
use std::sync::LazyLock;

use super::masthead::RoleMark;
use super::name;
use super::parts::{Counsel, Side};
use super::pattern::Pattern;
use super::words::words;
use super::zone::{Zone, fold};

/// More lawyers than this are not told one by one.
const MOST: usize = 500;

/// `For Petitioner :`, `Counsel for the respondents:`, `Through :`, `(By Sri X, Advocate)`.
static LABEL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?i)\b(?:(?:advocate|counsel|counsels)\s+)?for\s+(?:the\s+)?(?P<role>[\p{L}\p{M}\-]+(?:\s?\(s\)|/s|s)?)(?P<more>(?:\s*/\s*[\p{L}]+)?(?:\s*\(?(?:nos?\.?)?\s*[\d\s,&\-]+(?:and\s*\d+|to\s*\d+)*\)?)?)\s*(?::|\.\.\.|-\s)[\s:\-]*",
        r"|(?m)^\s*for\s+(?P<listed>(?:petitioner|appellant|respondent|applicant|opponent|intervenor)s?\s?\(s\))(?:\s*nos?\.?)?[\d,&\-\s]*",
        r"|\b(?P<through>through)\s*:[\s\-]*|[(\[]\s*(?P<by>by|through)\s*:?\s+(?:sri|shri|smt|mr|ms|mrs|dr|kum|m/s|miss|sh|the)\b|\b(?P<with>(?-i:Through))\s+(?:mr|ms|mrs|shri|sh|smt|dr|sri)\b",
        r"|(?m)^\s*(?P<present>present|appearances?)\s*:?[\-\s]*"
    ))
});
/// What stands behind the names of lawyers: `, learned counsel for the petitioner`.
static TAIL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?i)(?:(?:advocates?|advs?|counsels?|pleaders?|prosecutor|solicitor|a\.?g\.?p|a\.?p\.?p|gp|lawyer|agp|app|standing\s+counsel|hcgp|cgsc|asg|aag|\(\d{2,6}\))[\s.,)\-]*(?:appearing\s+)?|\n\s*|[\p{L}.)]\s*,?\s+)",
        r"(?:for|on\s+behalf\s+of)\s+(?:the\s+)?(?P<role>petitioner|appellant|respondent|applicant|opponent|plaintiff|defendant|complainant|accused|revisionist|opposite\s+part(?:y|ies)|non-applicant|state|claimant|insurance|union)s?\b"
    ))
});
static TITLED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)(?:^|[\s(:,.;&]|i/b)(?:mr|mrs|ms|miss|smt|shri|sri|sh|dr|kum|km|kumari|thiru|श्री|श्रीमती)\s?(?:\.\s*|\s+)(?:(?:mr|ms|mrs|smt|dr)\s?\.\s*)?",
    )
});

/// The lawyers of a text.
#[derive(Debug, Default)]
pub(crate) struct CounselRead {
    pub(crate) counsel: Vec<Counsel>,
    /// The bytes that appearances take.
    pub(crate) spans: Vec<Range<usize>>,
}

/// Reads the appearances of the even text up to `end`.
pub(crate) fn read(
    zone: &Zone,
    end: usize,
    roles: &[RoleMark],
    judges: &[Range<usize>],
) -> CounselRead {
    let text = zone.get(0..end);
    let mut read = CounselRead::default();
    let labels = labels(text, roles);
    let mut unsided = Vec::new();
    for (at, (label, side, bracketed)) in labels.iter().enumerate() {
        let next = labels.get(at + 1).map_or(end, |(next, ..)| next.start);
        let to = label_end(text, label.end, next, *bracketed, roles);
        if side.is_none() {
            // The sides stand behind the names, if anywhere.
            unsided.push(label.start..to);
            continue;
        }
        read.names(zone, label.end..to, *side);
        read.spans.push(label.start..to);
    }
    trailing(zone, end, &mut read, judges);
    for span in unsided {
        read.names(zone, span.clone(), None);
        read.spans.push(span);
    }
    read.spans.sort_by_key(|span| span.start);
    read
}

/// A label of lawyers: its bytes, the side it names, whether a bracket ends what it labels.
type Label = (Range<usize>, Option<Side>, bool);

fn labels(text: &str, roles: &[RoleMark]) -> Vec<Label> {
    let mut labels = Vec::new();
    for found in LABEL.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let start = whole.start();
        if let Some(role) = found.name("role").or_else(|| found.name("listed")) {
            let side = role_of(role.as_str()).map(|(_, side)| side);
            let other = ["state", "prosecution", "defence"];
            if side.is_some() || other.contains(&role.as_str().to_lowercase().as_str()) {
                labels.push((start..whole.end(), side, false));
            }
        } else if found.name("through").is_some() {
            labels.push((start..whole.end(), side_before(roles, start), false));
        } else if let Some(with) = found.name("with") {
            // A party sues "through" its officer; lawyers stand right behind the word of the side.
            let near = roles
                .iter()
                .any(|mark| mark.word.end <= start && start - mark.word.end < 12);
            if near {
                labels.push((start..with.end(), side_before(roles, start), false));
            }
        } else if let Some(by) = found.name("by") {
            labels.push((start..by.end(), side_before(roles, start), true));
        } else {
            let behind = text.get(whole.end()..).unwrap_or("").trim_start();
            let judge = behind.get(..3);
            if !judge.is_some_and(|begins| begins.eq_ignore_ascii_case("hon")) {
                labels.push((start..whole.end(), None, false));
            }
        }
    }
    labels
}

fn role_of(word: &str) -> Option<(super::parts::Role, Side)> {
    words().role(word).or_else(|| {
        let lower = word.to_lowercase();
        lower
            .starts_with("res")
            .then_some((super::parts::Role::Respondent, Side::Second))
    })
}

fn side_before(roles: &[RoleMark], at: usize) -> Option<Side> {
    roles
        .iter()
        .rev()
        .find(|mark| mark.word.start < at)
        .map(|mark| mark.side)
}

/// Where the appearance that begins at `from` ends: at its bracket, an empty line, a side, the coram.
fn label_end(text: &str, from: usize, next: usize, bracketed: bool, roles: &[RoleMark]) -> usize {
    static STOP: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)\n\s*\n|\bcoram\b|\bversus\b|(?:^|\s)-?v/?s\.?-?(?:\s|$)|hon'?ble|honourable|honble|\n\s*(?:dated?|reserved|with|and\s*:?)\b|[=_*]{4,}|-{6,}|\band\s?:|\bdated?\s*:|\breserved\b|\bdate\s+of\b|\bthis\s+(?:writ|criminal|civil|petition|appeal|regular|misc|mfa|rfa|rsa|crl)|\bprayer\b|\b(?:order|judgment)\b",
        )
    });
    let limit = text.floor_char_boundary(next.min(from + 1200));
    let piece = text.get(from..limit).unwrap_or("");
    if bracketed {
        return from
            + piece
                .find([')', ']'])
                .map_or(piece.len().min(300), |at| at + 1);
    }
    let stop = STOP.find(piece).map_or(piece.len(), |found| found.start());
    let role = roles
        .iter()
        .map(|mark| mark.lead)
        .find(|lead| *lead > from)
        .map_or(piece.len(), |lead| lead.saturating_sub(from));
    // A new side begins with a party's name, on a line of its own.
    let stop = if role < stop {
        piece
            .get(..role)
            .and_then(|before| before.rfind('\n'))
            .unwrap_or(stop)
    } else {
        stop
    };
    from + stop
}

impl CounselRead {
    /// Adds the names in `range`: those behind titles, else the first.
    fn names(&mut self, zone: &Zone, range: Range<usize>, side: Option<Side>) {
        let from = range.start;
        let text = zone.get(range);
        let mut any = false;
        for found in TITLED.find_iter(text) {
            let rest = text.get(found.end()..).unwrap_or("");
            let len = name::length(rest);
            if len > 0 {
                any = true;
                self.add(
                    zone,
                    from + found.end()..from + found.end() + len,
                    side,
                    0.9,
                );
            }
        }
        if any {
            return;
        }
        let titles = name::skip_titles(text);
        let len = name::length(text.get(titles..).unwrap_or(""));
        if len > 0 {
            self.add(zone, from + titles..from + titles + len, side, 0.7);
        }
    }

    fn add(&mut self, zone: &Zone, span: Range<usize>, side: Option<Side>, confidence: f32) {
        let value = name::even(zone.get(span.clone()));
        let letters = name::letters(&value);
        let lower = value.to_lowercase();
        if letters.len() < 3
            || self.counsel.len() >= MOST
            || is_office(&letters)
            || [
                "no appearance",
                "none",
                "nil",
                "not",
                "in person",
                "party",
                "govt",
                "government",
                "public",
                "m/s",
            ]
            .iter()
            .any(|word| lower.starts_with(word))
        {
            return;
        }
        if self.counsel.iter().rev().take(64).any(|other| {
            (other.side == side || side.is_none()) && name::letters(&other.found.value) == letters
        }) {
            return;
        }
        self.counsel.push(Counsel {
            found: zone.found(span, value, confidence),
            side,
        });
    }
}

/// `Shri Imtiaz Husain, learned counsel for respondent no. 1.`: the side stands behind the names.
fn trailing(zone: &Zone, end: usize, read: &mut CounselRead, judges: &[Range<usize>]) {
    let text = zone.get(0..end);
    let mut floor = 0;
    for found in TAIL.captures_iter(text) {
        let (Some(whole), Some(role)) = (found.get(0), found.name("role")) else {
            continue;
        };
        let is_taken = |at: usize| read.spans.iter().any(|span| span.contains(&at));
        if is_taken(whole.start()) || is_taken(role.start()) {
            continue;
        }
        let from = names_begin(text, floor, whole.start(), judges);
        let side = match role.as_str().to_lowercase().as_str() {
            "state" | "insurance" | "union" => Some(Side::Second),
            word => role_of(word).map(|(_, side)| side),
        };
        let before = read.counsel.len();
        if from < whole.start() {
            let piece = zone.get(from..whole.end());
            if TITLED.is_match(piece) {
                read.names(zone, from..whole.end(), side);
            }
        }
        if read.counsel.len() > before {
            let to = text.get(role.end()..).map_or(end, |rest| {
                role.end() + rest.find(['\n', '.', ')']).unwrap_or(0).min(40)
            });
            read.spans.push(from..to);
            floor = to;
        } else {
            floor = role.end();
        }
    }
}

/// Where the names before `at` begin: behind the last appearance, judge, rule or full stop of a line,
/// three lines up at most.
fn names_begin(text: &str, floor: usize, at: usize, judges: &[Range<usize>]) -> usize {
    static WALL: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"\n\s*\n|[=_*]{3,}|-{4,}|\.{4,}|(?:[Pp]etitioner|[Rr]espondent|[Aa]ppellant|[Ss]tate|[\d])s?\.\s|(?i:respondents?|petitioners?|appellants?|opponents?|applicants?)\s*(?:\(s\))?\s",
        )
    });
    let mut from = text.ceil_char_boundary(floor.max(at.saturating_sub(260)));
    for judge in judges {
        if judge.end <= at && judge.end > from {
            from = judge.end;
        }
    }
    let piece = text.get(from..at).unwrap_or("");
    let wall = WALL.find_iter(piece).last().map_or(0, |found| found.end());
    from + wall
}

/// `Sr. Advs`, `A.S.G.`, `Amicus Curiae`: what a lawyer is and not who.
fn is_office(letters: &str) -> bool {
    const OFFICES: &[&str] = &[
        "adv",
        "advs",
        "advocate",
        "advocates",
        "sradv",
        "sradvs",
        "senioradvocate",
        "senioradvocates",
        "counsel",
        "asg",
        "asgs",
        "aag",
        "aags",
        "dag",
        "sraag",
        "sraddlag",
        "addlag",
        "ag",
        "sg",
        "aor",
        "solicitorgeneral",
        "additionalsolicitorgeneral",
        "attorneygeneral",
        "advocategeneral",
        "additionaladvocategeneral",
        "solicitorgeneralofindia",
        "attorneygeneralforindia",
        "amicuscuriae",
        "amicus",
        "inperson",
        "appellantinperson",
        "petitionerinperson",
        "respondentinperson",
        "honyassociateeditor",
        "standingcounsel",
        "governmentpleader",
        "hcgp",
        "app",
        "apg",
        "pp",
        "gp",
        "sr",
        "cgsc",
    ];
    OFFICES.contains(&letters)
}

/// The lawyers under a heading of their own, as the Supreme Court Reports print them: names parted by commas and "for
/// the Appellant" behind them, or "Advs. for the Appellant:" before them. Lines break anywhere.
pub(crate) fn under_heading(zone: &Zone) -> Vec<Counsel> {
    static SIDE: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            r"(?i)(?:\b(?:advs?|advocates?|counsels?)\b\.?\s*)?\bfor\s+(?:the\s+)?(?:(?P<role>petitioner|appellant|respondent|applicant|intervenor|intervener|opponent|plaintiff|defendant)s?|appearing\s+parties|parties)\b",
            r"(?:\s?\(s\)|/s\b|/[a-z]+)?(?:\s*\(?nos?\.?\s*[\d,&\-\s]+(?:(?:and|to)\s+\d+)*\)?)?\s*(?P<before>:)?"
        ))
    });
    let text = zone.text();
    let mut read = CounselRead::default();
    // The heading is the first line.
    let mut floor = text.find('\n').map_or(0, |at| at + 1);
    // The side that was named before the names, if that is how they are printed.
    let mut named: Option<Option<Side>> = None;
    for found in SIDE.captures_iter(text) {
        let Some(whole) = found.get(0).filter(|whole| whole.start() >= floor) else {
            continue;
        };
        let role = found.name("role").and_then(|role| role_of(role.as_str()));
        let side = role.map(|(_, side)| side);
        if found.name("before").is_some() {
            if let Some(side) = named {
                read.listed(zone, floor..whole.start(), side);
            }
            named = Some(side);
        } else {
            read.listed(zone, floor..whole.start(), named.unwrap_or(side));
            named = None;
        }
        floor = whole.end();
    }
    if let Some(side) = named {
        read.listed(zone, floor..text.len(), side);
    }
    read.counsel
}

impl CounselRead {
    /// Adds the names of a list parted by commas.
    fn listed(&mut self, zone: &Zone, range: Range<usize>, side: Option<Side>) {
        let text = zone.get(range.clone());
        let mut at = range.start;
        for piece in text.split([',', ';']) {
            // An empty line parts a running head from what goes on.
            let mut from = at;
            at += piece.len() + 1;
            for part in piece.split("\n\n") {
                if let Some(name) = whole_name(part) {
                    self.add(zone, from + name.start..from + name.end, side, 0.8);
                }
                from += part.len() + 2;
            }
        }
    }
}

/// The name in a piece of a list, whatever the lines it is broken over: two words, a word with an initial, or one
/// behind a title.
fn whole_name(piece: &str) -> Option<Range<usize>> {
    // `Lokesh Sinhal, Sr. A.A.G. Akshay Amritanshu`: the comma behind the office was forgotten.
    static OFFICE: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)^(?:sr\.\s*)?(?:a\.\s?a\.\s?g|a\.\s?s\.\s?g|d\.\s?a\.\s?g|advs?|aor)s?\.\s+",
        )
    });
    let trimmed = piece.trim_start_matches(|c: char| c.is_whitespace() || c == '.');
    let office = OFFICE.find(trimmed).map_or(0, |found| found.end());
    let trimmed = trimmed.get(office..)?;
    let begins = piece.len() - trimmed.len();
    let folded = fold(trimmed);
    let lower = folded.to_lowercase();
    // A firm is no lawyer.
    if lower.starts_with("m/s") {
        return None;
    }
    let titles = name::skip_titles(&folded);
    let len = name::length(folded.get(titles..)?);
    let printed = folded.get(titles..titles + len)?;
    let is_titled = folded.get(..titles)?.contains(char::is_alphabetic);
    if len <= 3 || !(is_titled || printed.contains([' ', '.']) || len == folded.len() && len > 4) {
        return None;
    }
    // The same letters in the piece as it stands.
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let place = |count: usize| {
        let marks = trimmed.char_indices().filter(|(_, c)| !c.is_whitespace());
        marks.map(|(at, c)| (at, at + c.len_utf8())).nth(count)
    };
    let before = letters(folded.get(..titles)?);
    let (start, _) = place(before)?;
    let (_, end) = place((before + letters(printed)).checked_sub(1)?)?;
    Some(begins + start..begins + end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nirnay_model::PageText;

    #[test]
    fn lawyers_under_their_heading() {
        use Side::{First, Second};
        for (text, expected) in [
            (
                "D. Dave, Sr. Adv., K. Seth, Prashanth\nR. Dixit, Ms. Misha, M/s. Chambers of K. Seth, Advs. for\nthe Appellants.\n\n\
                 Dr. A.M. Singh, A.S.G., Rohit, Advs. for the\nRespondents/Applicants.",
                vec![
                    ("D. Dave", Some(First)),
                    ("K. Seth", Some(First)),
                    ("Prashanth R. Dixit", Some(First)),
                    ("Misha", Some(First)),
                    ("A.M. Singh", Some(Second)),
                    ("Rohit", Some(Second)),
                ],
            ),
            (
                "Advs. for the Appellant(s):\nVipin S. Rao, Sr. Adv., Aditya\nDikshit.\n\nAdvs. for the Respondent(s):\nMs. A. Bhati, A.S.Gs., Raj\nYadav.",
                vec![
                    ("Vipin S. Rao", Some(First)),
                    ("Aditya Dikshit", Some(First)),
                    ("A. Bhati", Some(Second)),
                    ("Raj Yadav", Some(Second)),
                ],
            ),
            (
                "V. Navare, Sr. Adv., Amicus Curiae, B. Iyer, Sr. A.A.G. Akshay Rao, Advs. for the appearing parties.",
                vec![("V. Navare", None), ("B. Iyer", None), ("Akshay Rao", None)],
            ),
        ] {
            let page = PageText {
                page: 1,
                text: format!("Appearances for Parties\n\n{text}\n"),
                ..PageText::default()
            };
            let counsel = under_heading(&Zone::head([&page].into_iter(), 10_000, 1.0));
            let names: Vec<_> = counsel
                .iter()
                .map(|counsel| (counsel.found.value.as_str(), counsel.side))
                .collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(name, side)| (name.to_owned(), side))
                .collect();
            let names: Vec<_> = names
                .into_iter()
                .map(|(name, side)| (name.to_owned(), side))
                .collect();
            assert_eq!(names, expected, "{text}");
        }
    }
}
