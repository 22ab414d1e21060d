//! What tells one case from another, and where its rows lie.

use serde::{Deserialize, Serialize};

use super::{Case, CasePortal, CauseListEntry, OrderLink};
use crate::{Cnr, Sha256, courts};

/// How much of a case was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseView {
    /// A row of a list: number, title, perhaps parties.
    Row,
    /// All that the portal shows of it.
    Page,
}

impl CaseView {
    /// The name in the `view` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Page => "page",
        }
    }
}

/// The identity of a case: portal and CNR, or the portal's own number where it prints no CNR.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseKey(String);

impl CaseKey {
    /// The identity of `case`.
    pub fn of(case: &Case) -> Self {
        let portal = case.portal.name();
        if let Some(cnr) = &case.cnr {
            return Self(format!("{portal}/{cnr}"));
        }
        if case.portal == CasePortal::Sci {
            return Self(format!("{portal}/{}", supreme(case)));
        }
        let court = case.court_code.as_deref().unwrap_or("");
        if let Some(key) = &case.portal_key {
            return Self(format!("{portal}/{court}/{key}"));
        }
        if let Some(number) = &case.number {
            return Self(format!("{portal}/{court}/{}", number.printed));
        }
        Self(format!("{portal}/#{}", digest(case)))
    }

    /// The identity of a line of a cause list: what it says, on the list on which it says it.
    pub fn of_entry(list: &str, entry: &CauseListEntry) -> Self {
        let all = serde_json::to_vec(entry).unwrap_or_default();
        let digest = Sha256::of_parts([list.as_bytes(), all.as_slice()]);
        Self(format!("{}/list/{digest}", entry.portal))
    }

    /// A key that was stored.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What tells a case of the Supreme Court from others: the diary number; of the old ones without, the case number with
/// the day, which several cases of one number have in common with none; else what the row says of itself.
fn supreme(case: &Case) -> String {
    if let Some(diary) = case.diary_number.as_deref().filter(|text| is_diary(text)) {
        return format!("diary/{diary}");
    }
    let day = case.decided.as_ref().map_or("", |date| &date.printed);
    match &case.number {
        Some(number) => format!("number/{}/{day}", number.printed),
        None => format!("#{}", row_digest(case, day)),
    }
}

/// Of a row without any number: who, and when. Its documents may become more.
fn row_digest(case: &Case, day: &str) -> Sha256 {
    if case.parties.is_empty() && case.title.is_none() {
        return digest(case);
    }
    let names = case.parties.iter().map(|party| (party.side, &party.name));
    let who: Vec<_> = names.collect();
    let all = serde_json::to_vec(&(&case.title, who, day)).unwrap_or_default();
    Sha256::of(&all)
}

fn digest(case: &Case) -> Sha256 {
    Sha256::of(&serde_json::to_vec(case).unwrap_or_default())
}

/// Whether a text is a diary number, `834/1997`. Rows from before there were any have `/0` or a year's beginning alone.
pub(super) fn is_diary(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once('/').is_some_and(|(number, year)| {
        digits(number) && number.bytes().any(|b| b != b'0') && digits(year) && year.len() == 4
    })
}

/// What tells the orders of a case apart, in their order: date, number, kind, language and citation, and a counter
/// where all of these agree. Links to documents do not: portals make new ones for every session. Those of the Supreme
/// Court last, and each of its rows shows some of a case's orders alone: there the link tells, whatever stands beside.
pub fn order_slots(case: &Case) -> Vec<String> {
    let mut seen = std::collections::BTreeMap::<String, u32>::new();
    let slots = case.orders.iter().map(|order| {
        let date = order.date.as_ref().map(|date| date.printed.as_str());
        let link = match &order.link {
            Some(OrderLink::Address(link)) if case.portal == CasePortal::Sci => Some(link),
            _ => None,
        };
        let (language, citation) = (
            order.language.as_deref(),
            order.neutral_citation_printed.as_deref(),
        );
        let (number, kind) = (order.number.as_deref(), order.kind.as_deref());
        let parts = match link {
            Some(link) => vec![Some(link.as_str()), language, citation],
            None => vec![date, number, kind, language, citation],
        };
        let parts: Vec<&str> = parts.into_iter().map(|part| part.unwrap_or("")).collect();
        let slot = parts.join("|");
        let count = seen.entry(slot.clone()).or_default();
        *count += 1;
        format!("{slot}#{count}")
    });
    slots.collect()
}

/// Where rows about a case lie: the partition of the published tables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CasePlace {
    /// The year of registration, or of the diary number; 0 where none is printed.
    pub year: i16,
    /// The High Court's code as in `judgments/`; the first four letters of the CNR for other courts; `sci`; the
    /// portal's name where nothing tells.
    pub court: String,
    /// The establishment: characters 5 and 6 of the CNR; `0` where nothing tells.
    pub bench: String,
}

