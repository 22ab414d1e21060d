//! A judgment's citation as different readers print it.

use jiff::civil::Date;

/// What a citation is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cited<'a> {
    pub(crate) title: &'a str,
    pub(crate) court: &'a str,
    pub(crate) case_number: Option<&'a str>,
    pub(crate) neutral: Option<&'a str>,
    pub(crate) reporter: Option<&'a str>,
    pub(crate) date: Option<Date>,
    pub(crate) key: &'a str,
}

/// The citation in every style: the style's name and the text.
pub(crate) fn all(cited: &Cited<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("Plain", plain(cited)),
        ("Indian Law Institute", institute(cited)),
        ("Bluebook", bluebook(cited)),
        ("OSCOLA", oscola(cited)),
        ("BibTeX", bibtex(cited)),
    ]
}

/// `A versus B`, `A VS B` and `A v. B` are `A <word> B`.
fn parties(title: &str, word: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().collect();
    let versus = ["versus", "vs", "vs.", "v/s", "v/s.", "v.", "v"];
    let place = words
        .iter()
        .position(|found| versus.iter().any(|known| found.eq_ignore_ascii_case(known)));
    match place.and_then(|at| words.split_at_checked(at)) {
        Some((before, after)) if !before.is_empty() && after.len() > 1 => {
            let after = after.get(1..).unwrap_or(&[]);
            format!("{} {word} {}", before.join(" "), after.join(" "))
        }
        _ => words.join(" "),
    }
}

fn best<'a>(cited: &Cited<'a>) -> Option<&'a str> {
    cited.neutral.or(cited.reporter)
}

fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn year(cited: &Cited<'_>) -> String {
    cited
        .date
        .map_or_else(String::new, |date| date.year().to_string())
}

fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn plain(cited: &Cited<'_>) -> String {
    joined([
        Some(parties(cited.title, "v.")),
        cited.case_number.map(str::to_owned),
        cited.neutral.map(str::to_owned),
        cited.reporter.map(str::to_owned),
        Some(cited.court.to_owned()),
        cited.date.map(day),
    ])
}

fn institute(cited: &Cited<'_>) -> String {
    let title = parties(cited.title, "v.");
    if let Some(citation) = best(cited) {
        format!("{title}, {citation}.")
    } else {
        let case = cited.case_number.unwrap_or("unreported");
        let decided = cited
            .date
            .map_or_else(String::new, |date| format!(", decided on {}", day(date)));
        format!("{title}, {case}{decided} ({}).", cited.court)
    }
}

fn bluebook(cited: &Cited<'_>) -> String {
    let title = parties(cited.title, "v.");
    if let Some(citation) = best(cited) {
        format!("{title}, {citation} (India).")
    } else {
        let case = cited
            .case_number
            .map_or_else(String::new, |case| format!(", {case}"));
        let date = cited.date.map_or_else(String::new, |date| {
            format!(" {}", date.strftime("%b. %-d, %Y"))
        });
        format!("{title}{case} ({}{date}) (India).", cited.court)
    }
}

fn oscola(cited: &Cited<'_>) -> String {
    let title = parties(cited.title, "v");
    let citation = best(cited).or(cited.case_number).unwrap_or("");
    let court = format!("{} {}", cited.court, year(cited));
    let parts = [title.as_str(), citation, &format!("({})", court.trim())];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// A value in braces: what `TeX` would read as a command is escaped.
fn braced(text: &str) -> String {
    let mut out = String::from("{");
    for c in text.chars() {
        match c {
            '{' | '}' | '%' | '$' | '#' | '&' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            c => out.push(c),
        }
    }
    out.push('}');
    out
}

fn bibtex(cited: &Cited<'_>) -> String {
    let id: String = best(cited)
        .unwrap_or(cited.key)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let mut lines = vec![format!("@jurisdiction{{{id},")];
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            lines.push(format!("  {name} = {},", braced(&value)));
        }
    };
    add("title", Some(parties(cited.title, "v.")));
    add("institution", Some(cited.court.to_owned()));
    add("number", cited.case_number.map(str::to_owned));
    add(
        "note",
        Some(joined([
            cited.neutral.map(str::to_owned),
            cited.reporter.map(str::to_owned),
        ])),
    );
    add("date", cited.date.map(|date| date.to_string()));
    lines.push("}".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CITED: Cited<'_> = Cited {
        title: "ASHA DEVI VERSUS STATE & ORS",
        court: "High Court of Delhi",
        case_number: Some("BAIL APPLN. 12/2024"),
        neutral: Some("2024:DHC:12"),
        reporter: None,
        date: Some(jiff::civil::date(2024, 1, 5)),
        key: "ecourts-hc/7_26/dhcdb/DLHC010000122024/2024-01-05/1",
    };

    #[test]
    fn one_judgment_in_every_style() {
        let styles = all(&CITED);
        let expected = [
            "ASHA DEVI v. STATE & ORS, BAIL APPLN. 12/2024, 2024:DHC:12, High Court of Delhi, 5 January 2024",
            "ASHA DEVI v. STATE & ORS, 2024:DHC:12.",
            "ASHA DEVI v. STATE & ORS, 2024:DHC:12 (India).",
            "ASHA DEVI v STATE & ORS 2024:DHC:12 (High Court of Delhi 2024)",
            "@jurisdiction{2024DHC12,\n  title = {ASHA DEVI v. STATE \\& ORS},\n  institution = {High Court of Delhi},\n  number = {BAIL APPLN. 12/2024},\n  note = {2024:DHC:12},\n  date = {2024-01-05},\n}",
        ];
        for ((style, text), expected) in styles.iter().zip(expected) {
            assert_eq!(text, expected, "{style}");
        }
        assert_eq!(styles.len(), expected.len());
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let bare = Cited {
            title: "IN RE: A",
            case_number: None,
            neutral: None,
            date: None,
            ..CITED
        };
        let styles = all(&bare);
        assert_eq!(styles[0].1, "IN RE: A, High Court of Delhi");
        assert_eq!(styles[1].1, "IN RE: A, unreported (High Court of Delhi).");
        assert_eq!(styles[2].1, "IN RE: A (High Court of Delhi) (India).");
        assert_eq!(styles[3].1, "IN RE: A (High Court of Delhi)");
    }
}
