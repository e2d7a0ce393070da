//! Heart rate and its variability, from RR intervals to NN intervals to indices.
//!
//! NN only: an interval that touches poor signal, lies out of range or belongs to an ectopic beat is left out
//! and keeps its reason. Differences are taken between intervals that follow each other directly, never over
//! a hole. Definitions: Task Force of ESC and NASPE, Circulation 93:1043 (1996).

mod correction;
mod entropy;
mod fluctuation;
mod frequency;
mod indices;
mod limits;
mod lomb;
mod nn;
mod packages;
mod rate;
mod recipe;
mod respiration;
mod spline;
#[cfg(test)]
mod testing;
mod time_domain;

pub use correction::{correct, Artefact, Corrected};
pub use frequency::{bands, resampled, Bands};
use indices::bands_of;
pub use indices::Indices;
pub use limits::{LONG_SPAN, MAX_REJECTED_SHARE, MAX_RESAMPLED, SHORT_SPAN};
pub use lomb::{gapped_bands, lomb_scargle};
pub use nn::{is_nn, reject, ECTOPIC_DEVIATION};
pub use packages::indices;
pub use rate::{rates, Rates};
pub use recipe::HrvRecipe;
pub use respiration::{respiration, BreathBeat, NoRespiration, Respiration};
pub use time_domain::{
    accepted, dfa_alpha1, pnn50_percent, rmssd_ms, sample_entropy, sd1_ms, sd2_ms, sdnn_ms, sdsd_ms,
    successive_differences, triangular_index,
};
