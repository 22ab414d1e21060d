//! Sessions of a judgment portal, as its PHP side would keep them.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use jiff::Timestamp;

use crate::cases::Key;
use crate::random::Draw;
use crate::row::RowId;

/// A document made ready for download.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) path: String,
    pub(crate) row: RowId,
    /// Translation code; empty for the original.
    pub(crate) language: String,
    pub(crate) made_at: Timestamp,
    /// The session's request count when it was made.
    pub(crate) made_after: u64,
    pub(crate) dead: bool,
}

/// A file of a case made ready for download.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    pub(crate) path: String,
    pub(crate) key: Key,
    /// Number of the order.
    pub(crate) number: u16,
    pub(crate) made_at: Timestamp,
    /// The session's request count when it was made.
    pub(crate) made_after: u64,
    pub(crate) dead: bool,
}

/// A picture handed out.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// Its number over all portals.
    pub(crate) number: u64,
    pub(crate) png: Bytes,
    pub(crate) answer: String,
}

/// What a session remembers.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Its ids, the current one last.
    ids: Vec<String>,
    pub(crate) serial: u64,
    pub(crate) logged_in: bool,
    /// The answer to the latest picture, until it is used up.
    pub(crate) challenge: Option<String>,
    /// The latest picture.
    pub(crate) picture: Option<Shown>,
    /// Captcha answers so far.
    pub(crate) tries: u32,
    /// The rows of the latest search answer, by `val`.
    pub(crate) page: Vec<RowId>,
    /// Documents it may still have before a captcha is asked.
    pub(crate) allowance: u32,
    pub(crate) token: String,
    pub(crate) outputs: VecDeque<Output>,
    /// Whether it was told which court it is about.
    pub(crate) placed: bool,
    /// Links to orders that it has seen: file name, case, number.
    links: VecDeque<(String, Key, u16)>,
    pub(crate) papers: VecDeque<Paper>,
    pub(crate) requests: u64,
}

/// The most sessions and ids kept; the oldest go first.
const SESSIONS: usize = 4096;
const IDS: usize = 8;
const OUTPUTS: usize = 64;
const LINKS: usize = 2_048;

impl Session {
    /// The current id.
    pub(crate) fn id(&self) -> &str {
        self.ids.last().map_or("", String::as_str)
    }

    /// Remembers a link it was shown.
    pub(crate) fn see(&mut self, name: String, key: Key, number: u16) {
        self.links.push_back((name, key, number));
        if self.links.len() > LINKS {
            self.links.pop_front();
        }
    }

    /// The order of a link it was shown, the latest if there are several of this name.
    pub(crate) fn seen(&self, name: &str) -> Option<(Key, u16)> {
        let found = self.links.iter().rev().find(|(known, ..)| known == name);
        found.map(|(_, key, number)| (*key, *number))
    }

    /// Keeps a file of a case ready.
    pub(crate) fn keep(&mut self, paper: Paper) {
        self.papers.push_back(paper);
        if self.papers.len() > OUTPUTS {
            self.papers.pop_front();
        }
    }

    /// Keeps a document ready.
    pub(crate) fn make_ready(&mut self, output: Output) {
        self.outputs.push_back(output);
        if self.outputs.len() > OUTPUTS {
            self.outputs.pop_front();
        }
    }
}

/// All sessions of a portal.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, u64>,
    all: HashMap<u64, Session>,
    order: VecDeque<u64>,
    next: u64,
}

fn new_id(draw: &mut Draw) -> String {
    draw.letters(26, b"0123456789abcdefghijklmnopqrstuvwxyz")
}

impl Sessions {
    /// Opens a session and gives its serial number.
    pub(crate) fn open(&mut self, draw: &mut Draw, allowance: u32) -> u64 {
        self.next += 1;
        let serial = self.next;
        let id = new_id(draw);
        self.by_id.insert(id.clone(), serial);
        self.all.insert(
            serial,
            Session {
                ids: vec![id],
                serial,
                allowance,
                ..Session::default()
            },
        );
        self.order.push_back(serial);
        if self.order.len() > SESSIONS
            && let Some(old) = self.order.pop_front()
            && let Some(session) = self.all.remove(&old)
        {
            for id in session.ids {
                self.by_id.remove(&id);
            }
        }
        serial
    }

    /// The session with this id.
    pub(crate) fn find(&self, id: &str) -> Option<u64> {
        self.by_id.get(id).copied()
    }

    /// Forgets the session with this id.
    pub(crate) fn forget(&mut self, id: &str) {
        if let Some(serial) = self.find(id)
            && let Some(session) = self.all.remove(&serial)
        {
            self.order.retain(|other| *other != serial);
            for id in session.ids {
                self.by_id.remove(&id);
            }
        }
    }

    /// The session with this serial number.
    pub(crate) fn get(&mut self, serial: u64) -> Option<&mut Session> {
        self.all.get_mut(&serial)
    }

    /// Gives a session a new id. `keep_old` leaves the ids before it valid.
    pub(crate) fn renew(&mut self, serial: u64, draw: &mut Draw, keep_old: bool) -> Option<String> {
        let session = self.all.get_mut(&serial)?;
        let id = new_id(draw);
        session.ids.push(id.clone());
        // Who never looks at new ids lives on the first one; who does, on the last ones.
        let first = usize::from(keep_old);
        let surplus = if keep_old {
            session.ids.len().saturating_sub(IDS).max(first)
        } else {
            session.ids.len() - 1
        };
        for old in session.ids.drain(first..surplus) {
            self.by_id.remove(&old);
        }
        self.by_id.insert(id.clone(), serial);
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_ids_live_or_die_as_told() {
        let mut draw = Draw::of(&[1]);
        let mut sessions = Sessions::default();
        let serial = sessions.open(&mut draw, 25);
        let first = sessions.get(serial).unwrap().id().to_owned();
        let second = sessions.renew(serial, &mut draw, true).unwrap();
        assert_eq!(
            (sessions.find(&first), sessions.find(&second)),
            (Some(serial), Some(serial))
        );
        let third = sessions.renew(serial, &mut draw, false).unwrap();
        assert_eq!(
            (sessions.find(&first), sessions.find(&second)),
            (None, None)
        );
        assert_eq!((third.len(), sessions.find(&third)), (26, Some(serial)));
        (0..50).for_each(|_| drop(sessions.renew(serial, &mut draw, true)));
        assert_eq!(sessions.find(&third), Some(serial));
    }

    #[test]
    fn memory_is_bounded() {
        let mut draw = Draw::of(&[1]);
        let mut sessions = Sessions::default();
        for _ in 0..SESSIONS + 100 {
            let serial = sessions.open(&mut draw, 25);
            for _ in 0..20 {
                sessions.renew(serial, &mut draw, true).unwrap();
            }
        }
        assert_eq!(
            (sessions.all.len(), sessions.order.len()),
            (SESSIONS, SESSIONS)
        );
        assert!(sessions.by_id.len() <= SESSIONS * (IDS + 1));
    }
}
