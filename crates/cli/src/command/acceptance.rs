//! How many captcha answers the portals took: by portal, model and length.

use std::collections::BTreeMap;

use nirnay_store::CaptchaStat;
use serde::Serialize;

use crate::output::{count, plural};

/// The answers of one length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
struct Answers {
    answered: u64,
    accepted: u64,
}

impl Answers {
    fn add(&mut self, stat: &CaptchaStat) {
        self.answered += stat.answered;
        self.accepted += stat.accepted;
    }

    /// The share that the portal took.
    fn rate(self) -> f64 {
        self.accepted as f64 / self.answered.max(1) as f64
    }

    fn said(self) -> String {
        format!(
            "{} of {} accepted ({:.1} %)",
            count(self.accepted),
            count(self.answered),
            self.rate() * 100.0
        )
    }
}

/// The answers of one model on one portal.
#[derive(Debug, Default, PartialEq)]
struct Record {
    all: Answers,
    lengths: BTreeMap<u32, Answers>,
    /// Pictures without a guess.
    unread: u64,
}

/// Portal, solver and model.
type Who<'a> = (&'a str, &'a str, &'a str);

fn records(stats: &[CaptchaStat]) -> BTreeMap<Who<'_>, Record> {
    let mut records: BTreeMap<Who<'_>, Record> = BTreeMap::new();
    for stat in stats {
        let who = (
            stat.portal.name(),
            stat.solver.as_str(),
            stat.model.as_str(),
        );
        let record = records.entry(who).or_default();
        if stat.length == 0 {
            record.unread += stat.answered;
        } else {
            record.all.add(stat);
            record.lengths.entry(stat.length).or_default().add(stat);
        }
    }
    records
}

/// The lines of `nirnay status`.
pub(super) fn lines(stats: &[CaptchaStat]) -> Vec<String> {
    let mut lines = Vec::new();
    for ((portal, solver, model), record) in records(stats) {
        let by = if model.is_empty() {
            solver.to_owned()
        } else {
            format!("{solver} ({model})")
        };
        let mut line = format!("captchas   {portal} by {by}: {}", record.all.said());
        if record.unread > 0 {
            line = format!(
                "{line}, {} without a guess",
                plural(record.unread, "picture")
            );
        }
        lines.push(line);
        if record.lengths.len() > 1 {
            lines.extend(record.lengths.iter().map(|(length, answers)| {
                let length = plural((*length).into(), "character");
                format!("             {length}: {}", answers.said())
            }));
        }
    }
    lines
}

/// The same for programs, one entry for each length; pictures without a guess have length 0.
pub(super) fn entries(stats: &[CaptchaStat]) -> Vec<serde_json::Value> {
    let mut entries = Vec::new();
    for ((portal, solver, model), record) in records(stats) {
        let lengths: Vec<_> = record
            .lengths
            .iter()
            .map(|(length, answers)| {
                serde_json::json!({
                    "length": length, "answered": answers.answered, "accepted": answers.accepted,
                    "rate": answers.rate(),
                })
            })
            .collect();
        entries.push(serde_json::json!({
            "portal": portal, "solver": solver, "model": model,
            "answered": record.all.answered, "accepted": record.all.accepted,
            "rate": record.all.rate(), "without_guess": record.unread, "lengths": lengths,
        }));
    }
    entries
}

#[cfg(test)]
mod tests {
    use nirnay_model::Portal;

    use super::*;

    fn stat(run: i64, model: &str, length: u32, answered: u64, accepted: u64) -> CaptchaStat {
        CaptchaStat {
            run,
            portal: Portal::Ecourts,
            solver: "onnx".to_owned(),
            model: model.to_owned(),
            length,
            answered,
            accepted,
        }
    }

    #[test]
    fn rates_go_by_portal_model_and_length() {
        let stats = [
            stat(1, "securimage 1", 5, 10, 10),
            stat(1, "securimage 1", 6, 80, 78),
            stat(2, "securimage 1", 6, 10, 10),
            stat(2, "securimage 1", 0, 3, 0),
            stat(2, "securimage 2", 6, 4, 3),
        ];
        assert_eq!(
            lines(&stats),
            [
                "captchas   ecourts by onnx (securimage 1): 98 of 100 accepted (98.0 %), 3 pictures without a guess",
                "             5 characters: 10 of 10 accepted (100.0 %)",
                "             6 characters: 88 of 90 accepted (97.8 %)",
                "captchas   ecourts by onnx (securimage 2): 3 of 4 accepted (75.0 %)",
            ]
        );
        let entries = entries(&stats);
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0]["without_guess"], 3);
        assert_eq!(entries[0]["lengths"][1]["accepted"], 88);
        assert_eq!(entries[1]["rate"], 0.75);
    }

    #[test]
    fn a_person_has_no_model() {
        let mut one = stat(1, "", 6, 1, 1);
        one.solver = "manual".to_owned();
        assert_eq!(
            lines(&[one]),
            ["captchas   ecourts by manual: 1 of 1 accepted (100.0 %)"]
        );
    }
}
