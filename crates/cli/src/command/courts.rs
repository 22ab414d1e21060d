//! `nirnay courts`: the registry of courts.

use nirnay_model::{
    Bench, Cnr, Court, DistrictState, FoundComplex, ServiceBench, courts, district_courts,
    service_benches, service_place,
};
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

/// What a look-up found.
struct Found<'a> {
    courts: Vec<&'a Court>,
    benches: Vec<&'a ServiceBench>,
    complexes: Vec<FoundComplex<'a>>,
    /// The state that the letters of a CNR name.
    state: Option<&'a DistrictState>,
}

impl Found<'static> {
    fn of(text: &str) -> Self {
        let lower = text.trim().to_lowercase();
        let holds = |name: &str| !lower.is_empty() && name.to_lowercase().contains(&lower);
        let cnr = text.parse::<Cnr>().ok();
        let prefix = cnr
            .as_ref()
            .map_or_else(|| text.trim().to_uppercase(), |cnr| cnr.prefix().to_owned());
        let place = service_place(text);
        let mut benches: Vec<&ServiceBench> = service_benches()
            .iter()
            .filter(|bench| holds(&bench.name))
            .collect();
        let named = place.and_then(|(_, bench)| bench);
        if let Some(bench) = named.filter(|bench| !benches.contains(bench)) {
            benches.push(bench);
        }
        let is_named = |court: &Court| place.is_some_and(|(named, _)| named.slug == court.slug);
        let of_bench = |court: &Court| benches.iter().any(|bench| bench.court == court.slug);
        let found = courts().iter().filter(|court| {
            let is_known = court.portal_code == lower || court.cnr_prefixes.contains(&prefix);
            let has_bench = |bench: &Bench| bench.code.as_str() == lower || holds(&bench.name);
            (is_known || is_named(court) || of_bench(court))
                || holds(&court.name)
                || court.aliases.iter().any(|alias| holds(alias))
                || court.benches.iter().any(has_bench)
        });
        let courts: Vec<&Court> = found.collect();
        let complexes = match district_courts().complex(text) {
            Some(found) => vec![found],
            None => district_courts().search(text).take(MOST + 1).collect(),
        };
        let is_district = cnr.is_some() && courts.is_empty() && complexes.is_empty();
        let state = is_district.then(|| district_courts().by_cnr_prefix(&prefix));
        Self {
            courts,
            benches,
            complexes,
            state: state.flatten(),
        }
    }

    fn is_empty(&self) -> bool {
        self.courts.is_empty() && self.complexes.is_empty() && self.state.is_none()
    }
}

fn find(global: &Global, text: &str) -> Outcome {
    let found = Found::of(text);
    if found.is_empty() {
        return Err(Failure::usage(format!(
            "no court of the registry has {text:?} as its code, its CNR letters or in its name"
        )));
    }
    if global.json {
        let courts: Vec<Value> = found.courts.iter().map(|court| as_json(court)).collect();
        let complexes = found.complexes.iter().take(MOST).map(complex_json);
        let complexes: Vec<Value> = complexes.collect();
        let state = found
            .state
            .map(|state| json!({"code": state.code, "name": state.name}));
        output::json(&json!({
            "courts": courts,
            "hc_services": found.benches,
            "complexes": complexes,
            "state": state,
        }));
        return Ok(0);
    }
    if !found.courts.is_empty() {
        list(global, &found.courts);
    }
    for bench in &found.benches {
        output::data(&format!(
            "High Court Services  --court {} --bench {}  {}",
            bench.court, bench.code, bench.name
        ));
    }
    list_complexes(&found.complexes);
    if let Some(state) = found.state {
        output::data(&format!(
            "district court of {} (--state {})",
            state.name, state.code
        ));
        output::talk(
            "which district the third and fourth letters of a CNR name stands in no list that is published; \
             `nirnay case get CNR` asks the portal, whose page names the court",
        );
    }
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
