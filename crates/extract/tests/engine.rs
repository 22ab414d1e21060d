//! What the first engine reads from PDFs that are made here: operators, fonts, damage, layout,
//! furniture, signatures.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "pdf/crypt.rs"]
mod crypt;
#[allow(dead_code, reason = "each test program uses a part of the generators")]
mod pdf;

use std::fmt::Write as _;

use nirnay_extract::{EngineChoice, ExtractFailure, Extraction, Limits, extract_with};
use nirnay_model::{ExtractMethod, PageCondition};
use pdf::{stream, with_contents, with_objects};

const PROSE: [&str; 4] = [
    "The appeal is allowed in part and the order",
    "of the High Court is set aside. The matter is",
    "remanded for a fresh hearing on the question",
    "of limitation, which was not gone into at all.",
];

fn read(pdf: &[u8]) -> Extraction {
    let found = extract_with(EngineChoice::Auto, pdf, &Limits::default()).unwrap();
    assert_eq!(found.engine, "hayro 0.9");
    found
}

fn text_of(content: &str) -> String {
    let found = read(&with_contents(&[stream("", content.as_bytes())], &[]));
    found.pages[0].text.clone()
}

fn failure(pdf: &[u8]) -> ExtractFailure {
    extract_with(EngineChoice::Auto, pdf, &Limits::default()).unwrap_err()
}

/// Text at a place, in 12 points.
fn at(x: f32, y: f32, text: &str) -> String {
    format!("BT /F1 12 Tf {x} {y} Td ({text}) Tj ET\n")
}

#[test]
fn every_operator_that_shows_text() {
    let text = text_of(
        "BT /F1 12 Tf 14 TL 72 720 Td (one) Tj (two) ' 3 1 (three four) \" \
         0 Tc 0 Tw T* [(fi) -20 (ve) -600 (six)] TJ 0 -14 TD (seven) Tj ET",
    );
    assert_eq!(text, "one\ntwo\nthree four\nfive six\nseven");
}

#[test]
fn comments_in_content_are_passed_over() {
    let text = text_of("% SCANNER_TEXT_ON (no)\nBT /F1 12 Tf 72 720 Td (kept) Tj ET % end");
    assert_eq!(text, "kept");
}

#[test]
fn a_stamp_with_a_font_of_the_same_name_leaves_the_page_its_own() {
    // The stamp's F1 calls the code of `a` a `z`.
    let font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding \
                 /BaseEncoding /WinAnsiEncoding /Differences [97 /z] >> >>";
    let stamp = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 612 792] \
         /Resources << /Font << /F1 5 0 R >> >>",
        at(72.0, 760.0, "aa 2024 INSC 7").as_bytes(),
    );
    let content = format!(
        "{}/X Do\n{}",
        at(72.0, 740.0, "a bad day"),
        at(72.0, 700.0, "again")
    );
    let found = read(&with_contents(
        &[stream("", content.as_bytes())],
        &[stamp, font.to_vec()],
    ));
    let text = &found.pages[0].text;
    assert!(
        text.contains("a bad day") && text.contains("again"),
        "{text}"
    );
    assert!(text.contains("zz 2024 INSC 7"), "{text}");
}

#[test]
fn what_servers_put_before_the_header() {
    let pdf = pdf::with_pages(&["Dismissed as withdrawn."]);
    for prefix in [
        b"\xef\xbb\xbf".as_slice(),
        b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
    ] {
        let found = read(&[prefix, &pdf].concat());
        assert_eq!(found.pages[0].text, "Dismissed as withdrawn.");
        assert!(!found.truncated);
    }
}

#[test]
fn bodies_that_are_no_pdf() {
    for (body, what) in [
        (b"".as_slice(), "empty"),
        (
            b"<!DOCTYPE html><html><body>Enter captcha</body></html>",
            "HTML",
        ),
        (b"{\"message\": \"File Not Found\"}", "JSON"),
        (b"%PDF-1.4\nnothing else", "header"),
    ] {
        let found = failure(body);
        assert_eq!(found.reason(), "unreadable");
        assert!(found.to_string().contains(what), "{found}");
    }
}

