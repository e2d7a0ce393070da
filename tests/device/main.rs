//! Devices: frames, conversations, and everything that holds for each row of the table. Needs no recordings.

// Tests say what they expect, in their helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bad_link;
mod conversation;
mod corpora;
mod frames;
mod host;
mod rare_frames;
mod readings;
mod table;
