//! The parties of a masthead: what stands on either side of "versus".

use std::ops::Range;
use std::sync::LazyLock;

use super::masthead::{Masthead, RoleMark};
use super::name;
use super::parts::{Party, Role, Side};
use super::pattern::Pattern;
use super::words::words;
use super::zone::{Zone, fold};

/// More parties than this are not told one by one.
const MOST: usize = 500;

/// The longest name of a party, in bytes.
const LONGEST: usize = 240;

/// Where a name ends and its description begins.
static DESCRIPTION: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::of_any_script(concat!(
        r"(?i)(?:[\s,(;]|\b)(?:[swdchr]\s?/\s?[o0]\b\.?|(?:son|daughter|wife|widow|husband|mother|father|resident|residents|inhabitant)s?\s+of\b|",
        r"aged\b|age\s*[:\-]|age\s+about|residing\b|rep(?:resented|\.|td\.?)?\s*(?:by|through)\b|r/by\b|r/p\b|by\s+(?:the\s+)?(?:state|public|secretary|inspector|sub-?\s?inspector|police|principal)\b|rep\.\s|thro(?:ugh)?\b|thr\.|through\b|having\s+(?:its|his|their)|",
        r"a\s+(?:company|society|firm|partnership|private)\b|registered\s+under|incorporated\s+under|occ(?:upation)?\s*[:.\-]|by\s+(?:its|his|her|their)\b|",
        r"at\s+post\b|presently\b|carrying\s+on|working\s+as|suing\s+|all\s+(?:r/o|residents|are)|both\s+(?:r/o|residents|sons)|since\s+deceased|\(since|\(deceased|\(dead|advocate|also\s+at|aetat|formerly\b|(?:h\.?\s?no|flat|plot|door|house|shop|room)\s*(?:no)?\.?\s*[\d:]|no\.\s?\d|original\s+(?:complainant|accused|plaintiff|defendant)|\(?(?:previously|earlier)\s+(?:named|known)\b|\(now\b|being\s+the|proprietor|prop\.|u/s|under\s+section|p\.?\s?s\.\s|fir\b|f\.i\.r|आ\.\s|जिला|पिता|पुत्र|पति|उम्र|आत्मज|निवासी|द्वारा)"
    ))
});
static NUMBERED: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?:^|[\s.,;)\]])\(?(\d{1,3})\s?[.)]\s?\)?"));
/// A list whose numbers have no stop, each on a line of its own: Kerala's `1 STATE OF KERALA`.
static BARE_NUMBER: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?:^|\n)\s*(\d{1,3})\s[A-Z]"));
static OTHERS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)[\s,]*(?:&|\band\b|एवं|व|ಮತ್ತು|और|ও)?[\s,]*(?:\(?\d{1,3}\)?\s*)?(?:\b(?:ors?|anr|anrs|others?|another)\b|अन्य|ಇತರರು|ಇತರರ|অন্যান্য|ഒാര്‍സ്)[\s.,;)]*(?:etc\.?\s*)*$",
    )
});
/// What ends a name for good, wherever it stands.
static AND_OTHERS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)(?:&|\band)\s+(?:\(?\d{1,3}\)?\s*)?(?:ors|anr|anrs|others|another|other)\b\.?",
    )
});
/// Lines of a masthead that belong to nobody.
static NOISE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?im)^[\s=_*\-~.]{5,}$|[=_*]{4,}|-{6,}|^\s*(?:with|and|along\s*with|connected\s+with|in\s+the\s+matter\s+of[\s:\-]*|in\s+re[\s:\-]*|memo\s+of\s+parties|between\s*:?|cause\s*title|prayer\b.*|reportable|non-?\s?reportable|a\.?f\.?r\.?)\s*[:\-]*\s*$|",
        r"\bin\s+the\s+matters?\s+of\b[\s:\-]*|\bbetween\s*:|\bin\s+re\s*[:.]\s|\b[WI]TH\b\s*$|\bmemo\s+of\s+parties\b|\b(?:judgment|order)\s+reserved\b|\bnon-?\s?reportable\b|\breportable\b|^\s*item\s+no[^\n]*$|\(for\s+[^)\n]{3,80}\)|\ba\.\s?f\.\s?r\.",
        r"|^\s*with\s|^\s*prayer\b|\b(?:petition|appeal|application|revision|plea)s?\s+(?:is\s+)?(?:filed\s+)?under\s+(?:section|article|order)|\bunder\s+(?:section|article)s?\b|\bu/s\b|\bp\.?s\.?\s*:|\bpolice\s+station\s*:|\bfir\s+no|\bdate\s+(?:of|on)\b|\bdated?\s*:|\breserved\s+(?:on|for)\b|\bpronounced\s+on\b|\bdecided\s+on\b|\bheard\s+on\b|\b(?:present|before|coram|bench)\s*:|\bcoram\b|\bhon'?ble\b|\bhonourable\b|\brecord\s+of\s+proceedings\b|^\s*court\s+(?:no\.?\s*)?\d+\b[^\n]*$|^\s*section\s+[ivx]+[\-\w]*\s*$|\bunique\s+(?:i\s?d|case)[^\n]{0,40}?\d{6,}\w*"
    ))
});

