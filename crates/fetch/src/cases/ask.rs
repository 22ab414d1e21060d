//! What may be asked of the case portals.

use jiff::civil::Date;
use nirnay_model::{CasePortal, Cnr};

/// Which cases a search wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatusFilter {
    /// Cases that are not decided.
    Pending,
    /// Decided cases.
    Disposed,
    /// All.
    #[default]
    Both,
}

impl StatusFilter {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Disposed => "Disposed",
            Self::Both => "Both",
        }
    }
}

/// Which list of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CauseListKind {
    /// The civil list.
    Civil,
    /// The criminal list.
    Criminal,
}

/// A bench on High Court Services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HcBench {
    /// The portal's `state_code`: `26` is Delhi.
    pub state: String,
    /// The portal's `court_code`: the bench, from `1`.
    pub bench: String,
}

/// A question to High Court Services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HcAsk {
    /// The benches of a High Court.
    Benches {
        /// `state_code`.
        state: String,
    },
    /// The case types of a bench.
    CaseTypes(HcBench),
    /// A case by its number.
    ByNumber {
        /// Where.
        bench: HcBench,
        /// The portal's code of the case type.
        case_type: String,
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// Cases by a party's name; the portal insists on the year.
    ByParty {
        /// Where.
        bench: HcBench,
        /// Three letters or more.
        name: String,
        /// The year of registration.
        year: u16,
        /// Which.
        status: StatusFilter,
    },
    /// Cases by an advocate's name.
    ByAdvocate {
        /// Where.
        bench: HcBench,
        /// The name.
        name: String,
        /// Which.
        status: StatusFilter,
    },
    /// Cases by an advocate's bar number, `G/504/2011`.
    ByBarNumber {
        /// Where.
        bench: HcBench,
        /// The number.
        number: String,
        /// Which.
        status: StatusFilter,
    },
    /// An advocate's cases of a day, at most a month ahead.
    AdvocateCauseList {
        /// Where.
        bench: HcBench,
        /// The bar number.
        number: String,
        /// The day.
        date: Date,
    },
    /// The published cause lists of a day.
    CauseLists {
        /// Where.
        bench: HcBench,
        /// Which.
        kind: CauseListKind,
        /// The day.
        date: Date,
    },
    /// The page of a case.
    Case(Cnr),
    /// A document, by the link of a case page or cause list.
    Document {
        /// The link as it stands there.
        link: String,
    },
}

/// A court on the District Courts' portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictCourt {
    /// `state_code`.
    pub state: String,
    /// `dist_code`.
    pub district: String,
    /// `court_complex_code`, without what follows the first `@`.
    pub complex: String,
    /// `est_code`; empty where none has to be chosen.
    pub establishment: String,
}

/// How a document of the District Courts is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistrictDocument {
    /// The fields of the page's own call.
    Form(Vec<(String, String)>),
    /// A path or address.
    Address(String),
}

