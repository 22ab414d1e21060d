//! The torture script, on a client that does nothing but try again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::client::{Client, path_of, rows};
use nirnay_model::{Portal, SourceId};
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultScript, Quirks, Sim, SimConfig,
};

/// Logs in, whatever it takes.
async fn log_in(client: &mut Client<'_>) {
    loop {
        let root = client.root();
        if client.get(&format!("{root}/")).await.is_err() {
            continue;
        }
        let picture = format!("{root}/vendor/securimage/securimage_show.php");
        let Ok(picture) = client.get(&picture).await else {
            continue;
        };
        let Some(answer) = client.sim.answer(&picture.body) else {
            continue;
        };
        let verdict = client.post("checkCaptcha", &[("captcha", &answer)]).await;
        if verdict.is_ok_and(|got| got.text().contains("\"Y\"")) {
            return;
        }
    }
}

/// The rows of one search answer, if it is one.
async fn page(client: &mut Client<'_>, start: usize) -> Option<Vec<String>> {
    let start = start.to_string();
    let search = [("iDisplayStart", start.as_str()), ("iDisplayLength", "25")];
    let text = client.search(&search).await.ok()?.text();
    if text.contains("session_expire") || text.contains("captcha_image") {
        log_in(client).await;
        return None;
    }
    let json: serde_json::Value = serde_json::from_str(text.get(text.find('{')?..)?).ok()?;
    json["reportrow"].is_object().then(|| rows(&json))
}

#[tokio::test]
async fn a_stubborn_client_sees_every_row_that_is_always_there() {
    let seeds: u64 = std::env::var("NIRNAY_SIM_SEEDS").map_or(6, |n| n.parse().unwrap());
    let mut struck: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 0..seeds {
        let spec = DocketSpec {
            seed,
            courts: vec![CourtShare::new("kerala", 300)],
            quirks: Quirks::none(),
            ..DocketSpec::default()
        };
        let mut config = SimConfig::new(Arc::new(Docket::generate(&spec).unwrap()));
        config.seed = seed;
        config.faults = Some(FaultScript::torture(seed));
        let sim = Sim::start(config).await.unwrap();
        let mut client = Client::new(&sim, Portal::Ecourts);
        log_in(&mut client).await;
        let mut seen = BTreeSet::new();
        for round in 0..400 {
            let Some(rows) = page(&mut client, round % 16 * 25).await else {
                continue;
            };
            let whole = rows.iter().filter(|row| row.contains("open_pdf("));
            let paths: Vec<String> = whole.map(|row| path_of(row)).collect();
            if let (Some(path), true) = (paths.first(), round % 3 == 0) {
                let link = [("val", "0"), ("path", path.as_str()), ("fcourt_type", "2")];
                // What comes of it is another test's business: here it only takes its strikes.
                if let Ok(link) = client.post("openpdfcaptcha", &link).await
                    && let Ok(json) = serde_json::from_str::<serde_json::Value>(&link.text())
                    && let Some(address) = json["outputfile"].as_str()
                    && address.starts_with("/pdfsearch/tmp/")
                {
                    client.get(address).await.ok();
                }
            }
            seen.extend(paths);
        }
        let wanted: BTreeSet<String> = sim
            .truth(SourceId::EcourtsHc)
            .into_iter()
            .filter(|row| row.is_readable && row.added_at.is_none() && row.removed_at.is_none())
            .map(|row| row.path)
            .collect();
        let missed: Vec<&String> = wanted.difference(&seen).collect();
        assert!(missed.is_empty(), "seed {seed}: {missed:?}");
        for fault in sim.log().into_iter().filter_map(|entry| entry.fault) {
            *struck.entry(fault).or_default() += 1;
        }
        sim.shutdown().await;
    }
    // Between them the scripts do nearly all that they can.
    for kind in [
        FaultKind::ShiftRows,
        FaultKind::SessionExpire,
        FaultKind::TotalMoves,
        FaultKind::EmptyResult,
    ] {
        assert!(
            struck.contains_key(&kind.name()),
            "{kind:?} never struck: {struck:?}"
        );
    }
    assert!(struck.len() >= 20, "{struck:?}");
}
