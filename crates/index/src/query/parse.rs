//! From tokens to a tree, by recursive descent over the grammar of the module.

use super::lex::{Kind, Lexeme, lex};
use super::tree::{FieldName, Form, Gap, Leaf, Tree};
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
        let tree = self.near(field)?;
        Ok(if negated {
            Tree::Not(Box::new(tree))
        } else {
            tree
        })
    }

    /// Primaries at distances.
    fn near(&mut self, field: Option<FieldName>) -> Result<Tree, QueryError> {
        let first = self.primary(field)?;
        let (mut operands, mut gaps) = (vec![first], Vec::new());
        while let Some((gap, position)) = self.gap() {
            self.at += 1;
            operands.push(self.primary(field)?);
            gaps.push(gap);
            if operands.iter().all(is_operand) && one_field(&operands) {
                continue;
            }
            return Err(QueryError::at(
                position,
                "a distance stands between words, phrases or groups with OR, of one field",
                "write (bail OR parole) /5 refused, or title:(union /3 india)",
            ));
        }
        Ok(match (operands.len(), operands.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                operands.extend(last);
                Tree::Near(operands, gaps)
            }
        })
    }

    /// The distance that stands here. A bare `near` in small letters at the end of a part is a word.
    fn gap(&self) -> Option<(Gap, usize)> {
        let Some(Lexeme {
            position,
            kind: Kind::Near(gap, typed),
        }) = self.lexemes.get(self.at)
        else {
            return None;
        };
        let ends = matches!(
            self.lexemes.get(self.at + 1).map(|next| &next.kind),
            None | Some(Kind::Close | Kind::And | Kind::Or | Kind::Not | Kind::Near(..))
        );
        (typed != "near" || !ends).then_some((*gap, *position))
    }

    fn primary(&mut self, field: Option<FieldName>) -> Result<Tree, QueryError> {
        let Some(Lexeme { position, kind }) = self.lexemes.get(self.at).cloned() else {
            return Err(self.missing());
        };
        let (form, text) = match kind {
            Kind::Word(text) => (Form::Word, text),
            Kind::Prefix(text) => (Form::Prefix, text),
            Kind::Phrase { text, slop } => (Form::Phrase { slop }, text),
            Kind::Fuzzy(text, distance) => (Form::Fuzzy(distance), text),
            Kind::Near(_, typed) if typed == "near" => (Form::Word, typed),
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
                    Some(
                        Kind::Word(_)
                        | Kind::Prefix(_)
                        | Kind::Fuzzy(..)
                        | Kind::Phrase { .. }
                        | Kind::Open,
                    ) => self.primary(Some(inner)),
                    _ => Err(QueryError::at(
                        position,
                        "this field has no value",
                        "write what to look for directly after the colon: title:mehta",
                    )),
                };
            }
            Kind::Close | Kind::And | Kind::Or | Kind::Not | Kind::Near(..) => {
                return Err(self.missing());
            }
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
                    kind: kind @ (Kind::And | Kind::Or | Kind::Near(..)),
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
        Kind::Near(_, typed) => typed,
        _ => "NOT",
    };
    QueryError::at(
        position,
        format!("{name} has nothing {side} it"),
        format!(
            "write a word {side} it, or put it in quotes to search for that word: \"{}\"",
            name.to_lowercase()
        ),
    )
}

/// Whether a tree can stand at a distance from another.
fn is_operand(tree: &Tree) -> bool {
    let is_leaf = |tree: &Tree| {
        matches!(
            tree,
            Tree::Leaf(Leaf {
                form: Form::Word | Form::Prefix | Form::Phrase { slop: 0 },
                ..
            })
        )
    };
    match tree {
        Tree::Or(parts) => parts.iter().all(is_leaf),
        tree => is_leaf(tree),
    }
}

/// Whether all leaves are looked for in the same text.
fn one_field(trees: &[Tree]) -> bool {
    fn fields(tree: &Tree, found: &mut Vec<Option<FieldName>>) {
        match tree {
            Tree::Leaf(leaf) => found.push(leaf.field),
            Tree::Or(parts) => parts.iter().for_each(|part| fields(part, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for tree in trees {
        fields(tree, &mut found);
    }
    found.dedup();
    let is_text = |field: &Option<FieldName>| {
        matches!(
            field,
            None | Some(
                FieldName::Body
                    | FieldName::Title
                    | FieldName::Petitioner
                    | FieldName::Respondent
                    | FieldName::Judge
            )
        )
    };
    found.len() == 1 && found.iter().all(is_text)
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
#[path = "parse_tests.rs"]
mod tests;
