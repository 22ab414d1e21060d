//! The files of orders and cause lists.

use jiff::civil::Date;

use crate::bench;
use crate::cases::{CaseBook, CaseFile, Key};
use crate::day;
use crate::pdf::{self, LINES_A_PAGE, Line, Page};
use crate::prose::{self, Cast};
use crate::random::Draw;

/// The file of an order: that of the docket where the docket has it.
pub(crate) fn of_order(book: &CaseBook, key: Key, number: u16, today: i32) -> Option<Vec<u8>> {
    let file = book.file(key, today);
    let order = file.orders.iter().find(|order| order.number == number)?;
    if !order.has_file {
        return None;
    }
    let listed = order.row.and_then(|row| book.docket().edition(row, 0));
    let mut bytes = match listed {
        Some(bytes) => bytes.to_vec(),
        None => written(book, key, &file, order.number, order.on),
    };
    if order.has_mark {
        bytes.splice(0..0, *b"\xef\xbb\xbf");
    }
    Some(bytes)
}

fn written(book: &CaseBook, key: Key, file: &CaseFile, number: u16, on: Date) -> Vec<u8> {
    let mut draw = Draw::of(&[book.seed(key), 91, u64::from(number)]);
    let (petitioner, respondent) = (
        CaseFile::first(&file.petitioners),
        CaseFile::first(&file.respondents),
    );
    let place = match bench::bench(key.seat) {
        Some(bench) => format!("IN THE {}", bench.printed.to_uppercase()),
        None => format!("IN THE COURT OF {}", file.court.to_uppercase()),
    };
    let mut lines = vec![
        Line::bold(place),
        Line::plain(""),
        Line::bold(file.title_number()),
        Line::plain(format!("CNR: {}", file.cnr)),
        Line::plain(""),
        Line::plain(format!("{petitioner} ... Petitioner(s)")),
        Line::plain("                    Versus"),
        Line::plain(format!("{respondent} ... Respondent(s)")),
        Line::plain(""),
        Line::plain(format!("CORAM: {}", file.judges.join(", "))),
        Line::bold("ORDER"),
        Line::plain(format!("Order No. {number} dated {}", day::in_words(on))),
        Line::plain(""),
    ];
    let cast = Cast {
        petitioner,
        respondent,
        ..Cast::default()
    };
    let count = draw.between(1, 6);
    for text in prose::paragraphs(&mut draw, &cast, count) {
        lines.extend(pdf::wrap(&text).into_iter().map(Line::plain));
        lines.push(Line::plain(""));
    }
    paged(&file.title_number(), lines)
}

/// A file of lines, page by page.
pub(crate) fn paged(title: &str, lines: Vec<Line>) -> Vec<u8> {
    let mut lines = lines.into_iter();
    let mut pages = Vec::new();
    loop {
        let page: Vec<Line> = lines.by_ref().take(LINES_A_PAGE).collect();
        if page.is_empty() && !pages.is_empty() {
            break;
        }
        pages.push(Page::Text(page));
    }
    pdf::write(title, &pages)
}
