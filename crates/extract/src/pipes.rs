//! The parent's three pipes to a child, read and written with a deadline.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pipe::fcntl_setpipe_size;

use crate::frame::{self, HEAD};

const CHUNK: usize = 64 << 10;
/// Most documents pass in one piece: each piece more wakes both sides once.
const PIPE: usize = 1 << 20;
const LAST_WORDS: usize = 4 << 10;

/// Why an exchange ended without a reply. The child is of no use afterwards.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The child closed its end.
    Closed,
    /// The deadline passed.
    Deadline,
    /// It sent what is no frame, or one over the limit.
    Protocol(String),
    /// The pipes failed.
    Io(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<rustix::io::Errno> for Broken {
    fn from(error: rustix::io::Errno) -> Self {
        Self::Io(error.into())
    }
}

/// The parent's ends of the pipes, none of which blocks.
#[derive(Debug)]
pub(crate) struct Pipes {
    stdin: Option<ChildStdin>,
    stdout: ChildStdout,
    stderr: Option<ChildStderr>,
    last_words: Vec<u8>,
    chunk: Vec<u8>,
}

/// Bytes on their way out.
struct Outgoing<'a> {
    head: Vec<u8>,
    body: &'a [u8],
    sent: usize,
}

impl Outgoing<'_> {
    fn rest(&self) -> &[u8] {
        match self.head.get(self.sent..) {
            Some(rest) if !rest.is_empty() => rest,
            _ => self
                .body
                .get(self.sent.saturating_sub(self.head.len())..)
                .unwrap_or_default(),
        }
    }
}

impl Pipes {
    /// The pipes of `child`, which was started with all three.
    pub(crate) fn of(child: &mut Child) -> io::Result<Self> {
        let missing = || io::Error::other("a standard stream was not piped");
        let stdin = child.stdin.take().ok_or_else(missing)?;
        let stdout = child.stdout.take().ok_or_else(missing)?;
        let stderr = child.stderr.take().ok_or_else(missing)?;
        for fd in [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()] {
            fcntl_setfl(fd, fcntl_getfl(fd)? | OFlags::NONBLOCK)?;
        }
        for fd in [stdin.as_fd(), stdout.as_fd()] {
            // Where this is not allowed, documents pass in smaller pieces.
            fcntl_setpipe_size(fd, PIPE).ok();
        }
        Ok(Self {
            stdin: Some(stdin),
            stdout,
            stderr: Some(stderr),
            last_words: Vec::new(),
            chunk: vec![0; CHUNK],
        })
    }

    /// Sends a frame of `intro` and `body` and waits for one of at most `limit` bytes.
    pub(crate) fn exchange(
        &mut self,
        intro: &[u8],
        body: &[u8],
        limit: u64,
        deadline: Instant,
    ) -> Result<Vec<u8>, Broken> {
        let mut head = frame::head(intro.len() + body.len()).to_vec();
        head.extend_from_slice(intro);
        let mut outgoing = Outgoing {
            head,
            body,
            sent: 0,
        };
        let mut incoming = Vec::new();
        self.last_words.clear();
        loop {
            let (can_send, can_read) = self.wait(!outgoing.rest().is_empty(), deadline)?;
            if can_send {
                self.send(&mut outgoing);
            }
            if can_read {
                self.receive(&mut incoming)?;
                if let Some(reply) = complete(&mut incoming, limit)? {
                    return Ok(reply);
                }
            }
        }
    }

    /// Sends `body` without a frame, closes the child's input, and waits until it closes its output
    /// after at most `limit` bytes.
    pub(crate) fn feed(
        &mut self,
        body: &[u8],
        limit: u64,
        deadline: Instant,
    ) -> Result<Vec<u8>, Broken> {
        let mut outgoing = Outgoing {
            head: Vec::new(),
            body,
            sent: 0,
        };
        let mut incoming = Vec::new();
        self.last_words.clear();
        loop {
            let sending = !outgoing.rest().is_empty();
            if !sending {
                self.stdin = None;
            }
            let (can_send, can_read) = self.wait(sending, deadline)?;
            if can_send {
                self.send(&mut outgoing);
            }
            if can_read {
                match self.receive(&mut incoming) {
                    Err(Broken::Closed) => return Ok(incoming),
                    other => other?,
                }
                if incoming.len() as u64 > limit {
                    return Err(Broken::Protocol(format!(
                        "an answer of more than {limit} bytes"
                    )));
                }
            }
        }
    }

