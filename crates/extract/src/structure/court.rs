//! The court that a masthead names, its bench and its jurisdiction.

use std::ops::Range;
use std::sync::LazyLock;

use nirnay_citation::{Identity, Kind as CitationKind, find, own};
use nirnay_model::{PageText, courts};

use super::found::Found;
use super::name;
use super::parts::CourtLevel;
use super::pattern::Pattern;
use super::words::words;
use super::zone::{Zone, end_of, fold};

/// What the masthead says of the court.
#[derive(Debug, Default)]
pub(crate) struct CourtRead {
    pub(crate) court: Option<Found<String>>,
    pub(crate) code: Option<String>,
    pub(crate) level: Option<CourtLevel>,
    pub(crate) bench: Option<Found<String>>,
    pub(crate) jurisdiction: Option<Found<String>>,
    /// The judge of "In the court of NAME, …".
    pub(crate) judge: Option<Found<String>>,
    /// The bytes of the even text that it takes.
    pub(crate) spans: Vec<Range<usize>>,
}

/// What a court that only the document's own citation names is trusted.
const OF_CITATION: f32 = 0.8;

/// Words that may stand between "High Court" and the names of its places.
const JOINTS: &[&str] = &[
    "of",
    "at",
    "for",
    "the",
    "state",
    "judicature",
    "bench",
    "circuit",
    "principal",
    "seat",
    "its",
    "and",
    "union",
    "territory",
    "permanent",
    "sitting",
    "&",
    ":",
    "-",
    ";",
    ",",
    "in",
    "ladakh",
    "to",
    "division",
    "appellate",
    "side",
    "original",
];

/// Designations by which a court below the High Courts is known.
static OFFICE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?i)\b(?:(?:[IVXL]+\s+)?(?:addl?\.?|additional|principal|prl\.?|chief|senior|special|spl\.?|district|distt\.?|metropolitan|judicial|civil|city|family|sessions|session|asstt?\.?|assistant|joint|motor|presiding|first|learned|ld\.?|small|labour|industrial|asj|adj|acmm|cmm|mact|scj|arc|adsj|acj|rent|commercial|j\.?m\.?f\.?c|m\.?m\.?|j\.?m\.?|[ivxl]+\s+addl?\.?)\b",
        r")"
    ))
});

static HIGH: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?i)\bhigh\s*court\b"));
static SUPREME: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?i)\bsupreme\s*court\s*of(?:\s*india)?\b"));
static BELOW: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)\b(?:in|before)\s+the\s+(?:hon'?ble\s+)?court\s+of\b[\s:]*(?:the\s+)?")
});
static TRIBUNAL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:[A-Z][A-Za-z.&,\-' ]{0,60}\s)?(?:tribunal|commission|lok\s+adalat|forum|family\s+court|labour\s+court)\b[^\n]{0,60}",
    )
});
/// One of these stands in all that [`TRIBUNAL`] finds, behind at most 62 characters of ASCII.
static TRIBUNAL_WORD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)tribunal|commission|lok\s+adalat|forum|(?:family|labour)\s+court")
});
static REPORTED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?m)^\s*\[(?:19|20)\d\d\]\s*(?:\d+\s*)?S\.?\s?C\.?\s?R\.?\s*\d+(?:\s*:\s*(?:19|20)\d\d\s*INSC\s*\d+)?",
    )
});
static JURISDICTION: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?i)(?:\b(?:extra-?\s?ordinary|extraordinary|ordinary|ordinry|original|inherent|civil|criminal|appellate|constitutional|writ|special|testamentary|intestate|admiralty|matrimonial|company|advisory|commercial|intellectual|property|rights|review|contempt|and|division|ordinary,|original,|civil,|criminal,)\s+(?:&\s+)?){1,7}jurisdiction\b",
        r"|\bO\.\s?O\.\s?C\.\s?J\.?"
    ))
});

/// Reads the court of the masthead, the even text of `zone` up to `end`.
pub(crate) fn read(zone: &Zone, end: usize) -> CourtRead {
    let text = zone.get(0..end);
    let mut read = CourtRead::default();
    let supreme = SUPREME
        .find_iter(text)
        .map(|found| found.range())
        .find(|range| is_masthead(text, range.start));
    let high = HIGH
        .find_iter(text)
        .map(|found| found.range())
        .filter_map(|range| high_court(text, &range))
        .find(|found| is_masthead(text, found.span.start));
    match (supreme, high) {
        (Some(range), high)
            if high
                .as_ref()
                .is_none_or(|high| range.start < high.span.start) =>
        {
            read.supreme(zone, range, 0.98);
        }
        (_, Some(high)) => read.high(zone, high),
        _ => read.other(zone, end),
    }
    if let Some(found) = JURISDICTION.find(text) {
        let printed = fold(found.as_str());
        read.jurisdiction = Some(zone.found(found.range(), printed.to_uppercase(), 0.95));
        read.spans.push(found.range());
    }
    read
}

