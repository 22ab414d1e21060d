//! Scores small enough to work out by hand.

use super::*;

fn manifest(alphabet: &str, decoding: &str, guess: &str) -> Manifest {
    Manifest::from_toml(&format!(
        r#"
        name = "test"
        version = "1"
        [input]
        width = 4
        height = 2
        channels = "grey"
        mean = [0.0]
        std = [1.0]
        [output]
        alphabet = "{alphabet}"
        decoding = "{decoding}"
        special = 0
        [guess]
        {guess}
        "#
    ))
    .unwrap()
}

fn scores(classes: usize, probabilities: &[f32]) -> Scores {
    Scores::from_probabilities(probabilities.len() / classes, classes, probabilities).unwrap()
}

fn text_of(scores: Scores, manifest: &Manifest) -> Option<Guess> {
    read(scores, manifest, &Question::default()).unwrap()
}

fn close(a: f32, b: f32) -> bool {
    (a - b).abs() < 1e-4
}

#[test]
fn scores_become_a_guess_with_alternatives() {
    let scores = scores(3, &[0.1, 0.8, 0.1, 0.1, 0.2, 0.7]);
    for decoding in ["ctc", "argmax"] {
        let found = text_of(scores.clone(), &manifest("ab", decoding, "")).unwrap();
        assert_eq!(found.text, "ab", "{decoding}");
        // 0.8 times 0.7, less what the empty text takes in "ctc".
        assert!(
            (found.confidence - 0.56).abs() < 0.01,
            "{decoding} {found:?}"
        );
        assert_eq!(found.alternatives.len(), 2);
        let mut others = found.alternatives.iter();
        assert!(others.all(|(_, confidence)| *confidence < 0.56));
    }
}

#[test]
fn an_empty_text_is_no_guess() {
    let scores = scores(3, &[0.9, 0.05, 0.05]);
    let found = text_of(scores, &manifest("ab", "ctc", "min_length = 0"));
    assert_eq!(found.map(|guess| guess.text), Some("a".to_owned()));
    let blank = Scores::from_probabilities(1, 3, &[1.0, 0.0, 0.0]).unwrap();
    assert_eq!(
        text_of(blank, &manifest("ab", "ctc", "min_length = 0")),
        None
    );
}

#[test]
fn an_unusual_length_must_be_clear() {
    let usual = manifest("ab", "ctc", "usual_lengths = [2]");
    // "ab" or "a": about as likely. The usual length tips the balance.
    let unclear = [0.0, 1.0, 0.0, 0.55, 0.0, 0.45];
    assert_eq!(text_of(scores(3, &unclear), &usual).unwrap().text, "ab");
    assert_eq!(
        text_of(scores(3, &unclear), &manifest("ab", "ctc", ""))
            .unwrap()
            .text,
        "a"
    );
    let clear = [0.0, 1.0, 0.0, 0.99, 0.0, 0.01];
    let found = text_of(scores(3, &clear), &usual).unwrap();
    assert_eq!(found.text, "a");
    assert!(
        close(found.confidence, 0.99 * 0.05 / (0.99 * 0.05 + 0.01)),
        "{found:?}"
    );
}

#[test]
fn a_hint_tips_the_balance_and_no_more() {
    let manifest = manifest("abc", "ctc", "");
    let hint = |alphabet: &str, lengths| {
        Question::Text(TextHint {
            alphabet: Some(alphabet.to_owned()),
            lengths,
        })
    };
    let unclear = scores(4, &[0.0, 0.6, 0.4, 0.0]);
    let found = read(unclear.clone(), &manifest, &hint("BC", None))
        .unwrap()
        .unwrap();
    assert_eq!(found.text, "b");
    assert!(
        close(found.confidence, 0.4 / (0.4 + 0.6 * 0.1)),
        "{found:?}"
    );
    let clear = scores(4, &[0.0, 0.999, 0.001, 0.0]);
    let found = read(clear, &manifest, &hint("bc", None)).unwrap().unwrap();
    assert_eq!(found.text, "a");
    // A length that cannot be right leaves doubt.
    let found = read(unclear, &manifest, &hint("ab", Some(2..=3)))
        .unwrap()
        .unwrap();
    assert_eq!(found.text, "a");
}

