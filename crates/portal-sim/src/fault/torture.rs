//! Scripts for walks that must come through everything.

use crate::fault::{FaultKind, FaultRule, FaultScript, On, RetryAfter, Stop};
use crate::random::Draw;

/// The requests after which a torture ends, so that every walk can.
const ENDS: u64 = 4_000;

/// The kinds that strike with a probability, the routes they are for, and the most that is drawn for
/// it.
const SHARES: &[(FaultKind, On, f64)] = &[
    (FaultKind::SessionExpire, On::Search, 0.06),
    (FaultKind::SessionExpire, On::Link, 0.06),
    (FaultKind::SessionExpire, On::Document, 0.06),
    (FaultKind::SessionLost, On::Any, 0.03),
    (FaultKind::Drop, On::Any, 0.03),
    (FaultKind::CutBody, On::Search, 0.02),
    (FaultKind::CutBody, On::Document, 0.03),
    (FaultKind::HttpStatus, On::Search, 0.01),
    (FaultKind::HttpStatus, On::Document, 0.01),
    (FaultKind::Errormsg, On::Search, 0.02),
    (FaultKind::Errormsg, On::Link, 0.02),
    (FaultKind::NotJson, On::Link, 0.005),
    (FaultKind::LoginPage, On::Search, 0.01),
    (FaultKind::LoginPage, On::Link, 0.01),
    (FaultKind::LoginPage, On::Document, 0.01),
    (FaultKind::EmptyBody, On::Search, 0.01),
    (FaultKind::EmptyBody, On::Link, 0.01),
    (FaultKind::UnknownJson, On::Link, 0.005),
    (FaultKind::SqlTextBeforeJson, On::Any, 0.02),
    (FaultKind::BomBeforeJson, On::Search, 0.03),
    (FaultKind::HeaderFlood, On::Search, 0.005),
    (FaultKind::CaptchaRefuse, On::Check, 0.1),
    (FaultKind::CaptchaWrongLength, On::Check, 0.03),
    (FaultKind::CaptchaPinned, On::Captcha, 0.2),
    (FaultKind::BadPicture, On::Captcha, 0.02),
    (FaultKind::ShortPage, On::Search, 0.03),
    (FaultKind::DuplicateRow, On::Search, 0.03),
    (FaultKind::ZeroPdf, On::Document, 0.03),
    (FaultKind::TinyPdf, On::Document, 0.03),
    (FaultKind::HtmlPdf, On::Document, 0.03),
    (FaultKind::TruncatedPdf, On::Document, 0.03),
    (FaultKind::BomPdf, On::Document, 0.03),
    (FaultKind::WrongDocument, On::Document, 0.05),
    (FaultKind::StaleLink, On::Link, 0.03),
    (FaultKind::BadOutputfile, On::Link, 0.02),
];

impl FaultScript {
    /// A script with everything that a walk can come through, each kind more or less often (some not
    /// at all) as the seed has it, for the first 4,000 requests. Nothing in it asks a client to stop
    /// for a day, waits longer than a moment, or lies twice in a row about there being no rows; rows
    /// come and go, and the simulator's truth says which.
    pub fn torture(seed: u64) -> Self {
        let mut draw = Draw::of(&[seed, 90]);
        let mut rules = Vec::new();
        for (kind, on, most) in SHARES {
            // A third of the kinds rests in each script, so that the others come to meet.
            if !draw.chance(0.33) {
                let share = most * (0.1 + 0.9 * draw.unit());
                rules.push(shaped(
                    FaultRule::new(*kind).on(*on).probability(share),
                    &mut draw,
                ));
            }
        }
        // Of kinds that fire at every n-th request the client meets no two in a row.
        let every = |kind: FaultKind, from: u32, draw: &mut Draw| {
            FaultRule::new(kind).every(u64::from(draw.between(from, from * 3)))
        };
        rules.push(every(FaultKind::EmptyResult, 23, &mut draw).times(3));
        rules.push(every(FaultKind::TotalMoves, 17, &mut draw).n_between(-50, 50));
        for place in ["before", "after"] {
            let rows = every(FaultKind::ShiftRows, 29, &mut draw);
            rules.push(rows.place(place).n_between(1, 50).times(2));
            let rows = every(FaultKind::ShiftRows, 31, &mut draw);
            rules.push(rows.place(place).n_between(-50, -1).times(2));
        }
        rules.push(every(FaultKind::Slow, 40, &mut draw).ms(5));
        // A walk of a few dozen rows has a few dozen searches.
        rules.push(
            every(FaultKind::Trickle, 12, &mut draw)
                .n(4096)
                .ms(1)
                .on(On::Search),
        );
        if draw.chance(0.5) {
            let status = draw.pick(&[429, 503]);
            let text = draw.pick_ref(&[
                "1",
                "0",
                "date:+1",
                "date:-3600",
                "rfc850:+1",
                "asctime:+1",
                "soon",
            ]);
            let value = RetryAfter::Text((*text).to_owned());
            let rule = every(FaultKind::RetryAfter, 50, &mut draw).on(On::Search);
            rules.push(rule.status(status).retry_after(value).times(2));
        }
        rules.push(
            FaultRule::new(FaultKind::PdfLimit)
                .every(2)
                .n(i64::from(draw.pick(&[1_u32, 5, 25]))),
        );
        rules.extend(rows(&mut draw));
        Self {
            seed: Some(seed),
            stop: Some(Stop { after: ENDS }),
            fault: rules,
        }
    }
}

/// Rows that are unreadable or odd for good: few, because many on a page are a new layout.
fn rows(draw: &mut Draw) -> Vec<FaultRule> {
    let mut share = |kind, most: f64| FaultRule::new(kind).probability(most * draw.unit());
    let mut rules = vec![
        share(FaultKind::MalformedRow, 0.001),
        share(FaultKind::NoButtonRow, 0.001),
        share(FaultKind::HostileText, 0.02).form("petitioner"),
    ];
    let nested = share(FaultKind::NestedRow, 0.001).n_between(300, 20_000);
    let form = draw.pick_ref(&["div", "list", "svg", "template", "font"]);
    rules.push(nested.form(form));
    rules
}

/// The details of a rule, where its kind has any.
fn shaped(rule: FaultRule, draw: &mut Draw) -> FaultRule {
    match rule.kind {
        FaultKind::HttpStatus => rule.status(draw.pick(&[500, 502, 504])),
        FaultKind::CutBody => rule.n_between(0, 99),
        FaultKind::TruncatedPdf => rule.n_between(1, 99),
        FaultKind::ShortPage => rule.n_between(1, 50),
        FaultKind::HeaderFlood => rule.n_between(10, 60).size(64),
        FaultKind::WrongDocument => {
            rule.pick(draw.pick_ref(&["random", "random", "first_row", "same_case"]))
        }
        FaultKind::BadOutputfile => rule.form("any"),
        _ => rule,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tortures_are_good_scripts_and_differ_by_seed() {
        for seed in 0..200 {
            let script = FaultScript::torture(seed);
            script.check().unwrap();
            assert!(script.fault.len() > 20, "seed {seed}");
            assert_eq!(script, FaultScript::torture(seed));
            assert_ne!(script, FaultScript::torture(seed + 1));
        }
    }
}
