//! `nirnay sim`: the simulated portals for tests, demonstrations and other people's clients.

use std::path::Path;
use std::sync::Arc;

use nirnay_portal_sim::{
    CaseSpec, CourtShare, Crowd, DirOptions, Docket, DocketSpec, FaultScript, Guard, Quirks, Sim,
    SimConfig, Site, TokenMode,
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
    if args.open {
        config.guard = Guard::Open;
    }
    config.cases = CaseSpec {
        pending: args.pending,
        district: args.district_cases,
        crowd: args
            .crowd
            .as_deref()
            .map(|text| crowd(text, args))
            .transpose()?,
        ..CaseSpec::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::io(Path::new("the async runtime"), &error))?;
    runtime.block_on(async {
        let sim = Sim::start(config)
            .await
            .map_err(|error| Failure::usage(error.to_string()))?;
        for site in Site::ALL {
            output::data(&format!("{site}={}", sim.base_url(site)));
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
            let (slug, rows) = share("--rows", text)?;
            Ok(CourtShare::new(slug, rows))
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

/// A court and a number: `delhi=500`.
fn share(option: &str, text: &str) -> Result<(String, u32), Failure> {
    let (slug, count) = text.split_once('=').ok_or_else(|| {
        Failure::usage(format!(
            "{option} {text}: needs COURT=NUMBER, e.g. delhi=500"
        ))
    })?;
    let count = count
        .parse()
        .map_err(|_| Failure::usage(format!("{option} {text}: {count:?} is not a number")))?;
    Ok((super::court(slug)?.slug.clone(), count))
}

fn crowd(text: &str, args: &SimArgs) -> Result<Crowd, Failure> {
    let (court, cases) = share("--crowd", text)?;
    Ok(Crowd {
        court,
        party: "NATIONAL CROWD LTD".to_owned(),
        year: args.to.year() as u16,
        cases,
    })
}

fn faults(name: &str) -> Result<FaultScript, Failure> {
    if name == "standard" {
        return Ok(FaultScript::standard());
    }
    let path = Path::new(name);
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    FaultScript::from_toml(&text).map_err(|error| Failure::usage(format!("{name}: {error}")))
}
