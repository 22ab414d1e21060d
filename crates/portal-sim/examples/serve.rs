//! Serves the simulated portals until interrupted, for clients in other processes.
//!
//! `serve [ROWS] [FAULTS.toml] [--log FILE] [--open]`: ROWS rows of the High Court of Delhi (137), 40 of the
//! Supreme Court Reports, 50 of the feed, and the cases of all courts. With `--open` the district courts'
//! portal asks for no secret. Prints a line for each site and one for the control surface.
#![expect(
    clippy::print_stdout,
    reason = "printing the addresses is what this program is for"
)]

use std::sync::Arc;

use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultScript, Guard, Quirks, Sim, SimConfig, Site,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut plain = Vec::new();
    let mut log_file = None;
    let mut guard = Guard::Closed;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--log" => log_file = arguments.next().map(Into::into),
            "--open" => guard = Guard::Open,
            _ => plain.push(argument),
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
    config.guard = guard;
    if let Some(path) = plain.get(1) {
        config.faults = Some(FaultScript::from_toml(&std::fs::read_to_string(path)?)?);
    }
    let sim = Sim::start(config).await?;
    for site in Site::ALL {
        println!("{site} {}", sim.base_url(site));
    }
    println!("control {}", sim.control_url());
    tokio::signal::ctrl_c().await?;
    sim.shutdown().await;
    Ok(())
}
