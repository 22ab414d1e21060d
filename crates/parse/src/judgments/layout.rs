//! What a row looks like without its data: the order of its tags and the labels of its details.
//!
//! A portal that changes its pages changes this first. Known layouts are listed with a name; any
//! other is named by a fingerprint of its skeleton, so that it can be told from the next one.

use std::sync::LazyLock;

use nirnay_model::Sha256;

use super::details;
use crate::tags::{Tag, tags};
use crate::text;

/// The layout that nearly every row has.
pub(super) const USUAL: &str = "high-court-row";

/// The known layouts of rows: a name, and the tags in order. `{…}?` may be absent, `{…}*` may repeat.
/// Tags for emphasis are left out, and of several line breaks in a row one stands.
const KNOWN: [(&str, &str); 2] = [
    (
        USUAL,
        "button font /button /font br {strong /strong br}? \
         strong.caseDetailsTD {span /span font /font}* {br {span /span}?}? /strong",
    ),
    (
        "report-row",
        "{select {option /option}* /select br div div div div h5 /h5 button /button /div div \
         {p /p}* /div /div /div /div}? \
         button font strong span /span /strong {span.escrText /span}? {span.ncDisplay /span}? \
         {input}? /button /font br {strong /strong br}? \
         strong.caseDetailsTD {span /span font /font}* {br {span /span}?}? /strong \
         {div {div a /a /div}* /div}?",
    ),
];

/// Tags that emphasise words of the excerpt or draw symbols: data, not layout.
const EMPHASIS: [&str; 9] = ["b", "i", "em", "u", "mark", "sup", "sub", "small", "big"];
/// Classes that the reader of rows goes by.
const CLASSES: [&str; 3] = ["caseDetailsTD", "escrText", "ncDisplay"];
/// A skeleton is cut here: no known one has a third of it.
const MOST_TOKENS: usize = 400;
/// Labels read of one row.
const MOST_LABELS: usize = 32;

/// The names of the known layouts of rows.
pub fn known_layouts() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(name, _)| *name)
}

/// A row without its data.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Skeleton {
    /// The tags in order, with a blank between two.
    pub(super) tags: String,
    /// Labels that no known row has, lower case.
    pub(super) unknown_labels: Vec<String>,
}

/// Takes the skeleton of a row's HTML. One pass, linear; nothing is parsed.
pub(super) fn skeleton(html: &str) -> Skeleton {
    let mut skeleton = Skeleton {
        tags: String::with_capacity(256),
        unknown_labels: Vec::new(),
    };
    let mut count = 0;
    let mut in_details = false;
    let mut after_break = false;
    for tag in tags(html) {
        if is_emphasis(tag.name) {
            continue;
        }
        let is_break = tag.name.eq_ignore_ascii_case("br");
        if is_break && after_break {
            continue;
        }
        after_break = is_break;
        if count == MOST_TOKENS {
            skeleton.tags.push_str(" …");
            break;
        }
        count += 1;
        let class = class(&tag);
        skeleton.push(&tag, class);
        in_details = in_details || class == Some("caseDetailsTD");
        if in_details && tag.opens("span") {
            skeleton.label(html.get(tag.end()..).unwrap_or(""));
        }
    }
    skeleton
}

impl Skeleton {
    fn push(&mut self, tag: &Tag<'_>, class: Option<&str>) {
        if !self.tags.is_empty() {
            self.tags.push(' ');
        }
        if tag.closing {
            self.tags.push('/');
        }
        // Names are cut: a name as long as the row is no name.
        let start = self.tags.len();
        self.tags.push_str(text::head(tag.name, 20));
        if let Some(name) = self.tags.get_mut(start..) {
            name.make_ascii_lowercase();
        }
        if let Some(class) = class {
            self.tags.push('.');
            self.tags.push_str(class);
        }
    }

    /// Notes a label that stands at the beginning of `rest`, if it is a new one.
    fn label(&mut self, rest: &str) {
        let words = rest.split('<').next().unwrap_or("");
        if self.unknown_labels.len() == MOST_LABELS {
            return;
        }
        let words = text::fold(&text::clip(words, 200));
        let name = details::label_of(&words);
        if !name.is_empty() && !details::is_label(&name) {
            self.unknown_labels.push(text::clip(&name, 60));
        }
    }
}

