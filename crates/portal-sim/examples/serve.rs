//! Serves the simulated portals until interrupted, for clients in other processes.
//!
//! `serve [ROWS] [FAULTS.toml] [--log FILE]`: ROWS rows of the High Court of Delhi (137), 40 of the
//! Supreme Court Reports, 50 of the feed. Prints four lines: the addresses of the judgment portal, the
//! Supreme Court's reports and site, and the control surface.
#![expect(
    clippy::print_stdout,
    reason = "printing the addresses is what this program is for"
)]

use std::sync::Arc;

use nirnay_model::Portal;
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, FaultScript, Quirks, Sim, SimConfig};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut plain = Vec::new();
    let mut log_file = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--log" {
            log_file = arguments.next().map(Into::into);
        } else {
            plain.push(argument);
        }
    }
    let rows = plain.first().map_or(Ok(137), |rows| rows.parse())?;
    let spec = DocketSpec {
        courts: vec![CourtShare::new("delhi", rows)],
        quirks: Quirks {
            garbage: 0.0,
            no_button: 0.0,
            ..Quirks::default()
        },
        ..DocketSpec::default()
    };
    let mut config = SimConfig::new(Arc::new(Docket::generate(&spec)?));
    config.log_file = log_file;
    if let Some(path) = plain.get(1) {
        config.faults = Some(FaultScript::from_toml(&std::fs::read_to_string(path)?)?);
    }
    let sim = Sim::start(config).await?;
    for portal in Portal::ALL {
        println!("{} {}", portal, sim.base_url(portal));
    }
    println!("control {}", sim.control_url());
    tokio::signal::ctrl_c().await?;
    sim.shutdown().await;
    Ok(())
}
