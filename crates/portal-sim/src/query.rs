//! Searches: from filters to a list of rows, by binary search in lists kept in order.

use std::sync::Arc;

use crate::bench;
use crate::changes::Changes;
use crate::docket::Docket;
use crate::row::{Row, RowId, UNDATED};

/// How the words of a search text combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Match {
    Phrase,
    Any,
    All,
}

/// What a search asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Filter {
    /// The Supreme Court Reports instead of the High Courts.
    pub(crate) reports: bool,
    /// Court number; a number without rows for a court that is not known.
    pub(crate) court: Option<u16>,
    /// Value of the bench filter.
    pub(crate) dist_code: Option<String>,
    /// First and last day.
    pub(crate) from: Option<i32>,
    pub(crate) to: Option<i32>,
    /// Search text in lower case.
    pub(crate) text: Option<(Match, String)>,
}

/// Words that stand in every document, so that a search for them finds everything.
const EVERYWHERE: [&str; 6] = [
    "court",
    "judgment",
    "order",
    "petitioner",
    "respondent",
    "counsel",
];

/// Row numbers in serving order, before changes.
#[derive(Debug, Clone)]
enum List<'a> {
    Range(u32, u32),
    Ids(&'a [u32]),
    Owned(Arc<Vec<u32>>, usize, usize),
}

impl List<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Range(from, to) => (*to - *from) as usize,
            Self::Ids(ids) => ids.len(),
            Self::Owned(_, from, to) => to - from,
        }
    }

    fn get(&self, place: usize) -> u32 {
        match self {
            Self::Range(from, _) => from + place as u32,
            Self::Ids(ids) => ids.get(place).copied().unwrap_or(u32::MAX),
            Self::Owned(ids, from, _) => ids.get(from + place).copied().unwrap_or(u32::MAX),
        }
    }

    fn cut(self, from: usize, to: usize) -> Self {
        match self {
            Self::Range(first, _) => Self::Range(first + from as u32, first + to as u32),
            Self::Ids(ids) => Self::Ids(ids.get(from..to).unwrap_or(&[])),
            Self::Owned(ids, first, _) => Self::Owned(ids, first + from, first + to),
        }
    }

    /// The first place whose row does not satisfy `before`, which holds for a head of the list.
    fn partition(&self, before: impl Fn(u32) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self.get(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// A change at a place of the list.
#[derive(Debug, Clone, Copy)]
enum Event {
    Hide,
    Insert(RowId),
}

/// The rows a search finds, changes applied.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    list: List<'a>,
    events: Vec<(usize, Event)>,
    total: usize,
}

impl Found<'_> {
    /// How many rows there are.
    pub(crate) fn total(&self) -> usize {
        self.total
    }

    /// Up to `length` rows from place `start` on.
    pub(crate) fn page(&self, start: usize, length: usize) -> Vec<RowId> {
        let mut out = Vec::new();
        let (mut skip, mut place) = (start, 0);
        let end = (self.list.len(), Event::Hide);
        for (at, event) in self.events.iter().chain(std::iter::once(&end)) {
            let run = at - place;
            let from = place + skip.min(run);
            skip -= skip.min(run);
            let wanted = length - out.len();
            out.extend((from..*at).take(wanted).map(|p| RowId(self.list.get(p))));
            place = *at;
            match event {
                Event::Hide => place += 1,
                Event::Insert(_) if skip > 0 => skip -= 1,
                Event::Insert(id) if out.len() < length => out.push(*id),
                Event::Insert(_) => {}
            }
            if out.len() == length {
                break;
            }
        }
        out
    }
}

/// Text searches that were made before, newest last. Walking pages of one search is common.
#[derive(Debug, Default)]
pub(crate) struct TextCache(Vec<(Filter, Arc<Vec<u32>>)>);

const CACHED: usize = 8;

/// The rows that satisfy `filter`.
pub(crate) fn find<'a>(
    docket: &'a Docket,
    changes: &Changes,
    filter: &Filter,
    cache: &mut TextCache,
) -> Found<'a> {
    let mut list = base(docket, filter);
    let rows = docket.all_rows();
    let day = |id: u32| rows.get(id as usize).map_or(UNDATED, |row| row.day);
    if filter.from.is_some() || filter.to.is_some() {
        let first = filter.from.unwrap_or(UNDATED + 1);
        let from = list.partition(|id| day(id) < first);
        let to = filter
            .to
            .map_or(list.len(), |last| list.partition(|id| day(id) <= last));
        list = list.cut(from, to.max(from));
    }
    if filter.text.is_some() {
        let known = cache
            .0
            .iter()
            .find(|(f, _)| f == filter)
            .map(|(_, ids)| Arc::clone(ids));
        let ids = known.unwrap_or_else(|| {
            let ids: Vec<u32> = (0..list.len())
                .map(|place| list.get(place))
                .filter(|id| {
                    rows.get(*id as usize)
                        .is_some_and(|row| text_matches(docket, row, filter))
                })
                .collect();
            let ids = Arc::new(ids);
            cache.0.push((filter.clone(), Arc::clone(&ids)));
            if cache.0.len() > CACHED {
                cache.0.remove(0);
            }
            ids
        });
        let count = ids.len();
        list = List::Owned(ids, 0, count);
    }
    with_changes(docket, changes, filter, list)
}

