//! Filters and spectra. This floor knows samples, not hearts.
//!
//! - [`FilterChain`]: the monitor band with zero phase, streaming.
//! - [`Section`]: second-order sections, on the `biquad` crate.
//! - [`Welch`]: power spectral density, on `rustfft`.
//! - [`resample`]: band-limited change of rate.

mod baseline;
mod biquad;
mod filter_chain;
mod mains;
mod resample;
mod segment;
mod spectrum;

pub use biquad::Section;
pub use filter_chain::{FilterChain, FilterSpec, Mains};
pub use resample::resample;
pub use spectrum::{Density, Welch};
