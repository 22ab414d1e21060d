//! The judges of a row: their names, the author among them, their number.

use crate::text;

/// Splits names at commas; a star marks the author.
pub(super) fn names(line: &str, flags: &mut Vec<String>) -> (Vec<String>, Option<String>) {
    const SUFFIXES: [&str; 10] = [
        "J", "J.", "JJ", "JJ.", "CJ", "CJ.", "C.J.", "CJI", "CJI.", "C.J.I.",
    ];
    let mut names: Vec<String> = Vec::new();
    let mut authors: Vec<usize> = Vec::new();
    for piece in line.split(',') {
        let name = text::fold(&piece.replace('*', " "));
        match names.last_mut() {
            _ if name.is_empty() => {}
            Some(last) if SUFFIXES.contains(&name.as_str()) => {
                last.push_str(", ");
                last.push_str(&name);
            }
            _ => names.push(name),
        }
        let at = names.len().saturating_sub(1);
        if piece.contains('*') && !authors.contains(&at) {
            authors.push(at);
        }
    }
    if authors.len() > 1 {
        flags.push("several_authors".to_owned());
    }
    let author = authors.first().and_then(|at| names.get(*at)).cloned();
    (names, author)
}

/// The number of judges: as stated (`2 Judges`), else counted.
pub(super) fn strength(
    stated: Option<&str>,
    counted: usize,
    flags: &mut Vec<String>,
) -> Option<u16> {
    let counted = u16::try_from(counted).ok().filter(|count| *count > 0);
    let Some(stated) = stated else { return counted };
    let digits = stated.split(' ').next().unwrap_or("");
    match digits.parse::<u16>() {
        Ok(number) if (1..=50).contains(&number) => {
            if counted.is_some_and(|count| count != number) {
                flags.push("bench_strength_differs".to_owned());
            }
            Some(number)
        }
        _ => {
            flags.push("bench_strength_unread".to_owned());
            counted
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_judges() {
        let read = |line: &str| names(line, &mut Vec::new());
        assert_eq!(read("A B,C. D").0, ["A B", "C. D"]);
        assert_eq!(read("A B, J., C. D, JJ.").0, ["A B, J.", "C. D, JJ."]);
        assert_eq!(read("A, B*").1.as_deref(), Some("B"));
        assert_eq!(read("A*, C.J.I., B").1.as_deref(), Some("A, C.J.I."));
        assert_eq!(read(" , ,").0, Vec::<String>::new());
    }

    #[test]
    fn the_number_of_judges() {
        let read = |stated: Option<&str>, counted: usize| {
            let mut flags = Vec::new();
            (strength(stated, counted, &mut flags), flags.len())
        };
        assert_eq!(read(Some("2 Judges"), 2), (Some(2), 0));
        assert_eq!(read(Some("3 Judges"), 2), (Some(3), 1));
        assert_eq!(read(Some("1000 Judges"), 2), (Some(2), 1));
        assert_eq!(read(Some("Full Bench"), 0), (None, 1));
        assert_eq!((read(None, 2), read(None, 0)), ((Some(2), 0), (None, 0)));
    }
}
