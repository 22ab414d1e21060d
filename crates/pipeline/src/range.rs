//! Arithmetic on ranges of days: what is asked for, less what is already known.

use nirnay_model::DateWindow;

/// The parts of `wanted` that none of `known` covers, in order.
pub(crate) fn gaps(wanted: DateWindow, known: &[DateWindow]) -> Vec<DateWindow> {
    let mut known: Vec<&DateWindow> = known
        .iter()
        .filter(|window| window.to() >= wanted.from() && window.from() <= wanted.to())
        .collect();
    known.sort();
    let mut out = Vec::new();
    let mut next = Some(wanted.from());
    for window in known {
        let Some(start) = next else { break };
        if window.from() > start
            && let Ok(end) = window.from().yesterday()
            && let Ok(gap) = DateWindow::new(start, end.min(wanted.to()))
        {
            out.push(gap);
        }
        if window.to() >= start {
            next = window.to().tomorrow().ok();
        }
    }
    if let Some(start) = next
        && let Ok(gap) = DateWindow::new(start, wanted.to())
    {
        out.push(gap);
    }
    out
}

/// Greedily merges consecutive `(window, rows)` pieces while the sum stays within `max_rows`: sparse
/// years cost one window together, dense ones stand alone.
pub(crate) fn merge_sparse(pieces: &[(DateWindow, u64)], max_rows: u64) -> Vec<DateWindow> {
    let mut out: Vec<(DateWindow, u64)> = Vec::new();
    for &(window, rows) in pieces {
        if let Some((last, sum)) = out.last_mut()
            && *sum + rows <= max_rows
            && let Ok(joined) = DateWindow::new(last.from(), window.to())
        {
            *last = joined;
            *sum += rows;
        } else {
            out.push((window, rows));
        }
    }
    out.into_iter().map(|(window, _)| window).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(texts: &[&str]) -> Vec<DateWindow> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn gaps_between_known_windows() {
        let wanted = "2024-01-01..2024-12-31".parse().unwrap();
        for (known, expected) in [
            (vec![], vec!["2024-01-01..2024-12-31"]),
            (vec!["2023-01-01..2025-01-01"], vec![]),
            (
                vec!["2024-03-01..2024-03-31"],
                vec!["2024-01-01..2024-02-29", "2024-04-01..2024-12-31"],
            ),
            (
                vec!["2024-06-01..2025-03-31", "2020-01-01..2024-01-31"],
                vec!["2024-02-01..2024-05-31"],
            ),
            (
                vec![
                    "2024-01-01..2024-06-30",
                    "2024-02-01..2024-02-03",
                    "2024-07-01..2024-12-31",
                ],
                vec![],
            ),
        ] {
            assert_eq!(
                gaps(wanted, &windows(&known)),
                windows(&expected),
                "{known:?}"
            );
        }
    }

    #[test]
    fn sparse_years_are_walked_together() {
        let pieces: Vec<(DateWindow, u64)> = windows(&[
            "2020-01-01..2020-12-31",
            "2021-01-01..2021-12-31",
            "2022-01-01..2022-12-31",
        ])
        .into_iter()
        .zip([400, 500, 800])
        .collect();
        assert_eq!(
            merge_sparse(&pieces, 1000),
            windows(&["2020-01-01..2021-12-31", "2022-01-01..2022-12-31"])
        );
        assert_eq!(merge_sparse(&pieces, 10).len(), 3);
    }
}
