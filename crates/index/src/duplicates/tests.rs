//! Crowds of texts that are alike: what is looked at for one of them.

use tantivy::TantivyDocument;

use super::fingerprint::mix;
use super::*;
use crate::engine::Engine;
use crate::schema::Fields;

/// What an index keeps of a document of this group.
fn kept(fields: &Fields, print: &Fingerprint, (group, sketch): Founder) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_u64(fields.group, group);
    for number in sketch.numbers() {
        document.add_u64(fields.sketch, *number);
    }
    for band in print.bands {
        document.add_u64(fields.bands, band);
    }
    document
}

/// Adds the documents of which the words have these hashes, committing now and then, and gives the group of
/// each and the most groups that one was compared with.
fn grouped(texts: impl Iterator<Item = Vec<u64>>) -> (Vec<u64>, usize) {
    let Engine {
        index,
        reader,
        fields,
        ..
    } = Engine::in_memory().unwrap();
    let mut writer = index.writer_with_num_threads(1, 20_000_000).unwrap();
    let (mut groups, mut found, mut most) = (Groups::default(), Vec::new(), 0);
    for (tie, words) in (1..).zip(texts) {
        let print = fingerprint(&words).unwrap();
        let searcher = reader.searcher();
        let candidates = groups.candidates(&searcher, &fields, &print).unwrap();
        most = most.max(candidates.len());
        let founder = groups.join(&searcher, &fields, &print, tie).unwrap();
        writer.add_document(kept(&fields, &print, founder)).unwrap();
        found.push(founder.0);
        assert!(
            groups
                .by_band
                .values()
                .all(|held| held.len() <= MAX_COMPARED)
        );
        if tie % 900 == 0 {
            writer.commit().unwrap();
            reader.reload().unwrap();
            groups.committed();
        }
    }
    (found, most)
}

fn number_of_groups(groups: &[u64]) -> usize {
    groups
        .iter()
        .collect::<std::collections::HashSet<_>>()
        .len()
}

/// A text of `words` words, every sixteenth of which is its own.
fn form(number: u64, words: u64) -> Vec<u64> {
    (0..words)
        .map(|place| {
            mix(if place % 16 == 0 {
                place + number * 1_000_000
            } else {
                place
            })
        })
        .collect()
}

#[test]
fn a_crowd_of_forms_is_not_a_group_and_costs_each_of_them_little() {
    let (groups, most) = grouped((0..5_000).map(|number| form(number, 320)));
    assert_eq!(number_of_groups(&groups), 5_000);
    assert!(most > 0 && most <= BANDS * MAX_COMPARED, "{most}");
    // Copies are found in the crowd none the less.
    let copied = (0..5_000).map(|number| form(number % 2_500, 320));
    let (groups, most) = grouped(copied);
    assert!(most <= BANDS * MAX_COMPARED, "{most}");
    let found = (0..2_500).filter(|number| groups[*number] == groups[number + 2_500]);
    let found = found.count();
    assert!(found > 2_400, "{found}");
}

#[test]
fn a_crowd_of_copies_is_one_group_and_one_comparison() {
    let (groups, most) = grouped((0..2_000).map(|_| form(1, 320)));
    assert_eq!((number_of_groups(&groups), most), (1, 1));
}

/// Each is nearly its neighbour; the last shares nothing with the first.
#[test]
fn groups_are_no_chains() {
    let texts = (0..60).map(|step| (step * 50..step * 50 + 2_000).map(mix).collect());
    let (groups, _) = grouped(texts);
    for (place, group) in groups.iter().enumerate() {
        let last = groups.iter().rposition(|other| other == group).unwrap();
        // Of 2,000 words, 350 on either side are more than three tenths of both.
        assert!(last - place <= 2 * 9, "{place} {last}");
    }
    assert!(number_of_groups(&groups) >= 5);
}
