//! Names of leads that may be written.

use crate::import::{standard_lead_name, RecordedLead};

/// Each lead's usual name, or its number where it has none or another lead has it already: any other text could be a
/// person's.
pub(super) fn labels(leads: &[RecordedLead]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::with_capacity(leads.len());
    for (i, lead) in leads.iter().enumerate() {
        let name = standard_lead_name(&lead.name).filter(|name| !labels.iter().any(|l| l == name));
        labels.push(name.map_or_else(|| format!("lead{}", i + 1), str::to_owned));
    }
    labels
}
