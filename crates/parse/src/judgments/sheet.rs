//! The pieces of a row's HTML, before they mean anything.

use nirnay_model::QuarantineReason;
use scraper::{ElementRef, Html, Node};

use super::details::{self, Details};
use crate::{call, text};

/// Why a row has no pieces to work with.
pub(super) type Problem = (QuarantineReason, String);

/// The pieces of a row as printed: entities decoded, white space folded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The arguments of the call that opens the document.
    pub(super) arguments: Vec<String>,
    pub(super) title: String,
    pub(super) judges: String,
    pub(super) description: Option<String>,
    /// Codes of a language list, `ENG` for the original; `None` where the row has no list.
    pub(super) languages: Option<Vec<String>>,
    pub(super) cnr: Option<String>,
    pub(super) citation: Option<String>,
    pub(super) neutral: Option<String>,
    pub(super) details: Details,
    pub(super) flags: Vec<String>,
}

/// Takes a parsed row apart.
pub(super) fn gather(fragment: &Html) -> Result<Sheet, Problem> {
    let mut flags = Vec::new();
    let (opener, arguments) = opener(fragment, &mut flags)?;
    let heading = heading(opener)?;
    let (judges, description) = judges_and_excerpt(fragment, opener, heading);
    Ok(Sheet {
        arguments,
        title: title(opener, heading, &mut flags)?,
        judges,
        description: Some(description).filter(|words| !words.is_empty()),
        languages: languages(fragment, &mut flags),
        cnr: elements(fragment)
            .find(|e| e.value().name() == "input" && e.attr("id") == Some("cnr"))
            .and_then(|e| e.attr("value"))
            .map(text::fold)
            .filter(|value| !value.is_empty()),
        citation: of_class(fragment, "escrText"),
        neutral: of_class(fragment, "ncDisplay"),
        details: details::read(fragment),
        flags,
    })
}

fn elements(fragment: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    fragment
        .tree
        .root()
        .descendants()
        .filter_map(ElementRef::wrap)
}

fn has_class(element: ElementRef<'_>, class: &str) -> bool {
    element.value().classes().any(|c| c == class)
}

fn of_class(fragment: &Html, class: &str) -> Option<String> {
    let words = elements(fragment)
        .find(|e| has_class(*e, class))
        .map(whole_text)?;
    Some(words).filter(|words| !words.is_empty())
}

fn whole_text(element: ElementRef<'_>) -> String {
    text::fold(&element.text().collect::<String>())
}