#[test]
fn a_truncated_file_gives_its_complete_pages() {
    let texts: Vec<String> = (1..=20)
        .map(|page| format!("Paragraph {page} of the judgment\nstands on a page of its own."))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let pdf = pdf::with_pages(&texts);
    let mut last = 0;
    for tenth in 1..10 {
        let cut = &pdf[..pdf.len() * tenth / 10];
        let Ok(found) = extract_with(EngineChoice::Auto, cut, &Limits::default()) else {
            assert!(tenth <= 2, "nothing of {tenth} tenths");
            continue;
        };
        assert!(found.truncated, "{tenth} tenths");
        let pages = found
            .pages
            .iter()
            // Lines that are the same on every page are taken for furniture.
            .filter(|page| {
                page.text.contains("of its own.") || page.furniture.contains("of its own.")
            })
            .count();
        assert!(
            pages >= last,
            "{tenth} tenths give {pages} pages, fewer than {last}"
        );
        last = pages;
    }
    assert!(last >= 15, "{last}");
    assert!(!read(&pdf).truncated);
}

fn encrypted(password: &[u8]) -> Vec<u8> {
    let (key, dictionary) = crypt::document_key(password);
    let content = crypt::encrypt(
        &key,
        5,
        at(72.0, 700.0, "Sealed and opened again").as_bytes(),
    );
    let pdf = with_objects(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R \
          /Resources << /Font << /F1 3 0 R >> >> >>"
            .to_vec(),
        stream("", &content),
    ]);
    let id = crypt::hex(crypt::ID);
    let trailer = format!("/Root 1 0 R /ID [<{id}> <{id}>] /Encrypt {dictionary}");
    let text = [b"/Root 1 0 R".as_slice(), trailer.as_bytes()];
    replaced_last(&pdf, text[0], text[1])
}

fn replaced_last(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let start = bytes
        .windows(from.len())
        .rposition(|window| window == from)
        .unwrap();
    [&bytes[..start], to, &bytes[start + from.len()..]].concat()
}

#[test]
fn the_empty_password_opens_and_a_real_one_is_named() {
    assert_eq!(
        read(&encrypted(b"")).pages[0].text,
        "Sealed and opened again"
    );
    assert_eq!(failure(&encrypted(b"secret")), ExtractFailure::Encrypted);
}

#[test]
fn fake_bold_is_read_once() {
    let whole =
        at(72.0, 700.0, "JUDGMENT") + &at(72.4, 700.2, "JUDGMENT") + &at(72.0, 680.0, "Heard.");
    assert_eq!(text_of(&whole), "JUDGMENT\nHeard.");
    // Glyph after glyph, each drawn twice; doubled letters of the word stay.
    let mut each = String::from("BT /F1 12 Tf\n");
    for (x, letter) in [(72.0, "B"), (80.0, "i"), (82.7, "l"), (85.3, "l")] {
        for shift in [0.0, 0.3] {
            writeln!(each, "1 0 0 1 {} 700 Tm ({letter}) Tj", x + shift).unwrap();
        }
    }
    assert_eq!(text_of(&(each + "ET")), "Bill");
}

#[test]
fn invisible_text_is_a_recognition_layer() {
    let mut content = String::from("BT /F1 12 Tf 3 Tr 72 720 Td 14 TL\n");
    for line in PROSE {
        content.extend(["(", line, ") Tj T*\n"]);
    }
    content += "ET";
    let found = read(&with_contents(&[stream("", content.as_bytes())], &[]));
    assert_eq!(found.pages[0].method, ExtractMethod::OcrLayer);
    assert_eq!(found.pages[0].text, PROSE.join("\n"));
}

