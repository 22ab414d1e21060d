//! Repair of what the layers to the left can give back.

use crate::disk::remove_if_there;
use crate::{Finding, Lake, Layer, Repair, StoreError, publish};

/// What was repaired.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct RepairReport {
    /// Files removed that nothing referred to.
    pub removed: u64,
    /// Published files written again.
    pub republished: u64,
    /// Text files dropped: their documents have to be extracted again.
    pub text_dropped: u64,
    /// Rows whose document is wanted again.
    pub documents_pending: u64,
    /// Findings that nothing in the lake can mend.
    pub left: u64,
}

pub(crate) fn repair(lake: &Lake, findings: &[Finding]) -> Result<RepairReport, StoreError> {
    let mut report = RepairReport::default();
    let mut publish_again = Vec::new();
    for finding in findings {
        match &finding.repair {
            None => report.left += 1,
            Some(Repair::RemoveFile(path)) if path.starts_with(lake.dir()) => {
                remove_if_there(path)?;
                report.removed += 1;
            }
            Some(Repair::RemoveFile(_)) => report.left += 1,
            Some(Repair::FetchAgain(sha256)) => {
                remove_if_there(&lake.documents().path(sha256))?;
                report.documents_pending += lake.ledger().fetch_again(sha256)?;
            }
            Some(Repair::Republish(layer, path)) => {
                remove_if_there(&lake.dir().join(path))?;
                lake.ledger().forget_artifact(path)?;
                if *layer == Layer::Text {
                    report.text_dropped += 1;
                } else {
                    publish_again.push(*layer);
                }
            }
            Some(Repair::WriteManifest) => {}
        }
    }
    if publish_again.contains(&Layer::Judgments) {
        report.republished += lake.publish_judgments(&mut |_| {})?.files_written;
    }
    if publish_again.contains(&Layer::Revisions) {
        report.republished += lake.publish_revisions()?.files_written;
    }
    publish::write_manifest(lake.disk(), lake.ledger())?;
    Ok(report)
}
