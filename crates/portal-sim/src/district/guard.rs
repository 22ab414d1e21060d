//! The secret in the page's script, and the headers in which it is sent back.

use crate::config::Guard;
use crate::fault::FaultKind;
use crate::random::Draw;
use crate::world::{State, Visit, World};

/// Counts a request, and the turns that faults bring.
pub(super) fn turn(_world: &World, state: &mut State, visit: &Visit<'_>) {
    state.guard_requests += 1;
    if visit.fault(FaultKind::SecretTurns).is_some() {
        state.guard_turns += 1;
    }
}

/// The number of the secret in force: it turns by the clock, by requests and by faults.
fn epoch(world: &World, state: &State, visit: &Visit<'_>) -> u64 {
    let hours = (visit.now.as_second().max(0) as u64) / world.config.secret_age.as_secs().max(1);
    let every = world.config.secret_requests.unwrap_or(u64::MAX).max(1);
    hours + state.guard_requests / every + state.guard_turns
}

/// The secret, and the name of the second header that carries it.
fn secret(world: &World, epoch: u64) -> (String, String) {
    let mut draw = Draw::of(&[world.config.seed, 95, epoch]);
    let letters = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let secret = draw.letters(12, letters);
    // Names last a good deal longer than secrets.
    let mut draw = Draw::of(&[world.config.seed, 96, epoch / 3]);
    (secret, format!("X{}", draw.letters(12, letters)))
}

/// Whether a call carries both headers.
pub(super) fn passes(world: &World, state: &State, visit: &Visit<'_>) -> bool {
    if world.config.guard == Guard::Open {
        return true;
    }
    let (secret, name) = secret(world, epoch(world, state, visit));
    let carries = |name: &str| visit.request.header(name) == Some(secret.as_str());
    carries("delimeter") && carries(&name.to_lowercase())
}

/// The version in the script's address.
pub(super) fn version(world: &World, state: &State, visit: &Visit<'_>) -> u64 {
    1_780_000_000 + epoch(world, state, visit)
}

/// The script.
pub(super) fn script(world: &World, state: &State, visit: &Visit<'_>) -> String {
    let (secret, name) = secret(world, epoch(world, state, visit));
    format!(
        "function refreshCaptcha()\n{{\n  $.ajax({{ url: 'index', headers: {{ \"Accept\": \"text/html\" }} }});\n}}\n\
         function ajaxCall(jsonobj)\n{{\n    var delimeter=\"{secret}\";\n    var url = jsonobj.url;\n\
         $.ajax({{\n        type: 'POST',\n        url: url,\n        headers: {{\n            \"delimeter\": delimeter,\n\
         \x20           \"{name}\": delimeter\n        }},\n        data: jsonobj.data + '&ajax_req=true&app_token=' + token\n    }});\n}}\n"
    )
}