/// A court by the token of a neutral citation.
pub(crate) struct Cited {
    pub(crate) court: Found<String>,
    pub(crate) code: String,
    pub(crate) level: CourtLevel,
}

/// The court that the document's own neutral citation names, for those that print no masthead: Allahabad's are of this kind.
pub(crate) fn of_own_citation(
    pages: &[&PageText],
    numbers: &[&str],
    head: &Zone,
    trust: f32,
) -> Option<Cited> {
    let beside = Zone::furniture(pages.iter().take(2).copied(), super::FURNITURE, trust);
    let zones = [head, &beside];
    let mut cited = zones.into_iter().flat_map(|zone| {
        find(zone.text())
            .into_iter()
            .filter(|citation| citation.kind == CitationKind::Neutral)
            .map(move |citation| (zone, citation))
    });
    let first = cited.next()?;
    let texts: Vec<(&str, &str)> = pages
        .iter()
        .map(|page| (page.text.as_str(), page.furniture.as_str()))
        .collect();
    let identity = Identity {
        case_numbers: numbers,
        ..Identity::default()
    };
    let key = own(&texts, identity).key?;
    let (zone, citation) = std::iter::once(first)
        .chain(cited)
        .find(|(_, citation)| citation.key == key)?;
    let court = courts().find(nirnay_citation::court_of(&key)?)?;
    let level = if court.slug == "sci" {
        CourtLevel::Supreme
    } else {
        CourtLevel::High
    };
    let span = bytes(zone.text(), citation.start)..bytes(zone.text(), citation.end);
    Some(Cited {
        court: zone.found(span, court.name.clone(), OF_CITATION),
        code: court.code.to_string(),
        level,
    })
}

/// The byte at which the character number `at` begins.
fn bytes(text: &str, at: usize) -> usize {
    text.char_indices()
        .nth(at)
        .map_or(text.len(), |(byte, _)| byte)
}

/// Whether what begins at `at` stands as a masthead does: first on its line, or after "in the".
fn is_masthead(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("");
    if is_in_sentence(before) {
        return false;
    }
    let line = before.rsplit('\n').next().unwrap_or("").trim_end();
    let alone = !line.chars().any(char::is_alphabetic);
    let length = line.len();
    let line = end_of(line, 64).to_lowercase();
    // Flattened texts have no lines: "in the" counts within the first words only.
    alone
        || ((line.ends_with("in the")
            || line.ends_with("before the")
            || line.ends_with("before the hon'ble")
            || line.ends_with("in")
            || line.ends_with("before"))
            && !line.ends_with("filed in the")
            && (length <= 24 || at < 400))
        || line.ends_with("in the hon'ble")
        || at < 40
}

/// Whether a sentence leads to what stands behind `before`: `which were instituted before the / High Court of Delhi in
/// 2003`. Its words are in small letters; a masthead's `In the` begins a line or follows what has capitals.
fn is_in_sentence(before: &str) -> bool {
    let mut words = end_of(before, 120).split_whitespace().rev().peekable();
    let mut joint = words.next_if(|word| word.eq_ignore_ascii_case("hon'ble"));
    joint = words
        .next_if(|word| word.eq_ignore_ascii_case("the"))
        .or(joint);
    joint = words
        .next_if(|word| {
            ["in", "before", "of", "by", "to", "from"].contains(&word.to_lowercase().as_str())
        })
        .or(joint);
    let is_small = |word: &str| word.starts_with(|c: char| c.is_ascii_lowercase());
    joint.is_some_and(is_small)
        && words.peek().is_some_and(|word| {
            is_small(word) && word.ends_with(|c: char| c.is_alphanumeric() || c == ',')
        })
}

/// A High Court with its places.
struct HighCourt {
    span: Range<usize>,
    slug: String,
}

