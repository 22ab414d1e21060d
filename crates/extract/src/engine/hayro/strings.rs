//! Text strings and dates of dictionaries.

/// A text string: UTF-16 or UTF-8 with a byte order mark, else Latin-1, which the PDF's own
/// encoding is but for a few signs.
pub(super) fn text_string(bytes: &[u8]) -> String {
    const LONGEST: usize = 4096;
    let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    text.chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [a, b] => unit([*a, *b]),
        _ => 0,
    });
    char::decode_utf16(units)
        .map(|c| c.unwrap_or('\u{fffd}'))
        .collect()
}

/// `D:20240829171233+05'30'` as `2024-08-29T17:12:33+05:30`; what cannot be read stays as it is.
pub(super) fn date(text: &str) -> String {
    iso_date(text).unwrap_or_else(|| text.trim().to_owned())
}

fn iso_date(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("D:").unwrap_or(text);
    let field = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)
    };
    let (year, month, day) = (field(0, 4)?, field(4, 6)?, field(6, 8)?);
    let (hour, minute, second) = (field(8, 10), field(10, 12), field(12, 14));
    let mut out = format!("{year}-{month}-{day}");
    if let (Some(hour), Some(minute)) = (hour, minute) {
        let second = second.unwrap_or("00");
        out.extend(["T", hour, ":", minute, ":", second]);
        let zone: Vec<char> = text.chars().skip(14).filter(|c| *c != '\'').collect();
        match zone.as_slice() {
            ['Z', ..] => out.push('Z'),
            [sign @ ('+' | '-'), a, b, rest @ ..] if [a, b].iter().all(|c| c.is_ascii_digit()) => {
                let minutes: String = rest.iter().take(2).collect();
                let minutes = if minutes.len() == 2 {
                    minutes
                } else {
                    "00".to_owned()
                };
                out.extend([*sign, *a, *b, ':']);
                out.push_str(&minutes);
            }
            _ => {}
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_in_their_encodings() {
        assert_eq!(text_string(b"R. Sharma"), "R. Sharma");
        assert_eq!(text_string(b"\xfe\xff\x09\x15\x00A"), "कA");
        assert_eq!(text_string(b"\xff\xfeA\x00"), "A");
        assert_eq!(text_string(b"\xef\xbb\xbf\xe0\xa4\x95"), "क");
        assert_eq!(text_string(b"a\x00b"), "ab");
    }

    #[test]
    fn dates_become_iso() {
        for (raw, iso) in [
            ("D:20240829171233+05'30'", "2024-08-29T17:12:33+05:30"),
            ("D:20240829171233Z", "2024-08-29T17:12:33Z"),
            ("D:20240829", "2024-08-29"),
            ("20240829171233", "2024-08-29T17:12:33"),
            ("29 August", "29 August"),
        ] {
            assert_eq!(date(raw), iso);
        }
    }
}
