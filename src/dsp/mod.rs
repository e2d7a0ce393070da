//! Filters and spectra. This floor knows samples, not hearts.
//!
//! - [`FilterChain`]: the monitor band with zero phase, streaming.
//! - [`Section`]: second-order sections, on the `biquad` crate.
//! - [`Welch`]: power spectral density, on `rustfft`.
//! - [`Zoom`]: the same over any grid, for part of the frequencies.
//! - [`resample`]: band-limited change of rate.
//! - [`Strip`]: the recent past of a stream at one fixed rate, for what looks at whole beats.
//! - [`Track`]: the recent past of any stream; [`RawTrack`]: of one as it came, with its means.
//! - [`Dense`]: a layer of a small network, on [`Four`] numbers side by side; [`Trees`]: sums of small decision trees.

mod baseline;
mod biquad;
mod filter_chain;
mod lanes;
mod mains;
mod network;
mod raw_track;
mod resample;
mod segment;
mod spectrum;
mod strip;
mod track;
mod trees;
mod zoom;

pub use biquad::Section;
pub use filter_chain::{FilterChain, FilterSpec, Mains};
pub use lanes::{dot, sort_short, Four};
pub use network::{rectified, Dense};
pub use raw_track::RawTrack;
pub use resample::resample;
pub use spectrum::{Density, Welch};
pub use strip::Strip;
pub use track::Track;
pub use trees::{tree_rows, tree_table, Trees, TREE_LEAVES, TREE_LEVELS, TREE_NODES};
pub use zoom::{Line, Taper, Zoom};
