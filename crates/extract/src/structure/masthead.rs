//! Where the masthead of a document ends, and what parts it.

use std::ops::Range;
use std::sync::LazyLock;

use super::judge;
use super::parts::{Role, SectionKind, Side};
use super::pattern::Pattern;
use super::words::words;
use super::zone::{Zone, end_of, lines};

/// A masthead without a heading behind it is at most this long, in bytes.
const LONGEST: usize = 12_000;

/// The first parting of the sides lies within this much.
const VERSUS_REACH: usize = 9_000;

/// The masthead: the even text of a zone up to `end`.
#[derive(Debug)]
pub(crate) struct Masthead {
    pub(crate) end: usize,
    /// The heading that ends it.
    pub(crate) heading: Option<(SectionKind, Range<usize>)>,
    /// The words between the sides.
    pub(crate) versus: Vec<Range<usize>>,
    /// Whether they stand within lines.
    pub(crate) within: bool,
    /// The words that name sides.
    pub(crate) roles: Vec<RoleMark>,
}

/// A word that says what the party beside it is.
#[derive(Debug, Clone)]
pub(crate) struct RoleMark {
    pub(crate) role: Role,
    pub(crate) side: Side,
    pub(crate) word: Range<usize>,
    /// Where the dots before the word begin.
    pub(crate) lead: usize,
    /// Whether the party stands behind the word: `PETITIONER: Steel Authority`.
    pub(crate) before_name: bool,
}

static BETWEEN: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?i)\bbetween\s*:?"));
static AND: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?m)(?:^\s*(?:AND|And)\s*[:\-]*\s*$|\b(?:AND|And|A\s?N\s?D)\s?:)")
});
/// A first sentence: words in small letters, unlike a party's name.
static FIRST_PARAGRAPH: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?m)^\s*(?:1\s*[.)]?\s+)?(?:The [a-z]|This [a-z]|By [a-z]|Heard |Leave granted|Learned [a-z]|We have|In this [a-z]|Rule\.|None (?:appear|present)|Challenge [a-z]|Being aggrieved|At the request|Having heard)[^\n]{24,}",
    )
});
static INLINE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:(?:ORAL |COMMON |CAV |FINAL )?(?:JUDGMENT|JUDGEMENT|ORDER)|P\.\s?C\.)\s*(?:\(|:|-|\.|\d|$)",
    )
});

impl Masthead {
    /// Finds the masthead at the beginning of `zone`.
    pub(crate) fn of(zone: &Zone) -> Self {
        let text = zone.text();
        let first_versus = versus(text, VERSUS_REACH).0.first().map_or(0, |v| v.end);
        let (mut end, heading) = bounds(text, first_versus);
        end = end.min(text.len());
        let head = zone.get(0..end);
        let (versus, within) = versus(head, end);
        Self {
            end,
            versus,
            within,
            roles: roles(head),
            heading,
        }
    }
}

fn bounds(text: &str, first_versus: usize) -> (usize, Option<(SectionKind, Range<usize>)>) {
    let limit = text.floor_char_boundary(first_versus + LONGEST);
    let mut lines_seen = 0;
    for (at, line) in lines(text) {
        if at > limit {
            break;
        }
        lines_seen += 1;
        if at < first_versus || at < 20 {
            continue;
        }
        if first_versus > 0 && judge::is_author(line) && !is_coram(text.get(..at).unwrap_or("")) {
            return (at, None);
        }
        let title = line.split('(').next().unwrap_or(line);
        let kind = words().heading(line).or_else(|| words().heading(title));
        if let Some(kind) = kind.filter(|kind| ends_masthead(*kind)) {
            return (at, Some((kind, at..at + title.len())));
        }
    }
    let from = first_versus.max(20);
    let rest = text.get(from..limit).unwrap_or("");
    let flat = lines_seen * 200 < limit;
    let inline = INLINE.find_iter(rest).find(|found| {
        flat || rest
            .get(..found.start())
            .is_some_and(|before| before.ends_with('\n') || before.is_empty())
    });
    if let Some(found) = inline {
        let word = found.as_str();
        let word = word.trim_end_matches(|c: char| !c.is_alphabetic() && c != '.');
        let range = from + found.start()..from + found.start() + word.len();
        if let Some(kind) = words().heading(word) {
            return (range.start, Some((kind, range)));
        }
    }
    // A text without lines has no first line of a paragraph either.
    let end = FIRST_PARAGRAPH
        .find_iter(rest)
        .find(|found| !flat && found.start() > 60)
        .map_or(limit, |found| from + found.start());
    (end, None)
}

