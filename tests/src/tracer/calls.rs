//! The system calls that change files, and which file each is about.

use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use nix::libc;
use nix::unistd::Pid;

use super::memory;
use super::registers::Entered;

/// A system call that changes files.
pub(super) struct Known {
    pub(super) name: &'static str,
    operand: Operand,
}

/// Which argument names the file.
#[derive(Clone, Copy)]
enum Operand {
    /// A descriptor.
    Descriptor(usize),
    /// A path, from the working folder.
    Path(usize),
    /// A folder's descriptor and a path from there.
    At(usize, usize),
    /// The same with flags: only what creates, truncates or writes counts.
    Opened(usize, usize, usize),
}

/// The longest path the kernel takes.
const LONGEST: usize = 4096;

/// The call with this number, if it changes files.
pub(super) fn known(number: i64) -> Option<Known> {
    use Operand::{At, Descriptor, Opened};
    let (name, operand) = match number {
        libc::SYS_openat => ("openat", Opened(0, 1, 2)),
        libc::SYS_write => ("write", Descriptor(0)),
        libc::SYS_pwrite64 => ("pwrite64", Descriptor(0)),
        libc::SYS_writev => ("writev", Descriptor(0)),
        libc::SYS_pwritev => ("pwritev", Descriptor(0)),
        libc::SYS_fsync => ("fsync", Descriptor(0)),
        libc::SYS_fdatasync => ("fdatasync", Descriptor(0)),
        libc::SYS_ftruncate => ("ftruncate", Descriptor(0)),
        libc::SYS_fallocate => ("fallocate", Descriptor(0)),
        libc::SYS_copy_file_range => ("copy_file_range", Descriptor(2)),
        libc::SYS_renameat => ("renameat", At(2, 3)),
        libc::SYS_renameat2 => ("renameat2", At(2, 3)),
        libc::SYS_unlinkat => ("unlinkat", At(0, 1)),
        libc::SYS_mkdirat => ("mkdirat", At(0, 1)),
        libc::SYS_linkat => ("linkat", At(2, 3)),
        libc::SYS_symlinkat => ("symlinkat", At(1, 2)),
        other => return older(other),
    };
    Some(Known { name, operand })
}

/// Calls that only the older kernel tables have.
#[cfg(target_arch = "x86_64")]
fn older(number: i64) -> Option<Known> {
    use Operand::Path;
    let (name, operand) = match number {
        libc::SYS_creat => ("creat", Path(0)),
        libc::SYS_rename => ("rename", Path(1)),
        libc::SYS_unlink => ("unlink", Path(0)),
        libc::SYS_rmdir => ("rmdir", Path(0)),
        libc::SYS_mkdir => ("mkdir", Path(0)),
        libc::SYS_link => ("link", Path(1)),
        libc::SYS_truncate => ("truncate", Path(0)),
        _ => return None,
    };
    Some(Known { name, operand })
}

#[cfg(not(target_arch = "x86_64"))]
fn older(_: i64) -> Option<Known> {
    None
}

/// The address that a `connect` is about to ask for.
pub(super) fn connected(pid: Pid, entered: &Entered) -> Option<String> {
    if entered.number != libc::SYS_connect {
        return None;
    }
    let [_, address, length, _] = entered.arguments;
    let mut bytes = vec![0; (length as usize).min(128)];
    memory(pid)?.read_exact_at(&mut bytes, address).ok()?;
    let family = u16::from_ne_bytes(bytes.get(..2)?.try_into().ok()?);
    let port = || Some(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?));
    Some(match i32::from(family) {
        libc::AF_INET => {
            let octets: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
            SocketAddr::from((octets, port()?)).to_string()
        }
        libc::AF_INET6 => {
            let octets: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
            SocketAddr::from((octets, port()?)).to_string()
        }
        libc::AF_UNIX => "unix".to_owned(),
        other => format!("family {other}"),
    })
}

impl Known {
    /// The file that the call is about; `None` where it changes none.
    pub(super) fn path(&self, pid: Pid, entered: &Entered) -> Option<PathBuf> {
        let argument = |place: usize| entered.arguments.get(place).copied();
        match self.operand {
            Operand::Descriptor(place) => described(pid, argument(place)? as i32),
            Operand::Path(place) => named(pid, libc::AT_FDCWD, argument(place)?),
            Operand::At(folder, place) => named(pid, argument(folder)? as i32, argument(place)?),
            Operand::Opened(folder, place, flags) => {
                let flags = argument(flags)? as i32;
                let changes = flags & (libc::O_CREAT | libc::O_TRUNC) != 0
                    || flags & libc::O_ACCMODE != libc::O_RDONLY;
                changes
                    .then(|| named(pid, argument(folder)? as i32, argument(place)?))
                    .flatten()
            }
        }
    }
}

/// The file behind a descriptor.
fn described(pid: Pid, descriptor: i32) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/{pid}/fd/{descriptor}")).ok()
}

/// The file with the name at `address` in the thread's memory.
fn named(pid: Pid, folder: i32, address: u64) -> Option<PathBuf> {
    let mut bytes = vec![0; LONGEST];
    let read = memory(pid)?.read_at(&mut bytes, address).ok()?;
    let end = bytes.get(..read)?.iter().position(|byte| *byte == 0)?;
    let name = Path::new(std::ffi::OsStr::from_bytes(bytes.get(..end)?));
    if name.is_absolute() {
        return Some(name.to_owned());
    }
    let base = if folder == libc::AT_FDCWD {
        std::fs::read_link(format!("/proc/{pid}/cwd")).ok()?
    } else {
        described(pid, folder)?
    };
    Some(base.join(name))
}