/// The span of the name around "High Court", and the court it is.
fn high_court(text: &str, range: &Range<usize>) -> Option<HighCourt> {
    let after = text.get(range.end..).unwrap_or("");
    let mut end = range.end;
    let mut at = 0;
    for _ in 0..16 {
        let rest = after.get(at..).unwrap_or("");
        let gap = rest.len() - rest.trim_start().len();
        if rest.get(..gap).is_some_and(|gap| gap.contains("\n\n")) {
            break;
        }
        let rest = rest.get(gap..).unwrap_or("");
        let len = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
        let word = rest.get(..len).unwrap_or("");
        let bare = word
            .trim_matches(|c: char| matches!(c, ',' | ':' | ';' | '-' | '(' | ')'))
            .trim_end_matches('.')
            .to_lowercase();
        if words().is_place(&bare) {
            end = range.end + at + gap + word.trim_end_matches([',', ':', ';', '-', '.']).len();
        } else if !(bare.is_empty() || JOINTS.contains(&bare.as_str())) {
            break;
        } else if bare == "bench" {
            end = range.end + at + gap + word.trim_end_matches([',', ':', ';', '-', '.']).len();
        }
        at += gap + len;
    }
    let mut start = range.start;
    let before = text.get(..range.start).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    for word in line.split_whitespace().rev().take(8) {
        let bare = word
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        if words().is_place(&bare)
            || matches!(
                bare.as_str(),
                "bench" | "of" | "the" | "at" | "circuit" | "and"
            )
        {
            start = word_start(text, word, start);
        } else {
            break;
        }
    }
    let span = trim_joints(text, start..end);
    let lower = fold(text.get(span.clone()).unwrap_or("")).to_lowercase();
    let slug = words().court_of_place(&lower)?.to_owned();
    Some(HighCourt { span, slug })
}

/// Where `word`, a piece of `text` before `limit`, begins.
fn word_start(text: &str, word: &str, limit: usize) -> usize {
    text.get(..limit)
        .and_then(|before| before.rfind(word))
        .unwrap_or(limit)
}

/// A span without the joints it begins with.
fn trim_joints(text: &str, span: Range<usize>) -> Range<usize> {
    let mut start = span.start;
    loop {
        let rest = text.get(start..span.end).unwrap_or("");
        let lower = rest.to_lowercase();
        let Some(joint) = ["the ", "of ", "at ", "and ", " ", "\n"]
            .iter()
            .find(|joint| lower.starts_with(**joint))
        else {
            return start..span.end;
        };
        start += joint.len();
    }
}

impl CourtRead {
    fn supreme(&mut self, zone: &Zone, range: Range<usize>, confidence: f32) {
        let Some(court) = courts().find("sci") else {
            return;
        };
        self.court = Some(zone.found(range.clone(), court.name.clone(), confidence));
        self.code = Some(court.code.to_string());
        self.level = Some(CourtLevel::Supreme);
        self.spans.push(range);
    }

    fn high(&mut self, zone: &Zone, high: HighCourt) {
        let Some(court) = courts().find(&high.slug) else {
            return;
        };
        let printed = zone.get(high.span.clone());
        self.court = Some(zone.found(high.span.clone(), court.name.clone(), 0.97));
        self.code = Some(court.code.to_string());
        self.level = Some(CourtLevel::High);
        let lower = fold(printed).to_lowercase();
        if let Some(seat) = words().seat(&high.slug, &lower) {
            self.bench = Some(zone.found(high.span.clone(), seat.name.clone(), 0.95));
        }
        self.spans.push(high.span);
    }

    /// A court that is neither the Supreme Court nor a High Court by its English name.
    fn other(&mut self, zone: &Zone, end: usize) {
        let text = zone.get(0..end);
        // A footnote ("* Author") may come before it.
        if let Some(found) = REPORTED.find(text).filter(|found| found.start() < 600) {
            self.supreme(zone, found.range(), 0.85);
            return;
        }
        let below = BELOW.find_iter(text).find(|found| {
            let word = found.as_str().split_whitespace().next().map_or(0, str::len);
            !is_in_sentence(text.get(..found.start() + word).unwrap_or(""))
        });
        if let Some(found) = below {
            self.below(zone, found.end(), end);
            return;
        }
        if self.native(zone, end) {
            return;
        }
        let tribunal = TRIBUNAL
            .find_near(text, &TRIBUNAL_WORD, 64)
            .find(|found| is_masthead(text, found.start()) && found.start() < 1500);
        if let Some(found) = tribunal {
            let value = fold(found.as_str());
            self.court = Some(zone.found(found.range(), value, 0.7));
            self.level = Some(CourtLevel::Tribunal);
            self.spans.push(found.range());
        }
    }

