//! From the state down to the court: lists of options.

use nirnay_model::{Choice, Complex};
use serde::Serialize;

use super::answer::{self, Told};
use crate::body::{self, Body, unknown};
use crate::flat::{attribute, words};
use crate::tags::tags;
use crate::{Refusal, Reply, text};

/// No list has more options.
const MOST: usize = 50_000;

/// A list of choices.
pub type Choices = Told<Vec<Choice>>;
/// A list of complexes.
pub type Complexes = Told<Vec<Complex>>;

/// The start page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DistrictStart {
    /// The path of the script whose headers have to be sent along, as written in the page.
    pub script: Option<String>,
    /// The next token, where the page has one.
    pub token: Option<String>,
}

/// Reads the states of the page of searches.
pub fn states(body: &[u8]) -> Reply<Vec<Choice>> {
    read_states(body).into()
}

fn read_states(body: &[u8]) -> Result<Vec<Choice>, Refusal> {
    // The page has the marks of a search form of the judgments portal as well.
    let html = match body::classify(body)? {
        Body::Page(html) | Body::StartPage(html) => html,
        other => return Err(other.unexpected("the list of states")),
    };
    let mut inside = None;
    for tag in tags(&html) {
        if tag.opens("select") && attribute(tag.text, "id").as_deref() == Some("sess_state_code") {
            inside = Some(tag.end());
        } else if tag.closing
            && tag.name.eq_ignore_ascii_case("select")
            && let Some(from) = inside.take()
        {
            return options(html.get(from..tag.start).unwrap_or(""));
        }
    }
    Err(unknown("no list of states in the page"))
}

/// Reads the districts of a state.
pub fn districts(body: &[u8]) -> Reply<Choices> {
    choices(body, &["dist_list"]).into()
}

/// Reads the complexes of a district.
pub fn complexes(body: &[u8]) -> Reply<Complexes> {
    choices(body, &["complex_list"])
        .and_then(|told| {
            let read = |choice: Choice| {
                Complex::read(&choice.code, &choice.name).ok_or_else(|| {
                    unknown(format!(
                        "a complex without a code: {:?}",
                        text::clip(&choice.code, 60)
                    ))
                })
            };
            let value = told.value.into_iter().map(read).collect::<Result<_, _>>()?;
            Ok(Told {
                value,
                token: told.token,
            })
        })
        .into()
}

/// Reads the establishments of a complex.
pub fn establishments(body: &[u8]) -> Reply<Choices> {
    choices(body, &["est_list", "establishment_list"]).into()
}

/// Reads the case types of an establishment; the codes are compound (`89^2`) and sent back whole.
pub fn case_types(body: &[u8]) -> Reply<Choices> {
    choices(body, &["casetype_list"]).into()
}

/// Reads the courts that publish cause lists.
pub fn courts(body: &[u8]) -> Reply<Choices> {
    choices(body, &["cause_list"]).into()
}

/// Reads the answer to a choice made: nothing but the next token.
pub fn data_set(body: &[u8]) -> Reply<Told<()>> {
    let set = answer::value(body, &["status"]).and_then(|told| {
        let good = told.value.as_u64() == Some(1) || told.value.as_str() == Some("1");
        if good {
            Ok(Told {
                value: (),
                token: told.token,
            })
        } else {
            Err(unknown("the choice of court was not accepted"))
        }
    });
    set.into()
}

/// Reads the captcha's form: the path of its picture.
pub fn captcha_form(body: &[u8]) -> Reply<Told<String>> {
    let form = answer::html(body, &["div_captcha"]).and_then(|told| {
        let image = tags(&told.value)
            .filter(|tag| tag.opens("img"))
            .find(|tag| attribute(tag.text, "id").as_deref() == Some("captcha_image"));
        let path = image.and_then(|tag| attribute(tag.text, "src"));
        let path = path.filter(|path| path.contains("securimage"));
        Ok(Told {
            value: path.ok_or_else(|| unknown("the captcha's form names no picture"))?,
            token: told.token,
        })
    });
    form.into()
}

fn choices(body: &[u8], keys: &[&str]) -> Result<Choices, Refusal> {
    let told = answer::html(body, keys)?;
    if !told.value.contains("<option") && !told.value.contains("<OPTION") {
        return Err(answer::none(&told.value, "list of options"));
    }
    Ok(Told {
        value: options(&told.value)?,
        token: told.token,
    })
}

/// The options of a list: those without a value, with value 0 or with "select" in front are none.
fn options(html: &str) -> Result<Vec<Choice>, Refusal> {
    let mut out = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut end = |open: Option<(String, usize)>, at: usize| -> Result<(), Refusal> {
        let Some((code, from)) = open else {
            return Ok(());
        };
        let name = words(html.get(from..at).unwrap_or(""));
        let code = code.trim();
        let is_prompt = name.to_lowercase().starts_with("select");
        if code.is_empty() || code == "0" || is_prompt {
            return Ok(());
        }
        if out.len() == MOST {
            return Err(unknown(format!("a list of more than {MOST} options")));
        }
        out.push(Choice {
            code: code.to_owned(),
            name,
        });
        Ok(())
    };
    for tag in tags(html) {
        if tag.name.eq_ignore_ascii_case("option") {
            end(open.take(), tag.start)?;
            if !tag.closing {
                let code = attribute(tag.text, "value").unwrap_or_default();
                open = Some((code, tag.end()));
            }
        }
    }
    end(open, html.len())?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_with_and_without_end_tags() {
        let list = options("<option value=''>Select district</option><option value='1'>A &amp; B<option value=\"2@3@Y\" selected>C</option><option value=0>x").unwrap();
        let list: Vec<_> = list
            .iter()
            .map(|c| (c.code.as_str(), c.name.as_str()))
            .collect();
        assert_eq!(list, [("1", "A & B"), ("2@3@Y", "C")]);
    }

    #[test]
    fn states_of_the_page() {
        let page = b"<html><select id='x'><option value=9>no</select><select id='sess_state_code'><option value='0'>Select state</option><option value='8'>Bihar</option></select>";
        assert_eq!(states(page).into_result().unwrap()[0].name, "Bihar");
        assert!(states(b"<html><p>x").into_result().is_err());
    }
}
