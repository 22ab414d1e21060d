//! Matches by year, drawn and told.

use maud::{Markup, html};
use nirnay_index::{FacetCount, FacetName};

use super::layout::count;
use crate::ask::Ask;

const WIDTH: u32 = 240;
const HEIGHT: u32 = 56;
/// Years that are drawn; beyond, the earliest are left out and said to be.
const MOST_YEARS: i32 = 80;

/// A bar for every year between the first and the last; each bar leads to its year.
pub(crate) fn histogram(ask: &Ask, counts: &[FacetCount]) -> Markup {
    let mut years: Vec<(i32, u64)> = counts
        .iter()
        .filter_map(|value| Some((value.value.parse().ok()?, value.count)))
        .filter(|(year, count)| *year > 0 && *count > 0)
        .collect();
    years.sort_unstable();
    let (Some((first, _)), Some((last, _))) = (years.first().copied(), years.last().copied())
    else {
        return html! {};
    };
    if first == last {
        return html! {};
    }
    let first = first.max(last - MOST_YEARS + 1);
    let most = years
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(1)
        .max(1);
    let bars = (last - first + 1) as u32;
    let step = f64::from(WIDTH) / f64::from(bars);
    let told: Vec<String> = years
        .iter()
        .filter(|(year, _)| *year >= first)
        .map(|(year, number)| format!("{year}: {}", count(*number)))
        .collect();
    html! {
        figure.histogram {
            figcaption { "By year of decision" }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby="years-told" preserveAspectRatio="none" {
                title #years-told { "Judgments by year. " (told.join(", ")) }
                @for (year, number) in years.iter().filter(|(year, _)| *year >= first) {
                    @let height = (*number as f64 / most as f64 * f64::from(HEIGHT - 2)).max(1.5);
                    a href={ "/search?" (ask.with(FacetName::Year, &year.to_string()).address()) } tabindex="-1" aria-hidden="true" {
                        rect x=(format!("{:.2}", f64::from(year - first) * step))
                            y=(format!("{:.2}", f64::from(HEIGHT) - height))
                            width=(format!("{:.2}", (step - 1.0).max(step * 0.6)))
                            height=(format!("{height:.2}")) {
                            title { (year) ": " (count(*number)) }
                        }
                    }
                }
            }
            div.ends aria-hidden="true" { span { (first) } span { (last) } }
        }
    }
}
