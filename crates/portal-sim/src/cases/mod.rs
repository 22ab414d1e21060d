//! The cases behind the case portals. Those whose orders the docket lists have the same CNR, number,
//! parties, judges and documents there and here; the rest is invented in the same way.

mod acts;
mod brief;
pub(crate) mod document;
mod file;
mod geography;
mod invent;
mod key;
mod people;
mod spec;
mod timeline;
mod types;

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::bench;
use crate::case;
use crate::day;
use crate::docket::Docket;
use crate::row::{Row, RowId, UNDATED};
use crate::site::Site;
use crate::supreme_case::SupremeJudgment;
use crate::trouble::Fault;

pub(crate) use brief::Brief;
pub(crate) use file::long_number;
pub use file::{
    Act, Advocate, Application, CaseFile, CaseOrder, CaseType, Hearing, LowerCourt, Party,
};
pub(crate) use geography::{Establishment, establishments, states};
pub(crate) use key::DISTRICTS;
pub(crate) use key::Key;
pub(crate) use people::{JUDGES, advocates as advocates_of};
pub use spec::{CaseQuirks, CaseSpec, Crowd};
pub(crate) use types::{DISTRICT, HIGH_COURT};

/// Serials of pending cases and of the crowd begin behind these, where invented dockets have none.
const PENDING: u32 = 800_000;
const CROWD: u32 = 900_000;

/// All cases.
#[derive(Debug)]
pub(crate) struct CaseBook {
    docket: Arc<Docket>,
    spec: CaseSpec,
    /// High Court rows of the docket, by case.
    listed: OnceLock<Vec<u32>>,
    /// The cases of each High Court bench and, behind them, of each district establishment.
    seats: Vec<OnceLock<Vec<Key>>>,
    /// The judgments of the Supreme Court.
    pub(crate) supreme: OnceLock<Vec<SupremeJudgment>>,
    /// The last day of the docket, on which everything stands unless a moment is given.
    last_day: i32,
}

impl CaseBook {
    pub(crate) fn new(docket: Arc<Docket>, spec: CaseSpec) -> Self {
        let rows = docket.all_rows();
        let last = rows.iter().map(|row| row.day).max().unwrap_or(UNDATED);
        let count = usize::from(key::DISTRICTS) + establishments().len();
        Self {
            last_day: if last == UNDATED { 20_088 } else { last },
            docket,
            spec,
            listed: OnceLock::new(),
            supreme: OnceLock::new(),
            seats: (0..count).map(|_| OnceLock::new()).collect(),
        }
    }

    pub(crate) fn spec(&self) -> &CaseSpec {
        &self.spec
    }

    pub(crate) fn docket(&self) -> &Docket {
        &self.docket
    }

    pub(crate) fn last_day(&self) -> i32 {
        self.last_day
    }

    /// What invented things of a case are drawn from.
    pub(crate) fn seed(&self, key: Key) -> u64 {
        crate::random::mix(&[
            self.docket.seed(),
            u64::from(key.seat),
            u64::from(key.year),
            u64::from(key.serial),
        ])
    }

    fn listed(&self) -> &[u32] {
        self.listed.get_or_init(|| {
            let rows = self.docket.all_rows();
            let mut ids: Vec<u32> = (0..self.docket.split())
                .filter(|id| rows.get(*id as usize).is_some_and(|row| row.day != UNDATED))
                .collect();
            ids.sort_unstable_by_key(|id| rows.get(*id as usize).map(Key::with_order));
            ids
        })
    }

    /// The docket's rows of a case, oldest first.
    pub(crate) fn rows(&self, key: Key) -> Vec<(RowId, &Row)> {
        if key.is_district() {
            return Vec::new();
        }
        let listed = self.listed();
        let rows = self.docket.all_rows();
        let of = |id: &u32| rows.get(*id as usize).map(Key::of_row);
        let from = listed.partition_point(|id| of(id) < Some(key));
        let mut found: Vec<(RowId, &Row)> = listed
            .iter()
            .skip(from)
            .take_while(|id| of(id) == Some(key))
            .filter_map(|id| Some((RowId(*id), rows.get(*id as usize)?)))
            .collect();
        found.sort_by_key(|(_, row)| (row.day, row.order));
        found
    }

    /// The cases of a seat, by year and serial number.
    pub(crate) fn keys(&self, seat: u16) -> &[Key] {
        self.seats
            .get(usize::from(seat))
            .map_or(&[], |keys| keys.get_or_init(|| self.gather(seat)))
    }

