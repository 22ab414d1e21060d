//! Ranking by passage, likeness, near-duplicates.

use nirnay_index::{IndexWriter, PassageOrder, SearchOptions, Searcher};

use crate::corpus::{document, judgment};

const FACTS: &str =
    "The landlord locked the shop of the tenant and threw his goods into the street at night.";

/// An authority that shares no fact with [`FACTS`], two judgments with such facts that cite it, and others.
fn searcher() -> Searcher {
    let mut writer = IndexWriter::in_memory(50_000_000).unwrap();
    let authority = "Possession, even without title, is protected against all but the true owner.";
    let citing = |more: &str| {
        format!("{FACTS} {more} In Asha Devi v. State of Bihar (1974) 1 SCC 5 this was settled.")
    };
    let (first, second) = (
        citing("He sued for an injunction."),
        citing("He asked for damages."),
    );
    let mut texts = vec![
        (
            "authority",
            "Asha Devi v State of Bihar",
            authority.to_owned(),
        ),
        ("first", "Ram Lal v Shyam Lal", first),
        ("second", "Mohan v Sohan", second),
    ];
    let long = "The assessee claimed a deduction for the machinery that it had leased in that year. The officer \
        held that a lease of looms to a sister concern was no use of them for a business of one\u{2019}s own, and \
        added the whole sum to what had been returned. On appeal the commissioner looked into the accounts of the \
        firm and its partners, found that rent had been received month by month and was taxed as profit, and gave \
        relief. The tribunal differed, for reasons that are hard to follow: it spoke of a partnership deed which \
        nobody had produced and of depreciation that was never asked for. We are satisfied that income from \
        hiring out plant, where that is what a trader does with it, stands on the same footing as any other \
        earning, so that wear of each loom has to be allowed."
        .to_owned();
    texts.push(("tax", "Revenue v Firm", long.clone()));
    texts.push((
        "copy",
        "Revenue v Other Firm",
        format!("Appeal 17 of 1999. {long}"),
    ));
    for number in 0..30 {
        texts.push((
            "other",
            "Other v Another",
            format!("A matter of service and pension, number {number}."),
        ));
    }
    for (place, (key, title, text)) in texts.iter().enumerate() {
        let key = if *key == "other" {
            format!("other{place}")
        } else {
            (*key).to_owned()
        };
        let judgment = judgment(title, "1973-05-01");
        writer.upsert(document(&key, judgment, &[text])).unwrap();
    }
    writer.commit("1").unwrap();
    writer.searcher().unwrap()
}

fn keys(searcher: &Searcher, order: PassageOrder) -> Vec<String> {
    let found = searcher
        .by_passage(FACTS, order, &SearchOptions::default())
        .unwrap();
    found.hits.into_iter().map(|hit| hit.key).collect()
}

#[test]
fn what_similar_judgments_cite_is_found_by_the_facts() {
    let searcher = searcher();
    let by_words = keys(&searcher, PassageOrder::Words);
    let both = keys(&searcher, PassageOrder::WordsAndCitations);
    let place = |keys: &[String]| keys.iter().position(|key| key == "authority");
    assert!(both[..2].contains(&"first".to_owned()) && both[..2].contains(&"second".to_owned()));
    assert_eq!(place(&both), Some(2), "{both:?}");
    assert!(
        place(&by_words).is_none_or(|place| place >= 2),
        "{by_words:?}"
    );
    assert_eq!(both, keys(&searcher, PassageOrder::WordsAndCitations));
}

#[test]
fn copies_are_folded_and_are_not_like_themselves() {
    let searcher = searcher();
    let options = SearchOptions {
        collapse: true,
        ..SearchOptions::default()
    };
    let found = searcher.search("machinery", &options).unwrap();
    assert_eq!(
        (found.total, found.hits.len(), found.hits[0].copies),
        (2, 1, 1)
    );
    let like: Vec<String> = searcher
        .similar("tax", 5)
        .unwrap()
        .into_iter()
        .map(|hit| hit.key)
        .collect();
    assert!(
        !like.contains(&"tax".to_owned()) && !like.contains(&"copy".to_owned()),
        "{like:?}"
    );
    let like = searcher.similar("first", 1).unwrap();
    assert_eq!(like[0].key, "second");
    assert!(searcher.similar("none", 5).is_err());
    assert!(
        searcher
            .by_passage(" — ", PassageOrder::Words, &options)
            .is_err()
    );
}
