//! The columns of `cases/`, `hearings/`, `orders/` and `cause_lists/`.

use arrow_schema::DataType;

use super::{CAPTURE, Column, DIGEST, column, strings, utc};

/// What every row about a case begins with.
fn head() -> Vec<Column> {
    use DataType::Utf8;
    vec![
        column(
            "portal",
            Utf8,
            false,
            "Portal that showed it: hc-services, district-courts, calcutta-hc, sci.",
        ),
        column(
            "court_code",
            Utf8,
            false,
            "High Court as in judgments; else the first four letters of the CNR; sci; the portal's name where nothing tells. Equals the court= partition.",
        ),
        column(
            "bench_code",
            Utf8,
            false,
            "Establishment: characters 5-6 of the CNR, 0 where none is printed. Equals the bench= partition.",
        ),
        column(
            "cnr",
            Utf8,
            true,
            "Case Number Record, 16 characters: joins to judgments.cnr.",
        ),
    ]
}

/// A date as printed, and as read.
fn dates(columns: &mut Vec<Column>, named: &[(&'static str, &'static str, &'static str)]) {
    for (raw, read, meaning) in named {
        columns.push(column(raw, DataType::Utf8, true, meaning));
        columns.push(column(
            read,
            DataType::Date32,
            true,
            "The day of that; null where no day is printed or the calendar does not have it.",
        ));
    }
}

fn texts(columns: &mut Vec<Column>, named: &[(&'static str, &'static str)]) {
    let text = |(name, meaning): &(&'static str, &'static str)| {
        column(name, DataType::Utf8, true, meaning)
    };
    columns.extend(named.iter().map(text));
}

fn lists(columns: &mut Vec<Column>, named: &[(&'static str, &'static str)]) {
    let list =
        |(name, meaning): &(&'static str, &'static str)| column(name, strings(), false, meaning);
    columns.extend(named.iter().map(list));
}

/// The columns of `cases/`: one row a case.
#[expect(clippy::too_many_lines, reason = "a table: one entry a column")]
pub(super) fn cases_columns() -> Vec<Column> {
    use DataType::{UInt16, UInt32, Utf8};
    let mut columns = head();
    texts(
        &mut columns,
        &[
            ("cnr_raw", "CNR as printed."),
            ("court_name", "Court or bench as printed."),
            (
                "portal_court",
                "The portal's code of the establishment or bench.",
            ),
            ("case_number", "Case number as printed."),
            (
                "case_type",
                "Type part of the case number, else the type as printed.",
            ),
        ],
    );
    columns.push(column(
        "case_no",
        UInt32,
        true,
        "Number part of the case number.",
    ));
    columns.push(column(
        "case_year",
        UInt16,
        true,
        "Year part of the case number.",
    ));
    texts(
        &mut columns,
        &[
            ("case_type_raw", "Case type as printed beside the number."),
            ("case_type_code", "The portal's code of the case type."),
            (
                "portal_key",
                "The portal's own key: one digit, type (3), number (7), year (4).",
            ),
            (
                "diary_number",
                "Diary number of the Supreme Court, number/year.",
            ),
            ("filing_number", "Filing number as printed."),
            ("registration_number", "Registration number as printed."),
        ],
    );
    dates(
        &mut columns,
        &[
            (
                "filing_date_raw",
                "filing_date",
                "Date of filing as printed.",
            ),
            (
                "registration_date_raw",
                "registration_date",
                "Date of registration as printed.",
            ),
            (
                "first_hearing_raw",
                "first_hearing_date",
                "First hearing as printed.",
            ),
            (
                "next_hearing_raw",
                "next_hearing_date",
                "Next hearing as printed.",
            ),
            ("decision_raw", "decision_date", "Decision date as printed."),
        ],
    );
    texts(
        &mut columns,
        &[
            ("status", "Status as printed."),
            ("stage", "Stage as printed."),
            ("disposal_raw", "Nature of disposal as printed."),
            (
                "disposal",
                "Nature of disposal in the closed vocabulary of judgments.",
            ),
            (
                "coram",
                "Coram as printed, with the portal's judge code where there is one.",
            ),
        ],
    );
    lists(&mut columns, &[("judges", "Judges of the coram.")]);
    texts(
        &mut columns,
        &[
            ("bench_type", "Single or division bench, as printed."),
            ("court_and_judge", "Court number and judge, as printed."),
            ("state", "State as printed."),
            ("district", "District as printed."),
            (
                "title",
                "Title as printed, where both sides stand in one text.",
            ),
        ],
    );
    lists(
        &mut columns,
        &[
            (
                "petitioners",
                "Names of the petitioners as printed, in the order of the page.",
            ),
            (
                "respondents",
                "Names of the respondents as printed, in the order of the page.",
            ),
            (
                "petitioner_advocates",
                "Advocates of the petitioners, names without codes.",
            ),
            (
                "respondent_advocates",
                "Advocates of the respondents, names without codes.",
            ),
            (
                "parties",
                "Each party with its advocates, their codes and its local name, a JSON object each.",
            ),
            ("acts", "Each act with its sections, a JSON object each."),
            (
                "applications",
                "Interlocutory applications, a JSON object each.",
            ),
            (
                "linked",
                "Main, connected and lower-court cases and transfers, a JSON object each.",
            ),
            (
                "fields",
                "Every other label of the page with its value, a JSON object each.",
            ),
        ],
    );
    columns.extend([
        column("hearings", UInt32, false, "Number of rows in hearings."),
        column("orders", UInt32, false, "Number of rows in orders."),
        column(
            "view",
            Utf8,
            false,
            "How much of it was seen: page (all that the portal shows) or row (a line of a search).",
        ),
        column(
            "flags",
            strings(),
            false,
            "What was strange about it. The portal's values stand as given.",
        ),
        column(
            "first_seen",
            utc(),
            false,
            "Start of the run that first saw the case.",
        ),
        column(
            "last_seen",
            utc(),
            false,
            "Start of the latest run that saw the case.",
        ),
        column(
            "row_hash",
            DIGEST,
            false,
            "SHA-256 over all values the portal gave; a change makes a revision.",
        ),
    ]);
    columns.extend(tail());
    columns
}

/// What every row about a case ends with.
fn tail() -> [Column; 2] {
    [
        column(
            "capture_id",
            CAPTURE,
            true,
            "Capture it was read from (Nirnay-Capture header in captures/*.warc.gz).",
        ),
        column(
            "row_key",
            DataType::Utf8,
            false,
            "Identity of the case (in cause_lists of the line): portal and CNR, or the portal's own number.",
        ),
    ]
}

fn place() -> Column {
    column(
        "place",
        DataType::UInt32,
        false,
        "Place in the list of its page, from 0.",
    )
}

/// The columns of `hearings/`: one row a line of a case's history.
pub(super) fn hearings_columns() -> Vec<Column> {
    let mut columns = head();
    columns.push(place());
    dates(
        &mut columns,
        &[
            (
                "business_date_raw",
                "business_date",
                "Day on which the business was done, as printed.",
            ),
            (
                "hearing_date_raw",
                "hearing_date",
                "Day to which the case was put, as printed.",
            ),
        ],
    );
    texts(
        &mut columns,
        &[
            ("purpose", "What for, as printed."),
            ("judge", "Judge as printed."),
            ("list_type", "Kind of cause list, as printed."),
            (
                "registration_number",
                "Registration number that the line is about, where the page says so.",
            ),
        ],
    );
    columns.push(column(
        "on_filing",
        DataType::Boolean,
        false,
        "Whether it stands in the history on the filing number.",
    ));
    columns.extend(tail());
    columns
}

fn document() -> [Column; 4] {
    use DataType::{UInt64, Utf8};
    [
        column(
            "document_status",
            Utf8,
            false,
            "stored, missing, or not_asked.",
        ),
        column(
            "document_missing_reason",
            Utf8,
            true,
            "Why it is missing: as in judgments; not_listed where the page names no document, no_file where the portal says that it has none.",
        ),
        column(
            "document_sha256",
            DIGEST,
            true,
            "SHA-256 of the PDF as served: its name under documents/.",
        ),
        column("document_size", UInt64, true, "Size of the PDF in bytes."),
    ]
}

/// The columns of `orders/`: one row an order or judgment that a case's page lists.
pub(super) fn orders_columns() -> Vec<Column> {
    let mut columns = head();
    columns.push(place());
    texts(
        &mut columns,
        &[
            ("order_number", "Its number on the page, as printed."),
            ("on_case", "Case number it was made on, as printed."),
        ],
    );
    dates(
        &mut columns,
        &[("order_date_raw", "order_date", "Its date as printed.")],
    );
    texts(
        &mut columns,
        &[
            ("kind", "Kind as printed, or the heading it stands under."),
            ("judge", "Judge as printed."),
            ("neutral_citation_raw", "Neutral citation as printed."),
            ("neutral_citation", "Neutral citation in canonical form."),
            ("language", "Language as printed."),
            (
                "link",
                "Address of its document, where the portal prints one that lasts beyond the session (Supreme Court).",
            ),
        ],
    );
    columns.extend(document());
    columns.extend(tail());
    columns
}

/// The columns of `cause_lists/`: one row a line of a list, or a list that is published as a document.
pub(super) fn cause_lists_columns() -> Vec<Column> {
    use DataType::{UInt32, Utf8};
    let mut columns = head();
    columns.extend([
        column(
            "kind",
            Utf8,
            false,
            "line: a case listed; document: a list published as a PDF.",
        ),
        column(
            "list",
            Utf8,
            false,
            "Whose list it is, as it was asked for.",
        ),
        column(
            "list_date",
            DataType::Date32,
            false,
            "Day of the list that was asked for.",
        ),
        column("serial", UInt32, true, "Its number on the list."),
    ]);
    texts(
        &mut columns,
        &[
            ("portal_key", "The portal's own key of the case."),
            ("case_number", "Case number as printed."),
            ("case_type", "Case type as printed."),
        ],
    );
    lists(
        &mut columns,
        &[
            ("petitioners", "Petitioners as printed."),
            ("respondents", "Respondents as printed."),
            (
                "advocates",
                "Advocates named, those of a side first, names without codes.",
            ),
        ],
    );
    texts(
        &mut columns,
        &[
            (
                "court",
                "Court number or name as printed; of a document the bench.",
            ),
            ("judge", "Judge as printed."),
            ("designation", "The judge's office as printed."),
            ("purpose", "What the case is listed for."),
            ("section", "Heading of the list under which it stands."),
            ("list_type", "What list it is, as printed (documents only)."),
        ],
    );
    dates(
        &mut columns,
        &[
            (
                "listed_raw",
                "listed_date",
                "Day of the list as the line prints it.",
            ),
            (
                "business_raw",
                "business_date",
                "Day of the business that led to the listing, as printed.",
            ),
        ],
    );
    columns.extend(document());
    columns.extend([
        column(
            "first_seen",
            utc(),
            false,
            "Start of the run that first saw the line.",
        ),
        column(
            "last_seen",
            utc(),
            false,
            "Start of the latest run that saw the line; a line that changes is another line.",
        ),
        column(
            "capture_row",
            UInt32,
            false,
            "Place of the line in its capture, from 0.",
        ),
    ]);
    columns.extend(tail());
    columns
}