fn is_emphasis(name: &str) -> bool {
    name.len() <= 5
        && EMPHASIS
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
}

fn class(tag: &Tag<'_>) -> Option<&'static str> {
    if tag.closing || !tag.text.contains("class") {
        return None;
    }
    CLASSES
        .iter()
        .find(|class| tag.text.contains(**class))
        .copied()
}

/// The name of the known layout that has these tags.
pub(super) fn name_of(tags: &str) -> Option<&'static str> {
    static SHAPES: LazyLock<Vec<(&'static str, Vec<Part>)>> = LazyLock::new(|| {
        let read = |(name, text): &(&'static str, &'static str)| (*name, Part::read(text));
        KNOWN.iter().map(read).collect()
    });
    let tokens: Vec<&str> = tags.split(' ').collect();
    SHAPES
        .iter()
        .find(|(_, shape)| follow(shape, &tokens) == Some(tokens.len()))
        .map(|(name, _)| *name)
}

/// The fingerprint of anything that describes a layout: 16 hex digits.
pub(super) fn fingerprint(description: &str) -> String {
    let mut hex = Sha256::of(description.as_bytes()).to_hex();
    hex.truncate(16);
    hex
}

/// A piece of a known layout.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    One(&'static str),
    Group { parts: Vec<Part>, repeats: bool },
}

impl Part {
    fn read(text: &'static str) -> Vec<Self> {
        let mut open: Vec<Vec<Self>> = vec![Vec::new()];
        let spaced = text.split_inclusive(['{', '}', ' ', '?', '*']);
        for piece in spaced {
            let (word, sign) = match piece.char_indices().next_back() {
                Some((at, sign @ ('{' | '}' | ' ' | '?' | '*'))) => {
                    (piece.get(..at).unwrap_or(""), sign)
                }
                _ => (piece, ' '),
            };
            if let (false, Some(parts)) = (word.is_empty(), open.last_mut()) {
                parts.push(Self::One(word));
            }
            match sign {
                '{' => open.push(Vec::new()),
                '?' | '*' => {
                    let parts = open.pop().unwrap_or_default();
                    if let Some(outer) = open.last_mut() {
                        let repeats = sign == '*';
                        outer.push(Self::Group { parts, repeats });
                    }
                }
                _ => {}
            }
        }
        open.pop().unwrap_or_default()
    }
}

/// How many of `tokens` the parts take, if all parts that must be there are. A group is taken
/// whenever it fits; no known layout needs to think twice.
fn follow(parts: &[Part], tokens: &[&str]) -> Option<usize> {
    let mut at = 0;
    for part in parts {
        match part {
            Part::One(word) => {
                if tokens.get(at) != Some(word) {
                    return None;
                }
                at += 1;
            }
            Part::Group { parts, repeats } => {
                while let Some(taken) = follow(parts, tokens.get(at..)?) {
                    at += taken;
                    if !repeats || taken == 0 {
                        break;
                    }
                }
            }
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_may_be_absent_or_repeat() {
        let shape = Part::read("a {b c}? {d {e}?}* f");
        for (text, fits) in [
            ("a f", true),
            ("a b c f", true),
            ("a d d e d f", true),
            ("a b c b c f", false),
            ("a b f", false),
            ("a f f", false),
            ("f", false),
        ] {
            let tokens: Vec<&str> = text.split(' ').collect();
            assert_eq!(
                follow(&shape, &tokens) == Some(tokens.len()),
                fits,
                "{text}"
            );
        }
    }

    #[test]
    fn data_leaves_no_trace() {
        let a = skeleton("<button id='1'>A<br>x<br><b>y</b><br></button>");
        let b = skeleton("<BUTTON>long <i>words</i><br></BUTTON>");
        assert_eq!(a, b);
        assert_eq!(a.tags, "button br /button");
    }

    #[test]
    fn labels_never_seen_are_named() {
        let row = "<strong class='caseDetailsTD'><span> CNR :</span><font>x</font>\
                   <span> | निर्णय  दिनांक :</span><span>Stage</span></strong>";
        assert_eq!(skeleton(row).unknown_labels, ["निर्णय दिनांक", "stage"]);
        assert_eq!(
            skeleton("<span>Stage :</span>").unknown_labels,
            Vec::<String>::new()
        );
    }
}
