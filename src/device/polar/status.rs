//! Status codes of control point answers.

/// How the device judged a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Done.
    Success,
    /// The command is not known.
    InvalidOperation,
    /// The measurement is not known.
    InvalidMeasurement,
    /// The measurement cannot do this.
    NotSupported,
    /// The command has a wrong length.
    InvalidLength,
    /// A parameter is wrong.
    InvalidParameter,
    /// The stream already runs, or already stands.
    AlreadyInState,
    /// The resolution is not offered.
    InvalidResolution,
    /// The sampling rate is not offered.
    InvalidRate,
    /// The range is not offered.
    InvalidRange,
    /// The link's packets are too small for the stream's frames.
    InvalidMtu,
    /// The number of channels is not offered.
    InvalidChannels,
    /// Not possible in the device's present state.
    InvalidState,
    /// The device sits in its charger.
    InCharger,
    /// The device's memory is full.
    DiskFull,
    /// A number that is not in the table.
    Other(u8),
}

impl Status {
    /// The status with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Success,
            1 => Self::InvalidOperation,
            2 => Self::InvalidMeasurement,
            3 => Self::NotSupported,
            4 => Self::InvalidLength,
            5 => Self::InvalidParameter,
            6 => Self::AlreadyInState,
            7 => Self::InvalidResolution,
            8 => Self::InvalidRate,
            9 => Self::InvalidRange,
            10 => Self::InvalidMtu,
            11 => Self::InvalidChannels,
            12 => Self::InvalidState,
            13 => Self::InCharger,
            14 => Self::DiskFull,
            other => Self::Other(other),
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::InvalidOperation => 1,
            Self::InvalidMeasurement => 2,
            Self::NotSupported => 3,
            Self::InvalidLength => 4,
            Self::InvalidParameter => 5,
            Self::AlreadyInState => 6,
            Self::InvalidResolution => 7,
            Self::InvalidRate => 8,
            Self::InvalidRange => 9,
            Self::InvalidMtu => 10,
            Self::InvalidChannels => 11,
            Self::InvalidState => 12,
            Self::InCharger => 13,
            Self::DiskFull => 14,
            Self::Other(other) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives() {
        for number in 0..=u8::MAX {
            assert_eq!(Status::from_number(number).number(), number);
        }
    }
}
