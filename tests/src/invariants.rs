//! The oracle's ten promises, each with a check and a verdict of its own.
//!
//! Every check compares the lake with something that the code under test did not write: the simulator's
//! log and ground truth, the bytes of the files, the ledger's tables read plainly. The lake's own verifier
//! has its say under the invariant that it names.

mod fence;
mod files;
mod index;
mod rows;
mod wire;
mod writer;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

use nirnay_model::{DateWindow, SourceId};
use nirnay_pipeline::check_index;
use nirnay_portal_sim::{LogEntry, SimHandle, TruthRow};
use nirnay_store::{Lake, OpenMode, Severity, VerifyLevel};

pub use fence::{Canary, Fence};
pub use index::same_hits_when_rebuilt;
pub use wire::Caps;
pub use writer::one_writer;

use crate::Progress;
use crate::records::Records;

/// What a crawl promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// Every row of an accepted page has exactly one outcome.
    I1,
    /// No judgment is published twice.
    I2,
    /// A window is complete only with proof.
    I3,
    /// Every file under its final name is whole and has its hash; every recorded hash has its file.
    I4,
    /// Readers see exactly the files of one manifest; together they are the ledger's rows.
    I5,
    /// The index is not ahead of the manifest, and one built anew gives the same hits.
    I6,
    /// Nothing acknowledged is taken back by a crash.
    I7,
    /// One writer a lake.
    I8,
    /// The portal's log shows pace, budgets and captcha caps kept.
    I9,
    /// No foreign host is contacted and no byte is written outside the lake.
    I10,
}

impl Invariant {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::I1,
        Self::I2,
        Self::I3,
        Self::I4,
        Self::I5,
        Self::I6,
        Self::I7,
        Self::I8,
        Self::I9,
        Self::I10,
    ];

    /// Its number and name.
    pub fn name(self) -> &'static str {
        match self {
            Self::I1 => "I1 conservation",
            Self::I2 => "I2 no duplicates",
            Self::I3 => "I3 closure",
            Self::I4 => "I4 whole files",
            Self::I5 => "I5 one manifest",
            Self::I6 => "I6 index",
            Self::I7 => "I7 progress",
            Self::I8 => "I8 one writer",
            Self::I9 => "I9 caps",
            Self::I10 => "I10 fence",
        }
    }

    /// The invariant that the lake's verifier means by `name`. Its `I7` is about captures, which are what
    /// was acknowledged before anything else.
    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|invariant| invariant.name().split(' ').next() == Some(name))
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Looked at, and kept.
    Kept,
    /// Broken, with examples.
    Broken(Vec<String>),
    /// There was nothing to look at.
    Unseen,
}

/// The most examples kept for an invariant.
const EXAMPLES: usize = 20;

impl Verdict {
    fn of(mut broken: Vec<String>) -> Self {
        if broken.is_empty() {
            return Self::Kept;
        }
        broken.truncate(EXAMPLES);
        Self::Broken(broken)
    }
}

/// What the oracle is shown.
pub struct Evidence<'a> {
    /// The lake's folder; nobody writes to it meanwhile.
    pub lake: &'a Path,
    /// The portals.
    pub sim: &'a SimHandle,
    /// The sources that were walked.
    pub sources: &'a [SourceId],
    /// The decision dates that were asked for.
    pub range: DateWindow,
    /// The caps that held (I9).
    pub caps: Option<&'a Caps>,
    /// What the lake had acknowledged before the latest crash (I7).
    pub before: Option<&'a Progress>,
    /// What was watched around the lake (I10).
    pub fence: Option<&'a Fence>,
    /// The index is rebuilt and questioned (I6), which takes a moment.
    pub rebuild_index: bool,
}

/// The verdicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination(BTreeMap<Invariant, Verdict>);

impl Examination {
    /// Whether nothing is broken.
    pub fn is_clean(&self) -> bool {
        self.broken().next().is_none()
    }

    /// What is broken, with examples.
    pub fn broken(&self) -> impl Iterator<Item = (Invariant, &[String])> {
        self.0
            .iter()
            .filter_map(|(invariant, verdict)| match verdict {
                Verdict::Broken(examples) => Some((*invariant, examples.as_slice())),
                Verdict::Kept | Verdict::Unseen => None,
            })
    }

