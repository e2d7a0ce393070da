//! Viatom, Wellue and Lepu recorders (ER1, ER2, DuoEK): A5 packets in fragments of 20 bytes, asked for twice a second.
//!
//! The device answers with what it measured since it was last asked, without a time stamp: how much was lost with an
//! answer is known from when it was asked ([`EcgTiming::Arrival`](super::EcgTiming)). The serial number that its
//! information packet holds is never asked for.

mod adapter;
mod packet;
mod realtime;

pub use adapter::ViatomAdapter;
pub use packet::{encode, Packet, Packets};
pub use realtime::{decode, encode_realtime, Realtime, RunStatus};

use super::Uuid;

/// The service.
pub const SERVICE: Uuid = Uuid::new(0x14839ac4_7d7e_415c_9a42_167340cf2339);
/// Requests: write.
pub const REQUEST: Uuid = Uuid::new(0x8b00ace7_eb0b_49b0_bbe9_9aee0a26e1a3);
/// Answers: notify.
pub const ANSWER: Uuid = Uuid::new(0x0734594a_a8e7_4b1a_a6b1_cd5243059a57);

/// Asks for what was measured since the last time; its argument is 0x7D.
pub const REALTIME: u8 = 0x03;
/// The argument.
pub const REALTIME_ARGUMENT: [u8; 1] = [0x7D];
