//! What can be wrong with the bytes of a device.

/// Why bytes are not what the protocol promises. A bad frame is reported and the stream goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// The bytes end before what they promise: the frame was cut.
    #[error("{field}: {needed} bytes needed, {got} left")]
    Truncated {
        /// What was being read.
        field: &'static str,
        /// Bytes that the field takes.
        needed: usize,
        /// Bytes that were left.
        got: usize,
    },
    /// A value that the protocol does not allow.
    #[error("{field}: value not allowed")]
    Invalid {
        /// What was being read.
        field: &'static str,
    },
    /// Well formed, but not what may come here.
    #[error("{field}: not expected here")]
    Unexpected {
        /// What was being read.
        field: &'static str,
    },
    /// Well formed by the protocol, but in a variant that is not read here.
    #[error("{field}: variant not supported")]
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
