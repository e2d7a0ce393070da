//! The door to JavaScript: exported functions convert, call, convert.
//!
//! No borrow of Rust state is held while JavaScript runs: events wait in a queue that the TypeScript class
//! drains after each call.

mod analyze;
mod bluetooth;
mod error;
mod event;
mod host;
mod record;
mod session;
mod strap;
mod types;
