//! What a walk over the case portals asks, in words that the ledger keeps.

use std::fmt;

use jiff::civil::Date;
use nirnay_fetch::{
    CalcuttaAsk, CaseAsk, CauseListKind, DistrictAsk, DistrictCourt, HcAsk, HcBench, SciAsk,
    SciSearch,
};
use nirnay_model::{CasePortal, Cnr, courts};
use serde::{Deserialize, Serialize};

/// A court on the District Courts' portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistrictPlace {
    /// The state's code.
    pub state: String,
    /// The district's code.
    pub district: String,
    /// The complex's code.
    pub complex: String,
    /// The establishment's code; empty where none has to be chosen.
    pub establishment: String,
}

impl From<&DistrictPlace> for DistrictCourt {
    fn from(place: &DistrictPlace) -> Self {
        Self {
            state: place.state.clone(),
            district: place.district.clone(),
            complex: place.complex.clone(),
            establishment: place.establishment.clone(),
        }
    }
}

/// One unit of work: a question whose answer goes into the lake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "ask")]
pub enum Question {
    /// The page of a case.
    #[serde(skip)]
    Cnr(Cnr),
    /// A case of a High Court by its number; the pages of the cases found follow.
    HcNumber {
        /// The portal's `state_code`.
        state: String,
        /// The bench.
        bench: String,
        /// The code of the case type.
        case_type: String,
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// A case of a district court by its number; the pages of the cases found follow.
    DistrictNumber {
        /// Where.
        place: DistrictPlace,
        /// The case type's whole value.
        case_type: String,
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// A case of the Calcutta High Court with its orders.
    CalcuttaNumber {
        /// The portal's code of the side.
        side: String,
        /// The code of the case type.
        case_type: String,
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// Judgments of the Supreme Court by diary number.
    SciDiary {
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// Judgments of the Supreme Court of at most thirty days.
    SciDays {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// The published cause lists of a bench of a High Court.
    HcLists {
        /// The portal's `state_code`.
        state: String,
        /// The bench.
        bench: String,
        /// The criminal list instead of the civil one.
        criminal: bool,
        /// The day.
        date: Date,
    },
    /// The cause lists of all courts of a complex; the list of each court follows.
    DistrictLists {
        /// Where.
        place: DistrictPlace,
        /// The criminal lists instead of the civil ones.
        criminal: bool,
        /// The day.
        date: Date,
        /// Whether the pages of the listed cases follow.
        cases: bool,
    },
    /// The cause list of a court.
    DistrictList {
        /// Where.
        place: DistrictPlace,
        /// The court's value, `1@2`.
        court: String,
        /// The court's name beside it.
        name: String,
        /// The criminal list instead of the civil one.
        criminal: bool,
        /// The day.
        date: Date,
        /// Whether the pages of the listed cases follow.
        cases: bool,
    },
}

/// The portal that shows the case with this CNR: High Courts have prefixes of their own.
pub fn portal_of(cnr: &Cnr) -> CasePortal {
    match courts().by_cnr_prefix(cnr.prefix()) {
        Some(_) => CasePortal::HcServices,
        None => CasePortal::District,
    }
}

const CNR: &str = "cnr ";

impl Question {
    /// The portal it goes to.
    pub fn portal(&self) -> CasePortal {
        match self {
            Self::Cnr(cnr) => portal_of(cnr),
            Self::HcNumber { .. } | Self::HcLists { .. } => CasePortal::HcServices,
            Self::DistrictNumber { .. }
            | Self::DistrictLists { .. }
            | Self::DistrictList { .. } => CasePortal::District,
            Self::CalcuttaNumber { .. } => CasePortal::Calcutta,
            Self::SciDiary { .. } | Self::SciDays { .. } => CasePortal::Sci,
        }
    }

    /// Portal and words, as the ledger plans it.
    pub(super) fn planned(&self) -> (CasePortal, String) {
        (self.portal(), self.to_string())
    }

    /// The question that was written as `words`.
    pub(super) fn read(words: &str) -> Option<Self> {
        match words.strip_prefix(CNR) {
            Some(cnr) => cnr.parse().ok().map(Self::Cnr),
            None => serde_json::from_str(words).ok(),
        }
    }

    /// The same question for the case with this number; `None` where it asks for no number.
    #[must_use]
    pub(super) fn with_number(&self, other: u32) -> Option<Self> {
        let mut question = self.clone();
        match &mut question {
            Self::HcNumber { number, .. }
            | Self::DistrictNumber { number, .. }
            | Self::CalcuttaNumber { number, .. } => *number = other,
            _ => return None,
        }
        Some(question)
    }

    /// The number of the case that it asks for.
    pub(super) fn number(&self) -> Option<u32> {
        match self {
            Self::HcNumber { number, .. }
            | Self::DistrictNumber { number, .. }
            | Self::CalcuttaNumber { number, .. } => Some(*number),
            _ => None,
        }
    }

    /// The question to the portal.
    pub(super) fn ask(&self) -> CaseAsk {
        match self.clone() {
            Self::Cnr(cnr) => match portal_of(&cnr) {
                CasePortal::HcServices => CaseAsk::Hc(HcAsk::Case(cnr)),
                _ => CaseAsk::District(DistrictAsk::Case(cnr)),
            },
            Self::HcNumber {
                state,
                bench,
                case_type,
                number,
                year,
            } => CaseAsk::Hc(HcAsk::ByNumber {
                bench: HcBench { state, bench },
                case_type,
                number,
                year,
            }),
            Self::DistrictNumber {
                place,
                case_type,
                number,
                year,
            } => CaseAsk::District(DistrictAsk::ByNumber {
                court: (&place).into(),
                case_type,
                number,
                year,
            }),
            Self::CalcuttaNumber {
                side,
                case_type,
                number,
                year,
            } => CaseAsk::Calcutta(CalcuttaAsk::ByNumber {
                establishment: side,
                case_type,
                number,
                year,
            }),
            Self::SciDiary { number, year } => {
                CaseAsk::Sci(SciAsk::Search(SciSearch::ByDiary { number, year }))
            }
            Self::SciDays { from, to } => {
                CaseAsk::Sci(SciAsk::Search(SciSearch::ByDate { from, to }))
            }
            Self::HcLists {
                state,
                bench,
                criminal,
                date,
            } => CaseAsk::Hc(HcAsk::CauseLists {
                bench: HcBench { state, bench },
                kind: kind(criminal),
                date,
            }),
            Self::DistrictLists { place, .. } => {
                CaseAsk::District(DistrictAsk::Courts((&place).into()))
            }
            Self::DistrictList {
                place,
                court,
                name,
                criminal,
                date,
                ..
            } => CaseAsk::District(DistrictAsk::CauseList {
                court: (&place).into(),
                code: court,
                name,
                kind: kind(criminal),
                date,
            }),
        }
    }
}

fn kind(criminal: bool) -> CauseListKind {
    if criminal {
        CauseListKind::Criminal
    } else {
        CauseListKind::Civil
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cnr(cnr) => write!(f, "{CNR}{cnr}"),
            // A plain struct: it cannot fail.
            other => f.write_str(&serde_json::to_string(other).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_come_back_from_their_words() {
        let place = DistrictPlace {
            state: "8".to_owned(),
            district: "1".to_owned(),
            complex: "1080010".to_owned(),
            establishment: "2".to_owned(),
        };
        let day = "2026-01-05".parse().unwrap();
        for question in [
            Question::Cnr("DLHC010001232024".parse().unwrap()),
            Question::SciDiary {
                number: 228,
                year: 2011,
            },
            Question::DistrictLists {
                place,
                criminal: true,
                date: day,
                cases: false,
            },
            Question::SciDays { from: day, to: day },
        ] {
            let words = question.to_string();
            assert_eq!(Question::read(&words), Some(question), "{words}");
        }
        assert_eq!(Question::read("cnr x"), None);
        assert_eq!(Question::read("{}"), None);
    }
}