/// Reads the parties; `stops` are the bytes taken by other things, in order, among them case numbers if it
/// `has_number`.
pub(crate) fn read(
    zone: &Zone,
    masthead: &Masthead,
    stops: &[Range<usize>],
    has_number: bool,
) -> Vec<Party> {
    let text = zone.get(0..masthead.end);
    let mut walls: Vec<Range<usize>> = stops.to_vec();
    walls.extend(NOISE.find_iter(text).map(|found| found.range()));
    walls.extend(arisen(text));
    walls.sort_by_key(|range| range.start);
    let mut reader = Reader {
        zone,
        masthead,
        walls,
        parties: Vec::new(),
        has_number,
    };
    if masthead.versus.is_empty() {
        reader.by_roles();
    } else {
        reader.by_versus();
    }
    reader.parties
}

/// What a matter arose from, in its brackets: `(Arising out of … passed by the High Court …)`.
fn arisen(text: &str) -> Vec<Range<usize>> {
    static ARISING: LazyLock<Pattern> =
        LazyLock::new(|| Pattern::new(r"(?i)[(\[]\s*arising\s+(?:out\s+of|from)\b"));
    const LONGEST: usize = 800;
    let mut found = Vec::new();
    for opening in ARISING.find_iter(text) {
        let to = text.floor_char_boundary(opening.start() + LONGEST);
        let mut depth = 0_i32;
        for (at, c) in text.get(opening.start()..to).unwrap_or("").char_indices() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                found.push(opening.start()..opening.start() + at + 1);
                break;
            }
        }
    }
    found
}

struct Reader<'a> {
    zone: &'a Zone,
    masthead: &'a Masthead,
    walls: Vec<Range<usize>>,
    parties: Vec<Party>,
    /// Whether a case number stands in the masthead.
    has_number: bool,
}

