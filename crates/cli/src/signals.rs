//! Ctrl-C, SIGTERM and the STOP file.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nirnay_fetch::{StopReason, StopSignal};

use crate::output::talk;

/// Stops a crawl: the first signal finishes what is in flight, the second ends the process at once
/// (which is safe too), a file named STOP in the lake or the working folder stops it as well.
#[derive(Debug)]
pub(crate) struct Stopper {
    signalled: Arc<AtomicBool>,
    files: Vec<PathBuf>,
}

impl Stopper {
    /// Listens for signals on the current runtime.
    pub(crate) fn listen(lake: &std::path::Path) -> Arc<Self> {
        let signalled = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&signalled);
        tokio::spawn(async move {
            loop {
                wait_for_signal().await;
                if heard.swap(true, Ordering::SeqCst) {
                    talk("stopped at once; the lake is safe, run the same command to go on");
                    // A second Ctrl-C means now; a crash at any instant is safe.
                    std::process::exit(i32::from(nirnay_pipeline::exit::INTERRUPTED));
                }
                talk("stopping after the request in flight (again to stop at once) ...");
            }
        });
        Arc::new(Self {
            signalled,
            files: vec![lake.join("STOP"), PathBuf::from("STOP")],
        })
    }
}

/// Ends with Ctrl-C or SIGTERM.
pub(crate) async fn wait_for_signal() {
    let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        result = tokio::signal::ctrl_c() => if result.is_err() { std::future::pending::<()>().await },
        _ = terminate.recv() => {}
    }
}

impl StopSignal for Stopper {
    fn stop(&self) -> Option<StopReason> {
        if self.signalled.load(Ordering::SeqCst) {
            return Some(StopReason::Signal);
        }
        self.files
            .iter()
            .find(|file| file.exists())
            .map(|file| StopReason::SwitchedOff {
                why: format!("the file {} is there; remove it to go on", file.display()),
            })
    }
}
