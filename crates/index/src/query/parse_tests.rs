//! The parser's tests.

use super::*;

/// The tree in prefix notation.
fn show(tree: &Tree) -> String {
    let list = |name: &str, parts: &[Tree]| {
        let parts: Vec<String> = parts.iter().map(show).collect();
        format!("({name} {})", parts.join(" "))
    };
    match tree {
        Tree::Everything => "*".into(),
        Tree::And(parts) => list("and", parts),
        Tree::Or(parts) => list("or", parts),
        Tree::Not(inner) => format!("(not {})", show(inner)),
        Tree::Near(operands, gaps) => {
            let gap = |gap: &Gap| format!("{}{}", if gap.ordered { '@' } else { '/' }, gap.words);
            let gaps: Vec<String> = gaps.iter().map(gap).collect();
            list(&gaps.join(" "), operands)
        }
        Tree::Leaf(leaf) => {
            let field = leaf
                .field
                .map_or(String::new(), |field| format!("{field:?}:").to_lowercase());
            match leaf.form {
                Form::Word => format!("{field}{}", leaf.text),
                Form::Prefix => format!("{field}{}*", leaf.text),
                Form::Fuzzy(distance) => format!("{field}{}~{distance}", leaf.text),
                Form::Phrase { slop: 0 } => format!("{field}[{}]", leaf.text),
                Form::Phrase { slop } => format!("{field}[{}]~{slop}", leaf.text),
            }
        }
    }
}

#[test]
fn good_queries() {
    for (query, expected) in [
        ("", "*"),
        ("  ", "*"),
        ("bail", "bail"),
        ("anticipatory bail", "(and anticipatory bail)"),
        ("a AND b", "(and a b)"),
        ("a and b or c", "(or (and a b) c)"),
        ("a OR b c", "(or a (and b c))"),
        ("a b OR c d OR e", "(or (and a b) (and c d) e)"),
        ("a ORR b ANDD NOTT c", "(or a (and b (not c)))"),
        ("(a OR b) c", "(and (or a b) c)"),
        ("((a))", "a"),
        ("a NOT b", "(and a (not b))"),
        ("a -b -(c d)", "(and a (not b) (not (and c d)))"),
        ("NOT NOT a", "a"),
        ("NOT -a b", "(and a b)"),
        ("\"a b\" c", "(and [a b] c)"),
        ("\"a b\"~3", "[a b]~3"),
        (
            "title:mehta judge:\"d y c\"",
            "(and title:mehta judge:[d y c])",
        ),
        ("title:(a OR judge:b) c", "(and (or title:a judge:b) c)"),
        ("-title:x", "(not title:x)"),
        ("cnr:DLHC* bail*", "(and cnr:DLHC* bail*)"),
        ("cite:x parties:y text:z", "(and citation:x party:y body:z)"),
        ("उच्च OR நீதி", "(or उच्च நீதி)"),
        ("a /5 b", "(/5 a b)"),
        ("a W/5 b @3 \"c d\" e", "(and (/5 @3 a b [c d]) e)"),
        ("(a OR b*) near c", "(/10 (or a b*) c)"),
        ("a NEAR/3 b or c", "(or (/3 a b) c)"),
        ("near the station", "(and near the station)"),
        ("the station near", "(and the station near)"),
        ("not a /2 b", "(not (/2 a b))"),
        ("title:(a /3 b)", "(/3 title:a title:b)"),
        ("Kulkarni~ bails~1", "(and Kulkarni~2 bails~1)"),
        (
            "case:S/5 act:x section:\"302 IPC\"",
            "(and case:S/5 statute:x section:[302 IPC])",
        ),
        (
            "date:2020-01-01..2021 after:\"last year\"",
            "(and date:2020-01-01..2021 after:[last year])",
        ),
    ] {
        assert_eq!(show(&parse(query).unwrap()), expected, "{query}");
    }
}

