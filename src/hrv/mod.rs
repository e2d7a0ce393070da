//! Heart rate and its variability, from RR intervals to NN intervals to indices.
//!
//! NN only: an interval that touches poor signal, lies out of range or belongs to an ectopic beat is left out
//! and keeps its reason. Differences are taken between intervals that follow each other directly, never over
//! a hole. Definitions: Task Force of ESC and NASPE, Circulation 93:1043 (1996).

mod frequency;
mod limits;
mod nn;
mod rate;
mod time_domain;

pub use frequency::{bands, resampled, Bands};
pub use limits::{LONG_SPAN, MAX_REJECTED_SHARE, SHORT_SPAN};
pub use nn::{reject, ECTOPIC_DEVIATION};
pub use rate::{rates, Rates};
pub use time_domain::{pnn50_percent, rmssd_ms, sd1_ms, sd2_ms, sdnn_ms, successive_differences};
