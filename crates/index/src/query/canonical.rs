//! A tree as text: the query as it was understood, with every operator written out.

use super::operator::operator;
use super::tree::{Form, Gap, Leaf, Tree};

impl Tree {
    /// The query in canonical form. It parses to the same tree.
    pub(crate) fn canonical(&self) -> String {
        match self {
            Self::Everything => String::new(),
            Self::Leaf(leaf) => leaf.canonical(),
            Self::Not(inner) => format!("NOT {}", inner.enclosed()),
            Self::And(parts) => joined(parts, " AND "),
            Self::Or(parts) => joined(parts, " OR "),
            Self::Near(operands, gaps) => near(operands, gaps),
        }
    }

    fn enclosed(&self) -> String {
        match self {
            Self::And(_) | Self::Or(_) | Self::Near(..) => format!("({})", self.canonical()),
            _ => self.canonical(),
        }
    }
}

fn joined(parts: &[Tree], operator: &str) -> String {
    let parts: Vec<String> = parts.iter().map(Tree::enclosed).collect();
    parts.join(operator)
}

fn near(operands: &[Tree], gaps: &[Gap]) -> String {
    let mut out = String::new();
    for (at, operand) in operands.iter().enumerate() {
        if let Some(gap) = at.checked_sub(1).and_then(|at| gaps.get(at)) {
            let sign = if gap.ordered { '@' } else { '/' };
            out.push(' ');
            out.push(sign);
            out.push_str(&gap.words.to_string());
            out.push(' ');
        }
        out.push_str(&operand.enclosed());
    }
    out
}

impl Leaf {
    fn canonical(&self) -> String {
        let field = self
            .field
            .map_or(String::new(), |field| format!("{}:", field.name()));
        let text = &self.text;
        // Where it stands first, a dash excludes.
        let (excludes, bare) = match (self.field, text.trim_start_matches('-')) {
            (None, bare) if bare.len() < text.len() => (true, bare),
            _ => (false, text.as_str()),
        };
        match self.form {
            // A word that is an operator elsewhere.
            Form::Word if excludes || !matches!(operator(text, 0), Ok(None)) => {
                format!("{field}\"{text}\"")
            }
            Form::Word => format!("{field}{text}"),
            Form::Prefix => format!("{field}{bare}*"),
            Form::Fuzzy(distance) => format!("{field}{bare}~{distance}"),
            Form::Phrase { slop: 0 } => format!("{field}\"{text}\""),
            Form::Phrase { slop } => format!("{field}\"{text}\"~{slop}"),
        }
    }
}