/// The element that opens the document, and its call. The row's own button comes before the links
/// beside it (`PDF`, `Flip view`) and after the close button of the disclaimer.
fn opener<'a>(
    fragment: &'a Html,
    flags: &mut Vec<String>,
) -> Result<(ElementRef<'a>, Vec<String>), Problem> {
    let mut best: Option<(ElementRef<'a>, Vec<String>)> = None;
    let mut paths: Vec<String> = Vec::new();
    let mut broken = false;
    for element in elements(fragment) {
        let call = ["onclick", "href"]
            .into_iter()
            .find_map(|name| call::arguments(element.attr(name)?, "open_pdf"));
        let Some(call) = call else { continue };
        let Ok(arguments) = call else {
            broken = true;
            continue;
        };
        let path = arguments.get(2).map_or("", String::as_str);
        let path = path.split('#').next().unwrap_or(path).to_owned();
        if !paths.contains(&path) && paths.len() < 8 {
            paths.push(path);
        }
        let is_button = |e: ElementRef<'_>| e.value().name() == "button";
        match &best {
            Some((known, _)) if is_button(*known) || !is_button(element) => {}
            _ => best = Some((element, arguments)),
        }
    }
    if paths.len() > 1 {
        flags.push("several_documents".to_owned());
    }
    if let Some(found) = best {
        return Ok(found);
    }
    let known = elements(fragment).any(|e| details::is_block(e) || e.value().name() == "button");
    Err(match (broken, known) {
        (true, _) => (
            QuarantineReason::StrangePath,
            "the call that opens the document is broken".to_owned(),
        ),
        (false, true) => (
            QuarantineReason::NoDocumentLink,
            "nothing in the row opens a document".to_owned(),
        ),
        (false, false) => (
            QuarantineReason::Unreadable,
            "no button and no details".to_owned(),
        ),
    })
}

/// The element that holds the title: the `font` in the button, or the button itself.
fn heading(opener: ElementRef<'_>) -> Result<ElementRef<'_>, Problem> {
    let inside = || {
        opener
            .descendants()
            .filter_map(ElementRef::wrap)
            .filter(|e| *e != opener)
    };
    let heading = inside()
        .find(|e| e.value().name() == "font")
        .unwrap_or(opener);
    let swallows = heading
        .descendants()
        .filter_map(ElementRef::wrap)
        .any(details::is_block);
    if swallows {
        let detail = "the title's tags enclose the whole row".to_owned();
        return Err((QuarantineReason::Unreadable, detail));
    }
    Ok(heading)
}

/// The title, without the citations beside it.
fn title(
    opener: ElementRef<'_>,
    heading: ElementRef<'_>,
    flags: &mut Vec<String>,
) -> Result<String, Problem> {
    let mut words = String::new();
    // Reports print `A versus B - citation`, with the parties in bold.
    let mut cited = heading
        .descendants()
        .filter_map(ElementRef::wrap)
        .any(|e| e.value().name() == "strong");
    for node in heading.descendants() {
        let Node::Text(piece) = node.value() else {
            continue;
        };
        let is_citation = |e| has_class(e, "escrText") || has_class(e, "ncDisplay");
        if node
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(is_citation)
        {
            cited = true;
        } else {
            words.push_str(piece);
        }
    }
    let mut words = text::fold(&words);
    if cited {
        words.truncate(words.trim_end_matches(['-', ' ']).len());
    }
    if words.is_empty() {
        words = title_of_label(opener.attr("aria-label").unwrap_or(""));
        flags.push("title_from_label".to_owned());
    }
    if words.is_empty() {
        return Err((
            QuarantineReason::Unreadable,
            "the row has no title".to_owned(),
        ));
    }
    Ok(words)
}

/// The title in the label for screen readers, which ends in `pdf` and may hold a printed array in
/// place of `Vs`.
fn title_of_label(label: &str) -> String {
    let label = text::fold(label).replace(" .Array[93]. ", " Vs ");
    label
        .strip_suffix("pdf")
        .unwrap_or(&label)
        .trim_end()
        .to_owned()
}

/// Where a walk over the row stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Head,
    Judges,
    Excerpt,
}

/// The line of judges up to its line break, and the text between it and the details.
fn judges_and_excerpt(
    fragment: &Html,
    opener: ElementRef<'_>,
    heading: ElementRef<'_>,
) -> (String, String) {
    let line = elements(fragment).find(|e| is_judges_line(*e, heading));
    let (mut judges, mut excerpt) = (String::new(), String::new());
    let mut at = At::Head;
    for node in fragment.tree.root().descendants() {
        if let Some(element) = ElementRef::wrap(node) {
            let is_line = line.is_some_and(|line| line == element);
            match element.value().name() {
                _ if details::is_block(element) => break,
                _ if is_line => at = At::Judges,
                "br" if at == At::Judges => at = At::Excerpt,
                "br" => excerpt.push(' '),
                _ => {}
            }
            continue;
        }
        let Node::Text(words) = node.value() else {
            continue;
        };
        let inside = |outer: ElementRef<'_>| node.ancestors().any(|n| n.id() == outer.id());
        match at {
            At::Judges if line.is_some_and(inside) => judges.push_str(words),
            At::Head if line.is_some() => {}
            // Not the whole button: where its end tag is missing, it holds the rest of the row.
            _ if inside(heading) => {}
            _ if is_beside(node.ancestors().filter_map(ElementRef::wrap), opener) => {}
            _ => excerpt.push_str(words),
        }
    }
    (text::fold(&judges), text::fold(&excerpt))
}

fn is_judges_line(element: ElementRef<'_>, heading: ElementRef<'_>) -> bool {
    if element.value().name() != "strong"
        || details::is_block(element)
        || element.ancestors().any(|n| n.id() == heading.id())
    {
        return false;
    }
    let start: String = element.text().flat_map(str::chars).take(40).collect();
    begins_with_judges(&start)
}

/// Whether a line begins with a label for judges.
pub(super) fn begins_with_judges(line: &str) -> bool {
    judge_names(&text::fold(text::head(line, 40))).is_some()
}

/// What follows `Judge :` or `Coram :`.
pub(super) fn judge_names(line: &str) -> Option<&str> {
    let (label, names) = line.split_once(':')?;
    let label = label.trim().to_lowercase();
    matches!(label.as_str(), "judge" | "judges" | "coram").then(|| names.trim())
}

/// Whether a text belongs to the controls around a row, not to the row.
fn is_beside<'a>(mut around: impl Iterator<Item = ElementRef<'a>>, opener: ElementRef<'a>) -> bool {
    around.any(|e| {
        let control = matches!(
            e.value().name(),
            "select" | "button" | "a" | "script" | "style"
        );
        (control && e != opener) || has_class(e, "modal")
    })
}

/// The codes of the language list; the blank value is the original.
fn languages(fragment: &Html, flags: &mut Vec<String>) -> Option<Vec<String>> {
    let list = elements(fragment).find(|e| {
        let id = e.attr("id").unwrap_or("");
        e.value().name() == "select"
            && (id.starts_with("language") || e.attr("name") == Some("language"))
    })?;
    let mut codes: Vec<String> = Vec::new();
    let options = list.descendants().filter_map(ElementRef::wrap);
    for option in options.filter(|e| e.value().name() == "option") {
        let code = match option.attr("value").map(str::trim) {
            None | Some("") => "ENG",
            Some(code) => code,
        };
        if !(2..=8).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            flags.push(format!(
                "unknown_language:{}",
                text::clip(&text::fold(code), 20)
            ));
        } else if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    }
    codes.sort_by_key(|code| code != "ENG");
    Some(codes)
}
