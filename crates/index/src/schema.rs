//! The fields of the index.

use jiff::civil::Date;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};

use crate::text::{EXACT, LOOSE};

/// The fields by role.
///
/// `body` and `head` exist twice: with positions in exact spelling, for phrases and prefixes, and
/// without positions in loose spelling, for words. The second costs a tenth of the first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Row key: what an update replaces.
    pub(crate) key: Field,
    /// The version of the document handed in.
    pub(crate) version: Field,
    /// Canonical identifiers of all kinds, see the `identifier` module.
    pub(crate) identifier: Field,
    pub(crate) cnr: Field,
    pub(crate) court: Field,
    pub(crate) bench: Field,
    pub(crate) kind: Field,
    pub(crate) disposal: Field,
    /// Decision date as the number `YYYYMMDD`.
    pub(crate) decided: Field,
    /// A hash of the key: the last resort of every order.
    pub(crate) tie: Field,
    /// Everything the portal printed that names the case, its people and its court.
    pub(crate) head: Field,
    pub(crate) head_loose: Field,
    pub(crate) body: Field,
    pub(crate) body_loose: Field,
    pub(crate) title: Field,
    pub(crate) party: Field,
    pub(crate) judge: Field,
    pub(crate) court_text: Field,
    pub(crate) bench_text: Field,
    pub(crate) citation_text: Field,
    pub(crate) case_text: Field,
    pub(crate) disposal_text: Field,
    /// What a hit shows, as JSON.
    pub(crate) card: Field,
}

/// Name of the fast field of decision dates.
pub(crate) const DECIDED: &str = "decided";
/// Name of the fast field of tie-breakers.
pub(crate) const TIE: &str = "tie";
/// Name of the fast field of keys.
pub(crate) const KEY: &str = "key";
/// Name of the fast field of versions.
pub(crate) const VERSION: &str = "version";

/// The schema and its fields. Any change makes existing indexes unusable, which is how a schema is
/// versioned: they are derived, and built again.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fields = Fields {
        key: builder.add_text_field(KEY, STRING | FAST),
        version: builder.add_text_field(VERSION, FAST),
        identifier: builder.add_text_field("identifier", STRING),
        cnr: builder.add_text_field("cnr", STRING),
        court: builder.add_text_field("court", STRING | FAST),
        bench: builder.add_text_field("bench", STRING | FAST),
        kind: builder.add_text_field("kind", STRING),
        disposal: builder.add_text_field("disposal", STRING | FAST),
        decided: builder.add_i64_field(DECIDED, INDEXED | FAST),
        tie: builder.add_u64_field(TIE, FAST),
        head: exact(&mut builder, "head"),
        head_loose: loose(&mut builder, "head_loose"),
        body: builder.add_text_field("body", exact_options() | STORED),
        body_loose: loose(&mut builder, "body_loose"),
        title: exact(&mut builder, "title"),
        party: exact(&mut builder, "party"),
        judge: exact(&mut builder, "judge"),
        court_text: exact(&mut builder, "court_text"),
        bench_text: exact(&mut builder, "bench_text"),
        citation_text: exact(&mut builder, "citation_text"),
        case_text: exact(&mut builder, "case_text"),
        disposal_text: exact(&mut builder, "disposal_text"),
        card: builder.add_bytes_field("card", STORED),
    };
    (builder.build(), fields)
}

fn exact_options() -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(EXACT)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    )
}

fn exact(builder: &mut SchemaBuilder, name: &str) -> Field {
    builder.add_text_field(name, exact_options())
}

fn loose(builder: &mut SchemaBuilder, name: &str) -> Field {
    builder.add_text_field(
        name,
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(LOOSE)
                .set_index_option(IndexRecordOption::WithFreqs),
        ),
    )
}

/// A date as a number that sorts like it.
pub(crate) fn day_number(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}