    /// What the child wrote to standard error last; call it when the child is dead.
    pub(crate) fn last_words(&mut self) -> &[u8] {
        self.listen();
        &self.last_words
    }

    /// Waits until something can be done; says whether the child takes bytes and whether it has
    /// some for us (or has closed).
    fn wait(&mut self, sending: bool, deadline: Instant) -> Result<(bool, bool), Broken> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Broken::Deadline);
        }
        let timeout = Timespec {
            tv_sec: left.as_secs() as i64,
            tv_nsec: i64::from(left.subsec_nanos()),
        };
        let mut watched = vec![PollFd::new(&self.stdout, PollFlags::IN)];
        let stderr_at = self.stderr.as_ref().map(|stderr| {
            watched.push(PollFd::new(stderr, PollFlags::IN));
            watched.len() - 1
        });
        let stdin_at = self.stdin.as_ref().filter(|_| sending).map(|stdin| {
            watched.push(PollFd::new(stdin, PollFlags::OUT));
            watched.len() - 1
        });
        match poll(&mut watched, Some(&timeout)) {
            Ok(0) => return Err(Broken::Deadline),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok((false, false)),
            Err(error) => return Err(error.into()),
        }
        let happened = |at: Option<usize>| {
            at.and_then(|at| watched.get(at))
                .is_some_and(|fd| !fd.revents().is_empty())
        };
        let (spoke, can_send, can_read) =
            (happened(stderr_at), happened(stdin_at), happened(Some(0)));
        if spoke {
            self.listen();
        }
        Ok((can_send, can_read))
    }

    fn send(&mut self, outgoing: &mut Outgoing<'_>) {
        let Some(stdin) = &mut self.stdin else {
            return;
        };
        match stdin.write(outgoing.rest()) {
            Ok(sent) => outgoing.sent += sent,
            Err(error) if is_temporary(&error) => {}
            // The reason is on the other pipes: a reply, or the end of the stream.
            Err(_) => self.stdin = None,
        }
    }

    fn receive(&mut self, incoming: &mut Vec<u8>) -> Result<(), Broken> {
        match self.stdout.read(&mut self.chunk) {
            Ok(0) => Err(Broken::Closed),
            Ok(read) => {
                incoming.extend_from_slice(self.chunk.get(..read).unwrap_or_default());
                Ok(())
            }
            Err(error) if is_temporary(&error) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes what is on standard error and keeps its end.
    fn listen(&mut self) {
        // A bounded number of reads: a child that writes without end must not hold us here.
        for _ in 0..4 {
            let Some(stderr) = &mut self.stderr else {
                return;
            };
            match stderr.read(&mut self.chunk) {
                Ok(0) => self.stderr = None,
                Ok(read) => {
                    self.last_words
                        .extend_from_slice(self.chunk.get(..read).unwrap_or_default());
                    let excess = self.last_words.len().saturating_sub(LAST_WORDS);
                    self.last_words.drain(..excess);
                }
                Err(error) if is_temporary(&error) => return,
                Err(_) => self.stderr = None,
            }
        }
    }
}

/// The body of the frame in `incoming`, once it is all there.
fn complete(incoming: &mut Vec<u8>, limit: u64) -> Result<Option<Vec<u8>>, Broken> {
    let Some(head) = incoming.first_chunk::<HEAD>() else {
        return Ok(None);
    };
    let length = u64::from_le_bytes(*head);
    if length > limit {
        return Err(Broken::Protocol(format!(
            "a reply of {length} bytes, more than {limit}"
        )));
    }
    let have = (incoming.len() - HEAD) as u64;
    if have > length {
        return Err(Broken::Protocol("bytes after the reply".to_owned()));
    }
    if have < length {
        return Ok(None);
    }
    incoming.drain(..HEAD);
    Ok(Some(std::mem::take(incoming)))
}

fn is_temporary(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_complete_only_when_all_of_it_is_there() {
        let mut stream = Vec::new();
        frame::write(&mut stream, b"text").unwrap();
        for cut in 0..stream.len() {
            assert!(
                complete(&mut stream.get(..cut).unwrap().to_vec(), 4)
                    .unwrap()
                    .is_none(),
                "{cut}"
            );
        }
        assert_eq!(
            complete(&mut stream.clone(), 4).unwrap().as_deref(),
            Some(b"text".as_slice())
        );
        assert!(matches!(
            complete(&mut stream.clone(), 3),
            Err(Broken::Protocol(_))
        ));
        stream.push(0);
        assert!(matches!(complete(&mut stream, 4), Err(Broken::Protocol(_))));
    }
}
