//! The crates' allowed directions, held over `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each crate of ours may use of ours. `nirnay` is the command, `nirnay-tests` this crate.
const ALLOWED: &[(&str, &[&str])] = &[
    ("nirnay-model", &[]),
    ("nirnay-parse", &["nirnay-model"]),
    ("nirnay-citation", &["nirnay-model"]),
    ("nirnay-extract", &["nirnay-model", "nirnay-citation"]),
    ("nirnay-captcha-onnx", &[]),
    ("nirnay-fetch", &["nirnay-model", "nirnay-parse"]),
    ("nirnay-store", &["nirnay-model"]),
    ("nirnay-index", &["nirnay-model", "nirnay-citation"]),
    ("nirnay-portal-sim", &["nirnay-model"]),
    (
        "nirnay-pipeline",
        &[
            "nirnay-model",
            "nirnay-parse",
            "nirnay-fetch",
            "nirnay-store",
            "nirnay-extract",
            "nirnay-citation",
            "nirnay-index",
        ],
    ),
    (
        "nirnay-serve",
        &[
            "nirnay-model",
            "nirnay-store",
            "nirnay-index",
            "nirnay-pipeline",
        ],
    ),
];

/// Crates of others that have no place in the pure ones.
const IMPURE: &[&str] = &[
    "tokio",
    "reqwest",
    "rusqlite",
    "axum",
    "hyper",
    "indicatif",
    "clap",
];

#[test]
fn arrows_point_down() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let uses: BTreeMap<&str, BTreeSet<&str>> = metadata
        .packages
        .iter()
        .map(|package| {
            let names = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind == DependencyKind::Normal)
                .map(|dependency| dependency.name.as_str())
                .collect();
            (package.name.as_str(), names)
        })
        .collect();
    for package in uses
        .keys()
        .filter(|name| !["nirnay", "nirnay-tests"].contains(*name))
    {
        assert!(
            ALLOWED.iter().any(|(name, _)| name == package),
            "{package} has no entry in the table of directions"
        );
    }
    for (package, allowed) in ALLOWED {
        let ours: Vec<&&str> = uses[package]
            .iter()
            .filter(|name| name.starts_with("nirnay"))
            .collect();
        for used in ours {
            assert!(allowed.contains(used), "{package} must not use {used}");
        }
    }
    for pure in [
        "nirnay-model",
        "nirnay-parse",
        "nirnay-citation",
        "nirnay-extract",
        "nirnay-index",
    ] {
        for impure in IMPURE {
            assert!(!uses[pure].contains(impure), "{pure} must not use {impure}");
        }
    }
}
