//! How a judgment ended, and whether it is for the reports.

use std::ops::Range;
use std::sync::LazyLock;

use nirnay_model::Disposal;
use regex::Captures;

use super::found::Found;
use super::parts::{CaseEntry, Relation};
use super::pattern::Pattern;
use super::words::words;
use super::zone::{Zone, fold};

/// A matter with what became of it.
static RESULT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?i)\b(?P<matter>(?-i:[A-Z][A-Z.\-]{1,9}(?:\s?\([A-Z. ]{1,6}\))?)\s?(?:nos?\.?\s?)?\d{1,7}\s?(?:/|of)\s?\d{4}\b|(?:appeals?\d{0,2}|petitions?|applications?|revisions?|suits?|complaints?|matters?|cases?|writs?|s\.?l\.?ps?|reference|plaint|cross-objections?|OP|claims?|rule|notice|bail|same|it|they)\b|(?:w\.?\s?p|c\.\s?a)\b\.?)(?:\s?\(s\))?(?:\s+nos?\.)?",
        r"[^.;\n]{0,80}?(?:\n[^.;\n]{0,60}?)?\b(?:(?P<verb>is|are|stands?|shall\s+stand|deserves?\s+to\s+be|must|be|would)\s*,?\s+(?:and\s+)?(?:(?:hereby|accordingly|therefore|thus|also|to\s+be|liable\s+to\s+be|consequently|be|both|all|finally|being|as\s+such|hence|the\s+same|in\s+the\s+(?:result|circumstances))\s*,?\s*)*",
        r"(?P<what>part(?:ly|ially|y)[\s-]+(?:allowed|decreed)|allowed(?:\s+(?:in\s+part|partly|partially|to\s+(?:the|this|that)\s+extent))?|dismissed(?:\s+(?:as|for)\s+(?:having\s+(?:been|become)\s+)?(?:withdrawn|infructuous|not\s+pressed|default|want\s+of\s+prosecution|non-?\s?prosecution|abated))?|disposed\s+of(?:\s+as\s+(?:withdrawn|infructuous|settled|not\s+pressed))?|disposed\s+off|rejected|remanded|remitted|decreed|closed|withdrawn|transferred|accepted|made\s+absolute|discharged|answered|granted|abated|quashed)",
        r"|(?P<fate>(?:partly\s+)?succeeds?(?:\s+(?:in\s+part|partly))?|fails?))\b",
        r"|\b(?P<voice>we|i|and|to)\s*,?\s+(?P<would>(?:would|must)\s*,?\s+)?(?:(?:hereby|accordingly|therefore|thus|consequently)\s*,?\s+)?(?P<act>(?:partly\s+)?allow|dismiss|dispose\s+of|reject|remand|remit|accept)\s+(?:the\s+|these\s+|this\s+|both\s+|all\s+)?[^.\n]{0,40}?\b(?P<object>appeals?|petitions?|applications?|revisions?|suit|matter|case|same|it)\b",
        r"|(?m)^\s*(?:\(?\d{1,3}\s?[.)]\s*|(?:[A-Z]\.\s?){1,5}\s*)?(?P<line>(?:Appeals?|Petitions?|Applications?|Suits?|Matters?|Revisions?|Writ\s+petitions?|Special\s+leave\s+petitions?|Civil\s+appeals?|Criminal\s+appeals?|Reference)\b(?:\s+nos?\.)?[^.\n]{0,40}?\b(?:allowed|dismissed|disposed\s+of|partly\s+allowed|answered|rejected|remanded|closed)[^\n]{0,30}?)\s*$",
        r"|(?P<crime>\b(?:is|are|stands?|hereby)\s+(?:hereby\s+|accordingly\s+)?(?:acquitted|convicted))\b"
    ))
});
/// One of these stands in all that [`RESULT`] finds.
static OUTCOME_WORD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)allow|dismiss|dispose|reject|remand|remit|decreed|closed|withdrawn|transferred|accept|made\s+absolute|discharged|answered|granted|abated|quashed|acquitted|convicted|(?:succeed|fail)s?[\s.,;]",
    )
});
/// What [`RESULT`] finds begins at most so many characters before such a word (140 and the words between), and ends at
/// most so many behind it.
const RESULT_REACH: (usize, usize) = (320, 110);
/// The label under which the Supreme Court Reports print how a case ended.
static LABEL: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?i)\bresult\s+of\s+the\s+case\s*:"));
/// What stands under that label, the name of who made the headnotes beside it.
static UNDER_LABEL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:part(?:ly|ially)[\s-]+allowed|allowed(?:\s+(?:in\s+part|partly|partially))?|dismissed(?:\s+as\s+(?:withdrawn|infructuous|not\s+pressed))?|disposed\s+of|rejected|remanded|remitted|decreed|closed|answered|abated)\b",
    )
});
static MATTER_UNDER_LABEL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:(?:Civil|Criminal|Writ|Special|Leave|Review|Curative|Contempt|Transfer|Arbitration)\s+)*(?:Appeals?|Petitions?|Applications?|Suits?|Reference|Matters?|Cases?)\b",
    )
});
/// What stands under the label ends within so many bytes.
const LABEL_REACH: usize = 240;
/// What is only supposed: `after a matter is disposed of`.
static SUPPOSED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:if|whether|unless|until|till|once|after|when|where|whenever|before|every|event|as\s+though)\s+(?:[a-z']+\s+){0,3}$",
    )
});
static SUPPOSED_WITHIN: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:if|whether|unless|until|when|where|wherein|whenever|may|should|can|cannot|could|might)\b",
    )
});
static TOLD: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?i)\b(?:was|were|had|came)\b"));
static REPORTED_OF: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?i)\b(?:not|was|were|had|has|which|be|if|when|where)\b"));
/// What somebody asks for.
static ASKED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:submit(?:s|ted)?|contend(?:s|ed)|pray(?:s|ed|ing|er)|argue[ds]|sought|request(?:s|ed)|plead(?:s|ed))\b",
    )
});
/// A matter of the court below.
static BELOW: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:before|in)\s+the\s+(?:learned\s+)?(?:(?-i:[A-Z][a-z]+)\s+){0,3}(?:high|division|trial|tribunal|single|first\s+appellate|lower|appellate|sessions|district|state|national|magistrate|family|labour|special|executing)\b",
    )
});
/// A matter by its kind.
static BROUGHT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:appeals?|petitions?|applications?|revisions?|suits?|complaints?|reference)\b",
    )
});
/// Only the ancillary is disposed of by these.
static ANCILLARY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:pending\s+(?:[a-z/]+\s+){0,2}(?:applications?|petitions?|matters?|proceedings)\b|pending\s+(?:[a-z,/]+\s+){0,3}$|interlocutory\s+applications?|connected\s+miscellaneous|i\.?as?\b|m\.?ps?\b|miscellaneous\s+petitions?|all\s+applications?|misc\.?\s+applications?|applications?\s?(?:\(s\))?,?\s+(?:if\s+any|pending)|bonds?\b|suret(?:y|ies)\b)",
    )
});
static REPORTABLE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?im)^[\s*\d.\[(]*(?P<not>non|not)?[\s\-]*reportable[\s*\])]*$|(?:^|[\s.])(?P<flat>(?P<not2>non-?\s?)?reportable)(?:\s|$)|whether\s+reportable\s*[:\-]+\s*(?P<answer>yes|no)\b|^\s*(?P<afr>a\.?f\.?r\.?|N\.?A\.?F\.?R\.?)\s*$|प्रकाशनीय|(?P<native_not>अप्रकाशनीय)",
    )
});

