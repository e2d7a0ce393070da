//! Lengths of time, and the two clocks of a recording, which must never be mixed.

use core::ops::{Add, Sub};
use serde::{Deserialize, Serialize};

/// A length of time in seconds, or a time since the start of the record.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
pub struct Seconds(pub f64);

/// A length of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
pub struct Milliseconds(pub f64);

impl From<Milliseconds> for Seconds {
    fn from(ms: Milliseconds) -> Self {
        Self(ms.0 / 1000.0)
    }
}

impl From<Seconds> for Milliseconds {
    fn from(s: Seconds) -> Self {
        Self(s.0 * 1000.0)
    }
}

impl Add for Seconds {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Seconds {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// A stamp of the device's own clock, in nanoseconds. Its epoch is the device's business and often wrong:
/// only differences mean anything, and the type prints masked because an absolute time could identify.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeviceTime(pub u64);

impl core::fmt::Debug for DeviceTime {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DeviceTime(..)")
    }
}

impl DeviceTime {
    /// Time since an earlier stamp; `None` when the clock went back or stood still.
    #[must_use]
    pub fn since(self, earlier: Self) -> Option<Seconds> {
        self.0.checked_sub(earlier.0).filter(|ns| *ns > 0).map(|ns| Seconds(ns as f64 * 1e-9))
    }
}

/// A moment on the receiving side's monotonic clock (`performance.now()` in a browser), in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct HostTime(pub f64);

impl HostTime {
    /// Time since an earlier moment; 0 when the clock went back or either is not finite.
    #[must_use]
    pub fn since(self, earlier: Self) -> Seconds {
        let s = (self.0 - earlier.0) / 1000.0;
        Seconds(if s.is_finite() { s.max(0.0) } else { 0.0 })
    }

    /// A moment so much later.
    #[must_use]
    pub const fn later(self, by: Milliseconds) -> Self {
        Self(self.0 + by.0)
    }
}
