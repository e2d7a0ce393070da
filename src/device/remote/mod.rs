//! State machines that live elsewhere.
//!
//! A patient's page has the adapters of common straps built in. Those of rarer devices live in a module that is loaded
//! when such a device is linked. Both sides are sans-I/O: [`Device`](super::Device) hands [`Input`](super::Input)s
//! over as bytes, [`RemoteDevice`] answers with what the device said and what is to be done, as bytes again. Nobody
//! waits, and neither side knows how the bytes travel.

mod link;
mod remote_device;
mod wire;

pub(crate) use link::RemoteLink;
pub use remote_device::RemoteDevice;