/// A question to the District Courts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistrictAsk {
    /// The states and union territories.
    States,
    /// The districts of a state.
    Districts {
        /// `state_code`.
        state: String,
    },
    /// The complexes of a district.
    Complexes {
        /// `state_code`.
        state: String,
        /// `dist_code`.
        district: String,
    },
    /// The establishments of a complex.
    Establishments(DistrictCourt),
    /// The case types.
    CaseTypes(DistrictCourt),
    /// The courts that publish cause lists.
    Courts(DistrictCourt),
    /// Cases by number.
    ByNumber {
        /// Where.
        court: DistrictCourt,
        /// The case type's whole value, `89^2`.
        case_type: String,
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// Cases by a party's name.
    ByParty {
        /// Where.
        court: DistrictCourt,
        /// The name.
        name: String,
        /// The year of registration.
        year: Option<u16>,
        /// Which.
        status: StatusFilter,
    },
    /// Orders by case number.
    Orders {
        /// Where.
        court: DistrictCourt,
        /// The case type's whole value.
        case_type: String,
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// A cause list.
    CauseList {
        /// Where.
        court: DistrictCourt,
        /// The court's value, `1@2`.
        code: String,
        /// The court's name beside the value: the portal insists on it.
        name: String,
        /// Which.
        kind: CauseListKind,
        /// The day.
        date: Date,
    },
    /// The page of a case.
    Case(Cnr),
    /// A document.
    Document(DistrictDocument),
}

/// A question to the Calcutta High Court's site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalcuttaAsk {
    /// The case types of a side: `WBCHCA`, `WBCHCO`, `WBCHCJ`, `WBCHCP`.
    CaseTypes {
        /// The side.
        establishment: String,
    },
    /// A case with its orders.
    ByNumber {
        /// The side.
        establishment: String,
        /// The code of the case type.
        case_type: String,
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// A document, by the value of its button.
    Document {
        /// The value.
        token: String,
    },
}

/// A search of the Supreme Court's site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SciSearch {
    /// Judgments of at most thirty days.
    ByDate {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// Judgments in a case.
    ByCaseNumber {
        /// The code of the case type.
        case_type: String,
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// Judgments by diary number.
    ByDiary {
        /// The number.
        number: u32,
        /// The year.
        year: u16,
    },
    /// Judgments by a party's name.
    ByParty {
        /// The name.
        name: String,
        /// The year.
        year: u16,
    },
    /// Judgments of a judge, within a span of days.
    ByJudge {
        /// The portal's code of the judge.
        judge: String,
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
}

/// A list of the latest on the Supreme Court's site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SciList {
    /// Judgments and orders, on the home page.
    Home,
    /// Judgments, on a page of their own.
    Judgments,
    /// Orders, on a page of their own.
    Orders,
}

/// A question to the Supreme Court's site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SciAsk {
    /// A list of the latest.
    Recent(SciList),
    /// The case types that the search by number knows.
    CaseTypes,
    /// The judges that the search by judge knows.
    Judges,
    /// A search.
    Search(SciSearch),
    /// A document.
    Document {
        /// Its path on the site, or its address on the host that holds documents.
        path: String,
    },
}

/// A question to a case portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseAsk {
    /// To High Court Services.
    Hc(HcAsk),
    /// To the District Courts.
    District(DistrictAsk),
    /// To the Calcutta High Court.
    Calcutta(CalcuttaAsk),
    /// To the Supreme Court.
    Sci(SciAsk),
}

impl CaseAsk {
    /// The portal it goes to.
    pub fn portal(&self) -> CasePortal {
        match self {
            Self::Hc(_) => CasePortal::HcServices,
            Self::District(_) => CasePortal::District,
            Self::Calcutta(_) => CasePortal::Calcutta,
            Self::Sci(_) => CasePortal::Sci,
        }
    }

    /// Whether it asks for a document.
    pub fn is_document(&self) -> bool {
        matches!(
            self,
            Self::Hc(HcAsk::Document { .. })
                | Self::District(DistrictAsk::Document(_))
                | Self::Calcutta(CalcuttaAsk::Document { .. })
                | Self::Sci(SciAsk::Document { .. })
        )
    }

    /// Whether the portal wants a captcha with it.
    pub(super) fn wants_captcha(&self) -> bool {
        match self {
            Self::Hc(ask) => !matches!(
                ask,
                HcAsk::Benches { .. } | HcAsk::CaseTypes(_) | HcAsk::Document { .. }
            ),
            Self::District(ask) => matches!(
                ask,
                DistrictAsk::ByNumber { .. }
                    | DistrictAsk::ByParty { .. }
                    | DistrictAsk::Orders { .. }
                    | DistrictAsk::CauseList { .. }
                    | DistrictAsk::Case(_)
            ),
            Self::Calcutta(ask) => matches!(ask, CalcuttaAsk::ByNumber { .. }),
            Self::Sci(ask) => matches!(ask, SciAsk::Search(_)),
        }
    }
}
