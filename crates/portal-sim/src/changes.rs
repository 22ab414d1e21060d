//! What became of the docket so far: by its schedule, by hand, and by faults.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use crate::case::Case;
use crate::row::{Row, RowId};
use crate::schedule::{Change, ChangeKind, Edit, Schedule};

/// The number of the first row added at run time.
const FIRST_ADDED: u32 = 1 << 31;

/// A row added at run time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Added {
    pub(crate) id: RowId,
    pub(crate) row: Row,
    /// Number of the request that added it, and the docket's moment then.
    pub(crate) at: u64,
    pub(crate) since: Timestamp,
    /// The same of the request that took it away again.
    pub(crate) until: Option<(u64, Timestamp)>,
}

/// How a row stands that is not as the docket has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    pub(crate) hidden: bool,
    /// When it was listed and withdrawn last, if that was by a change.
    pub(crate) listed_since: Option<Timestamp>,
    pub(crate) withdrawn_on: Option<Timestamp>,
    /// Number of the request whose fault took it away.
    pub(crate) removed_by: Option<u64>,
    /// The new values of its fields, in order.
    pub(crate) edits: Vec<Edit>,
    /// How often its document was replaced.
    pub(crate) document: u32,
}

/// Differences between the docket and what is served.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    standings: HashMap<u32, Standing>,
    hidden: BTreeSet<u32>,
    added: Vec<Added>,
    version: u64,
    plan: Arc<Schedule>,
    /// Place of the plan's next change.
    next: usize,
    /// What was done by hand and by faults, in order, with the number of the fault's request.
    past: Vec<(Change, Option<u64>)>,
    moment: Option<Timestamp>,
}

impl Changes {
    /// A docket that stands before the first change of its schedule.
    pub(crate) fn new(plan: &Arc<Schedule>) -> Self {
        let mut changes = Self {
            plan: Arc::clone(plan),
            ..Self::default()
        };
        let mut seen = BTreeSet::new();
        for change in plan.changes() {
            if seen.insert(change.row.0) && change.what == ChangeKind::Publish {
                changes.standings.entry(change.row.0).or_default().hidden = true;
                changes.hidden.insert(change.row.0);
            }
        }
        changes
    }

    /// Counts up with every change.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// The moment at which the docket stands, if it was ever told one.
    pub(crate) fn moment(&self) -> Timestamp {
        self.moment.unwrap_or(Timestamp::MIN)
    }

    /// Moves the docket on to a moment. Time never goes back.
    pub(crate) fn advance(&mut self, moment: Timestamp) {
        if self.moment.is_some_and(|now| moment <= now) {
            return;
        }
        self.moment = Some(moment);
        let plan = Arc::clone(&self.plan);
        while let Some(change) = plan
            .changes()
            .get(self.next)
            .filter(|change| change.at <= moment)
        {
            self.next += 1;
            self.apply(change, None);
        }
    }

    /// Makes a change now.
    pub(crate) fn make(&mut self, row: RowId, what: ChangeKind, by: Option<u64>) {
        let change = Change {
            at: self.moment(),
            row,
            what,
        };
        self.apply(&change, by);
        self.past.push((change, by));
    }

    fn apply(&mut self, change: &Change, by: Option<u64>) {
        self.version += 1;
        let id = change.row.0;
        if let Some(place) = id.checked_sub(FIRST_ADDED) {
            if let Some(added) = self.added.get_mut(place as usize)
                && change.what == ChangeKind::Withdraw
            {
                added.until.get_or_insert((by.unwrap_or(0), change.at));
            }
            return;
        }
        let standing = self.standings.entry(id).or_default();
        match &change.what {
            ChangeKind::Publish => {
                standing.hidden = false;
                standing.listed_since = Some(change.at);
                standing.withdrawn_on = None;
                standing.removed_by = None;
                self.hidden.remove(&id);
            }
            ChangeKind::Withdraw if standing.hidden => {}
            ChangeKind::Withdraw => {
                standing.hidden = true;
                standing.withdrawn_on = Some(change.at);
                standing.removed_by = by;
                self.hidden.insert(id);
            }
            ChangeKind::Edit(edit) => standing.edits.push(edit.clone()),
            ChangeKind::ReplaceDocument => standing.document += 1,
        }
    }

    /// Takes a row away, by the fault of a request.
    pub(crate) fn hide(&mut self, id: RowId, at: u64) {
        self.make(id, ChangeKind::Withdraw, Some(at));
    }

