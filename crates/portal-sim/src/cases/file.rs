//! A case as it truly is: what a portal's page shows of it, in typed values.

use jiff::civil::Date;
use serde::Serialize;

use crate::row::RowId;

/// A lawyer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Advocate {
    /// The name: `MR. ARJUN MEHTA`.
    pub name: String,
    /// The court's own number of him, printed in brackets behind the name.
    pub code: u32,
    /// The number at the bar: `D/504/2011`.
    pub bar: String,
}

impl Advocate {
    /// The name as High Courts print it: `MR. ARJUN MEHTA(6960)`.
    pub fn printed(&self) -> String {
        format!("{}({})", self.name, self.code)
    }
}

/// A party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// The name.
    pub name: String,
    /// Who appears for it; nobody at times.
    pub advocates: Vec<Advocate>,
}

/// A law under which a case was brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Act {
    /// The law.
    pub act: String,
    /// Its sections: `138,142`.
    pub sections: String,
}

/// A day in court.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hearing {
    /// The kind of list it stood on; High Courts only.
    pub list: String,
    /// Before whom.
    pub judge: String,
    /// The day on which the hearing before it was dealt with.
    pub business_on: Option<Date>,
    /// The day it was listed for.
    pub on: Date,
    /// What for.
    pub purpose: String,
    /// Whether it was before registration.
    pub on_filing: bool,
}

/// An order or judgment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseOrder {
    /// Its number in the case.
    pub number: u16,
    /// When it was made.
    pub on: Date,
    /// By whom.
    pub judge: String,
    /// Whether it is the judgment that ends the case.
    pub is_judgment: bool,
    /// The neutral citation; Calcutta only.
    pub citation: Option<String>,
    /// Whether its file can be had.
    pub has_file: bool,
    /// Whether the file begins with a byte order mark.
    pub has_mark: bool,
    /// The same order in the docket of the judgment portals.
    pub row: Option<RowId>,
}

/// An application within a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Application {
    /// `IA/2/2024`.
    pub number: String,
    /// By whom.
    pub party: String,
    /// When it was filed.
    pub filed: Date,
    /// `Pending` or `Disposed`.
    pub status: String,
}

/// The court from which a case comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LowerCourt {
    /// The court.
    pub court: String,
    /// The case there: `CS/12/2019`.
    pub number: String,
    /// When it was decided there.
    pub decided: Date,
    /// Its State.
    pub state: String,
    /// Its district.
    pub district: String,
}

/// A kind of cases of a court.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct CaseType {
    /// Its number in forms.
    pub code: u16,
    /// As it is written: `W.P.(C)`.
    pub name: String,
}

impl CaseType {
    /// Whether it is heard on the criminal side.
    pub(crate) fn is_criminal(&self) -> bool {
        super::types::is_criminal(&self.name)
    }
}

/// A case as it truly is on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseFile {
    /// The CNR, without hyphens.
    pub cnr: String,
    /// The court or establishment as pages print it.
    pub court: String,
    /// The codes by which a form reaches it: State and bench of a High Court; State, district, complex
    /// and establishment of a district court.
    pub place: Vec<String>,
    /// The establishment within the bench that holds it, from 1.
    pub establishment: u16,
    /// The kind of case.
    pub case_type: CaseType,
    /// Its number in the year.
    pub number: u32,
    /// The year of that number.
    pub year: u16,
    /// Its number when it was filed.
    pub filing_number: u32,
    /// When it was filed.
    pub filed: Date,
    /// When it was registered.
    pub registered: Date,
    /// The first hearing.
    pub first_hearing: Option<Date>,
    /// The next hearing of a pending case.
    pub next_hearing: Option<Date>,
    /// When it was decided.
    pub decided: Option<Date>,
    /// How it ended.
    pub disposal: Option<String>,
    /// The stage of a pending case.
    pub stage: Option<String>,
    /// The judges who sit on it.
    pub judges: Vec<String>,
    /// The courtroom.
    pub court_number: u16,
    /// The State.
    pub state: String,
    /// The district.
    pub district: String,
    /// The parties who brought it.
    pub petitioners: Vec<Party>,
    /// The parties against whom.
    pub respondents: Vec<Party>,
    /// Under which laws.
    pub acts: Vec<Act>,
    /// Its days in court, oldest first, up to the day asked for and the next one.
    pub hearings: Vec<Hearing>,
    /// Its orders, oldest first.
    pub orders: Vec<CaseOrder>,
    /// The applications within it.
    pub applications: Vec<Application>,
    /// Cases heard with it: `W.P.(C)/12/2023`.
    pub linked: Vec<String>,
    /// The court from which it comes.
    pub lower: Option<LowerCourt>,
}

/// The 15 digits the portals call `case_no`.
pub(crate) fn long_number(kind: &CaseType, number: u32, year: u16) -> String {
    format!("2{:03}{number:07}{year:04}", kind.code)
}

impl CaseFile {
    /// `W.P.(C)/12/2024`.
    pub fn title_number(&self) -> String {
        format!("{}/{}/{}", self.case_type.name, self.number, self.year)
    }

    /// The 15 digits the portals call `case_no`: 2, type, number, year.
    pub fn long_number(&self) -> String {
        long_number(&self.case_type, self.number, self.year)
    }

    /// The CNR as pages print it: `DLHC01-000012-2024`.
    pub fn hyphened(&self) -> String {
        let part = |from, to| self.cnr.get(from..to).unwrap_or("");
        format!("{}-{}-{}", part(0, 6), part(6, 12), part(12, 16))
    }

    /// Whether it is decided.
    pub fn is_disposed(&self) -> bool {
        self.decided.is_some()
    }

    /// The party named first on a side.
    pub(crate) fn first(parties: &[Party]) -> &str {
        parties.first().map_or("", |party| party.name.as_str())
    }
}
