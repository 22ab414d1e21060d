//! From tokens to a tree, by recursive descent over the grammar of the module.

use super::lex::{Kind, Lexeme, lex};
use super::tree::{FieldName, Form, Leaf, Tree};
use crate::QueryError;

/// The tree of `query`.
pub(crate) fn parse(query: &str) -> Result<Tree, QueryError> {
    let lexemes = lex(query)?;
    if lexemes.is_empty() {
        return Ok(Tree::Everything);
    }
    let mut parser = Parser { lexemes, at: 0 };
    parser.either(None)
}

struct Parser {
    /// Brackets are balanced in these, which is why recursion ends and the input is used up.
    lexemes: Vec<Lexeme>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Kind> {
        self.lexemes.get(self.at).map(|lexeme| &lexeme.kind)
    }

    fn either(&mut self, field: Option<FieldName>) -> Result<Tree, QueryError> {
        let mut branches = vec![self.all(field)?];
        while let Some(Kind::Or) = self.peek() {
            self.at += 1;
            branches.push(self.all(field)?);
        }
        Ok(one_or(branches, Tree::Or))
    }

    fn all(&mut self, field: Option<FieldName>) -> Result<Tree, QueryError> {
        let mut parts = vec![self.part(field)?];
        loop {
            match self.peek() {
                None | Some(Kind::Close | Kind::Or) => return Ok(one_or(parts, Tree::And)),
                Some(Kind::And) => self.at += 1,
                Some(_) => {}
            }
            parts.push(self.part(field)?);
        }
    }

    fn part(&mut self, field: Option<FieldName>) -> Result<Tree, QueryError> {
        // A loop, not recursion: a query may hold any number of NOTs.
        let mut negated = false;
        while let Some(Kind::Not) = self.peek() {
            negated = !negated;
            self.at += 1;
        }
        let tree = self.primary(field)?;
        Ok(if negated {
            Tree::Not(Box::new(tree))
        } else {
            tree
        })
    }

    fn primary(&mut self, field: Option<FieldName>) -> Result<Tree, QueryError> {
        let Some(Lexeme { position, kind }) = self.lexemes.get(self.at).cloned() else {
            return Err(self.missing());
        };
        let (form, text) = match kind {
            Kind::Word(text) => (Form::Word, text),
            Kind::Prefix(text) => (Form::Prefix, text),
            Kind::Phrase { text, slop } => (Form::Phrase { slop }, text),
            Kind::Open => {
                self.at += 1;
                let group = self.either(field)?;
                // The scanner has balanced the brackets: this is the closing one.
                self.at += 1;
                return Ok(group);
            }
            Kind::Field(inner) => {
                self.at += 1;
                return match self.peek() {
                    Some(Kind::Word(_) | Kind::Prefix(_) | Kind::Phrase { .. } | Kind::Open) => {
                        self.primary(Some(inner))
                    }
                    _ => Err(QueryError::at(
                        position,
                        "this field has no value",
                        "write what to look for directly after the colon: title:mehta",
                    )),
                };
            }
            Kind::Close | Kind::And | Kind::Or | Kind::Not => return Err(self.missing()),
        };
        self.at += 1;
        Ok(Tree::Leaf(Leaf {
            field,
            form,
            text,
            position,
        }))
    }

    /// The error where a word, a phrase or a group should stand.
    fn missing(&self) -> QueryError {
        let previous = self.at.checked_sub(1).and_then(|at| self.lexemes.get(at));
        match (previous, self.lexemes.get(self.at)) {
            (
                Some(Lexeme {
                    position,
                    kind: Kind::Open,
                }),
                Some(Lexeme {
                    kind: Kind::Close, ..
                }),
            ) => QueryError::at(
                *position,
                "these brackets are empty",
                "write something between them, or remove them",
            ),
            (
                _,
                Some(Lexeme {
                    position,
                    kind: kind @ (Kind::And | Kind::Or),
                }),
            ) => dangling(*position, kind, "before"),
            (Some(Lexeme { position, kind }), _) => dangling(*position, kind, "after"),
            (None, _) => QueryError::general("nothing to search for", "write a word or a phrase"),
        }
    }
}

fn dangling(position: usize, kind: &Kind, side: &str) -> QueryError {
    let name = match kind {
        Kind::And => "AND",
        Kind::Or => "OR",
        _ => "NOT",
    };
    QueryError::at(
        position,
        format!("{name} has nothing {side} it"),
        format!(
            "write a word {side} it, or write {} in small letters to search for that word",
            name.to_lowercase()
        ),
    )
}

fn one_or(mut trees: Vec<Tree>, many: fn(Vec<Tree>) -> Tree) -> Tree {
    match (trees.len(), trees.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            trees.push(last);
            many(trees)
        }
        (_, None) => Tree::Everything,
    }
}

#[cfg(test)]
mod tests {
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
            Tree::Leaf(leaf) => {
                let field = leaf
                    .field
                    .map_or(String::new(), |field| format!("{field:?}:").to_lowercase());
                match leaf.form {
                    Form::Word => format!("{field}{}", leaf.text),
                    Form::Prefix => format!("{field}{}*", leaf.text),
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
            ("a and b or c", "(and a and b or c)"),
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
            ("a OR", Some(2), "OR has nothing after it", "small letters"),
            (
                "(a AND ) b",
                Some(3),
                "AND has nothing after it",
                "small letters",
            ),
            ("OR b", Some(0), "OR has nothing before it", "small letters"),
            (
                "a AND OR b",
                Some(6),
                "OR has nothing before it",
                "small letters",
            ),
            ("NOT", Some(0), "NOT has nothing after it", "small letters"),
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
                "title, party, judge",
            ),
            ("title:", Some(0), "no value", "title:mehta"),
            ("title: OR x", Some(0), "no value", "title:mehta"),
            ("न्याय (b", Some(6), "never closed", "add a )"),
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

    proptest::proptest! {
        /// Any text is parsed or refused; what is refused has a place inside it and a hint.
        #[test]
        fn any_text_is_answered(query in "([ab\\\"()*:~ -]|AND|OR|NOT|title:|\\PC){0,60}") {
            if let Err(error) = parse(&query) {
                proptest::prop_assert!(!error.hint.is_empty());
                proptest::prop_assert!(error.position.is_some_and(|at| at < query.chars().count()));
            }
        }
    }
}
