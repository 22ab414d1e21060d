//! As much of JSON Schema as the `OpenAPI` document uses, strictly: a keyword that is not known here fails.

use serde_json::Value;

/// Every place where `value` is not what `schema` says.
pub(crate) fn objections(value: &Value, schema: &Value, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(value, schema, document, "$", &mut found);
    found
}

fn check(value: &Value, schema: &Value, document: &Value, at: &str, found: &mut Vec<String>) {
    let schema = schema.as_object().unwrap();
    for (keyword, rule) in schema {
        match keyword.as_str() {
            "$ref" => {
                let to = document
                    .pointer(rule.as_str().unwrap().trim_start_matches('#'))
                    .unwrap();
                check(value, to, document, at, found);
            }
            "type" => {
                let kinds: Vec<&str> = match rule {
                    Value::Array(kinds) => {
                        kinds.iter().map(|kind| kind.as_str().unwrap()).collect()
                    }
                    kind => vec![kind.as_str().unwrap()],
                };
                if !kinds.iter().any(|kind| is(value, kind)) {
                    found.push(format!("{at}: {value} is not {kinds:?}"));
                }
            }
            "enum" => {
                if !rule.as_array().unwrap().contains(value) {
                    found.push(format!("{at}: {value} is none of {rule}"));
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.get(name.as_str().unwrap()).is_none() {
                        found.push(format!("{at}: no {name}"));
                    }
                }
            }
            "properties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    if let Some(rule) = rule.get(name) {
                        check(member, rule, document, &format!("{at}.{name}"), found);
                    }
                }
            }
            "additionalProperties" => {
                let known = schema.get("properties");
                for (name, member) in value.as_object().into_iter().flatten() {
                    if known.is_some_and(|known| known.get(name).is_some()) {
                        continue;
                    }
                    match rule {
                        Value::Bool(false) => {
                            found.push(format!("{at}: {name} is not in the schema"));
                        }
                        Value::Bool(true) => {}
                        rule => check(member, rule, document, &format!("{at}.{name}"), found),
                    }
                }
            }
            "items" => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(item, rule, document, &format!("{at}[{place}]"), found);
                }
            }
            "minItems" | "maxItems" => {
                let length = value.as_array().map_or(0, Vec::len) as u64;
                let bound = rule.as_u64().unwrap();
                let good = if keyword == "minItems" {
                    length >= bound
                } else {
                    length <= bound
                };
                if !good {
                    found.push(format!("{at}: {length} items"));
                }
            }
            "minimum" => {
                if value
                    .as_f64()
                    .is_some_and(|number| number < rule.as_f64().unwrap())
                {
                    found.push(format!("{at}: {value} is too small"));
                }
            }
            "description" | "default" | "format" => {}
            unknown => panic!("the keyword {unknown} is not known to this test"),
        }
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    }
}