/// Whether the masthead says that it is for the reports.
pub(crate) fn reportable(zone: &Zone, end: usize) -> Option<Found<bool>> {
    let text = zone.get(0..end);
    let found = REPORTABLE.captures(text)?;
    let whole = found.get(0)?;
    let no = found.name("not").is_some()
        || found.name("not2").is_some()
        || found.name("native_not").is_some()
        || found
            .name("answer")
            .is_some_and(|answer| answer.as_str().eq_ignore_ascii_case("no"))
        || found
            .name("afr")
            .is_some_and(|mark| mark.as_str().to_lowercase().starts_with('n'));
    let sure = if found.name("flat").is_some() {
        0.85
    } else {
        0.97
    };
    Some(zone.found(whole.range(), !no, sure))
}

/// How much a reading of the result is worth beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// A person is acquitted or convicted.
    Person,
    /// Another matter than that of the document, or words that only may end it.
    Aside,
    /// The matter, the case, the same: nothing says which.
    Any,
    /// A matter of the kind that is before the court.
    Ours,
    /// The first matter of the document, by its number.
    Named,
}

/// The matters before the court, by which its own result is told from that of the court below.
#[derive(Debug, Default)]
struct Matters {
    /// Words of which one stands for a matter of the document; empty where nobody knows.
    words: Vec<&'static str>,
    /// Whether it is about bail.
    bail: bool,
    /// The number of the first.
    number: Option<String>,
    /// The numbers of all.
    numbers: Vec<String>,
}

