//! Text to the citations in it: law reports, neutral citations, case numbers, statutes and their sections.
//!
//! Pure: no file, no clock, no network. [`find()`] goes over a text once. At each start of a word an automaton built from the
//! tables in `data/reference/` says which names begin there; a small reader looks around each name, never
//! further than a bounded number of characters, so no text takes more than time in proportion to its length. What the tables do not
//! know but print shapes like a citation is kept with `resolved: false`; no court and no reporter is guessed.
//!
//! ```
//! use nirnay_citation::{find, Kind};
//!
//! let found = find("See A v. B, (2017) 10 S.C.C. 1 : A.I.R. 2017 SC 4161 at para 12; Section 302 of the I.P.C.");
//! assert_eq!(found[0].key, "(2017) 10 SCC 1");
//! assert_eq!(found[1].key, "AIR 2017 SC 4161");
//! assert_eq!(found[1].pinpoint.as_deref(), Some("para 12"));
//! assert!(found[0].cluster.is_some() && found[0].cluster == found[1].cluster);
//! assert_eq!((found[2].kind, found[2].key.as_str()), (Kind::Provision, "IPC s 302"));
//! ```
//!
//! # Keys
//!
//! A key is the same however a citation is printed, and [`parse_key`] reads it back as itself.
//!
//! | kind | key |
//! |---|---|
//! | neutral | `2024 INSC 855`; `2023:DHC:2720-DB` (no zero padding, `/` as `:`, strength tag kept) |
//! | reporter, numbered by year | `(2017) 10 SCC 1`, `1992 Supp (1) SCC 335`, `(2010) 1 SCC (Cri) 963`; `[1975] 2 SCR 715`, `[1950] SCR 88`; others `2010 (3) KLT 501`, `1985 ACJ 645` |
//! | reporter, numbered on and on | `187 ITR 363`, `118 DLT 320`: the year adds nothing and is left out |
//! | of a shape of its own | `AIR 1978 SC 597`, `ILR 1986 Kant 1723`, `ILR (1964) 1 Punj 750`, `JT 1996 (10) SC 550`, `2018 SCC OnLine Del 1234`, `2022 LiveLaw (SC) 123`, `MANU/SC/0123/2004` |
//! | foreign | `[1932] AC 562`, `[1972] 2 All ER 492`, `410 U.S. 113` |
//! | cnr | `DLHC010000122024` |
//! | `case_number`, diary | `WP(C) 5348/2024`, `CA 6677/2026`; `Diary 1234/2020` |
//! | statute | `IPC`, `MV Act`; another year than the one in force: `MV Act 1939`; not in the table: its title |
//! | provision | `IPC s 302`, `Constitution art 226`, `CPC o 21 r 29`; sub-units are the pinpoint; "sections 3 to 5" are 3, 4 and 5; without a statute `s 302`, not resolved |
//!
//! A number of an old code is never carried over to the new one: section 302 is of the IPC or of the BNS as the text names them.
//!
//! # A document's own citation
//!
//! [`own()`] tells the neutral citation of a document from those that it cites.

mod case;
mod citation;
mod cluster;
mod cnr;
mod find;
mod found;
mod key;
mod left;
mod lex;
mod link;
mod neutral;
mod own;
mod page;
mod preceding;
mod provision;
mod report;
mod right;
mod scan;
mod statute;
mod table;
mod title;
mod trie;
mod unlisted;

pub use citation::{Basis, Citation, Kind, StatuteLink};
pub use find::{MOST, find, find_until};
pub use key::{Key, parse_key};
pub use neutral::court_of;
pub use own::{Evidence, Identity, Own, own};
