//! A disk that keeps what was synced, and forgets the rest as it likes.
//!
//! POSIX promises little: bytes are durable after a sync of their file, names after a sync of their
//! folder. What was not synced may be there, in parts, torn at blocks of 512 bytes, as zeros, or not at
//! all; of the names in a folder any may have changed. Kept are two promises that all file systems in
//! use keep: a file system does not invent bytes, and a rename never loses both names.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use nirnay_model::Sha256;
use nirnay_store::SyncPoint;

use super::dice::Dice;
use super::record::{Ledger, Op};
use super::story::Promise;

/// Bytes that a disk writes at once.
const BLOCK: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Dir(usize),
    File(usize),
}

/// A change of a name that is not durable yet.
#[derive(Debug, Clone)]
struct Change {
    name: PathBuf,
    node: Option<Node>,
    /// Two changes of one rename: the old name goes only if the new one has come.
    rename: Option<usize>,
}

#[derive(Debug, Clone, Default)]
struct Dir {
    now: BTreeMap<PathBuf, Node>,
    durable: BTreeMap<PathBuf, Node>,
    pending: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Patch {
    Write(u64, Vec<u8>),
    Length(u64),
}

#[derive(Debug, Clone, Default)]
struct Data {
    now: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Patch>,
}

/// The disk after some operations.
#[derive(Debug, Clone)]
pub(crate) struct Disk {
    dirs: Vec<Dir>,
    files: Vec<Data>,
    renames: usize,
    /// The ledger, and where it lies.
    ledger: Option<(PathBuf, Ledger)>,
    /// What was promised last.
    pub(crate) requests: u64,
    /// The manifests that had the name, in turn, and the one that was promised.
    pub(crate) manifests: Vec<Sha256>,
    pub(crate) published: Option<Sha256>,
    pub(crate) copies: usize,
    pub(crate) committed: bool,
    pub(crate) rescued: bool,
}

impl Patch {
    fn apply(&self, data: &mut Vec<u8>) {
        match self {
            Self::Write(at, bytes) => {
                let at = *at as usize;
                if data.len() < at + bytes.len() {
                    data.resize(at + bytes.len(), 0);
                }
                data[at..at + bytes.len()].copy_from_slice(bytes);
            }
            Self::Length(length) => data.resize(*length as usize, 0),
        }
    }
}

impl Disk {
    /// An empty disk: one folder whose own name is safe.
    pub(crate) fn new() -> Self {
        Self {
            dirs: vec![Dir::default()],
            files: Vec::new(),
            renames: 0,
            ledger: None,
            requests: 0,
            manifests: Vec::new(),
            published: None,
            copies: 0,
            committed: false,
            rescued: false,
        }
    }

    fn dir(&self, path: &Path) -> Option<usize> {
        let mut dir = 0;
        for part in path.components() {
            match self.dirs[dir].now.get(Path::new(part.as_os_str())) {
                Some(Node::Dir(next)) => dir = *next,
                _ => return None,
            }
        }
        Some(dir)
    }

    fn place(&self, path: &Path) -> Option<(usize, PathBuf)> {
        let dir = self.dir(path.parent()?)?;
        Some((dir, PathBuf::from(path.file_name()?)))
    }

    fn node(&self, path: &Path) -> Option<Node> {
        let (dir, name) = self.place(path)?;
        self.dirs[dir].now.get(&name).copied()
    }

    fn file(&mut self, path: &Path) -> Option<&mut Data> {
        match self.node(path)? {
            Node::File(file) => self.files.get_mut(file),
            Node::Dir(_) => None,
        }
    }

    fn change(&mut self, path: &Path, node: Option<Node>, rename: Option<usize>) {
        let Some((dir, name)) = self.place(path) else {
            return;
        };
        let dir = &mut self.dirs[dir];
        match node {
            Some(node) => dir.now.insert(name.clone(), node),
            None => dir.now.remove(&name),
        };
        dir.pending.push(Change { name, node, rename });
    }