impl Reader<'_> {
    fn by_versus(&mut self) {
        let versus = self.masthead.versus.clone();
        let mut from = 0;
        for (matter, parting) in versus.iter().enumerate() {
            let next = versus
                .get(matter + 1)
                .map_or(self.masthead.end, |next| next.start);
            let mut around = from..next;
            if self.masthead.within {
                around = self.own_line(parting, around);
            }
            let before = self.parties.len();
            self.first_side(&(around.start..parting.start), matter as u32);
            if self.masthead.within && self.parties.len() == before {
                // A word within a sentence.
                from = parting.end;
                continue;
            }
            from = self.second_side(&(parting.end..around.end), matter as u32);
        }
        // Where nothing else says that it is a case, one side alone is none.
        let has = |side| self.parties.iter().any(|party| party.side == side);
        let is_half = !has(Side::First) || (self.masthead.within && !has(Side::Second));
        if !self.has_number && is_half {
            self.parties.clear();
        }
    }

    /// Where scripts without capitals name both sides on one line, it is all there is to the names.
    fn own_line(&self, parting: &Range<usize>, around: Range<usize>) -> Range<usize> {
        let before = self.zone.get(around.start..parting.start);
        let behind = self.zone.get(parting.end..around.end);
        let begins = before.rfind('\n').map_or(0, |at| at + 1);
        let ends = behind.find('\n').unwrap_or(behind.len());
        let is_native = |piece: &str| piece.chars().any(|c| c > '\u{2ff}' && c.is_alphabetic());
        if is_native(before.get(begins..).unwrap_or(""))
            && is_native(behind.get(..ends).unwrap_or(""))
        {
            around.start + begins..parting.end + ends
        } else {
            around
        }
    }

    fn marks(&self, range: &Range<usize>, side: Side) -> Vec<RoleMark> {
        self.masthead
            .roles
            .iter()
            .filter(|mark| mark.side == side && range.contains(&mark.word.start))
            .cloned()
            .collect()
    }

    fn first_side(&mut self, range: &Range<usize>, matter: u32) {
        let marks = self.marks(range, Side::First);
        if let Some(label) = marks.iter().find(|mark| mark.before_name) {
            let span = label.word.end..range.end;
            let end = self.wall_within(&span).unwrap_or(span.end);
            self.add_all(span.start..end, Some(label.role), Side::First, matter);
            return;
        }
        let before = self.parties.len();
        let mut floor = range.start;
        for mark in &marks {
            let from = self.last_wall_before(mark.lead, floor);
            self.add_all(from..mark.lead, Some(mark.role), Side::First, matter);
            floor = mark.word.end;
        }
        // `1. X ... Petitioner 2. Y Vs`: the word of the side stands behind the first only.
        if self.goes_on(floor..range.end) {
            let end = self.wall_within(&(floor..range.end)).unwrap_or(range.end);
            let role = marks.first().map(|mark| mark.role);
            self.add_all(floor..end, role, Side::First, matter);
        }
        if self.parties.len() == before {
            let role = marks.first().map(|mark| mark.role);
            let end = marks.first().map_or(range.end, |mark| mark.lead);
            let from = self.last_wall_before(end, range.start);
            self.add_all(from..end, role, Side::First, matter);
        }
        if self.parties.len() == before {
            // The role stands above the names, or something else stands between them and "versus".
            let from = self.name_before(range.end, range.start);
            self.add_all(
                from,
                marks.first().map(|mark| mark.role),
                Side::First,
                matter,
            );
        }
    }

    /// Whether a list of parties goes on here with a number above one.
    fn goes_on(&self, range: Range<usize>) -> bool {
        NUMBERED
            .captures(self.zone.get(range))
            .and_then(|found| Some((found.get(0)?.start(), found.get(1)?.as_str().parse().ok()?)))
            .is_some_and(|(at, number): (usize, u32)| at < 4 && number > 1)
    }

    /// The last stretch between two walls before `at` that has letters.
    fn name_before(&self, at: usize, floor: usize) -> Range<usize> {
        let mut end = at;
        for wall in self
            .walls
            .iter()
            .rev()
            .filter(|wall| wall.start >= floor && wall.end <= at)
        {
            let piece = self.zone.get(wall.end..end);
            if piece.chars().filter(|c| c.is_alphabetic()).count() > 2 {
                return wall.end..end;
            }
            end = wall.start;
        }
        floor..end
    }

    /// Reads the second side of a matter; returns where the next matter may begin.
    fn second_side(&mut self, range: &Range<usize>, matter: u32) -> usize {
        let marks = self.marks(range, Side::Second);
        let other = self
            .marks(range, Side::First)
            .first()
            .map_or(range.end, |mark| mark.lead);
        let mut floor = range.start;
        let mut any = false;
        for mark in &marks {
            if any && mark.word.start > other {
                break;
            }
            if mark.before_name {
                let end = self
                    .wall_within(&(mark.word.end..range.end))
                    .unwrap_or(range.end);
                self.add_all(mark.word.end..end, Some(mark.role), Side::Second, matter);
                return end;
            }
            if any && self.wall_within(&(floor..mark.lead)).is_some() {
                // Another matter or the appearances began.
                break;
            }
            let end = self.wall_within(&(floor..mark.lead)).unwrap_or(mark.lead);
            let before = self.parties.len();
            self.add_all(floor..end, Some(mark.role), Side::Second, matter);
            any |= self.parties.len() > before;
            floor = mark.word.end;
            if end < mark.lead && any {
                break;
            }
        }
        let goes_on = self.goes_on(floor..range.end);
        if !any || goes_on {
            let end = self
                .wall_within(&(floor..other.max(floor)))
                .unwrap_or(other.max(floor));
            let role = marks.first().map(|mark| mark.role);
            self.add_all(floor..end, role, Side::Second, matter);
            floor = end.min(range.end);
        }
        floor
    }

    /// `M. Posham and another.. Appellants S. Kalavathi and others.. Respondents`.
    fn by_roles(&mut self) {
        let mut floor = 0;
        let (mut first, mut second) = (0, 0);
        for mark in self.masthead.roles.clone() {
            if mark.before_name {
                let span = mark.word.end..self.masthead.end;
                let next = self
                    .masthead
                    .roles
                    .iter()
                    .find(|next| next.word.start > mark.word.start)
                    .map_or(span.end, |next| next.word.start);
                let end = self.wall_within(&(span.start..next)).unwrap_or(next);
                self.add_all(span.start..end, Some(mark.role), mark.side, 0);
                continue;
            }
            let seen = if mark.side == Side::First {
                &mut first
            } else {
                &mut second
            };
            *seen += 1;
            if *seen > 1 {
                break;
            }
            let from = self.last_wall_before(mark.lead, floor);
            self.add_all(from..mark.lead, Some(mark.role), mark.side, 0);
            floor = mark.word.end;
        }
        // One side alone, by a word that any text may hold, is none.
        let has = |side| self.parties.iter().any(|party| party.side == side);
        if !has(Side::First) || (!has(Side::Second) && !self.has_number) {
            self.parties.clear();
        }
    }

    /// The end of the last wall that ends at or before `at`, `floor` at least.
    fn last_wall_before(&self, at: usize, floor: usize) -> usize {
        let behind = self.walls.partition_point(|wall| wall.start < at);
        self.walls
            .get(..behind)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(64)
            .map(|wall| wall.end)
            .filter(|end| *end <= at)
            .max()
            .unwrap_or(0)
            .max(floor)
    }

    /// Where the first wall within `range` begins.
    fn wall_within(&self, range: &Range<usize>) -> Option<usize> {
        let from = self.walls.partition_point(|wall| wall.start < range.start);
        self.walls
            .get(from)
            .map(|wall| wall.start)
            .filter(|start| *start < range.end)
    }

    /// Adds the party or the numbered parties of `range`.
    fn add_all(&mut self, range: Range<usize>, role: Option<Role>, side: Side, matter: u32) {
        let from = range.start;
        for piece in numbered(self.zone.get(range)) {
            if self.parties.len() >= MOST {
                return;
            }
            self.add(from + piece.start..from + piece.end, role, side, matter);
        }
    }

    fn add(&mut self, range: Range<usize>, role: Option<Role>, side: Side, matter: u32) {
        let (from, whole) = (range.start, range.end);
        let Some(span) = name_span(self.zone.get(range)) else {
            return;
        };
        let span = from + span.start..from + span.end;
        let printed = fold(self.zone.get(span.clone()));
        let value = even(&printed);
        if value.chars().filter(|c| c.is_alphabetic()).count() < 2 {
            return;
        }
        if is_no_name(&value) {
            // Numbers and remarks that no word tells stand above the name, an empty line between.
            let piece = self.zone.get(from..whole);
            if let Some(at) = piece
                .rfind("\n\n")
                .filter(|at| piece.get(*at..).is_some_and(|rest| !rest.trim().is_empty()))
            {
                self.add(from + at + 2..whole, role, side, matter);
            }
            return;
        }
        let confidence = if role.is_some() { 0.93 } else { 0.8 };
        self.parties.push(Party {
            found: self.zone.found(span, value, confidence),
            role,
            side,
            matter,
        });
    }
}

