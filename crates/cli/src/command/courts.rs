//! `nirnay courts`: the registry of courts.

use nirnay_model::{Cnr, Court, FoundComplex, courts, district_courts, service_benches};
use serde_json::{Value, json};

use super::Outcome;
use crate::args::{CourtsArgs, Global};
use crate::failure::Failure;
use crate::output;

/// Complexes printed of one look-up.
const MOST: usize = 200;

pub(super) fn run(global: &Global, args: &CourtsArgs) -> Outcome {
    if let Some(state) = &args.state {
        return list_state(global, state);
    }
    if let Some(text) = &args.find {
        return find(global, text);
    }
    list(global, &courts().iter().collect::<Vec<_>>());
    Ok(0)
}

fn list(global: &Global, found: &[&Court]) {
    if global.json {
        output::json(&found.iter().map(|court| as_json(court)).collect::<Vec<_>>());
        return;
    }
    output::data(&format!(
        "{:<13} {:<7} {:<5} {}",
        "slug", "code", "CNR", "name (benches)"
    ));
    for court in found {
        let benches: Vec<&str> = court
            .benches
            .iter()
            .map(|bench| bench.name.as_str())
            .filter(|name| !name.is_empty())
            .collect();
        output::data(&format!(
            "{:<13} {:<7} {:<5} {} ({})",
            court.slug,
            court.code.as_str(),
            court.cnr_prefixes.first().map_or("", String::as_str),
            court.name,
            benches.join(", ")
        ));
    }
}

fn as_json(court: &Court) -> Value {
    let benches: Vec<Value> = court
        .benches
        .iter()
        .map(|bench| json!({"code": bench.code.as_str(), "name": bench.name}))
        .collect();
    let services = service_benches()
        .iter()
        .filter(|bench| bench.court == court.slug);
    let services: Vec<Value> = services
        .map(|bench| json!({"code": bench.code, "name": bench.name}))
        .collect();
    json!({
        "slug": court.slug,
        "code": court.code.as_str(),
        "name": court.name,
        "aliases": court.aliases,
        "cnr_prefixes": court.cnr_prefixes,
        "benches": benches,
        "hc_services": services,
    })
}

fn find(global: &Global, text: &str) -> Outcome {
    let prefix = text
        .parse::<Cnr>()
        .map_or_else(|_| text.to_uppercase(), |cnr| cnr.prefix().to_owned());
    let lower = text.trim().to_lowercase();
    let holds = |name: &str| !lower.is_empty() && name.to_lowercase().contains(&lower);
    let found: Vec<&Court> = courts()
        .iter()
        .filter(|court| {
            let coded =
                court.slug == lower || court.code.as_str() == lower || court.portal_code == lower;
            let benches = court.benches.iter();
            coded
                || court.cnr_prefixes.contains(&prefix)
                || holds(&court.name)
                || court.aliases.iter().any(|alias| holds(alias))
                || benches
                    .into_iter()
                    .any(|bench| bench.code.as_str() == lower || holds(&bench.name))
        })
        .collect();
    let by_code = district_courts().complex(text);
    let complexes: Vec<FoundComplex<'_>> = match by_code {
        Some(found) => vec![found],
        None => district_courts().search(text).take(MOST + 1).collect(),
    };
    if let (true, true, Ok(cnr)) = (found.is_empty(), complexes.is_empty(), text.parse::<Cnr>()) {
        return Err(Failure::usage(format!(
            "{cnr} is a CNR of no High Court, so one of a district court; which one the letters {} name stands in no \
             list that is published; `nirnay case get {cnr}` asks the portal, whose page names the court",
            cnr.prefix()
        )));
    }
    if found.is_empty() && complexes.is_empty() {
        return Err(Failure::usage(format!(
            "no court of the registry has {text:?} as its code, its CNR letters or in its name"
        )));
    }
    if global.json {
        let courts: Vec<Value> = found.iter().map(|court| as_json(court)).collect();
        let complexes: Vec<Value> = complexes.iter().take(MOST).map(complex_json).collect();
        output::json(&json!({"courts": courts, "complexes": complexes}));
        return Ok(0);
    }
    if !found.is_empty() {
        list(global, &found);
    }
    list_complexes(&complexes);
    Ok(0)
}

fn complex_json(found: &FoundComplex<'_>) -> Value {
    json!({
        "state": {"code": found.state.code, "name": found.state.name},
        "district": {"code": found.district.code, "name": found.district.name},
        "complex": found.complex,
    })
}

fn list_complexes(complexes: &[FoundComplex<'_>]) {
    for found in complexes.iter().take(MOST) {
        output::data(&format!(
            "district court  --state {} --district {} --complex {}  {}, {}, {} (establishments {}{})",
            found.state.code,
            found.district.code,
            found.complex.code,
            found.complex.name,
            found.district.name,
            found.state.name,
            found.complex.establishments.join(" "),
            if found.complex.needs_establishment {
                ", one must be chosen"
            } else {
                ""
            }
        ));
    }
    if complexes.len() > MOST {
        output::talk(&format!(
            "the first {MOST} complexes are shown; say more of the name"
        ));
    }
}

fn list_state(global: &Global, name: &str) -> Outcome {
    let state = district_courts().state(name).ok_or_else(|| {
        let names: Vec<&str> = district_courts()
            .states()
            .iter()
            .map(|state| state.name.as_str())
            .collect();
        Failure::usage(format!("no state {name:?}; known: {}", names.join(", ")))
    })?;
    if global.json {
        output::json(state);
        return Ok(0);
    }
    for district in &state.districts {
        output::data(&format!("{} {}", district.code, district.name));
        for complex in &district.complexes {
            output::data(&format!("    {} {}", complex.code, complex.name));
        }
    }
    Ok(0)
}
