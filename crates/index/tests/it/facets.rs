//! Facets: counts, filters, order; export, folding, and what was first seen when.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use nirnay_index::{Facet, FacetName, Filters, IndexWriter, SearchOptions, Searcher, Sort};

use crate::corpus::{document, documents, judgment, searcher};

fn filtered(chosen: &[(FacetName, &str)]) -> SearchOptions {
    let mut filters = Filters::default();
    for (name, value) in chosen {
        filters.add(*name, *value);
    }
    SearchOptions {
        limit: 100,
        filters,
        facets: Some(100),
        ..SearchOptions::default()
    }
}

fn values(facets: &[Facet], name: FacetName) -> Vec<(String, u64)> {
    let facet = facets.iter().find(|facet| facet.name == name).unwrap();
    facet
        .counts
        .iter()
        .map(|count| (count.value.clone(), count.count))
        .collect()
}

fn counted(
    searcher: &Searcher,
    query: &str,
    chosen: &[(FacetName, &str)],
) -> (BTreeSet<String>, Vec<Facet>) {
    let results = searcher.search(query, &filtered(chosen)).unwrap();
    assert_eq!(results.total, results.hits.len());
    (
        results.hits.into_iter().map(|hit| hit.key).collect(),
        results.facets,
    )
}

#[test]
fn all_facets_are_counted() {
    let searcher = searcher();
    let (_, facets) = counted(&searcher, "bail OR eviction OR maintenance OR delay", &[]);
    let pair = |value: &str, count: u64| (value.to_owned(), count);
    assert_eq!(
        values(&facets, FacetName::Court),
        [pair("27_1", 2), pair("7_26", 2), pair("sci_sci", 2)].map(|(value, count)| {
            let court = if value == "sci_sci" {
                nirnay_model::CourtCode::sci().to_string()
            } else {
                value
            };
            (court, count)
        })
    );
    assert_eq!(
        values(&facets, FacetName::Year),
        [
            pair("2025", 2),
            pair("2024", 1),
            pair("2019", 1),
            pair("2018", 1)
        ]
    );
    assert_eq!(
        values(&facets, FacetName::Judge)[0],
        pair("A B KULKARNI", 2)
    );
    assert_eq!(
        values(&facets, FacetName::Disposal),
        [pair("allowed", 1), pair("withdrawn", 1)]
    );
    assert_eq!(
        values(&facets, FacetName::Kind),
        [pair("unstated", 3), pair("judgment", 2), pair("order", 1)]
    );
    assert_eq!(values(&facets, FacetName::Language), [pair("eng", 3)]);
    assert_eq!(values(&facets, FacetName::Statute)[0].1, 1);
    let court = facets
        .iter()
        .find(|facet| facet.name == FacetName::Court)
        .unwrap();
    assert_eq!(court.counts[0].label, "Bombay High Court");
}

#[test]
fn a_filter_does_not_hide_the_other_values_of_its_facet() {
    let searcher = searcher();
    let query = "bail OR eviction OR maintenance OR delay";
    let (_, before) = counted(&searcher, query, &[]);
    let chosen = [(FacetName::Court, "27_1")];
    let (keys, after) = counted(&searcher, query, &chosen);
    assert_eq!(keys, BTreeSet::from(["d03".to_owned(), "d04".to_owned()]));
    let sorted = |facets: &[Facet], name| values(facets, name).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(
        sorted(&before, FacetName::Court),
        sorted(&after, FacetName::Court)
    );
    assert_eq!(
        values(&after, FacetName::Year),
        [("2025".to_owned(), 1), ("2019".to_owned(), 1)]
    );
    let selected: Vec<bool> = after[0].counts.iter().map(|count| count.selected).collect();
    assert_eq!(selected.iter().filter(|selected| **selected).count(), 1);
}

