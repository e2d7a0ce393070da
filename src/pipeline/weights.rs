//! Every table of a fitted model that the pipeline uses.

use crate::weights::Weights;

/// In the order of the file.
pub const WEIGHTS: &[&Weights] = &[
    &crate::detect::WEIGHTS,
    &crate::delineate::WEIGHTS,
    &crate::beats::WEIGHTS,
    &crate::rhythm::AF_WEIGHTS,
    &crate::rhythm::LABEL_WEIGHTS,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tables_share_a_number() {
        let file = crate::weights::file(WEIGHTS);
        let (mut numbers, mut rest) = (Vec::new(), file.as_slice());
        while let Some(([number, length @ ..], after)) = rest.split_first_chunk::<5>() {
            assert!(!numbers.contains(number), "{number}");
            numbers.push(*number);
            rest = &after[u32::from_le_bytes(*length) as usize..];
        }
        assert_eq!(numbers.len(), WEIGHTS.len());
    }
}