    fn create(&mut self, path: &Path) {
        self.files.push(Data::default());
        self.change(path, Some(Node::File(self.files.len() - 1)), None);
    }

    fn patch(&mut self, file: &Path, patch: Patch) {
        if let Some(data) = self.file(file) {
            patch.apply(&mut data.now);
            data.pending.push(patch);
        }
    }

    /// Does an operation; syncs at `ignored` do nothing.
    pub(crate) fn apply(&mut self, op: &Op, ignored: Option<SyncPoint>) {
        match op {
            Op::CreateDir(path) => {
                self.dirs.push(Dir::default());
                self.change(path, Some(Node::Dir(self.dirs.len() - 1)), None);
            }
            Op::Create(path) => self.create(path),
            Op::Write(path, at, bytes) => self.patch(path, Patch::Write(*at, bytes.clone())),
            Op::SetLen(path, length) => self.patch(path, Patch::Length(*length)),
            Op::Written(path, bytes) => {
                self.create(path);
                self.patch(path, Patch::Write(0, bytes.clone()));
            }
            Op::SyncFile(path, point) if Some(*point) != ignored => {
                if let Some(data) = self.file(path) {
                    data.durable.clone_from(&data.now);
                    data.pending.clear();
                }
            }
            Op::SyncDir(path, point) if Some(*point) != ignored => {
                if let Some(dir) = self.dir(path) {
                    let dir = &mut self.dirs[dir];
                    dir.durable.clone_from(&dir.now);
                    dir.pending.clear();
                }
            }
            Op::SyncFile(..) | Op::SyncDir(..) => {}
            Op::Rename(from, to) => {
                if let Some(node) = self.node(from) {
                    if let Node::File(file) = node
                        && to.ends_with("manifest.json")
                    {
                        self.manifests.push(Sha256::of(&self.files[file].now));
                    }
                    self.renames += 1;
                    self.change(to, Some(node), Some(self.renames));
                    self.change(from, None, Some(self.renames));
                }
            }
            Op::Remove(path) | Op::RemoveDir(path) => self.change(path, None, None),
            Op::Commit(path, ledger) => {
                self.ledger = Some((path.clone(), ledger.clone()));
                self.committed = true;
            }
            Op::Promise(Promise::Requests(count)) => self.requests = *count,
            Op::Promise(Promise::Published(hash)) => self.published = Some(*hash),
            Op::Promise(Promise::Copies(count)) => self.copies = *count,
            Op::Promise(Promise::Rescued) => self.rescued = true,
        }
    }

    /// Whether a sync would make something durable.
    pub(crate) fn is_pending(&self, op: &Op) -> bool {
        match op {
            Op::SyncFile(path, _) => matches!(
                self.node(path),
                Some(Node::File(file)) if !self.files[file].pending.is_empty()
            ),
            Op::SyncDir(path, _) => self
                .dir(path)
                .is_some_and(|dir| !self.dirs[dir].pending.is_empty()),
            _ => false,
        }
    }

    /// The disk that lies at `root` now, all of it durable, with the promises that were made.
    pub(crate) fn settled(&self, root: &Path) -> std::io::Result<Self> {
        let mut disk = Self {
            dirs: vec![Dir::default()],
            files: Vec::new(),
            ..self.clone()
        };
        let mut left = vec![(0, root.to_owned())];
        while let Some((dir, path)) = left.pop() {
            for entry in std::fs::read_dir(&path)? {
                let entry = entry?;
                let name = PathBuf::from(entry.file_name());
                let text = name.to_string_lossy().into_owned();
                // The files of a sound ledger are kept by the transactions.
                let by_ledger = self.ledger.is_some() && text.starts_with("ledger.sqlite");
                if by_ledger || text == "LOCK" {
                    continue;
                }
                let node = if entry.file_type()?.is_dir() {
                    disk.dirs.push(Dir::default());
                    left.push((disk.dirs.len() - 1, entry.path()));
                    Node::Dir(disk.dirs.len() - 1)
                } else {
                    let bytes = std::fs::read(entry.path())?;
                    disk.files.push(Data {
                        now: bytes.clone(),
                        durable: bytes,
                        pending: Vec::new(),
                    });
                    Node::File(disk.files.len() - 1)
                };
                disk.dirs[dir].now.insert(name.clone(), node);
                disk.dirs[dir].durable.insert(name, node);
            }
        }
        Ok(disk)
    }

