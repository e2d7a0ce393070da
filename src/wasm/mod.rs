//! The door to JavaScript: exported functions convert, call, convert.
//!
//! No borrow of Rust state is held while JavaScript runs: events wait in a queue that the TypeScript class
//! drains after each call.
//!
//! Two modules are built from here, so that a patient's page loads only what a live test needs: the main one
//! (`analyze`, `bluetooth`, `session`) and, with the feature `tools`, the one loaded on demand (`leads`, `record`, `strap`).

mod error;
mod host;
mod object;
mod plain;
mod rate;

#[cfg(not(feature = "tools"))]
mod analyze;
#[cfg(not(feature = "tools"))]
mod bluetooth;
#[cfg(not(feature = "tools"))]
mod event;
#[cfg(not(feature = "tools"))]
mod identity;
#[cfg(not(feature = "tools"))]
mod session;
#[cfg(not(feature = "tools"))]
mod types;

#[cfg(feature = "tools")]
mod leads;
#[cfg(feature = "tools")]
mod record;
#[cfg(feature = "tools")]
mod strap;
