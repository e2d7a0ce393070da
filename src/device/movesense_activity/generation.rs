//! Where the generations of the firmware keep their ECG.

use super::{CONFIGURATION, ECG, FIRST_INTERVAL, FIRST_SERVICE, OLD_ECG, OLD_INTERVAL, SERVICE};
use crate::device::{Action, Uuid};

/// A generation of the firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    /// 0.8 and newer.
    New,
    /// Up to 0.7.
    Old,
    /// Before the activity service.
    First,
}

impl Generation {
    /// The first guess for a device with these services; one between the generations has both, and sends the same.
    pub(super) fn of(services: &[Uuid]) -> Option<Self> {
        let first = services.contains(&FIRST_SERVICE).then_some(Self::First);
        services.contains(&SERVICE).then_some(Self::New).or(first)
    }

    const fn service(self) -> Uuid {
        match self {
            Self::New | Self::Old => SERVICE,
            Self::First => FIRST_SERVICE,
        }
    }

    pub(super) const fn ecg(self) -> Uuid {
        match self {
            Self::New => ECG,
            Self::Old | Self::First => OLD_ECG,
        }
    }

    const fn interval(self) -> Uuid {
        match self {
            Self::New => CONFIGURATION,
            Self::Old => OLD_INTERVAL,
            Self::First => FIRST_INTERVAL,
        }
    }

    /// Reads the sampling interval.
    pub(super) const fn read_interval(self) -> Action {
        Action::Read { service: self.service(), characteristic: self.interval() }
    }

    /// Subscribes the ECG.
    pub(super) const fn subscribe(self) -> Action {
        Action::Subscribe { service: self.service(), characteristic: self.ecg() }
    }
}
