//! Rows in the shape the portals list them. All names, numbers and paths are invented by rule from a
//! seed; none is taken from a portal.

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{
    Capture, CaptureId, CaptureKind, CapturedBody, Disposal, DocumentHandle, Judgment,
    QuarantineReason, QuarantinedRow, Sha256, SourceId,
};
use nirnay_store::{AcceptedRow, Lake, Ledger, OpenMode, PageAcceptance, Run, WindowSpec};

const SYLLABLES: &[&str] = &[
    "a", "bha", "chi", "de", "ela", "fal", "gau", "hem", "ish", "ja", "ka", "lo", "ma", "nan",
    "om", "par", "qa", "ra", "sa", "te", "uj", "va", "ya", "zai", "dha", "kri", "pra", "shu",
    "tri", "vik",
];
const OPPONENTS: &[&str] = &[
    "State of Uttarkhand Pradesh & Ors.",
    "Union of Bharat and Others",
    "Municipal Corporation of Navnagar",
    "The Commissioner of Income Tax, Circle 4",
    "Jan Kalyan Insurance Co. Ltd. & Anr.",
];
const TYPES: &[&str] = &[
    "W.P.(C)",
    "CRL.M.C.",
    "BAIL APPLN.",
    "FAO",
    "CM(M)",
    "RFA",
    "LPA",
    "CRL.A.",
];
const DISPOSALS: &[&str] = &[
    "DISPOSED OFF",
    "Dismissed",
    "ALLOWED",
    "Dismissed as Withdrawn",
    "DISMISSED FOR DEFAULT",
];

