//! Near-duplicates by their texts: which are folded, and which are not.

use std::collections::BTreeSet;

use nirnay_index::{IndexDocument, IndexWriter, SearchOptions, Searcher};

use crate::corpus::{document, judgment};

/// Sentences of which courts make orders; `{}` is where parties and numbers go.
const FORM: [&str; 14] = [
    "This petition under Article 226 of the Constitution of India has been filed by {} seeking a writ of mandamus.",
    "Learned counsel appearing for {} submits that the representation of the petitioner is pending with {}.",
    "It is further submitted that the petitioner will be satisfied if a direction is issued to decide it in time.",
    "Learned standing counsel appearing for {} does not dispute that the representation has been received.",
    "Having heard learned counsel for the parties and having perused the material placed on the record of the case.",
    "The petitioner was engaged on {} as a daily wager and was paid Rs. {} for each month of work.",
    "By the order dated {} the services of the petitioner were dispensed with without notice of any kind.",
    "The respondents have placed on record a reply in which it is stated that no post was vacant at the time.",
    "Without going into the merits of the claim this Court considers it proper to dispose of the petition.",
    "The representation dated {} shall be considered in accordance with law by a reasoned and speaking order.",
    "In the case of {} a similar direction was issued and the benefit was extended to all who stood in line.",
    "The exercise shall be completed within {} weeks from the date on which a copy of this order is produced.",
    "It is made clear that this Court has expressed no opinion on the merits of the claim of either of the parties.",
    "The petition is accordingly {} and pending applications, if any, stand closed with no order as to costs.",
];

/// An order made of the form with what is its own.
fn order(number: usize) -> String {
    let outcome = [
        "allowed as prayed",
        "dismissed as withdrawn",
        "disposed of on those terms",
    ];
    let mut own = (0..).map(|place| match place % 4 {
        0 => format!(
            "{} Kumar{number} of village Ram{number}pur",
            ["Shri", "Smt", "Dr"][number % 3]
        ),
        1 => format!(
            "{}.{}.20{}",
            number % 28 + 1,
            place % 12 + 1,
            number % 20 + 10
        ),
        2 => format!("{}", number * 371 + place),
        _ => outcome[number % 3].to_owned(),
    });
    let mut text = format!(
        "W.P.(C) No. {} of 20{}\n",
        1_000 + number * 17,
        number % 20 + 10
    );
    for sentence in FORM {
        for (place, part) in sentence.split("{}").enumerate() {
            if place > 0 {
                text.push_str(&own.next().unwrap());
            }
            text.push_str(part);
        }
        text.push('\n');
    }
    text
}

/// A judgment of `paragraphs` paragraphs of which no two are alike.
fn long(seed: usize, paragraphs: usize) -> Vec<String> {
    let words = "court appeal land tenant notice decree evidence witness deed sale possession suit order \
        record claim finding title partition rent witness trial judge bench statute rule award interest period";
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut state = seed as u64 * 7_919 + 1;
    (0..paragraphs)
        .map(|paragraph| {
            let mut text = format!("{}. ", paragraph + 1);
            for _ in 0..60 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                text.push_str(words[(state >> 33) as usize % words.len()]);
                text.push(' ');
            }
            text
        })
        .collect()
}

/// The same as another portal keeps it: a stamp above, a line on every page, words of the printer's own.
fn edited(paragraphs: &[String]) -> Vec<String> {
    let mut pages: Vec<String> = paragraphs
        .chunks(5)
        .zip(1..)
        .map(|(page, number)| {
            format!(
                "{}\nSigned by the Registrar, page {number}\n",
                page.join("\n")
            )
        })
        .collect();
    pages[0] = format!(
        "Neutral citation 2024:XHC:{}, uploaded on 3.4.2024\n{}",
        pages[0].len(),
        pages[0]
    );
    let last = pages.len() - 1;
    pages[last] = pages[last].replacen("court", "this Hon'ble Court", 2);
    pages[last].push_str("Appeal disposed of.");
    pages
}

fn documents(texts: &[(String, Vec<String>)]) -> Vec<IndexDocument> {
    texts
        .iter()
        .map(|(key, pages)| {
            let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
            document(key, judgment(key, "2024-04-03"), &pages)
        })
        .collect()
}

