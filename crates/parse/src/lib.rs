//! Bytes of a portal's reply to typed values.
//!
//! Pure functions: no file, no socket, no clock, no environment; the day of reading comes in as an
//! argument. Every body passes one classifier first, whose refusals form a closed set
//! ([`Refusal`]): a login page, an error or an unknown form can never be taken for an empty result.
//! Every row ends as a typed value or as a [`nirnay_model::QuarantinedRow`] with its HTML; none is
//! dropped. Size, nesting and number of tags are checked before HTML is parsed, and the tree is counted
//! while it grows. High Court rows of the usual shape are read without a tree, in one pass; every other
//! row goes to the HTML parser, and where both read a row, they read the same.
//!
//! [`judgments::report`] looks at a page as a whole: layouts and labels never seen, how many rows print
//! each field, what was set aside. It says what is new; what follows from that is decided elsewhere.
//!
//! What a reply *means* for a walk (retry, new session, closed window) is decided elsewhere, as is
//! everything about the text of documents: [`pdf::look`] only judges a PDF from outside.
//!
//! ```
//! use nirnay_model::SourceId;
//! use nirnay_parse::judgments::{read_row, search_page};
//! use nirnay_parse::{Refusal, Reply};
//!
//! let body = br##"{"reportrow":{"iTotalDisplayRecords":"1","aaData":[[1,
//!   "<button onclick=javascript:open_pdf('0','','court/cnrorders/dhcdb/orders/DLHC010000122024_1_2024-02-15.pdf#page='); ><font>WP/12/2024 of A Vs B</button></font><br><strong>Judge : X,Y</strong><br> ... <br><strong class='caseDetailsTD'><span> CNR :</span><font> DLHC010000122024</font><span> | Decision Date :</span><font> 15-02-2024</font><br><span>Court : High Court of Delhi</span></strong>"
//! ]]}}"##;
//! let Reply::Good(page) = search_page(body) else { panic!("refused") };
//! assert_eq!((page.total, page.rows.len()), (1, 1));
//!
//! let today = jiff::civil::date(2026, 1, 1);
//! let row = read_row(&page.rows[0].html, SourceId::EcourtsHc, today).expect("a good row");
//! assert_eq!(
//!     row.judgment.key().as_str(),
//!     "ecourts-hc/7_26/dhcdb/DLHC010000122024/2024-02-15/1"
//! );
//! assert_eq!(row.judgment.judges, ["X", "Y"]);
//!
//! let expired = search_page(br#"{"session_expire":"Y","message":"Session Expired"}"#);
//! assert_eq!(expired, Reply::Refused(Refusal::SessionExpired));
//! ```

mod body;
pub mod calcutta;
mod call;
mod captcha_form;
mod case;
mod case_page;
mod date;
pub mod district;
mod flat;
mod found;
mod guard;
pub mod hcservices;
mod json;
pub mod judgments;
mod message;
mod page;
pub mod pdf;
mod quarantine;
mod reply;
pub mod sci;
mod tags;
mod text;
mod token;
mod tree;
mod versus;

pub use found::{CasesFound, CauseListFound, EstablishmentCount, FoundTotals};
pub use reply::{Refusal, Reply};
