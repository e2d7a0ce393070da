//! Which lead the samples belong to, as far as that can be known.

use serde::{Deserialize, Serialize};

/// The lead. A chest strap is never lead I or II: its electrodes sit elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Lead {
    /// Chest strap: a modified lead, placement unverified.
    ChestStrapModified,
    /// Named by the file it was read from.
    FromFile,
    /// Nothing is known.
    #[default]
    Unknown,
}