    /// "In the court of NAME, DESIGNATION, PLACE": the court is the designation.
    fn below(&mut self, zone: &Zone, at: usize, end: usize) {
        let text = zone.get(at..end);
        let titles = name::skip_titles(text);
        let office = OFFICE.find(text.get(..text.floor_char_boundary(200)).unwrap_or(text));
        let named = name::length(text.get(titles..).unwrap_or(""));
        let office_at = office.map_or(usize::MAX, |found| found.start());
        let mut from = office_at;
        if named > 0 && titles + named <= office_at {
            let span = at + titles..at + titles + named;
            let value = name::even(zone.get(span.clone()));
            self.judge = Some(zone.found(span, value, 0.9));
            from = from.min(
                titles
                    + named
                    + text.get(titles + named..).map_or(0, |rest| {
                        rest.len()
                            - rest
                                .trim_start_matches(|c: char| !c.is_alphanumeric())
                                .len()
                    }),
            );
        }
        if from == usize::MAX {
            from = 0;
        }
        let rest = text.get(from..).unwrap_or("");
        let len = designation(rest);
        if len == 0 {
            return;
        }
        let span = at + from..at + from + len;
        let value = fold(zone.get(span.clone()));
        self.court = Some(zone.found(span, value, 0.85));
        self.level = Some(
            if zone
                .get(at + from..at + from + len)
                .to_lowercase()
                .contains("tribunal")
            {
                CourtLevel::Tribunal
            } else {
                CourtLevel::District
            },
        );
        self.spans.push(at.saturating_sub(16)..at + from + len);
    }

    /// A court named in another language than English.
    fn native(&mut self, zone: &Zone, end: usize) -> bool {
        let text = zone.get(0..end);
        if text.is_ascii() {
            return false;
        }
        let head = text
            .char_indices()
            .nth(700)
            .map_or(text, |(at, _)| text.get(..at).unwrap_or(text));
        for name in &words().native_supreme {
            if let Some(at) = head.find(name.as_str()) {
                self.supreme(zone, at..at + name.len(), 0.9);
                return true;
            }
        }
        for (level, names) in &words().native_courts {
            let first = names
                .iter()
                .filter_map(|name| head.find(name.as_str()))
                .min();
            let Some(at) = first else { continue };
            let start = head
                .get(..at)
                .and_then(|before| before.rfind('\n'))
                .map_or(0, |at| at + 1);
            let len = head
                .get(start..)
                .map_or(0, |rest| rest.find('\n').unwrap_or(rest.len()));
            let line = head.get(start..start + len).unwrap_or("");
            if line.chars().count() > 120 {
                continue;
            }
            let value = fold(line)
                .trim_matches(|c: char| c.is_ascii_punctuation() || c == '।')
                .to_owned();
            self.court = Some(zone.found(start..start + len, value, 0.75));
            self.level = Some(*level);
            self.spans.push(start..start + len);
            return true;
        }
        false
    }
}

/// How much of `text` is the designation of a court: up to a line that is something else, a case
/// number or a party.
fn designation(text: &str) -> usize {
    static END: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            r"(?i)(?:\n\s*(?:present|coram|between|before|dated|versus|vs)\b|\b(?:c\.?c|s\.?c|f\.?i\.?r|c\.?s|m\.?a\.?c|suit|crl?\.?|criminal|case|unique|complaint|cc|cr|execution|appeal|revision|petition|ca|rca|mca|hma|pc|ct|lac|dated|date|in\s+the\s+matter|in\s+re|m/s|state\s+(?:versus|vs?)|regular|memo|ref|gp)\b\.?\s*(?:no|nos|number|case|revision|appeal|petition|:|/|-|of|versus|vs|\d)",
            r"|\n\s*\n|\b(?:state|sh\.?|shri|smt\.?|mr\.?|ms\.?|m/s)\s|\n\s*\d|[=_*]{4})"
        ))
    });
    let end = END.find(text).map_or(text.len(), |found| found.start());
    let limit = text
        .char_indices()
        .nth(160)
        .map_or(text.len(), |(at, _)| at);
    let end = end.min(limit);
    text.get(..end).map_or(0, |piece| {
        piece
            .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '.'))
            .len()
    })
}