#[test]
fn errors_name_the_place_and_a_way_out() {
    for (query, position, message, hint) in [
        (
            "a \"b c",
            Some(2),
            "quotation mark is never closed",
            "add a \"",
        ),
        ("a (b (c)", Some(2), "bracket is never closed", "add a )"),
        ("a) b", Some(1), "bracket was never opened", "remove the )"),
        ("a ()", Some(2), "brackets are empty", "between them"),
        ("a OR", Some(2), "OR has nothing after it", "in quotes"),
        (
            "(a AND ) b",
            Some(3),
            "AND has nothing after it",
            "in quotes",
        ),
        ("OR b", Some(0), "OR has nothing before it", "in quotes"),
        (
            "a AND OR b",
            Some(6),
            "OR has nothing before it",
            "in quotes",
        ),
        ("NOT", Some(0), "NOT has nothing after it", "in quotes"),
        ("a *b", Some(2), "cannot begin with a wildcard", "bail*"),
        ("a b*c", Some(3), "only works at the end", "bail*"),
        ("*", Some(0), "needs the beginning", "letters"),
        ("\"a b*\"", Some(4), "inside quotes", "out of the quotes"),
        ("\"a b\"~99", Some(6), "at most 50", "without quotes"),
        (
            "titel:x",
            Some(0),
            "no field called titel",
            "did you mean title:",
        ),
        (
            "a flavour:x",
            Some(2),
            "no field called flavour",
            "title, party, petitioner",
        ),
        ("title:", Some(0), "no value", "title:mehta"),
        ("title: OR x", Some(0), "no value", "title:mehta"),
        ("न्याय (b", Some(6), "never closed", "add a )"),
        ("a /5", Some(2), "/5 has nothing after it", "in quotes"),
        ("/5 a", Some(0), "/5 has nothing before it", "in quotes"),
        ("a /0 b", Some(2), "1 to 100", "AND"),
        ("a w/999 b", Some(2), "1 to 100", "AND"),
        ("a /s b", Some(2), "sentence", "/15"),
        ("(a b) /5 c", Some(6), "stands between", "parole"),
        ("title:a /5 c", Some(8), "one field", "title:("),
        ("bai~ x", Some(3), "too few letters", "spelled"),
        ("bails~3 x", Some(5), "one or two", "~1"),
        ("bails*~", Some(6), "do not go together", "bail~"),
    ] {
        let error = parse(query).unwrap_err();
        assert_eq!(error.position, position, "{query}: {error:?}");
        assert!(error.message.contains(message), "{query}: {error:?}");
        assert!(error.hint.contains(hint), "{query}: {error:?}");
    }
}

#[test]
fn limits() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(16)).is_ok());
    assert_eq!(parse(&nested(17)).unwrap_err().position, Some(16));
    assert!(parse(&"a ".repeat(32)).is_ok());
    assert_eq!(parse(&"a ".repeat(33)).unwrap_err().position, Some(64));
    assert!(parse(&"अ".repeat(1_000)).is_ok());
    assert_eq!(parse(&"अ".repeat(1_001)).unwrap_err().position, Some(1_000));
    assert!(parse(&format!("{}a", "NOT ".repeat(249))).is_ok());
}

#[test]
fn what_was_understood_is_understood_again() {
    for (query, expected) in [
        ("", ""),
        ("bail", "bail"),
        ("a b or not c", "(a AND b) OR NOT c"),
        ("a -(b c)", "a AND NOT (b AND c)"),
        ("parties:x /5 y", ""),
        (
            "title:(mehta w/3 sons) evict*",
            "(title:mehta /3 title:sons) AND evict*",
        ),
        ("\u{201c}a b\u{201d}~5 act:IPC", "\"a b\"~5 AND statute:IPC"),
        ("near Kulkarni~", "\"near\" AND Kulkarni~2"),
    ] {
        let Ok(tree) = parse(query) else {
            assert_eq!(expected, "", "{query}");
            continue;
        };
        assert_eq!(tree.canonical(), expected, "{query}");
        let again = parse(&tree.canonical()).unwrap();
        assert_eq!(again.canonical(), tree.canonical(), "{query}");
    }
}

/// A dash that is part of a word, behind a quotation mark, excludes nothing when the query is written again.
#[test]
fn a_dash_inside_stays_inside() {
    for query in ["\"a\"-b", "AND:\"\"-~-", "\"a\"-bail*", "\"a\"-bailed~"] {
        let tree = parse(query).unwrap();
        let again = parse(&tree.canonical()).unwrap();
        assert_eq!(again.canonical(), tree.canonical(), "{query}");
        assert!(!tree.canonical().contains("NOT"), "{query}");
        assert!(!again.canonical().contains("NOT"), "{query}");
    }
}

proptest::proptest! {
    /// Any text is parsed or refused; what is refused has a place inside it and a hint.
    #[test]
    fn any_text_is_answered(query in "([ab\\\"()*:~ -]|AND|OR|NOT|title:|\\PC){0,60}") {
        if let Ok(tree) = parse(&query)
            && let Ok(again) = parse(&tree.canonical())
        {
            proptest::prop_assert_eq!(again.canonical(), tree.canonical());
        }
        if let Err(error) = parse(&query) {
            proptest::prop_assert!(!error.hint.is_empty());
            proptest::prop_assert!(error.position.is_some_and(|at| at < query.chars().count()));
        }
    }
}
