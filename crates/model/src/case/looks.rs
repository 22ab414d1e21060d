//! Several looks at one case of the Supreme Court, whose search shows a row for each judgment.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Case, CaseView, Order, PrintedDate, order_slots};

/// What is known of a case together with what another answer shows of it: all orders of both, and the rest from the
/// latest judgment. Which of two judgments was seen first makes no difference.
pub fn joined((known, known_view): (&Case, CaseView), (seen, view): (&Case, CaseView)) -> Case {
    let rest = if view == known_view {
        is_later(known, seen)
    } else {
        view > known_view
    };
    let mut case = if rest { seen.clone() } else { known.clone() };
    case.orders = orders(known, seen);
    case
}

/// Rows of one case in one answer as one, whatever their order.
pub fn joined_rows(mut rows: Vec<Case>, view: CaseView) -> Option<Case> {
    rows.sort_by_cached_key(|row| (day(row.decided.as_ref()), serde_json::to_string(row).ok()));
    let mut rows = rows.into_iter();
    let first = rows.next()?;
    Some(rows.fold(first, |known, row| joined((&known, view), (&row, view))))
}

fn day(date: Option<&PrintedDate>) -> Option<Date> {
    date.and_then(|date| date.date)
}

/// Whether what was seen speaks of the known judgment or of a later one. It is the known one if its documents are there,
/// whatever day is given for it now.
fn is_later(known: &Case, seen: &Case) -> bool {
    let (slots, decided) = (order_slots(known), day(known.decided.as_ref()));
    let own: Vec<&String> = (known.orders.iter().zip(&slots))
        .filter(|(order, _)| day(order.date.as_ref()) == decided)
        .map(|(_, slot)| slot)
        .collect();
    let shown: BTreeSet<String> = order_slots(seen).into_iter().collect();
    let again = !own.is_empty() && own.into_iter().all(|slot| shown.contains(slot));
    again || day(seen.decided.as_ref()) >= decided
}

/// The orders of both, in the order of the page that has all of them, else by day.
fn orders(known: &Case, seen: &Case) -> Vec<Order> {
    let of = |case: &Case| -> Vec<(String, Order)> {
        let slots = order_slots(case).into_iter();
        slots.zip(case.orders.iter().cloned()).collect()
    };
    let (known, seen) = (of(known), of(seen));
    let mut all: BTreeMap<String, Order> = known.iter().cloned().collect();
    for (slot, order) in &seen {
        let both = match all.get(slot) {
            Some(before) => again(before, order),
            None => order.clone(),
        };
        all.insert(slot.clone(), both);
    }
    let page = [seen, known]
        .into_iter()
        .find(|page| page.len() == all.len());
    if let Some(page) = page {
        let orders = page.iter().filter_map(|(slot, _)| all.remove(slot));
        return orders.collect();
    }
    let mut all: Vec<(String, Order)> = all.into_iter().collect();
    all.sort_by_cached_key(|(slot, order)| (day(order.date.as_ref()), slot.clone()));
    all.into_iter().map(|(_, order)| order).collect()
}

/// An order as it is seen now, with what is known of it and not shown here. The same day in other words is no news.
fn again(before: &Order, now: &Order) -> Order {
    let date = match (&before.date, &now.date) {
        (Some(before), Some(now)) if before.date == now.date => {
            [before, now].into_iter().min_by_key(|date| &date.printed)
        }
        (before, now) => now.as_ref().or(before.as_ref()),
    };
    let date = date.cloned();
    let before = before.clone();
    let now = now.clone();
    Order {
        number: now.number.or(before.number),
        on: now.on.or(before.on),
        date,
        kind: now.kind.or(before.kind),
        judge: now.judge.or(before.judge),
        neutral_citation_printed: now
            .neutral_citation_printed
            .or(before.neutral_citation_printed),
        neutral_citation: now.neutral_citation.or(before.neutral_citation),
        language: now.language.or(before.language),
        link: now.link.or(before.link),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{CaseKey, CasePortal, OrderLink};

    fn row(day: &str, links: &[&str], judge: &str) -> Case {
        let mut case = Case::new(CasePortal::Sci);
        case.diary_number = Some("834/1997".to_owned());
        case.coram = Some(judge.to_owned());
        let date = PrintedDate {
            printed: day.to_owned(),
            date: day.parse().ok(),
        };
        for link in links {
            case.orders.push(Order {
                number: None,
                on: None,
                date: Some(date.clone()),
                kind: None,
                judge: None,
                neutral_citation_printed: None,
                neutral_citation: None,
                language: Some("English".to_owned()),
                link: Some(OrderLink::Address((*link).to_owned())),
            });
        }
        case.decided = Some(date);
        case
    }

    fn all(rows: &[&Case]) -> Case {
        let page = CaseView::Page;
        let first = rows[0].clone();
        let rest = rows[1..].iter();
        rest.fold(first, |known, row| joined((&known, page), (row, page)))
    }

    #[test]
    fn judgments_of_one_case_add_up_in_any_order() {
        let (old, new) = (
            row("1963-11-19", &["3413.pdf"], "SHAH"),
            row("1999-08-09", &["b.pdf", "a.pdf"], "RAO"),
        );
        assert_eq!(CaseKey::of(&old), CaseKey::of(&new));
        let both = all(&[&old, &new]);
        assert_eq!(both, all(&[&new, &old]));
        assert_eq!(both.orders.len(), 3);
        assert_eq!(both.coram.as_deref(), Some("RAO"));
        for again in [&old, &new] {
            assert_eq!(all(&[&both, again]), both, "the same row again is no news");
        }
        let rows = |rows: &[&Case]| {
            let rows = rows.iter().map(|row| (*row).clone()).collect();
            joined_rows(rows, CaseView::Page).unwrap()
        };
        assert_eq!(rows(&[&old, &new]), rows(&[&new, &old]));
    }

    #[test]
    fn what_changes_in_a_judgment_is_taken() {
        let old = row("1999-08-09", &["a.pdf"], "RAO");
        let corrected = row("1999-08-08", &["a.pdf"], "RAO, HEGDE");
        let now = all(&[&old, &corrected]);
        assert_eq!(now, corrected);
        // A line of a list says less than the search, but for its order.
        let line = row("2001-01-01", &["c.pdf"], "");
        let both = joined((&now, CaseView::Page), (&line, CaseView::Row));
        assert_eq!((both.orders.len(), &both.coram), (2, &now.coram));
    }
}
