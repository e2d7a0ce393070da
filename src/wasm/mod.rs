//! The door to JavaScript: exported functions convert, call, convert.
//!
//! No borrow of Rust state is held while JavaScript runs: events wait in a queue that the TypeScript class
//! drains after each call.
//!
//! Three modules are built from here, so that a patient's page loads only what a live test needs: the main one
//! (`analyze`, `bluetooth`, `session`) and, loaded on demand, with the feature `tools` virtual straps and record files
//! (`leads`, `record`, `strap`), with the feature `devices` the state machines of rarer devices (`remote`).

mod error;
#[cfg(not(feature = "devices"))]
mod host;
mod object;
mod plain;
#[cfg(not(feature = "devices"))]
mod rate;

#[cfg(not(any(feature = "tools", feature = "devices")))]
mod analyze;
#[cfg(not(any(feature = "tools", feature = "devices")))]
mod bluetooth;
#[cfg(not(any(feature = "tools", feature = "devices")))]
mod event;
#[cfg(not(any(feature = "tools", feature = "devices")))]
mod identity;
#[cfg(not(any(feature = "tools", feature = "devices")))]
mod session;
#[cfg(not(feature = "tools"))]
mod types;

#[cfg(feature = "tools")]
mod leads;
#[cfg(feature = "tools")]
mod record;
#[cfg(feature = "tools")]
mod strap;

#[cfg(feature = "devices")]
mod remote;
