//! The HTML parser behind its guards: text in, a tree of bounded size out.

use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{QualName, local_name, ns};
use scraper::{Html, HtmlTreeSink};

use crate::guard;

/// The largest tree, in nodes. Rows have 40 to 200; tags that are never closed are repeated by the
/// parser in every block that follows, so that a few thousand of them make millions of nodes.
const MOST_NODES: usize = 10_000;

/// Parses a fragment of a page's body; or says what is too much about it.
pub(crate) fn parse(html: &str) -> Result<Html, String> {
    guard::check(html)?;
    let mut parser = driver::parse_fragment(
        HtmlTreeSink::new(Html::new_fragment()),
        ParseOpts::default(),
        QualName::new(None, ns!(html), local_name!("body")),
        Vec::new(),
        false,
    );
    // Tag by tag: the count is looked at before the next one can add to it.
    for piece in html.split_inclusive('>') {
        parser.process(StrTendril::from_slice(piece));
        let nodes = parser.tokenizer.sink.sink.0.borrow().tree.values().len();
        if nodes > MOST_NODES {
            return Err(format!("more than {MOST_NODES} nodes"));
        }
    }
    let html = parser.finish();
    let depth = depth(&html);
    if depth > guard::MOST_DEPTH {
        return Err(format!("a tree {depth} levels deep"));
    }
    Ok(html)
}

/// The deepest level of a tree; everything that walks up from its texts costs as much for each.
fn depth(html: &Html) -> usize {
    let mut node = html.tree.root();
    let (mut depth, mut deepest) = (1_usize, 1);
    loop {
        if let Some(child) = node.first_child() {
            node = child;
            depth += 1;
            deepest = deepest.max(depth);
            continue;
        }
        while node.next_sibling().is_none() {
            let Some(parent) = node.parent() else {
                return deepest;
            };
            node = parent;
            depth -= 1;
        }
        if let Some(next) = node.next_sibling() {
            node = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(html: &str) -> usize {
        parse(html).map_or(0, |html| html.tree.values().len())
    }

    #[test]
    fn a_tree_is_the_one_that_is_built_at_once() {
        for html in [
            "",
            "a < b > c &amp; d &copy e",
            "<b>1<p>2</b>3</p><table>x<tr><td>y</table><!-- > -->",
            "<a href='x>y'>z</a><svg><title>q</title></svg><select><option>1<option>2",
            "</br><br/></p><script>1 > 2</script><i",
        ] {
            assert_eq!(parse(html).unwrap(), Html::parse_fragment(html), "{html}");
        }
    }

    #[test]
    fn levels_are_counted() {
        assert_eq!(depth(&Html::new_fragment()), 1);
        assert_eq!(depth(&Html::parse_fragment("<p><b>x</b></p><i>y</i>")), 5);
    }

    #[test]
    fn what_the_guard_cannot_see_is_counted() {
        // Formatting tags that are never closed come again in every paragraph.
        let fonts = (0..120).fold(String::new(), |html, n| html + &format!("<font a{n}=1>"));
        let again = format!("<p>{fonts}{}", "</p><p>x".repeat(1500));
        // The tags stand in what looks like a quoted value to a hasty eye.
        let hidden = format!("<a x=y=\"z>{}\">", "<div>".repeat(2000));
        // End tags that close nothing, because a cell stands in between.
        let barred = "<font a=1><table><td></font></td></table>".repeat(300);
        // End tags that are text.
        let raw = "<div><title></div></title>".repeat(1000);
        for bomb in [again, hidden, barred, raw] {
            let head: String = bomb.chars().take(60).collect();
            assert!(parse(&bomb).is_err(), "{head}: {} nodes", nodes(&bomb));
        }
    }
}
