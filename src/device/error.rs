//! What can be wrong with the bytes of a device.

use crate::units::push_decimal;
use core::fmt;

/// Why bytes are not what the protocol promises. A bad frame is reported and the stream goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviceError {
    /// The bytes end before what they promise: the frame was cut.
    Truncated {
        /// What was being read.
        field: &'static str,
        /// Bytes that the field takes.
        needed: usize,
        /// Bytes that were left.
        got: usize,
    },
    /// A value that the protocol does not allow.
    Invalid {
        /// What was being read.
        field: &'static str,
    },
    /// Well formed, but not what may come here.
    Unexpected {
        /// What was being read.
        field: &'static str,
    },
    /// Well formed by the protocol, but in a variant that is not read here.
    Unsupported {
        /// What was being read.
        field: &'static str,
    },
}

impl DeviceError {
    /// Stable name of the kind of mistake, for callers outside Rust.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Truncated { .. } => "device.truncated",
            Self::Invalid { .. } => "device.invalid",
            Self::Unexpected { .. } => "device.unexpected",
            Self::Unsupported { .. } => "device.unsupported",
        }
    }
}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (field, what) = match self {
            Self::Truncated { field, needed, got } => {
                let mut counts = [String::new(), String::new()];
                counts.iter_mut().zip([needed, got]).for_each(|(text, n)| push_decimal(text, *n as u64));
                let [needed, got] = counts;
                return f.write_str(&[field, ": ", &needed, " bytes needed, ", &got, " left"].concat());
            }
            Self::Invalid { field } => (field, ": value not allowed"),
            Self::Unexpected { field } => (field, ": not expected here"),
            Self::Unsupported { field } => (field, ": variant not supported"),
        };
        f.write_str(field)?;
        f.write_str(what)
    }
}

impl std::error::Error for DeviceError {}

/// Why the link could not do what an [`Action`](super::Action) asked for. The driver maps its platform's errors
/// to these few kinds; finer names differ between browsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum GattFailure {
    /// The service or characteristic is not there.
    #[error("not found on the device")]
    NotFound,
    /// The characteristic does not do this.
    #[error("not supported by the device")]
    NotSupported,
    /// Permission, pairing or encryption is missing.
    #[error("not permitted")]
    NotPermitted,
    /// The link is down.
    #[error("disconnected")]
    Disconnected,
    /// No answer in time.
    #[error("timed out")]
    TimedOut,
    /// Anything else.
    #[error("failed")]
    Other,
}

impl GattFailure {
    /// Stable name of the kind of failure.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "gatt.notFound",
            Self::NotSupported => "gatt.notSupported",
            Self::NotPermitted => "gatt.notPermitted",
            Self::Disconnected => "gatt.disconnected",
            Self::TimedOut => "gatt.timedOut",
            Self::Other => "gatt.failed",
        }
    }
}
