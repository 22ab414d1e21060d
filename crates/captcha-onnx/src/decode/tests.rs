//! Matrices small enough to work out by hand.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

fn scores(classes: usize, probabilities: &[f32]) -> Scores {
    Scores::from_probabilities(probabilities.len() / classes, classes, probabilities).unwrap()
}

fn texts(candidates: &[Candidate]) -> Vec<Vec<usize>> {
    candidates
        .iter()
        .map(|candidate| candidate.classes.clone())
        .collect()
}

fn close(a: f32, b: f32) -> bool {
    (a - b).abs() < 1e-5
}

/// Every path of `steps` steps, summed by the text it collapses to.
fn by_exhaustion(scores: &Scores, blank: usize) -> BTreeMap<Vec<usize>, f32> {
    let mut paths: Vec<(Vec<usize>, f32)> = vec![(Vec::new(), 0.0)];
    for step in scores.steps() {
        let extend = |(path, log): &(Vec<usize>, f32)| {
            let (path, log) = (path.clone(), *log);
            step.iter()
                .enumerate()
                .map(move |(class, score)| {
                    (
                        path.iter().copied().chain([class]).collect::<Vec<_>>(),
                        log + score,
                    )
                })
                .collect::<Vec<_>>()
        };
        paths = paths.iter().flat_map(extend).collect();
    }
    let mut sums = BTreeMap::new();
    for (path, log) in paths {
        let mut text = path;
        text.dedup();
        text.retain(|class| *class != blank);
        *sums.entry(text).or_insert(0.0) += log.exp();
    }
    sums
}

#[test]
fn greedy_folds_repeats_and_drops_blanks() {
    // a a - a b b: "aab".
    let matrix = [
        0.1, 0.8, 0.1, 0.2, 0.7, 0.1, 0.9, 0.05, 0.05, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8, 0.2, 0.2, 0.6,
    ];
    let found = ctc_greedy(&scores(3, &matrix), 0);
    assert_eq!(found.classes, [1, 1, 2]);
    assert!(close(found.probability, 0.8 * 0.7 * 0.9 * 0.8 * 0.8 * 0.6));
}

#[test]
fn the_beam_finds_what_greedy_misses() {
    // The best path is blank, blank (0.36); "a" has three paths: 0.24 + 0.24 + 0.16 = 0.64.
    let scores = scores(2, &[0.6, 0.4, 0.6, 0.4]);
    assert_eq!(ctc_greedy(&scores, 0).classes, [] as [usize; 0]);
    let best = ctc_beam(&scores, 0, 0..=2, 3);
    assert_eq!(texts(&best), [vec![1], vec![]]);
    assert!(close(best[0].probability, 0.64) && close(best[1].probability, 0.36));
}

#[test]
fn the_beam_agrees_with_the_sum_over_all_paths() {
    let matrix = [
        0.5, 0.3, 0.2, 0.25, 0.5, 0.25, 0.4, 0.35, 0.25, 0.2, 0.3, 0.5,
    ];
    for blank in 0..3 {
        let scores = scores(3, &matrix);
        let all = by_exhaustion(&scores, blank);
        let total: f32 = all.values().sum();
        assert!(close(total, 1.0));
        let found = ctc_beam(&scores, blank, 0..=4, 3);
        let mut expected: Vec<f32> = all.values().copied().collect();
        expected.sort_by(|a, b| b.total_cmp(a));
        for (candidate, expected) in found.iter().zip(expected) {
            assert!(
                close(candidate.probability, all[&candidate.classes]),
                "{candidate:?}"
            );
            assert!(
                close(candidate.probability, expected),
                "{candidate:?} {expected}"
            );
        }
        assert_eq!(found.len(), 3);
    }
}

#[test]
fn the_length_prior_chooses_among_texts() {
    let scores = scores(2, &[0.6, 0.4, 0.6, 0.4, 0.6, 0.4]);
    // "aa" needs a - a: 0.4 * 0.6 * 0.4.
    let two = ctc_beam(&scores, 0, 2..=2, 3);
    assert_eq!(texts(&two), [vec![1, 1]]);
    assert!(close(two[0].probability, 0.096));
    assert!(ctc_beam(&scores, 0, 3..=5, 3).is_empty());
    assert_eq!(texts(&ctc_beam(&scores, 0, 0..=0, 3)), [[] as [usize; 0]]);
}

#[test]
fn the_alphabet_prior_rules_classes_out() {
    let scores = scores(3, &[0.1, 0.5, 0.4]).only(&[true, false, true]);
    let best = ctc_beam(&scores, 0, 1..=1, 3);
    assert_eq!(texts(&best), [[2]]);
    assert!(close(best[0].probability, 0.8));
    // Nothing left to choose from: better the model's word than none.
    let kept = super::tests::scores(2, &[0.0, 1.0]).only(&[true, false]);
    assert_eq!(texts(&ctc_beam(&kept, 0, 1..=1, 1)), [[1]]);
}

#[test]
fn argmax_reads_up_to_the_end_class() {
    // a b end x, end = class 0.
    let matrix = [0.1, 0.7, 0.2, 0.1, 0.3, 0.6, 0.8, 0.1, 0.1, 0.2, 0.4, 0.4];
    let scores = scores(3, &matrix);
    let best = argmax_beam(&scores, Some(0), 1..=4, 3);
    assert_eq!(texts(&best), [vec![1, 2], vec![1, 1], vec![2, 2]]);
    assert!(close(best[0].probability, 0.7 * 0.6 * 0.8));
    assert_eq!(texts(&argmax_beam(&scores, Some(0), 1..=1, 3)), [[1], [2]]);
    assert_eq!(argmax_beam(&scores, Some(0), 3..=4, 1)[0].classes.len(), 4);
}

