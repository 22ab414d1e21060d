//! The labelled values at the end of a row.

use std::borrow::Cow;

use scraper::{ElementRef, Html, Node};

use crate::text;

/// The class of the block that holds them.
pub(super) const CLASS: &str = "caseDetailsTD";

/// The labels of known rows, lower case.
const LABELS: [&str; 7] = [
    "cnr",
    "date of registration",
    "decision date",
    "disposal nature",
    "court",
    "case no",
    "bench",
];

/// Whether known rows have this label (lower case).
pub(super) fn is_label(name: &str) -> bool {
    LABELS.contains(&name)
}

/// The label in a folded text: what stands before the colon, lower case, without the bar between
/// two pairs.
pub(super) fn label_of(words: &str) -> String {
    let words = words.trim_start_matches(['|', ' ']);
    let name = words.split_once(':').map_or(words, |(name, _)| name);
    name.trim().to_lowercase()
}

/// The labelled values of a row as printed, none of them blank.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Details {
    pub(super) cnr: Option<String>,
    pub(super) registration: Option<String>,
    pub(super) decision: Option<String>,
    pub(super) disposal: Option<String>,
    pub(super) court: Option<String>,
    pub(super) case_no: Option<String>,
    pub(super) bench: Option<String>,
    /// Two decision dates that differ: neither can be trusted.
    pub(super) decisions_differ: bool,
    /// What is odd about the labels, as flags.
    pub(super) flags: Vec<String>,
}

/// Whether `element` is the block of labelled values.
pub(super) fn is_block(element: ElementRef<'_>) -> bool {
    element.value().classes().any(|class| class == CLASS)
}

/// Reads the labelled values, in whatever order they stand.
pub(super) fn read(fragment: &Html) -> Details {
    of_runs(runs(fragment))
}

/// Puts labels and values together.
pub(super) fn of_runs(runs: Vec<Run<'_>>) -> Details {
    let mut details = Details::default();
    let mut label: Option<String> = None;
    for run in runs {
        let words = text::fold(&run.text);
        if words.is_empty() {
            continue;
        }
        if run.is_label {
            let words = words.trim_start_matches(['|', ' ']);
            let (name, value) = words.split_once(':').unwrap_or((words, ""));
            let name = name.trim().to_lowercase();
            label = None;
            if value.trim().is_empty() {
                label = Some(name);
            } else {
                details.set(&name, value.trim());
            }
        } else if let Some(name) = label.take() {
            details.set(&name, &words);
        }
    }
    details
}

impl Details {
    fn set(&mut self, label: &str, value: &str) {
        let place = match label {
            "cnr" => &mut self.cnr,
            "date of registration" => &mut self.registration,
            "decision date" => &mut self.decision,
            "disposal nature" => &mut self.disposal,
            "court" => &mut self.court,
            "case no" => &mut self.case_no,
            "bench" => &mut self.bench,
            _ => {
                self.flags
                    .push(format!("unknown_label:{}", text::clip(label, 60)));
                return;
            }
        };
        match place {
            None => *place = Some(value.to_owned()),
            // The first stands; a second, different value is worth a look.
            Some(first) if first != value => {
                self.decisions_differ |= label == "decision date";
                self.flags.push(format!("repeated_label:{label}"));
            }
            Some(_) => {}
        }
    }
}

/// Text under one `span` (a label) or outside of any (a value).
pub(super) struct Run<'a> {
    pub(super) is_label: bool,
    pub(super) text: Cow<'a, str>,
}

/// The text of the blocks in runs. Tags may be misnested, so what counts is the nearest `span` or
/// `font` around a text, not the shape of the tree.
fn runs(fragment: &Html) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    let mut holder = None;
    for node in fragment.tree.root().descendants() {
        let Node::Text(words) = node.value() else {
            continue;
        };
        let mut around = node.ancestors().filter_map(ElementRef::wrap);
        let nearest = around.find(|e| matches!(e.value().name(), "span" | "font") || is_block(*e));
        let Some(nearest) = nearest else { continue };
        if !is_block(nearest) && !around.any(is_block) {
            continue;
        }
        let is_label = nearest.value().name() == "span";
        match runs.last_mut() {
            Some(run) if holder == Some(nearest.id()) => run.text.to_mut().push_str(words),
            _ => runs.push(Run {
                is_label,
                text: Cow::Borrowed(words),
            }),
        }
        holder = Some(nearest.id());
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(inside: &str) -> Details {
        read(&Html::parse_fragment(&format!(
            "<font>x</font><strong class='caseDetailsTD a'>{inside}</strong><span>Court : no</span>"
        )))
    }

    #[test]
    fn any_order_and_any_subset() {
        let details = of(
            "<span> | Disposal Nature :</span><font> A &amp; B</font><span>CNR :</span><font> X</font>",
        );
        assert_eq!(details.disposal.as_deref(), Some("A & B"));
        assert_eq!(details.cnr.as_deref(), Some("X"));
        assert_eq!(
            (details.decision, details.court, details.flags.len()),
            (None, None, 0)
        );
    }

    #[test]
    fn a_label_without_value_takes_no_other_value() {
        let details = of(
            "<span>CNR :</span><font> </font><span>| Decision Date :</span><font>1</font><span>Court : C : D</span>",
        );
        assert_eq!(
            (
                details.cnr,
                details.decision.as_deref(),
                details.court.as_deref()
            ),
            (None, Some("1"), Some("C : D"))
        );
    }

    #[test]
    fn misnested_tags() {
        let details =
            of("<span>CNR :<font> X</span><span>| Decision Date :</font></span><font>1</font>");
        assert_eq!(
            (details.cnr.as_deref(), details.decision.as_deref()),
            (Some("X"), Some("1"))
        );
    }

    #[test]
    fn odd_labels_are_named() {
        let details = of(
            "<span>Stage :</span><font>x</font><span>CNR :</span><font>1</font><span>CNR :</span><font>2</font>",
        );
        assert_eq!(details.flags, ["unknown_label:stage", "repeated_label:cnr"]);
        assert_eq!(details.cnr.as_deref(), Some("1"));
    }
}
