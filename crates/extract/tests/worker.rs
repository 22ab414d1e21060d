//! The child process for real: what it reads, and what it survives.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[allow(dead_code, reason = "each test program uses a part of the generators")]
mod pdf;

use std::path::{Path, PathBuf};
use std::time::Duration;

use nirnay_extract::{EngineChoice, ExtractFailure, Extraction, Limits, Worker};

fn worker_with(limits: Limits) -> Worker {
    Worker::new(
        PathBuf::from(env!("CARGO_BIN_EXE_nirnay-extract-worker")),
        Vec::new(),
        limits,
    )
}

fn worker() -> Worker {
    worker_with(Limits::default())
}

/// `program` in place of the worker.
fn imposter(program: &str, args: &[&str], wall: Duration) -> Worker {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    Worker::new(
        PathBuf::from(program),
        args,
        Limits {
            wall,
            ..Limits::default()
        },
    )
}

fn texts(extraction: &Extraction) -> Vec<&str> {
    extraction
        .pages
        .iter()
        .map(|page| page.text.as_str())
        .collect()
}

fn reason(result: Result<Extraction, ExtractFailure>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(failure) => failure.reason(),
    }
}

#[test]
fn pages_come_back_in_order_and_numbered() {
    let mut worker = worker();
    let found = worker
        .extract(&pdf::with_pages(&[
            "First page",
            "",
            "Third page\nof three",
        ]))
        .unwrap();
    assert_eq!(texts(&found), ["First page", "", "Third page\nof three"]);
    assert_eq!(
        found.pages.iter().map(|page| page.page).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(found.engine.starts_with("hayro"));
    let again = worker
        .extract(&pdf::compressed("BT /F1 12 Tf 72 72 Td (Packed) Tj ET"))
        .unwrap();
    assert_eq!(texts(&again), ["Packed"]);
}

#[test]
fn a_pdf_behind_junk_is_read() {
    let mut worker = worker();
    for junk in [
        "\u{feff}",
        "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
    ] {
        let mut bytes = junk.as_bytes().to_vec();
        bytes.extend(pdf::with_pages(&["Behind junk"]));
        assert_eq!(
            texts(&worker.extract(&bytes).unwrap()),
            ["Behind junk"],
            "{junk:?}"
        );
    }
}

#[test]
fn what_is_no_pdf_is_unreadable_and_the_child_goes_on() {
    let mut worker = worker();
    let whole = pdf::with_pages(&["Text"]);
    let cut = whole.get(..whole.len() / 5).unwrap();
    for bytes in [
        b"".as_slice(),
        b"<html>File Not Found</html>",
        b"%PDF-1.4\n",
        &[0xff; 5000],
        cut,
    ] {
        assert_eq!(
            reason(worker.extract(bytes)),
            "unreadable",
            "{:?}",
            bytes.get(..20)
        );
    }
    assert_eq!(texts(&worker.extract(&whole).unwrap()), ["Text"]);
}

#[test]
fn limits_on_input_pages_and_text() {
    let bytes = pdf::with_pages(&["One", "Two", "Three"]);
    let with = |change: &dyn Fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        worker_with(limits).extract(&bytes)
    };
    assert_eq!(
        reason(with(
            &|limits| limits.max_input_bytes = bytes.len() as u64 - 1
        )),
        "too_large"
    );
    assert_eq!(
        with(&|limits| limits.max_pages = 2),
        Err(ExtractFailure::TooManyPages { pages: 3, limit: 2 })
    );
    assert_eq!(
        reason(with(&|limits| limits.max_output_bytes = 8)),
        "too_much_text"
    );
    assert_eq!(reason(with(&|limits| limits.max_pages = 3)), "ok");
}

#[test]
fn a_memory_hog_dies_alone() {
    let mut worker = worker_with(Limits {
        memory_bytes: 256 << 20,
        ..Limits::default()
    });
    assert_eq!(
        worker.extract(&pdf::bomb(400)),
        Err(ExtractFailure::OutOfMemory)
    );
    let good = pdf::with_pages(&["Still here"]);
    assert_eq!(texts(&worker.extract(&good).unwrap()), ["Still here"]);
    // In a child that has already worked it is the same.
    assert_eq!(
        worker.extract(&pdf::bomb(400)),
        Err(ExtractFailure::OutOfMemory)
    );
    assert_eq!(texts(&worker.extract(&good).unwrap()), ["Still here"]);
}

