//! The door to JavaScript: exported functions convert, call, convert.
//!
//! No borrow of Rust state is held while JavaScript runs: events wait in a queue that the TypeScript class
//! drains after each call.
//!
//! Three modules are built from here, so that a patient's page loads only what a live test needs: the main one
//! (`analyze`, `bluetooth`, `session`) and two that are loaded on demand, one for virtual straps, several leads and R
//! peaks alone (`strap`, `leads`, `peaks`; feature `tools`) and one for record files (`record`; feature `files`).

mod error;
#[cfg(not(feature = "files"))]
mod host;
mod object;
#[cfg(not(feature = "files"))]
mod plain;
#[cfg(not(feature = "files"))]
mod rate;

#[cfg(not(any(feature = "tools", feature = "files")))]
mod analyze;
#[cfg(not(any(feature = "tools", feature = "files")))]
mod bluetooth;
#[cfg(not(any(feature = "tools", feature = "files")))]
mod event;
#[cfg(not(any(feature = "tools", feature = "files")))]
mod identity;
#[cfg(not(any(feature = "tools", feature = "files")))]
mod session;
#[cfg(not(any(feature = "tools", feature = "files")))]
mod types;

#[cfg(feature = "tools")]
mod leads;
#[cfg(feature = "tools")]
mod peaks;
#[cfg(feature = "tools")]
mod strap;

#[cfg(feature = "files")]
mod record;
