//! What is true of cases, for comparison with what a client made of them.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::cases::{self, CaseBook, CaseFile, Key};
use crate::site::Site;
use crate::world::World;

impl World {
    /// The cases of a site whose place begins with these codes, as they stand now.
    pub(crate) fn cases(&self, site: Site, place: &[&str]) -> Vec<CaseFile> {
        let today = self.case_day(&self.present());
        self.seated(site, place)
            .map(|key| self.cases.file(key, today))
            .collect()
    }

    fn seated<'a>(&'a self, site: Site, place: &'a [&str]) -> impl Iterator<Item = Key> + 'a {
        let seats = self.cases.seats(site).filter(move |seat| {
            let own = CaseBook::place(*seat);
            let calcutta = site != Site::CalcuttaHc || cases::slug_of(*seat) == "calcutta";
            calcutta && own.len() >= place.len() && own.iter().zip(place).all(|(a, b)| a == b)
        });
        seats.flat_map(|seat| self.cases.keys(seat).iter().copied())
    }

    /// The case with this CNR at a moment; now, if none is given.
    pub(crate) fn case(&self, cnr: &str, moment: Option<Timestamp>) -> Option<CaseFile> {
        let now = self.case_day(&self.present());
        let today = moment.map_or(now, crate::schedule::day_of);
        let key = self.cases.by_cnr(cnr)?;
        Some(self.cases.file(key, today))
    }

    /// The file of an order.
    pub(crate) fn case_document(&self, cnr: &str, number: u16) -> Option<Bytes> {
        let today = self.case_day(&self.present());
        let key = self.cases.by_cnr(cnr)?;
        self.cases.document(key, number, today).map(Bytes::from)
    }

    /// The CNRs of the cases of a place that are in court on a day.
    pub(crate) fn sitting(&self, site: Site, place: &[&str], on: Date) -> Vec<String> {
        self.seated(site, place)
            .filter(|key| self.cases.sits(*key, on))
            .map(|key| self.cases.cnr(key))
            .collect()
    }
}
