//! Numbers in order.

/// Sorts ascending, NaN last. One copy of the sort for everyone who needs a median: each inlined one costs a
/// patient's page kilobytes.
#[inline(never)]
pub fn sort_ascending(values: &mut [f64]) {
    values.sort_unstable_by(f64::total_cmp);
}