/// Whether the lines that end `before` begin a list of judges, which a judge's name goes on.
fn is_coram(before: &str) -> bool {
    let last: Vec<&str> = before
        .lines()
        .rev()
        .filter(|line| !line.trim().is_empty())
        .take(3)
        .collect();
    last.iter().any(|line| {
        let lower = line.to_lowercase();
        ["coram", "before", "present", "bench", "justice", ", j"]
            .iter()
            .any(|word| lower.contains(word))
            || lower.trim_end().ends_with('&')
    })
}

fn ends_masthead(kind: SectionKind) -> bool {
    !matches!(
        kind,
        SectionKind::Appearances | SectionKind::Authorities | SectionKind::Proceedings
    )
}

/// The words between the sides. Where one stands alone on its line, those within lines are names of
/// other cases. Tells too whether they stand within lines.
fn versus(text: &str, reach: usize) -> (Vec<Range<usize>>, bool) {
    let mut alone = Vec::new();
    let mut within = Vec::new();
    let mut at = 0;
    while let Some(found) = words().versus.captures_at(text, at) {
        let Some(word) = found.get(1) else { break };
        at = word.end();
        if word.start() > reach {
            break;
        }
        if is_alone(text, &word.range()) {
            alone.push(word.range());
        } else {
            within.push(word.range());
        }
    }
    for (start, line) in lines(text).take_while(|(at, _)| *at <= reach) {
        let word = line
            .trim()
            .trim_matches(|c: char| c == '.' || c == '-')
            .trim();
        if matches!(word, "v" | "V") {
            let from = start + line.find(word).unwrap_or(0);
            alone.push(from..from + 1);
        }
    }
    if let Some(between) = BETWEEN.find(text.get(..text.floor_char_boundary(reach)).unwrap_or(text))
        && alone.is_empty()
    {
        let and = AND
            .find_at(text, between.end())
            .filter(|found| found.start() <= reach)
            .map(|found| found.range());
        if let Some(and) = and
            && within.first().is_none_or(|first| and.start < first.start)
        {
            return (vec![and], false);
        }
    }
    alone.sort_by_key(|range| range.start);
    if alone.is_empty() {
        (within, true)
    } else {
        (alone, false)
    }
}

/// Whether nothing but marks stands beside a word on its line.
fn is_alone(text: &str, word: &Range<usize>) -> bool {
    let before = text.get(..word.start).unwrap_or("");
    let after = text.get(word.end..).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    let rest = after.split('\n').next().unwrap_or("");
    !line.chars().chain(rest.chars()).any(char::is_alphanumeric)
}

