//! Prints the structure of documents: for each line `{"id": …, "pages": ["text", …]}` of standard
//! input a line `{"id": …, "structure": …}`.

use std::io::{self, BufRead, Write};

use nirnay_extract::{page_text, structure};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Document {
    id: serde_json::Value,
    pages: Vec<String>,
}

#[derive(Serialize)]
struct Read {
    id: serde_json::Value,
    structure: structure::Structure,
}

fn main() -> io::Result<()> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let document: Document = serde_json::from_str(&line?)?;
        let pages: Vec<_> = (1..)
            .zip(&document.pages)
            .map(|(number, text)| page_text(number, text))
            .collect();
        let read = Read {
            id: document.id,
            structure: structure::read(&pages, None),
        };
        serde_json::to_writer(&mut output, &read)?;
        output.write_all(b"\n")?;
    }
    output.flush()
}
