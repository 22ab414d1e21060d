//! The graph of judgments: who cites whom, how often, and which keys lead nowhere.

use std::collections::{BTreeMap, HashMap, HashSet};

use nirnay_citation::Kind;
use nirnay_model::{Cnr, RowKey};
use nirnay_store::{
    CitationLink, CiteRow, DanglingRow, DegreeRow, Lake, Layer, LayerInput, Resolution, Shard,
};
use serde::Serialize;

use crate::error::PipelineError;
use crate::event::{Event, Observer, Stage};
use crate::in_order::{SHARDS_AHEAD, in_order};
use crate::key_index::names_a_judgment;

/// Part of every input hash of the graph.
const GRAPH: &str = "nirnay-cites 1";

/// Rows of a part of `dangling/`.
const DANGLING_ROWS: usize = 500_000;

/// What the graph holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct GraphReport {
    /// Pairs of a judgment and a judgment that it cites.
    pub edges: u64,
    /// Judgments that cite or are cited.
    pub judgments: u64,
    /// Different keys that lead to no judgment of the lake.
    pub dangling: u64,
}

/// The graph as it stands.
pub(crate) fn standing(lake: &Lake) -> Result<GraphReport, PipelineError> {
    let sums = lake.ledger().layer_sums()?;
    let rows = |wanted: Layer| {
        let mut of_layer = sums.iter().filter(|(layer, _, _)| *layer == wanted);
        of_layer.next().map_or(0, |(_, rows, _)| *rows)
    };
    Ok(GraphReport {
        edges: rows(Layer::Cites),
        judgments: rows(Layer::Degrees),
        dangling: rows(Layer::Dangling),
    })
}

/// How a judgment stands in the graph.
#[derive(Debug, Clone, Default)]
struct Degree {
    cnr: Option<Cnr>,
    cited_by: u32,
    cites: u32,
    dangling: u32,
}

/// A key that leads nowhere.
#[derive(Debug, Clone)]
struct Dangling {
    kind: Kind,
    resolution: Resolution,
    count: u32,
    judgments: u32,
}

#[derive(Debug, Default)]
struct Graph {
    degrees: HashMap<RowKey, Degree>,
    dangling: BTreeMap<String, Dangling>,
}

/// The citations of one judgment, as far as the graph is about them.
#[derive(Debug)]
struct Citing {
    row_key: RowKey,
    cnr: Option<Cnr>,
    edges: Vec<CiteRow>,
    dangling: BTreeMap<String, Dangling>,
}

/// Whether a shard's source has a layout in doubt.
type IsHeld<'a> = &'a (dyn Fn(&Shard) -> bool + Sync);

/// Publishes the graph from `citations/`. Shards of a source whose layout is in doubt (`is_held`) count as they
/// are and are not written.
pub(crate) fn publish(
    lake: &Lake,
    jobs: usize,
    (shards, is_held): (&[Shard], IsHeld<'_>),
    observer: &dyn Observer,
) -> Result<GraphReport, PipelineError> {
    observer.observe(&Event::StageStarted {
        stage: Stage::Cites,
        total: Some(shards.iter().map(|shard| shard.rows).sum()),
    });
    let mut graph = Graph::default();
    let mut done = 0;
    let work = |shard: &Shard| (shard.rows, edges_of(lake, shard, is_held(shard)));
    in_order(
        (jobs, SHARDS_AHEAD),
        shards.iter(),
        work,
        |(rows, found)| {
            graph.add(found?);
            done += rows;
            observer.observe(&Event::StageProgress {
                stage: Stage::Cites,
                done,
            });
            Ok::<_, PipelineError>(())
        },
    )?;
    let edges = lake.finish_layer(Layer::Cites)?.rows;
    for shard in shards.iter().filter(|shard| !is_held(shard)) {
        degrees_of(lake, &graph, shard)?;
    }
    let judgments = lake.finish_layer(Layer::Degrees)?.rows;
    let dangling = publish_dangling(lake, &graph)?;
    observer.observe(&Event::StageFinished {
        stage: Stage::Cites,
    });
    Ok(GraphReport {
        edges,
        judgments,
        dangling,
    })
}

/// Publishes the edges of a shard, a pure function of its citations, and tells what the graph is made from.
fn edges_of(lake: &Lake, shard: &Shard, is_held: bool) -> Result<Vec<Citing>, PipelineError> {
    let mut input = LayerInput::new(Layer::Cites, GRAPH);
    if let Some(citations) = lake.part_hash(Layer::Citations, shard)? {
        input.add(citations.as_bytes());
    }
    let input = input.finish();
    let mut all = Vec::new();
    let mut rows = lake.read_part::<CitationLink>(shard)?.peekable();
    let mut of_one = Vec::new();
    while let Some(row) = rows.next().transpose()? {
        let ends = match rows.peek() {
            Some(Ok(next)) => next.row_key != row.row_key,
            Some(Err(_)) | None => true,
        };
        of_one.push(row);
        if ends {
            all.extend(citing(&of_one));
            of_one.clear();
        }
    }
    if !is_held && !lake.part_is_current(Layer::Cites, shard, &input)? {
        let mut part = lake.write_part::<CiteRow>(shard, input)?;
        for edge in all.iter().flat_map(|citing| &citing.edges) {
            part.push(edge.clone())?;
        }
        part.finish()?;
    }
    Ok(all)
}

/// A cluster of parallel citations of a document, or a citation that stands alone.
type Group = (Option<u32>, usize);

fn group(place: usize, row: &CitationLink) -> Group {
    let alone = if row.cluster.is_some() { 0 } else { place };
    (row.cluster, alone)
}

/// What the citations of one judgment come to; `None` if they name no judgment.
fn citing(rows: &[CitationLink]) -> Option<Citing> {
    let first = rows.first()?;
    let mut edges: BTreeMap<&RowKey, CiteRow> = BTreeMap::new();
    let mut counted = HashSet::new();
    let mut led = HashSet::new();
    for (place, row) in rows.iter().enumerate() {
        if row.target.resolution == Resolution::Own {
            led.insert(group(place, row));
        }
        let Some(target) = &row.target.row_key else {
            continue;
        };
        led.insert(group(place, row));
        let fresh = counted.insert((target, group(place, row)));
        let edge = edges.entry(target).or_insert_with(|| CiteRow {
            row_key: first.row_key.clone(),
            target: target.clone(),
            key: row.canonical.clone(),
            count: 0,
            first_page: row.page,
        });
        edge.count += u32::from(fresh);
    }
    let edges: Vec<CiteRow> = edges.into_values().collect();
    let dangling = dangling(rows, &led);
    (!edges.is_empty() || !dangling.is_empty()).then(|| Citing {
        row_key: first.row_key.clone(),
        cnr: first.cnr.clone(),
        edges,
        dangling,
    })
}

/// The keys that lead nowhere, those apart that stand parallel to one that leads somewhere.
fn dangling(rows: &[CitationLink], led: &HashSet<Group>) -> BTreeMap<String, Dangling> {
    let mut dangling = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        let resolution = row.target.resolution;
        let kind = Kind::named(&row.kind).filter(|kind| names_a_judgment(*kind));
        let Some(kind) = kind else { continue };
        let nowhere = matches!(resolution, Resolution::Unknown | Resolution::Ambiguous);
        if !nowhere || led.contains(&group(place, row)) {
            continue;
        }
        let entry = dangling.entry(row.canonical.clone()).or_insert(Dangling {
            kind,
            resolution,
            count: 0,
            judgments: 1,
        });
        entry.count += 1;
    }
    dangling
}

