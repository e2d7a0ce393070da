//! Coarse classes: exact drift, loss and rate would be the fingerprint of one strap.

use crate::pipeline::{Contact, Report};
use serde::{Deserialize, Serialize};

/// Whether the device's clock keeps up with the host's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DriftClass {
    /// Within 500 ppm.
    Ok,
    /// Worse.
    Poor,
    /// Not known.
    Unknown,
}

/// Battery level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BatteryClass {
    /// 20 % or more.
    Ok,
    /// Less.
    Low,
    /// Not known.
    Unknown,
}

/// Contact is told in steps of so many percent.
pub(super) const CONTACT_STEP: u8 = 10;

/// How the link and the device did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransportClasses {
    /// True sampling rate to 1 Hz.
    pub sampling_rate_hz: Option<u32>,
    /// Clock.
    pub drift: DriftClass,
    /// Lost samples in steps of 1 %.
    pub loss_percent: u8,
    /// How often the link came back.
    pub reconnects: u32,
    /// Battery.
    pub battery: BatteryClass,
    /// Skin contact.
    pub contact: Contact,
    /// Share of the time with skin contact in steps of 10 %; null where the device does not tell.
    pub contact_percent: Option<u8>,
}

impl TransportClasses {
    pub(super) fn of(report: &Report) -> Self {
        let link = &report.transport;
        let expected = link.samples.saturating_add(link.samples_lost);
        let loss = if expected == 0 { 0.0 } else { 100.0 * link.samples_lost as f64 / expected as f64 };
        Self {
            sampling_rate_hz: report.sampling_rate_hz.map(|hz| hz.round() as u32),
            drift: match link.drift_ppm {
                Some(ppm) if ppm.abs() <= 500.0 => DriftClass::Ok,
                Some(_) => DriftClass::Poor,
                None => DriftClass::Unknown,
            },
            loss_percent: loss.round().min(100.0) as u8,
            reconnects: u32::try_from(link.reconnects).unwrap_or(u32::MAX),
            battery: match report.battery_percent {
                Some(percent) if percent >= 20 => BatteryClass::Ok,
                Some(_) => BatteryClass::Low,
                None => BatteryClass::Unknown,
            },
            contact: report.contact,
            contact_percent: report.contact_percent.map(|percent| {
                let step = f64::from(CONTACT_STEP);
                ((percent / step).round() * step).clamp(0.0, 100.0) as u8
            }),
        }
    }
}
