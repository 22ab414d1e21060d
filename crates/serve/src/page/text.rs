//! Text with marks, each script in its language.

use maud::{Markup, html};

use crate::script::stretches;

/// A text, its Indic stretches marked with their language.
pub(crate) fn plain(text: &str) -> Markup {
    html! {
        @for (tongue, part) in stretches(text) {
            @match tongue {
                None => (part),
                Some(tongue) => span lang=(tongue.lang) dir=[tongue.right_to_left.then_some("rtl")] { (part) },
            }
        }
    }
}

/// A text with byte ranges of it marked; `first` numbers the marks, so that pages count on.
pub(crate) fn marked(text: &str, marks: &[(usize, usize)], first: Option<usize>) -> Markup {
    let mut pieces = Vec::new();
    let mut at = 0;
    for &(start, end) in marks {
        let (Some(before), Some(hit)) = (text.get(at..start), text.get(start..end)) else {
            continue;
        };
        pieces.push((before, hit));
        at = end;
    }
    let rest = text.get(at..).unwrap_or("");
    html! {
        @for (place, (before, hit)) in pieces.into_iter().enumerate() {
            (plain(before))
            mark id=[first.map(|first| format!("hit-{}", first + place))] { (plain(hit)) }
        }
        (plain(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_escaped_and_marked() {
        let text = "<b>bail</b> & ज़मानत";
        let html = marked(text, &[(3, 7), (14, text.len())], Some(4)).into_string();
        assert_eq!(
            html,
            "&lt;b&gt;<mark id=\"hit-4\">bail</mark>&lt;/b&gt; &amp; <mark id=\"hit-5\"><span lang=\"hi\">ज़मानत</span></mark>"
        );
        // Ranges that do not fit are left out, not trusted.
        assert_eq!(
            marked("ज़", &[(1, 2), (0, 99)], None).into_string(),
            "<span lang=\"hi\">ज़</span>"
        );
    }
}
