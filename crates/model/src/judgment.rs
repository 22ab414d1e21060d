//! A judgment as a portal lists it, typed.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{BenchCode, CaseNumber, Cnr, CourtCode, Disposal, NeutralCitation, Sha256, SourceId};

/// The identity of a listed judgment.
///
/// `source/court/bench/CNR/decision date/order number` where the row has a CNR and a date;
/// otherwise `source/court/bench/~` and 32 hex digits of a hash over the document path, the title
/// and the raw date. A CNR alone repeats (one case has several orders); a document path alone lets
/// repeats in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowKey(String);

impl RowKey {
    /// The key of `judgment`.
    pub fn of(judgment: &Judgment) -> Self {
        let head = format!(
            "{}/{}/{}",
            judgment.source, judgment.court_code, judgment.bench_code
        );
        if let (Some(cnr), Some(date)) = (&judgment.cnr, judgment.decision_date) {
            let order = judgment.order_no.unwrap_or(0);
            return Self(format!("{head}/{cnr}/{date}/{order}"));
        }
        let mut hash = Sha256::of_parts([
            judgment.document_path.as_deref().unwrap_or("").as_bytes(),
            judgment.title.as_bytes(),
            judgment.decision_date_raw.as_bytes(),
        ])
        .to_hex();
        hash.truncate(32);
        Self(format!("{head}/~{hash}"))
    }

    /// A key read back from storage.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the portal calls the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The portal says judgment.
    Judgment,
    /// The portal says order.
    Order,
    /// The portal does not say. High Court rows do not: "final" orders and judgments are mixed.
    Unstated,
}

impl DocumentKind {
    /// The value in the `document_kind` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Judgment => "judgment",
            Self::Order => "order",
            Self::Unstated => "unstated",
        }
    }
}

/// A judgment as listed: the portal's values, typed where they can be, raw beside them.
///
/// Values that contradict each other are kept as the portal gave them and named in `flags`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgment {
    /// The source that listed it.
    pub source: SourceId,
    /// The court's code.
    pub court_code: CourtCode,
    /// The court's name as printed (registry name where the row prints none).
    pub court_name: String,
    /// The bench's code.
    pub bench_code: BenchCode,
    /// The CNR, if the row has a well-formed one.
    pub cnr: Option<Cnr>,
    /// The order number from the document path.
    pub order_no: Option<u32>,
    /// The title as printed, entities decoded, white space folded.
    pub title: String,
    /// First party.
    pub petitioner: Option<String>,
    /// Second party.
    pub respondent: Option<String>,
    /// The case number as printed.
    pub case_number_raw: Option<String>,
    /// The case number in parts, if it could be read.
    pub case_number: Option<CaseNumber>,
    /// Diary number (`1234/2025`), Supreme Court feed only.
    pub diary_number: Option<String>,
    /// Judges as printed, honorifics kept, one a name.
    pub judges: Vec<String>,
    /// The author, where the portal marks one.
    pub author_judge: Option<String>,
    /// The number of judges: stated by the portal, else counted.
    pub bench_strength: Option<u16>,
    /// Date of registration.
    pub registration_date: Option<Date>,
    /// Decision date. Rows with an impossible one are quarantined, not listed here.
    pub decision_date: Option<Date>,
    /// Decision date as printed.
    pub decision_date_raw: String,
    /// Disposal nature as printed.
    pub disposal_raw: Option<String>,
    /// Disposal nature, normalised.
    pub disposal: Option<Disposal>,
    /// Neutral citation, if printed.
    pub neutral_citation: Option<NeutralCitation>,
    /// Reporter citation (`[2025] 5 S.C.R. 275`), if printed.
    pub reporter_citation: Option<String>,
    /// The text excerpt shown in the list.
    pub description: Option<String>,
    /// Languages in which the document is offered, as the portal's codes (`ENG` first).
    pub languages: Vec<String>,
    /// Path of the document as the portal names it, without the fragment.
    pub document_path: Option<String>,
    /// The second argument of the portal's `open_pdf` (the citation year on SCR rows).
    pub citation_year: Option<String>,
    /// What kind of document it is said to be.
    pub document_kind: DocumentKind,
    /// When the portal says it was uploaded (Supreme Court feed, Indian Standard Time).
    pub uploaded_at: Option<Timestamp>,
    /// Contradictions and oddities noticed while reading: `cnr_court_mismatch`,
    /// `path_date_differs`, `several_documents`, `unknown_label:<label>`, …
    pub flags: Vec<String>,
}

impl Judgment {
    /// A judgment of a court and bench of which nothing else is printed: what is known besides goes into a copy of it.
    pub fn unprinted(
        source: SourceId,
        (court_code, court_name): (CourtCode, String),
        bench_code: BenchCode,
    ) -> Self {
        Self {
            source,
            court_code,
            court_name,
            bench_code,
            cnr: None,
            order_no: None,
            title: String::new(),
            petitioner: None,
            respondent: None,
            case_number_raw: None,
            case_number: None,
            diary_number: None,
            judges: Vec::new(),
            author_judge: None,
            bench_strength: None,
            registration_date: None,
            decision_date: None,
            decision_date_raw: String::new(),
            disposal_raw: None,
            disposal: None,
            neutral_citation: None,
            reporter_citation: None,
            description: None,
            languages: Vec::new(),
            document_path: None,
            citation_year: None,
            document_kind: DocumentKind::Unstated,
            uploaded_at: None,
            flags: Vec::new(),
        }
    }

    /// The identity of this row.
    pub fn key(&self) -> RowKey {
        RowKey::of(self)
    }

    /// The hash of everything the portal said about it: a change means a revision.
    pub fn row_hash(&self) -> Sha256 {
        // A plain struct of serialisable fields: the only way this fails is memory exhaustion.
        let json = serde_json::to_vec(self).unwrap_or_default();
        Sha256::of(&json)
    }

    /// The year of the partition it lies in: that of the decision, else 0.
    pub fn partition_year(&self) -> i16 {
        self.decision_date.map_or(0, Date::year)
    }
}