impl Graph {
    fn add(&mut self, all: Vec<Citing>) {
        for citing in all {
            for edge in &citing.edges {
                self.degrees
                    .entry(edge.target.clone())
                    .or_default()
                    .cited_by += 1;
            }
            let degree = self.degrees.entry(citing.row_key).or_default();
            degree.cnr = citing.cnr;
            degree.cites = citing.edges.len() as u32;
            degree.dangling = citing.dangling.len() as u32;
            for (key, found) in citing.dangling {
                self.dangling
                    .entry(key)
                    .and_modify(|known| {
                        known.count += found.count;
                        known.judgments += 1;
                        // A case number may be ambiguous in one court and unknown in another.
                        known.resolution = known.resolution.min(found.resolution);
                    })
                    .or_insert(found);
            }
        }
    }
}

/// Publishes the degrees of a shard's judgments.
fn degrees_of(lake: &Lake, graph: &Graph, shard: &Shard) -> Result<(), PipelineError> {
    let mut rows = Vec::new();
    for judgment in lake.shard_judgments(shard)? {
        let judgment = judgment?.judgment;
        let key = judgment.key();
        if let Some(degree) = graph.degrees.get(&key) {
            rows.push(DegreeRow {
                row_key: key,
                cnr: judgment.cnr,
                in_degree: degree.cited_by,
                out_degree: degree.cites,
                dangling: degree.dangling,
            });
        }
    }
    let mut input = LayerInput::new(Layer::Degrees, GRAPH);
    for row in &rows {
        input.add(row.row_key.as_str().as_bytes());
        input.add(row.cnr.as_ref().map_or("", Cnr::as_str).as_bytes());
        for number in [row.in_degree, row.out_degree, row.dangling] {
            input.add(&number.to_le_bytes());
        }
    }
    let input = input.finish();
    if lake.part_is_current(Layer::Degrees, shard, &input)? {
        return Ok(());
    }
    let mut part = lake.write_part::<DegreeRow>(shard, input)?;
    for row in rows {
        part.push(row)?;
    }
    part.finish()?;
    Ok(())
}

/// Publishes the keys that lead nowhere, sorted; returns their number.
fn publish_dangling(lake: &Lake, graph: &Graph) -> Result<u64, PipelineError> {
    let all: Vec<(&String, &Dangling)> = graph.dangling.iter().collect();
    let mut parts = 0;
    for chunk in all.chunks(DANGLING_ROWS) {
        let mut input = LayerInput::new(Layer::Dangling, GRAPH);
        for (key, dangling) in chunk {
            input.add(key.as_bytes());
            input.add(dangling.kind.as_str().as_bytes());
            input.add(dangling.resolution.name().as_bytes());
            input.add(&dangling.count.to_le_bytes());
            input.add(&dangling.judgments.to_le_bytes());
        }
        let input = input.finish();
        if !lake.table_is_current(Layer::Dangling, parts, &input)? {
            let mut part = lake.write_table::<DanglingRow>(parts, input)?;
            for (key, dangling) in chunk {
                part.push(DanglingRow {
                    canonical: (*key).clone(),
                    kind: dangling.kind.as_str().to_owned(),
                    resolution: dangling.resolution.name().to_owned(),
                    count: dangling.count,
                    judgments: dangling.judgments,
                })?;
            }
            part.finish()?;
        }
        parts += 1;
    }
    Ok(lake.finish_table(Layer::Dangling, parts)?.rows)
}
