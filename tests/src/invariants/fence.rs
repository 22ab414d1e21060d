//! I10: no foreign host, no byte outside the lake.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nirnay_model::Sha256;

use super::files::files_below;

/// A server that nobody has any business with. It counts who comes.
#[derive(Debug)]
pub struct Canary {
    address: SocketAddr,
    visits: Arc<AtomicU64>,
}

impl Canary {
    /// Listens on a free port of loopback until the process ends.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let visits = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&visits);
        std::thread::spawn(move || {
            for visitor in listener.incoming() {
                seen.fetch_add(1, Ordering::SeqCst);
                drop(visitor);
            }
        });
        Ok(Self { address, visits })
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connections so far.
    pub fn visits(&self) -> u64 {
        self.visits.load(Ordering::SeqCst)
    }
}

/// What lay around a lake before, and a canary.
#[derive(Debug)]
pub struct Fence {
    around: PathBuf,
    lake: PathBuf,
    before: BTreeMap<PathBuf, Sha256>,
    canary: Canary,
}

impl Fence {
    /// Remembers every file below `around` that is not in `lake`, and starts a canary.
    pub fn new(around: &Path, lake: &Path) -> io::Result<Self> {
        Ok(Self {
            around: around.to_owned(),
            lake: lake.to_owned(),
            before: outside(around, lake),
            canary: Canary::start()?,
        })
    }

    /// The server that must not be asked for anything.
    pub fn canary(&self) -> &Canary {
        &self.canary
    }

    /// Files that came, went or changed outside the lake, and visits to the canary.
    pub fn breaches(&self) -> Vec<String> {
        let now = outside(&self.around, &self.lake);
        let mut broken: Vec<String> = now
            .iter()
            .filter(|(path, hash)| self.before.get(*path) != Some(hash))
            .map(|(path, _)| format!("{} was written outside the lake", path.display()))
            .collect();
        broken.extend(
            self.before
                .keys()
                .filter(|path| !now.contains_key(*path))
                .map(|path| format!("{} was removed outside the lake", path.display())),
        );
        let visits = self.canary.visits();
        if visits > 0 {
            broken.push(format!("{visits} connections to a foreign host"));
        }
        broken
    }
}

fn outside(around: &Path, lake: &Path) -> BTreeMap<PathBuf, Sha256> {
    files_below(around)
        .into_iter()
        .filter(|path| !path.starts_with(lake))
        .map(|path| {
            let hash = Sha256::of(&fs::read(&path).unwrap_or_default());
            (path, hash)
        })
        .collect()
}
