//! How a self-made board writes its samples.

use crate::units::Hertz;

/// A number of a board that sends bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each is its name
pub enum Word {
    U8,
    I16Little,
    I16Big,
    U16Little,
    U16Big,
    I24Big,
    I32Little,
    F32Little,
}

impl Word {
    /// Every kind of number.
    pub const ALL: [Self; 8] = [
        Self::U8,
        Self::I16Little,
        Self::I16Big,
        Self::U16Little,
        Self::U16Big,
        Self::I24Big,
        Self::I32Little,
        Self::F32Little,
    ];

    pub(super) const fn width(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::I16Little | Self::I16Big | Self::U16Little | Self::U16Big => 2,
            Self::I24Big => 3,
            Self::I32Little | Self::F32Little => 4,
        }
    }

    pub(super) fn value(self, bytes: &[u8]) -> Option<f64> {
        Some(match (self, bytes) {
            (Self::U8, &[a]) => f64::from(a),
            (Self::I16Little, &[a, b]) => f64::from(i16::from_le_bytes([a, b])),
            (Self::I16Big, &[a, b]) => f64::from(i16::from_be_bytes([a, b])),
            (Self::U16Little, &[a, b]) => f64::from(u16::from_le_bytes([a, b])),
            (Self::U16Big, &[a, b]) => f64::from(u16::from_be_bytes([a, b])),
            (Self::I24Big, &[a, b, c]) => f64::from(i32::from_be_bytes([a, b, c, 0]) >> 8),
            (Self::I32Little, &[a, b, c, d]) => f64::from(i32::from_le_bytes([a, b, c, d])),
            (Self::F32Little, &[a, b, c, d]) => f64::from(f32::from_le_bytes([a, b, c, d])),
            _ => return None,
        })
    }

    pub(super) fn write(self, value: f64, bytes: &mut Vec<u8>) {
        let whole = value.round();
        // The casts saturate.
        match self {
            Self::U8 => bytes.push(whole as u8),
            Self::I16Little => bytes.extend((whole as i16).to_le_bytes()),
            Self::I16Big => bytes.extend((whole as i16).to_be_bytes()),
            Self::U16Little => bytes.extend((whole as u16).to_le_bytes()),
            Self::U16Big => bytes.extend((whole as u16).to_be_bytes()),
            Self::I24Big => bytes.extend((whole as i32).to_be_bytes().iter().skip(1)),
            Self::I32Little => bytes.extend((whole as i32).to_le_bytes()),
            Self::F32Little => bytes.extend((value as f32).to_le_bytes()),
        }
    }
}

/// Text or bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UartEncoding {
    /// One line a sample. Columns are separated by commas, semicolons, blanks or tabs.
    Text {
        /// Column that holds the ECG, from 0.
        column: u8,
        /// Line, or value of the column, that says that an electrode is off, such as `!`; empty when there is none.
        lead_off: String,
    },
    /// One number a sample, without anything between them. A packet holds whole numbers.
    Binary {
        /// The kind of number.
        word: Word,
        /// Bytes at the head of every packet that are no samples.
        skip: u8,
        /// Number that says that an electrode is off.
        lead_off: Option<i32>,
    },
}

/// How a board writes its samples: what only who built it knows.
#[derive(Debug, Clone, PartialEq)]
pub struct UartFormat {
    /// Text or bytes.
    pub encoding: UartEncoding,
    /// Microvolts at the electrodes of one count.
    pub microvolts: f64,
    /// Count at zero volts.
    pub zero: f64,
    /// Samples a second.
    pub rate: Hertz,
}

impl UartFormat {
    /// Lines with one count each of an AD8232 (gain 100) behind a 12-bit converter of 3.3 V, with `!` for an electrode
    /// that is off, as in the chip maker's example.
    #[must_use]
    pub fn ad8232(rate: Hertz) -> Self {
        Self {
            encoding: UartEncoding::Text { column: 0, lead_off: "!".to_owned() },
            microvolts: 3_300_000.0 / 4096.0 / 100.0,
            zero: 2048.0,
            rate,
        }
    }
}
