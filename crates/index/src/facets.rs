//! The counts of facets as they are shown.

use nirnay_model::courts;

use crate::counting::{Counts, Watched};
use crate::text::language_name;
use crate::{Facet, FacetCount, FacetName, SearchOptions};

/// The facets of an answer; none if none were asked for.
pub(crate) fn of(watched: &[Watched], counts: &Counts, options: &SearchOptions) -> Vec<Facet> {
    let Some(most) = options.facets else {
        return Vec::new();
    };
    let facets = watched.iter().zip(&counts.facets);
    facets
        .map(|(watched, counts)| {
            facet(watched, counts, options.filters.values(watched.facet), most)
        })
        .collect()
}

fn facet(watched: &Watched, counts: &[u32], chosen: &[String], most: usize) -> Facet {
    let mut numbers: Vec<(usize, u32)> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(number, count)| (number, *count))
        .collect();
    let values = numbers.len();
    let name = watched.facet;
    let by_count = |left: &(usize, u32), right: &(usize, u32)| {
        let order = right.1.cmp(&left.1);
        order.then_with(|| watched.name(left.0).cmp(&watched.name(right.0)))
    };
    if name == FacetName::Year {
        numbers.reverse();
    } else if numbers.len() > most {
        // Only those that are shown need a full order.
        let place = most.min(numbers.len() - 1);
        numbers.select_nth_unstable_by(place, by_count);
        numbers.truncate(most);
        numbers.sort_unstable_by(by_count);
    } else {
        numbers.sort_unstable_by(by_count);
    }
    numbers.truncate(most);
    let count = |value: String, count: u32, selected: bool| FacetCount {
        label: label(name, &value),
        value,
        count: u64::from(count),
        selected,
    };
    let mut shown: Vec<FacetCount> = numbers
        .into_iter()
        .map(|(number, found)| {
            let value = watched.name(number);
            let selected = chosen.contains(&value);
            count(value, found, selected)
        })
        .collect();
    for value in chosen {
        if !shown.iter().any(|other| other.value == *value) {
            let number = watched.number(value);
            let found = number.and_then(|number| counts.get(number as usize).copied());
            shown.push(count(value.clone(), found.unwrap_or(0), true));
        }
    }
    Facet {
        name,
        counts: shown,
        values,
    }
}

/// A value for people.
fn label(facet: FacetName, value: &str) -> String {
    match facet {
        FacetName::Court => courts()
            .find(value)
            .map_or_else(|| value.to_owned(), |court| court.name.clone()),
        FacetName::Language => language_name(value).unwrap_or(value).to_owned(),
        FacetName::Disposal | FacetName::Kind => {
            let mut label = value.replace('_', " ");
            if let Some(first) = label.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            label
        }
        FacetName::Year | FacetName::Judge | FacetName::CaseType | FacetName::Statute => {
            value.to_owned()
        }
    }
}
