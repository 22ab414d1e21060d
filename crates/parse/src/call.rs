//! Calls of the page's own scripts: `open_pdf('0','','court/…')`.

/// No call of the portals has more arguments.
const MOST_ARGUMENTS: usize = 12;
/// No script in an attribute is longer, in bytes.
const MOST_BYTES: usize = 4096;

/// The arguments of the first call of `function` in `script`: `None` when it is not called, an
/// error when its arguments cannot be read.
pub(crate) fn arguments(script: &str, function: &str) -> Option<Result<Vec<String>, BadCall>> {
    if script.len() > MOST_BYTES {
        return script.contains(function).then_some(Err(BadCall));
    }
    find(script, function).map(|rest| read(rest).map(|(arguments, _)| arguments))
}

/// Arguments that do not end, or are too many, or stand in too long a script.
#[derive(Debug)]
pub(crate) struct BadCall;

/// What follows `function(` in `script`.
pub(crate) fn find<'a>(script: &'a str, function: &str) -> Option<&'a str> {
    let mut rest = script;
    loop {
        let at = rest.find(function)?;
        let part_of_a_word = rest
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_some_and(|c| c.is_alphanumeric() || c == '_');
        let after = rest.get(at + function.len()..)?;
        if let (false, Some(inside)) = (part_of_a_word, after.trim_start().strip_prefix('(')) {
            return Some(inside);
        }
        rest = after;
    }
}

/// Reads arguments up to the closing parenthesis; also gives what follows it.
pub(crate) fn read(inside: &str) -> Result<(Vec<String>, &str), BadCall> {
    let mut arguments = Vec::new();
    let mut rest = inside.trim_start();
    if let Some(after) = rest.strip_prefix(')') {
        return Ok((arguments, after));
    }
    loop {
        let (argument, after) = read_one(rest).ok_or(BadCall)?;
        arguments.push(argument);
        let after = after.trim_start();
        if let Some(end) = after.strip_prefix(')') {
            return Ok((arguments, end));
        }
        if arguments.len() == MOST_ARGUMENTS {
            return Err(BadCall);
        }
        rest = after.strip_prefix(',').ok_or(BadCall)?.trim_start();
    }
}

/// Reads one argument: quoted with backslash escapes, or bare up to a comma or parenthesis.
fn read_one(text: &str) -> Option<(String, &str)> {
    let quote = text.bytes().next().filter(|b| matches!(b, b'\'' | b'"'));
    let Some(quote) = quote else {
        let end = text.find([',', ')'])?;
        let (argument, rest) = text.split_at_checked(end)?;
        return Some((argument.trim().to_owned(), rest));
    };
    let mut out = String::new();
    let mut rest = text.get(1..)?;
    loop {
        let end = rest.bytes().position(|b| b == quote || b == b'\\')?;
        out.push_str(rest.get(..end)?);
        let is_end = rest.as_bytes().get(end) == Some(&quote);
        rest = rest.get(end + 1..)?;
        if is_end {
            return Some((out, rest));
        }
        let mut escaped = rest.chars();
        out.push(escaped.next()?);
        rest = escaped.as_str();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_as_they_stand_in_pages() {
        let read = |script: &str| arguments(script, "open_pdf").map(|r| r.unwrap());
        assert_eq!(
            read("javascript:open_pdf('0','','a/b.pdf#x');").unwrap(),
            ["0", "", "a/b.pdf#x"]
        );
        assert_eq!(
            read(r#"open_pdf( "1" , 7,'O\'X' )"#).unwrap(),
            ["1", "7", "O'X"]
        );
        assert_eq!(read("open_pdf()").unwrap(), Vec::<String>::new());
        assert_eq!(read("reopen_pdf('1'); open_pdf('2')").unwrap(), ["2"]);
        assert!(read("open_split('0')").is_none());
    }

    #[test]
    fn broken_calls_are_errors() {
        for bad in [
            "open_pdf('0",
            "open_pdf('0' '1')",
            "open_pdf(0",
            "open_pdf('0',",
            "open_pdf('\\",
        ] {
            assert!(arguments(bad, "open_pdf").unwrap().is_err(), "{bad}");
        }
        let many = format!("open_pdf({})", "'1',".repeat(100));
        assert!(arguments(&many, "open_pdf").unwrap().is_err());
    }
}
