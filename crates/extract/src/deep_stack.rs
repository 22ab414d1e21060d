//! A thread with room for what PDF parsers do.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crate::ExtractFailure;
use crate::engine::panic_message;

/// PDF parsers recurse over nested objects and forms; the usual 2 MiB of a thread end too soon.
const STACK_BYTES: usize = 64 << 20;

/// Runs `work` on a thread of its own. Its panic becomes a crash of the engine.
pub(crate) fn run<T: Send>(
    work: impl FnOnce() -> Result<T, ExtractFailure> + Send,
) -> Result<T, ExtractFailure> {
    thread::scope(|scope| {
        let handle = thread::Builder::new()
            .name("extract".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || catch_unwind(AssertUnwindSafe(work)))
            .map_err(|error| ExtractFailure::Worker {
                why: format!("no thread to extract on: {error}"),
            })?;
        let outcome = match handle.join() {
            Ok(outcome) => outcome,
            Err(panic) => Err(panic),
        };
        outcome.unwrap_or_else(|panic| {
            Err(ExtractFailure::Crashed {
                how: format!("panic: {}", panic_message(&*panic)),
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_crash_with_its_message() {
        assert_eq!(run(|| Ok(5)), Ok(5));
        let failure = run::<()>(|| panic!("cannot read this")).unwrap_err();
        assert_eq!(failure.reason(), "crashed");
        assert!(
            failure.to_string().contains("cannot read this"),
            "{failure}"
        );
    }
}
