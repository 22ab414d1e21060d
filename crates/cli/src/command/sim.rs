//! `nirnay sim`: the simulated portals for tests, demonstrations and other people's clients.

use std::path::Path;
use std::sync::Arc;

use nirnay_model::Portal;
use nirnay_portal_sim::{
    CourtShare, DirOptions, Docket, DocketSpec, FaultScript, Quirks, Sim, SimConfig, TokenMode,
};

use super::Outcome;
use crate::args::SimArgs;
use crate::failure::Failure;
use crate::output::{self, talk};

pub(crate) fn run(args: &SimArgs) -> Outcome {
    let docket = docket(args)?;
    let mut config = SimConfig::new(Arc::new(docket));
    config.seed = args.seed;
    config.faults = args.faults.as_deref().map(faults).transpose()?;
    config.log_file.clone_from(&args.log);
    if args.strict {
        config.tokens = TokenMode::StrictAll;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::io(Path::new("the async runtime"), &error))?;
    runtime.block_on(async {
        let sim = Sim::start(config)
            .await
            .map_err(|error| Failure::usage(error.to_string()))?;
        for portal in Portal::ALL {
            output::data(&format!("{portal}={}", sim.base_url(portal)));
        }
        output::data(&format!("control={}", sim.control_url()));
        talk("serving until Ctrl-C");
        tokio::signal::ctrl_c()
            .await
            .map_err(|error| Failure::io(Path::new("Ctrl-C"), &error))?;
        sim.shutdown().await;
        Ok(0)
    })
}

fn docket(args: &SimArgs) -> Result<Docket, Failure> {
    let failed = |error: nirnay_portal_sim::SimError| Failure::usage(error.to_string());
    if let Some(dir) = &args.docket {
        let options = DirOptions {
            pdf_dir: args.pdf_dir.clone(),
            seed: args.seed,
            ..DirOptions::default()
        };
        return Docket::from_dir(dir, &options).map_err(failed);
    }
    let courts = args
        .rows
        .iter()
        .map(|text| {
            let (slug, rows) = text.split_once('=').ok_or_else(|| {
                Failure::usage(format!("--rows {text}: needs COURT=ROWS, e.g. delhi=500"))
            })?;
            let rows = rows
                .parse()
                .map_err(|_| Failure::usage(format!("--rows {text}: {rows:?} is not a number")))?;
            Ok(CourtShare::new(super::court(slug)?.slug.clone(), rows))
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    Docket::generate(&DocketSpec {
        seed: args.seed,
        courts,
        from: args.from,
        to: args.to,
        scr_rows: args.scr_rows,
        feed_rows: 50,
        quirks: Quirks::default(),
    })
    .map_err(failed)
}

fn faults(name: &str) -> Result<FaultScript, Failure> {
    if name == "standard" {
        return Ok(FaultScript::standard());
    }
    let path = Path::new(name);
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    FaultScript::from_toml(&text).map_err(|error| Failure::usage(format!("{name}: {error}")))
}