impl Matters {
    fn of(cases: &[CaseEntry]) -> Self {
        let own = cases
            .iter()
            .filter(|case| matches!(case.relation, Relation::Own | Relation::Connected));
        let mut matters = Self::default();
        let mut unknown = false;
        for case in own {
            let lower = case.case_type.to_lowercase();
            let letters: String = lower.chars().filter(char::is_ascii_alphabetic).collect();
            let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
            let is = |types: &[&str]| types.contains(&letters.as_str());
            let before = matters.words.len();
            matters
                .numbers
                .extend(case.number.map(|number| number.to_string()));
            if has(&["appeal"])
                || is(&[
                    "ca", "cra", "crla", "fao", "rfa", "rsa", "mfa", "lpa", "wa", "cma",
                ])
            {
                matters.words.extend(["appeal", "cross-objection"]);
            }
            if has(&["petition", "w.p", "o.p"])
                || is(&[
                    "wp", "wpc", "wpcrl", "cwp", "op", "crlp", "crlmc", "contp", "smw",
                ])
            {
                matters.words.extend(["petition", "writ", "op"]);
            }
            if has(&["slp", "s.l.p", "special leave", "diary"]) {
                matters.words.extend(["appeal", "petition", "slp"]);
            }
            if has(&["application", "bail"]) || is(&["ia", "ma", "cm", "crlma", "cmp"]) {
                matters.words.push("application");
            }
            if has(&["revision"]) || is(&["crr", "crp", "crlrc"]) {
                matters.words.extend(["revision", "petition"]);
            }
            for word in ["suit", "complaint", "reference"] {
                if lower.contains(word) {
                    matters.words.push(word);
                }
            }
            matters.bail |= lower.contains("bail") || lower.contains("application");
            unknown |= matters.words.len() == before;
        }
        if unknown {
            matters.words.clear();
        }
        matters.number = cases
            .iter()
            .find(|case| case.relation == Relation::Own)
            .and_then(|case| case.number)
            .map(|number| number.to_string());
        matters
    }

    fn weight(&self, word: &str) -> Weight {
        if matches!(
            word,
            "matter" | "matters" | "same" | "it" | "they" | "case" | "cases"
        ) {
            Weight::Any
        } else if word.contains(|c: char| c.is_ascii_digit()) {
            if self.is_own_number(word) {
                Weight::Ours
            } else {
                Weight::Aside
            }
        } else if self.words.is_empty()
            || matches!(word, "rule" | "bail")
            || self.words.iter().any(|own| word.starts_with(own))
        {
            Weight::Ours
        } else {
            Weight::Aside
        }
    }

    /// Whether `matter`, a type with its number, is one of the document. Where nobody knows its numbers any may be.
    fn is_own_number(&self, matter: &str) -> bool {
        let mut figures = matter
            .split(|c: char| !c.is_ascii_digit())
            .filter(|figures| !figures.is_empty());
        let number = figures.next().map(|number| number.trim_start_matches('0'));
        self.numbers.is_empty()
            || number.is_some_and(|number| self.numbers.iter().any(|own| own == number))
    }

    /// Whether `words` name the first matter by its number.
    fn names(&self, words: &str) -> bool {
        self.number.as_ref().is_some_and(|number| {
            number.len() > 1
                && words
                    .split(|c: char| !c.is_ascii_digit())
                    .any(|figures| figures == number.as_str())
        })
    }
}

