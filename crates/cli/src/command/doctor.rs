//! `nirnay doctor`: is this machine fit, and is the lake in order.

use nirnay_captcha_onnx::{EMBEDDED_MODEL, Runtime, Solver as _};
use nirnay_extract::ocr::{Recognizer as _, Tesseract, TesseractSettings};
use nirnay_store::{Lake, OpenMode, VerifyLevel};
use serde_json::json;

use crate::adapters;
use crate::args::{DoctorArgs, Global};
use crate::output::{self, size};

/// Checks that a machine may fail and be fit for most work.
const OPTIONAL: [&str; 2] = ["contact", "ocr"];

struct Check {
    name: &'static str,
    good: bool,
    said: String,
}

pub(crate) fn run(global: &Global, args: &DoctorArgs) -> u8 {
    if args.data_dictionary {
        output::data(&nirnay_model::data_dictionary());
        return 0;
    }
    let checks = [
        ledger(),
        worker(),
        recogniser(),
        lake(global),
        contact(),
        captcha_model(),
        runtime(),
    ];
    if global.json {
        let list: Vec<_> = checks
            .iter()
            .map(|check| json!({ "check": check.name, "good": check.good, "said": check.said }))
            .collect();
        output::json(&list);
    } else {
        for check in &checks {
            output::data(&format!(
                "{:<4} {:<16} {}",
                if check.good { "ok" } else { "LOOK" },
                check.name,
                check.said
            ));
        }
    }
    let bad = checks
        .iter()
        .any(|check| !check.good && !OPTIONAL.contains(&check.name));
    if bad { nirnay_pipeline::exit::IO } else { 0 }
}

fn ledger() -> Check {
    let dir = std::env::temp_dir().join(format!("nirnay-doctor-{}", std::process::id()));
    let opened = Lake::open(&dir, OpenMode::ReadWrite).map(drop);
    // Only this process knows the folder; a leftover is harmless.
    drop(std::fs::remove_dir_all(&dir));
    Check {
        name: "ledger",
        good: opened.is_ok(),
        said: match opened {
            Ok(()) => "a new lake can be made and locked".to_owned(),
            Err(error) => error.to_string(),
        },
    }
}

fn worker() -> Check {
    let program = std::env::current_exe().unwrap_or_default();
    let mut worker = nirnay_extract::Worker::new(
        program,
        vec!["extract-worker".to_owned()],
        nirnay_extract::Limits::default(),
    );
    // Not a PDF: a working child says so, a missing one cannot.
    let said = worker.extract(b"not a pdf");
    let good = matches!(&said, Err(failure) if failure.reason() != "worker");
    Check {
        name: "text extraction",
        good,
        said: if good {
            "the child process answers".to_owned()
        } else {
            format!("{said:?}")
        },
    }
}

/// The program that reads pages without text, wanted only with `--ocr` and `[ocr]`.
fn recogniser() -> Check {
    let found = Tesseract::find(&TesseractSettings::default());
    Check {
        name: "ocr",
        good: found.is_ok(),
        said: match found {
            Ok(program) => format!("{} reads {}", program.name(), program.packs().join(", ")),
            Err(error) => error.to_string(),
        },
    }
}

fn lake(global: &Global) -> Check {
    let dir = super::lake_dir(global);
    if !dir.join("ledger.sqlite").exists() {
        return Check {
            name: "lake",
            good: true,
            said: format!("none in {} yet", dir.display()),
        };
    }
    let verified =
        Lake::open(&dir, OpenMode::ReadOnly).and_then(|lake| lake.verify(VerifyLevel::Quick));
    match verified {
        Ok(findings) if findings.is_empty() => Check {
            name: "lake",
            good: true,
            said: format!("{} is sound", dir.display()),
        },
        Ok(findings) => Check {
            name: "lake",
            good: false,
            said: format!("{} findings; see `nirnay fsck`", findings.len()),
        },
        Err(error) => Check {
            name: "lake",
            good: false,
            said: error.to_string(),
        },
    }
}

fn contact() -> Check {
    let contact = std::env::var("NIRNAY_CONTACT")
        .ok()
        .filter(|contact| !contact.is_empty());
    Check {
        name: "contact",
        good: contact.is_some(),
        said: contact.map_or_else(
            || "NIRNAY_CONTACT is not set: portals must be told whom to write to (mailto:you@example.org)".to_owned(),
            |contact| format!("portals are told {contact}"),
        ),
    }
}

/// The embedded model, read with what a crawl would read it with.
fn captcha_model() -> Check {
    let loaded = adapters::onnx(None, None);
    Check {
        name: "captcha model",
        good: loaded.is_ok(),
        said: match loaded {
            Ok(solver) => format!(
                "{}, {}, embedded",
                solver.model(),
                size(EMBEDDED_MODEL.len() as u64)
            ),
            Err(error) => error.to_string(),
        },
    }
}

fn runtime() -> Check {
    Check {
        name: "onnx runtime",
        good: true,
        said: match Runtime::choose(None) {
            Runtime::Embedded => {
                "embedded; ORT_DYLIB_PATH or captcha.runtime names a native one".to_owned()
            }
            Runtime::Native(path) => format!("native, ORT_DYLIB_PATH is {}", path.display()),
        },
    }
}
