//! Names of what a form lets one choose from, in place of its codes.

use nirnay_fetch::{CaseAnswer, CaseAsk};
use nirnay_model::Choice;

use super::connect::{Asker, unexpected};
use crate::failure::Failure;

/// Names shown where one fits several choices.
const MOST_SHOWN: usize = 10;

/// What a form lets one choose from.
pub(super) async fn choices(asker: &mut Asker, list: CaseAsk) -> Result<Vec<Choice>, Failure> {
    match asker.ask(list).await? {
        CaseAnswer::Choices(list) => Ok(list),
        _ => Err(unexpected()),
    }
}

/// Puts the portal's code in place of a name; a code stays, and costs no request. `command` lists the choices.
pub(super) async fn code_in_place(
    asker: &mut Asker,
    name: &mut String,
    list: CaseAsk,
    command: &str,
) -> Result<(), Failure> {
    if !is_code(name) {
        *name = code_of(&choices(asker, list).await?, name, command)?;
    }
    Ok(())
}

/// Whether a text is a portal's code: a number, or one with the establishment's behind a `^`.
pub(super) fn is_code(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || byte == b'^';
    text.bytes().all(digit)
}

/// The code of the one choice that a name means: that of this very name, else the one whose letters and digits are
/// those of the name (`WPC` is `W.P.(C)`), else the only one that holds it.
pub(super) fn code_of(list: &[Choice], name: &str, command: &str) -> Result<String, Failure> {
    let lower = name.trim().to_lowercase();
    let bare = squashed(&lower);
    let exact = |choice: &&Choice| {
        choice.code.to_lowercase() == lower || choice.name.to_lowercase() == lower
    };
    let alike = |choice: &&Choice| !bare.is_empty() && squashed(own_name(&choice.name)) == bare;
    let holds = |choice: &&Choice| choice.name.to_lowercase().contains(&lower);
    let of = |tier: &dyn Fn(&&Choice) -> bool| list.iter().filter(tier).collect::<Vec<_>>();
    let found = [of(&exact), of(&alike), of(&holds)]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_default();
    match found.as_slice() {
        [one] => Ok(one.code.clone()),
        [] => Err(Failure::usage(format!(
            "no {name:?} in the form; `nirnay {command}` lists what there is"
        ))),
        several => {
            let names: Vec<&str> = several
                .iter()
                .take(MOST_SHOWN)
                .map(|one| one.name.as_str())
                .collect();
            let names = names.join("; ");
            Err(Failure::usage(format!("{name:?} is several: {names}")))
        }
    }
}

/// A choice's name without what forms set behind it: the side, and the code again (`W.P.(C)(CIVIL SIDE)-134`).
fn own_name(name: &str) -> &str {
    let upper = name.to_ascii_uppercase();
    let side = ["(CIVIL SIDE)", "(CRIMINAL SIDE)"]
        .iter()
        .find_map(|side| upper.find(side));
    // The same length in capitals: only ASCII changes.
    side.and_then(|at| name.get(..at)).unwrap_or(name)
}

/// Letters and digits in small letters.
fn squashed(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_one_choice() {
        let choice = |code: &str, name: &str| Choice {
            code: code.to_owned(),
            name: name.to_owned(),
        };
        let list = [
            choice("134", "W.P.(C)(CIVIL SIDE)-134"),
            choice("135", "W.P.(CRL)(CRIMINAL SIDE)-135"),
            choice("7", "LPA(CIVIL SIDE)-7"),
            choice("8", "RFA(OS)(CIVIL SIDE)-8"),
            choice("9", "RFA(CIVIL SIDE)-9"),
        ];
        for (name, code) in [
            ("WPC", "134"),
            ("w.p.(c)", "134"),
            ("W.P.(CRL)", "135"),
            ("lpa", "7"),
            ("RFA", "9"),
            ("rfa(os)", "8"),
            ("LPA(CIVIL SIDE)-7", "7"),
        ] {
            assert_eq!(
                code_of(&list, name, "hc case-types").unwrap(),
                code,
                "{name}"
            );
        }
        let several = code_of(&list, "W.P.", "hc case-types").unwrap_err();
        assert!(several.to_string().contains("W.P.(CRL)"), "{several}");
        let none = code_of(&list, "BAIL", "hc case-types").unwrap_err();
        assert!(
            none.to_string().contains("`nirnay hc case-types`"),
            "{none}"
        );
        let list = [
            choice("3", "CIVIL APPEAL"),
            choice("4", "CIVIL APPEAL (DIARY)"),
            choice("7", "WRIT"),
        ];
        let code =
            |name: &str| code_of(&list, name, "sci case-types").map_err(|why| why.to_string());
        assert_eq!(code("civil appeal"), Ok("3".to_owned()));
        assert_eq!(code("wri"), Ok("7".to_owned()));
        assert!(code("civil").unwrap_err().contains("several"));
        assert!(is_code("134") && is_code("89^2") && !is_code("LPA"));
    }
}
