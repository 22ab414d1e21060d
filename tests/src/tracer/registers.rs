//! Where a processor keeps the number, the arguments and the answer of a system call.

use nix::errno::Errno;
use nix::unistd::Pid;

/// A system call as the thread entered it.
pub(super) struct Entered {
    /// Its number in the kernel's table.
    pub(super) number: i64,
    /// Its first four arguments.
    pub(super) arguments: [u64; 4],
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86_64::{answer, entered, skip};

#[cfg(target_arch = "x86_64")]
pub(super) const KNOWN: bool = true;

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use nix::sys::ptrace;

    use super::{Entered, Errno, Pid};

    pub(in super::super) fn entered(pid: Pid) -> nix::Result<Entered> {
        let registers = ptrace::getregs(pid)?;
        Ok(Entered {
            number: registers.orig_rax as i64,
            arguments: [registers.rdi, registers.rsi, registers.rdx, registers.r10],
        })
    }

    /// Makes the kernel pass over the call that the thread stands before.
    pub(in super::super) fn skip(pid: Pid) -> nix::Result<()> {
        let mut registers = ptrace::getregs(pid)?;
        registers.orig_rax = u64::MAX;
        ptrace::setregs(pid, registers)
    }

    /// Puts an error in the place of the answer of the call that the thread stands behind.
    pub(in super::super) fn answer(pid: Pid, errno: Errno) -> nix::Result<()> {
        let mut registers = ptrace::getregs(pid)?;
        registers.rax = -i64::from(errno as i32) as u64;
        ptrace::setregs(pid, registers)
    }
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) const KNOWN: bool = false;

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn entered(_: Pid) -> nix::Result<Entered> {
    Err(Errno::ENOSYS)
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn skip(_: Pid) -> nix::Result<()> {
    Err(Errno::ENOSYS)
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn answer(_: Pid, _: Errno) -> nix::Result<()> {
    Err(Errno::ENOSYS)
}
