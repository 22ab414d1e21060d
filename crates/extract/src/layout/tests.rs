//! Lines from glyphs that are placed here as fonts of Indic scripts place theirs.

use super::{Glyph, Sheet, Texts, Way, read};

const SIZE: f32 = 10.0;

/// What is read from glyphs of 10 points: the text, its place from the left and from above, its width.
fn lines(glyphs: &[(&str, f32, f32, f32)]) -> Vec<String> {
    let mut texts = Texts::default();
    let glyphs: Vec<Glyph> = glyphs
        .iter()
        .map(|(text, x, y, width)| Glyph {
            x: *x,
            y: *y,
            width: *width,
            size: SIZE,
            value: texts.string(text).unwrap(),
            face: 0,
            way: Way::Right,
            invisible: false,
            pagination: false,
        })
        .collect();
    let sheet = Sheet {
        size: (600.0, 800.0),
        texts: &texts,
    };
    let found = read(&glyphs, sheet).lines;
    found.into_iter().map(|line| line.text).collect()
}

#[test]
fn signs_off_the_baseline_stay_in_their_word() {
    for off in [-2.0, 0.9, 2.0] {
        let word = [
            ("ह", 72.0, 100.0, 5.5),
            ("\u{941}", 77.0, 100.0 + off, 0.0),
            ("ए", 77.5, 100.0, 6.0),
            (" ", 83.5, 100.0, 3.0),
            ("स", 86.5, 100.0, 7.0),
            ("\u{942}", 93.5, 100.0 + off, 0.0),
            ("\u{902}", 93.0, 100.0 - off, 0.0),
        ];
        assert_eq!(lines(&word), ["हुए सूं"], "{off}");
    }
    // A sign further off is another line's.
    let far = [("ह", 72.0, 100.0, 5.5), ("\u{941}", 77.0, 112.0, 0.0)];
    assert_eq!(lines(&far).len(), 2);
}

#[test]
fn a_sign_set_back_parts_no_word() {
    let word = [
        ("क", 72.0, 100.0, 8.0),
        ("\u{947}", 77.0, 100.0, 0.0),
        ("व", 80.0, 100.0, 6.0),
        ("ल", 86.0, 100.0, 7.0),
    ];
    assert_eq!(lines(&word), ["केवल"]);
}

#[test]
fn a_comma_pushed_aside_parts_no_word() {
    let line = |gap: f32, letter| {
        [
            ("ತ", 72.0, 100.0, 6.0),
            (letter, 78.0, 100.0, 6.0),
            (",", 84.0 + gap, 100.0, 3.0),
            (" ", 87.0 + gap, 100.0, 3.0),
            ("ಅ", 90.0 + gap, 100.0, 6.0),
        ]
    };
    assert_eq!(lines(&line(6.0, "ಮ್ಮ")), ["ತಮ್ಮ, ಅ"]);
    // Too far, or nothing that hangs below a letter.
    assert_eq!(lines(&line(10.0, "ಮ್ಮ")), ["ತಮ್ಮ , ಅ"]);
    assert_eq!(lines(&line(6.0, "m")), ["ತm , ಅ"]);
    // A cell of a table has no spaces.
    assert_eq!(lines(&line(6.0, "ಮ್ಮ")[..3]), ["ತಮ್ಮ,"]);
}

#[test]
fn signs_drawn_after_the_line_find_their_letters() {
    let line = [
        ("क", 72.0, 100.0, 8.0),
        ("ल", 80.0, 100.0, 7.0),
        (" ", 87.0, 100.0, 3.0),
        ("ह", 90.0, 100.0, 5.5),
        ("ए", 95.5, 100.0, 6.0),
        ("क", 72.0, 114.0, 8.0),
        ("\u{941}", 78.0, 101.5, 0.0),
        ("\u{941}", 94.5, 101.5, 0.0),
        ("\u{902}", 94.5, 98.0, 0.0),
        ("\u{941}", 78.0, 115.5, 0.0),
    ];
    assert_eq!(lines(&line), ["कुल हुंए", "कु"]);
}

#[test]
fn a_sign_before_its_letter_and_written_after_it() {
    let words = [
        ("ക", 72.0, 100.0, 10.0),
        ("ൂ", 82.0, 100.0, 4.0),
        ("ട", 95.0, 100.0, 8.0),
        ("െ", 86.0, 100.0, 9.0),
        ("ല", 116.0, 100.0, 8.0),
        ("െ", 107.0, 100.0, 9.0),
    ];
    assert_eq!(lines(&words), ["കൂടെ ലെ"]);
}

#[test]
fn a_shadow_whose_pieces_run_into_the_next_words() {
    let word = |text: &str, x: f32, y: f32| -> Vec<(String, f32, f32, f32)> {
        let letters = text.chars().zip(0_u8..);
        letters
            .map(|(c, at)| (c.to_string(), x + 6.0 * f32::from(at), y, 6.0))
            .collect()
    };
    let mut page = Vec::new();
    for (text, x) in [("Claim", 72.0), (" case", 102.0), (" number", 132.0)] {
        page.extend(word(text, x, 100.5));
        page.extend(word(text, x - 0.5, 100.0));
    }
    let page: Vec<(&str, f32, f32, f32)> = page
        .iter()
        .map(|(text, x, y, width)| (text.as_str(), *x, *y, *width))
        .collect();
    assert_eq!(lines(&page), ["Claim case number"]);
}

#[test]
fn cells_close_to_each_other_are_read_one_after_the_other() {
    let line = |text: &str, x: f32, y: f32| -> Vec<(String, f32, f32, f32)> {
        let letters = text.chars().zip(0_u8..);
        letters
            .map(|(c, at)| (c.to_string(), x + 6.0 * f32::from(at), y, 6.0))
            .collect()
    };
    let left = [
        "Every application shall",
        "bring a fee of rupees",
        "five hundred.",
    ];
    let right = [
        "Every application may",
        "bring a fee of rupees",
        "two hundred.",
    ];
    let mut page = Vec::new();
    for (cell, x) in [(left, 72.0), (right, 213.0)] {
        for (row, y) in cell.iter().zip([100.0, 114.0, 128.0]) {
            page.extend(line(row, x, y));
        }
    }
    // A word that was left out stands by itself and is put in its line.
    page.extend(line("Registrar", 72.0, 160.0));
    page.extend(line("of", 150.0, 160.0));
    page.extend(line("The", 72.0, 174.0));
    page.extend(line("the", 130.0, 160.0));
    let page: Vec<(&str, f32, f32, f32)> = page
        .iter()
        .map(|(text, x, y, width)| (text.as_str(), *x, *y, *width))
        .collect();
    let expected: Vec<&str> = left
        .into_iter()
        .chain(right)
        .chain(["Registrar the of", "The"])
        .collect();
    assert_eq!(lines(&page), expected);
}
