//! A judgment with everything that is known of it.

use jiff::civil::Date;
use nirnay_index::{Hit, SearchOptions, StoredPage};
use nirnay_model::{DocumentState, PublishedJudgment, RowKey};
use nirnay_store::Revision;
use serde::Serialize;
use serde_json::{Value, json};

use crate::library::Shelf;
use crate::problem::Problem;
use crate::styles::{self, Cited};

/// Neighbours of a judgment in the graph that are named.
const MOST_NEIGHBOURS: usize = 200;
/// Other orders of the case, and judgments like it, that are named.
const MOST_ORDERS: usize = 50;
const MOST_SIMILAR: usize = 8;
/// Changes that are listed.
const MOST_REVISIONS: usize = 100;
/// The longest key, in bytes.
const LONGEST_KEY: usize = 512;

/// A judgment.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// What the index keeps, without snippets.
    pub(crate) hit: Hit,
    pub(crate) pages: Vec<StoredPage>,
    pub(crate) provisions: Vec<String>,
    /// What the portal listed; `None` for texts that come from no portal.
    pub(crate) listed: Option<PublishedJudgment>,
    pub(crate) cites: Neighbours,
    pub(crate) cited_by: Neighbours,
    pub(crate) similar: Vec<Hit>,
    pub(crate) orders: Vec<Hit>,
    pub(crate) revisions: Vec<Revision>,
}

/// Judgments at the other end of edges.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Neighbours {
    /// How many there are, of which `list` may be a part.
    pub(crate) total: usize,
    pub(crate) list: Vec<Neighbour>,
}

/// A judgment at the other end of an edge.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Neighbour {
    #[serde(rename = "id")]
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) court_name: String,
    pub(crate) decision_date: Option<Date>,
    pub(crate) citation: Option<String>,
    /// Citations that lead from the one to the other; `None` where they were not counted.
    pub(crate) citations: Option<u32>,
}

/// Whether `text` may be a key at all. Keys name rows and are joined to no path.
pub(crate) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_KEY && !text.chars().any(char::is_control)
}

impl Record {
    pub(crate) fn read(shelf: &Shelf, key: &str) -> Result<Option<Self>, Problem> {
        if !is_key(key) {
            return Ok(None);
        }
        let listed = listed(shelf, key)?;
        if let Listed::Hidden = listed {
            return Ok(None);
        }
        let Some(stored) = shelf.searcher.document(key)? else {
            return Ok(None);
        };
        let listed = match listed {
            Listed::Row(row) => Some(*row),
            _ => None,
        };
        Ok(Some(Self {
            cites: Neighbours::of(
                shelf,
                &shelf.graph.cites(key),
                shelf.searcher.cited(key, MOST_NEIGHBOURS)?,
                listed.is_some(),
            )?,
            cited_by: Neighbours::of(
                shelf,
                &shelf.graph.cited_by(key),
                shelf.searcher.citing(key, MOST_NEIGHBOURS)?,
                listed.is_some(),
            )?,
            similar: shelf
                .searcher
                .similar(&stored.hit.key, MOST_SIMILAR)
                .unwrap_or_else(|error| {
                    // The judgment itself is worth showing without its neighbours.
                    tracing::warn!("nothing like {}: {}", stored.hit.key, error.message);
                    Vec::new()
                }),
            orders: orders(shelf, &stored.hit)?,
            revisions: revisions(shelf, listed.as_ref())?,
            hit: stored.hit,
            pages: stored.pages,
            provisions: stored.provisions,
            listed,
        }))
    }

    /// Its citation in every style.
    pub(crate) fn styles(&self) -> Vec<(&'static str, String)> {
        styles::all(&Cited {
            title: &self.hit.title,
            court: &self.hit.court_name,
            case_number: self.hit.case_number.as_deref(),
            neutral: self.hit.neutral_citation.as_deref(),
            reporter: self.hit.reporter_citation.as_deref(),
            date: self.hit.decision_date,
            key: &self.hit.key,
        })
    }

    /// Everything but the text, for programs.
    pub(crate) fn json(&self) -> Value {
        let mut value = json!(self.hit);
        let Some(object) = value.as_object_mut() else {
            return value;
        };
        for transient in ["score", "snippets"] {
            object.shift_remove(transient);
        }
        let citation: serde_json::Map<String, Value> = self
            .styles()
            .into_iter()
            .map(|(style, text)| (style.to_owned(), Value::String(text)))
            .collect();
        let more = json!({
            "provisions": self.provisions,
            "cites": self.cites, "cited_by_judgments": self.cited_by,
            "similar": self.similar.iter().map(brief).collect::<Vec<_>>(),
            "orders_of_case": self.orders.iter().map(brief).collect::<Vec<_>>(),
            "citation": citation,
            "listed": self.listed.as_ref().map(|row| &row.judgment),
            "document": self.listed.as_ref().map(|row| &row.document),
            "provenance": self.listed.as_ref().map(provenance),
            "revisions": self.revisions,
        });
        if let Value::Object(more) = more {
            object.extend(more);
        }
        value
    }

