//! The table of words that tesseract prints.

use unicode_normalization::UnicodeNormalization;

use super::Read;

/// Columns of a row before its text: level, page, block, paragraph, line, word, left, top, width,
/// height, confidence.
const COLUMNS: usize = 12;
const WORD: &str = "5";

/// The place of a word: block, paragraph, line.
type Place = (u32, u32, u32);

/// The text of the table with its lines, an empty line between paragraphs; `None` if it is no such
/// table.
pub(super) fn parse(table: &str) -> Option<Read> {
    let mut lines = table.lines();
    if !lines.next()?.starts_with("level\tpage_num\tblock_num") {
        return None;
    }
    let mut read = Read::default();
    let mut last: Option<Place> = None;
    let (mut weight, mut sum) = (0.0_f64, 0.0_f64);
    for line in lines {
        let Some((place, confidence, word)) = word(line) else {
            continue;
        };
        read.text.push_str(match last {
            None => "",
            Some(before) if before == place => " ",
            Some(before) if (before.0, before.1) == (place.0, place.1) => "\n",
            Some(_) => "\n\n",
        });
        read.text.push_str(word);
        last = Some(place);
        read.words += 1;
        let length = word.chars().count() as f64;
        weight += length;
        sum += length * confidence.clamp(0.0, 100.0);
    }
    read.text = read.text.chars().filter(|c| is_kept(*c)).nfc().collect();
    if weight > 0.0 {
        read.confidence = (sum / weight / 100.0) as f32;
    }
    Some(read)
}

/// The place, confidence (0 to 100) and text of a row that holds a word.
fn word(row: &str) -> Option<(Place, f64, &str)> {
    let mut columns = row.splitn(COLUMNS, '\t');
    if columns.next()? != WORD {
        return None;
    }
    let mut number = |skip| columns.nth(skip).and_then(|column| column.parse().ok());
    let place = (number(1)?, number(0)?, number(0)?);
    // Past the word's number and its four measures.
    let confidence: f64 = columns.nth(5)?.parse().ok()?;
    let text = columns.next()?.trim();
    (!text.is_empty() && confidence.is_finite()).then_some((place, confidence, text))
}

fn is_kept(c: char) -> bool {
    c == '\n' || !(c.is_control() || c == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";

    fn row(place: (u32, u32, u32), confidence: f32, text: &str) -> String {
        let (block, paragraph, line) = place;
        format!("5\t1\t{block}\t{paragraph}\t{line}\t1\t10\t20\t30\t40\t{confidence}\t{text}\n")
    }

    #[test]
    fn lines_and_paragraphs_are_kept() {
        let table = [
            HEAD.to_owned(),
            "1\t1\t0\t0\t0\t0\t0\t0\t1654\t2339\t-1\t\n".to_owned(),
            "4\t1\t1\t1\t1\t0\t10\t20\t30\t40\t-1\t\n".to_owned(),
            row((1, 1, 1), 96.0, "IN"),
            row((1, 1, 1), 90.0, "THE"),
            row((1, 1, 2), 50.0, "COURT"),
            row((1, 2, 1), 95.0, " "),
            row((1, 2, 1), 95.5, "e\u{301}"),
            row((2, 1, 1), 0.0, "\u{c}x"),
        ]
        .concat();
        let read = parse(&table).unwrap();
        assert_eq!(read.text, "IN THE\nCOURT\n\né\n\nx");
        assert_eq!(read.words, 5);
    }

    #[test]
    fn long_words_weigh_more() {
        let table = [
            HEAD.to_owned(),
            row((1, 1, 1), 100.0, "appellants"),
            row((1, 1, 1), 0.0, "of"),
        ]
        .concat();
        let read = parse(&table).unwrap();
        assert!((read.confidence - 10.0 / 12.0).abs() < 1e-5);
        assert_eq!(parse(HEAD).unwrap(), Read::default());
    }

    #[test]
    fn what_is_no_table_is_none_and_bad_rows_are_left_out() {
        assert_eq!(parse(""), None);
        assert_eq!(parse("usage: tesseract"), None);
        for bad in [
            "5",
            "5\t1\t1\t1\t1\t1\t1\t1\t1\t1\tx\tword",
            "5\t1\tx\t1\t1\t1\t1\t1\t1\t1\t9\tword",
            "5\t1\t1\t1\t1\t1\t1\t1\t1\t1\tNaN\tword",
        ] {
            assert_eq!(parse(&format!("{HEAD}{bad}\n")).unwrap().words, 0, "{bad}");
        }
    }
}