    /// Adds a row like `model`: in a High Court another order of the same day in the same case, which
    /// stands right behind `model`; in the reports another case, which stands last on that day.
    pub(crate) fn add_like(&mut self, model: &Row, at: u64) -> RowId {
        self.version += 1;
        let place = self.added.len() as u32;
        let id = RowId(FIRST_ADDED + place);
        let mut row = Row {
            loaded: u32::MAX,
            flaw: None,
            ..*model
        };
        if row.is_scr() {
            row.serial = 900_000 + place % 99_999;
        } else {
            row.order = 100 + (place % 60_000) as u16;
        }
        self.added.push(Added {
            id,
            row,
            at,
            since: self.moment(),
            until: None,
        });
        id
    }

    /// How a row stands, if it ever changed.
    pub(crate) fn standing(&self, id: RowId) -> Option<&Standing> {
        self.standings.get(&id.0)
    }

    /// Whether a row of the docket is listed now.
    pub(crate) fn lists(&self, id: RowId) -> bool {
        !self.hidden.contains(&id.0)
    }

    /// The rows of the docket not listed now, numbers from `first` to `last`.
    pub(crate) fn hidden(&self, first: u32, last: u32) -> impl Iterator<Item = u32> + '_ {
        let some = first <= last;
        let range = if some { first..=last } else { 0..=0 };
        self.hidden.range(range).copied().filter(move |_| some)
    }

    /// All rows ever added.
    pub(crate) fn added(&self) -> &[Added] {
        &self.added
    }

    /// An added row.
    pub(crate) fn row(&self, id: RowId) -> Option<&Row> {
        let place = id.0.checked_sub(FIRST_ADDED)?;
        self.added.get(place as usize).map(|added| &added.row)
    }

    /// How the docket stood, or will stand, at a moment. Rows added later than that are not in it.
    pub(crate) fn at(&self, moment: Timestamp) -> Self {
        let mut then = Self::new(&self.plan);
        then.added = self
            .added
            .iter()
            .take_while(|added| added.since <= moment)
            .map(|added| Added {
                until: added.until.filter(|(_, ended)| *ended <= moment),
                ..*added
            })
            .collect();
        let mut past = self.past.iter().filter(|(c, _)| c.at <= moment).peekable();
        for change in self.plan.changes().iter().take_while(|c| c.at <= moment) {
            while let Some((done, by)) = past.next_if(|(done, _)| done.at < change.at) {
                then.apply(done, *by);
            }
            then.apply(change, None);
        }
        for (done, by) in past {
            then.apply(done, *by);
        }
        then.moment = Some(moment);
        then
    }
}

impl Standing {
    /// Puts the new values into what a row prints.
    pub(crate) fn edit(&self, case: &mut Case) {
        for edit in &self.edits {
            match edit.clone() {
                Edit::Number(text) => case.number = text,
                Edit::Petitioner(text) => case.petitioner = text,
                Edit::Respondent(text) => case.respondent = text,
                Edit::Judges(judges) => case.judges = judges,
                Edit::Author(author) => case.author = author,
                Edit::Disposal(text) => case.disposal = text,
                Edit::Registered(date) => case.registered = date.map(crate::day::dashed),
                Edit::Excerpt(text) => case.excerpt = text,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn change(second: i64, row: u32, what: ChangeKind) -> Change {
        Change {
            at: at(second),
            row: RowId(row),
            what,
        }
    }

    #[test]
    fn the_past_can_be_asked_for() {
        let plan = Schedule::of([
            change(10, 1, ChangeKind::Publish),
            change(20, 1, ChangeKind::Edit(Edit::Petitioner("B".to_owned()))),
            change(30, 1, ChangeKind::Withdraw),
            change(40, 1, ChangeKind::Publish),
        ]);
        let mut changes = Changes::new(&Arc::new(plan));
        assert!(!changes.lists(RowId(1)) && changes.lists(RowId(2)));
        changes.advance(at(25));
        changes.make(RowId(2), ChangeKind::Withdraw, None);
        changes.advance(at(50));
        changes.advance(at(5));
        assert_eq!(changes.moment(), at(50));
        let listed = |second: i64| {
            let then = changes.at(at(second));
            [1, 2].map(|row| then.lists(RowId(row)))
        };
        assert_eq!(listed(9), [false, true]);
        assert_eq!(listed(10), [true, true]);
        assert_eq!(listed(25), [true, false]);
        assert_eq!(listed(35), [false, false]);
        assert_eq!(listed(99), [true, false]);
        assert_eq!(
            changes.at(at(15)).standing(RowId(1)).unwrap().edits.len(),
            0
        );
        assert_eq!(changes.standing(RowId(1)).unwrap().edits.len(), 1);
        assert_eq!(changes.hidden(0, 9).collect::<Vec<_>>(), [2]);
    }
}
