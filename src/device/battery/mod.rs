//! Battery Service 0x180F: charge in percent (Battery Service 1.1, 3.1).

mod adapter;

pub use adapter::BatteryAdapter;

use super::reader::Reader;
use super::{DeviceError, Uuid};

/// Battery Service.
pub const SERVICE: Uuid = Uuid::from_u16(0x180F);
/// Battery Level.
pub const LEVEL: Uuid = Uuid::from_u16(0x2A19);

/// Decodes a Battery Level: one byte, 0 to 100 percent.
///
/// # Errors
/// [`DeviceError::Truncated`] without a byte, [`DeviceError::Invalid`] above 100 or with more than one byte.
pub fn decode(bytes: &[u8]) -> Result<u8, DeviceError> {
    let mut reader = Reader::new(bytes);
    let percent = reader.u8("battery level")?;
    if percent > 100 || reader.left() > 0 {
        return Err(DeviceError::Invalid { field: "battery level" });
    }
    Ok(percent)
}

/// Encodes a Battery Level in percent; more than 100 becomes 100.
#[must_use]
pub fn encode(percent: u8) -> Vec<u8> {
    vec![percent.min(100)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_percentage_is_one() {
        assert_eq!(decode(&[0x64]), Ok(100));
        assert_eq!(decode(&[]).map_err(DeviceError::code), Err("device.truncated"));
        assert_eq!(decode(&[101]).map_err(DeviceError::code), Err("device.invalid"));
        assert_eq!(decode(&[50, 0]).map_err(DeviceError::code), Err("device.invalid"));
        assert_eq!(decode(&encode(255)), Ok(100));
    }
}
