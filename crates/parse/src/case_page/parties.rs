//! Parties with their advocates: `1) NAME<br>Advocate- A,B<br>2) NAME`.

use nirnay_model::{Advocate, Party, Side};

use super::value;
use crate::flat;

/// No case has more parties on one side.
const MOST: usize = 20_000;

/// Reads the list of one side.
pub(super) fn read(html: &str, side: Side) -> Vec<Party> {
    let mut out: Vec<Party> = Vec::new();
    for line in flat::lines(html) {
        if let Some((serial, name)) = numbered(&line) {
            if out.len() == MOST {
                break;
            }
            let mut party = Party::new(side, name);
            party.serial = Some(serial);
            out.push(party);
            continue;
        }
        match (advocates(&line), out.last_mut()) {
            (Some(printed), Some(party)) => add(party, printed),
            (Some(_), None) => {}
            // An address or the rest of a name.
            (None, Some(party)) if party.advocates_printed.is_none() => {
                if !party.name.is_empty() {
                    party.name.push(' ');
                }
                party.name.push_str(&line);
            }
            (None, _) => out.push(Party::new(side, line)),
        }
    }
    out.retain(|party| !party.name.is_empty());
    out
}

fn add(party: &mut Party, printed: &str) {
    let Some(printed) = value(printed) else {
        return;
    };
    party.advocates.extend(Advocate::list(&printed));
    party.advocates_printed = Some(match party.advocates_printed.take() {
        Some(before) => format!("{before},{printed}"),
        None => printed,
    });
}

/// `12) NAME`.
fn numbered(line: &str) -> Option<(u32, &str)> {
    let (number, name) = line.split_once(')')?;
    let good = (1..=5).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    Some((good.then(|| number.parse().ok())??, name.trim()))
}

/// What stands behind `Advocate-`, which some pages print twice.
fn advocates(line: &str) -> Option<&str> {
    let mut rest = line;
    let mut found = false;
    loop {
        let behind = rest
            .strip_prefix("Advocate")
            .and_then(|rest| rest.trim_start().strip_prefix('-'));
        let Some(behind) = behind else {
            return found.then_some(rest);
        };
        (rest, found) = (behind.trim_start(), true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parties_as_pages_list_them() {
        let html = "1) A LTD<br />&nbsp;&nbsp;Advocate- MS. P S(1234),X OFFICES(5678)<br /><br>2)  B, <br>&nbsp;C ROAD<br>\
            &nbsp;Advocate-MR. Q(1)</br>3) D<br><br />Advocate-   Advocate- A H K<br>";
        let parties = read(html, Side::Respondent);
        let seen: Vec<_> = parties
            .iter()
            .map(|p| {
                (
                    p.serial,
                    p.name.as_str(),
                    p.advocates_printed.as_deref(),
                    p.advocates.len(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (Some(1), "A LTD", Some("MS. P S(1234),X OFFICES(5678)"), 2),
                (Some(2), "B, C ROAD", Some("MR. Q(1)"), 1),
                (Some(3), "D", Some("A H K"), 1)
            ]
        );
        assert!(read("<br>&nbsp;", Side::Petitioner).is_empty());
        assert_eq!(read("A B", Side::Petitioner)[0].serial, None);
    }
}
