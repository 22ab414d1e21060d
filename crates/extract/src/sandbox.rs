//! What the child may ask of the kernel.
//!
//! A parser needs memory, threads and its three pipes. Should a file get it to run code of its own,
//! that code finds no network, no files and no programs: those system calls answer "not permitted".
//! It is a list of what is refused, so that a new version of the C library cannot break the child.

use std::io;

#[cfg(all(
    target_os = "linux",
    any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv64"
    )
))]
pub(crate) fn close() -> io::Result<()> {
    use std::collections::BTreeMap;

    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter};

    let rules: BTreeMap<i64, _> = refused().map(|call| (call, Vec::new())).collect();
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(io::Error::other)?;
    let program: BpfProgram = SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM as u32),
        arch,
    )
    .and_then(TryInto::try_into)
    .map_err(io::Error::other)?;
    match apply_filter(&program) {
        // A kernel without the filter: the other limits hold all the same.
        Err(seccompiler::Error::Seccomp(error) | seccompiler::Error::Prctl(error))
            if error.raw_os_error() == Some(libc::EINVAL)
                || error.raw_os_error() == Some(libc::ENOSYS) =>
        {
            Ok(())
        }
        other => other.map_err(io::Error::other),
    }
}

#[cfg(not(all(
    target_os = "linux",
    any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv64"
    )
)))]
pub(crate) fn close() -> io::Result<()> {
    Ok(())
}

/// The refused calls, on every architecture under the same names.
#[cfg(target_os = "linux")]
fn refused() -> impl Iterator<Item = i64> {
    let common = [
        // Network and other processes.
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_sendmmsg,
        libc::SYS_io_uring_setup,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_open,
        libc::SYS_pidfd_getfd,
        libc::SYS_kill,
        // Programs.
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_memfd_create,
        // Files.
        libc::SYS_openat,
        libc::SYS_openat2,
        libc::SYS_open_by_handle_at,
        libc::SYS_unlinkat,
        libc::SYS_renameat2,
        libc::SYS_mkdirat,
        libc::SYS_mknodat,
        libc::SYS_linkat,
        libc::SYS_symlinkat,
        libc::SYS_fchmodat,
        libc::SYS_fchownat,
        libc::SYS_truncate,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_chroot,
        libc::SYS_pivot_root,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_request_key,
    ];
    common.into_iter().chain(old_names())
}

/// Calls that only the oldest architecture still has.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn old_names() -> impl Iterator<Item = i64> {
    [
        libc::SYS_open,
        libc::SYS_creat,
        libc::SYS_unlink,
        libc::SYS_rename,
        libc::SYS_renameat,
        libc::SYS_mkdir,
        libc::SYS_rmdir,
        libc::SYS_mknod,
        libc::SYS_link,
        libc::SYS_symlink,
        libc::SYS_chmod,
        libc::SYS_chown,
        libc::SYS_fork,
        libc::SYS_vfork,
    ]
    .into_iter()
}

#[cfg(all(target_os = "linux", not(target_arch = "x86_64")))]
fn old_names() -> impl Iterator<Item = i64> {
    std::iter::empty()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn behind_it_there_are_no_files_network_or_programs() {
        // The filter holds for the thread that asks for it and for those that it starts.
        std::thread::spawn(|| {
            close().unwrap();
            let refused = |what: io::Result<()>| {
                assert_eq!(what.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
            };
            refused(std::fs::read("/etc/hostname").map(drop));
            refused(std::fs::write("/tmp/nirnay-sandbox-test", b"").map(drop));
            refused(std::net::TcpStream::connect(("127.0.0.1", 9)).map(drop));
            refused(std::net::UdpSocket::bind(("127.0.0.1", 0)).map(drop));
            let sum = std::thread::spawn(|| {
                vec![1_u8; 4 << 20]
                    .iter()
                    .map(|b| u64::from(*b))
                    .sum::<u64>()
            });
            assert_eq!(sum.join().unwrap(), 4_u64 << 20);
        })
        .join()
        .unwrap();
    }
}
