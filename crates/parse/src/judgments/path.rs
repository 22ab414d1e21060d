//! Document paths as the rows name them.

use jiff::civil::Date;
use nirnay_model::{BenchCode, Cnr};

use crate::date;

/// What the path of a High Court document says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HighCourtPath {
    /// The folder of the portal's database.
    pub(super) bench: BenchCode,
    /// The CNR in the file name, if it is one.
    pub(super) cnr: Option<Cnr>,
    /// The order number.
    pub(super) order_no: u32,
    /// The date in the file name.
    pub(super) date: PathDate,
}

/// The date in a document's file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathDate {
    /// The name has none.
    Absent,
    /// A day that no calendar has.
    Impossible,
    /// A day.
    Day(Date),
}

impl PathDate {
    /// Whether it says another day than `decided`.
    pub(super) fn contradicts(self, decided: Date) -> bool {
        match self {
            Self::Absent => false,
            Self::Impossible => true,
            Self::Day(day) => day != decided,
        }
    }
}

/// Reads `court/cnrorders/<database>/orders/<CNR>_<order>_<YYYY-MM-DD>.pdf`, also without `court/`,
/// with a folder for the year, or without the date. Any other form gives `None`: an order number is
/// part of a row's identity and cannot be guessed.
pub(super) fn high_court(path: &str) -> Option<HighCourtPath> {
    let path = path.strip_prefix("court/").unwrap_or(path);
    let mut folders = path.strip_prefix("cnrorders/")?.split('/');
    let bench = folders.next()?.parse().ok()?;
    if folders.next()? != "orders" {
        return None;
    }
    let mut file = folders.next()?;
    if file.len() == 4 && file.bytes().all(|b| b.is_ascii_digit()) {
        file = folders.next()?;
    }
    if folders.next().is_some() {
        return None;
    }
    let stem = file
        .strip_suffix(".pdf")
        .or_else(|| file.strip_suffix(".PDF"))?;
    let mut parts = stem.split('_');
    let (case, order) = (parts.next()?, parts.next()?);
    let printed_date = parts.next();
    let case_is_plain =
        (1..=32).contains(&case.len()) && case.bytes().all(|b| b.is_ascii_alphanumeric());
    let order_is_plain =
        (1..=6).contains(&order.len()) && order.bytes().all(|b| b.is_ascii_digit());
    let date_is_plain = printed_date.is_none_or(|date| {
        date.len() == 10 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-')
    });
    if !case_is_plain || !order_is_plain || !date_is_plain || parts.next().is_some() {
        return None;
    }
    Some(HighCourtPath {
        bench,
        cnr: case.parse().ok(),
        order_no: order.parse().ok()?,
        date: match printed_date.map(date::iso) {
            None => PathDate::Absent,
            Some(None) => PathDate::Impossible,
            Some(Some(day)) => PathDate::Day(day),
        },
    })
}

/// Whether `path` has the form of a Supreme Court Report: `<year>_<volume>_<first page>_<last page>`,
/// with further parts for supplements.
pub(super) fn is_report(path: &str) -> bool {
    let parts: Vec<&str> = path.split('_').collect();
    path.len() <= 64
        && (3..=8).contains(&parts.len())
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
        && parts
            .first()
            .is_some_and(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_court_forms() {
        let read =
            high_court("court/cnrorders/dhcdb/orders/DLHC010000122024_3_2024-02-15.pdf").unwrap();
        assert_eq!((read.bench.as_str(), read.order_no), ("dhcdb", 3));
        assert_eq!(read.cnr.unwrap().as_str(), "DLHC010000122024");
        assert_eq!(read.date, PathDate::Day(jiff::civil::date(2024, 2, 15)));
        let older = high_court("cnrorders/taphc/orders/2017/HBHC010000122017_1.pdf").unwrap();
        assert_eq!((older.order_no, older.date), (1, PathDate::Absent));
        let strange =
            high_court("cnrorders/taphc/orders/200100000012017_1_2017-02-31.pdf").unwrap();
        assert_eq!((strange.cnr, strange.date), (None, PathDate::Impossible));
    }

    #[test]
    fn strange_forms() {
        for bad in [
            "",
            "/etc/passwd",
            "court/cnrorders/../orders/DLHC010000122024_1_2024-02-15.pdf",
            "court/cnrorders/dhcdb/orders/../DLHC010000122024_1_2024-02-15.pdf",
            "court/cnrorders/dhcdb/orders/x/DLHC010000122024_1_2024-02-15.pdf",
            "court/cnrorders/dhcdb/orders/2024/x/DLHC010000122024_1_2024-02-15.pdf",
            "court/cnrorders/DHCDB/orders/DLHC010000122024_1_2024-02-15.pdf",
            "court/cnrorders/dhcdb/orders/DLHC010000122024.pdf",
            "court/cnrorders/dhcdb/orders/DLHC010000122024_x_2024-02-15.pdf",
            "court/cnrorders/dhcdb/orders/DLHC010000122024_1_2024-02-15_2.pdf",
            "court/cnrorders/dhcdb/orders/DLHC010000122024_1_2024-02-15.exe",
            "https://x/court/cnrorders/dhcdb/orders/DLHC010000122024_1_2024-02-15.pdf",
        ] {
            assert_eq!(high_court(bad), None, "{bad}");
        }
    }

    #[test]
    fn report_forms() {
        for good in [
            "2025_5_275_330",
            "1995_1_1010_1191",
            "1995_Supp1_10_20",
            "1950_1_10_20_EN",
        ] {
            assert!(is_report(good), "{good}");
        }
        for bad in [
            "",
            "2025",
            "2025_5",
            "25_5_275_330",
            "2025_5__330",
            "2025_5_../330",
            "2025_5_275_330.pdf",
        ] {
            assert!(!is_report(bad), "{bad}");
        }
    }
}
