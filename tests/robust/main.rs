//! Every input gets an answer: odd signals, odd rates, odd transports, and the test signals of heart rate meters.

// Tests say what they expect, in their helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod meter;
mod odd;
mod signals;
mod sound;
mod stages;
mod transport;
