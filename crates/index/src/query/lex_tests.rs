//! The scanner's tests.

use super::*;

fn kinds(query: &str) -> Vec<Kind> {
    lex(query)
        .unwrap()
        .into_iter()
        .map(|lexeme| lexeme.kind)
        .collect()
}

fn word(text: &str) -> Kind {
    Kind::Word(text.to_owned())
}

#[test]
fn brackets_inside_a_word_belong_to_it() {
    assert_eq!(kinds("WP(C)/1/2024"), [word("WP(C)/1/2024")]);
    assert_eq!(kinds("482(1)(b)"), [word("482(1)(b)")]);
    assert_eq!(kinds("(482(1))"), [Kind::Open, word("482(1)"), Kind::Close]);
    assert_eq!(kinds("W.P.(C) a"), [word("W.P.(C)"), word("a")]);
    assert_eq!(
        kinds("NOT(a)"),
        [Kind::Not, Kind::Open, word("a"), Kind::Close]
    );
    assert_eq!(
        kinds("a (b c)"),
        [word("a"), Kind::Open, word("b"), word("c"), Kind::Close]
    );
}

#[test]
fn colons() {
    assert_eq!(kinds("Title:x"), [Kind::Field(FieldName::Title), word("x")]);
    assert_eq!(
        kinds("title: x"),
        [Kind::Field(FieldName::Title), word("x")]
    );
    assert_eq!(
        kinds("title:a:b"),
        [Kind::Field(FieldName::Title), word("a:b")]
    );
    for plain in [
        "2023:DHC:2720",
        "re:x",
        "NC:2024",
        "KHC:2024",
        "http://x",
        "foo:",
        ":x",
    ] {
        assert_eq!(kinds(plain), [word(plain)], "{plain}");
    }
}

#[test]
fn dashes_wildcards_and_quotes() {
    assert_eq!(
        kinds("-a non-bailable -"),
        [Kind::Not, word("a"), word("non-bailable"), word("-")]
    );
    assert_eq!(
        kinds("title:-a"),
        [Kind::Field(FieldName::Title), word("-a")]
    );
    assert_eq!(
        kinds("bail* x**"),
        [Kind::Prefix("bail".into()), Kind::Prefix("x".into())]
    );
    let phrase = |text: &str, slop| Kind::Phrase {
        text: text.into(),
        slop,
    };
    assert_eq!(
        kinds("\u{201c}a b\u{201d}~5 \"c\""),
        [phrase("a b", 5), phrase("c", 0)]
    );
}
