//! Signal quality, window by window, with reasons a patient can act on; and the verdict on a whole test.

mod assessor;
mod band;
mod evidence;
mod hum;
mod judge;
mod raw;
mod verdict;

pub use assessor::Assessor;
pub use verdict::{advice, Outcome, Received, TestRequest, Verdict, VerdictReason};