/// Digits that look random and are the same everywhere.
pub(crate) fn dice(seed: u64, sides: usize) -> usize {
    let hash = Sha256::of(&seed.to_le_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    (u64::from_le_bytes(bytes) % sides as u64) as usize
}

pub(crate) fn judgment(number: u64) -> Judgment {
    let pick = |list: &[&str], salt: u64| list[dice(number * 31 + salt, list.len())].to_owned();
    let word = |salt: u64| {
        (0..3)
            .map(|part| pick(SYLLABLES, salt * 101 + part))
            .collect::<String>()
    };
    let person = |salt: u64| {
        (0..2 + salt % 2)
            .map(|part| word(salt * 7 + part))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let year = 2024;
    let decided = Date::constant(2024, 1, 1)
        .saturating_add(jiff::Span::new().days(dice(number * 7, 366) as i64));
    let registered = decided.saturating_sub(jiff::Span::new().days(30 + dice(number, 900) as i64));
    let serial = dice(number * 13 + 5, 90_000) as u64 * 10 + number % 10;
    let cnr = format!("DLHC01{serial:06}{}", registered.year());
    let (case_type, case_no) = (pick(TYPES, 3), 1 + dice(number * 17, 18_000));
    let opponent = if number.is_multiple_of(2) {
        pick(OPPONENTS, 12)
    } else {
        format!("{} & Anr.", person(12))
    };
    let (petitioner, respondent) = (person(11).to_uppercase(), opponent.to_uppercase());
    let case_number = format!("{case_type}/{case_no}/{}", registered.year());
    let judge = |salt: u64| {
        format!(
            "HON'BLE MR. JUSTICE {}",
            SYLLABLES[((number + salt) % 30) as usize].to_uppercase()
        )
    };
    let disposal = pick(DISPOSALS, 9);
    assert_eq!(decided.year(), year);
    Judgment {
        cnr: Some(cnr.parse().unwrap()),
        order_no: Some(1 + (number / 90_000) as u32),
        title: format!("{case_number} of {petitioner} Vs {respondent}"),
        petitioner: Some(petitioner),
        respondent: Some(respondent),
        case_number: case_number.parse().ok(),
        case_number_raw: Some(case_number),
        judges: if number.is_multiple_of(3) {
            vec![judge(1), judge(2)]
        } else {
            vec![judge(1)]
        },
        bench_strength: Some(if number.is_multiple_of(3) { 2 } else { 1 }),
        registration_date: Some(registered),
        decision_date: Some(decided),
        decision_date_raw: decided.strftime("%d-%m-%Y").to_string(),
        disposal: Disposal::classify(&disposal),
        disposal_raw: Some(disposal),
        languages: vec!["ENG".to_owned()],
        document_path: Some(format!(
            "court/cnrorders/dhcdb/orders/{cnr}_{}_{decided}.pdf",
            1 + number / 90_000
        )),
        ..Judgment::unprinted(
            SourceId::EcourtsHc,
            ("7_26".parse().unwrap(), "High Court of Delhi".to_owned()),
            "dhcdb".parse().unwrap(),
        )
    }
}

pub(crate) fn row(judgment: Judgment, place: u32, serial: u64) -> AcceptedRow {
    let handle = DocumentHandle {
        path: judgment.document_path.clone().unwrap_or_default(),
        citation_year: String::new(),
        nc_display: String::new(),
        language: String::new(),
    };
    AcceptedRow {
        judgment,
        handle,
        capture_row: place,
        serial,
    }
}

pub(crate) fn quarantined(number: u64) -> QuarantinedRow {
    let html = format!("<td>row {number} without a button</td>");
    let key = Sha256::of(html.as_bytes());
    QuarantinedRow {
        key,
        reason: QuarantineReason::NoDocumentLink,
        detail: "no button".to_owned(),
        html,
    }
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn spec(days: &str) -> WindowSpec {
    WindowSpec {
        source: SourceId::EcourtsHc,
        court: "7_26".parse().unwrap(),
        bench: None,
        window: Some(days.parse().unwrap()),
        parent: None,
    }
}

pub(crate) fn begin(ledger: &Ledger, now: &str) -> Run {
    ledger
        .begin_run("high-courts", Sha256::of(b"config"), time(now))
        .unwrap()
}

/// A page of judgments with serials that go on from `start`.
pub(crate) fn page(
    window: i64,
    run: Run,
    start: u64,
    total: u64,
    numbers: impl IntoIterator<Item = u64>,
) -> PageAcceptance {
    let rows: Vec<AcceptedRow> = numbers
        .into_iter()
        .zip(0..)
        .map(|(n, place)| row(judgment(n), place, start + u64::from(place) + 1))
        .collect();
    let keys: Vec<String> = rows
        .iter()
        .map(|row| row.judgment.key().to_string())
        .collect();
    PageAcceptance {
        window,
        run: run.id,
        run_started: run.started_at,
        epoch: 1,
        start,
        total,
        capture_id: CaptureId::of_parts(
            keys.iter()
                .map(String::as_bytes)
                .chain([start.to_string().as_bytes()]),
        ),
        rows,
        quarantined: Vec::new(),
    }
}

pub(crate) fn capture(id: &CaptureId, body: CapturedBody) -> Capture {
    Capture {
        id: id.clone(),
        kind: if matches!(body, CapturedBody::Inline(_)) {
            CaptureKind::Search
        } else {
            CaptureKind::Document
        },
        source: SourceId::EcourtsHc.into(),
        at: time("2026-11-21T10:00:00Z"),
        epoch: 1,
        method: "POST".to_owned(),
        url: "https://portal.example/pdfsearch/?p=pdf_search/home".to_owned(),
        request_headers: vec![("Cookie".to_owned(), "SESSION=***".to_owned())],
        request_body: b"from_date=01-01-2024&app_token=***".to_vec(),
        status: 200,
        response_headers: vec![(
            "Content-Type".to_owned(),
            "text/html; charset=UTF-8".to_owned(),
        )],
        body,
    }
}

/// Captures the page and takes it.
pub(crate) fn take(lake: &Lake, page: &PageAcceptance) -> nirnay_store::PageCounts {
    let body = format!("page at {} with {} rows", page.start, page.rows.len());
    lake.captures()
        .append(&capture(
            &page.capture_id,
            CapturedBody::Inline(body.into_bytes()),
        ))
        .unwrap();
    lake.accept_page(page).unwrap()
}

pub(crate) fn open(dir: &std::path::Path) -> Lake {
    let lake = Lake::open(dir, OpenMode::ReadWrite).unwrap();
    lake.set_min_free(0);
    lake
}

/// Every published file with its bytes.
pub(crate) fn published(dir: &std::path::Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    let mut folders: Vec<_> = nirnay_store::Layer::ALL
        .iter()
        .map(|layer| dir.join(layer.name()))
        .collect();
    files.insert(
        "manifest".to_owned(),
        std::fs::read(dir.join("manifest.json")).unwrap(),
    );
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "parquet")
            {
                files.insert(
                    path.strip_prefix(dir).unwrap().display().to_string(),
                    std::fs::read(&path).unwrap(),
                );
            }
        }
    }
    files
}