    fn gather(&self, seat: u16) -> Vec<Key> {
        let seed = self.docket.seed();
        let today = day::from_number(self.last_day).year() as u16;
        let count = match seat {
            key::DISTRICTS.. => self.spec.district,
            _ => self.spec.pending,
        };
        let first = if seat >= key::DISTRICTS { 0 } else { PENDING };
        let year = |serial: u32| {
            let back =
                crate::random::Draw::of(&[seed, 80, u64::from(seat), u64::from(serial)]).below(4);
            today - back as u16
        };
        let mut keys: Vec<Key> = (first + 1..=first + count)
            .map(|serial| Key {
                seat,
                year: year(serial),
                serial,
            })
            .collect();
        if seat < key::DISTRICTS {
            let rows = self.docket.all_rows();
            let own = self.docket.of_bench(seat).iter();
            let own = own.filter_map(|id| rows.get(*id as usize));
            keys.extend(own.filter(|row| row.day != UNDATED).map(Key::of_row));
            if let Some(crowd) = self
                .spec
                .crowd
                .as_ref()
                .filter(|crowd| bench::benches_of(&crowd.court).first() == Some(&seat))
            {
                keys.extend((1..=crowd.cases.min(99_999)).map(|n| Key {
                    seat,
                    year: crowd.year,
                    serial: CROWD + n,
                }));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The cases of a seat that were registered in a year.
    pub(crate) fn of_year(&self, seat: u16, year: u16) -> &[Key] {
        let keys = self.keys(seat);
        let from = keys.partition_point(|key| key.year < year);
        let to = keys.partition_point(|key| key.year <= year);
        keys.get(from..to).unwrap_or(&[])
    }

    /// The party of the crowd, if this case belongs to it.
    pub(crate) fn crowd(&self, key: Key) -> Option<&str> {
        let crowd = self.spec.crowd.as_ref()?;
        (key.serial > CROWD && !key.is_district()).then_some(crowd.party.as_str())
    }

    /// The first six characters of the CNRs of a seat.
    pub(crate) fn cnr_head(seat: u16) -> &'static str {
        match seat {
            key::DISTRICTS.. => establishments()
                .get(usize::from(seat - key::DISTRICTS))
                .map_or("XXXX01", |place| place.cnr_head.as_str()),
            _ => bench::bench(seat).map_or("XXHC01", |bench| bench.cnr_head.as_str()),
        }
    }

    /// The codes by which forms reach a seat.
    pub(crate) fn place(seat: u16) -> Vec<String> {
        invent::place(seat)
    }

    /// The CNR of a case.
    pub(crate) fn cnr(&self, key: Key) -> String {
        if let Some((_, row)) = self.rows(key).first() {
            return self.docket.cnr(row);
        }
        format!(
            "{}{:06}{:04}",
            Self::cnr_head(key.seat),
            key.serial,
            key.year
        )
    }

    /// The case with this CNR.
    pub(crate) fn by_cnr(&self, cnr: &str) -> Option<Key> {
        let (head, rest) = cnr.split_at_checked(6)?;
        let (serial, year) = rest.split_at_checked(6)?;
        let seats = self.seats.len() as u16;
        let seat = (0..seats).find(|seat| Self::cnr_head(*seat) == head);
        let named = seat.and_then(|seat| {
            let key = Key {
                seat,
                year: year.parse().ok()?,
                serial: serial.parse().ok()?,
            };
            self.keys(seat).binary_search(&key).ok().map(|_| key)
        });
        named.filter(|key| self.cnr(*key) == cnr).or_else(|| {
            // Rows that were read from files have CNRs of their own.
            let rows = self.docket.all_rows().iter();
            rows.filter(|row| row.is_loaded() && !row.is_scr() && row.day != UNDATED)
                .find(|row| self.docket.cnr(row) == cnr)
                .map(Key::of_row)
        })
    }

    /// The parties named first.
    pub(crate) fn names(&self, key: Key) -> (String, String) {
        if let Some((_, row)) = self.rows(key).first() {
            return self.docket.parties(row);
        }
        let (petitioner, respondent) = case::parties(self.seed(key), slug_of(key.seat));
        match self.crowd(key) {
            Some(party) => (petitioner, party.to_owned()),
            None => (petitioner, respondent),
        }
    }

    /// The kind and number of a case.
    pub(crate) fn number(&self, key: Key) -> (CaseType, u32) {
        if let Some((_, row)) = self.rows(key).first() {
            let text = self.docket.case_number(row);
            let mut parts = text.rsplitn(3, '/');
            let (_, number, name) = (parts.next(), parts.next(), parts.next());
            let number = number
                .and_then(|n| n.trim().parse().ok())
                .unwrap_or(key.serial);
            return (types::named(name.unwrap_or("CASE")), number);
        }
        let mut draw = crate::random::Draw::of(&[self.seed(key), 81]);
        if key.is_district() {
            // An establishment counts the cases of a kind from 1.
            return (types::pick(&mut draw, DISTRICT), key.serial);
        }
        (
            types::pick(&mut draw, HIGH_COURT),
            draw.between(30_000, 99_999),
        )
    }

    /// A case as it stands at the end of a day.
    pub(crate) fn file(&self, key: Key, today: i32) -> CaseFile {
        invent::file(self, key, today)
    }

    /// Both sides of a case.
    pub(crate) fn parties(&self, key: Key) -> (Vec<Party>, Vec<Party>) {
        invent::parties(self, key)
    }

    /// Whether a party of a case has this text, in capitals, in its name.
    pub(crate) fn has_party(&self, key: Key, text: &str) -> bool {
        let (ours, theirs) = self.names(key);
        if ours.to_uppercase().contains(text) || theirs.to_uppercase().contains(text) {
            return true;
        }
        let (petitioners, respondents) = self.parties(key);
        let others = petitioners.iter().skip(1).chain(respondents.iter().skip(1));
        others
            .into_iter()
            .any(|party| party.name.to_uppercase().contains(text))
    }

    /// Whether a case is decided at the end of a day.
    pub(crate) fn is_disposed(&self, key: Key, today: i32) -> bool {
        timeline::of(self, key)
            .decided
            .is_some_and(|day| day <= today)
    }

    /// The courtroom of a case, from 1.
    pub(crate) fn courtroom(&self, key: Key) -> u16 {
        timeline::courtroom(self, key) as u16 + 1
    }

    /// A judge of a seat by his courtroom, from 0.
    pub(crate) fn judge(&self, seat: u16, room: u32) -> String {
        people::judge(self.docket.seed(), seat, slug_of(seat), room)
    }

    /// The kinds of cases of a seat, those that only its own cases have behind the usual ones.
    pub(crate) fn kinds(&self, seat: Option<u16>, usual: &[&str]) -> Vec<CaseType> {
        let mut kinds: Vec<CaseType> = usual.iter().map(|name| types::named(name)).collect();
        let rows = self.docket.all_rows();
        let own = seat
            .filter(|seat| *seat < key::DISTRICTS)
            .map(|seat| self.docket.of_bench(seat));
        let loaded = own
            .unwrap_or(&[])
            .iter()
            .filter_map(|id| rows.get(*id as usize));
        for row in loaded.filter(|row| row.is_loaded()) {
            let (kind, _) = self.number(Key::of_row(row));
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }

    /// The order that a fault sends instead: another one of the same case where it says so, else the first of another
    /// case of the same seat.
    pub(crate) fn another(
        &self,
        (key, number): (Key, u16),
        fault: &Fault,
        today: i32,
    ) -> Option<(Key, u16)> {
        if fault.rule.pick.as_deref() == Some("same_case") {
            let file = self.file(key, today);
            let mut others = file.orders.iter();
            let other = others.find(|order| order.has_file && order.number != number)?;
            return Some((key, other.number));
        }
        let mut draw = fault.draw.clone();
        let keys = self.keys(key.seat);
        let from = draw.below(keys.len() as u32) as usize;
        let others = keys.iter().cycle().skip(from).take(keys.len()).copied();
        others.filter(|other| *other != key).find_map(|other| {
            let file = self.file(other, today);
            let order = file.orders.iter().find(|order| order.has_file)?;
            Some((other, order.number))
        })
    }

    /// The seats of a site: benches, or establishments.
    pub(crate) fn seats(&self, site: Site) -> std::ops::Range<u16> {
        let all = self.seats.len() as u16;
        match site {
            Site::HcServices | Site::CalcuttaHc => 0..bench::benches().len() as u16,
            Site::DistrictCourts => DISTRICTS..all,
            _ => 0..0,
        }
    }

    /// Whether a case has a hearing on a day, before or after the present one.
    pub(crate) fn sits(&self, key: Key, on: Date) -> bool {
        timeline::of(self, key).hearings.contains(&day::number(on))
    }

    /// The file of an order.
    pub(crate) fn document(&self, key: Key, number: u16, today: i32) -> Option<Vec<u8>> {
        document::of_order(self, key, number, today)
    }
}

/// The names in use where a court sits.
pub(crate) fn slug_of(seat: u16) -> &'static str {
    match seat {
        key::DISTRICTS.. => establishments()
            .get(usize::from(seat - key::DISTRICTS))
            .map_or("delhi", |place| place.state.slug),
        _ => bench::bench(seat).map_or("delhi", |bench| bench.slug),
    }
}