#[test]
fn pictures_without_text_need_recognition_and_empty_pages_do_not() {
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray",
        b"\xff",
    );
    let picture = stream("", b"q 612 0 0 792 0 0 cm /X Do Q");
    let found = read(&with_contents(&[picture, stream("", b"")], &[image]));
    let facts: Vec<_> = found
        .pages
        .iter()
        .map(|page| (page.method, page.condition, page.needs_ocr))
        .collect();
    assert_eq!(
        facts,
        [
            (ExtractMethod::None, PageCondition::Scanned, true),
            (ExtractMethod::None, PageCondition::Empty, false)
        ]
    );
}

#[test]
fn rotated_pages_are_read_upright() {
    let content = "BT /F1 12 Tf 0 1 -1 0 100 72 Tm 14 TL (first line) Tj T* (second line) Tj ET";
    let plain = with_contents(&[stream("", content.as_bytes())], &[]);
    assert_eq!(read(&plain).pages[0].text, "first line\nsecond line");
    let rotated = replaced_last(&plain, b"/MediaBox", b"/Rotate 90 /MediaBox");
    assert_eq!(read(&rotated).pages[0].text, "first line\nsecond line");
}

#[test]
fn two_columns_written_across_are_read_one_after_the_other() {
    let mut content = String::new();
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for row in 0..14 {
        let y = 700.0 - 14.0 * row as f32;
        for (x, side, lines) in [(60.0, "left", &mut left), (290.0, "right", &mut right)] {
            let line = format!("row {row:02} of the {side} column of prose");
            content += &at(x, y, &line);
            lines.push(line);
        }
    }
    left.extend(right);
    let read: Vec<String> = text_of(&content).lines().map(str::to_owned).collect();
    let read: Vec<&String> = read.iter().filter(|line| !line.is_empty()).collect();
    assert_eq!(read, left.iter().collect::<Vec<_>>());
}

#[test]
fn rows_of_a_table_stay_rows() {
    let mut content = String::new();
    for row in 0..12 {
        let y = 700.0 - 20.0 * row as f32;
        content +=
            &(at(60.0, y, &row.to_string()) + &at(120.0, y, "Rent") + &at(420.0, y, "5,000"));
    }
    let text = text_of(&content);
    assert!(text.starts_with("0 Rent 5,000\n1 Rent 5,000\n"), "{text}");
}

#[test]
fn raised_ordinals_and_spaced_headings() {
    let ordinal = "BT /F1 12 Tf 72 700 Td (the 2) Tj ET BT /F1 7 Tf 98.9 705 Td (nd) Tj ET \
                   BT /F1 12 Tf 113 700 Td (respondent) Tj ET";
    assert_eq!(text_of(ordinal), "the 2nd respondent");
    let mut heading = String::new();
    for (at_letter, letter) in "JUDGMENT".chars().enumerate() {
        heading += &at(200.0 + 16.0 * at_letter as f32, 700.0, &letter.to_string());
    }
    assert_eq!(text_of(&heading), "JUDGMENT");
    let spaced = at(72.0, 700.0, "S U P R E M E   C O U R T   O F   I N D I A");
    assert_eq!(text_of(&spaced), "SUPREME COURT OF INDIA");
    assert_eq!(
        text_of(&at(72.0, 700.0, "A. B. C. Rao and M K Nambiar")),
        "A. B. C. Rao and M K Nambiar"
    );
}

#[test]
fn heads_and_page_numbers_stand_apart() {
    let contents: Vec<Vec<u8>> = (1..=6_usize)
        .map(|page| {
            let mut content = at(72.0, 760.0, "W.P.\\(C\\) 1065/2021");
            content += &at(300.0, 30.0, &format!("Page {page} of 6"));
            for row in 0..4 {
                let line = PROSE[(row + page) % 4];
                content += &at(
                    72.0,
                    700.0 - 14.0 * row as f32,
                    &format!("{page}{row} {line}"),
                );
            }
            stream("", content.as_bytes())
        })
        .collect();
    let found = read(&with_contents(&contents, &[]));
    for (number, page) in (1..).zip(&found.pages) {
        assert_eq!(
            page.furniture,
            format!("W.P.(C) 1065/2021\nPage {number} of 6")
        );
        assert!(
            page.text.starts_with(&format!("{number}0 ")),
            "{}",
            page.text
        );
        assert_eq!(page.text.lines().count(), 4, "{}", page.text);
    }
}

