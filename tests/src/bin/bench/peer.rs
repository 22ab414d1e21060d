//! The same list, walked by the Python client bharat-courts and by us, in one run.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::portals::{Portals, measure};

/// Walks a list of `rows` rows with both, pages of 1,000, without pauses; prints the ratio.
/// Theirs may walk a shorter part of it: its speed does not depend on the length.
pub(crate) fn side_by_side(rows: u32) {
    let portals = Portals::serve(rows);
    let theirs = bharat_courts(&portals, rows.min(20_000));
    let dir = tempfile::tempdir().expect("a folder");
    let pipeline = Portals::pipeline(dir.path());
    let pipeline = pipeline.to_string_lossy().into_owned();
    let mut args = vec!["crawl", &pipeline, "--no-documents", "--no-text"];
    for address in &portals.addresses {
        args.extend(["--portal", address]);
    }
    let ours = measure(&args, &dir.path().join("lake"));
    let ours = f64::from(rows) / ours.rows.as_secs_f64();
    println!(
        "peer: {ours:.0} rows/s walked, kept and proven by nirnay, {theirs:.0} rows/s walked by bharat-courts 0.5.0 search_all (kept nowhere) on the same portal: {:.1} times",
        ours / theirs
    );
}

/// Rows a second of `search_all`.
fn bharat_courts(portals: &Portals, rows: u32) -> f64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let output = Command::new(python(&folder))
        .arg(folder.join("bharat_courts/speed.py"))
        .args([portals.url("ecourts"), &portals.control])
        .arg(rows.to_string())
        .output()
        .expect("python");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "bharat-courts: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said.trim().parse().expect("rows a second")
}

/// The interpreter that `tests/python/run` set up with the client.
fn python(folder: &Path) -> PathBuf {
    let path = folder.join("../../.venv/bharat-courts/bin/python");
    assert!(
        path.exists(),
        "{} is not there; run tests/python/run once, which installs the client",
        path.display()
    );
    path
}
