//! Files for others: one file per format.

pub mod wfdb_annotations;
