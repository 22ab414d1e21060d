//! Every file under `fixtures/<page>/` is a case: the body as served, and beside it what the reader
//! of that page makes of it. A case without its expected file gets one, and fails until that has been
//! looked at; in CI nothing is written.

use std::path::{Path, PathBuf};

use crate::pages::Page;

fn cases(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(crate::pages::root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        .collect();
    paths.sort();
    paths
}

fn check(page: Page, path: &Path) -> Result<(), String> {
    let found = page.read(&std::fs::read(path).unwrap());
    let expected_path = path.with_extension("expected.json");
    let Ok(expected) = std::fs::read_to_string(&expected_path) else {
        if std::env::var_os("CI").is_none() {
            let text = serde_json::to_string_pretty(&found).unwrap();
            std::fs::write(&expected_path, text + "\n").unwrap();
        }
        return Err("had no expected file; look at the one written now".to_owned());
    };
    let expected: serde_json::Value = serde_json::from_str(&expected).map_err(|e| e.to_string())?;
    if found == expected {
        return Ok(());
    }
    let found = serde_json::to_string_pretty(&found).unwrap();
    Err(format!("is read differently now:\n{found}"))
}

#[test]
fn every_fixture_reads_as_expected() {
    let mut failures = Vec::new();
    let mut rows = 0;
    let mut replies = 0;
    for page in Page::ALL {
        for path in cases(page.folder()) {
            *if page.is_row() {
                &mut rows
            } else {
                &mut replies
            } += 1;
            if let Err(why) = check(page, &path) {
                failures.push(format!("{}: {why}", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(rows >= 50, "{rows} rows: some are missing");
    assert!(replies >= 90, "{replies} replies: some are missing");
}

#[test]
fn every_folder_is_read_and_every_expected_file_has_its_case() {
    for entry in std::fs::read_dir(crate::pages::root()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let folder = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(
            Page::ALL.iter().any(|page| page.folder() == folder),
            "nobody reads {folder}"
        );
        let cases: Vec<_> = cases(&folder)
            .iter()
            .map(|case| case.with_extension("expected.json"))
            .collect();
        for file in std::fs::read_dir(&path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            let is_expected = file.to_string_lossy().ends_with(".expected.json");
            assert!(
                !is_expected || cases.contains(&file),
                "{} has no case",
                file.display()
            );
        }
    }
}
