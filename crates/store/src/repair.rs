//! Repair of what the layers to the left can give back.

use crate::{Derived, Finding, Lake, Layer, Repair, StoreError, publish};

/// What was repaired.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct RepairReport {
    /// Files removed that nothing referred to.
    pub removed: u64,
    /// Published files written again.
    pub republished: u64,
    /// Text files dropped: their documents have to be extracted again.
    pub text_dropped: u64,
    /// Files of what was read from pictures that were dropped: the next run that reads pictures makes them again.
    pub ocr_dropped: u64,
    /// Files of layers made from text that were dropped: their stages make them again.
    pub layers_dropped: u64,
    /// Layers that lost rows which are to be shown to nobody.
    pub hidden: u64,
    /// Rows whose document is wanted again.
    pub documents_pending: u64,
    /// Damaged documents that no row lists any more, so that nothing can give them back.
    pub documents_lost: u64,
    /// Windows opened, to be walked again.
    pub windows_opened: u64,
    /// Whether rows of the ledger are damaged: nothing was repaired. Close the lake, call [`Lake::restore`],
    /// and look again.
    pub needs_restore: bool,
    /// Findings that nothing in the lake can mend.
    pub left: u64,
}

/// Repairs what can be repaired. `may_restore`: where rows of the ledger are damaged nothing is done before a copy
/// was restored.
pub(crate) fn repair(
    lake: &Lake,
    findings: &[Finding],
    may_restore: bool,
) -> Result<RepairReport, StoreError> {
    let mut report = RepairReport::default();
    if may_restore
        && findings
            .iter()
            .any(|finding| finding.repair == Some(Repair::Restore))
    {
        // Nothing may be derived from a damaged ledger.
        report.needs_restore = true;
        report.left = findings.len() as u64;
        return Ok(report);
    }
    let mut publish_again = Vec::new();
    let mut hide = Vec::new();
    let mut count_again = false;
    for finding in findings {
        match &finding.repair {
            None => report.left += 1,
            Some(Repair::RemoveFile(path)) if path.starts_with(lake.dir()) => {
                lake.disk().remove_if_there(path)?;
                report.removed += 1;
            }
            Some(Repair::RemoveFile(_)) => report.left += 1,
            Some(Repair::FetchAgain(sha256)) => {
                lake.disk()
                    .remove_if_there(&lake.documents().path(sha256))?;
                let rows = lake.ledger().fetch_again(sha256)?;
                report.documents_pending += rows;
                report.documents_lost += u64::from(rows == 0);
            }
            Some(Repair::Republish(layer, path)) => {
                drop_file(lake, *layer, path, &mut report)?;
                if layer.stage().is_none() {
                    publish_again.push(*layer);
                }
            }
            Some(Repair::Hide(layer)) => hide.push(*layer),
            Some(Repair::WriteManifest) => {}
            Some(Repair::WalkAgain(window)) => {
                lake.ledger().reopen_window(*window)?;
                report.windows_opened += 1;
            }
            Some(Repair::CountAgain) => count_again = true,
            Some(Repair::Restore | Repair::BuildIndex) => report.left += 1,
            Some(Repair::Approve) => lake.ledger().approve_change()?,
            Some(Repair::RemoveBackup(path)) => {
                lake.disk().remove_if_there(path)?;
                report.removed += 1;
            }
        }
    }
    if count_again {
        lake.ledger().recount()?;
    }
    hide.sort_unstable();
    hide.dedup();
    for layer in hide {
        report.hidden += 1;
        match layer {
            // The tables are written from the ledger, which hides rows.
            _ if layer.stage().is_none() => publish_again.push(layer),
            _ => lake.hide_in_layer(layer)?,
        }
    }
    if publish_again.contains(&Layer::Judgments) {
        report.republished += lake.publish_judgments(&mut |_| {})?.files_written;
    }
    if publish_again.contains(&Layer::Revisions) {
        report.republished += lake.publish_revisions()?.files_written;
    }
    if publish_again
        .iter()
        .any(|layer| Layer::OF_CASES.contains(layer))
    {
        report.republished += lake.publish_cases()?.files_written;
    }
    publish::write_manifest(lake.disk(), lake.ledger())?;
    Ok(report)
}

/// Drops a published file, so that it is made again.
fn drop_file(
    lake: &Lake,
    layer: Layer,
    path: &str,
    report: &mut RepairReport,
) -> Result<(), StoreError> {
    if let Some(stage) = layer.stage() {
        // First: a stage that takes its partition for done never comes back to it.
        lake.ledger().layer_lost(stage)?;
    }
    lake.ledger().forget_artifact(path)?;
    lake.disk().remove_if_there(&lake.dir().join(path))?;
    match layer.stage() {
        Some(Derived::Text) => report.text_dropped += 1,
        Some(Derived::Ocr) => report.ocr_dropped += 1,
        Some(_) => report.layers_dropped += 1,
        None => {}
    }
    Ok(())
}
