//! Numbers in order: the few hundred of a window, or the intervals of a day. The sorts of the standard library are
//! faster where there are millions, at twelve times the code.

/// Steps of a Shell sort: M. Ciura, "Best Increments for the Average Case of Shellsort" (2001), continued by the factor
/// 2.25 that is usual.
const STEPS: [usize; 16] =
    [510_774, 227_011, 100_894, 44_842, 19_930, 8858, 3937, 1750, 701, 301, 132, 57, 23, 10, 4, 1];

/// The larger of two numbers, neither NaN: a comparison, where that of the standard library is a call in WebAssembly.
#[inline]
pub fn larger<T: PartialOrd>(a: T, b: T) -> T {
    if a > b {
        a
    } else {
        b
    }
}

/// The smaller of two numbers, neither NaN.
#[inline]
pub fn smaller<T: PartialOrd>(a: T, b: T) -> T {
    if a < b {
        a
    } else {
        b
    }
}

/// Sorts so that none stands before one that it is `above` of. Equal ones may change places.
pub fn sort_by<T: Copy>(values: &mut [T], above: impl Fn(&T, &T) -> bool) {
    let length = values.len();
    for step in STEPS.into_iter().filter(|step| *step < length) {
        for start in step..length {
            let value = values[start];
            let mut at = start;
            while at >= step && above(&values[at - step], &value) {
                values[at] = values[at - step];
                at -= step;
            }
            values[at] = value;
        }
    }
}

/// Smallest first; NaN of either sign stands at its end. One copy of the sort for the whole library.
#[inline(never)]
pub fn sort_ascending(values: &mut [f64]) {
    sort_by(values, |a, b| a.total_cmp(b).is_gt());
}

/// The same for the numbers of samples.
#[inline(never)]
pub fn sort_ascending_f32(values: &mut [f32]) {
    sort_by(values, |a, b| a.total_cmp(b).is_gt());
}

/// The value that would stand at this place if they were sorted; the last one when there are fewer, 0 when there are
/// none. The order of the others changes (C. A. R. Hoare, "Algorithm 65: FIND", 1961, with N. Lomuto's partition, which
/// needs no jump that a processor could guess wrong).
#[inline(never)]
pub fn nth_smallest(values: &mut [f64], place: usize) -> f64 {
    let place = place.min(values.len().saturating_sub(1));
    let (mut part, mut place) = (values, place);
    while let Some(pivot) = part.get(place).copied() {
        let bound = rank(pivot);
        let below = parted(part, |value| value < bound);
        if place < below {
            part = &mut part[..below];
            continue;
        }
        (part, place) = (&mut part[below..], place - below);
        let same = parted(part, |value| value <= bound);
        if place < same {
            return pivot;
        }
        (part, place) = (&mut part[same..], place - same);
    }
    0.0
}

/// Integers in the order of `f64::total_cmp`.
#[inline(always)]
fn rank(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

/// Moves those whose rank is `low` to the front; returns how many there are.
#[inline(always)]
fn parted(values: &mut [f64], low: impl Fn(i64) -> bool) -> usize {
    let mut count = 0;
    for at in 0..values.len() {
        let own = rank(values[at]);
        values.swap(at, count);
        count += usize::from(low(own));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_the_standard_library_sorts(values in prop::collection::vec(any::<f64>(), 0..1500), few in 1u32..9) {
            // As they are, and with many equal ones.
            let rounded = values.iter().map(|x| (x.abs() % f64::from(few)).floor()).collect();
            for values in [values, rounded] {
                let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                let mut expected = values.clone();
                expected.sort_unstable_by(f64::total_cmp);
                let mut sorted = values.clone();
                sort_ascending(&mut sorted);
                prop_assert_eq!(bits(&sorted), bits(&expected));
                for place in [0, 1, values.len() / 3, values.len() / 2, values.len()] {
                    let nth = nth_smallest(&mut values.clone(), place);
                    let wanted = expected.get(place).or(expected.last()).copied().unwrap_or(0.0);
                    prop_assert_eq!(nth.to_bits(), wanted.to_bits());
                }
            }
        }
    }
}