/// Every count is the number of hits of the search that is narrowed to it.
#[test]
fn counts_agree_with_searches() {
    let searcher = searcher();
    let sets: [&[(FacetName, &str)]; 5] = [
        &[],
        &[(FacetName::Language, "eng")],
        &[(FacetName::Language, "eng"), (FacetName::Year, "2025")],
        &[
            (FacetName::Court, "7_26"),
            (FacetName::Court, "27_1"),
            (FacetName::Statute, "IPC"),
        ],
        &[(FacetName::Kind, "poem")],
    ];
    for chosen in sets {
        for query in ["", "bail", "state -bail", "revenue"] {
            let (_, facets) = counted(&searcher, query, chosen);
            for facet in &facets {
                let others: Vec<(FacetName, &str)> = chosen
                    .iter()
                    .filter(|(name, _)| *name != facet.name)
                    .copied()
                    .collect();
                for count in &facet.counts {
                    let mut narrowed = others.clone();
                    narrowed.push((facet.name, &count.value));
                    let (keys, _) = counted(&searcher, query, &narrowed);
                    assert_eq!(
                        keys.len() as u64,
                        count.count,
                        "{query} {chosen:?} {count:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn filters_are_alternatives_in_a_facet_and_conditions_between_facets() {
    let searcher = searcher();
    let of = |chosen: &[(FacetName, &str)]| {
        counted(&searcher, "", chosen)
            .0
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of(&[(FacetName::Year, "2018"), (FacetName::Year, "2019")]),
        ["d04", "d09"]
    );
    assert_eq!(
        of(&[(FacetName::Year, "2025"), (FacetName::Kind, "order")]),
        ["d03"]
    );
    assert_eq!(of(&[(FacetName::Judge, "A B KULKARNI")]), ["d01", "d03"]);
    assert_eq!(
        of(&[(FacetName::Statute, "IPC"), (FacetName::Language, "hin")]),
        ["d05"]
    );
    assert_eq!(of(&[(FacetName::CaseType, "CA")]), ["d02"]);
    assert_eq!(of(&[(FacetName::Year, "soon")]), Vec::<String>::new());
    let (_, facets) = counted(&searcher, "", &[(FacetName::Kind, "poem")]);
    let kind = facets
        .iter()
        .find(|facet| facet.name == FacetName::Kind)
        .unwrap();
    let poem = kind
        .counts
        .iter()
        .find(|count| count.value == "poem")
        .unwrap();
    assert_eq!(
        (poem.count, poem.selected),
        (0, true),
        "a chosen value is shown"
    );
}

#[test]
fn few_values_are_the_most_frequent() {
    let searcher = searcher();
    let options = SearchOptions {
        facets: Some(1),
        limit: 0,
        ..SearchOptions::default()
    };
    let results = searcher.search("", &options).unwrap();
    let court = &results.facets[0];
    assert_eq!((court.counts.len(), court.values), (1, 3));
    assert_eq!(court.counts[0].value, "7_26");
    assert_eq!(
        searcher
            .search("", &SearchOptions::default())
            .unwrap()
            .facets,
        []
    );
}

#[test]
fn most_cited_first() {
    let searcher = searcher();
    let options = SearchOptions {
        sort: Sort::MostCited,
        limit: 3,
        ..SearchOptions::default()
    };
    let results = searcher.search("", &options).unwrap();
    let found: Vec<(&str, u64)> = results
        .hits
        .iter()
        .map(|hit| (hit.key.as_str(), hit.cited_by))
        .collect();
    assert_eq!(&found[..2], [("d02", 7), ("d03", 2)]);
}

#[test]
fn an_export_holds_every_match_in_order() {
    let searcher = searcher();
    for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest, Sort::MostCited] {
        for query in ["", "bail", "state OR revenue", "2025 INSC 555"] {
            let mut options = filtered(&[]);
            options.sort = sort;
            let results = searcher.search(query, &options).unwrap();
            let mut exported = Vec::new();
            let given = searcher.export(query, &options, &mut |hit| {
                exported.push(hit);
                ControlFlow::Continue(())
            });
            assert_eq!(given.unwrap(), results.total as u64);
            assert_eq!(exported, results.hits, "{query} {sort:?}");
        }
    }
    let mut seen = 0;
    let given = searcher.export("", &SearchOptions::default(), &mut |_| {
        seen += 1;
        if seen == 5 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!((given.unwrap(), seen), (5, 5));
    let one = filtered(&[(FacetName::Year, "2018")]);
    assert_eq!(
        searcher
            .export("", &one, &mut |_| ControlFlow::Continue(()))
            .unwrap(),
        1
    );
}

#[test]
fn a_document_is_read_back() {
    let searcher = searcher();
    let held = searcher.document("d02").unwrap().unwrap();
    assert_eq!(held.pages.len(), 3);
    assert_eq!(
        held.pages[0].text,
        "Civil appeal against the award of the arbitrator."
    );
    assert_eq!((held.pages[1].page, held.pages[1].text.as_str()), (2, ""));
    assert_eq!(held.provisions, ["Arbitration Act s 34"]);
    assert_eq!((held.hit.cited_by, held.hit.pages), (7, 3));
    assert_eq!(held.hit.case_type.as_deref(), Some("CA"));
    let third = searcher.document("d03").unwrap().unwrap();
    assert_eq!(third.cites, ["2025 INSC 555", "(2017) 10 SCC 1"]);
    assert_eq!(
        third.hit.neutral_citation.as_deref(),
        Some("2025:BHC-AS:77")
    );
    assert_eq!(
        (third.hit.kind.as_str(), third.hit.judges.len()),
        ("order", 1)
    );
    assert_eq!(searcher.document("nobody").unwrap(), None);
}

#[test]
fn judgments_that_are_new_since_a_moment() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = IndexWriter::open(dir.path(), 20_000_000).unwrap();
    let mut all = documents();
    let last = all.pop().unwrap();
    for document in all.clone() {
        writer.upsert(document).unwrap();
    }
    writer.commit("1").unwrap();
    let searcher = writer.searcher().unwrap();
    let moment = searcher.newest().unwrap();
    assert!(moment > 0);
    let new = |searcher: &Searcher| {
        let options = SearchOptions {
            added_after: Some(moment),
            ..SearchOptions::default()
        };
        let results = searcher.search("", &options).unwrap();
        results
            .hits
            .into_iter()
            .map(|hit| hit.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(new(&searcher), Vec::<String>::new());
    // A changed judgment is not new; one that was never there is.
    let mut changed = all[0].clone();
    changed.version = "other".into();
    changed.pages.push((9, "more".into()));
    assert!(writer.upsert(changed).unwrap());
    assert!(writer.upsert(last.clone()).unwrap());
    writer.commit("2").unwrap();
    assert_eq!(new(&searcher), Vec::<String>::new(), "not before a reload");
    searcher.reload().unwrap();
    assert_eq!(new(&searcher), std::slice::from_ref(&last.key));
    // Nor is one new that an index made anew takes up again.
    let mut again = IndexWriter::in_memory(20_000_000).unwrap();
    for mut document in all {
        document.facts.first_seen = jiff::Timestamp::from_microsecond(moment).ok();
        again.upsert(document).unwrap();
    }
    again.commit("1").unwrap();
    assert_eq!(new(&again.searcher().unwrap()), Vec::<String>::new());
}

#[test]
fn near_duplicates_are_folded() {
    let mut writer = IndexWriter::in_memory(20_000_000).unwrap();
    for number in 0..40 {
        let key = format!("k{number:02}");
        let date = format!("2020-01-{:02}", number % 28 + 1);
        let mut one = document(&key, judgment(&key, &date), &["the same batch of appeals"]);
        one.facts.group = (number < 30).then_some(5);
        writer.upsert(one).unwrap();
    }
    writer.commit("1").unwrap();
    let searcher = writer.searcher().unwrap();
    let options = SearchOptions {
        limit: 5,
        collapse: true,
        ..SearchOptions::default()
    };
    let results = searcher.search("appeals", &options).unwrap();
    assert_eq!((results.total, results.hits.len()), (40, 5));
    let folded = results.hits.iter().filter(|hit| hit.copies == 29).count();
    assert_eq!(folded, 1);
    let all = SearchOptions {
        limit: 100,
        ..options.clone()
    };
    assert_eq!(searcher.search("appeals", &all).unwrap().hits.len(), 11);
    let second = SearchOptions {
        offset: 5,
        ..options
    };
    let next = searcher.search("appeals", &second).unwrap();
    let keys =
        |hits: &[nirnay_index::Hit]| hits.iter().map(|hit| hit.key.clone()).collect::<Vec<_>>();
    let whole = searcher.search("appeals", &all).unwrap();
    assert_eq!(
        [keys(&results.hits), keys(&next.hits)].concat(),
        keys(&whole.hits)[..10]
    );
}

#[test]
fn an_index_finds_what_it_holds() {
    let searcher = searcher();
    assert_eq!(searcher.lost(1_000).unwrap(), Vec::<String>::new());
    assert_eq!(searcher.lost(3).unwrap(), Vec::<String>::new());
}
