//! Bytes of heart devices to events, without I/O: one folder per family, one row each in [`ADAPTERS`].
//!
//! [`Device`] is what a driver talks to: it feeds [`Input`]s in, carries [`Action`]s out one after the other and
//! passes [`DeviceEvent`]s on. The driver knows no vendor. Each family also has the encoder of what its devices
//! send, for virtual devices and tests.

pub mod battery;
pub mod heart_rate;
pub mod information;
pub mod polar;

mod adapter;
mod adapters;
mod band;
mod error;
mod event;
mod peripheral;
mod reader;
mod uuid;

pub use adapter::{Action, Adapter, Input, Out};
pub use adapters::{AdapterRow, ChooserOptions, ADAPTERS};
pub use band::DeviceBand;
pub use error::{DeviceError, GattFailure};
pub use event::{DeviceEvent, DeviceRr, EcgSettings, HeartRate, KnownModel, Refusal, Stream};
pub use peripheral::Device;
pub use uuid::Uuid;