fn indexed(documents: impl Iterator<Item = IndexDocument>, commit_every: usize) -> Searcher {
    let mut writer = IndexWriter::in_memory(20_000_000).unwrap();
    for (number, document) in documents.enumerate() {
        writer.upsert(document).unwrap();
        if number % commit_every == commit_every - 1 {
            writer.commit("some").unwrap();
        }
    }
    writer.commit("all").unwrap();
    writer.searcher().unwrap()
}

/// How many are shown when copies are folded, and the copies of each judgment.
fn folded(searcher: &Searcher) -> (usize, Vec<(String, u32)>) {
    let options = SearchOptions {
        limit: 1_000,
        snippets: 0,
        ..SearchOptions::default()
    };
    let all = searcher.search("", &options).unwrap();
    let collapse = SearchOptions {
        collapse: true,
        ..options
    };
    let shown = searcher.search("", &collapse).unwrap().hits.len();
    let mut copies: Vec<(String, u32)> = all
        .hits
        .into_iter()
        .map(|hit| (hit.key, hit.copies))
        .collect();
    copies.sort();
    (shown, copies)
}

/// The part of the words that two orders have in common.
fn shared_words(left: &str, right: &str) -> f64 {
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    let (left, right) = (words(left), words(right));
    left.intersection(&right).count() as f64 / left.len().max(right.len()) as f64
}

#[test]
fn orders_of_one_form_are_not_copies() {
    assert!(shared_words(&order(1), &order(2)) > 0.7);
    let texts: Vec<_> = (0..60)
        .map(|number| (format!("o{number:02}"), vec![order(number)]))
        .collect();
    let (shown, copies) = folded(&indexed(documents(&texts).into_iter(), 25));
    assert_eq!(shown, 60);
    assert!(copies.iter().all(|(_, copies)| *copies == 0), "{copies:?}");
}

#[test]
fn the_same_text_printed_twice_is_one() {
    let mut texts = Vec::new();
    for seed in 0..20 {
        let paragraphs = long(seed, 10 + seed * 2);
        texts.push((format!("k{seed:02}-a"), vec![paragraphs.join("\n")]));
        texts.push((format!("k{seed:02}-b"), edited(&paragraphs)));
    }
    texts.push(("order".to_owned(), vec![order(7)]));
    texts.push((
        "order-again".to_owned(),
        vec![order(7).replace('\n', "\n\n")],
    ));
    let (shown, copies) = folded(&indexed(documents(&texts).into_iter(), 1_000));
    assert_eq!(shown, 21, "{copies:?}");
    assert!(copies.iter().all(|(_, copies)| *copies == 1), "{copies:?}");
}

#[test]
fn the_order_and_the_commits_do_not_matter_where_copies_are_plain() {
    let mut texts = Vec::new();
    for seed in 0..12 {
        let paragraphs = long(seed, 20);
        for copy in 0..=seed % 4 {
            let mut pages = edited(&paragraphs);
            pages.push(format!("In case {copy} of {seed}."));
            texts.push((format!("k{seed:02}-{copy}"), pages));
        }
        texts.push((format!("o{seed:02}"), vec![order(seed)]));
    }
    let forward = folded(&indexed(documents(&texts).into_iter(), 1_000));
    assert_eq!(forward.0, 24);
    for commit_every in [5, 1_000] {
        let backward = folded(&indexed(documents(&texts).into_iter().rev(), commit_every));
        assert_eq!(backward, forward, "{commit_every}");
    }
}

#[test]
fn a_text_that_is_replaced_leaves_its_group_and_one_that_stays_is_found() {
    let paragraphs = long(1, 20);
    let of = |key: &str, pages: Vec<String>| documents(&[(key.to_owned(), pages)]).remove(0);
    let mut writer = IndexWriter::in_memory(20_000_000).unwrap();
    writer.upsert(of("first", paragraphs.clone())).unwrap();
    writer.upsert(of("second", edited(&paragraphs))).unwrap();
    writer.commit("1").unwrap();
    // The founder of the group becomes another text.
    writer.upsert(of("first", long(2, 20))).unwrap();
    writer.commit("2").unwrap();
    writer.upsert(of("third", paragraphs)).unwrap();
    writer.commit("3").unwrap();
    let (shown, copies) = folded(&writer.searcher().unwrap());
    let copies: Vec<(&str, u32)> = copies
        .iter()
        .map(|(key, copies)| (key.as_str(), *copies))
        .collect();
    assert_eq!(
        (shown, copies),
        (2, vec![("first", 0), ("second", 1), ("third", 1)])
    );
}
