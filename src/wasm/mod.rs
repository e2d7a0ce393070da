//! The door to JavaScript: exported functions convert, call, convert.
//!
//! No borrow of Rust state is held while JavaScript runs: events wait in a queue that the TypeScript class
//! drains after each call.
//!
//! Six modules are built from here, so that a patient's page loads only what a live test needs: the main one (`analyze`,
//! `bluetooth`, `session`, and `weights` with the feature `apart`), one that makes the
//! report, its Bundle and annotation files (`results`, `annotator`), and
//! four that are loaded on demand: virtual straps and several leads (`strap`, `leads`; feature `tools`), lists of intervals
//! and recipes (`variability`; feature `records`), record files (`record`; feature `files`)
//! and the state machines of rarer devices (`remote`; feature `devices`).

mod error;
#[cfg(not(any(feature = "records", feature = "files", feature = "devices", feature = "results")))]
mod host;
#[cfg(not(any(feature = "records", feature = "results", feature = "devices")))]
mod object;
#[cfg(not(feature = "files"))]
mod plain;
#[cfg(not(any(feature = "records", feature = "files", feature = "devices", feature = "results")))]
mod rate;

#[cfg(not(feature = "part"))]
mod analyze;
#[cfg(not(feature = "part"))]
mod bluetooth;
#[cfg(not(feature = "part"))]
mod event;
#[cfg(not(feature = "part"))]
mod identity;
#[cfg(not(feature = "part"))]
mod reading;
#[cfg(not(feature = "part"))]
mod session;
#[cfg(not(any(feature = "tools", feature = "files", feature = "devices")))]
mod types;

#[cfg(feature = "apart")]
mod weights;

// A build without features has them as well, for tests.
#[cfg(any(feature = "results", not(any(feature = "apart", feature = "part"))))]
mod annotator;
#[cfg(any(feature = "results", not(any(feature = "apart", feature = "part"))))]
mod results;

#[cfg(feature = "tools")]
mod leads;
#[cfg(feature = "tools")]
mod strap;

#[cfg(feature = "records")]
mod variability;

#[cfg(feature = "files")]
mod record;

#[cfg(feature = "devices")]
mod remote;
