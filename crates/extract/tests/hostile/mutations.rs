//! Files of ours, and small ones that are at hand, damaged in thousands of ways.
//!
//! `NIRNAY_PDF_MUTATIONS` says how many (500), `NIRNAY_PDF_SEED` the seed, `NIRNAY_PDF_FIRST` the
//! number of the first: a single damaged file can be had again.

use std::time::Duration;

use nirnay_extract::Limits;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::mutator::damage;
use crate::pdf::{self, deflate, stream, with_contents};
use crate::{Ordeal, setting, shared_files};

/// Files at hand that are larger cost more time than they show.
const SMALL: u64 = 48 << 10;
/// One in so many is drawn too.
const DRAWN: u64 = 20;

#[test]
fn damaged_files() {
    let count = setting("NIRNAY_PDF_MUTATIONS", 500);
    let seed = setting("NIRNAY_PDF_SEED", 20_261_129);
    let first = setting("NIRNAY_PDF_FIRST", 0);
    let mut ordeal = Ordeal::new(Limits {
        cpu_seconds: 5,
        wall: Duration::from_secs(20),
        ..Limits::default()
    });
    let files = sources();
    eprintln!(
        "{count} damages of {} files; again: NIRNAY_PDF_MUTATIONS={count} NIRNAY_PDF_SEED={seed} \
         NIRNAY_PDF_FIRST={first} cargo test --release -p nirnay-extract --test hostile damaged_files -- --nocapture",
        files.len()
    );
    for number in first..first + count {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        let pick = |random: &mut ChaCha8Rng| random.random_range(0..files.len());
        let (file, other) = (pick(&mut random), pick(&mut random));
        let bytes = damage(&files[file], &files[other], &mut random);
        let name =
            format!("NIRNAY_PDF_MUTATIONS=1 NIRNAY_PDF_SEED={seed} NIRNAY_PDF_FIRST={number}");
        let reason = ordeal.text(&name, &bytes);
        if matches!(reason, "crashed" | "timed_out" | "out_of_memory") {
            eprintln!("{reason}: {name}");
        }
        if number % DRAWN == 0 {
            let reason = ordeal.picture(&name, &bytes, 50);
            if matches!(reason, "crashed" | "timed_out" | "out_of_memory") {
                eprintln!("drawn, {reason}: {name}");
            }
        }
        if number % 1000 == 0 {
            ordeal.still_reads(&name);
        }
    }
    ordeal.still_reads("all of them");
    ordeal.report("damaged files");
}

#[test]
fn a_damage_can_be_had_again() {
    let files = ours();
    let damaged = |stream| {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        random.set_stream(stream);
        damage(&files[0], &files[1], &mut random)
    };
    assert_eq!(damaged(3), damaged(3));
    let kinds: std::collections::BTreeSet<_> = (0..50).map(damaged).collect();
    assert!(kinds.len() > 40, "{}", kinds.len());
}

fn sources() -> Vec<Vec<u8>> {
    let mut files = ours();
    for folder in ["pdf", "pdf-hostile"] {
        for path in shared_files(folder) {
            if path.metadata().is_ok_and(|about| about.len() <= SMALL) {
                files.push(std::fs::read(path).unwrap());
            }
        }
    }
    files
}

/// Files with one or more of everything that text extraction looks at.
fn ours() -> Vec<Vec<u8>> {
    let page = "IN THE HIGH COURT\nW.P.(C) 1065 of 2021\nThe petition is dismissed.";
    let packed = |content: &str| stream("/Filter /FlateDecode", &deflate(content.as_bytes()));
    vec![
        pdf::with_pages(&[page, "", page]),
        with_contents(
            &[packed(
                "BT /F1 12 Tf 72 720 Td [(A) -250 (B) 9 (C)] TJ T* (D) ' 1 2 (E) \" ET",
            )],
            &[],
        ),
        pdf::laughs(3),
        pdf::ouroboros(),
        composite(),
        type3(),
        picture(),
        signed(),
    ]
}

/// A font of two-byte codes with widths and a table of Unicode values.
fn composite() -> Vec<u8> {
    let map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def \
        1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfrange <0001> <0020> <0915> \
        <0021> <0023> [<0041> <0042> <00430044>] endbfrange 1 beginbfchar <0030> <d835dc00> endbfchar \
        endcmap end end";
    pdf::with_objects(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] /Rotate 90 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents [4 0 R 4 0 R] /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
        stream("", b"q 1 0 0 1 72 72 cm BT /F1 12 Tf 3 Tr <000100020021> Tj 0 -14 Td <00300023> Tj ET Q"),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Mangal /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>".to_vec(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Mangal /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [1 [500 600] 33 40 700] >>".to_vec(),
        stream("/Filter /FlateDecode", &deflate(map.as_bytes())),
    ])
}

/// A font whose glyphs are drawings.
fn type3() -> Vec<u8> {
    pdf::with_objects(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
        stream("", b"BT /F1 12 Tf 72 72 Td (ab ba) Tj ET"),
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 97 /LastChar 98 /Widths [9 9] /Encoding << /Differences [97 /a /b] >> /CharProcs << /a 6 0 R /b 7 0 R >> /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
        stream("", b"9 0 0 0 9 9 d1 0 0 9 9 re f"),
        stream("", b"9 0 d0 BT /F1 1 Tf (a) Tj ET"),
    ])
}

/// A scan with an invisible text over it.
fn picture() -> Vec<u8> {
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 16 /Height 16 /ColorSpace [/Indexed /DeviceRGB 1 <000000ffffff>] /BitsPerComponent 1 /Filter /FlateDecode /Interpolate true /SMask 4 0 R",
        &deflate(&[0xa5; 32]),
    );
    with_contents(
        &[stream(
            "",
            b"q 612 0 0 792 0 0 cm /X Do Q BT /F1 12 Tf 3 Tr 72 72 Td (Seen by nobody) Tj ET BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI",
        )],
        &[image],
    )
}

/// An object stream, a signature field and a cross-reference stream.
fn signed() -> Vec<u8> {
    let inner = "10 0 11 60 << /FT /Sig /Subtype /Widget /Rect [9 9 99 99] /V 11 0 R /P 5 0 R >>      << /Type /Sig /Name (A. Judge) /M (D:20240102030405+05'30') >>";
    with_contents(
        &[stream("", b"BT /F1 12 Tf 72 72 Td (Signed) Tj ET")],
        &[stream(
            "/Type /ObjStm /N 2 /First 11 /Filter /FlateDecode",
            &deflate(inner.as_bytes()),
        )],
    )
}