/// Whether what stands where a party would is something else: a sentence, a provision, letters without sense.
fn is_no_name(value: &str) -> bool {
    /// More words than the names of authorities have; other languages need fewer.
    const MOST_WORDS: usize = 32;
    const MOST_NATIVE_WORDS: usize = 11;
    let lower = value.to_lowercase();
    if value.starts_with(|c: char| c.is_ascii_lowercase()) && !lower.starts_with("m/s") {
        return true;
    }
    let is_native = |c: char| c > '\u{2ff}' && c.is_alphabetic();
    let native = value.chars().any(is_native);
    let most = if native {
        MOST_NATIVE_WORDS
    } else {
        MOST_WORDS
    };
    let year = value
        .split(|c: char| !c.is_ascii_digit())
        .any(|figures| figures.len() > 3);
    // Letters of two scripts in one word come of a broken table.
    let broken = native
        && value.split_whitespace().any(|word| {
            word.chars().any(|c| c.is_ascii_alphabetic()) && word.chars().any(is_native)
        });
    value.split_whitespace().count() > most
        || (native && year)
        || broken
        || words().is_no_party(&lower)
}

/// The pieces of a list `1. … 2. …`; the whole where it is none.
fn numbered(text: &str) -> Vec<Range<usize>> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut expected = 1;
    let mut at = 0;
    while let Some(found) = NUMBERED.captures_at(text, at) {
        let (Some(whole), Some(number)) = (found.get(0), found.get(1)) else {
            break;
        };
        // The stop of one number may be what stands before the next: `737 101. 2. The State`.
        at = number.end();
        let number: usize = number.as_str().parse().unwrap_or(0);
        // A list begins at once, or with 1 behind a caption that names nobody.
        let begins = number > 0 && (whole.start() <= 6 || (number == 1 && whole.start() < 400));
        if starts.is_empty() && !begins {
            continue;
        }
        if starts.is_empty() {
            expected = number;
        }
        if number == expected {
            starts.push((whole.start(), whole.end()));
            expected += 1;
        }
    }
    if starts.is_empty() {
        starts = bare_numbered(text);
    }
    if starts.is_empty() {
        return std::iter::once(0..text.len()).collect();
    }
    let mut pieces = Vec::with_capacity(starts.len());
    for (at, (_, from)) in starts.iter().enumerate() {
        let to = starts.get(at + 1).map_or(text.len(), |(start, _)| *start);
        pieces.push(*from..to.max(*from));
    }
    pieces
}

