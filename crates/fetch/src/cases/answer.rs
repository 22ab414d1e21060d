//! What the case portals answer.

use bytes::Bytes;
use nirnay_model::{Case, CauseList, Choice, Complex};
use nirnay_parse::district::OrdersFound;
use nirnay_parse::sci::FeedPage;
use nirnay_parse::{CasesFound, CauseListFound};

/// An answer, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseAnswer {
    /// A list to choose from.
    Choices(Vec<Choice>),
    /// Complexes of a district.
    Complexes(Vec<Complex>),
    /// What a search found.
    Cases(CasesFound),
    /// One case.
    Case(Box<Case>),
    /// Orders, or the cases that have some.
    Orders(OrdersFound),
    /// Published cause lists.
    CauseLists(Vec<CauseList>),
    /// Cases listed for a day.
    Listed(CauseListFound),
    /// The latest judgments and orders of the home page.
    Feed(Box<FeedPage>),
    /// A document: begins with `%PDF`.
    Document(Bytes),
}
