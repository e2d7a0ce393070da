//! Digits of whole numbers. What the standard library brings for them is made for any width and sign, and weighs
//! two kilobytes in a browser's module.

/// Appends a byte as two hexadecimal digits in lower case.
pub fn push_hex(text: &mut String, byte: u8) {
    let digits =
        [byte >> 4, byte & 15].map(|digit| if digit < 10 { b'0' + digit } else { b'a' - 10 + digit });
    text.extend(digits.map(char::from));
}

/// Appends a whole number in decimal digits.
pub fn push_decimal(text: &mut String, number: u64) {
    // 2^64 has twenty digits.
    let mut digits = [0; 20];
    let (mut left, mut begin) = (number, 0);
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        (*digit, begin) = (b'0' + (left % 10) as u8, place);
        left /= 10;
        if left == 0 {
            break;
        }
    }
    text.extend(digits.iter().skip(begin).copied().map(char::from));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for byte in 0..=u8::MAX {
            let mut text = String::new();
            push_hex(&mut text, byte);
            assert_eq!(text, format!("{byte:02x}"));
        }
        let powers = (0..20).map(|n| 10_u64.pow(n)).flat_map(|p| [p - 1, p, p + 1]);
        for number in powers.chain([0, 42, u64::MAX - 1, u64::MAX]) {
            let mut text = String::new();
            push_decimal(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }
}
