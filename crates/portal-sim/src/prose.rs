//! Invented legal English: excerpts for rows, paragraphs for documents.

use std::cell::RefCell;

use jiff::civil::Date;

use crate::day;
use crate::random::Draw;

const REPORTED: &[&str] = &[
    "AIR 1978 SC 597",
    "(2017) 10 SCC 1",
    "2023 INSC 12",
    "AIR 1973 SC 1461",
    "(2014) 8 SCC 273",
    "(2020) 5 SCC 1",
    "2024 INSC 113",
    "AIR 1997 SC 3011",
    "(1992) Supp (1) SCC 335",
    "[2011] 3 S.C.R. 422",
    "2022 SCC OnLine SC 929",
    "AIR 2005 SC 3180",
    "(2019) 9 SCC 710",
    "2025 INSC 40",
    "1950 SCR 88",
    "(2004) 3 SCC 1",
    "AIR 1964 SC 1043",
    "[2018] 7 S.C.R. 379",
];

const STATUTES: &[&str] = &[
    "Section 482 of the Code of Criminal Procedure, 1973",
    "Section 138 of the Negotiable Instruments Act, 1881",
    "Section 302 of the Indian Penal Code, 1860",
    "Section 498A of the Indian Penal Code, 1860",
    "Article 226 of the Constitution of India",
    "Article 227 of the Constitution of India",
    "Section 34 of the Arbitration and Conciliation Act, 1996",
    "Section 166 of the Motor Vehicles Act, 1988",
    "Section 100 of the Code of Civil Procedure, 1908",
    "Order VII Rule 11 of the Code of Civil Procedure, 1908",
    "Section 13(1)(ia) of the Hindu Marriage Act, 1955",
    "Section 25-F of the Industrial Disputes Act, 1947",
    "Section 18 of the Land Acquisition Act, 1894",
    "Section 37 of the NDPS Act, 1985",
    "Section 439 of the Code of Criminal Procedure, 1973",
    "Section 260A of the Income Tax Act, 1961",
    "Section 53A of the Transfer of Property Act, 1882",
    "Article 14 of the Constitution of India",
];

const SUBJECTS: &[&str] = &[
    "the order of termination",
    "the acquisition of the scheduled land",
    "the refusal of anticipatory bail",
    "the award of the Motor Accidents Claims Tribunal",
    "the order of assessment",
    "the rejection of the plaint",
    "the denial of regularisation in service",
    "the decree for specific performance",
    "the demand for arrears of rent",
    "the order of conviction and sentence",
    "the cancellation of the tender",
    "the grant of maintenance",
    "the refusal to condone delay",
    "the order of eviction",
    "the seniority list dated 14.03.2016",
];

const OPENINGS: &[&str] = &[
    "Heard learned counsel for the parties and perused the record.",
    "This matter has been taken up through hybrid mode.",
    "By this petition the petitioner calls in question {subject}.",
    "The challenge here is to {subject}, passed by the authority below without, it is said, an opportunity of hearing.",
    "The facts, so far as they are needed for the decision, lie in a narrow compass.",
    "The appellant, being aggrieved by {subject}, has come before this Court.",
];

const BODIES: &[&str] = &[
    "Learned counsel for {petitioner} submits that the view taken below overlooks {statute} and runs against the law laid down in {cite}.",
    "Per contra, counsel for {respondent} supports the impugned order and relies upon {cite} to contend that no interference is called for.",
    "The scope of {statute} is no longer res integra; see {cite} and {cite}.",
    "It is settled that a court does not sit in appeal over findings of fact unless they are perverse ({cite}).",
    "The record shows that notice was served on {day}, and that no reply was filed within the time allowed.",
    "The witnesses for the prosecution have stood the test of cross-examination, and the minor contradictions pointed out do not go to the root of the matter.",
    "The document relied on is unregistered and insufficiently stamped; it could not have been read in evidence without {statute} being satisfied.",
    "In {cite} the Supreme Court held that delay by itself is not fatal where the explanation is bona fide.",
    "The respondent has not denied the receipt of the consideration of Rs. {amount}/-, nor has it explained the entry in its own ledger.",
    "Having considered the rival submissions, this Court finds that {subject} cannot be sustained in its present form.",
    "We are unable to accept the submission. The words of {statute} are plain and leave no room for the construction suggested.",
    "The Tribunal has applied the multiplier correctly, but has left future prospects out of account, contrary to {cite}.",
    "No prejudice is shown to have been caused to {respondent} by the late production of the certified copy.",
    "The investigation is complete and the charge sheet has been filed; the applicant has been in custody since {day}.",
];

const ENDINGS: &[&str] = &[
    "For these reasons the petition is allowed. {subject} is set aside. There shall be no order as to costs.",
    "In the result the appeal fails and is dismissed. Pending applications, if any, stand disposed of.",
    "The matter is remitted to the authority concerned, which shall decide it afresh within eight weeks, after hearing {petitioner} and {respondent}.",
    "Let the applicant be released on bail on furnishing a personal bond of Rs. {amount}/- with one surety of the like amount.",
    "The writ petition is disposed of with liberty to {petitioner} to approach the competent forum in accordance with law.",
];