/// What became of the matter: what the label of the reports says, else the last words that end a
/// matter such as those before the court, its first by preference.
pub(crate) fn result(tail: &Zone, cases: &[CaseEntry]) -> Option<Found<Disposal>> {
    let text = tail.text();
    if let Some(label) = LABEL.find_iter(text).last() {
        let to = text.floor_char_boundary(label.end().saturating_add(LABEL_REACH));
        let under = text.get(label.end()..to).unwrap_or("");
        // What is neither allowed nor dismissed (`Directions issued.`) has no class.
        let found = UNDER_LABEL.find(under)?;
        let disposal = disposal(&fold(found.as_str()).to_lowercase())?;
        let before = under.get(..found.start()).unwrap_or("");
        let from = MATTER_UNDER_LABEL.find_iter(before).last();
        let from = from.map_or(found.start(), |matter| matter.start());
        let span = label.end() + from..label.end() + found.end();
        return Some(tail.found(span, disposal, 0.97));
    }
    let matters = Matters::of(cases);
    let mut best: Option<(Weight, Range<usize>, Disposal, f32)> = None;
    let (before, behind) = RESULT_REACH;
    // Some characters have three bytes.
    let bytes = if text.is_ascii() { 1 } else { 2 };
    for found in RESULT.captures_near(text, &OUTCOME_WORD, (before * bytes, behind * bytes)) {
        let Some((weight, span, disposal)) = ending(text, &found, &matters) else {
            continue;
        };
        if best.as_ref().is_some_and(|(other, ..)| *other > weight) {
            continue;
        }
        let sure = match weight {
            _ if found.name("line").is_some() => 0.95,
            Weight::Named => 0.92,
            Weight::Ours => 0.85,
            Weight::Any => 0.75,
            Weight::Aside => 0.6,
            Weight::Person => 0.5,
        };
        best = Some((weight, span, disposal, sure));
    }
    best.map(|(_, span, disposal, sure)| tail.found(span, disposal, sure))
}

/// What a match of [`RESULT`] says, unless it is about something else or only supposed.
fn ending(
    text: &str,
    found: &Captures<'_>,
    matters: &Matters,
) -> Option<(Weight, Range<usize>, Disposal)> {
    let whole = found.get(0)?;
    if let Some(line) = found.name("line") {
        let rest = text.get(whole.end()..).unwrap_or("");
        let is_printed_so = (line.as_str().starts_with(char::is_uppercase)
            || rest.trim().is_empty())
            && !REPORTED_OF.is_match(line.as_str())
            && ends_sentence(text.get(..whole.start()).unwrap_or(""));
        let disposal = disposal(&fold(line.as_str()).to_lowercase())?;
        return is_printed_so.then(|| (Weight::Ours, line.range(), disposal));
    }
    if let Some(crime) = found.name("crime") {
        let disposal = disposal(&fold(crime.as_str()).to_lowercase())?;
        return Some((Weight::Person, crime.range(), disposal));
    }
    let saying = Saying::of(text, found)?;
    if saying.is_aside() || saying.is_of_another(matters) {
        return None;
    }
    let mut weight = saying.weight(matters);
    let to = text.floor_char_boundary(whole.end() + 40);
    if weight == Weight::Ours && matters.names(text.get(whole.start()..to).unwrap_or("")) {
        weight = Weight::Named;
    }
    Some((weight, whole.range(), saying.disposal()?))
}

/// A sentence that may say how a matter ended.
struct Saying<'t> {
    /// The sentence before the matter.
    sentence: &'t str,
    /// From the matter to what became of it.
    before: &'t str,
    /// What stands behind.
    behind: &'t str,
    /// The matter.
    subject: String,
    /// What became of it.
    said: String,
    verb: &'t str,
    /// Who says `allow` or `dismiss`: `we`, `I`, or a joint.
    voice: Option<String>,
    /// Whether they only would.
    would: bool,
}

impl<'t> Saying<'t> {
    fn of(text: &'t str, found: &Captures<'t>) -> Option<Self> {
        let whole = found.get(0)?;
        let words = ["what", "fate", "act"];
        let words = words.iter().find_map(|name| found.name(name))?;
        let before = text.get(whole.start()..words.start())?;
        let to = text.floor_char_boundary(whole.end() + 100);
        let matter = found.name("matter").or_else(|| found.name("object"))?;
        let mut subject = matter.as_str().to_lowercase().replace('.', "");
        // `In this view of the matter the appeal must fail`.
        // `In WPA 12 of 2020 the application is allowed`: nearer than the number.
        let is_loose = matches!(subject.as_str(), "matter" | "case" | "it" | "same")
            || subject.contains(|c: char| c.is_ascii_digit());
        if is_loose && let Some(matter) = BROUGHT.find_iter(before).last() {
            subject = matter.as_str().to_lowercase();
        }
        Some(Self {
            sentence: sentence_before(text, whole.start()),
            before,
            behind: text.get(whole.end()..to)?,
            subject,
            said: fold(words.as_str()).to_lowercase(),
            verb: found.name("verb").map_or("", |verb| verb.as_str()),
            voice: found
                .name("voice")
                .map(|voice| voice.as_str().to_lowercase()),
            would: found.name("would").is_some(),
        })
    }

