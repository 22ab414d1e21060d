//! What a dead child died of.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use crate::ExtractFailure;

const SIGNAL_CPU_LIMIT: i32 = 24;

/// Reads the cause from the exit status and the last bytes of standard error, where the runtime
/// leaves a line when memory or stack are exhausted.
pub(crate) fn cause(status: ExitStatus, last_words: &[u8]) -> ExtractFailure {
    let words = String::from_utf8_lossy(last_words);
    match status.signal() {
        Some(SIGNAL_CPU_LIMIT) => ExtractFailure::TimedOut,
        _ if words.contains("memory allocation of") => ExtractFailure::OutOfMemory,
        _ if words.contains("overflowed its stack") => ExtractFailure::Crashed {
            how: "stack overflow".to_owned(),
        },
        Some(signal) => ExtractFailure::Crashed {
            how: format!("signal {signal}"),
        },
        None => ExtractFailure::Crashed {
            how: format!("exit code {}", status.code().unwrap_or_default()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_of_death() {
        let crashed = |how: &str| ExtractFailure::Crashed {
            how: how.to_owned(),
        };
        for (raw, words, expected) in [
            (24, "", ExtractFailure::TimedOut),
            (
                6,
                "memory allocation of 4096 bytes failed\n",
                ExtractFailure::OutOfMemory,
            ),
            (
                6,
                "\nthread 'extract' has overflowed its stack\n",
                crashed("stack overflow"),
            ),
            (6, "", crashed("signal 6")),
            (9, "", crashed("signal 9")),
            (1 << 8, "", crashed("exit code 1")),
        ] {
            assert_eq!(
                cause(ExitStatus::from_raw(raw), words.as_bytes()),
                expected,
                "{raw} {words}"
            );
        }
    }
}
