//! The portal over real HTTP: a server on a free port, a real SQLite file, a real client.

// The clinic's methods are tests too, only without the attribute that the lints look for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod attacks;
mod clinic;
mod command;
mod contract;
mod deliveries;
mod events;
mod invitations;
mod pages;
mod real_reports;
mod red_flags;
mod refusals;
mod retention;
mod sign_in;
mod storage;
mod visits;
