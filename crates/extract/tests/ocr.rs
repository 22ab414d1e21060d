//! Recognition by a program: a script that stands in for it, and the real one where it is
//! installed.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[allow(dead_code, reason = "each test program uses a part of the generators")]
mod pdf;

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use nirnay_extract::ocr::{
    Languages, OcrFailure, Read, Reader, Recognizer, Seat, Tesseract, TesseractSettings, languages,
};
use nirnay_extract::{DPI, Limits, Picture, Pool, draw_in_process};
use nirnay_model::{PageCondition, PageText};

const HEAD: &str = "level\\tpage_num\\tblock_num\\tpar_num\\tline_num\\tword_num\\tleft\\ttop\\twidth\\theight\\tconf\\ttext\\n";

/// A `tesseract` that says its version and packs and then does `work`.
struct Script {
    folder: tempfile::TempDir,
}

impl Script {
    fn new(work: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tesseract");
        let text = format!(
            "#!/bin/sh\n\
             PATH=/usr/bin:/bin\n\
             case \"$1\" in\n\
             --version) echo 'tesseract 9.9.9'; echo ' leptonica-1'; exit;;\n\
             --list-langs) echo 'List of available languages (2):'; echo hin; echo eng; exit;;\n\
             esac\n\
             {work}\n"
        );
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    fn settings(&self) -> TesseractSettings {
        TesseractSettings {
            program: Some(self.folder.path().join("tesseract")),
            wall: Duration::from_secs(20),
            ..TesseractSettings::default()
        }
    }

    fn find(&self) -> Tesseract {
        // A child that another test starts at this moment may hold the script open for writing still.
        let mut tries = 0;
        loop {
            match Tesseract::find(&self.settings()) {
                Err(OcrFailure::Program { why, .. }) if why.contains("busy") && tries < 100 => {
                    tries += 1;
                    std::thread::sleep(Duration::from_millis(20));
                }
                found => return found.unwrap(),
            }
        }
    }
}

fn picture() -> Picture {
    draw_in_process(pdf::with_pages(&["ORDER"]), 1, DPI, &Limits::default()).unwrap()
}

fn packs(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn english(tesseract: &Tesseract, picture: &Picture) -> Result<Read, OcrFailure> {
    tesseract.read(picture, &packs(&["eng"]), &tesseract.turn())
}

fn pool() -> Pool {
    Pool::new(
        PathBuf::from(env!("CARGO_BIN_EXE_nirnay-extract-worker")),
        Vec::new(),
        Limits::default(),
        2,
    )
}

#[test]
fn the_program_gets_the_picture_and_the_packs() {
    let script = Script::new(&format!(
        "bytes=$(wc -c)\n\
         printf '{HEAD}'\n\
         printf '5\\t1\\t1\\t1\\t1\\t1\\t0\\t0\\t9\\t9\\t90\\t%s\\n' \"$*\" \"$bytes\" \"$OMP_THREAD_LIMIT\" \"${{HOME:-nowhere}}\""
    ));
    let tesseract = script.find();
    assert_eq!(tesseract.name(), "tesseract 9.9.9");
    assert_eq!(tesseract.packs(), ["eng", "hin"]);
    let picture = picture();
    let read = tesseract
        .read(&picture, &packs(&["hin", "eng"]), &tesseract.turn())
        .unwrap();
    assert_eq!(
        read.text,
        format!(
            "stdin stdout --dpi 200 -l hin+eng tsv {} 1 nowhere",
            picture.png.len()
        )
    );
    assert_eq!(read.words, 4);
    assert!((read.confidence - 0.9).abs() < 1e-6);
}

#[test]
fn what_the_program_does_wrong_has_a_name() {
    let picture = picture();
    for (work, reason) in [
        ("exit 1", "ocr_crashed"),
        ("kill -SEGV $$", "ocr_crashed"),
        ("echo no table", "ocr_program"),
        ("printf '\\377'", "ocr_program"),
        (
            "echo 'terminate called: std::bad_alloc' >&2; exit 134",
            "ocr_out_of_memory",
        ),
        (
            "while :; do echo 12345678901234567890123456789012345678901234567890; done",
            "ocr_crashed",
        ),
    ] {
        let script = Script::new(work);
        let tesseract = script.find();
        let failure = english(&tesseract, &picture).unwrap_err();
        assert_eq!(failure.reason(), reason, "{work}: {failure}");
    }
    let script = Script::new("echo 'Error in pixRead' >&2; exit 1");
    let said = english(&script.find(), &picture).unwrap_err();
    assert!(said.to_string().contains("Error in pixRead"), "{said}");
}

#[test]
fn its_time_ends_it_and_all_that_it_started() {
    let script = Script::new("sleep 987.25 & touch \"$(dirname \"$0\")/pid-$!\"; wait");
    let tesseract = Tesseract::find(&TesseractSettings {
        wall: Duration::from_millis(700),
        ..script.settings()
    })
    .unwrap();
    let start = Instant::now();
    assert_eq!(english(&tesseract, &picture()), Err(OcrFailure::TimedOut));
    assert!(start.elapsed() < Duration::from_secs(5));
    let names = std::fs::read_dir(script.folder.path()).unwrap();
    let pid = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .find_map(|name| name.strip_prefix("pid-").map(str::to_owned))
        .unwrap();
    let gone = || {
        let about = std::fs::read_to_string(format!("/proc/{pid}/cmdline"));
        !about.is_ok_and(|command| command.contains("987.25"))
    };
    // Killed at once; whoever inherits it takes a moment to reap it.
    let deadline = Instant::now() + Duration::from_secs(5);
    while !gone() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(gone(), "{pid} still runs");
}

#[test]
fn its_processor_time_ends_it() {
    let script = Script::new("while :; do :; done");
    let tesseract = Tesseract::find(&TesseractSettings {
        cpu_seconds: 1,
        ..script.settings()
    })
    .unwrap();
    assert_eq!(english(&tesseract, &picture()), Err(OcrFailure::TimedOut));
}

#[test]
fn no_more_run_at_a_time_than_were_asked_for() {
    let script = Script::new(&format!(
        "cd \"$(dirname \"$0\")\"; mkdir busy || touch together; sleep 0.2; rmdir busy; printf '{HEAD}'"
    ));
    let tesseract = Tesseract::find(&TesseractSettings {
        at_once: 1,
        ..script.settings()
    })
    .unwrap();
    let picture = picture();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| english(&tesseract, &picture).unwrap());
        }
    });
    assert!(!script.folder.path().join("together").exists());
}