impl CasePlace {
    /// The place of `case`.
    pub fn of(case: &Case) -> Self {
        if let Some(cnr) = &case.cnr {
            return Self::of_cnr(cnr);
        }
        let year = case
            .number
            .as_ref()
            .and_then(|number| number.parts.as_ref())
            .map(|parts| parts.year)
            .or_else(|| case.diary_number.as_deref().and_then(diary_year));
        Self::of_portal(case.portal, year)
    }

    /// The place of rows about the case with this CNR.
    pub fn of_cnr(cnr: &Cnr) -> Self {
        let court = courts().by_cnr_prefix(cnr.prefix());
        Self {
            year: i16::try_from(cnr.year()).unwrap_or(0),
            court: court.map_or_else(
                || cnr.prefix().to_owned(),
                |court| court.code.as_str().to_owned(),
            ),
            bench: cnr.establishment().to_owned(),
        }
    }

    /// The place where only the portal and perhaps a year are known.
    pub fn of_portal(portal: CasePortal, year: Option<u16>) -> Self {
        Self {
            year: year.and_then(|year| i16::try_from(year).ok()).unwrap_or(0),
            court: portal.name().to_owned(),
            bench: "0".to_owned(),
        }
    }

    /// The folder below a layer.
    pub fn folder(&self) -> String {
        format!(
            "year={}/court={}/bench={}",
            self.year, self.court, self.bench
        )
    }
}

fn diary_year(printed: &str) -> Option<u16> {
    printed.rsplit_once('/')?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_places() {
        let mut case = Case::new(CasePortal::HcServices);
        case.set_cnr("DLHC010001232024");
        assert_eq!(CaseKey::of(&case).as_str(), "hc-services/DLHC010001232024");
        let folder = CasePlace::of(&case).folder();
        assert_eq!(folder, "year=2024/court=7_26/bench=01");
        let mut case = Case::new(CasePortal::District);
        case.set_cnr("BRPA010216322024");
        assert_eq!(
            CasePlace::of(&case).folder(),
            "year=2024/court=BRPA/bench=01"
        );
        let mut case = Case::new(CasePortal::Sci);
        case.diary_number = Some("228/2011".to_owned());
        assert_eq!(CaseKey::of(&case).as_str(), "sci/diary/228/2011");
        assert_eq!(CasePlace::of(&case).folder(), "year=2011/court=sci/bench=0");
    }

    #[test]
    fn a_diary_number_without_a_number_is_no_identity() {
        let of = |diary: &str, number: Option<&str>, name: &str| {
            let mut case = Case::new(CasePortal::Sci);
            case.diary_number = Some(diary.to_owned());
            case.number = number.and_then(super::super::PrintedCaseNumber::read);
            case.decided = Some(super::super::PrintedDate {
                printed: "02-12-1959".to_owned(),
                date: None,
            });
            let party = super::super::Party::new(super::super::Side::Petitioner, name);
            case.parties.push(party);
            CaseKey::of(&case).as_str().to_owned()
        };
        assert_ne!(of("/0", None, "A"), of("/0", None, "B"));
        assert_eq!(of("/0", None, "A"), of("-0", None, "A"));
        assert_eq!(
            of("0/1997", Some("C.A. 5 - 1959"), "A"),
            "sci/number/C.A. 5 - 1959/02-12-1959"
        );
        assert_eq!(of("834/1997", None, "A"), "sci/diary/834/1997");
    }
}
