//! The visit's pseudonym.

use crate::pipeline::{IdentifierError, ReportId};

/// A random pseudonym of 128 bits that only the portal can map to a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VisitId(pub [u8; 16]);

impl VisitId {
    /// Reads 32 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`IdentifierError`] for anything else: a name or a chart number cannot pass.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        ReportId::parse(text).map(|id| Self(id.0))
    }
}

impl core::fmt::Display for VisitId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&ReportId(self.0), f)
    }
}
