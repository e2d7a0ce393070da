//! Names of leads that may be written.

use crate::import::{standard_lead_name, RecordedLead};

/// The lead's usual name, or its number: any other text could be a person's.
pub(super) fn label(lead: &RecordedLead, number: usize) -> String {
    standard_lead_name(&lead.name).map_or_else(|| format!("lead{}", number + 1), str::to_owned)
}
