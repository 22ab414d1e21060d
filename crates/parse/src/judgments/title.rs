//! Titles of High Court rows: `TYPE/NO/YEAR of A Vs B`.

/// Cuts `TYPE/NO/YEAR of A Vs B` at the first ` of ` behind a case number.
pub(super) fn split(title: &str) -> (Option<&str>, &str) {
    let is_case = |text: &str| {
        let mut parts = text.rsplitn(3, '/');
        let digits = |part: Option<&str>, most: usize| {
            part.is_some_and(|p| {
                (1..=most).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit())
            })
        };
        digits(parts.next(), 4)
            && digits(parts.next(), 9)
            && parts.next().is_some_and(|kind| !kind.is_empty())
    };
    let cut = title
        .match_indices(" of ")
        .map(|(at, of)| {
            (
                title.get(..at).unwrap_or(""),
                title.get(at + of.len()..).unwrap_or(""),
            )
        })
        .find(|(case, _)| is_case(case));
    match cut {
        Some((case, parties)) => (Some(case), parties),
        None if is_case(title) => (Some(title), ""),
        None => (None, title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_high_court_rows() {
        for (title, case, parties) in [
            ("WP/12/2024 of A Vs B", Some("WP/12/2024"), "A Vs B"),
            (
                "W.P.(C)/12/2024 of Bank of X Vs B",
                Some("W.P.(C)/12/2024"),
                "Bank of X Vs B",
            ),
            (
                "Appeal of Orders/12/2024 of A Vs B",
                Some("Appeal of Orders/12/2024"),
                "A Vs B",
            ),
            ("WP/12/2024", Some("WP/12/2024"), ""),
            ("State of X Vs B", None, "State of X Vs B"),
            ("/12/2024 of A Vs B", None, "/12/2024 of A Vs B"),
        ] {
            assert_eq!(split(title), (case, parties), "{title}");
        }
    }
}
