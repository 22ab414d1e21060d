//! The parts of a judgment.

use jiff::civil::Date;
use nirnay_model::Disposal;
use serde::{Deserialize, Serialize};

use super::found::Found;

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$item])* $variant,)+
        }

        impl $name {
            /// The word in columns and JSON.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

vocabulary! {
    /// What kind of court it is.
    CourtLevel {
        /// The Supreme Court of India.
        Supreme = "supreme",
        /// A High Court.
        High = "high",
        /// A court below a High Court.
        District = "district",
        /// A tribunal, commission or Lok Adalat.
        Tribunal = "tribunal",
    }
}

vocabulary! {
    /// What a party is called.
    Role {
        /// Petitioner.
        Petitioner = "petitioner",
        /// Appellant.
        Appellant = "appellant",
        /// Applicant.
        Applicant = "applicant",
        /// Plaintiff.
        Plaintiff = "plaintiff",
        /// Complainant.
        Complainant = "complainant",
        /// Claimant or decree holder.
        Claimant = "claimant",
        /// Revisionist.
        Revisionist = "revisionist",
        /// Respondent.
        Respondent = "respondent",
        /// Opponent, opposite party, non-applicant.
        Opponent = "opponent",
        /// Defendant or judgment debtor.
        Defendant = "defendant",
        /// Accused or contemnor.
        Accused = "accused",
    }
}

vocabulary! {
    /// The side of a party: who came to the court, and against whom.
    Side {
        /// Who came: petitioners, appellants, plaintiffs.
        First = "first",
        /// Against whom: respondents, defendants, accused.
        Second = "second",
    }
}

vocabulary! {
    /// How a case number stands to the matter decided.
    Relation {
        /// The matter itself: the first of the masthead.
        Own = "own",
        /// Another matter decided with it.
        Connected = "connected",
        /// What the matter arose from, or what it was before it was registered anew.
        ArisingFrom = "arising_from",
        /// The matter in which this one was filed.
        Within = "within",
    }
}

vocabulary! {
    /// Which date it is.
    DateKind {
        /// When it was filed or instituted.
        Institution = "institution",
        /// When it was heard.
        Hearing = "hearing",
        /// When judgment was reserved.
        Reserved = "reserved",
        /// When it was pronounced.
        Pronounced = "pronounced",
        /// The date of the decision.
        Decision = "decision",
    }
}

vocabulary! {
    /// What a part of the text is, by its heading.
    SectionKind {
        /// The judgment.
        Judgment = "judgment",
        /// The order.
        Order = "order",
        /// An order that does not end the matter.
        InterimOrder = "interim_order",
        /// The record of a day's proceedings.
        Proceedings = "proceedings",
        /// A list of cases for a day.
        CauseList = "cause_list",
        /// Headnote.
        Headnote = "headnote",
        /// Issues, questions, points for determination.
        Issue = "issue",
        /// Facts and background.
        Facts = "facts",
        /// Arguments of the parties.
        Arguments = "arguments",
        /// Analysis, discussion, findings.
        Reasoning = "reasoning",
        /// Conclusion, operative part, directions, result.
        Conclusion = "conclusion",
        /// Lists of cases and acts, tables of contents.
        Authorities = "authorities",
        /// Appearances.
        Appearances = "appearances",
    }
}

vocabulary! {
    /// What kind of document it is.
    Kind {
        /// A judgment.
        Judgment = "judgment",
        /// An order that ends the matter, or of which nothing says that it does not.
        Order = "order",
        /// An order on the way: adjourned, notice issued, listed again.
        InterimOrder = "interim_order",
        /// A list of cases for a day.
        CauseList = "cause_list",
        /// Rules, notifications and whatever else is no decision.
        Other = "other",
    }
}

/// A case number of the masthead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseEntry {
    /// Type, number and year as printed; the value is `TYPE/NUMBER/YEAR`, `-` for what is not printed.
    #[serde(flatten)]
    pub found: Found<String>,
    /// The type as printed, white space folded, without the word for "number".
    pub case_type: String,
    /// The number, the first of several; none where its place was left blank.
    pub number: Option<u32>,
    /// The numbers as printed, where they are several: `32406-32407`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<String>,
    /// The year, four digits.
    pub year: Option<u16>,
    /// How it stands to the matter decided.
    pub relation: Relation,
}

