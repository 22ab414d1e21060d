//! Extracts files in this process and writes one JSON line for each, for measuring.
//!
//! `cargo run --release -p nirnay-extract --example engine_texts -- ENGINE FILE… > OUT.jsonl`

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use nirnay_extract::{EngineChoice, Limits, extract_with};

fn main() -> io::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let Some(engine) = arguments
        .next()
        .and_then(|name| name.parse::<EngineChoice>().ok())
    else {
        writeln!(
            io::stderr(),
            "usage: engine_texts auto|hayro|pdf_oxide|pdf-extract FILE…"
        )?;
        return Ok(ExitCode::FAILURE);
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for file in arguments {
        let bytes = std::fs::read(&file)?;
        let outcome = extract_with(engine, &bytes, &Limits::default());
        serde_json::to_writer(&mut out, &(&file, &outcome))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
