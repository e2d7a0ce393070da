//! Numbers written as text.

/// A decimal number, with a point or, as many countries write it, a comma. Finite by construction.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    // Words such as `inf` and `nan` would pass for numbers.
    if !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b',' | b'e' | b'E')) {
        return None;
    }
    let value: f64 =
        if text.contains(',') { text.replacen(',', ".", 1).parse() } else { text.parse() }.ok()?;
    value.is_finite().then_some(value)
}

/// A sample as it is kept, in microvolts; NaN, as where nothing was measured, for what no number of 32 bits can hold.
pub(super) fn sample(uv: f64) -> f32 {
    let uv = uv as f32;
    if uv.is_finite() {
        uv
    } else {
        f32::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::{decimal, sample};

    #[test]
    fn points_and_commas_and_no_words() {
        assert_eq!(decimal(" -1.5 "), Some(-1.5));
        assert_eq!(decimal("+0,25"), Some(0.25));
        assert_eq!(decimal("1e3"), Some(1000.0));
        for bad in ["", "-", "nan", "inf", "1,2,3", "1.2,3", "1e999", "0x1"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_too_large_was_not_measured() {
        assert_eq!(sample(-1.5), -1.5);
        assert!([1e39, -1e39, f64::INFINITY, f64::NAN].iter().all(|v| sample(*v).is_nan()));
    }
}