    /// The verdict on one.
    pub fn verdict(&self, invariant: Invariant) -> &Verdict {
        self.0.get(&invariant).unwrap_or(&Verdict::Unseen)
    }

    fn add(&mut self, invariant: Invariant, verdict: Verdict) {
        let slot = self.0.entry(invariant).or_insert(Verdict::Unseen);
        match (slot, verdict) {
            (_, Verdict::Unseen) => {}
            (Verdict::Broken(all), Verdict::Broken(more)) => {
                all.extend(more);
                all.truncate(EXAMPLES);
            }
            (Verdict::Broken(_), Verdict::Kept) => {}
            (slot, verdict) => *slot = verdict,
        }
    }
}

impl fmt::Display for Examination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (invariant, verdict) in &self.0 {
            match verdict {
                Verdict::Kept => writeln!(f, "  {}: kept", invariant.name())?,
                Verdict::Unseen => writeln!(f, "  {}: not looked at", invariant.name())?,
                Verdict::Broken(examples) => {
                    writeln!(f, "  {}: BROKEN", invariant.name())?;
                    for example in examples {
                        writeln!(f, "    {example}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Everything a check may look at, read once.
struct Scene<'a> {
    evidence: &'a Evidence<'a>,
    records: Records,
    log: Vec<LogEntry>,
    truth: HashMap<SourceId, Vec<TruthRow>>,
}

/// Examines the evidence. The ledger must be there.
pub fn examine(evidence: &Evidence<'_>) -> Examination {
    let scene = Scene {
        evidence,
        records: Records::open(evidence.lake).expect("a ledger"),
        log: evidence.sim.log(),
        truth: evidence
            .sources
            .iter()
            .map(|source| (*source, evidence.sim.truth(*source)))
            .collect(),
    };
    let mut examination = Examination(BTreeMap::new());
    for invariant in Invariant::ALL {
        let verdict = match invariant {
            Invariant::I1 => rows::conservation(&scene),
            Invariant::I2 => rows::duplicates(&scene),
            Invariant::I3 => rows::closure(&scene),
            Invariant::I4 => files::whole(&scene),
            Invariant::I5 => files::one_manifest(&scene),
            Invariant::I6 => index::check(evidence),
            Invariant::I7 => acknowledged(evidence),
            Invariant::I8 => writer::check(evidence.lake),
            Invariant::I9 => evidence.caps.map_or(Verdict::Unseen, |caps| {
                Verdict::of(caps.breaches(&scene.log))
            }),
            Invariant::I10 => evidence
                .fence
                .map_or(Verdict::Unseen, |fence| Verdict::of(fence.breaches())),
        };
        examination.add(invariant, verdict);
    }
    ask_the_verifier(evidence.lake, &mut examination);
    examination
}

fn acknowledged(evidence: &Evidence<'_>) -> Verdict {
    let Some(before) = evidence.before else {
        return Verdict::Unseen;
    };
    match Progress::read(evidence.lake) {
        Ok(now) => Verdict::of(before.lost_in(&now)),
        Err(why) => Verdict::Broken(vec![why]),
    }
}

/// What the lake's own verifier says, under the invariants it names. Leftovers without harm are passed over.
fn ask_the_verifier(lake: &Path, examination: &mut Examination) {
    let lake = Lake::open(lake, OpenMode::ReadOnly).expect("a lake");
    let mut findings = lake.verify(VerifyLevel::Full).expect("the verifier");
    findings.extend(check_index(&lake, true));
    for finding in findings {
        if finding.severity == Severity::Error {
            let invariant = Invariant::named(finding.invariant).unwrap_or(Invariant::I5);
            let what = format!("verifier: {}: {}", finding.where_, finding.what);
            examination.add(invariant, Verdict::Broken(vec![what]));
        }
    }
}

/// The reason why a table could not be read, as a broken promise.
fn unreadable(error: &rusqlite::Error) -> Verdict {
    Verdict::Broken(vec![format!("the ledger cannot be read: {error}")])
}
