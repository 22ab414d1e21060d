//! Words divided at the end of a line.
//!
//! Lines are kept, so a hyphen at the end of one stays where it is: nobody can tell `well-` /
//! `known` from `judg-` / `ment` without a dictionary. A soft hyphen is certain: it exists only to
//! divide. There the rest of the word is brought up to its beginning. Some fonts show every hyphen
//! by a soft one, though; they give themselves away inside lines, and then all are hyphens.

const SOFT: char = '\u{ad}';

/// Joins words over soft hyphens, or makes them hyphens where that is what they are.
pub(crate) fn join_soft_hyphens(lines: &mut [String]) {
    if !lines.iter().any(|line| line.contains(SOFT)) {
        return;
    }
    let inside = lines.iter().any(|line| {
        let body = line.trim_end();
        body.strip_suffix(SOFT).unwrap_or(body).contains(SOFT)
    });
    if inside {
        for line in lines {
            *line = line.replace(SOFT, "-");
        }
        return;
    }
    for at in 0..lines.len() {
        let Some(rest) = lines.get_mut(at + 1).map(std::mem::take) else {
            break;
        };
        let Some(line) = lines.get_mut(at) else {
            break;
        };
        let begins = rest.chars().next().is_some_and(char::is_lowercase);
        let mut kept = rest;
        if begins && line.trim_end().ends_with(SOFT) {
            let end = kept.find(' ').unwrap_or(kept.len());
            let tail = kept.split_off(end);
            let whole = line.trim_end().trim_end_matches(SOFT).to_owned() + &kept;
            *line = whole;
            tail.trim_start().clone_into(&mut kept);
        }
        if let Some(next) = lines.get_mut(at + 1) {
            *next = kept;
        }
    }
    for line in lines {
        if line.contains(SOFT) {
            *line = line.replace(SOFT, "-");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(lines: &[&str]) -> Vec<String> {
        let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        join_soft_hyphens(&mut lines);
        lines
    }

    #[test]
    fn soft_hyphens_at_line_ends_join() {
        assert_eq!(
            joined(&["the judg\u{ad}", "ment of the Court"]),
            ["the judgment", "of the Court"]
        );
        assert_eq!(joined(&["a\u{ad}", "b\u{ad}", "c d"]), ["ab-", "", "c d"]);
    }

    #[test]
    fn soft_hyphens_inside_lines_are_hyphens() {
        assert_eq!(
            joined(&["the cross\u{ad}appeal is non\u{ad}", "reportable"]),
            ["the cross-appeal is non-", "reportable"]
        );
    }

    #[test]
    fn hyphens_stay() {
        assert_eq!(joined(&["well-", "known"]), ["well-", "known"]);
    }
}
