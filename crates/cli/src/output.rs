//! Standard output and standard error. A closed pipe ends the output quietly: `nirnay search | head`
//! is no error.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// Writes data to standard output.
pub(crate) fn data(text: &str) {
    let mut out = io::stdout().lock();
    // A reader that went away wants no more.
    drop(writeln!(out, "{}", text.trim_end_matches('\n')));
}

/// Writes a value as JSON to standard output.
pub(crate) fn json(value: &impl Serialize) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => data(&text),
        Err(error) => talk(&format!(
            "nirnay: the result could not be written as JSON: {error}"
        )),
    }
}

/// Lines of data on standard output, written as they come.
pub(crate) struct Stream {
    out: io::StdoutLock<'static>,
}

impl Stream {
    pub(crate) fn open() -> Self {
        Self {
            out: io::stdout().lock(),
        }
    }

    /// A value as one line of JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.out.write_all(&line)
    }

    /// Text as it is.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// Ends the stream. A reader that went away wants no more; other trouble is the command's.
    pub(crate) fn close(mut self, written: io::Result<()>) -> Result<(), Failure> {
        match written.and_then(|()| self.out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::io(std::path::Path::new("standard output"), &error))
            }
            _ => Ok(()),
        }
    }
}

/// Writes talk to standard error.
pub(crate) fn talk(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// Whether standard output is a terminal that shows colours.
pub(crate) fn colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Whether bars make sense.
pub(crate) fn bars() -> bool {
    io::stderr().is_terminal()
}

/// Logs go to standard error: warnings by default, more with -v; `RUST_LOG` overrides.
pub(crate) fn start_logging(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        EnvFilter::new(format!("{level},tantivy=warn,hyper=warn,reqwest=warn"))
    });
    let logging = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .finish();
    // Fails only if a logger is set already, which then serves as well.
    drop(tracing::subscriber::set_global_default(logging));
}

/// A number with thousands separators.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A size in bytes for people.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes} B")
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

/// A duration for people.
pub(crate) fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..172_800 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// Plural or not.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{} {noun}s", count(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(12), "12");
        assert_eq!(size(1_536), "1.5 KiB");
        assert_eq!(size(12), "12 B");
        assert_eq!(duration(3_725), "1 h 2 min");
        assert_eq!(plural(2, "row"), "2 rows");
    }
}
