//! SFLOAT and FLOAT of IEEE 11073-20601: a two's-complement mantissa and a two's-complement power of ten.

/// A number of IEEE 11073, or the reason why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MedicalFloat {
    /// A number.
    Number(f64),
    /// Not a number: the device could not measure.
    NotANumber,
    /// Not at this resolution: the value lies outside what the device can express.
    NotAtThisResolution,
    /// Above the range.
    PositiveInfinity,
    /// Below the range.
    NegativeInfinity,
    /// Reserved for future use.
    Reserved,
}

impl MedicalFloat {
    /// The number, where there is one.
    #[must_use]
    pub const fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }
}

/// Decodes the 4 + 12 bits of an SFLOAT.
#[must_use]
pub fn decode_sfloat(bits: u16) -> MedicalFloat {
    let mantissa = i32::from((bits << 4) as i16 >> 4);
    let exponent = i32::from(bits as i16 >> 12);
    match bits {
        0x07FF => MedicalFloat::NotANumber,
        0x0800 => MedicalFloat::NotAtThisResolution,
        0x07FE => MedicalFloat::PositiveInfinity,
        0x0802 => MedicalFloat::NegativeInfinity,
        0x0801 => MedicalFloat::Reserved,
        _ => MedicalFloat::Number(scaled(mantissa, exponent)),
    }
}

/// Decodes the 8 + 24 bits of a FLOAT.
#[must_use]
pub fn decode_float(bits: u32) -> MedicalFloat {
    let mantissa = (bits << 8) as i32 >> 8;
    let exponent = bits as i32 >> 24;
    match bits {
        0x007F_FFFF => MedicalFloat::NotANumber,
        0x0080_0000 => MedicalFloat::NotAtThisResolution,
        0x007F_FFFE => MedicalFloat::PositiveInfinity,
        0x0080_0002 => MedicalFloat::NegativeInfinity,
        0x0080_0001 => MedicalFloat::Reserved,
        _ => MedicalFloat::Number(scaled(mantissa, exponent)),
    }
}

/// Division keeps 374 * 10^-1 the `f64` nearest to 37.4, which multiplication by 0.1 does not.
fn scaled(mantissa: i32, exponent: i32) -> f64 {
    if exponent < 0 {
        f64::from(mantissa) / 10_f64.powi(-exponent)
    } else {
        f64::from(mantissa) * 10_f64.powi(exponent)
    }
}

/// Encodes a number as an SFLOAT with as many digits as fit; what is no number, or too large, becomes NaN.
#[must_use]
pub fn encode_sfloat(number: f64) -> u16 {
    pack(number, -8..=7, 2047.0)
        .map_or(0x07FF, |(mantissa, exponent)| (mantissa as u16 & 0x0FFF) | ((exponent as u16) << 12))
}

/// Encodes a number as a FLOAT with up to three decimals; what is no number, or too large, becomes NaN.
#[must_use]
pub fn encode_float(number: f64) -> u32 {
    pack(number, -3..=127, 8_388_607.0).map_or(0x007F_FFFF, |(mantissa, exponent)| {
        (mantissa as u32 & 0x00FF_FFFF) | ((exponent as u32) << 24)
    })
}

/// The largest exponent that keeps the number whole, or the smallest with which it fits.
fn pack(number: f64, exponents: core::ops::RangeInclusive<i32>, largest: f64) -> Option<(i32, i32)> {
    let scaled_down = |exponent: i32| number / 10_f64.powi(exponent);
    let fits = |exponent: &i32| {
        let mantissa = scaled_down(*exponent).round();
        // Without an exponent the largest mantissas of both signs are the special values.
        let (low, high) =
            if *exponent == 0 { (2.0 - largest, largest - 2.0) } else { (-1.0 - largest, largest) };
        (low..=high).contains(&mantissa)
    };
    let whole = |exponent: &i32| {
        let mantissa = scaled_down(*exponent);
        (mantissa - mantissa.round()).abs() <= 1e-9 * mantissa.abs().max(1.0)
    };
    let zero_up = (0..=*exponents.end()).find(fits);
    let exact = (*exponents.start()..=0).rev().find(|e| fits(e) && whole(e));
    let exponent =
        exact.or_else(|| exponents.clone().find(fits)).or(zero_up).filter(|_| number.is_finite())?;
    Some((scaled_down(exponent).round() as i32, exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_signs_of_both_parts_count() {
        assert_eq!(decode_sfloat(0x0062), MedicalFloat::Number(98.0));
        assert_eq!(decode_sfloat(0xF176), MedicalFloat::Number(37.4));
        assert_eq!(decode_sfloat(0x0FFF), MedicalFloat::Number(-1.0));
        assert_eq!(decode_sfloat(0x1005), MedicalFloat::Number(50.0));
        assert_eq!(decode_float(0xFE00_0EB0), MedicalFloat::Number(37.6));
        assert_eq!(decode_float(0xFFFF_FFF6), MedicalFloat::Number(-1.0));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for bits in [0x07FF, 0x0800, 0x07FE, 0x0802, 0x0801] {
            assert_eq!(decode_sfloat(bits).number(), None);
        }
        for bits in [0x007F_FFFF, 0x0080_0000, 0x007F_FFFE, 0x0080_0002, 0x0080_0001] {
            assert_eq!(decode_float(bits).number(), None);
        }
        assert_eq!(encode_sfloat(f64::NAN), 0x07FF);
        assert_eq!(encode_sfloat(f64::INFINITY), 0x07FF);
        assert_eq!(encode_float(f64::NEG_INFINITY), 0x007F_FFFF);
    }

    proptest! {
        #[test]
        fn every_number_survives_the_wire(bits: u16, wide: u32, mantissa in -9999_i32..=9999) {
            if let MedicalFloat::Number(number) = decode_sfloat(bits) {
                let again = decode_sfloat(encode_sfloat(number)).number().unwrap();
                prop_assert!((again - number).abs() <= number.abs() * 5e-4, "{number} {again}");
            }
            if let MedicalFloat::Number(number) = decode_float(wide) {
                prop_assert!(number.is_finite());
            }
            let number = f64::from(mantissa) / 100.0;
            prop_assert_eq!(decode_float(encode_float(number)), MedicalFloat::Number(number));
        }
    }
}