    /// Writes what a process that was merely killed leaves behind.
    pub(crate) fn write_all(&self, root: &Path) -> std::io::Result<()> {
        let dirs: Vec<_> = self.dirs.iter().map(|dir| dir.now.clone()).collect();
        let files: Vec<_> = self.files.iter().map(|file| file.now.clone()).collect();
        self.write(root, &dirs, &files, None)
    }

    /// Writes what a power failure may leave behind. `next` is the ledger after the transaction that was
    /// under way, if there was one.
    pub(crate) fn write_survivors(
        &self,
        root: &Path,
        dice: &mut Dice,
        next: Option<&Ledger>,
    ) -> std::io::Result<()> {
        // Some failures lose all that can be lost, some nothing; most are in between.
        let mood = match dice.below(8) {
            0 | 1 => Mood::Harsh,
            2 => Mood::Kind,
            _ => Mood::Mixed,
        };
        let mut come: HashMap<usize, bool> = HashMap::new();
        let chosen: Vec<Vec<bool>> = self
            .dirs
            .iter()
            .map(|dir| choose(dir.pending.len(), mood, dice))
            .collect();
        for (dir, chosen) in self.dirs.iter().zip(&chosen) {
            for (change, kept) in dir.pending.iter().zip(chosen) {
                if let (Some(rename), Some(_)) = (change.rename, change.node) {
                    come.insert(rename, *kept);
                }
            }
        }
        let dirs: Vec<_> = self
            .dirs
            .iter()
            .zip(&chosen)
            .map(|(dir, chosen)| dir.after(chosen, &come))
            .collect();
        let files: Vec<_> = self
            .files
            .iter()
            .map(|file| file.after(mood, dice))
            .collect();
        self.write(root, &dirs, &files, next.map(|next| (next, dice)))
    }

    fn is_untouched(&self, ledger: &Ledger) -> bool {
        let file = self.ledger.as_ref().and_then(|(path, _)| self.node(path));
        matches!(file, Some(Node::File(file)) if self.files[file].now == *ledger.main)
    }

