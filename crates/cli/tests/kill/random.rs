//! Kills at random instants of every phase; a fifth of the lakes once, a fifth again and again while they
//! recover.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nirnay_tests::{Compare, Course, Phase, Progress, Subject, number, report, snapshot};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::subject;

/// Lakes after which the index is rebuilt and questioned as well.
const INDEX_EVERY: u32 = 10;

/// The next death: most recoveries are hit while the lake is opened and mended, or soon after.
fn instant(dice: &mut ChaCha8Rng, course: &Course, recovering: bool) -> (Phase, Duration) {
    let phase = if recovering && dice.random_bool(0.5) {
        Phase::Opening
    } else {
        Phase::ALL[dice.random_range(0..Phase::ALL.len())]
    };
    let length = course.length(phase).max(Duration::from_millis(5));
    (phase, length.mul_f64(dice.random_range(0.0..1.2)))
}

#[derive(Default)]
struct Sums {
    kills: u32,
    twice: u32,
    lakes: u32,
    by_phase: BTreeMap<Phase, u32>,
}

#[test]
fn random_kills_leave_no_trace() {
    let wanted: u32 = number("NIRNAY_KILLS", 50);
    let seed: u64 = number("NIRNAY_SEED", 7);
    let began = Instant::now();
    let subject = subject();
    let reference = subject.dir().join("reference");
    let course = subject.course(&reference).unwrap();
    let expected = snapshot(&reference);
    assert!(
        expected.tables.len() > 6 && expected.documents.len() >= 7,
        "{expected:?}"
    );
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut sums = Sums::default();
    while sums.kills < wanted {
        sums.lakes += 1;
        let again = if sums.lakes.is_multiple_of(2) {
            dice.random_range(1..=5)
        } else {
            0
        };
        let lake = subject.dir().join(format!("lake-{}", sums.lakes));
        if let Err(why) =
            one_lake(&subject, &course, &mut dice, again, &lake, &mut sums).and_then(|before| {
                let more = Compare {
                    before: Some(&before),
                    rebuild_index: sums.lakes.is_multiple_of(INDEX_EVERY),
                    ..Compare::default()
                };
                subject.compare(&lake, &expected, &more)
            })
        {
            panic!(
                "lake {} after {} kills: {why}\nto repeat: NIRNAY_SEED={seed} NIRNAY_KILLS={wanted} cargo test --workspace --test kill random_kills",
                sums.lakes, sums.kills
            );
        }
        std::fs::remove_dir_all(&lake).unwrap();
    }
    let phases: Vec<String> = sums
        .by_phase
        .iter()
        .map(|(phase, kills)| format!("{phase:?} {kills}"))
        .collect();
    report(
        &format!("{} random kills (seed {seed})", sums.kills),
        &format!(
            "{} lakes, {} crashed again while recovering, 0 differ; {}",
            sums.lakes,
            sums.twice,
            phases.join(", ")
        ),
        began,
    );
}

/// Kills a crawl once, its recovery `again` times, lets it finish, and returns what it had acknowledged
/// before it did.
fn one_lake(
    subject: &Subject,
    course: &Course,
    dice: &mut ChaCha8Rng,
    again: u32,
    lake: &std::path::Path,
    sums: &mut Sums,
) -> Result<Progress, String> {
    let mut before = Progress::default();
    let mut deaths = 0;
    for _ in 0..=again {
        let (phase, after) = instant(dice, course, deaths > 0);
        let death = subject.kill(lake, phase, after);
        let taken_back = death.taken_back(lake)?;
        let now = Progress::read(lake)?;
        let lost = before.lost_in(&now);
        if !(taken_back.is_empty() && lost.is_empty()) {
            return Err(format!(
                "killed in {phase:?} after {after:?}: {taken_back:?} {lost:?}"
            ));
        }
        before = now;
        if death.killed {
            deaths += 1;
            sums.kills += 1;
            *sums.by_phase.entry(phase).or_default() += 1;
        }
    }
    sums.twice += u32::from(deaths > 1);
    subject.finish(lake)?;
    Ok(before)
}
