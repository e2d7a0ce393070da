//! The door to JavaScript: exported functions convert, call, convert.
//!
//! No borrow of Rust state is held while JavaScript runs: events wait in a queue that the TypeScript class
//! drains after each call.
//!
//! Four modules are built from here, so that a patient's page loads only what a live test needs: the main one
//! (`analyze`, `bluetooth`, `session`, and `weights` with the feature `apart`) and three that are loaded on demand, one for
//! virtual straps, several leads, annotation files, lists of RR intervals and other recipes of variability (`strap`, `leads`,
//! `annotator`, `variability`; feature `tools`), one for record files
//! (`record`; feature `files`) and one for
//! the state machines of rarer devices (`remote`; feature `devices`).

mod error;
#[cfg(not(any(feature = "files", feature = "devices")))]
mod host;
mod object;
#[cfg(not(feature = "files"))]
mod plain;
#[cfg(not(any(feature = "files", feature = "devices")))]
mod rate;

#[cfg(not(any(feature = "tools", feature = "files", feature = "devices")))]
mod analyze;
#[cfg(not(any(feature = "tools", feature = "files", feature = "devices")))]
mod bluetooth;
#[cfg(not(any(feature = "tools", feature = "files", feature = "devices")))]
mod event;
#[cfg(not(any(feature = "tools", feature = "files", feature = "devices")))]
mod identity;
#[cfg(not(any(feature = "tools", feature = "files", feature = "devices")))]
mod reading;
#[cfg(not(any(feature = "tools", feature = "files", feature = "devices")))]
mod session;
#[cfg(not(any(feature = "files", feature = "devices")))]
mod types;

#[cfg(feature = "apart")]
mod weights;

#[cfg(feature = "tools")]
mod annotator;
#[cfg(feature = "tools")]
mod leads;
#[cfg(feature = "tools")]
mod strap;
#[cfg(feature = "tools")]
mod variability;

#[cfg(feature = "files")]
mod record;

#[cfg(feature = "devices")]
mod remote;
