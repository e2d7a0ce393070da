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

#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "results"
)))]
mod analyze;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "results"
)))]
mod bluetooth;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "results"
)))]
mod event;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "results"
)))]
mod identity;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "results"
)))]
mod reading;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "results"
)))]
mod session;
#[cfg(not(any(feature = "tools", feature = "files", feature = "devices")))]
mod types;

#[cfg(feature = "apart")]
mod weights;

// A build without features has them as well, for tests.
#[cfg(not(any(
    feature = "apart",
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices"
)))]
mod annotator;
#[cfg(not(any(
    feature = "apart",
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices"
)))]
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
