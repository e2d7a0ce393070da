//! Every importer against files built by hand from the specifications, real files, damaged files, and what the
//! writers make of them.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod apple;
mod claims;
mod corpora;
mod damage;
mod gaps;
mod goldens;
mod identity;
mod marks;
mod odd;
mod real;
mod round_trip;
mod tables;