    fn write(
        &self,
        root: &Path,
        dirs: &[BTreeMap<PathBuf, Node>],
        files: &[Vec<u8>],
        torn: Option<(&Ledger, &mut Dice)>,
    ) -> std::io::Result<()> {
        let mut left = vec![(0, root.to_owned())];
        while let Some((dir, path)) = left.pop() {
            for (name, node) in &dirs[dir] {
                let path = path.join(name);
                match node {
                    Node::Dir(next) => {
                        std::fs::create_dir_all(&path)?;
                        left.push((*next, path));
                    }
                    Node::File(file) => std::fs::write(&path, &files[*file])?,
                }
            }
        }
        if let Some((path, ledger)) = &self.ledger {
            let path = root.join(path);
            if path.parent().is_some_and(Path::is_dir) {
                // A ledger that was restored is a file like any other until `SQLite` writes to it.
                if !self.is_untouched(ledger) {
                    std::fs::write(&path, ledger.main.as_slice())?;
                }
                let mut log_path = path.into_os_string();
                log_path.push("-wal");
                std::fs::write(log_path, log_of(ledger, torn))?;
            }
        }
        Ok(())
    }
}

/// The log of a ledger with a torn beginning of the transaction that was under way.
fn log_of(ledger: &Ledger, torn: Option<(&Ledger, &mut Dice)>) -> Vec<u8> {
    let (bytes, length) = &ledger.log;
    let mut log = bytes.get(..*length).unwrap_or_default().to_vec();
    let Some((next, dice)) = torn else { return log };
    let grown = next.log.0.get(..next.log.1).unwrap_or_default();
    let same = *next.main == *ledger.main && grown.starts_with(&log) && grown.len() > log.len();
    if same && dice.once_in(2) {
        let mut tail = grown[log.len()..].to_vec();
        tail.truncate(dice.below(tail.len() + 1));
        for block in tail.chunks_mut(BLOCK) {
            if dice.once_in(4) {
                block.fill(0);
            }
        }
        log.extend(tail);
    }
    log
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Harsh,
    Kind,
    Mixed,
}

/// Which of so many pending changes reached the disk.
fn choose(count: usize, mood: Mood, dice: &mut Dice) -> Vec<bool> {
    let first = match mood {
        Mood::Harsh => 0,
        Mood::Kind => count,
        Mood::Mixed => match dice.below(4) {
            0 => 0,
            1 => count,
            2 => dice.below(count + 1),
            _ => return (0..count).map(|_| dice.once_in(2)).collect(),
        },
    };
    (0..count).map(|index| index < first).collect()
}

impl Dir {
    fn after(&self, chosen: &[bool], come: &HashMap<usize, bool>) -> BTreeMap<PathBuf, Node> {
        let mut names = self.durable.clone();
        for (change, kept) in self.pending.iter().zip(chosen) {
            match (change.node, change.rename) {
                (Some(node), _) if *kept => {
                    names.insert(change.name.clone(), node);
                }
                // Where the new name is durable already, it does not wait any more.
                (None, rename)
                    if *kept
                        && rename
                            .is_none_or(|rename| come.get(&rename).copied().unwrap_or(true)) =>
                {
                    names.remove(&change.name);
                }
                _ => {}
            }
        }
        names
    }
}

impl Data {
    fn after(&self, mood: Mood, dice: &mut Dice) -> Vec<u8> {
        if self.pending.is_empty() || mood == Mood::Kind {
            return self.now.clone();
        }
        if mood == Mood::Harsh {
            return self.durable.clone();
        }
        match dice.below(5) {
            0 => self.durable.clone(),
            1 => self.now.clone(),
            2 => self.beginning(dice),
            3 => self.blocks(dice),
            // The length arrived, the bytes did not.
            _ => {
                let mut data = self.durable.clone();
                data.resize(self.now.len(), 0);
                data
            }
        }
    }

    /// The first of the patches, the last of them in part.
    fn beginning(&self, dice: &mut Dice) -> Vec<u8> {
        let mut data = self.durable.clone();
        let kept = dice.below(self.pending.len());
        for patch in &self.pending[..kept] {
            patch.apply(&mut data);
        }
        if let Patch::Write(at, bytes) = &self.pending[kept] {
            let blocks = dice.below(bytes.len() / BLOCK + 1);
            Patch::Write(*at, bytes[..blocks * BLOCK].to_vec()).apply(&mut data);
        }
        data
    }

    /// Each block as it was, as it is, or empty where it changed.
    fn blocks(&self, dice: &mut Dice) -> Vec<u8> {
        let mut data = self.now.clone();
        for (number, block) in data.chunks_mut(BLOCK).enumerate() {
            let at = number * BLOCK;
            let old = self
                .durable
                .get(at..(at + block.len()).min(self.durable.len()));
            if old.is_some_and(|old| *old == *block) {
                continue;
            }
            match dice.below(3) {
                // Bytes that were synced and not written since stay, wherever they lie in the block.
                0 => {
                    for (place, byte) in block.iter_mut().enumerate() {
                        if old.and_then(|old| old.get(place)) != Some(&*byte) {
                            *byte = 0;
                        }
                    }
                }
                1 => {
                    block.fill(0);
                    if let Some(old) = old {
                        block[..old.len()].copy_from_slice(old);
                    }
                }
                _ => {}
            }
        }
        data
    }
}