#[test]
fn a_hint_that_shares_nothing_with_the_model_is_refused() {
    let digits = manifest("0123456789", "ctc", "");
    let hint = |alphabet: &str| {
        Question::Text(TextHint {
            alphabet: Some(alphabet.to_owned()),
            lengths: None,
        })
    };
    assert!(matches!(
        check(&digits, &hint("abc")),
        Err(SolverError::Unfit { .. })
    ));
    assert!(check(&digits, &hint("abc7")).is_ok());
    assert!(check(&manifest("ABC", "ctc", ""), &hint("abc")).is_ok());
    assert!(matches!(
        check(&digits, &Question::Arithmetic),
        Err(SolverError::Unfit { .. })
    ));
    assert!(check(&manifest("0123456789x+-", "ctc", ""), &Question::Arithmetic).is_ok());
    // The model's own view of a picture does not get past it either.
    let seen = scores(11, &[0.9; 11]);
    assert!(read(seen, &digits, &hint("abc")).is_err());
}

#[test]
fn what_lies_outside_the_possible_is_doubt() {
    let manifest = manifest("ab", "ctc", "min_length = 2");
    let found = text_of(scores(3, &[0.0, 1.0, 0.0, 0.4, 0.0, 0.6]), &manifest).unwrap();
    assert_eq!(found.text, "ab");
    assert!(
        close(found.confidence, 0.6 / (0.6 + 0.4 * 0.05)),
        "{found:?}"
    );
}

/// Steps that say `text` with blanks between, each with the given certainty.
fn spelled_out(alphabet: &str, text: &str, certainty: f32) -> Scores {
    let classes = alphabet.chars().count() + 1;
    let rest = (1.0 - certainty) / (classes - 1) as f32;
    let mut numbers = Vec::new();
    for character in text.chars() {
        let class = alphabet
            .chars()
            .position(|c| c == character)
            .map_or(0, |at| at + 1);
        for wanted in [class, 0] {
            numbers.extend((0..classes).map(|at| if at == wanted { certainty } else { rest }));
        }
    }
    scores(classes, &numbers)
}

#[test]
fn sums_are_answered_with_their_result() {
    const ALPHABET: &str = "0123456789abx+-";
    let manifest = manifest(ALPHABET, "ctc", "");
    for (text, result, shown) in [
        ("9-3", "6", "9 - 3"),
        ("10+10", "20", "10 + 10"),
        ("7x8", "56", "7 x 8"),
    ] {
        let scores = spelled_out(ALPHABET, text, 0.98);
        let found = read(scores, &manifest, &Question::Arithmetic)
            .unwrap()
            .unwrap();
        assert_eq!(found.text, result);
        assert_eq!(found.expression.as_deref(), Some(shown));
        assert!(found.confidence > 0.7, "{found:?}");
    }
}

#[test]
fn a_sum_without_an_answer_is_unlikely() {
    const ALPHABET: &str = "0123456789x+-";
    let manifest = manifest(ALPHABET, "ctc", "");
    // The portal takes no zero and nothing below: the picture was misread.
    for text in ["3-9", "4-4", "12+3", "ab", ""] {
        let scores = spelled_out(ALPHABET, text, 0.98);
        let found = read(scores, &manifest, &Question::Arithmetic).unwrap();
        assert!(found.is_none_or(|guess| guess.confidence < 0.1), "{text}");
    }
}

#[test]
fn a_model_without_signs_reads_no_sums() {
    let manifest = manifest("0123456789", "ctc", "");
    let scores = spelled_out("0123456789", "12", 0.9);
    assert!(matches!(
        read(scores, &manifest, &Question::Arithmetic),
        Err(SolverError::Unfit { .. })
    ));
}