fn roles(text: &str) -> Vec<RoleMark> {
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(found) = words().role.captures_at(text, at) {
        let Some(word) = found.get(1) else { break };
        at = word.end();
        let Some((role, side)) = words().role(word.as_str()) else {
            continue;
        };
        let word = match caption_end(text, &word.range()) {
            Some(end) => word.start()..end,
            None => word.range(),
        };
        at = word.end;
        let before = text.get(..word.start).unwrap_or("");
        let lead = before
            .trim_end_matches(|c: char| {
                c.is_whitespace() || matches!(c, '.' | '-' | '_' | ':' | '…' | '/' | ')' | '*')
            })
            .len();
        let lead = next_boundary(text, lead);
        let gap = text.get(lead..word.start).unwrap_or("");
        let dotted =
            gap.contains("..") || gap.contains(" .") || gap.contains('_') || gap.contains("--");
        let after = text.get(word.end..).unwrap_or("");
        let printed = text.get(word.clone()).unwrap_or("");
        let is_prefix = is_label(before, after);
        if is_mention(before, after, printed, dotted, is_prefix) {
            continue;
        }
        marks.push(RoleMark {
            role,
            side,
            word,
            lead,
            before_name: is_prefix,
        });
    }
    marks
}

/// Where a caption ends that tells what the party was below as well, before its colon: `PETITIONER/ACCUSED NO.2:`, as
/// Kerala prints it above the names.
fn caption_end(text: &str, word: &Range<usize>) -> Option<usize> {
    static BELOW: LazyLock<Pattern> =
        LazyLock::new(|| Pattern::new(r"^\s?/[A-Z][A-Z0-9 .,&()/'\-]{0,60}:\s*(?:\n|$)"));
    let begins = text.get(..word.start)?.trim_end_matches(' ');
    if !(begins.is_empty() || begins.ends_with('\n')) {
        return None;
    }
    let rest = text.get(word.end..)?;
    let rest = rest.get(..rest.floor_char_boundary(80))?;
    let below = BELOW.find(rest)?;
    Some(word.end + below.as_str().find(':')?)
}

/// A closing bracket after a party's name is its own.
fn next_boundary(text: &str, lead: usize) -> usize {
    let rest = text.get(lead..).unwrap_or("");
    lead + (rest.len() - rest.trim_start_matches(')').len())
}

/// Whether a role with this before and behind it labels what follows.
fn is_label(before: &str, after: &str) -> bool {
    let behind = after.trim_start_matches([' ', ')']);
    let at_start = before.trim_end_matches([' ', '\t']).is_empty()
        || before.trim_end_matches(' ').ends_with('\n');
    let after_versus = {
        let lower = end_of(before.trim_end(), 24).to_lowercase();
        lower.ends_with("vs.") || lower.ends_with("vs") || lower.ends_with("versus")
    };
    if behind.starts_with(':') && (at_start || after_versus) && !behind.starts_with(":-\n") {
        return true;
    }
    // `Case No.: Appeal (civil) 5027 of 1999 Petitioner: Nathi Devi Respondent: …`
    let lower = end_of(before.trim_end(), 24).to_lowercase();
    behind.starts_with(": ")
        && !lower.ends_with(['.', ':', '-'])
        && !lower.ends_with("for")
        && !lower.ends_with("for the")
}

/// Whether a role is spoken of and not marked.
fn is_mention(before: &str, after: &str, word: &str, dotted: bool, is_prefix: bool) -> bool {
    if dotted || is_prefix {
        return false;
    }
    let lower: String = before
        .trim_end()
        .chars()
        .rev()
        .take(16)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect::<String>()
        .to_lowercase();
    let lower = lower.trim_end_matches([' ', '\n', '-', ':']);
    let mention = [
        " for", "for the", " the", "learned", " of", " by", "against", " said", " each", "for",
        "no. 1 to", " r", "/", "for res", "this", "that",
    ];
    if lower.ends_with(':') || mention.iter().any(|end| lower.ends_with(end)) {
        return true;
    }
    let behind: String = after.trim_start().chars().take(8).collect();
    let behind = behind.to_lowercase();
    if behind.starts_with("no.")
        || behind.starts_with("nos")
        || behind.starts_with("no ")
        || behind.starts_with("/state")
    {
        return true;
    }
    // In a sentence it is written small; English only, other scripts have no capitals.
    word.chars().next().is_some_and(char::is_lowercase)
        && !before.trim_end_matches(' ').ends_with('\n')
}
