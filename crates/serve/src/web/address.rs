//! Addresses of judgments. A key holds slashes, which stay; everything that has a meaning in addresses is
//! escaped.

/// The page of a judgment.
pub(crate) fn judgment(key: &str) -> String {
    format!("/judgments/{}", escaped(key))
}

/// The same for programs.
pub(crate) fn judgment_api(key: &str) -> String {
    format!("/api/v1/judgments/{}", escaped(key))
}

fn escaped(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for (place, part) in key.split('/').enumerate() {
        if place > 0 {
            out.push('/');
        }
        // Browsers take these two for steps in the path.
        let steps = part == "." || part == "..";
        for byte in part.bytes() {
            let plain =
                byte.is_ascii_alphanumeric() || b"-_~:".contains(&byte) || (byte == b'.' && !steps);
            if plain {
                out.push(char::from(byte));
            } else {
                out.push('%');
                for digit in [byte >> 4, byte & 15] {
                    let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                    out.push(digit.to_ascii_uppercase());
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_an_address() {
        assert_eq!(
            judgment("ecourts-hc/7_26/dhcdb/DLHC010000122024/2024-01-05/1"),
            "/judgments/ecourts-hc/7_26/dhcdb/DLHC010000122024/2024-01-05/1"
        );
        assert_eq!(
            judgment("a b?#%/../ज"),
            "/judgments/a%20b%3F%23%25/%2E%2E/%E0%A4%9C"
        );
    }
}
