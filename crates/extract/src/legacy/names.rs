//! Names of eight-bit Indic fonts.
//!
//! Source: names seen in court and government PDFs, and makers' lists. 2026-11-29.

use super::Encoding;

/// A family of fonts with one encoding.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Family {
    /// How its makers call it.
    pub(super) name: &'static str,
    /// What it is written in, ISO 15924.
    pub(super) script: &'static str,
    /// And mostly in which language, ISO 639-3.
    pub(super) language: &'static str,
    /// Its table, if there is one.
    pub(super) encoding: Option<Encoding>,
    /// How its fonts' names begin, without everything but letters and digits, in lower case.
    begins: &'static [&'static str],
    /// What the rest of a name that begins so must not hold: Unicode fonts of the same maker.
    lacks: &'static [&'static str],
}

const fn family(
    name: &'static str,
    script: &'static str,
    language: &'static str,
    encoding: Option<Encoding>,
    begins: &'static [&'static str],
) -> Family {
    Family {
        name,
        script,
        language,
        encoding,
        begins,
        lacks: &["unicode"],
    }
}

/// The families. The first that a name fits is its.
pub(super) const FAMILIES: &[Family] = &[
    family(
        "Kruti Dev",
        "Deva",
        "hin",
        Some(Encoding::KrutiDev),
        &["krutidev", "kruti0", "kruti1", "k010", "krutipad"],
    ),
    family(
        "DevLys",
        "Deva",
        "hin",
        Some(Encoding::KrutiDev),
        &["devlys"],
    ),
    family(
        "Walkman-Chanakya",
        "Deva",
        "hin",
        Some(Encoding::Chanakya),
        &["walkmanchanakya"],
    ),
    family("Chanakya", "Deva", "hin", None, &["chanakya"]),
    Family {
        lacks: &["uni", "parijatha"],
        ..family("Nudi", "Knda", "kan", Some(Encoding::Nudi), &["nudi"])
    },
    family(
        "BRH Kannada",
        "Knda",
        "kan",
        Some(Encoding::Nudi),
        &[
            "brhkannada",
            "brhvijay",
            "brhkasturi",
            "brhamerikannada",
            "brhbangalore",
            "brhbengaluru",
            "brhsirigannada",
            "brhkailasa",
            "baraha",
        ],
    ),
    family(
        "Bamini",
        "Taml",
        "tam",
        Some(Encoding::Bamini),
        &["bamini", "baamini", "bamuni"],
    ),
    family(
        "ELCOT-ANSI",
        "Taml",
        "tam",
        Some(Encoding::Elcot),
        &["elcotansi"],
    ),
    family("Vanavil", "Taml", "tam", None, &["vanavil"]),
    family(
        "TAB and TAM",
        "Taml",
        "tam",
        None,
        &["tabtamil", "tamtamil", "tabelango", "tamelango", "tscii"],
    ),
    family(
        "ML",
        "Mlym",
        "mal",
        Some(Encoding::Ml),
        &[
            "mlrevathi",
            "mlbrevathi",
            "mlttrevathi",
            "mlbttrevathi",
            "mlindulekha",
            "mlbindulekha",
            "mlttindulekha",
            "mlbttindulekha",
            "mlkarthika",
            "mlbkarthika",
            "mlttkarthika",
            "mlbttkarthika",
            "mlleela",
            "mlbleela",
            "mlambili",
            "mlttambili",
            "mlttkaumudi",
            "mlkaumudi",
            "mltt",
            "mlbtt",
        ],
    ),
    family(
        "Shree-Lipi",
        "Deva",
        "hin",
        None,
        &["shreedev", "shreelipidev", "shree07", "suchidev"],
    ),
    family("Shree-Lipi", "Knda", "kan", None, &["shreekan"]),
    family("Shree-Lipi", "Telu", "tel", None, &["shreetel"]),
    family("Shree-Lipi", "Taml", "tam", None, &["shreetam"]),
    family("Shree-Lipi", "Gujr", "guj", None, &["shreeguj"]),
    family("Shree-Lipi", "Beng", "ben", None, &["shreeban", "shreeben"]),
    family("Shree-Lipi", "Beng", "asm", None, &["shreeass"]),
    family("Shree-Lipi", "Orya", "ori", None, &["shreeori"]),
    family("Shree-Lipi", "Guru", "pan", None, &["shreepun", "shreepan"]),
    family("Shree-Lipi", "Mlym", "mal", None, &["shreemal"]),
    family(
        "DVB-TT",
        "Deva",
        "hin",
        None,
        &[
            "dvbtt", "dvtt", "dvbw", "dvwtt", "dvdivya", "dvsurekh", "dvyogesh", "dvaakash",
        ],
    ),
    family("AkrutiDev", "Deva", "mar", None, &["akrutidev"]),
    family("APS-DV", "Deva", "hin", None, &["apsdv"]),
    family("Shusha", "Deva", "hin", None, &["shusha", "susha"]),
    family(
        "Kundli and others",
        "Deva",
        "hin",
        None,
        &["kundli", "4cgandhi", "aariti", "narad0", "richa0", "agra00"],
    ),
    family(
        "LMG",
        "Gujr",
        "guj",
        None,
        &["lmg", "harikrishna", "gopika", "terafont", "gujaratitera"],
    ),
    family(
        "AnmolLipi",
        "Guru",
        "pan",
        None,
        &["anmollipi", "asees", "drchatrik", "gurbaniakhar", "satluj"],
    ),
    family(
        "Bijoy",
        "Beng",
        "ben",
        None,
        &[
            "sutonnymj",
            "sutonnyemj",
            "bijoy",
            "sulekha",
            "bnttdurga",
            "bnbtt",
        ],
    ),
    family(
        "Geetanjali",
        "Beng",
        "asm",
        None,
        &["geetanjali", "ramdhenu"],
    ),
    family(
        "Akruti Ori",
        "Orya",
        "ori",
        None,
        &["akrutiori", "orttsarala", "orbtt"],
    ),
    family(
        "Telugu of eight bits",
        "Telu",
        "tel",
        None,
        &["tltt", "tlhemalatha", "brhtelugu", "hemalatha"],
    ),
    family(
        "InPage Noori",
        "Arab",
        "urd",
        None,
        &[
            "noorin0", "noorin1", "noorin2", "noorin3", "noorin4", "noorin5", "noorin6", "noorin7",
            "noorin8",
        ],
    ),
];

/// The family of a font with this PostScript name.
pub(super) fn family_of(postscript_name: &str) -> Option<&'static Family> {
    let name = plain(postscript_name);
    FAMILIES.iter().find(|family| {
        family.begins.iter().any(|begin| {
            name.strip_prefix(begin)
                .is_some_and(|rest| !family.lacks.iter().any(|lack| rest.contains(lack)))
        })
    })
}

/// Letters and digits of a name in lower case, without the tag of a subset (`ABCDEF+`).
fn plain(postscript_name: &str) -> String {
    let name = match postscript_name.split_once('+') {
        Some((tag, name)) if tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()) => name,
        _ => postscript_name,
    };
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(64)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
