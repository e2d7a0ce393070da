//! Evidence for the core: from samples, frames and messages to Report, Summary and Bundle. Needs no recordings but in
//! `recordings`, which says so.

// Tests say what they expect, in their helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod beside;
mod chunks;
mod classes;
mod fhir;
mod foreign;
mod golden;
mod hearts;
mod host;
mod measures;
mod motion;
mod pressure;
mod privacy;
mod pulses;
mod schemas;
mod strap;
mod waves;

#[path = "../recordings/mod.rs"]
mod files;
mod recordings;
mod rhythm;