#[test]
fn an_endless_document_is_ended_by_its_cpu_limit() {
    let mut worker = worker_with(Limits {
        cpu_seconds: 1,
        max_output_bytes: 1 << 40,
        ..Limits::default()
    });
    assert_eq!(
        worker.extract(&pdf::long_work()),
        Err(ExtractFailure::TimedOut)
    );
    assert_eq!(
        texts(&worker.extract(&pdf::with_pages(&["Next"])).unwrap()),
        ["Next"]
    );
}

#[test]
fn an_endless_document_is_ended_by_its_wall_limit() {
    let mut worker = worker_with(Limits {
        wall: Duration::from_millis(400),
        max_output_bytes: 1 << 40,
        ..Limits::default()
    });
    assert_eq!(
        worker.extract(&pdf::long_work()),
        Err(ExtractFailure::TimedOut)
    );
}

#[test]
fn endless_recursion_is_cut_short() {
    let mut worker = worker();
    assert_eq!(texts(&worker.extract(&pdf::ouroboros()).unwrap()), [""]);
    assert_eq!(
        texts(&worker.extract(&pdf::with_pages(&["Next"])).unwrap()),
        ["Next"]
    );
}

/// `pdf-extract` follows a form into itself until the stack ends, which no `catch_unwind` survives.
#[test]
fn an_engine_that_follows_a_form_into_itself_costs_that_file_alone() {
    let mut worker = worker().with_engine(EngineChoice::PdfExtract);
    for _ in 0..2 {
        let failure = worker.extract(&pdf::ouroboros()).unwrap_err();
        assert!(
            matches!(failure, ExtractFailure::Crashed { .. }),
            "{failure}"
        );
        assert!(failure.is_about_the_document(), "{failure}");
        let good = pdf::with_pages(&["Still here"]);
        assert_eq!(texts(&worker.extract(&good).unwrap()), ["Still here"]);
    }
}

#[test]
fn a_program_that_is_no_worker_is_not_the_documents_fault() {
    let bytes = pdf::with_pages(&["Text"]);
    let wall = Duration::from_secs(20);
    for mut worker in [
        imposter("/nonexistent/worker", &[], wall),
        imposter("/bin/true", &[], wall),
        imposter("/bin/false", &[], wall),
        imposter("/bin/cat", &[], wall),
        imposter("/bin/sh", &["-c", "while :; do echo no worker; done"], wall),
        imposter(
            "/bin/sh",
            &["-c", "while :; do echo no worker >&2; done"],
            Duration::from_millis(300),
        ),
        imposter(
            "/bin/sh",
            &["-c", "exec sleep 1000"],
            Duration::from_millis(100),
        ),
    ] {
        let failure = worker.extract(&bytes).unwrap_err();
        assert!(!failure.is_about_the_document(), "{worker:?}: {failure}");
    }
}

#[test]
fn no_child_is_left_behind() {
    let mut worker = worker();
    worker.extract(&pdf::with_pages(&["Text"])).unwrap();
    worker.extract(&pdf::bomb(900)).unwrap_err();
    worker.extract(&pdf::with_pages(&["Text"])).unwrap();
    let pid = child_of(&worker);
    assert!(Path::new(&format!("/proc/{pid}")).exists());
    drop(worker);
    assert!(
        !Path::new(&format!("/proc/{pid}")).exists(),
        "{pid} still exists"
    );
}

fn child_of(worker: &Worker) -> u32 {
    worker.child_id().unwrap()
}

#[test]
fn the_environment_does_not_reach_the_child() {
    let mut worker = worker();
    worker.extract(&pdf::with_pages(&["Text"])).unwrap();
    let environment = std::fs::read(format!("/proc/{}/environ", child_of(&worker))).unwrap();
    let environment = String::from_utf8_lossy(&environment);
    assert!(!environment.contains("PATH="), "{environment}");
}