#[test]
fn what_is_not_installed_is_said() {
    let missing = |settings| Tesseract::find(&settings).unwrap_err();
    let failure = missing(TesseractSettings {
        program: Some(PathBuf::from("/nonexistent/tesseract")),
        ..TesseractSettings::default()
    });
    assert_eq!(failure.reason(), "ocr_not_installed");
    assert!(failure.to_string().contains("tesseract-ocr-hin"));
    let failure = missing(TesseractSettings {
        program: Some(PathBuf::from("/bin/true")),
        ..TesseractSettings::default()
    });
    assert_eq!(failure.reason(), "ocr_program");

    let script = Script::new("exit 1");
    let tesseract = script.find();
    let pool = pool();
    let tamil = Languages {
        first: packs(&["tam", "eng"]),
        otherwise: None,
        is_guess: false,
    };
    let failure = Reader::new(&pool, &tesseract)
        .read(&pdf::with_pages(&["x"]), 1, &tamil)
        .unwrap_err();
    assert_eq!(
        failure,
        OcrFailure::MissingPacks {
            packs: packs(&["tam"])
        }
    );
}

#[test]
fn a_page_that_cannot_be_drawn_is_not_read() {
    let script = Script::new(&format!("printf '{HEAD}'"));
    let tesseract = script.find();
    let pool = pool();
    let reader = Reader::new(&pool, &tesseract);
    let english = Languages {
        first: packs(&["eng"]),
        otherwise: None,
        is_guess: false,
    };
    let page = |pdf: &[u8], page| reader.read(pdf, page, &english);
    let two = pdf::with_pages(&["One", "Two"]);
    assert_eq!(page(&two, 3).unwrap_err().reason(), "unreadable");
    assert_eq!(page(&two, 0).unwrap_err().reason(), "unreadable");
    assert_eq!(page(b"no pdf", 1).unwrap_err().reason(), "unreadable");
    let second = page(&two, 2).unwrap();
    assert_eq!((second.page, second.words), (2, 0));
}

#[test]
fn a_drawn_page_is_read_by_tesseract() {
    let tesseract = match Tesseract::find(&TesseractSettings::default()) {
        Ok(tesseract) => tesseract,
        Err(failure) => {
            eprintln!("{failure}: the real program is not tried");
            return;
        }
    };
    let pdf = pdf::with_pages(&[
        "IN THE HIGH COURT OF DELHI AT NEW DELHI\nThe petition is dismissed as withdrawn.",
    ]);
    let scan = PageText {
        page: 1,
        condition: PageCondition::Scanned,
        ..PageText::default()
    };
    let pool = pool();
    let reader = Reader::new(&pool, &tesseract);
    let plan = languages(&scan, &Seat::Supreme);
    let read = reader.read(&pdf, 1, &plan).unwrap();
    assert_eq!(
        read.text.split_whitespace().collect::<Vec<_>>().join(" "),
        "IN THE HIGH COURT OF DELHI AT NEW DELHI The petition is dismissed as withdrawn."
    );
    assert!(read.confidence > 0.8, "{}", read.confidence);
    assert_eq!(
        (read.page, read.languages.as_slice()),
        (1, packs(&["eng"]).as_slice())
    );
    assert!(read.engine.starts_with("tesseract "));
    assert_eq!(reader.read(&pdf, 1, &plan).unwrap(), read);
}
