//! Bytes of heart devices to events, without I/O: one folder per family, one row each in [`ADAPTERS`].
//!
//! [`Device`] is what a driver talks to: it feeds [`Input`]s in, carries [`Action`]s out one after the other and
//! passes [`DeviceEvent`]s on. The driver knows no vendor. Each family also has the encoder of what its devices
//! send, for virtual devices and tests. What a page must say beforehand, because no device can, is a [`DeviceChoice`].

pub mod battery;
pub mod blood_pressure;
pub mod card10;
pub mod glucose;
pub mod health_sensor;
pub mod healthypi;
pub mod heart_rate;
pub mod information;
pub mod movesense;
pub mod movesense_activity;
pub mod polar;
pub mod pulse_oximeter;
pub mod reading;
pub mod remote;
pub mod thermometer;
pub mod uart;
pub mod viatom;
pub mod weight_scale;
pub mod zephyr;

mod adapter;
mod adapters;
mod arrival_clock;
mod band;
mod choice;
mod ecg_flow;
mod error;
mod event;
mod peripheral;
mod reader;
mod subscriber;
mod uuid;
mod wide_counter;

pub use adapter::{Action, Adapter, Input, Out};
pub use adapters::{AdapterRow, ChooserOptions, Evidence, NewAdapter, ADAPTERS};
pub use band::DeviceBand;
pub use choice::{DeviceChoice, MovesenseRate};
pub use error::{DeviceError, GattFailure};
pub use event::{
    AccelerationFrame, DeviceEvent, DeviceRr, EcgSettings, EcgTiming, HeartRate, KnownModel, PulseInterval,
    PulseIntervals, Refusal, Stream,
};
pub use peripheral::Device;
pub use reading::{LeftOut, Measurement};
pub use uuid::Uuid;