/// The names a sentence may mention.
#[derive(Default)]
pub(crate) struct Cast<'a> {
    pub(crate) petitioner: &'a str,
    pub(crate) respondent: &'a str,
    /// Citations of judgments that the portals list, for some of those of the reported ones.
    pub(crate) authorities: &'a [String],
    /// The citations that were written, in order.
    pub(crate) cited: RefCell<Vec<String>>,
}

impl Cast<'_> {
    /// The citation that is written where the draw fell on a reported one.
    fn citation(&self, drawn: &str) -> String {
        let place = REPORTED.iter().position(|reported| *reported == drawn);
        let listed = place
            .filter(|place| place.is_multiple_of(2))
            .and_then(|place| {
                self.authorities
                    .get(place / 2 % self.authorities.len().max(1))
            });
        let citation = listed.map_or(drawn, String::as_str).to_owned();
        self.cited.borrow_mut().push(citation.clone());
        citation
    }
}

fn fill(draw: &mut Draw, pattern: &str, cast: &Cast<'_>) -> String {
    let mut out = String::with_capacity(pattern.len() + 80);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (slot, tail) = after.split_once('}').unwrap_or((after, ""));
        match slot {
            "petitioner" => out.push_str(cast.petitioner),
            "respondent" => out.push_str(cast.respondent),
            "statute" => out.push_str(draw.pick(STATUTES)),
            "cite" => out.push_str(&cast.citation(draw.pick(REPORTED))),
            "subject" => out.push_str(draw.pick(SUBJECTS)),
            "amount" => out.push_str(&grouped(u64::from(draw.between(5, 900)) * 1_000)),
            _ => out.push_str(
                &day::dashed(day::from_number(draw.between(12_000, 19_500) as i32))
                    .replace('-', "."),
            ),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Numbered paragraphs of a judgment: opening, `count` paragraphs of reasons, order.
pub(crate) fn paragraphs(draw: &mut Draw, cast: &Cast<'_>, count: u32) -> Vec<String> {
    let mut out = vec![sentence(draw, OPENINGS, cast)];
    for _ in 0..count {
        let sentences: Vec<String> = (0..draw.between(2, 4))
            .map(|_| sentence(draw, BODIES, cast))
            .collect();
        out.push(sentences.join(" "));
    }
    out.push(sentence(draw, ENDINGS, cast));
    out
}

fn sentence(draw: &mut Draw, patterns: &[&str], cast: &Cast<'_>) -> String {
    let pattern = draw.pick(patterns);
    fill(draw, pattern, cast)
}

/// The text a High Court row shows between judges and details.
pub(crate) fn excerpt(
    draw: &mut Draw,
    slug: &str,
    number: &str,
    petitioner: &str,
    respondent: &str,
    decided: Date,
) -> String {
    let cast = Cast {
        petitioner,
        respondent,
        ..Cast::default()
    };
    let seat = slug.to_uppercase();
    let line = sentence(draw, BODIES, &cast);
    match draw.below(3) {
        0 => format!(
            "HIGH COURT OF {seat} {number} Dated this the {} Between: {petitioner} ...PETITIONER AND {respondent} {line}",
            day::in_words(decided)
        ),
        1 => format!(
            "{} IN THE HIGH COURT AT {seat} * * * {number} \"{petitioner}\" <Through counsel> {line}",
            decided.year()
        ),
        _ => line,
    }
}

/// The head-note a row of the Supreme Court Reports shows.
pub(crate) fn headnote(draw: &mut Draw) -> String {
    let cast = Cast {
        petitioner: "the appellant",
        respondent: "the respondent",
        ..Cast::default()
    };
    let statute = draw.pick(STATUTES);
    let line = sentence(draw, BODIES, &cast);
    format!(
        "Issue for Consideration Whether {} was in accordance with law. Headnotes† {statute} – {line}",
        draw.pick(SUBJECTS)
    )
}

/// `1,20,345`: commas as in India.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let count = digits.len();
    let mut out = String::with_capacity(count + 4);
    for (place, digit) in digits.chars().enumerate() {
        let left = count - place;
        if place > 0 && (left == 3 || (left > 3 && left % 2 == 1)) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `120,345`: commas as in England.
pub(crate) fn grouped_english(number: u64) -> String {
    let digits = number.to_string();
    let count = digits.len();
    digits
        .chars()
        .enumerate()
        .flat_map(|(place, digit)| {
            let comma = place > 0 && (count - place).is_multiple_of(3);
            comma
                .then_some(',')
                .into_iter()
                .chain(std::iter::once(digit))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234), "1,234");
        assert_eq!(grouped(12_345_678), "1,23,45,678");
        assert_eq!(grouped_english(12_345_678), "12,345,678");
    }

    #[test]
    fn paragraphs_have_no_empty_slot() {
        let mut draw = Draw::of(&[5]);
        let cast = Cast {
            petitioner: "A",
            respondent: "B",
            ..Cast::default()
        };
        let text = paragraphs(&mut draw, &cast, 30).join("\n");
        assert!(!text.contains('{') && !text.contains('}'));
        assert!(text.contains("SCC") && text.contains("Constitution"));
    }
}