fn with_changes<'a>(
    docket: &Docket,
    changes: &Changes,
    filter: &Filter,
    list: List<'a>,
) -> Found<'a> {
    let rows = docket.all_rows();
    let mut events: Vec<(usize, Event)> = Vec::new();
    if list.len() > 0 {
        let (from, to) = (list.get(0), list.get(list.len() - 1));
        for hidden in changes.hidden(from, to) {
            let place = list.partition(|id| id < hidden);
            if list.get(place) == hidden {
                events.push((place, Event::Hide));
            }
        }
    }
    let hides = events.len();
    for added in changes.added().iter().filter(|added| added.until.is_none()) {
        if matches(docket, &added.row, filter) {
            let key = added.row.key();
            let place =
                list.partition(|id| rows.get(id as usize).is_some_and(|row| row.key() < key));
            events.push((place, Event::Insert(added.id)));
        }
    }
    let total = list.len() - hides + (events.len() - hides);
    // At one place what is added comes before what is hidden: the hidden row stands behind it.
    events.sort_by_key(|(place, event)| (*place, matches!(event, Event::Hide)));
    Found {
        list,
        events,
        total,
    }
}

fn base<'a>(docket: &'a Docket, filter: &Filter) -> List<'a> {
    if filter.reports {
        return List::Range(docket.split(), docket.all_rows().len() as u32);
    }
    match (filter.court, &filter.dist_code) {
        (None, _) => List::Range(0, docket.split()),
        (Some(court), None) => List::Ids(docket.of_court(court)),
        (Some(court), Some(code)) => {
            let number = bench::benches()
                .iter()
                .position(|b| b.court == court && b.dist_code == *code);
            List::Ids(number.map_or(&[], |number| docket.of_bench(number as u16)))
        }
    }
}

/// Whether a single row satisfies the whole filter.
fn matches(docket: &Docket, row: &Row, filter: &Filter) -> bool {
    let place = bench::bench(row.bench);
    let court = filter
        .court
        .is_none_or(|court| place.is_some_and(|b| b.court == court));
    let bench = filter
        .dist_code
        .as_ref()
        .is_none_or(|code| filter.court.is_none() || place.is_some_and(|b| b.dist_code == *code));
    row.is_scr() == filter.reports
        && (filter.reports || (court && bench))
        && filter.from.is_none_or(|from| row.day >= from)
        && filter
            .to
            .is_none_or(|to| row.day != UNDATED && row.day <= to)
        && text_matches(docket, row, filter)
}

fn text_matches(docket: &Docket, row: &Row, filter: &Filter) -> bool {
    let Some((mode, wanted)) = &filter.text else {
        return true;
    };
    if EVERYWHERE.contains(&wanted.as_str()) {
        return true;
    }
    let (petitioner, respondent) = docket.parties(row);
    let title = format!("{petitioner} vs {respondent}").to_lowercase();
    let has = |word: &str| title.contains(word) || EVERYWHERE.contains(&word);
    match mode {
        Match::Phrase => title.contains(wanted.as_str()),
        Match::Any => wanted.split_whitespace().any(has),
        Match::All => wanted.split_whitespace().all(has),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{CourtShare, DocketSpec, Quirks};

    fn docket() -> Docket {
        Docket::generate(&DocketSpec {
            courts: vec![
                CourtShare::new("bombay", 300),
                CourtShare::new("delhi", 100),
            ],
            quirks: Quirks::none(),
            ..DocketSpec::default()
        })
        .unwrap()
    }

    fn everything() -> Filter {
        Filter {
            reports: false,
            court: None,
            dist_code: None,
            from: None,
            to: None,
            text: None,
        }
    }

    fn ids(docket: &Docket, changes: &Changes, filter: &Filter, page: usize) -> Vec<RowId> {
        let mut cache = TextCache::default();
        let found = find(docket, changes, filter, &mut cache);
        let mut out = Vec::new();
        while out.len() < found.total() {
            let rows = found.page(out.len(), page);
            assert!(!rows.is_empty() && rows.len() <= page);
            out.extend(rows);
        }
        out
    }

    #[test]
    fn filters_by_index_agree_with_a_scan() {
        let docket = docket();
        let changes = Changes::default();
        let bombay = bench::court_of_filter("27");
        let from = crate::day::number("2024-02-01".parse().unwrap());
        let filters = [
            everything(),
            Filter {
                court: bombay,
                ..everything()
            },
            Filter {
                court: bombay,
                dist_code: Some("4".to_owned()),
                from: Some(from),
                ..everything()
            },
            Filter {
                court: bombay,
                from: Some(from),
                to: Some(from + 9),
                ..everything()
            },
            Filter {
                text: Some((Match::Phrase, "patil".to_owned())),
                ..everything()
            },
            Filter {
                text: Some((Match::Any, "state union".to_owned())),
                to: Some(from),
                ..everything()
            },
            Filter {
                court: Some(999),
                ..everything()
            },
            Filter {
                reports: true,
                ..everything()
            },
        ];
        for filter in filters {
            let rows = docket.all_rows().iter().enumerate();
            let scan: Vec<RowId> = rows
                .filter(|(_, r)| matches(&docket, r, &filter))
                .map(|(n, _)| RowId(n as u32))
                .collect();
            assert_eq!(ids(&docket, &changes, &filter, 7), scan, "{filter:?}");
        }
    }

    #[test]
    fn changes_are_seen_in_place_and_in_the_total() {
        let docket = docket();
        let mut changes = Changes::default();
        let before = ids(&docket, &changes, &everything(), 50);
        let model = *docket.row(before[40]).unwrap();
        let added = changes.add_like(&model, 1);
        changes.hide(before[0], 2);
        changes.hide(before[399], 2);
        let after = ids(&docket, &changes, &everything(), 13);
        assert_eq!(after.len(), before.len() - 1);
        assert!(after.contains(&added) && !after.contains(&before[0]));
        let days: Vec<i32> = after
            .iter()
            .map(|id| docket.row(*id).or(changes.row(*id)).unwrap().day)
            .collect();
        assert!(days.is_sorted());
        changes.hide(added, 3);
        assert_eq!(
            ids(&docket, &changes, &everything(), 13).len(),
            before.len() - 2
        );
    }
}
