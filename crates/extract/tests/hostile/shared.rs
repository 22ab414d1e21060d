//! Hostile files that others have collected, where they are at hand.

use std::time::Duration;

use nirnay_extract::Limits;

use crate::{Ordeal, setting, shared_files};

#[test]
fn files_that_others_have_collected() {
    let mut ordeal = Ordeal::new(Limits {
        cpu_seconds: setting("NIRNAY_HOSTILE_CPU", 2),
        wall: Duration::from_secs(setting("NIRNAY_HOSTILE_WALL", 20)),
        ..Limits::default()
    });
    let files = shared_files("pdf-hostile");
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(path).unwrap();
        let text = ordeal.text(&name, &bytes);
        let picture = ordeal.picture(&name, &bytes, 100);
        ordeal.still_reads(&name);
        if setting("NIRNAY_HOSTILE_LIST", 0) == 1 {
            eprintln!("{text:14} {picture:14} {name}");
        }
    }
    ordeal.report("collected files");
}
