//! How a window is cut into narrower ones.

use nirnay_model::{DateWindow, Split, courts};
use nirnay_parse::judgments::SearchPage;
use nirnay_store::{WindowRow, WindowSpec};

use crate::range::merge_sparse;

/// Parts of a window that lists too many rows: by the portal's own year counts where they add up, else
/// as many equal ranges of days as the total asks for.
pub(crate) fn parts_by_size(
    window: &WindowRow,
    page: &SearchPage,
    max_rows: u64,
) -> Option<Vec<WindowSpec>> {
    let range = window.spec.window?;
    if range.days() == 1 {
        return narrower(window);
    }
    let by_year = pieces_by_year(range, page);
    let ranges = match by_year {
        Some(pieces) if pieces.len() > 1 => merge_sparse(&pieces, max_rows),
        _ => equal_ranges(range, page.total.div_ceil(max_rows.max(1)) + 1),
    };
    (ranges.len() > 1).then(|| specs(window, &ranges))
}

fn pieces_by_year(range: DateWindow, page: &SearchPage) -> Option<Vec<(DateWindow, u64)>> {
    let Split::Into(years) = range.split() else {
        return None;
    };
    if range.from().year() == range.to().year() {
        return None;
    }
    let count = |year: i16| {
        page.facets
            .years
            .iter()
            .find(|facet| facet.name.trim() == year.to_string())
            .map_or(0, |facet| facet.count)
    };
    let pieces: Vec<(DateWindow, u64)> = years
        .into_iter()
        .map(|window| (window, count(window.from().year())))
        .collect();
    // Facets that do not add up to the total are no basis for a plan.
    (pieces.iter().map(|(_, rows)| rows).sum::<u64>() == page.total).then_some(pieces)
}

fn equal_ranges(range: DateWindow, parts: u64) -> Vec<DateWindow> {
    let days = range.days();
    let step = (days / i64::try_from(parts).unwrap_or(days).max(1)).max(1);
    let mut out = Vec::new();
    let mut start = range.from();
    while start <= range.to() {
        let end = start
            .saturating_add(jiff::Span::new().days(step - 1))
            .min(range.to());
        let Ok(window) = DateWindow::new(start, end) else {
            break;
        };
        out.push(window);
        match end.tomorrow() {
            Ok(next) => start = next,
            Err(_) => break,
        }
    }
    out
}

/// The next narrower search: shorter dates, then single benches of the court.
pub(crate) fn narrower(window: &WindowRow) -> Option<Vec<WindowSpec>> {
    match window.spec.window?.split() {
        Split::Into(ranges) => Some(specs(window, &ranges)),
        Split::OneDay if window.spec.bench.is_none() => {
            let court = courts().find(window.spec.court.as_str())?;
            let benches: Vec<String> = court
                .benches
                .iter()
                .filter_map(|bench| bench.dist_code.clone())
                .collect();
            // Splitting by bench is a proof only if every bench can be asked for.
            (benches.len() == court.benches.len() && benches.len() > 1).then(|| {
                benches
                    .into_iter()
                    .map(|bench| WindowSpec {
                        bench: Some(bench),
                        parent: Some(window.id),
                        ..window.spec.clone()
                    })
                    .collect()
            })
        }
        Split::OneDay => None,
    }
}

fn specs(window: &WindowRow, ranges: &[DateWindow]) -> Vec<WindowSpec> {
    ranges
        .iter()
        .map(|&range| WindowSpec {
            window: Some(range),
            parent: Some(window.id),
            ..window.spec.clone()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ranges_cover_the_whole() {
        let range: DateWindow = "2024-01-01..2024-12-31".parse().unwrap();
        for parts in [1, 2, 3, 7, 400] {
            let ranges = equal_ranges(range, parts);
            assert_eq!(
                ranges.iter().map(DateWindow::days).sum::<i64>(),
                366,
                "{parts}"
            );
            assert_eq!(ranges[0].from(), range.from());
            assert_eq!(ranges.last().unwrap().to(), range.to());
        }
    }
}
