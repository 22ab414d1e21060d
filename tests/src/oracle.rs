//! The oracle: the lake against the simulator's own truth.

use std::collections::{HashMap, HashSet};

use nirnay_model::{DateWindow, DocumentFacts, DocumentState, Sha256, SourceId, Verification};
use nirnay_portal_sim::{SimHandle, TruthRow};
use nirnay_store::{AuditFilter, JudgmentFilter, Lake, QuarantineEntry, VerifyLevel, WindowState};

/// What is wrong with a lake, by promise. All lists empty: every promise was kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Rows the portal listed throughout, readable, inside a window that claims to be complete, and not
    /// in the lake.
    pub false_complete: Vec<String>,
    /// Rows the portal listed throughout, readable, asked for, and not in the lake.
    pub lost: Vec<String>,
    /// Rows that stand in the lake more than once.
    pub duplicates: Vec<String>,
    /// Stored documents that are not the row's.
    pub wrong_documents: Vec<String>,
    /// Rows whose document is neither stored nor missing with a reason.
    pub open_documents: Vec<String>,
    /// Documents given up although the portal had them.
    pub missing_documents: Vec<String>,
    /// Rows that the portal never had.
    pub invented: Vec<String>,
    /// Invariants that the lake's own verifier finds broken.
    pub findings: Vec<String>,
    /// What the lake's own audit says is open.
    pub holes: Vec<String>,
    /// Rows compared.
    pub compared: u64,
}

impl Judgement {
    /// Whether rows, documents and claims are all right.
    pub fn is_clean(&self) -> bool {
        let lists = [
            &self.false_complete,
            &self.lost,
            &self.duplicates,
            &self.wrong_documents,
            &self.open_documents,
            &self.missing_documents,
            &self.invented,
            &self.findings,
            &self.holes,
        ];
        lists.iter().all(|list| list.is_empty())
    }
}

/// Compares `lake` with what `sim` knows about `sources` within `range` of decision dates.
pub fn judge(lake: &Lake, sim: &SimHandle, sources: &[SourceId], range: DateWindow) -> Judgement {
    let mut verdict = Judgement::default();
    for &source in sources {
        compare(lake, sim, source, range, &mut verdict);
    }
    let findings = lake.verify(VerifyLevel::Full).expect("verify");
    verdict.findings = findings
        .iter()
        .map(|finding| format!("{finding:?}"))
        .collect();
    verdict.holes = lake
        .ledger()
        .audit(&AuditFilter::default(), jiff::Timestamp::now())
        .expect("audit")
        .holes
        .iter()
        .map(ToString::to_string)
        .collect();
    verdict
}

fn compare(
    lake: &Lake,
    sim: &SimHandle,
    source: SourceId,
    range: DateWindow,
    verdict: &mut Judgement,
) {
    let mut held: HashMap<String, DocumentState> = HashMap::new();
    let filter = JudgmentFilter {
        source: Some(source),
        ..JudgmentFilter::default()
    };
    for row in lake.published_judgments(filter).expect("judgments") {
        let row = row.expect("a row");
        let path = row.judgment.document_path.clone().unwrap_or_default();
        if held.insert(path.clone(), row.document).is_some() {
            verdict.duplicates.push(path);
        }
    }
    let complete: Vec<(String, Option<DateWindow>)> = lake
        .ledger()
        .windows(Some(source))
        .expect("windows")
        .into_iter()
        .filter(|row| {
            matches!(
                row.state,
                WindowState::Complete | WindowState::CompleteWithQuarantine
            )
        })
        .filter(|row| row.spec.bench.is_none())
        .map(|row| (row.spec.court.to_string(), row.spec.window))
        .collect();
    let mut known = HashSet::new();
    for truth in sim.truth(source) {
        known.insert(truth.path.clone());
        let throughout = truth.added_at.is_none()
            && truth.removed_at.is_none()
            && truth.listed
            && truth.listed_since.is_none()
            && truth.withdrawn_on.is_none();
        let asked_for =
            source == SourceId::SciFeed || truth.listed_on.is_some_and(|day| range.contains(day));
        if !throughout || !asked_for || !truth.is_readable {
            continue;
        }
        verdict.compared += 1;
        match held.get(&truth.path) {
            None => {
                let claimed = complete.iter().any(|(court, window)| {
                    *court == truth.court_code
                        && window.is_none_or(|window| {
                            truth.listed_on.is_some_and(|day| window.contains(day))
                        })
                });
                if claimed {
                    verdict.false_complete.push(described(lake, &truth));
                }
                verdict.lost.push(truth.path);
            }
            Some(document) => compare_document((lake, sim), &truth, document, verdict),
        }
    }
    verdict
        .invented
        .extend(held.into_keys().filter(|path| !known.contains(path)));
}

/// A row that a window should have, with what the portal made of it, and why it was set aside if it was.
pub(crate) fn described(lake: &Lake, truth: &TruthRow) -> String {
    let mut words = vec![truth.path.clone()];
    if let Some(flaw) = truth.flaw {
        let title: String = truth.title.chars().take(60).collect();
        words.push(format!("({flaw:?}: {title})"));
    }
    let aside = lake.ledger().quarantine(Some(truth.source), 1_000);
    let own = |entry: &QuarantineEntry| entry.row.html.contains(&truth.path);
    words.extend(
        aside
            .unwrap_or_default()
            .into_iter()
            .filter(own)
            .map(|entry| format!("(set aside: {:?}, {})", entry.reason, entry.row.detail)),
    );
    words.join(" ")
}

/// Whether the bytes are the row's document as the portal may serve it: some replies put a byte order mark
/// in front, and bytes are kept as served.
fn is_the_document(sim: &SimHandle, truth: &TruthRow, stored: Sha256) -> bool {
    let Some(bytes) = sim.document(truth.row) else {
        return false;
    };
    let marked = [b"\xEF\xBB\xBF", bytes.as_ref()].concat();
    stored == Sha256::of(&bytes) || stored == Sha256::of(&marked)
}

/// Whether nothing that a client can see speaks against a document: it is a scan without text, and no other row
/// was served its bytes. (docs/reliability.md, "What is not tested".)
fn is_beyond_proof(lake: &Lake, facts: &DocumentFacts) -> bool {
    let served = lake.ledger().rows_served(&facts.sha256);
    facts.check == Verification::NoText && served.is_ok_and(|rows| rows.len() == 1)
}

fn compare_document(
    (lake, sim): (&Lake, &SimHandle),
    truth: &TruthRow,
    document: &DocumentState,
    verdict: &mut Judgement,
) {
    match document {
        DocumentState::Stored(facts) => {
            if !is_the_document(sim, truth, facts.sha256) && !is_beyond_proof(lake, facts) {
                let served = lake.ledger().rows_served(&facts.sha256);
                let of = SourceId::ALL
                    .into_iter()
                    .flat_map(|source| sim.truth(source))
                    .find(|other| is_the_document(sim, other, facts.sha256))
                    .map(|other| other.path);
                verdict.wrong_documents.push(format!(
                    "{} ({:?}; the bytes are those of {of:?} and were served to {served:?})",
                    truth.path, facts.check
                ));
            }
        }
        DocumentState::Pending => verdict.open_documents.push(truth.path.clone()),
        DocumentState::Missing { reason } => {
            verdict
                .missing_documents
                .push(format!("{} ({})", truth.path, reason.name()));
        }
    }
}
