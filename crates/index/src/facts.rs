//! What reading a judgment's text gave, beside what the portal says of it.

use jiff::Timestamp;

/// Facts about a judgment that come from its text, from the graph of citations and from the lake. All may
/// be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The kind of document by its heading (`judgment`, `order`, …), for portals that do not say.
    pub kind: Option<String>,
    /// The languages of the text as ISO 639-3 codes, the main one first.
    pub languages: Vec<String>,
    /// The judges by the text, for portals that name none.
    pub judges: Vec<String>,
    /// Its case number by the text, for portals that print none.
    pub case_number: Option<String>,
    /// Neutral and reporter citations that the text prints of itself, as canonical keys.
    pub own_citations: Vec<String>,
    /// The statutes and provisions that the text cites.
    pub provisions: Vec<Provision>,
    /// The judgments that the text cites, as canonical keys.
    pub cites: Vec<String>,
    /// The number of judgments of the lake that cite it.
    pub cited_by: u64,
    /// Near-duplicates share this number. `None`: the index compares the text with those that it holds.
    pub group: Option<u64>,
    /// When the lake first saw it. An index that is made anew takes this for the moment at which it first
    /// saw the judgment; without it, the moment is that of the call.
    pub first_seen: Option<Timestamp>,
}

/// A statute, or a provision of one, as a text cites it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provision {
    /// The statute's canonical key (`IPC`); `None` if the text names none.
    pub statute: Option<String>,
    /// The provision within it (`s 302`, `art 226`, `o 21 r 29`); empty for the statute as a whole.
    pub section: String,
}

impl Provision {
    /// The canonical key: `IPC s 302`.
    pub fn key(&self) -> String {
        let parts = [self.statute.as_deref().unwrap_or(""), &self.section];
        parts.join(" ").trim().to_owned()
    }
}
