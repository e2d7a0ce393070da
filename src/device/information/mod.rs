//! Device Information Service 0x180A: the model number alone, and of it only whether it is a model we know.
//!
//! Serial number, system id (which holds the address) and versions are never asked for.

mod adapter;

pub use adapter::InformationAdapter;

use super::{DeviceError, KnownModel, Uuid};

/// Device Information Service.
pub const SERVICE: Uuid = Uuid::from_u16(0x180A);
/// Model Number String.
pub const MODEL_NUMBER: Uuid = Uuid::from_u16(0x2A24);

/// What the model number of each known model reads.
const MODELS: &[(&str, KnownModel)] = &[("H10", KnownModel::PolarH10), ("H9", KnownModel::PolarH9)];

/// Decodes a Model Number String: UTF-8, closed by NUL on some devices. `None` for models that are not known;
/// the string itself goes no further, since some makers write more into it than a model.
///
/// # Errors
/// [`DeviceError::Truncated`] when empty, [`DeviceError::Invalid`] when it is not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<Option<KnownModel>, DeviceError> {
    if bytes.is_empty() {
        return Err(DeviceError::Truncated { field: "model number", needed: 1, got: 0 });
    }
    let text = core::str::from_utf8(bytes).map_err(|_| DeviceError::Invalid { field: "model number" })?;
    // Bytes, since the names are plain: looking for every blank of the world takes tables.
    let end = text.bytes().rposition(|byte| byte != 0).map_or(0, |last| last + 1);
    let text = text.as_bytes().get(..end).unwrap_or_default().trim_ascii();
    let text = text.strip_prefix(b"Polar ").unwrap_or(text);
    Ok(MODELS.iter().find(|(name, _)| name.as_bytes() == text).map(|(_, model)| *model))
}

/// Encodes the model number of a known model, closed by NUL as the straps send it.
#[must_use]
pub fn encode(model: KnownModel) -> Vec<u8> {
    let name = MODELS.iter().find(|(_, known)| *known == model).map_or("", |(name, _)| *name);
    name.bytes().chain([0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_model_is_found_and_others_stay_unknown() {
        assert_eq!(decode(&[0x48, 0x31, 0x30, 0x00]), Ok(Some(KnownModel::PolarH10)));
        assert_eq!(decode(b"H10"), Ok(Some(KnownModel::PolarH10)));
        assert_eq!(decode(b"H100"), Ok(None));
        assert_eq!(decode(&[0]), Ok(None));
        assert!(decode(&[]).is_err());
        assert!(decode(&[0xFF, 0xFE]).is_err());
    }

    #[test]
    fn every_known_model_survives_the_wire() {
        for (_, model) in MODELS {
            assert_eq!(decode(&encode(*model)), Ok(Some(*model)));
        }
    }
}