#[test]
fn signatures_and_notes_are_apart_from_the_text() {
    let appearance = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 200 60] /Resources << /Font << /F1 3 0 R >> >>",
        b"BT /F1 8 Tf 10 TL 4 48 Td (Signature Not Verified) Tj T* (Digitally signed by A KUMAR) Tj \
          T* (Date: 2024.08.29) Tj T* (Reason: Order) Tj ET",
    );
    let widget =
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /Rect [50 50 250 110] /AP << /N 4 0 R >> \
                   /V << /Type /Sig /Name (A. Kumar) /M (D:20240829171233+05'30') >> >>";
    let note = b"<< /Type /Annot /Subtype /Text /Rect [9 9 9 9] /Contents (Check the date) >>";
    let pdf = with_contents(
        &[stream("", at(72.0, 700.0, "Leave granted.").as_bytes())],
        &[appearance, widget.to_vec(), note.to_vec()],
    );
    let pdf = replaced_last(&pdf, b"/MediaBox", b"/Annots [5 0 R 6 0 R] /MediaBox");
    let found = read(&pdf);
    assert_eq!(found.pages[0].text, "Leave granted.");
    let signature = &found.signatures[0];
    assert_eq!(signature.page, Some(1));
    assert_eq!(signature.signer.as_deref(), Some("A. Kumar"));
    assert_eq!(
        signature.signed_at.as_deref(),
        Some("2024-08-29T17:12:33+05:30")
    );
    assert_eq!(signature.reason.as_deref(), Some("Order"));
    assert!(
        signature.text.starts_with("Signature Not Verified\n"),
        "{}",
        signature.text
    );
    let note = &found.annotations[0];
    assert_eq!(
        (note.page, note.kind.as_str(), note.text.as_str()),
        (1, "Text", "Check the date")
    );
}

#[test]
fn glyphs_without_a_value_are_counted() {
    // A composite font without a table of values.
    let font = b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Mangal /Encoding /Identity-H \
                 /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Mangal \
                 /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>";
    let pdf = with_contents(
        &[stream(
            "",
            b"BT /F2 12 Tf 72 700 Td <000100020003> Tj ET BT /F1 12 Tf 72 600 Td (abc) Tj ET",
        )],
        &[font.to_vec()],
    );
    let pdf = replaced_last(&pdf, b"/F1 3 0 R", b"/F1 3 0 R /F2 4 0 R");
    let found = extract_with(EngineChoice::Hayro, &pdf, &Limits::default()).unwrap();
    assert!(
        (found.pages[0].mapped - 0.5).abs() < 0.01,
        "{}",
        found.pages[0].mapped
    );
}

#[test]
fn layers_that_are_off_are_not_read() {
    let pdf = with_objects(&[
        b"<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >> >>"
            .to_vec(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources \
          << /Font << /F1 3 0 R >> /Properties << /L 6 0 R >> >> >>"
            .to_vec(),
        stream(
            "",
            format!("/OC /L BDC {} EMC {}", at(72.0, 700.0, "hidden"), at(72.0, 680.0, "shown"))
                .as_bytes(),
        ),
        b"<< /Type /OCG /Name (Draft) >>".to_vec(),
    ]);
    assert_eq!(read(&pdf).pages[0].text, "shown");
}

fn with_layer(content: &str, form: &str) -> Vec<u8> {
    with_objects(&[
        b"<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >> >>"
            .to_vec(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources \
          << /Font << /F1 3 0 R >> /Properties << /L 6 0 R >> /XObject << /X 7 0 R >> >> >>"
            .to_vec(),
        stream("", content.as_bytes()),
        b"<< /Type /OCG /Name (Draft) >>".to_vec(),
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 612 792]",
            form.as_bytes(),
        ),
    ])
}

