//! Zephyr BioHarness and BioModule: heart rate of the summary, RR intervals, and ECG packets where a transport carries
//! them.
//!
//! Experimental: over Bluetooth Low Energy the summary is documented by its users; RR packets were read by one public
//! client, and ECG was never seen. The adapter therefore asks for RR and not for ECG, and reads ECG packets when they
//! come. Queries that answer with a serial number, an address or a person's name are never sent.

mod adapter;
mod data;
mod packet;

pub use adapter::ZephyrAdapter;
pub use data::{
    decode_ecg, decode_rr, decode_summary, encode_ecg, encode_rr, encode_summary, EcgData, RrData, RrSigns,
};
pub use packet::{encode, Packet, Packets};

use super::Uuid;

/// The service.
pub const SERVICE: Uuid = Uuid::new(0xbefdff20_c979_11e1_9b21_0800200c9a66);
/// Summary, once a second: notify.
pub const SUMMARY: Uuid = Uuid::new(0xbefdff60_c979_11e1_9b21_0800200c9a66);
/// Packets to the device: write.
pub const COMMAND: Uuid = Uuid::new(0xbefdff68_c979_11e1_9b21_0800200c9a66);
/// Packets from the device: notify.
pub const PACKETS: Uuid = Uuid::new(0xbefdff69_c979_11e1_9b21_0800200c9a66);

/// Switches RR packets on or off.
pub const SET_RR: u8 = 0x19;
/// Says that somebody still listens.
pub const LIFE_SIGN: u8 = 0x23;
/// ECG samples.
pub const ECG: u8 = 0x22;
/// RR intervals.
pub const RR: u8 = 0x24;
