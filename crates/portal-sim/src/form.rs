//! Form bodies, read forgivingly: some clients send them without any percent-encoding.

/// The pairs of a form body or a query, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `a=b&c=d`. A part without `=` belongs to the value before it, as when a raw `&` stands
    /// in a search text.
    pub(crate) fn read(body: &[u8]) -> Self {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in body.split(|byte| *byte == b'&').take(400) {
            match part.iter().position(|byte| *byte == b'=') {
                Some(at) => pairs.push((decode(&part[..at]), decode(&part[at + 1..]))),
                None if part.is_empty() => {}
                None => {
                    if let Some((_, value)) = pairs.last_mut() {
                        value.push('&');
                        value.push_str(&decode(part));
                    }
                }
            }
        }
        Self(pairs)
    }

    /// The value of a field; the last one if it is given twice, as PHP has it.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a field that says something: not empty, not `null`, not `undefined`.
    pub(crate) fn said(&self, name: &str) -> Option<&str> {
        self.get(name)
            .map(str::trim)
            .filter(|value| !matches!(*value, "" | "null" | "undefined"))
    }
}

/// Percent signs and pluses; what is no good escape stays as it is.
fn decode(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let value = escaped
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|d| u8::from_str_radix(d, 16).ok());
        if let Some(value) = value {
            out.push(value);
            at += 3;
        } else {
            out.push(if *byte == b'+' { b' ' } else { *byte });
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_and_encoded_values() {
        let form = Form::read(b"&a=section 498A & B&c=x%20y%2Fz+w&d=50%&e=&dist_code=null&e=7");
        assert_eq!(form.get("a"), Some("section 498A & B"));
        assert_eq!(form.get("c"), Some("x y/z w"));
        assert_eq!(form.get("d"), Some("50%"));
        assert_eq!(form.get("e"), Some("7"));
        assert_eq!(form.said("dist_code"), None);
        assert_eq!(form.get("nothing"), None);
    }
}
