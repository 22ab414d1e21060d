//! The lawyers and judges of a court.

use crate::bench;
use crate::cases::Advocate;
use crate::names;
use crate::random::{Draw, mix_text};

/// Lawyers of a court.
pub(crate) const LAWYERS: u32 = 40;

/// The number of the lawyer who appears for offices and States, among others.
pub(crate) const PLEADER: u32 = 0;

/// A lawyer of a court by his number.
pub(crate) fn advocate(seed: u64, slug: &str, number: u32) -> Advocate {
    let mut draw = Draw::of(&[seed, mix_text(slug), 82, u64::from(number)]);
    let region = names::region(slug);
    let letter = slug.chars().next().unwrap_or('d').to_ascii_uppercase();
    let bar = format!(
        "{letter}/{}/{}",
        100 + number * 17 + draw.below(17),
        draw.between(1975, 2019)
    );
    if number == PLEADER {
        return Advocate {
            name: "GOVERNMENT PLEADER".to_owned(),
            code: 1,
            bar,
        };
    }
    let title = draw.pick_ref(&["MR.", "MR.", "MS.", "MRS."]);
    let initial = draw.letters(1, b"ABDGHJKMNPRSTV");
    let name = format!(
        "{title} {initial} {} {}",
        draw.pick(region.given),
        draw.pick(region.family)
    );
    Advocate {
        name: name.trim().to_uppercase(),
        code: 100 + number * 53 + draw.below(50),
        bar,
    }
}

/// The lawyers of a court.
pub(crate) fn advocates(seed: u64, slug: &str) -> Vec<Advocate> {
    (0..LAWYERS)
        .map(|number| advocate(seed, slug, number))
        .collect()
}

/// The number of judges of a seat.
pub(crate) const JUDGES: u32 = 6;

/// A judge of a seat by his number, from 0; his courtroom is the number after it.
pub(crate) fn judge(seed: u64, seat: u16, slug: &str, number: u32) -> String {
    let mut draw = Draw::of(&[seed, u64::from(seat), 83, u64::from(number)]);
    let region = names::region(slug);
    let name = format!("{} {}", draw.pick(region.given), draw.pick(region.family));
    if bench::bench(seat).is_none() {
        let post = draw.pick_ref(&[
            "District and Sessions Judge",
            "Civil Judge Senior Division",
            "Chief Judicial Magistrate",
            "Additional District Judge",
            "Munsif",
        ]);
        return format!("{}-{post}", name.trim());
    }
    let initial = draw.letters(1, b"ABDGHJKMNPRSTV");
    format!(
        "HONOURABLE MR. JUSTICE {initial}. {}",
        name.trim().to_uppercase()
    )
}