#[test]
fn a_form_ends_no_span_of_its_page() {
    let content = format!(
        "/OC /L BDC /X Do {} EMC {}",
        at(72.0, 700.0, "hidden"),
        at(72.0, 680.0, "shown")
    );
    let pdf = with_layer(&content, "EMC EMC /P BMC");
    assert_eq!(read(&pdf).pages[0].text, "shown");
}

#[test]
fn spans_and_states_that_nobody_closes() {
    let content = "/P BMC q ".repeat(70_000)
        + &"/OC /L BDC EMC ".repeat(3)
        + &at(72.0, 680.0, "shown all the same");
    let found = read(&with_layer(&content, ""));
    assert_eq!(found.pages[0].text, "shown all the same");
    assert!(found.truncated);
}

#[test]
fn a_page_beyond_the_limits_says_that_it_was_cut() {
    let line = "a".repeat(100);
    let mut content = String::from("BT /F1 1 Tf\n");
    for row in 0..2_100 {
        let y = 10.0 + 0.35 * f32::from(u16::try_from(row).unwrap());
        writeln!(content, "1 0 0 1 72 {y} Tm ({line}) Tj").unwrap();
    }
    for pdf in [pdf::compressed(&(content + "ET")), pdf::laughs(20)] {
        let found = extract_with(EngineChoice::Hayro, &pdf, &Limits::default()).unwrap();
        assert!(found.truncated);
    }
}

#[test]
fn a_line_over_the_edge_is_read_as_far_as_it_is_seen() {
    // Helvetica's small letters are about half an em wide: the page ends in the third word.
    let text = text_of(&at(560.0, 700.0, "The petitioners left"));
    assert!(
        "The petitioners".starts_with(&text) && text.len() >= 8,
        "{text}"
    );
    assert_eq!(text_of(&at(700.0, 700.0, "Off the page")), "");
}

#[test]
fn spans_that_say_what_they_show() {
    let text = text_of(
        "BT /F1 12 Tf 72 700 Td (one ) Tj /Span << /ActualText (two) >> BDC (t00) Tj EMC ( three) Tj ET",
    );
    assert_eq!(text, "one two three");
}

/// As browsers print a letter and the sign under it: the sign is narrow, set back, and the last of its span.
#[test]
fn a_span_is_as_wide_as_its_widest_glyph() {
    let text = text_of(
        "BT /F1 12 Tf 72 700 Td /Span << /ActualText (wo) >> BDC (W) Tj /F1 1 Tf 4 0 Td (i) Tj EMC \
         /F1 12 Tf 7.3 0 Td (rd) Tj ET",
    );
    assert_eq!(text, "word");
}

#[test]
fn every_engine_can_be_chosen() {
    let pdf = pdf::with_pages(&["The petition is dismissed."]);
    for (choice, name) in [
        (EngineChoice::Hayro, "hayro"),
        (EngineChoice::PdfOxide, "pdf_oxide"),
        (EngineChoice::PdfExtract, "pdf-extract"),
    ] {
        let found = extract_with(choice, &pdf, &Limits::default()).unwrap();
        assert!(found.engine.starts_with(name), "{}", found.engine);
        assert_eq!(found.pages[0].text, "The petition is dismissed.");
    }
}

#[test]
fn bombs_end_within_their_budget() {
    for pdf in [pdf::laughs(20), pdf::ouroboros()] {
        let found = extract_with(EngineChoice::Hayro, &pdf, &Limits::default()).unwrap();
        assert_eq!(found.pages.len(), 1);
    }
}

#[test]
fn the_same_bytes_give_the_same_reading() {
    let pdf = pdf::with_pages(&PROSE);
    assert_eq!(read(&pdf), read(&pdf));
}
