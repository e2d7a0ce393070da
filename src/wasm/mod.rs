//! The door to JavaScript: exported functions convert, call, convert.
//!
//! No borrow of Rust state is held while JavaScript runs: events wait in a queue that the TypeScript class
//! drains after each call.
//!
//! Six modules are built from here, so that a patient's page loads only what a live test needs: the main one (`analyze`,
//! `bluetooth`, `session`, and `weights` with the feature `apart`), one that turns a summary into a Bundle (`fhir`), and
//! four that are loaded on demand: virtual straps and several leads (`strap`, `leads`; feature `tools`), annotation files,
//! lists of intervals and recipes (`annotator`, `variability`; feature `records`), record files (`record`; feature `files`)
//! and the state machines of rarer devices (`remote`; feature `devices`).

mod error;
#[cfg(not(any(feature = "records", feature = "files", feature = "devices", feature = "fhir")))]
mod host;
#[cfg(not(any(feature = "records", feature = "fhir")))]
mod object;
#[cfg(not(feature = "files"))]
mod plain;
#[cfg(not(any(feature = "files", feature = "devices", feature = "fhir")))]
mod rate;

#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "fhir"
)))]
mod analyze;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "fhir"
)))]
mod bluetooth;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "fhir"
)))]
mod event;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "fhir"
)))]
mod identity;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "fhir"
)))]
mod reading;
#[cfg(not(any(
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices",
    feature = "fhir"
)))]
mod session;
#[cfg(not(any(feature = "tools", feature = "files", feature = "devices")))]
mod types;

#[cfg(feature = "apart")]
mod weights;

// A build without features has it as well, for tests.
#[cfg(not(any(
    feature = "apart",
    feature = "tools",
    feature = "records",
    feature = "files",
    feature = "devices"
)))]
mod fhir;

#[cfg(feature = "tools")]
mod leads;
#[cfg(feature = "tools")]
mod strap;

#[cfg(feature = "records")]
mod annotator;
#[cfg(feature = "records")]
mod variability;

#[cfg(feature = "files")]
mod record;

#[cfg(feature = "devices")]
mod remote;
