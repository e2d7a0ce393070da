//! One folder or file per format. What can be sent is a function of the Summary; writers of raw samples and
//! places are `local` types that nothing can send.

pub mod annotated;
pub mod fhir;
pub mod json;
pub mod local;
pub mod wfdb_annotations;
