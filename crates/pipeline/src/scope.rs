//! What of a lake a pipeline answers for: several pipelines may share one.

use nirnay_model::SourceId;
use nirnay_store::Hole;

use crate::config::{PipelineConfig, SourceConfig};
use crate::context::Context;
use crate::crawl::Stages;
use crate::error::PipelineError;
use crate::schedule::{court_list, intersects};

/// Parts `holes` into those that this pipeline asked for and the number of the others.
pub(crate) fn part(
    context: &Context,
    config: &PipelineConfig,
    stages: Stages,
    holes: &[Hole],
) -> Result<(Vec<String>, u64), PipelineError> {
    let (mut ours, mut others) = (Vec::new(), 0);
    for hole in holes {
        if asked_for(context, config, stages, hole)? {
            ours.push(hole.to_string());
        } else {
            others += 1;
        }
    }
    Ok((ours, others))
}

fn asked_for(
    context: &Context,
    config: &PipelineConfig,
    stages: Stages,
    hole: &Hole,
) -> Result<bool, PipelineError> {
    for source in config
        .sources
        .iter()
        .filter(|source| source.source == hole.source)
    {
        if !court_list(source)?
            .iter()
            .any(|court| court.code == hole.court)
        {
            continue;
        }
        let asked = if hole.documents {
            stages.documents && source.documents && documents_wanted(context, source, hole)?
        } else {
            intersects(hole.window, source.range(context.today))
        };
        if asked {
            return Ok(true);
        }
    }
    Ok(false)
}

fn documents_wanted(
    context: &Context,
    source: &SourceConfig,
    hole: &Hole,
) -> Result<bool, PipelineError> {
    let Some(range) = source
        .range(context.today)
        .filter(|_| source.source != SourceId::SciFeed)
    else {
        return Ok(true);
    };
    Ok(context
        .lake
        .ledger()
        .wants_documents(source.source, &hole.court, range)?)
}
