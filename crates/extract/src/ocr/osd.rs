//! What tesseract says of the script of a picture (`--psm 0`).

/// The pack that it needs for that.
pub(super) const PACK: &str = "osd";
/// The confidence from which tesseract itself takes a script for found: it states how far the best
/// script is ahead of the second, 1 where that is its own bound (a lead of 30 %). Pages in one script
/// have 8 and more.
const SURE: f32 = 1.0;

/// Its names of the scripts that Indian courts write, and ISO 15924's.
const NAMES: [(&str, &str); 11] = [
    ("Latin", "Latn"),
    ("Devanagari", "Deva"),
    ("Bengali", "Beng"),
    ("Gurmukhi", "Guru"),
    ("Gujarati", "Gujr"),
    ("Oriya", "Orya"),
    ("Tamil", "Taml"),
    ("Telugu", "Telu"),
    ("Kannada", "Knda"),
    ("Malayalam", "Mlym"),
    ("Arabic", "Arab"),
];

/// The script that it says, if it is sure of it and the script is one of these courts': specks are
/// Han or Cyrillic to it.
pub(super) fn script(said: &str) -> Option<&'static str> {
    let value = |label: &str| {
        let mut lines = said.lines();
        lines.find_map(|line| Some(line.trim().strip_prefix(label)?.trim()))
    };
    let confidence: f32 = value("Script confidence:")?.parse().ok()?;
    let name = value("Script:").filter(|_| confidence >= SURE)?;
    let (_, script) = NAMES.iter().find(|(known, _)| *known == name)?;
    Some(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_told_where_tesseract_is_sure_of_it() {
        let said = |name: &str, confidence: &str| {
            script(&format!(
                "Page number: 0\nOrientation in degrees: 0\nRotate: 0\nOrientation confidence: 22.42\n\
                 Script: {name}\nScript confidence: {confidence}\n"
            ))
        };
        for (name, iso) in NAMES {
            assert_eq!(said(name, "8.46"), Some(iso));
        }
        assert_eq!(said("Tamil", "1.00"), Some("Taml"));
        assert_eq!(said("Tamil", "0.99"), None);
        assert_eq!(said("Tamil", "nan"), None);
        assert_eq!(said("Cyrillic", "4.00"), None);
        assert_eq!(script(""), None);
        assert_eq!(script("Script: Tamil\n"), None);
    }
}
