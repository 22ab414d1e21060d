//! JSON as strict as a protocol needs it: a repeated key is an error, not "the last one wins".

use std::cell::Cell;
use std::{fmt, io};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::text;

/// The most values and keys of one text; a page of 50,000 rows has some 150,000. In memory each takes ten
/// times its two bytes or more.
const MOST_VALUES: u32 = 1_000_000;

/// Reads `text` as one JSON value, without repeated keys, and nothing behind it. Nesting is limited by
/// `serde_json` to 128 levels.
pub(crate) fn parse(text: &str) -> Result<Value, serde_json::Error> {
    let left = Cell::new(MOST_VALUES);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict { left: &left }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Reads one value, and counts it.
#[derive(Clone, Copy)]
struct Strict<'a> {
    left: &'a Cell<u32>,
}

impl Strict<'_> {
    fn count<E: Error>(self) -> Result<(), E> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| {
            E::custom(format_args!(
                "more than {MOST_VALUES} values; no page has so many"
            ))
        })?;
        self.left.set(left);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

/// The first `limit` characters of a value as JSON; of a huge value no more is written than that.
pub(crate) fn head(value: &Value, limit: usize) -> String {
    let mut head = Head {
        bytes: Vec::new(),
        room: limit.saturating_mul(4),
    };
    // Ends with an error when there is enough.
    drop(serde_json::to_writer(&mut head, value));
    text::clip(&String::from_utf8_lossy(&head.bytes), limit)
}

/// Takes so many bytes, and then no more.
struct Head {
    bytes: Vec<u8>,
    room: usize,
}

impl io::Write for Head {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        self.bytes.extend(bytes.iter().take(taken));
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            self.count()?;
            let value = access.next_value_seed(self)?;
            if map.contains_key(&key) {
                return Err(A::Error::custom("a repeated key"));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_key_is_an_error_at_any_depth() {
        assert!(parse(r#"{"a":1,"b":{"c":[1,2.5,"x",null,true,-3]}}"#).is_ok());
        assert!(parse(r#"{"a":1,"a":1}"#).is_err());
        assert!(parse(r#"[{"b":{"c":1,"d":2,"c":1}}]"#).is_err());
        assert!(parse(r#"{"a":1} trailing"#).is_err());
    }

    #[test]
    fn values_are_counted() {
        let most = MOST_VALUES as usize;
        let list = |n: usize| format!("[{}0]", "0,".repeat(n - 1));
        assert!(parse(&list(most - 1)).is_ok());
        let error = parse(&list(most)).unwrap_err().to_string();
        assert!(error.contains("1000000 values"), "{error}");
        let lists = format!("[{}[]]", "[],".repeat(most));
        assert!(parse(&lists).is_err());
        let object: Vec<String> = (0..most).map(|n| format!("\"{n}\":0")).collect();
        assert!(parse(&format!("{{{}}}", object.join(","))).is_err());
        let page = format!("[{}[]]", "[1,\"<b>row</b>\"],".repeat(50_000));
        assert!(parse(&page).is_ok());
    }

    #[test]
    fn no_more_is_written_than_is_shown() {
        let value = parse(r#"{"é":[1,{"b":null}]}"#).unwrap();
        assert_eq!(head(&value, 100), value.to_string());
        assert_eq!(head(&value, 4), "{\"é\"");
        assert_eq!(head(&Value::from(vec![1; 1_000_000]), 5), "[1,1,");
    }

    #[test]
    fn depth_and_numbers_are_bounded() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&format!("{}1{}", "[".repeat(200), "]".repeat(200))).is_err());
        assert!(parse("1e999").is_err());
    }
}
