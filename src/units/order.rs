//! Numbers in order.

/// Sorts ascending, NaN last. One copy of the sort for everyone who needs a median: each inlined one costs a
/// patient's page kilobytes.
#[inline(never)]
pub fn sort_ascending(values: &mut [f64]) {
    values.sort_unstable_by(f64::total_cmp);
}

/// The value that would stand at this place if the values were sorted; they are left in another order. NaN counts as
/// the largest; 0 without values. One copy for everyone, as above.
#[inline(never)]
pub fn nth_smallest(values: &mut [f64], place: usize) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let place = place.min(values.len() - 1);
    *values.select_nth_unstable_by(place, f64::total_cmp).1
}