/// Where the numbers of a list without stops begin and end; it begins at once and with 1, unlike `24 PARGANAS`.
fn bare_numbered(text: &str) -> Vec<(usize, usize)> {
    let mut starts = Vec::new();
    for found in BARE_NUMBER.find_iter(text) {
        let number = found.as_str().get(..found.len() - 1).unwrap_or("").trim();
        let is_next = number.parse() == Ok(starts.len() + 1);
        if is_next && (!starts.is_empty() || found.start() <= 6) {
            starts.push((found.start(), found.end() - 1));
        }
    }
    starts
}

/// The name that a piece begins with, without what describes it.
fn name_span(piece: &str) -> Option<Range<usize>> {
    let is_edge = |c: char| {
        c.is_whitespace()
            || (c.is_ascii_punctuation() && !matches!(c, '(' | '@' | '"'))
            || matches!(c, '।' | '•' | '·')
    };
    let start = piece.len() - piece.trim_start_matches(is_edge).len();
    let rest = piece.get(start..)?;
    let mut end = rest.len();
    if let Some(found) = DESCRIPTION.find_iter(rest).find(|found| found.start() > 1) {
        end = end.min(found.start());
    }
    if let Some(found) = AND_OTHERS.find(rest) {
        end = end.min(found.end());
    }
    end = end.min(first_line_end(rest)).min(unopened_bracket(rest));
    let limit = rest
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= LONGEST)
        .last()
        .unwrap_or(0);
    if end > limit && limit + 4 < rest.len() {
        end = limit;
    }
    let name = rest.get(..end)?;
    let keep = name.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '_' | '/' | '(' | '[' | '*' | '=')
    });
    let keep = keep.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{2026}');
    let dots = keep.len() - keep.trim_end_matches('.').len();
    let len = if dots > 1 {
        keep.trim_end_matches(['.', ' ']).len()
    } else {
        keep.len()
    };
    (len > 0).then_some(start..start + len)
}

/// Where a name ends by its lines: at one that ends in a comma, which an address follows, or before an
/// empty one. A name in capitals goes on over its comma in capitals.
fn first_line_end(text: &str) -> usize {
    let is_capital =
        |line: &str| !line.chars().any(char::is_lowercase) && line.chars().any(char::is_uppercase);
    let mut at = 0;
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        at += line.len();
        let next = lines.peek().copied().unwrap_or("");
        let address =
            line.trim_end().ends_with([',', ')']) && !(is_capital(line) && is_capital(next));
        if at >= 3 && !line.trim().is_empty() && (address || next.trim().is_empty()) {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// Where the first bracket closes that was not opened: the rule at the right of a Bombay masthead.
fn unopened_bracket(text: &str) -> usize {
    let mut depth = 0_i32;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return at;
        }
    }
    text.len()
}

/// A party's name without titles and without "and others".
fn even(printed: &str) -> String {
    let lower = printed.to_lowercase();
    let bare = match OTHERS.find(printed) {
        Some(found) if found.start() > 0 => printed.get(..found.start()).unwrap_or(printed),
        _ => printed,
    };
    let keep_title = ["the ", "m/s", "m/s.", "dr"]
        .iter()
        .any(|title| lower.starts_with(title));
    let from = if keep_title {
        0
    } else {
        name::skip_titles(bare)
    };
    bare.get(from..)
        .unwrap_or(bare)
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '-' | ':' | '&'))
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_names() {
        let text =
            " 1. The Union of India, rep. by its Secretary 2.The Director, X 3. Usha W/o Prashant";
        let names: Vec<_> = numbered(text)
            .into_iter()
            .filter_map(|piece| {
                let piece = text.get(piece).unwrap();
                name_span(piece).map(|span| piece.get(span).unwrap())
            })
            .collect();
        assert_eq!(names, ["The Union of India", "The Director, X", "Usha"]);
    }

    #[test]
    fn even_names() {
        for (printed, value) in [
            ("State of M.P. & Ors.", "State of M.P."),
            ("Smt. Leena Kowe", "Leena Kowe"),
            ("SHARIF AHMED AND ANOTHER", "SHARIF AHMED"),
            ("M/s Tata Steel Ltd.", "M/s Tata Steel Ltd."),
        ] {
            assert_eq!(even(printed), value);
        }
    }
}