    /// The rest of the sentence.
    fn rest(&self) -> &'t str {
        self.behind
            .split_once(". ")
            .map_or(self.behind, |(rest, _)| rest)
    }

    fn is_about(&self, subjects: &[&str]) -> bool {
        subjects.contains(&self.subject.as_str())
    }

    /// Whether it tells of what is only ancillary, supposed, asked for, or was decided elsewhere.
    fn is_aside(&self) -> bool {
        let is_told = self.verb == "be" && TOLD.is_match(self.before);
        let is_far = self.is_about(&["it", "they", "same"]) && self.before.len() > 40;
        let joint = match self.voice.as_deref() {
            // A judge who differs.
            Some("i") => self.would,
            Some("to") => !self.sentence.trim_end().ends_with("inclined") || !self.is_plain_act(),
            Some("and") => !self.is_plain_act(),
            _ => false,
        };
        is_told
            || is_far
            || joint
            || ANCILLARY.is_match(self.sentence)
            || ANCILLARY.is_match(self.before)
            || SUPPOSED.is_match(self.sentence)
            || SUPPOSED_WITHIN.is_match(self.before)
            || ASKED.is_match(self.sentence)
            || BELOW.is_match(self.before)
            || (self.voice.is_some() && BELOW.is_match(self.rest()))
    }

    /// Whether it says no more than `allow` or `dismiss`.
    fn is_plain_act(&self) -> bool {
        self.said.ends_with("allow") || self.said == "dismiss"
    }

    /// Whether what became of the matter can be said of another thing only.
    fn is_of_another(&self, matters: &Matters) -> bool {
        let is_rule = self.is_about(&["rule", "notice"]);
        let has = |word: &str| {
            self.sentence.to_lowercase().contains(word) || self.before.to_lowercase().contains(word)
        };
        let unlike = match self.said.as_str() {
            "discharged" => !is_rule,
            "made absolute" => false,
            // `They are allowed to opt.`
            "allowed" => is_rule || self.behind.starts_with(" to "),
            "granted" => is_rule || (!self.is_about(&["bail"]) && !matters.bail && has("leave")),
            // `The same is rejected` is said of a contention.
            "rejected" | "withdrawn" | "closed" | "answered" => {
                is_rule || self.is_about(&["same", "it", "they", "claim", "claims"])
            }
            fate if fate.contains("fail") || fate.contains("succeed") => {
                self.behind.starts_with(" to ")
                    || !(self.subject.starts_with("appeal") || self.subject.starts_with("petition"))
            }
            _ => is_rule,
        };
        // `In case it is accepted`.
        let is_other_number = self.subject.contains(|c: char| c.is_ascii_digit())
            && !matters.is_own_number(&self.subject);
        let in_case =
            self.subject == "case" && self.sentence.trim_end().to_lowercase().ends_with("in");
        unlike || in_case || is_other_number || (self.subject == "bail" && !matters.bail)
    }

    fn weight(&self, matters: &Matters) -> Weight {
        let is_weak = self.would
            || matches!(self.verb, "be" | "would")
            || matches!(self.voice.as_deref(), Some("and" | "to"))
            || matches!(
                self.said.as_str(),
                "granted" | "accepted" | "quashed" | "remanded" | "remitted" | "transferred"
            );
        let weight = matters.weight(&self.subject);
        if is_weak {
            weight.min(Weight::Aside)
        } else {
            weight
        }
    }

    fn disposal(&self) -> Option<Disposal> {
        let extent = self.rest().trim_start().to_lowercase();
        let is_part = ["in part", "partly", "to the extent", "to this extent"]
            .iter()
            .any(|part| extent.starts_with(part));
        match disposal(&self.said)? {
            Disposal::Allowed if self.voice.is_some() && is_part => Some(Disposal::PartlyAllowed),
            disposal => Some(disposal),
        }
    }
}

/// Whether what goes on behind `before` begins a sentence.
fn ends_sentence(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty() || before.ends_with(['.', ':', ';', ')', '-', '_']) || {
        let line = before.rsplit('\n').next().unwrap_or("").trim();
        line.len() < 40 && words().heading(line).is_some()
    }
}

/// The start of the sentence that goes on at `at`.
fn sentence_before(text: &str, at: usize) -> &str {
    let from = text.ceil_char_boundary(at.saturating_sub(120));
    let before = text.get(from..at).unwrap_or("");
    before.rsplit(['.', ';']).next().unwrap_or("")
}

