//! What may be known about the device outside the patient's browser.

use serde::{Deserialize, Serialize};

/// The class of the source. There is no field for a name, a serial number or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum DeviceClass {
    /// Chest strap that sends one ECG lead.
    ChestStrapEcg,
    /// ECG device of one lead that is held, stuck on or wired: where its electrodes sit is not known.
    EcgMonitor,
    /// Heart-rate sensor that sends rates and RR intervals, no ECG.
    HeartRateSensor,
    /// A recording read from a file or handed over as samples.
    Recording,
}

impl DeviceClass {
    /// Whether such a device sends ECG by itself.
    #[must_use]
    pub const fn has_ecg(self) -> bool {
        matches!(self, Self::ChestStrapEcg | Self::EcgMonitor)
    }
}