/// A party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// The name: as printed, without address and description; as value without titles and "and
    /// others".
    #[serde(flatten)]
    pub found: Found<String>,
    /// What it is called, where that is printed.
    pub role: Option<Role>,
    /// Its side.
    pub side: Side,
    /// The matter it belongs to, from 0: connected matters have parties of their own.
    pub matter: u32,
}

/// A lawyer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counsel {
    /// The name, without titles as value.
    #[serde(flatten)]
    pub found: Found<String>,
    /// For which side, where that is printed.
    pub side: Option<Side>,
}

/// The dates of a judgment, each the first of its kind.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Dates {
    /// Filed or instituted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<Found<Date>>,
    /// Heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hearing: Option<Found<Date>>,
    /// Reserved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Found<Date>>,
    /// Pronounced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pronounced: Option<Found<Date>>,
    /// Decided: as printed, else as pronounced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Found<Date>>,
}

/// A stretch of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The page it begins on, from 1.
    pub page: u32,
    /// Its first character within that page's text.
    pub start: u32,
    /// The page it ends on.
    pub end_page: u32,
    /// The first character behind it, within that page's text.
    pub end: u32,
}

/// A part of the text under a heading of its own, up to the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// What it is.
    pub kind: SectionKind,
    /// The heading as printed.
    pub heading: String,
    /// From the heading to its end.
    #[serde(flatten)]
    pub span: Span,
}

/// A numbered paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// Its number.
    pub number: u32,
    /// Which run of numbers it belongs to, from 0: a concurring or dissenting opinion counts anew.
    pub opinion: u32,
    /// From its number to the next.
    #[serde(flatten)]
    pub span: Span,
}

/// Why there is nothing to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unread {
    /// No page has text.
    NoText,
    /// Pages are pictures without text.
    Scanned,
    /// The text of the pages is not words.
    Garbled,
}

/// What the masthead, the headings and the end of a judgment say of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Structure {
    /// Why nothing was read, if nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Unread>,
    /// The court, by its name in the registry where it stands there.
    pub court: Option<Found<String>>,
    /// The court's code in the registry.
    pub court_code: Option<String>,
    /// What kind of court it is.
    pub court_level: Option<CourtLevel>,
    /// The bench or seat.
    pub bench: Option<Found<String>>,
    /// The jurisdiction line.
    pub jurisdiction: Option<Found<String>>,
    /// Whether it is marked for reporting.
    pub reportable: Option<Found<bool>>,
    /// What kind of document it is, with the words that say so.
    pub kind: Option<Found<Kind>>,
    /// The case numbers of the masthead.
    pub cases: Vec<CaseEntry>,
    /// The parties.
    pub parties: Vec<Party>,
    /// The judges.
    pub coram: Vec<Found<String>>,
    /// Who wrote it.
    pub author: Option<Found<String>>,
    /// Dates.
    pub dates: Dates,
    /// How it ended.
    pub result: Option<Found<Disposal>>,
    /// The lawyers.
    pub appearances: Vec<Counsel>,
    /// Whose names stand at the end.
    pub signatories: Vec<Found<String>>,
    /// The marked parts.
    pub sections: Vec<Section>,
    /// The numbered paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Quotations of some length.
    pub quotes: Vec<Span>,
    /// How it agrees with the portal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub portal: Vec<super::portal::Comparison>,
    /// The fields in which it contradicts the portal.
    pub conflicts: Vec<String>,
}