fn disposal(words: &str) -> Option<Disposal> {
    let even = words
        .replace("disposed off", "disposed of")
        .replace("party ", "partly ")
        .replace("remitted", "remanded")
        .replace("remit", "remand")
        .replace("made absolute", "allowed")
        .replace("accepted", "allowed")
        .replace("quashed", "allowed")
        .replace("to the extent", "in part")
        .replace("to this extent", "in part")
        .replace("to that extent", "in part")
        .replace("succeeds", "allowed")
        .replace("succeed", "allowed");
    let even = match even.as_str() {
        "allow" | "accept" => "allowed",
        "partly allow" => "partly allowed",
        "dismiss" | "fail" | "fails" => "dismissed",
        "reject" | "discharged" => "rejected",
        "dispose of" | "answered" => "disposed of",
        other => other,
    };
    Disposal::classify(even)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nirnay_model::PageText;

    fn zone(text: &str) -> Zone {
        let page = PageText {
            page: 1,
            text: text.to_owned(),
            ..PageText::default()
        };
        Zone::head([&page].into_iter(), 10_000, 1.0)
    }

    #[test]
    fn results() {
        for (text, expected) in [
            (
                "17. The same are accordingly dismissed.\n18. The petitions are hereby dismissed.",
                Some(Disposal::Dismissed),
            ),
            (
                "The appeal is partly allowed. Pending applications are disposed of.",
                Some(Disposal::PartlyAllowed),
            ),
            (
                "This petition is disposed of accordingly.",
                Some(Disposal::DisposedOf),
            ),
            (
                "the present petition is dismissed as withdrawn.",
                Some(Disposal::Withdrawn),
            ),
            (
                "Result of the case:\nAppeals allowed.",
                Some(Disposal::Allowed),
            ),
            ("We allow the appeals.", Some(Disposal::Allowed)),
            ("Leave granted. List after two weeks.", None),
            (
                "Pending application(s), if any, shall stand disposed of.",
                None,
            ),
            (
                "The appeal is allowed. The bail bonds shall\n\nstand discharged.",
                Some(Disposal::Allowed),
            ),
            (
                "The appeal is, accordingly, allowed without any order for costs.",
                Some(Disposal::Allowed),
            ),
            (
                "The appeal is allowed. The appellant is acquitted of all the charges.",
                Some(Disposal::Allowed),
            ),
            (
                "It is not necessary that in every case where bail is granted a map be shared.",
                None,
            ),
            (
                "No application can be entertained after a matter is disposed of.",
                None,
            ),
            (
                "Heard.\n3. Petition disposed of.",
                Some(Disposal::DisposedOf),
            ),
            ("Petition dismissed.", Some(Disposal::Dismissed)),
            (
                "The earlier\npetitions which were also dismissed\nare of no help.",
                None,
            ),
            (
                "In that view of the matter this appeal must fail and is accordingly dismissed.",
                Some(Disposal::Dismissed),
            ),
            (
                "We set aside the order of the High Court and dismiss the appeals.",
                Some(Disposal::Dismissed),
            ),
            (
                "Counsel submitted that the petition is liable to be dismissed.",
                None,
            ),
            (
                "As we find no merit in the appeal we dismiss it.",
                Some(Disposal::Dismissed),
            ),
        ] {
            assert_eq!(
                result(&zone(text), &[]).map(|f| f.value),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn under_the_label_of_the_reports() {
        for (text, expected) in [
            (
                "Finding no force in it the suit is decreed.\nHeadnotes prepared by: Result of the case:\n\
                 A. B. Menon, Hony. Associate Editor Appeal allowed.\n(Verified by: C. D., Sr. Adv.)",
                Some((Disposal::Allowed, "Appeal allowed")),
            ),
            (
                "The appeal is dismissed.\nResult of the case: Review Petition allowed and Civil Appeal\ndismissed.",
                Some((Disposal::Allowed, "Review Petition allowed")),
            ),
            (
                "The suit is dismissed.\nResult of the case: Listed for final orders.\n\u{2020}Headnotes prepared by: E. F.",
                None,
            ),
        ] {
            let found = result(&zone(text), &[]);
            let found = found.as_ref().map(|f| (f.value, f.text.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn for_the_reports() {
        for (text, expected) in [
            ("NON-REPORTABLE\nIN THE", Some(false)),
            ("REPORTABLE\nIN", Some(true)),
            ("2024 INSC 408\nNON REPORTABLE\n", Some(false)),
            ("Whether reportable : Yes", Some(true)),
            ("IN THE SUPREME COURT", None),
        ] {
            let zone = zone(text);
            assert_eq!(
                reportable(&zone, zone.text().len()).map(|f| f.value),
                expected,
                "{text}"
            );
        }
    }
}
