//! What the case portals answer.

use bytes::Bytes;
use nirnay_model::{Case, CauseList, Choice, Complex};
use nirnay_parse::district::OrdersFound;
use nirnay_parse::sci::FeedPage;
use nirnay_parse::{CasesFound, CauseListFound, FoundTotals, Refusal, hcservices};

/// Cases that a search found. Those of a long reply are read from it whenever they are wanted, one by one: tens of
/// thousands of them would not fit into memory side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCases {
    /// What else the reply says.
    pub totals: FoundTotals,
    rows: Rows,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rows {
    List(Vec<Case>),
    /// A reply of High Court Services that was read once without trouble.
    Reply(Bytes),
}

impl From<CasesFound> for FoundCases {
    fn from(found: CasesFound) -> Self {
        Self {
            totals: found.totals,
            rows: Rows::List(found.cases),
        }
    }
}

impl FoundCases {
    /// The cases of a reply of High Court Services.
    pub(super) fn of_reply(body: &Bytes) -> Result<Self, Refusal> {
        let totals = hcservices::each_case(body, |_| {}).into_result()?;
        Ok(Self {
            totals,
            rows: Rows::Reply(body.clone()),
        })
    }

    /// The number of cases.
    pub fn len(&self) -> u64 {
        match &self.rows {
            Rows::List(cases) => cases.len() as u64,
            Rows::Reply(_) => self.totals.rows,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands on one case after the other.
    ///
    /// # Errors
    /// The first of `take`; nothing is handed on after it.
    pub fn each<E>(&self, mut take: impl FnMut(Case) -> Result<(), E>) -> Result<(), E> {
        let body = match &self.rows {
            Rows::List(cases) => return cases.iter().cloned().try_for_each(take),
            Rows::Reply(body) => body,
        };
        let mut result = Ok(());
        let read = hcservices::each_case(body, |case| {
            if result.is_ok() {
                result = take(case);
            }
        });
        // The same bytes were read before.
        drop(read);
        result
    }

    /// All cases; for lists that are known to be short.
    pub fn list(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        let collected: Result<(), std::convert::Infallible> = self.each(|case| {
            cases.push(case);
            Ok(())
        });
        match collected {
            Ok(()) => cases,
            Err(never) => match never {},
        }
    }
}

/// An answer, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseAnswer {
    /// A list to choose from.
    Choices(Vec<Choice>),
    /// Complexes of a district.
    Complexes(Vec<Complex>),
    /// What a search found.
    Cases(FoundCases),
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
    /// A document: a whole PDF as far as its outside tells, as it was served.
    Document(Bytes),
}
