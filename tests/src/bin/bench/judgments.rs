//! Judgments from stored documents to text, structure and citations in a lake, by the command, workers
//! included.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use crate::counts::parquet_under;
use crate::portals::{Portals, nirnay};

/// Judgments in the public High Court and Supreme Court data sets together.
const ALL: f64 = 17_800_000.0;

/// Processors that are projected for.
const PROCESSORS: [f64; 3] = [2.0, 16.0, 256.0];

/// What a command of the lake took.
struct Took {
    wall: Duration,
    /// User and system time of the command and its workers, in seconds.
    cpu: f64,
}

/// Extracts and cites `count` documents that the simulator invents and, with a folder of PDFs, `count` that
/// are copies of these, each with bytes of its own.
pub(crate) fn end_to_end(count: u32, pdfs: Option<&Path>) {
    println!(
        "| documents | pages | citations | wall | CPU | documents/s | pages/s | CPU ms a document |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut costs = vec![("invented", measure(count, None))];
    if let Some(pdfs) = pdfs {
        costs.push(("dealt out", measure(count, Some(pdfs))));
    }
    println!("\n{ALL} judgments of the same kind, hours:\n");
    println!("| documents | processors | from the wall time | from the processor time |");
    println!("|---|---|---|---|");
    for (name, (wall, cpu)) in costs {
        for processors in PROCESSORS {
            let hours = |seconds: f64| seconds * ALL / processors / 3_600.0;
            println!(
                "| {name} | {processors} | {:.1} | {:.1} |",
                hours(wall),
                hours(cpu)
            );
        }
    }
    println!(
        "\nBoth suppose that shards of courts and years run side by side and share nothing; the first counts every processor of this machine as used for the whole time, waiting included."
    );
}

/// Prints a row; returns processor seconds a document, as the wall clock and as the kernel counts them.
fn measure(count: u32, pdfs: Option<&Path>) -> (f64, f64) {
    let dir = tempfile::tempdir().expect("a folder");
    let lake = crawled(dir.path(), count, pdfs);
    let extract = run(&lake, &["extract"]);
    let cite = run(&lake, &["citations"]);
    let wall = (extract.wall + cite.wall).as_secs_f64();
    let cpu = extract.cpu + cite.cpu;
    let (documents, pages) = (stored(&lake), rows_under(&lake.join("text")));
    let name = if pdfs.is_some() {
        "dealt out"
    } else {
        "invented"
    };
    println!(
        "| {documents} {name} | {pages} | {} | {wall:.1} s | {cpu:.1} s | {:.1} | {:.0} | {:.2} |",
        rows_under(&lake.join("citations")),
        documents as f64 / wall,
        pages as f64 / wall,
        cpu * 1e3 / documents as f64,
    );
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let each = |seconds: f64| seconds / documents as f64;
    (each(wall * processors as f64), each(cpu))
}

/// A lake with `count` rows of one court and their documents, nothing extracted yet.
fn crawled(dir: &Path, count: u32, pdfs: Option<&Path>) -> PathBuf {
    let docket = dir.join("docket");
    std::fs::create_dir_all(&docket).expect("a folder");
    std::fs::write(docket.join("docket.jsonl"), rows(count)).expect("a docket");
    let docket = docket.to_string_lossy().into_owned();
    let mut args = vec!["sim", "--docket", docket.as_str()];
    let pdfs = pdfs.map(|pdfs| pdfs.to_string_lossy().into_owned());
    if let Some(pdfs) = &pdfs {
        args.extend(["--pdf-dir", pdfs]);
    }
    let portals = Portals::start(&args);
    let pipeline = Portals::pipeline_of(dir, "delhi", true);
    let pipeline = pipeline.to_string_lossy().into_owned();
    let lake = dir.join("lake");
    let mut args = vec!["crawl", pipeline.as_str(), "--no-text"];
    for address in &portals.addresses {
        args.extend(["--portal", address.as_str()]);
    }
    run(&lake, &args);
    lake
}

/// A docket's lines.
fn rows(count: u32) -> String {
    let mut lines = String::new();
    for n in 1..=count {
        let (year, month, day) = (2023 + n % 2, 1 + n / 2 % 12, 1 + n / 24 % 28);
        writeln!(
            lines,
            "{{\"bench\":\"dhcdb\",\"cnr\":\"DLHC01{n:06}{year}\",\"case\":\"W.P.(C)/{n}/{year}\",\"petitioner\":\"A {n}\",\"respondent\":\"B {n}\",\"decided\":\"{year}-{month:02}-{day:02}\"}}"
        )
        .ok();
    }
    lines
}

/// Runs the command over the lake. Documents that cannot be read are no failure here: exit code 2 says so.
fn run(lake: &Path, args: &[&str]) -> Took {
    let (began, before) = (Instant::now(), spent());
    let output = Command::new(nirnay())
        .args(args)
        .arg("--quiet")
        .arg("--lake")
        .arg(lake)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .expect("the command");
    assert!(
        matches!(output.status.code(), Some(0 | 2)),
        "{args:?} ended with {:?}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Took {
        wall: began.elapsed(),
        cpu: spent() - before,
    }
}

/// User and system time of all children that have ended, theirs included.
pub(crate) fn spent() -> f64 {
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).expect("rusage");
    [used.user_time(), used.system_time()]
        .iter()
        .map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6)
        .sum()
}

/// Documents that the lake holds.
fn stored(lake: &Path) -> u64 {
    parquet_under(&lake.join("documents")).0
}

/// Rows of the Parquet files below a folder.
fn rows_under(dir: &Path) -> u64 {
    std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                return rows_under(&path);
            }
            let file = std::fs::File::open(&path).expect("a Parquet file");
            SerializedFileReader::new(file).map_or(0, |reader| {
                reader.metadata().file_metadata().num_rows() as u64
            })
        })
        .sum()
}