#[test]
fn argmax_without_an_end_has_a_character_a_step() {
    let scores = scores(2, &[0.9, 0.1, 0.3, 0.7]);
    let best = argmax_beam(&scores, None, 2..=2, 3);
    assert_eq!(texts(&best), [[0, 1], [0, 0], [1, 1]]);
    assert!(argmax_beam(&scores, None, 3..=3, 3).is_empty());
}

#[test]
fn logits_and_probabilities_mean_the_same() {
    let probabilities = [0.2_f32, 0.5, 0.3, 0.1, 0.1, 0.8];
    let logits: Vec<f32> = probabilities.iter().map(|p| p.ln() + 7.0).collect();
    let a = Scores::from_logits(2, 3, &logits).unwrap();
    let b = Scores::from_probabilities(2, 3, &probabilities).unwrap();
    assert!(a.logs.iter().zip(&b.logs).all(|(a, b)| close(*a, *b)));
    // Large logits do not overflow.
    let huge = Scores::from_logits(1, 2, &[1e30, -1e30]).unwrap();
    assert!(close(ctc_greedy(&huge, 0).probability, 1.0));
}

/// Some steps of some classes, now flat, now peaked.
fn random(dice: &mut ChaCha8Rng) -> (Scores, usize, usize) {
    let (steps, classes) = (dice.random_range(1..=5), dice.random_range(2..=4));
    let peak = [0.5, 3.0, 12.0][dice.random_range(0..3)];
    let logits: Vec<f32> = (0..steps * classes)
        .map(|_| dice.random_range(-peak..peak))
        .collect();
    let blank = dice.random_range(0..classes);
    (
        Scores::from_logits(steps, classes, &logits).unwrap(),
        blank,
        steps,
    )
}

#[test]
fn the_likelihood_of_a_text_is_the_sum_of_its_paths() {
    for seed in 0..300 {
        let (scores, blank, steps) = random(&mut ChaCha8Rng::seed_from_u64(seed));
        let all = by_exhaustion(&scores, blank);
        for (text, chance) in &all {
            let found = ctc_likelihood(&scores, blank, text) as f32;
            assert!(
                close(found, *chance),
                "seed {seed}: {text:?} {found} {chance}"
            );
        }
        let other = (blank + 1) % scores.classes;
        assert!(ctc_likelihood(&scores, blank, &vec![other; steps + 1]) <= 0.0);
    }
}

#[test]
fn what_the_beam_finds_is_possible_and_ordered() {
    for seed in 0..300 {
        let (scores, blank, steps) = random(&mut ChaCha8Rng::seed_from_u64(seed));
        let all = by_exhaustion(&scores, blank);
        let found = ctc_candidates(&scores, blank, steps);
        let chances: Vec<f32> = found.iter().map(|c| c.probability).collect();
        assert!(
            chances.is_sorted_by(|a, b| a >= b),
            "seed {seed}: {chances:?}"
        );
        assert!(
            chances.iter().sum::<f32>() < 1.0 + 1e-4,
            "seed {seed}: {chances:?}"
        );
        for candidate in &found {
            let whole = all[&candidate.classes];
            assert!(
                candidate.probability < whole + 1e-4,
                "seed {seed}: {candidate:?}"
            );
        }
        let texts: std::collections::BTreeSet<_> = found.iter().map(|c| &c.classes).collect();
        assert_eq!(texts.len(), found.len(), "seed {seed}: a text twice");
        // A text that stands out is not lost on the way.
        let best = all.values().copied().fold(0.0, f32::max);
        let found = chances.first().copied().unwrap_or(0.0);
        assert!(
            best < 0.2 || (found - best).abs() < 0.01,
            "seed {seed}: {found} {best}"
        );
        let greedy = ctc_greedy(&scores, blank);
        assert!(greedy.probability <= best + 1e-4, "seed {seed}");
    }
}

#[test]
fn the_likelihood_of_a_text_with_an_end() {
    let scores = scores(3, &[0.1, 0.7, 0.2, 0.1, 0.3, 0.6, 0.8, 0.1, 0.1]);
    let close = |text: &[usize], end, chance: f64| {
        (argmax_likelihood(&scores, end, text) - chance).abs() < 1e-6
    };
    assert!(close(&[1, 2], Some(0), 0.7 * 0.6 * 0.8));
    assert!(close(&[1, 2, 1], Some(0), 0.7 * 0.6 * 0.1));
    assert!(close(&[], Some(0), 0.1));
    assert!(close(&[1, 2, 1], None, 0.7 * 0.6 * 0.1));
    assert!(close(&[1, 2], None, 0.0) && close(&[1, 2, 1, 1], Some(0), 0.0));
}

#[test]
fn numbers_that_are_no_scores() {
    for (steps, classes, values) in [
        (1, 0, vec![]),
        (2, 2, vec![0.5; 3]),
        (1, 2, vec![f32::NAN, 0.0]),
        (1, 2, vec![f32::INFINITY, 0.0]),
        (usize::MAX, 2, vec![0.5; 2]),
    ] {
        assert!(
            Scores::from_logits(steps, classes, &values).is_err(),
            "{steps} {classes} {values:?}"
        );
    }
    assert!(Scores::from_probabilities(1, 2, &[-0.1, 1.1]).is_err());
    assert!(Scores::from_probabilities(1, 2, &[0.0, 0.0]).is_err());
    assert!(ctc_beam(&Scores::from_logits(0, 2, &[]).unwrap(), 0, 1..=6, 3).is_empty());
}
