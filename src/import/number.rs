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

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn points_and_commas_and_no_words() {
        assert_eq!(decimal(" -1.5 "), Some(-1.5));
        assert_eq!(decimal("+0,25"), Some(0.25));
        assert_eq!(decimal("1e3"), Some(1000.0));
        for bad in ["", "-", "nan", "inf", "1,2,3", "1.2,3", "1e999", "0x1"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }
}
