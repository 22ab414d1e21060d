//! `nirnay serve` and `nirnay mcp`: the lake for people, programs and agents.

use std::path::Path;

use nirnay_pipeline::exit;
use nirnay_serve::{ServeConfig, ServeError, Server, serve_tools};

use super::Outcome;
use crate::args::{Global, ServeArgs};
use crate::failure::Failure;
use crate::{output, signals};

pub(crate) fn web(global: &Global, args: &ServeArgs) -> Outcome {
    let mut config = ServeConfig::new(super::lake_dir(global));
    config.listen = args.listen;
    config.names.clone_from(&args.name);
    config.token = args.token_file.as_deref().map(token).transpose()?;
    runtime()?.block_on(async {
        let server = Server::bind(config).await.map_err(failure)?;
        let address = format!("http://{}/", server.address());
        if global.json {
            output::json(&serde_json::json!({ "address": address }));
        } else {
            output::data(&address);
        }
        if !global.quiet {
            output::talk("Ctrl-C ends it");
        }
        server.run(signals::wait_for_signal()).await;
        Ok(0)
    })
}

pub(crate) fn tools(global: &Global) -> Outcome {
    let lake = super::lake_dir(global);
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        tokio::select! {
            served = serve_tools(&lake, tokio::io::stdin(), tokio::io::stdout()) => served,
            () = signals::wait_for_signal() => Ok(()),
        }
    });
    // A read of standard input that is under way cannot be called off.
    runtime.shutdown_background();
    served.map(|()| 0).map_err(failure)
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(exit::IO, format!("no runtime: {error}")))
}

fn token(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    let token = text.lines().next().unwrap_or("").trim();
    if token.is_empty() {
        return Err(Failure::usage(format!(
            "{}: the first line is empty; put the token there",
            path.display()
        )));
    }
    Ok(token.to_owned())
}

fn failure(error: ServeError) -> Failure {
    match error {
        ServeError::Store(error) => error.into(),
        error @ (ServeError::NoIndex { .. }
        | ServeError::NoToken { .. }
        | ServeError::NoName { .. }
        | ServeError::ShortToken { .. }) => Failure::usage(error.to_string()),
        error => Failure::new(exit::IO, error.to_string()),
    }
}
