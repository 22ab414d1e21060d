//! The script of a text.

/// Blocks of the scripts that Indian courts write in. The letters of each lie in few blocks, so
/// ranges do; what is not listed counts for no script.
pub(crate) const SCRIPTS: [(&str, &[(u32, u32)]); 16] = [
    (
        "Latn",
        &[
            (0x41, 0x5A),
            (0x61, 0x7A),
            (0xC0, 0x24F),
            (0x1E00, 0x1EFF),
            (0xFB00, 0xFB06),
        ],
    ),
    ("Deva", &[(0x900, 0x963), (0x970, 0x97F), (0xA8E0, 0xA8FF)]),
    ("Beng", &[(0x980, 0x9E3), (0x9F0, 0x9FF)]),
    ("Guru", &[(0xA00, 0xA65), (0xA70, 0xA7F)]),
    ("Gujr", &[(0xA80, 0xAE5), (0xAF9, 0xAFF)]),
    ("Orya", &[(0xB00, 0xB65), (0xB71, 0xB71)]),
    ("Taml", &[(0xB80, 0xBE5)]),
    ("Telu", &[(0xC00, 0xC65)]),
    ("Knda", &[(0xC80, 0xCE5), (0xCF1, 0xCFF)]),
    ("Mlym", &[(0xD00, 0xD65), (0xD7A, 0xD7F)]),
    ("Sinh", &[(0xD80, 0xDDF)]),
    ("Tibt", &[(0xF00, 0xF1F), (0xF40, 0xFBC)]),
    ("Olck", &[(0x1C5A, 0x1C7D)]),
    ("Mtei", &[(0xABC0, 0xABEA), (0xAAE0, 0xAAEF)]),
    (
        "Arab",
        &[
            (0x620, 0x65F),
            (0x66E, 0x6D3),
            (0x6D5, 0x6EF),
            (0x750, 0x77F),
            (0xFB50, 0xFDFF),
            (0xFE70, 0xFEFC),
        ],
    ),
    ("Lepc", &[(0x1C00, 0x1C37)]),
];

/// How many letters and vowel signs are in each of [`SCRIPTS`].
pub(crate) type Counts = [usize; SCRIPTS.len()];

/// The script (ISO 15924) of most of the letters and vowel signs that were counted, if any were.
pub(crate) fn most(counts: &Counts) -> Option<&'static str> {
    let (at, most) = counts
        .iter()
        .enumerate()
        .max_by_key(|(at, count)| (**count, SCRIPTS.len() - at))?;
    (*most > 0).then(|| SCRIPTS.get(at).map(|(name, _)| *name))?
}

/// Counts the letters and vowel signs of `text`.
pub(crate) fn counts(text: &str) -> Counts {
    let mut counts = [0_usize; SCRIPTS.len()];
    for c in text.chars() {
        if let Some(count) = index_of(c).and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    counts
}

/// The script of a letter or vowel sign.
pub(crate) fn of(c: char) -> Option<&'static str> {
    index_of(c).and_then(|at| SCRIPTS.get(at).map(|(name, _)| *name))
}

fn index_of(c: char) -> Option<usize> {
    // Nearly every character of nearly every page; Latin is the first.
    if c.is_ascii() {
        return c.is_ascii_alphabetic().then_some(0);
    }
    let code = c as u32;
    SCRIPTS.iter().position(|(_, ranges)| {
        ranges
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&code))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_most_letters() {
        for (text, expected) in [
            ("", None),
            ("12/2024 — …", None),
            ("Civil Appeal", Some("Latn")),
            ("रिट याचिका W.P. 12", Some("Deva")),
            ("মামলা নং", Some("Beng")),
            ("ਪੰਜਾਬ", Some("Guru")),
            ("ગુજરાત", Some("Gujr")),
            ("ଓଡ଼ିଶା", Some("Orya")),
            ("தீர்ப்பு", Some("Taml")),
            ("తీర్పు", Some("Telu")),
            ("ತೀರ್ಪು", Some("Knda")),
            ("വിധി", Some("Mlym")),
            ("عدالت", Some("Arab")),
        ] {
            assert_eq!(most(&counts(text)), expected, "{text}");
        }
    }
}