    /// The text of the pages, for programs.
    pub(crate) fn text(&self) -> Value {
        json!(self.pages)
    }
}

/// Where a row comes from and when it was seen.
fn provenance(row: &PublishedJudgment) -> Value {
    json!({
        "source": row.judgment.source,
        "document_path": row.judgment.document_path,
        "first_seen": row.first_seen, "last_seen": row.last_seen,
        "not_listed_since": row.not_listed_since,
        "row_hash": row.row_hash, "capture_id": row.capture_id, "capture_row": row.capture_row,
        "document_sha256": match &row.document {
            DocumentState::Stored(facts) => Some(facts.sha256),
            _ => None,
        },
    })
}

/// The heading of a hit, for lists beside another judgment.
pub(crate) fn brief(hit: &Hit) -> Value {
    json!({
        "id": hit.key, "title": hit.title, "court_name": hit.court_name,
        "decision_date": hit.decision_date, "case_number": hit.case_number,
        "neutral_citation": hit.neutral_citation, "reporter_citation": hit.reporter_citation,
        "cited_by": hit.cited_by,
    })
}

/// What the ledger says of a key.
enum Listed {
    Row(Box<PublishedJudgment>),
    /// It is to be shown to nobody.
    Hidden,
    /// It is no row of a portal.
    Unknown,
}

fn listed(shelf: &Shelf, key: &str) -> Result<Listed, Problem> {
    let Some(lake) = &shelf.lake else {
        return Ok(Listed::Unknown);
    };
    let row = lake
        .ledger()
        .published(&RowKey::from_stored(key.to_owned()))?;
    Ok(match row {
        Some(row) => Listed::Row(Box::new(row)),
        None if lake.ledger().has_row(key)? || lake.ledger().is_named_removed(key)? => {
            Listed::Hidden
        }
        None => Listed::Unknown,
    })
}

fn revisions(shelf: &Shelf, listed: Option<&PublishedJudgment>) -> Result<Vec<Revision>, Problem> {
    let (Some(lake), Some(row)) = (&shelf.lake, listed) else {
        return Ok(Vec::new());
    };
    let (key, year) = (row.judgment.key(), row.judgment.partition_year());
    Ok(lake.ledger().revisions_of(&key, year, MOST_REVISIONS)?)
}

/// The other documents of the same case.
fn orders(shelf: &Shelf, hit: &Hit) -> Result<Vec<Hit>, Problem> {
    let Some(cnr) = &hit.cnr else {
        return Ok(Vec::new());
    };
    let options = SearchOptions {
        limit: MOST_ORDERS,
        snippets: 0,
        sort: nirnay_index::Sort::Newest,
        ..SearchOptions::default()
    };
    let mut hits = shelf.searcher.search(&format!("cnr:{cnr}"), &options)?.hits;
    hits.retain(|other| other.key != hit.key);
    Ok(hits)
}

impl Neighbours {
    /// The edges of the graph, and behind them those that only the index knows: from or to texts that no portal
    /// listed.
    fn of(
        shelf: &Shelf,
        ends: &[crate::graph::End<'_>],
        of_index: nirnay_index::Neighbours,
        is_listed: bool,
    ) -> Result<Self, Problem> {
        let mut total = ends.len();
        let mut list = Vec::new();
        if let Some(lake) = &shelf.lake {
            for end in ends.iter().take(MOST_NEIGHBOURS) {
                let key = RowKey::from_stored(end.key.to_owned());
                // A row that went since the graph was drawn is not named.
                if let Some(row) = lake.ledger().published(&key)? {
                    list.push(Neighbour::of(end.key, row, end.count));
                }
            }
        }
        let mut others = Vec::new();
        for hit in of_index.hits {
            let is_row = match &shelf.lake {
                Some(lake) => lake.ledger().has_row(&hit.key)?,
                None => false,
            };
            if !(is_listed && is_row) {
                others.push(Neighbour::indexed(hit));
            }
        }
        total += if is_listed {
            others.len()
        } else {
            of_index.total
        };
        list.extend(others);
        list.truncate(MOST_NEIGHBOURS);
        Ok(Self { total, list })
    }
}

impl Neighbour {
    fn of(key: &str, row: PublishedJudgment, citations: u32) -> Self {
        let neutral = row.judgment.neutral_citation.map(|c| c.to_string());
        Self {
            key: key.to_owned(),
            title: row.judgment.title,
            court_name: row.judgment.court_name,
            decision_date: row.judgment.decision_date,
            citation: neutral.or(row.judgment.reporter_citation),
            citations: Some(citations),
        }
    }

    fn indexed(hit: Hit) -> Self {
        Self {
            key: hit.key,
            title: hit.title,
            court_name: hit.court_name,
            decision_date: hit.decision_date,
            citation: hit.neutral_citation.or(hit.reporter_citation),
            citations: None,
        }
    }
}
