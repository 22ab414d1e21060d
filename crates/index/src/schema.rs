//! The fields of the index.

use jiff::civil::Date;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};

use crate::text::{EXACT, LOOSE, PACKED_EXACT, PACKED_LOOSE};

/// The fields by role.
///
/// `body` and `head` exist twice: with positions in exact spelling, for phrases, prefixes and proximity, and
/// without positions in loose spelling, for words. The second costs a tenth of the first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Row key: what an update replaces.
    pub(crate) key: Field,
    /// The version of the document handed in.
    pub(crate) version: Field,
    /// Canonical identifiers of all kinds, see the `identifier` module.
    pub(crate) identifier: Field,
    /// Identifiers of other judgments that the text cites, in the same spelling.
    pub(crate) cites: Field,
    pub(crate) cnr: Field,
    pub(crate) court: Field,
    pub(crate) bench: Field,
    pub(crate) kind: Field,
    pub(crate) disposal: Field,
    /// Judges by name without titles.
    pub(crate) judge_name: Field,
    pub(crate) case_type: Field,
    pub(crate) language: Field,
    pub(crate) statute: Field,
    /// Provisions by number (`302`), by unit and number (`s 302`) and in full (`ipc s 302`).
    pub(crate) section: Field,
    /// Decision date as the number `YYYYMMDD`.
    pub(crate) decided: Field,
    /// Judgments of the lake that cite it.
    pub(crate) cited_by: Field,
    /// What near-duplicates share.
    pub(crate) group: Field,
    /// Tells how much of its text is that of another, see the `duplicates` module: of the founder of its group.
    pub(crate) sketch: Field,
    /// Numbers of which near-duplicates share one, see the `duplicates` module.
    pub(crate) bands: Field,
    /// Numbers under which other judgments cite it, see the `passage` module.
    pub(crate) own_links: Field,
    /// Numbers of the judgments that it cites.
    pub(crate) cited_links: Field,
    /// When the index first saw it, in microseconds since 1970.
    pub(crate) added: Field,
    /// A hash of the key: the last resort of every order.
    pub(crate) tie: Field,
    /// Everything the portal printed that names the case, its people and its court.
    pub(crate) head: Field,
    pub(crate) head_loose: Field,
    /// The text as it is shown, in shorthand. Its words are handed to `body` and `body_loose`, read already.
    pub(crate) text: Field,
    pub(crate) body: Field,
    pub(crate) body_loose: Field,
    pub(crate) title: Field,
    pub(crate) petitioner: Field,
    pub(crate) respondent: Field,
    /// Names of parties in Indic scripts, in Latin letters.
    pub(crate) roman: Field,
    pub(crate) judge: Field,
    pub(crate) court_text: Field,
    pub(crate) bench_text: Field,
    pub(crate) citation_text: Field,
    pub(crate) case_text: Field,
    pub(crate) disposal_text: Field,
    pub(crate) statute_text: Field,
    /// What a hit shows, as JSON.
    pub(crate) card: Field,
}

/// Names of the fast fields.
pub(crate) const KEY: &str = "key";
pub(crate) const VERSION: &str = "version";
pub(crate) const COURT: &str = "court";
pub(crate) const DECIDED: &str = "decided";
pub(crate) const JUDGE: &str = "judge_name";
pub(crate) const CASE_TYPE: &str = "case_type";
pub(crate) const DISPOSAL: &str = "disposal";
pub(crate) const LANGUAGE: &str = "language";
pub(crate) const KIND: &str = "kind";
pub(crate) const STATUTE: &str = "statute";
pub(crate) const CITED_BY: &str = "cited_by";
pub(crate) const GROUP: &str = "group";
pub(crate) const SKETCH: &str = "sketch_1";
pub(crate) const CITED_LINKS: &str = "cited_links";
pub(crate) const ADDED: &str = "added";
pub(crate) const TIE: &str = "tie";

/// The schema and its fields. Any change makes existing indexes unusable, which is how a schema is
/// versioned: they are derived, and built again.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fields = Fields {
        key: builder.add_text_field(KEY, STRING | FAST),
        version: builder.add_text_field(VERSION, FAST),
        identifier: builder.add_text_field("identifier", STRING),
        cites: builder.add_text_field("cites", STRING),
        cnr: builder.add_text_field("cnr", STRING),
        court: builder.add_text_field(COURT, STRING | FAST),
        bench: builder.add_text_field("bench", STRING | FAST),
        kind: builder.add_text_field(KIND, STRING | FAST),
        disposal: builder.add_text_field(DISPOSAL, STRING | FAST),
        judge_name: builder.add_text_field(JUDGE, STRING | FAST),
        case_type: builder.add_text_field(CASE_TYPE, STRING | FAST),
        language: builder.add_text_field(LANGUAGE, STRING | FAST),
        statute: builder.add_text_field(STATUTE, STRING | FAST),
        section: builder.add_text_field("section", STRING),
        decided: builder.add_i64_field(DECIDED, INDEXED | FAST),
        cited_by: builder.add_u64_field(CITED_BY, FAST),
        group: builder.add_u64_field(GROUP, INDEXED | FAST),
        sketch: builder.add_u64_field(SKETCH, FAST),
        bands: builder.add_u64_field("bands", INDEXED),
        own_links: builder.add_u64_field("own_links", INDEXED),
        cited_links: builder.add_u64_field(CITED_LINKS, FAST),
        added: builder.add_i64_field(ADDED, INDEXED | FAST),
        tie: builder.add_u64_field(TIE, FAST),
        head: exact(&mut builder, "head"),
        head_loose: loose(&mut builder, "head_loose"),
        text: builder.add_bytes_field("text_short_1", STORED),
        body: builder.add_text_field("body", exact_options(PACKED_EXACT)),
        body_loose: builder.add_text_field("body_loose", loose_options(PACKED_LOOSE)),
        title: exact(&mut builder, "title"),
        petitioner: exact(&mut builder, "petitioner"),
        respondent: exact(&mut builder, "respondent"),
        roman: exact(&mut builder, "roman"),
        judge: exact(&mut builder, "judge"),
        court_text: exact(&mut builder, "court_text"),
        bench_text: exact(&mut builder, "bench_text"),
        citation_text: exact(&mut builder, "citation_text"),
        case_text: exact(&mut builder, "case_text"),
        disposal_text: exact(&mut builder, "disposal_text"),
        statute_text: exact(&mut builder, "statute_text"),
        card: builder.add_bytes_field("card", STORED),
    };
    (builder.build(), fields)
}

fn exact_options(tokenizer: &str) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    )
}

fn exact(builder: &mut SchemaBuilder, name: &str) -> Field {
    builder.add_text_field(name, exact_options(EXACT))
}

fn loose_options(tokenizer: &str) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqs),
    )
}

fn loose(builder: &mut SchemaBuilder, name: &str) -> Field {
    builder.add_text_field(name, loose_options(LOOSE))
}

/// A date as a number that sorts like it.
pub(crate) fn day_number(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}
