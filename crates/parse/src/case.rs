//! Case numbers as rows print them.

use nirnay_model::CaseNumber;

/// The case number in parts; of a list, the first. One that cannot be read is flagged.
pub(crate) fn number(printed: Option<&str>, flags: &mut Vec<String>) -> Option<CaseNumber> {
    let printed = printed?;
    let first = printed.split([',', '&', ';']).next().unwrap_or(printed);
    let read = first.parse().or_else(|_| printed.parse()).ok();
    if read.is_none() {
        flags.push("case_number_unread".to_owned());
    }
    read
}
